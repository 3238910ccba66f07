/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of the files that are open together: process_source, and source and import_note of
 * all of them. */
#include <string.h>

#include "model/sql/vtab.h"

typedef enum { KIND_SOURCE, KIND_NOTE, KIND_PROCESS, N_KINDS } Kind;

static const struct {
  const char *name, *columns;
} tables[N_KINDS] = {
    [KIND_SOURCE] = {"source",
                     "path TEXT, importer TEXT, format TEXT, go_version TEXT, start_wall_ns "
                     "INTEGER, duration_ns INTEGER, byte_count INTEGER, event_count INTEGER, "
                     "complete INTEGER, kind INTEGER)"},
    [KIND_NOTE] = {"import_note", "severity TEXT, name TEXT, count INTEGER, detail TEXT)"},
    /* Its own number is the column `id`. */
    [KIND_PROCESS] = {"process_source", "id INTEGER, path TEXT, host TEXT, pid INTEGER, offset_ns "
                                        "INTEGER, certainty TEXT)"},
};

typedef struct {
  sqlite3_vtab base;
  UnparkVtabContext *context;
  Kind kind;
} Table;

typedef struct {
  sqlite3_vtab_cursor base;
  guint source, note;
} Cursor;

static int x_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **vtab,
                     char **message) {
  (void)argc;
  (void)message;
  Table *table = sqlite3_malloc(sizeof *table);
  if (!table)
    return SQLITE_NOMEM;
  *table = (Table){.context = aux};
  *vtab = &table->base;
  while (table->kind < N_KINDS - 1 && strcmp(tables[table->kind].name, argv[0]) != 0)
    table->kind++;
  g_autofree char *sql = g_strconcat(
      table->kind == KIND_PROCESS ? "CREATE TABLE x(" : UNPARK_VTAB_CREATE(table->context),
      tables[table->kind].columns, NULL);
  return unpark_vtab_declare(db, aux, sql);
}

static int x_disconnect(sqlite3_vtab *vtab) {
  sqlite3_free(vtab);
  return SQLITE_OK;
}

static int x_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
  info->estimatedCost = info->estimatedRows = ((Table *)vtab)->context->n;
  return SQLITE_OK;
}

static int x_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out) {
  (void)vtab;
  Cursor *cursor = g_new0(Cursor, 1);
  *out = &cursor->base;
  return SQLITE_OK;
}

static int x_close(sqlite3_vtab_cursor *base) {
  g_free(base);
  return SQLITE_OK;
}

/* The notes of the cursor's source. */
static const UnparkNote *notes_of(const Table *table, const Cursor *cursor, guint *n) {
  return unpark_store_notes(table->context->sources[cursor->source].store, n);
}

/* Moves on from a source without (more) notes. */
static void settle(const Table *table, Cursor *cursor) {
  guint n;
  if (table->kind != KIND_NOTE)
    return;
  for (; cursor->source < table->context->n; cursor->source++, cursor->note = 0) {
    notes_of(table, cursor, &n);
    if (cursor->note < n)
      return;
  }
}

static int x_filter(sqlite3_vtab_cursor *base, int plan, const char *codes, int argc,
                    sqlite3_value **argv) {
  Cursor *cursor = (Cursor *)base;
  (void)plan;
  (void)codes;
  (void)argc;
  (void)argv;
  cursor->source = cursor->note = 0;
  settle((Table *)base->pVtab, cursor);
  return SQLITE_OK;
}

static int x_next(sqlite3_vtab_cursor *base) {
  Cursor *cursor = (Cursor *)base;
  const Table *table = (const Table *)base->pVtab;
  if (table->kind == KIND_NOTE)
    cursor->note++;
  else
    cursor->source++;
  settle(table, cursor);
  return SQLITE_OK;
}

static int x_eof(sqlite3_vtab_cursor *base) {
  return ((Cursor *)base)->source >= ((Table *)base->pVtab)->context->n;
}

static int x_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
  *rowid = (gint64)((Cursor *)base)->source << 32 | ((Cursor *)base)->note;
  return SQLITE_OK;
}

