/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/summary/summary.h"

#include <string.h>

#include "model/base/histogram.h"
#include "model/base/times.h"
#include "model/findings/findings.h"
#include "model/sql/query.h"
#include "model/sql/reader.h"

typedef struct {
  UnparkStore *store;
  UnparkSummary *summary;
  GCancellable *cancellable;
} Job;

static gboolean ask(const Job *job, const char *sql,
                    gboolean (*row)(const UnparkValue *values, guint n, gpointer data),
                    gpointer data, GError **error) {
  UnparkQuery query = {.row = row};

  return unpark_store_query(job->store, sql, &query, data, NULL, job->cancellable, error);
}

static gboolean take_number(const UnparkValue *values, guint n, gpointer data) {
  *(gint64 *)data = values[0].type == UNPARK_VALUE_INT ? values[0].integer : UNPARK_NONE;
  return TRUE;
}

/* ---- The program --------------------------------------------------------------------------------
 */

static gboolean take_text(const UnparkValue *values, guint n, gpointer data) {
  char **text = data;

  g_free(*text);
  *text = values[0].type == UNPARK_VALUE_TEXT ? g_strndup(values[0].text, values[0].size) : NULL;
  return TRUE;
}

/* "/home/me/webshop/main.go" is of webshop. */
static char *folder_of(const char *file) {
  g_autofree char *folder = g_path_get_dirname(file);
  char *name = g_path_get_basename(folder);

  if (*name && !g_str_equal(name, ".") && !g_str_equal(name, G_DIR_SEPARATOR_S))
    return name;
  g_free(name);
  return NULL;
}

static gboolean find_program(const Job *job, GError **error) {
  g_autofree char *binary = NULL;
  g_autofree char *file = NULL;

  if (job->summary->kind == UNPARK_SOURCE_PROFILE &&
      !ask(job, "SELECT file FROM mapping WHERE file <> '' ORDER BY id LIMIT 1", take_text, &binary,
           error))
    return FALSE;
  if (binary) {
    job->summary->program = g_path_get_basename(binary);
    return TRUE;
  }
  if (!ask(job, "SELECT file FROM stack_frame WHERE function GLOB 'main.*' AND file <> '' LIMIT 1",
           take_text, &file, error))
    return FALSE;
  job->summary->program = file ? folder_of(file) : NULL;
  return TRUE;
}

/* ---- Of a trace
 * -------------------------------------------------------------------------------------- */

static gboolean take_wait(const UnparkValue *values, guint n, gpointer data) {
  UnparkSummary *summary = data;

  if (values[0].type == UNPARK_VALUE_TEXT && values[1].type == UNPARK_VALUE_INT)
    unpark_time_sum(&summary->waiting_ns[unpark_wait_of_reason(values[0].text)], values[1].integer);
  return TRUE;
}

static gboolean measure_latency(const Job *job, GError **error) {
  g_autoptr(UnparkSqlReader) reader = unpark_sql_reader_new(job->store, "sched_latency");
  UnparkHistogram histogram = {0};
  gint64 *const *columns;
  guint n = 1, duration = 0;
  gboolean ok = TRUE;

  while (strcmp(unpark_sql_reader_name(reader, duration), "duration_ns") != 0)
    duration++;
  while (ok && n > 0) {
    ok = unpark_sql_reader_next(reader, &columns, &n, job->cancellable, error);
    for (guint i = 0; ok && i < n; i++)
      unpark_histogram_add(&histogram, columns[duration][i]);
  }
  if (histogram.count > 0) {
    job->summary->sched_p50_ns = unpark_histogram_percentile(&histogram, 0.5);
    job->summary->sched_p99_ns = unpark_histogram_percentile(&histogram, 0.99);
  }
  unpark_histogram_clear(&histogram);
  return ok;
}

static gboolean count_findings(const Job *job, GError **error) {
  g_autoptr(UnparkFindings) findings =
      unpark_findings_new(job->store, G_MININT64 + 1, G_MAXINT64, NULL, 0, job->cancellable, error);

  if (!findings)
    return FALSE;
  memset(job->summary->findings, 0, sizeof job->summary->findings);
  for (guint i = 0; i < findings->n; i++)
    job->summary->findings[findings->findings[i].level]++;
  return TRUE;
}

