/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/schema.h"

/* One row: what was imported. Written last: a store without it is not complete.
 * start_wall_ns: Unix time of trace time 0 in ns. duration_ns: ns. complete: 0 if
 * something of the source was lost. kind: UnparkSourceKind. */
#define SOURCE                                                                                     \
  "CREATE TABLE source(path TEXT, importer TEXT, format TEXT, go_version TEXT,"                    \
  " start_wall_ns INTEGER, duration_ns INTEGER, byte_count INTEGER, event_count INTEGER,"          \
  " complete INTEGER, kind INTEGER);"
/* Tolerated faults, one row a name; count: how often; detail: of the first. */
#define NOTE "CREATE TABLE import_note(severity TEXT, name TEXT, count INTEGER, detail TEXT);"
/* Column blocks: fact: UnparkFact; count: rows in it; lane and time: least and greatest of the
 * block (ns). */
#define BLOCK                                                                                      \
  "CREATE TABLE block(id INTEGER PRIMARY KEY, fact INTEGER, count INTEGER, lane_min INTEGER,"      \
  " lane_max INTEGER, time_min INTEGER, time_max INTEGER"
/* Places that the user marked: time_ns, goroutine (NULL: none), note. */
#define BOOKMARK                                                                                   \
  "CREATE TABLE bookmark(id INTEGER PRIMARY KEY, time_ns INTEGER, goroutine INTEGER, note TEXT);"
/* data: the columns of the block of that id, see model/store/blocks.h. Apart from `block`, so that
 * opening a store reads a few pages. */
#define BLOCK_DATA "CREATE TABLE block_data(id INTEGER PRIMARY KEY, data BLOB);"

const char unpark_schema_sql[] = SOURCE NOTE BLOCK ");" BLOCK_DATA BOOKMARK;

static const char schema_1_sql[] = SOURCE NOTE BLOCK ", data BLOB);" BOOKMARK;

const char *unpark_schema_tables(guint version) {
  /* Version 2 has the same tables, but not all of the facts. */
  return version == 2 || version == UNPARK_SCHEMA_VERSION ? unpark_schema_sql
         : version == 1                                   ? schema_1_sql
                                                          : NULL;
}

const char unpark_schema_insert_block[] =
    "INSERT INTO block(id, fact, count, lane_min, lane_max, time_min, time_max)"
    " VALUES(?,?,?,?,?,?,?)";

const char unpark_schema_insert_data[] = "INSERT INTO block_data(id, data) VALUES(?,?)";
