/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/questions.h"

#include <glib/gstdio.h>

#include "model/compare/compare.h"
#include "model/filter/filter.h"
#include "model/findings/findings.h"
#include "model/flame/graph/flame.h"
#include "model/flame/picture/export.h"
#include "model/lanes/tracks.h"
#include "model/spans/attributes.h"
#include "model/spans/findings.h"
#include "model/spans/groups.h"
#include "model/redact/redact.h"
#include "model/sql/query.h"
#include "model/sql/schema.h"
#include "model/tables/dump-groups.h"
#include "model/tables/goroutine-table.h"
#include "model/tables/latency.h"
#include "model/tables/profile-table.h"
#include "model/tables/race-list.h"
#include "model/tables/task-table.h"
#include "model/tables/task-trace.h"
#include "model/why/goroutine.h"
#include "model/why/why.h"

#define ROWS_MAX 20000
#define ALL_FROM (G_MININT64 + 1)
#define ALL_TO G_MAXINT64

typedef struct {
  UnparkStore *store;
  GRand *rand;
  gint64 from_ns, to_ns; /* a part of the trace */
  const char *fault;
} Asking;

/* Ends a question: exactly one of both is there. */
static void judge(Asking *a, const char *what, gboolean ok, GError **error) {
  if (ok == (*error != NULL) && !a->fault)
    a->fault = what;
  g_clear_error(error);
}

/* Where there may be nothing: not both are there. */
static void judge_optional(Asking *a, const char *what, gboolean found, GError **error) {
  judge(a, what, found || !*error, error); /* nothing and no error counts as found */
}

static gboolean is_own(const char *function) {
  return g_str_has_prefix(function, "main.");
}

static gint64 between(const Asking *a, gint64 from, gint64 to) {
  return from + (gint64)(g_rand_double(a->rand) * ((double)to - (double)from));
}

/* ---- SQL ---------------------------------------------------------------------------- */

static gboolean ignore_row(const UnparkValue *values, guint n, gpointer data) {
  return TRUE;
}

static void ask_sql(Asking *a) {
  static const UnparkQuery query = {.row = ignore_row, .limit = ROWS_MAX, .timeout_s = 5};
  guint n, n_examples;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  const UnparkSqlExample *examples = unpark_sql_examples(&n_examples);

  for (guint i = 0; i < n + n_examples; i++) {
    g_autofree char *sql =
        i < n ? g_strconcat("SELECT * FROM ", tables[i].name, NULL) : g_strdup(examples[i - n].sql);
    g_autoptr(GError) error = NULL;
    gboolean ok = unpark_store_query(a->store, sql, &query, NULL, NULL, NULL, &error);
    judge(a, i < n ? tables[i].name : examples[i - n].title, ok, &error);
  }
}

/* ---- Traces ------------------------------------------------------------------------- */

static const UnparkGoroutine *some_goroutine(const Asking *a) {
  guint n = 0;
  const UnparkGoroutine *all = unpark_store_goroutines(a->store, &n, NULL);

  return all && n > 0 ? &all[g_rand_int_range(a->rand, 0, (gint32)n)] : NULL;
}

static void ask_goroutine(Asking *a) {
  const UnparkGoroutine *g = some_goroutine(a);
  g_autoptr(UnparkGoroutineSummary) summary = NULL;
  g_autoptr(UnparkChain) wait = NULL, range = NULL;
  GError *error = NULL;

  if (!g)
    return;
  summary = unpark_goroutine_summary(a->store, g->id, 5, NULL, &error);
  judge_optional(a, "goroutine summary", summary != NULL, &error);
  wait = unpark_chain_of_wait(
      a->store, g->id, summary && summary->n_waits > 0 ? summary->waits[0].start_ns : a->from_ns,
      50, NULL, &error);
  judge_optional(a, "why a wait", wait != NULL, &error);
  range = unpark_chain_of_range(a->store, g->id, a->from_ns, a->to_ns, 50, NULL, &error);
  judge_optional(a, "why a range", range != NULL, &error);
}