/* Adds what the item has of each bucket, by the time that it is in it. */
static void spread(UnparkSummary *summary, const UnparkItem *item, gint64 from_ns, gint64 width) {
  for (guint b = 0; b < UNPARK_SUMMARY_BUCKETS; b++) {
    gint64 start = MAX(item->start_ns - from_ns, b * width);
    gint64 end = MIN(item->end_ns - from_ns, (b + 1) * width);

    if (start < end)
      summary->activity[b] +=
          item->mean[UNPARK_STATE_RUNNING] * (float)((double)(end - start) / (double)width);
  }
}

static gboolean draw_activity(const Job *job, GError **error) {
  static const UnparkLaneKey key = {UNPARK_LANE_ALL, 0};
  const UnparkSource *source = unpark_store_source(job->store);
  gint64 width = (source->end_ns - source->start_ns) / UNPARK_SUMMARY_BUCKETS + 1;
  UnparkLaneItems *lanes;

  if (source->end_ns <= source->start_ns)
    return TRUE;
  lanes = unpark_store_lanes(job->store, &key, 1, source->start_ns, source->end_ns, width,
                             job->cancellable, error);
  if (!lanes)
    return FALSE;
  for (guint i = 0; i < lanes[0].n_items; i++)
    spread(job->summary, &lanes[0].items[i], source->start_ns, width);
  unpark_lane_items_free(lanes, 1);
  return TRUE;
}

static gboolean measure_trace(const Job *job, GError **error) {
  UnparkSummary *s = job->summary;
  gint64 marking = 0;
  guint n = 0;

  for (guint i = 0; i < UNPARK_N_WAITS; i++)
    s->waiting_ns[i] = 0;
  if (!unpark_store_goroutines(job->store, &n, error))
    if (error && *error)
      return FALSE;
  s->goroutines = n;
  if (!ask(job,
           "SELECT coalesce(time_sum(duration_ns), 0) FROM range "
           "WHERE name = 'GC concurrent mark phase'",
           take_number, &marking, error) ||
      !ask(job, "SELECT max(duration_ns) FROM range WHERE name GLOB 'stop-the-world*'", take_number,
           &s->longest_pause_ns, error) ||
      !ask(job,
           "SELECT reason, time_sum(duration_ns) FROM span WHERE state = 'waiting' "
           "GROUP BY reason",
           take_wait, s, error))
    return FALSE;
  if (s->duration_ns > 0 && marking != UNPARK_NONE)
    s->gc_share = MIN((double)marking / (double)s->duration_ns, 1);
  return measure_latency(job, error) && count_findings(job, error) && draw_activity(job, error);
}

/* ---- All kinds
 * ------------------------------------------------------------------------------------ */

static gboolean measure(const Job *job, GError **error) {
  UnparkSummary *s = job->summary;

  if (!find_program(job, error))
    return FALSE;
  if (s->kind == UNPARK_SOURCE_TRACE)
    return measure_trace(job, error);
  if (s->kind == UNPARK_SOURCE_DUMP)
    return ask(job, "SELECT sum(coalesce(count, 1)) FROM dump_goroutine", take_number,
               &s->goroutines, error);
  return TRUE;
}

UnparkSummary *unpark_summary_new(UnparkStore *store, const char *path, GCancellable *cancellable,
                                  GError **error) {
  const UnparkSource *source = unpark_store_source(store);
  g_autoptr(UnparkSummary) s = g_new0(UnparkSummary, 1);
  Job job = {store, s, cancellable};

  s->path = g_strdup(path);
  s->kind = source->kind;
  s->go_version = g_strdup(source->go_version);
  s->start_wall_ns = source->start_wall_ns;
  s->duration_ns = source->duration_ns > 0 ? source->duration_ns : UNPARK_NONE;
  s->goroutines = s->longest_pause_ns = s->sched_p50_ns = s->sched_p99_ns = UNPARK_NONE;
  s->gc_share = -1;
  for (guint i = 0; i < UNPARK_N_WAITS; i++)
    s->waiting_ns[i] = UNPARK_NONE;
  for (guint i = 0; i < G_N_ELEMENTS(s->findings); i++)
    s->findings[i] = UNPARK_NONE;
  s->complete = source->complete;
  return measure(&job, error) ? g_steal_pointer(&s) : NULL;
}

void unpark_summary_free(UnparkSummary *summary) {
  if (!summary)
    return;
  g_free(summary->path);
  g_free(summary->program);
  g_free(summary->go_version);
  g_free(summary);
}
