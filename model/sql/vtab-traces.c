/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace_span, trace_span_attribute, trace_span_event, trace_span_link, service_hop: what follows
 * from all spans that are open together is in no block, see model/spans/traces.h. */
#include <stdio.h>
#include <string.h>

#include "model/spans/attributes.h"
#include "model/sql/vtab.h"

/* idxNum: the rows of one span. */
#define PLAN_SPAN 1

typedef struct _Cursor Cursor;

typedef struct {
  const char *name, *columns;
  gint key; /* column of the span's id by which rows are found; -1: none */
  /* Moves to the row at cursor->at, in cursor->span; FALSE: there is none in it, or *error. */
  gboolean (*settle)(Cursor *cursor, GError **error);
  guint (*n_spans)(const UnparkTraces *traces); /* or hops */
  void (*column)(const Cursor *cursor, sqlite3_context *c, int n);
  gboolean of_all; /* a row is of all sources together */
} Spec;

typedef struct {
  sqlite3_vtab base;
  UnparkVtabContext *context;
  const Spec *spec;
  int first; /* number of the first column of the spec: 1 after `source` */
} Table;

struct _Cursor {
  sqlite3_vtab_cursor base;
  const UnparkTraces *traces;
  UnparkTraceRows *rows;
  guint span, last; /* spans from .. to, last excluded */
  guint at;         /* within the span; behind the row at hand */
  gint64 rowid;
  UnparkTraceAttribute attribute;
  UnparkTraceEvent event;
  UnparkTraceIds link;
};

/* ---- Values ------------------------------------------------------------------------------- */

static void result_number(sqlite3_context *c, gint64 value) {
  if (value != UNPARK_NONE)
    sqlite3_result_int64(c, value);
}

/* NULL for what is not known. */
static void result_text(const Cursor *cursor, sqlite3_context *c, guint32 text) {
  if (text != 0)
    unpark_vtab_text(c, unpark_traces_text(cursor->traces, text));
}

static void result_trace(sqlite3_context *c, const UnparkTraceIds *ids, gboolean is_short) {
  char buffer[UNPARK_TRACE_ID_SIZE];

  sqlite3_result_text(c, unpark_trace_id_text(ids, is_short, buffer), -1, SQLITE_TRANSIENT);
}

static void result_id(sqlite3_context *c, guint64 id) {
  char buffer[17];

  snprintf(buffer, sizeof buffer, "%016" G_GINT64_MODIFIER "x", id);
  if (id != 0)
    sqlite3_result_text(c, buffer, -1, SQLITE_TRANSIENT);
}

static gboolean one_row(Cursor *cursor, GError **error) {
  (void)error;
  return cursor->at++ == 0;
}

static guint count_spans(const UnparkTraces *traces) {
  return traces->n_spans;
}

static guint count_hops(const UnparkTraces *traces) {
  return traces->n_hops;
}

/* ---- trace_span --------------------------------------------------------------------------- */

static const char *certainty_name(guint8 certainty) {
  static const char *const names[] = {"", "label", "time", "task", "id"};

  return certainty < G_N_ELEMENTS(names) ? names[certainty] : "";
}

#define SPAN_COLUMNS                                                                               \
  "id INTEGER, trace_id TEXT, span_id TEXT, parent_span_id TEXT, parent INTEGER, service TEXT, "   \
  "host TEXT, process INTEGER, name TEXT, kind TEXT, start_ns INTEGER, end_ns INTEGER, "           \
  "duration_ns INTEGER, self_ns INTEGER, critical_ns INTEGER, status TEXT, message TEXT, "         \
  "goroutine INTEGER, task INTEGER, certainty TEXT, children INTEGER, children_made INTEGER, "     \
  "goroutine_source INTEGER, trace_state TEXT, adjusted_count REAL"