static void ask_lanes(Asking *a) {
  const UnparkGoroutine *g = some_goroutine(a);
  guint n_procs = 0;
  const gint64 *procs = unpark_store_procs(a->store, &n_procs);
  UnparkLaneKey keys[] = {{UNPARK_LANE_ALL, 0},
                          {UNPARK_LANE_PROC, n_procs > 0 ? procs[0] : 0},
                          {UNPARK_LANE_GOROUTINE, g ? g->id : 1},
                          {UNPARK_LANE_GROUP, g ? g->name_id : 0}};
  UnparkTrackKey tracks[] = {{keys[1], TRUE}, {keys[2], TRUE}};
  gint64 resolution = (gint64)1 << g_rand_int_range(a->rand, 0, 40);
  GError *error = NULL;
  UnparkLaneItems *items = unpark_store_lanes(a->store, keys, G_N_ELEMENTS(keys), a->from_ns,
                                              a->to_ns, resolution, NULL, &error);
  UnparkLaneTracks *found;

  judge(a, "lanes", items != NULL, &error);
  if (items)
    unpark_lane_items_free(items, G_N_ELEMENTS(keys));
  found = unpark_store_tracks(a->store, tracks, G_N_ELEMENTS(tracks), a->from_ns, a->to_ns,
                              resolution, NULL, &error);
  judge(a, "tracks", found != NULL, &error);
  if (found)
    unpark_lane_tracks_free(found, G_N_ELEMENTS(tracks));
}

static void ask_filter(Asking *a) {
  static const char *const filters[] = {"main state:waiting dur>1us", "fn:main.main", "g:1 -system",
                                        "reason:sleep or state:running"};
  GError *error = NULL;
  g_autoptr(UnparkTrackIndex) index = unpark_track_index_read(a->store, NULL, &error);
  const char *text = filters[g_rand_int_range(a->rand, 0, G_N_ELEMENTS(filters))];
  g_autoptr(UnparkFilterResult) result = NULL;

  judge(a, "tracks of all", index != NULL, &error);
  if (!index)
    return;
  result = unpark_filter_apply(a->store, text, index, NULL, &error);
  judge(a, text, result != NULL, &error);
}

static void ask_latency(Asking *a) {
  for (guint measure = 0; measure < UNPARK_N_LATENCIES; measure++) {
    const UnparkLatencySpec spec = {.measure = (UnparkLatencyMeasure)measure,
                                    .grouping = (UnparkLatencyGrouping)(measure % 2),
                                    .from_ns = measure % 2 ? a->from_ns : ALL_FROM,
                                    .to_ns = measure % 2 ? a->to_ns : ALL_TO};
    GError *error = NULL;
    g_autoptr(UnparkLatency) latency = unpark_latency_new(a->store, &spec, NULL, &error);
    judge(a, "latency", latency != NULL, &error);
  }
}

static void ask_tasks(Asking *a) {
  const UnparkTaskSpec spec = {.from_ns = ALL_FROM, .to_ns = ALL_TO};
  GError *error = NULL;
  g_autoptr(UnparkTaskTable) table = unpark_task_table_new(a->store, &spec, NULL, &error);
  gboolean ok;

  judge(a, "tasks", table != NULL, &error);
  if (!table)
    return;
  ok = unpark_task_table_count(table, NULL, &error);
  judge(a, "states of tasks", ok, &error);
  if (table->n_rows > 0) {
    guint row = (guint)g_rand_int_range(a->rand, 0, (gint32)table->n_rows);
    g_autoptr(UnparkTaskTrace) trace = unpark_task_trace_new(table, row, NULL, &error);
    judge(a, "a task", trace != NULL, &error);
  }
}

