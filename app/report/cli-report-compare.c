/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "app/report/cli-report-private.h"
#include "app/tables/cli-compare.h"
#include "model/compare/words.h"

#define MOST_ROWS 40

static void add_row(const CliReportJob *job, const UnparkCompareRow *row) {
  char *cells[CLI_COMPARE_CELLS];

  cli_compare_cells(row, cells);
  UnparkReportValue values[] = {
      unpark_report_string(UNPARK_REPORT_CODE, cells[0]),
      unpark_report_string(UNPARK_REPORT_TEXT, cells[1]),
      unpark_report_real(UNPARK_REPORT_REAL, row->a),
      unpark_report_real(UNPARK_REPORT_REAL, row->b),
      unpark_report_real(UNPARK_REPORT_REAL, row->change),
      unpark_report_string(UNPARK_REPORT_TEXT, cells[5]),
      unpark_report_string(UNPARK_REPORT_TEXT, cells[6]),
  };
  for (guint i = 2; i < 5; i++)
    values[i].text = cells[i];
  unpark_report_row(job->report, values);
  for (guint i = 0; i < CLI_COMPARE_CELLS; i++)
    g_free(cells[i]);
}

static void add_side(const CliReportJob *job, const char *name, const char *title,
                     const UnparkCompareSide *side, const char *file) {
  g_autofree char *duration = g_strconcat(name, "_duration_ns", NULL);
  g_autofree char *lost = g_strconcat(name, "_lost", NULL);
  g_autofree char *cut = g_strconcat(name, "_cut", NULL);

  unpark_report_fact(job->report, name, title, unpark_report_string(UNPARK_REPORT_TEXT, file));
  unpark_report_fact(job->report, duration, _("Duration"),
                     unpark_report_number(UNPARK_REPORT_DURATION,
                                          side->duration_ns > 0 ? side->duration_ns : UNPARK_NONE));
  unpark_report_fact(job->report, cut, _("Waits cut by the ends"),
                     unpark_report_number(UNPARK_REPORT_COUNT, side->n_cut));
  unpark_report_fact(job->report, lost, _("Faults of the file"),
                     unpark_report_number(UNPARK_REPORT_COUNT, side->n_lost));
}

gboolean cli_report_compare(const CliReportJob *job, UnparkStore *other, const char *path,
                            GError **error) {
  static const char *const names[] = {"name", "measure", "a", "b", "change", "interval", "verdict"};
  UnparkReportColumn columns[CLI_COMPARE_CELLS];
  UnparkStore *a[] = {other}, *b[] = {job->store};
  const UnparkCompareSpec spec = {.a = a, .b = b, .n_a = 1, .n_b = 1};
  g_autoptr(UnparkComparison) comparison = unpark_compare_new(&spec, job->cancellable, error);

  if (!comparison)
    return FALSE;
  for (guint i = 0; i < CLI_COMPARE_CELLS; i++)
    columns[i] = (UnparkReportColumn){names[i], _(cli_compare_titles[i]),
                                      i == 0             ? UNPARK_REPORT_CODE
                                      : i >= 2 && i <= 4 ? UNPARK_REPORT_REAL
                                                         : UNPARK_REPORT_TEXT};
  g_autofree char *sum = unpark_compare_sum(comparison);
  unpark_report_begin(job->report, "compare", _("Before and After"));
  add_side(job, "a", _("A, before"), &comparison->a, path);
  add_side(job, "b", _("B, after"), &comparison->b, job->name);
  unpark_report_text(job->report,
                     comparison->n_certain > 0 ? UNPARK_REPORT_NOTABLE : UNPARK_REPORT_GOOD, sum);
  unpark_report_table(job->report, "changes", _("Changes, the most certain first"), columns,
                      CLI_COMPARE_CELLS);
  for (guint i = 0; i < MIN(comparison->n_rows, MOST_ROWS); i++)
    add_row(job, &comparison->rows[i]);
  gboolean ok = cli_report_flame(job, other, error);
  unpark_report_end(job->report);
  return ok;
}