static void span_id_column(const Cursor *cursor, sqlite3_context *c, int n) {
  const UnparkTraceSpan *span = &cursor->traces->spans[cursor->span];

  if (n == 0)
    sqlite3_result_int64(c, (gint64)cursor->span + 1);
  else if (n == 1)
    result_trace(c, &span->ids, (span->flags & UNPARK_TRACE_SHORT_ID) != 0);
  else if (n == 2)
    result_id(c, span->ids.span);
  else if (n == 3)
    result_id(c, span->ids.parent);
  else if (span->parent >= 0)
    sqlite3_result_int64(c, (gint64)span->parent + 1);
}

static void span_who_column(const Cursor *cursor, sqlite3_context *c, int n) {
  const UnparkTraceSpan *span = &cursor->traces->spans[cursor->span];
  const UnparkTraceResource *resource = unpark_traces_resource(cursor->traces, span);

  if (n == 5)
    result_text(cursor, c, resource->service);
  else if (n == 6)
    result_text(cursor, c, resource->host);
  else if (n == 7)
    result_number(c, resource->pid);
  else if (n == 8)
    unpark_vtab_text(c, unpark_traces_text(cursor->traces, span->name));
  else
    unpark_vtab_text(c, unpark_trace_kind_name((UnparkTraceKind)span->kind));
}

static void span_time_column(const UnparkTraceSpan *span, sqlite3_context *c, int n) {
  const gint64 times[] = {span->start_ns, span->end_ns, span->end_ns - span->start_ns,
                          span->self_ns, span->critical_ns};

  sqlite3_result_int64(c, times[n - 10]);
}

static void span_column(const Cursor *cursor, sqlite3_context *c, int n) {
  const UnparkTraceSpan *span = &cursor->traces->spans[cursor->span];

  if (n < 5)
    span_id_column(cursor, c, n);
  else if (n < 10)
    span_who_column(cursor, c, n);
  else if (n < 15)
    span_time_column(span, c, n);
  else if (n == 15)
    unpark_vtab_text(c, unpark_trace_status_name((UnparkTraceStatus)span->status));
  else if (n == 16)
    result_text(cursor, c, span->message);
  else if (n == 17)
    result_number(c, span->join.goroutine);
  else if (n == 18)
    result_number(c, span->join.task);
  else if (n == 19 && span->join.certainty != UNPARK_TRACE_NOT_JOINED)
    unpark_vtab_text(c, certainty_name(span->join.certainty));
  else if (n == 20)
    sqlite3_result_int64(c, span->n_children);
  else if (n == 22 && span->join.certainty != UNPARK_TRACE_NOT_JOINED)
    sqlite3_result_int64(c, (gint64)span->join.source + 1);
  else if (n == 23)
    result_text(cursor, c, span->state);
  else if (n == 24 && span->adjusted > 0)
    sqlite3_result_double(c, (double)span->adjusted);
  else if (n == 21 && span->made >= 0)
    sqlite3_result_int64(c, span->made);
}

/* ---- trace_span_attribute, trace_span_event, trace_span_link ------------------------------ */

static gboolean settle_attribute(Cursor *cursor, GError **error) {
  return unpark_trace_rows_attribute(cursor->rows, cursor->span, &cursor->at, &cursor->attribute,
                                     error);
}

static void attribute_column(const Cursor *cursor, sqlite3_context *c, int n) {
  const UnparkTraceAttribute *a = &cursor->attribute;
  char buffer[UNPARK_TRACE_VALUE_SIZE];
  const char *text;
  double value;

  if (n == 0) {
    sqlite3_result_int64(c, (gint64)cursor->span + 1);
  } else if (n == 1) {
    unpark_vtab_text(c, unpark_trace_scope_name(a->scope));
  } else if (n == 2) {
    unpark_vtab_text(c, a->key);
  } else if (n == 3) {
    text = unpark_trace_value_text(a, buffer);
    if (text == buffer)
      sqlite3_result_text(c, text, -1, SQLITE_TRANSIENT);
    else
      unpark_vtab_text(c, text);
  } else if (n == 4 && (a->type == UNPARK_TRACE_INT || a->type == UNPARK_TRACE_BOOL)) {
    sqlite3_result_int64(c, a->number);
  } else if (n == 4 && a->type == UNPARK_TRACE_DOUBLE) {
    memcpy(&value, &a->number, sizeof value);
    sqlite3_result_double(c, value);
  } else if (n == 5 && a->item > 0) {
    sqlite3_result_int64(c, a->item);
  }
}