static void result_number(sqlite3_context *c, gint64 n) {
  if (n != UNPARK_NONE)
    sqlite3_result_int64(c, n);
}

static void source_column(sqlite3_context *c, UnparkStore *store, int n) {
  const UnparkSource *source = unpark_store_source(store);
  /* When the file began, wherever its store is on the axis. */
  gint64 wall_ns = source->start_wall_ns == UNPARK_NONE
                       ? UNPARK_NONE
                       : source->start_wall_ns + unpark_store_shift(store);
  const char *const texts[] = {source->path, source->importer, source->format, source->go_version};
  const gint64 numbers[] = {
      wall_ns,          source->duration_ns, source->byte_count, source->event_count,
      source->complete, source->kind};
  if (n < (int)G_N_ELEMENTS(texts))
    unpark_vtab_text(c, texts[n]);
  else
    result_number(c, numbers[n - (int)G_N_ELEMENTS(texts)]);
}

static void note_column(sqlite3_context *c, const UnparkNote *note, int n) {
  const char *const texts[] = {unpark_severity_name(note->severity), note->name, NULL,
                               note->detail};
  if (texts[n])
    unpark_vtab_text(c, texts[n]);
  else
    sqlite3_result_int64(c, note->count);
}

/* Who recorded a file is known by the spans that belong to it. */
static int who_column(Table *table, sqlite3_context *c, guint source, gboolean host) {
  g_autoptr(GError) error = NULL;
  const UnparkTraces *traces = unpark_vtab_traces(table->context, &error);
  if (!traces)
    return unpark_vtab_fail(&table->base, error);
  gint32 number =
      source < traces->sources->len ? unpark_traces_source(traces, source)->resource : -1;
  if (number < 0)
    return SQLITE_OK;
  const UnparkTraceResource *resource = &traces->resources[number];
  if (!host)
    result_number(c, resource->pid);
  else if (resource->host != 0)
    unpark_vtab_text(c, unpark_traces_text(traces, resource->host));
  return SQLITE_OK;
}

static int process_column(Table *table, sqlite3_context *c, guint source, int n) {
  const UnparkSourceEntry *entry = &table->context->sources[source];
  switch (n) {
  case 0:
    sqlite3_result_int64(c, entry->id);
    break;
  case 1:
    unpark_vtab_text(c, entry->path);
    break;
  case 4:
    sqlite3_result_int64(c, entry->offset_ns);
    break;
  case 5:
    unpark_vtab_text(c, unpark_sources_clock_name(entry->clock));
    break;
  default:
    return who_column(table, c, source, n == 2);
  }
  return SQLITE_OK;
}

static int x_column(sqlite3_vtab_cursor *base, sqlite3_context *c, int n) {
  const Cursor *cursor = (const Cursor *)base;
  Table *table = (Table *)base->pVtab;
  const UnparkSourceEntry *entry = &table->context->sources[cursor->source];
  guint n_notes;
  if (table->kind == KIND_PROCESS)
    return process_column(table, c, cursor->source, n);
  n -= table->context->n > 1;
  if (n < 0)
    sqlite3_result_int64(c, entry->id);
  else if (table->kind == KIND_SOURCE)
    source_column(c, entry->store, n);
  else
    note_column(c, &notes_of(table, cursor, &n_notes)[cursor->note], n);
  return SQLITE_OK;
}

int unpark_vtab_register_sources(sqlite3 *db, UnparkVtabContext *context) {
  static const sqlite3_module module = {
      .xConnect = x_connect,
      .xBestIndex = x_best_index,
      .xDisconnect = x_disconnect,
      .xOpen = x_open,
      .xClose = x_close,
      .xFilter = x_filter,
      .xNext = x_next,
      .xEof = x_eof,
      .xColumn = x_column,
      .xRowid = x_rowid,
  };
  int code = SQLITE_OK;
  /* A single file has its own source and import_note. */
  for (Kind kind = context->n > 1 ? KIND_SOURCE : KIND_PROCESS; kind < N_KINDS; kind++)
    if (code == SQLITE_OK)
      code = sqlite3_create_module(db, tables[kind].name, &module, context);
  return code;
}