static void ask_trace(Asking *a) {
  GError *error = NULL;
  g_autoptr(UnparkFindings) part = NULL, all = NULL;
  g_autoptr(UnparkGoroutineTable) table = NULL;

  all = unpark_findings_new(a->store, ALL_FROM, ALL_TO, NULL, 0, NULL, &error);
  judge(a, "findings", all != NULL, &error);
  part = unpark_findings_new(a->store, a->from_ns, a->to_ns, NULL, 0, NULL, &error);
  judge(a, "findings of a part", part != NULL, &error);
  table = unpark_goroutine_table_new(a->store, a->from_ns, a->to_ns, NULL, 0, NULL, &error);
  judge(a, "goroutines", table != NULL, &error);
  ask_goroutine(a);
  ask_lanes(a);
  ask_filter(a);
  ask_latency(a);
  ask_tasks(a);
}

/* ---- Distributed traces -------------------------------------------------------------- */

/* All that belongs to one span. */
static void ask_span(Asking *a, UnparkTraceRows *rows, guint span) {
  char value[UNPARK_TRACE_VALUE_SIZE], id[UNPARK_TRACE_ID_SIZE];
  UnparkTraceAttribute attribute;
  UnparkTraceEvent event;
  UnparkTraceIds ids;
  GError *error = NULL;
  guint at = 0;

  while (unpark_trace_rows_attribute(rows, span, &at, &attribute, &error))
    unpark_trace_value_text(&attribute, value);
  g_clear_error(&error);
  at = 0;
  while (unpark_trace_rows_event(rows, span, &at, &event, &error)) {
  }
  g_clear_error(&error);
  at = 0;
  while (unpark_trace_rows_link(rows, span, &at, &ids, &error))
    unpark_trace_id_text(&ids, TRUE, id);
  g_clear_error(&error);
}

static void ask_spans(Asking *a) {
  GError *error = NULL;
  UnparkSourceEntry entry = unpark_sources_single(a->store);
  g_autoptr(UnparkTraces) traces = unpark_traces_load(&entry, 1, &error);

  judge(a, "distributed traces", traces != NULL, &error);
  if (!traces)
    return;
  for (UnparkTracesBy by = UNPARK_TRACES_BY_REQUEST; by <= UNPARK_TRACES_BY_OPERATION; by++) {
    guint n;
    g_free(unpark_traces_group(traces, by, &n));
  }
  g_ptr_array_unref(unpark_trace_findings(traces));
  g_autoptr(UnparkTraceRows) rows = unpark_trace_rows_new(traces);
  for (guint i = 0; i < MIN(traces->n_spans, 20); i++)
    ask_span(a, rows, (guint)g_rand_int_range(a->rand, 0, (gint32)traces->n_spans));
}

/* ---- Profiles, dumps, races, flame graphs ------------------------------------------- */

static void ask_profile(Asking *a) {
  GError *error = NULL;
  g_autoptr(UnparkProfileSummary) summary = unpark_profile_summary_new(a->store, NULL, &error);

  judge(a, "profiles", summary != NULL, &error);
  for (guint i = 0; summary && i < MIN(summary->n_types, 4); i++) {
    g_autoptr(UnparkProfileTable) table = unpark_profile_table_new(
        a->store, summary->types[i].profile, summary->types[i].index, NULL, &error);
    judge(a, "functions", table != NULL, &error);
    if (table && table->n_rows > 0) {
      g_autoptr(UnparkProfilePeek) peek = unpark_profile_table_peek(table, 0, NULL, &error);
      judge(a, "callers and callees", peek != NULL, &error);
    }
  }
}

static void export_flame(Asking *a, const UnparkFlame *flame) {
  static gboolean (*const writers[])(const UnparkFlame *, GOutputStream *, GCancellable *,
                                     GError **) = {
      unpark_flame_write_folded, unpark_flame_write_pprof, unpark_flame_write_speedscope};
  GError *error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(writers); i++) {
    g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
    gboolean ok = writers[i](flame, out, NULL, &error);
    judge(a, "export", ok, &error);
  }
}