static gboolean settle_event(Cursor *cursor, GError **error) {
  return unpark_trace_rows_event(cursor->rows, cursor->span, &cursor->at, &cursor->event, error);
}

static void event_column(const Cursor *cursor, sqlite3_context *c, int n) {
  if (n == 0)
    sqlite3_result_int64(c, (gint64)cursor->span + 1);
  else if (n == 1)
    sqlite3_result_int64(c, cursor->event.time_ns);
  else
    unpark_vtab_text(c, cursor->event.name);
}

static gboolean settle_link(Cursor *cursor, GError **error) {
  return unpark_trace_rows_link(cursor->rows, cursor->span, &cursor->at, &cursor->link, error);
}

static void link_column(const Cursor *cursor, sqlite3_context *c, int n) {
  if (n == 0)
    sqlite3_result_int64(c, (gint64)cursor->span + 1);
  else if (n == 1)
    result_trace(c, &cursor->link, FALSE);
  else
    result_id(c, cursor->link.span);
}

/* ---- service_hop -------------------------------------------------------------------------- */

static void hop_column(const Cursor *cursor, sqlite3_context *c, int n) {
  const UnparkServiceHop *hop = &cursor->traces->hops[cursor->span];
  const guint32 texts[] = {hop->caller, hop->callee, hop->name};
  const gint64 counts[] = {hop->calls, hop->joined, hop->lost, hop->orphans};

  if (n < 3)
    result_text(cursor, c, texts[n]);
  else if (n < 7)
    sqlite3_result_int64(c, counts[n - 3]);
  else
    sqlite3_result_double(c, n == 7 ? hop->low : hop->high);
}

static const Spec specs[] = {
    {"trace_span", SPAN_COLUMNS, 0, one_row, count_spans, span_column},
    {"trace_span_attribute",
     "span INTEGER, scope TEXT, key TEXT, text TEXT, number NUMERIC, item INTEGER", 0,
     settle_attribute, count_spans, attribute_column},
    {"trace_span_event", "span INTEGER, time_ns INTEGER, name TEXT", 0, settle_event, count_spans,
     event_column},
    {"trace_span_link", "span INTEGER, trace_id TEXT, span_id TEXT", 0, settle_link, count_spans,
     link_column},
    {"service_hop",
     "caller TEXT, callee TEXT, name TEXT, calls INTEGER, joined INTEGER, lost INTEGER, "
     "orphans INTEGER, low REAL, high REAL",
     -1, one_row, count_hops, hop_column, TRUE},
};

/* ---- The tables --------------------------------------------------------------------------- */

static int x_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **vtab,
                     char **message) {
  Table *table = sqlite3_malloc(sizeof *table);
  g_autofree char *sql = NULL;

  (void)argc;
  (void)message;
  if (!table)
    return SQLITE_NOMEM;
  *table = (Table){.context = aux};
  for (guint i = 0; i < G_N_ELEMENTS(specs); i++)
    if (strcmp(specs[i].name, argv[0]) == 0)
      table->spec = &specs[i];
  *vtab = &table->base;
  table->first = table->context->n > 1 && !table->spec->of_all;
  sql = g_strdup_printf("%s%s)",
                        table->first ? UNPARK_VTAB_CREATE(table->context) : "CREATE TABLE x(",
                        table->spec->columns);
  return unpark_vtab_declare(db, aux, sql);
}

static int x_disconnect(sqlite3_vtab *vtab) {
  sqlite3_free(vtab);
  return SQLITE_OK;
}

