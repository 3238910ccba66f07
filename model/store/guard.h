/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the SQLite file of a store as what it may be: a file from a stranger.
 *
 * Every connection to a store comes from here. Before it is handed out, the file has been checked:
 * it has this program's application id and a schema version that can be read, it is in rollback
 * mode (reading one in WAL mode would create files beside it), its text is UTF-8, and its schema is
 * exactly the tables of that version: no view, trigger, index or virtual table, no generated
 * column, no table of another name. SQLite runs in defensive mode and does not trust the schema;
 * the length of values, the size of statements and the steps that one statement may take are
 * limited.
 *
 * Worker. A connection is used by one thread at a time.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef enum {
  UNPARK_GUARD_READ,  /* only SELECT of the store's tables; nothing else compiles */
  UNPARK_GUARD_WRITE, /* the same, and changes of `bookmark` */
  UNPARK_GUARD_QUERY, /* reading; the caller sets its own authorizer, limits and step handler */
} UnparkGuardUse;

/* NULL and UNPARK_ERROR_STORE, naming the file and what is wrong with it. Close with
 * sqlite3_close(). `busy_ms`: how long to wait for a writer. */
sqlite3 *unpark_guard_open(const char *path, UnparkGuardUse use, int busy_ms, GError **error);

/* A connection to no file, hardened in the same way, for tables that are all virtual. The caller
 * sets its own authorizer, limits and step handler. NULL and UNPARK_ERROR_STORE: no memory. */
sqlite3 *unpark_guard_open_empty(GError **error);

/* Bytes of the file. */
guint64 unpark_guard_file_size(sqlite3 *db);

/* UNPARK_SCHEMA_VERSION of the program that wrote the file; 0: its head cannot be read. */
int unpark_guard_schema(sqlite3 *db);

/* Steps are counted over the life of a statement: call this before running one again. */
void unpark_guard_rearm(sqlite3_stmt *statement);