static void ask_flames(Asking *a) {
  GError *error = NULL;
  guint first;
  g_autoptr(GPtrArray) offers = unpark_flame_offers(a->store, &first, NULL, &error);

  judge(a, "sources of flame graphs", offers != NULL, &error);
  for (guint i = 0; offers && i < offers->len; i++) {
    const UnparkFlameOffer *offer = g_ptr_array_index(offers, i);
    UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
    g_autoptr(UnparkFlame) flame = NULL;

    spec.source = offer->source;
    spec.grouping = (UnparkFlameGrouping)g_rand_int_range(a->rand, 0, UNPARK_FLAME_BY_LABEL + 1);
    spec.label_key = "handler";
    spec.invert = g_rand_boolean(a->rand);
    spec.collapse = g_rand_boolean(a->rand);
    if (g_rand_boolean(a->rand)) {
      spec.scope.from_ns = a->from_ns;
      spec.scope.to_ns = a->to_ns;
    }
    flame = unpark_flame_new(a->store, &spec, NULL, NULL, NULL, &error);
    judge(a, offer->name, flame != NULL, &error);
    if (flame && i == first)
      export_flame(a, flame);
  }
}

/* ---- Both sides, and copies ----------------------------------------------------------- */

static void ask_copies(Asking *a) {
  static const guint8 key[UNPARK_REDACT_KEY_SIZE] = {1};
  UnparkStore *const both[] = {a->store};
  const UnparkCompareSpec spec = {.a = both, .b = both, .n_a = 1, .n_b = 1};
  g_autofree char *copy = g_strconcat(unpark_store_path(a->store), ".redacted", NULL);
  g_autoptr(UnparkComparison) comparison = NULL;
  GError *error = NULL;
  gboolean ok;

  if (unpark_store_source(a->store)->kind != UNPARK_SOURCE_RACE) {
    comparison = unpark_compare_new(&spec, NULL, &error);
    judge(a, "a comparison with itself", comparison != NULL, &error);
  }
  if (g_rand_int_range(a->rand, 0, 4) > 0)
    return;
  ok = unpark_redact_store(a->store, copy, key, NULL, &error);
  judge(a, "a redacted copy", ok, &error);
  g_unlink(copy);
}

static void ask_kind(Asking *a) {
  GError *error = NULL;

  switch (unpark_store_source(a->store)->kind) {
  case UNPARK_SOURCE_TRACE:
    ask_trace(a);
    break;
  case UNPARK_SOURCE_PROFILE:
    ask_profile(a);
    break;
  case UNPARK_SOURCE_DUMP: {
    g_autoptr(UnparkDumpGroups) groups = unpark_dump_groups_new(a->store, is_own, NULL, &error);
    judge(a, "groups of a dump", groups != NULL, &error);
    break;
  }
  case UNPARK_SOURCE_SPANS:
    ask_spans(a);
    break;
  default: {
    g_autoptr(UnparkRaceList) list = unpark_race_list_new(a->store, is_own, NULL, &error);
    judge(a, "races", list != NULL, &error);
  }
  }
}

const char *test_ask_everything(UnparkStore *store, GRand *rand) {
  const UnparkSource *source = unpark_store_source(store);
  Asking a = {.store = store, .rand = rand};
  gint64 x, y;
  GError *error = NULL;

  unpark_store_goroutines(store, NULL, &error); /* before others look for one */
  g_clear_error(&error);
  x = between(&a, source->start_ns, source->end_ns);
  y = between(&a, source->start_ns, source->end_ns);
  a.from_ns = MIN(x, y);
  a.to_ns = MAX(x, y) + 1;
  ask_sql(&a);
  ask_kind(&a);
  ask_flames(&a);
  ask_copies(&a);
  return a.fault;
}