static int x_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
  const Table *table = (const Table *)vtab;
  int by_span;

  info->estimatedCost = 1e7;
  info->estimatedRows = 1000000;
  by_span =
      table->spec->key < 0 ? -1 : unpark_vtab_find_equal(info, table->spec->key + table->first);
  if (by_span >= 0) {
    info->aConstraintUsage[by_span].argvIndex = 1;
    info->idxNum = PLAN_SPAN;
    info->estimatedCost = 10;
    info->estimatedRows = 10;
  }
  return SQLITE_OK;
}

static int x_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out) {
  Cursor *cursor = g_new0(Cursor, 1);

  (void)vtab;
  *out = &cursor->base;
  return SQLITE_OK;
}

static int x_close(sqlite3_vtab_cursor *base) {
  Cursor *cursor = (Cursor *)base;

  unpark_trace_rows_free(cursor->rows);
  g_free(cursor);
  return SQLITE_OK;
}

/* To the next row from the place at hand. */
static int settle(Cursor *cursor) {
  Table *table = (Table *)cursor->base.pVtab;

  for (; cursor->span < cursor->last; cursor->span++, cursor->at = 0) {
    g_autoptr(GError) error = NULL;
    if (table->spec->settle(cursor, &error))
      return SQLITE_OK;
    if (error)
      return unpark_vtab_fail(&table->base, error);
    if (unpark_query_over(table->context->bounds))
      return SQLITE_INTERRUPT;
  }
  return SQLITE_OK;
}

/* Ids of spans are those of all sources together. */
const UnparkTraces *unpark_vtab_traces(UnparkVtabContext *context, GError **error) {
  if (context->n == 1)
    return unpark_store_traces(context->sources->store, error);
  if (!context->traces)
    context->traces = unpark_traces_load(context->sources, context->n, error);
  return context->traces;
}

static int x_filter(sqlite3_vtab_cursor *base, int plan, const char *codes, int argc,
                    sqlite3_value **argv) {
  Cursor *cursor = (Cursor *)base;
  Table *table = (Table *)base->pVtab;
  g_autoptr(GError) error = NULL;

  (void)codes;
  (void)argc;
  cursor->traces = unpark_vtab_traces(table->context, &error);
  if (!cursor->traces)
    return unpark_vtab_fail(&table->base, error);
  if (!cursor->rows)
    cursor->rows = unpark_trace_rows_new(cursor->traces);
  cursor->span = cursor->at = 0;
  cursor->rowid = 1;
  cursor->last = table->spec->n_spans(cursor->traces);
  if (plan & PLAN_SPAN) {
    /* SQLite compares once more; what is no number of a span finds none. */
    gint64 id = sqlite3_value_int64(argv[0]);
    gboolean known = sqlite3_value_numeric_type(argv[0]) == SQLITE_INTEGER && id >= 1 &&
                     id <= (gint64)cursor->last;
    cursor->span = known ? (guint)id - 1 : 0;
    cursor->last = known ? (guint)id : 0;
  }
  return settle(cursor);
}

static int x_next(sqlite3_vtab_cursor *base) {
  Cursor *cursor = (Cursor *)base;

  cursor->rowid++;
  return settle(cursor);
}

static int x_eof(sqlite3_vtab_cursor *base) {
  return ((Cursor *)base)->span >= ((Cursor *)base)->last;
}

static int x_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
  *rowid = ((Cursor *)base)->rowid;
  return SQLITE_OK;
}

static int x_column(sqlite3_vtab_cursor *base, sqlite3_context *c, int n) {
  const Cursor *cursor = (const Cursor *)base;
  const Table *table = (const Table *)base->pVtab;

  if (n >= table->first)
    table->spec->column(cursor, c, n - table->first);
  else
    sqlite3_result_int64(c, table->context->sources[cursor->traces->spans[cursor->span].source].id);
  return SQLITE_OK;
}

int unpark_vtab_register_traces(sqlite3 *db, UnparkVtabContext *context) {
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

  for (guint i = 0; i < G_N_ELEMENTS(specs) && code == SQLITE_OK; i++)
    code = sqlite3_create_module(db, specs[i].name, &module, context);
  return code;
}
