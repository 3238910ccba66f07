/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long things took: a table, and a histogram of each measure. */
#include <glib/gi18n.h>

#include "app/report/cli-report-private.h"
#include "model/base/format.h"
#include "model/tables/latency.h"

static const struct {
  UnparkLatencyMeasure measure;
  const char *name, *title;
} measures[] = {{UNPARK_LATENCY_SCHED, "sched", N_("Scheduling latency")},
                {UNPARK_LATENCY_WAIT, "wait", N_("Waits")},
                {UNPARK_LATENCY_SYSCALL, "syscall", N_("System calls")},
                {UNPARK_LATENCY_RUN, "run", N_("Running without a break")},
                {UNPARK_LATENCY_RANGE, "range", N_("Collector and pauses")},
                {UNPARK_LATENCY_REGION, "region", N_("Regions")},
                {UNPARK_LATENCY_TASK, "task", N_("Tasks")}};

#define MOST_SERIES 6 /* of a measure, told apart */

static void add_row(const CliReportJob *job, const char *name, const UnparkHistogram *h) {
  gint64 n = (gint64)h->count;
  const UnparkReportValue values[] = {
      unpark_report_string(UNPARK_REPORT_TEXT, name),
      unpark_report_number(UNPARK_REPORT_COUNT, n),
      unpark_report_number(UNPARK_REPORT_DURATION, h->total_ns),
      unpark_report_number(UNPARK_REPORT_DURATION, n ? h->total_ns / n : UNPARK_NONE),
      unpark_report_number(UNPARK_REPORT_DURATION, unpark_histogram_percentile(h, 0.5)),
      unpark_report_number(UNPARK_REPORT_DURATION, unpark_histogram_percentile(h, 0.9)),
      unpark_report_number(UNPARK_REPORT_DURATION, unpark_histogram_percentile(h, 0.99)),
      unpark_report_number(UNPARK_REPORT_DURATION, h->most_ns)};

  unpark_report_row(job->report, values);
}

/* Three bars to a power of two, from the shortest to the longest. */
static void add_histogram(const CliReportJob *job, const UnparkLatencySeries *all,
                          const char *title) {
  double counts[UNPARK_LATENCY_ROWS] = {0};
  char texts[UNPARK_LATENCY_ROWS][UNPARK_FORMAT_SIZE];
  const char *ticks[UNPARK_LATENCY_ROWS] = {NULL};
  guint first = UNPARK_LATENCY_ROWS, last = 0;
  g_autofree char *caption = g_strdup_printf(_("%s: how many, by length (logarithmic)"), title);

  for (guint c = 0; all->heat && c < UNPARK_LATENCY_COLUMNS; c++)
    for (guint r = 0; r < UNPARK_LATENCY_ROWS; r++)
      counts[r] += all->heat[c * UNPARK_LATENCY_ROWS + r];
  for (guint r = 0; r < UNPARK_LATENCY_ROWS; r++)
    if (counts[r] > 0) {
      first = MIN(first, r);
      last = r;
    }
  if (first > last)
    return;
  guint n = last - first + 1, step = MAX(n / 8, 1);
  for (guint i = 0; i < n; i += step)
    ticks[i] = unpark_format_duration((gint64)unpark_latency_row_from(first + i), texts[i]);
  const CliReportBars bars = {.heights = counts + first, .n = n, .ticks = ticks, .label = caption};
  g_autofree char *svg = cli_report_svg_bars(&bars);
  unpark_report_figure(job->report, "histogram", caption, svg);
}

static const char *series_name(const UnparkLatencySeries *series) {
  return *series->name ? series->name : _("(no name)");
}

static gboolean add_measure(const CliReportJob *job, guint i, GError **error) {
  const UnparkReportColumn columns[] = {{"name", _("Group"), UNPARK_REPORT_TEXT},
                                        {"count", _("Count"), UNPARK_REPORT_COUNT},
                                        {"total_ns", _("Total"), UNPARK_REPORT_DURATION},
                                        {"mean_ns", _("Mean"), UNPARK_REPORT_DURATION},
                                        {"p50_ns", _("Median"), UNPARK_REPORT_DURATION},
                                        {"p90_ns", "p90", UNPARK_REPORT_DURATION},
                                        {"p99_ns", "p99", UNPARK_REPORT_DURATION},
                                        {"longest_ns", _("Longest"), UNPARK_REPORT_DURATION}};
  const UnparkLatencySpec spec = {.measure = measures[i].measure,
                                  .from_ns = job->from_ns,
                                  .to_ns = job->to_ns,
                                  .goroutines = job->ids,
                                  .n_goroutines = job->n_ids};
  g_autoptr(UnparkLatency) latency = unpark_latency_new(job->store, &spec, job->cancellable, error);

  if (!latency)
    return FALSE;
  if (latency->all.histogram.count == 0)
    return TRUE;
  unpark_report_begin(job->report, measures[i].name, _(measures[i].title));
  unpark_report_table(job->report, measures[i].name, _(measures[i].title), columns,
                      G_N_ELEMENTS(columns));
  add_row(job, _("All"), &latency->all.histogram);
  for (guint k = 0; k < MIN(latency->n_series, MOST_SERIES); k++)
    if (latency->n_series > 1 || *latency->series[k].name)
      add_row(job, series_name(&latency->series[k]), &latency->series[k].histogram);
  add_histogram(job, &latency->all, _(measures[i].title));
  unpark_report_end(job->report);
  return TRUE;
}

gboolean cli_report_latency(const CliReportJob *job, GError **error) {
  gboolean ok = TRUE;

  if (unpark_store_source(job->store)->kind != UNPARK_SOURCE_TRACE)
    return TRUE;
  unpark_report_begin(job->report, "latency", _("Latency"));
  for (guint i = 0; i < G_N_ELEMENTS(measures) && ok; i++)
    if (unpark_latency_applies(job->store, measures[i].measure))
      ok = add_measure(job, i, error);
  unpark_report_end(job->report);
  return ok;
}
