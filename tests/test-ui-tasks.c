/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waterfall of a task as places and as text, and tasks as tables. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/filter/filter.h"
#include "ui/tasks/layout.h"
#include "ui/tasks/text.h"

static UnparkTraceLine line_at(gint64 from_ns, gint64 to_ns) {
  return (UnparkTraceLine){.from_ns = from_ns, .to_ns = to_ns, .name = "r", .category = ""};
}

START_TEST(extents) {
  const UnparkTaskTrace trace = {.from_ns = 1000, .to_ns = 2000};
  static const struct {
    gint64 from_ns, to_ns;
    double x, width;
  } cases[] = {
      {1000, 2000, 0, 100}, {1100, 1500, 10, 40}, {1500, 1500, 50, 2}, /* seen, however short */
      {2000, 2000, 98, 2},  {0, 1100, 0, 10},     {1900, G_MAXINT64, 90, 10}, {0, 500, 0, 2},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const UnparkTraceLine line = line_at(cases[i].from_ns, cases[i].to_ns);
    UnparkTaskExtent extent = unpark_task_extent(&trace, &line, 100);
    ck_assert_msg(fabs(extent.x - cases[i].x) < 1e-9 && fabs(extent.width - cases[i].width) < 1e-9,
                  "case %u: %f, %f", i, extent.x, extent.width);
  }
  /* A task of no length, and a bar of no width. */
  const UnparkTaskTrace instant = {.from_ns = 5, .to_ns = 5};
  const UnparkTraceLine line = line_at(5, 5);
  ck_assert(unpark_task_extent(&instant, &line, 100).width == 2);
  ck_assert(unpark_task_extent(&trace, &line, 0).width == 0);
}
END_TEST

START_TEST(trace_text) {
  UnparkTraceLine lines[] = {line_at(1000, 3000), line_at(1500, 2500), line_at(1700, 1700),
                             line_at(500, 1200)};
  lines[0].name = "order";
  lines[0].goroutine = 7;
  lines[1].depth = 1;
  lines[1].type = UNPARK_TRACE_REGION;
  lines[1].goroutine = 9;
  lines[2].depth = 2;
  lines[2].type = UNPARK_TRACE_LOG;
  lines[2].category = "note";
  lines[2].name = "hello";
  lines[2].goroutine = UNPARK_NONE;
  lines[3].type = UNPARK_TRACE_REGION;
  lines[3].goroutine = 9;
  const UnparkTaskTrace trace = {
      .from_ns = 1000, .to_ns = 3000, .lines = lines, .n_lines = G_N_ELEMENTS(lines)};
  g_autofree char *text = unpark_task_trace_text(&trace);
  ck_assert_str_eq(text, "order\t0\t2 µs\tG 7\n"
                         "  r\t+500 ns\t1 µs\tG 9\n"
                         "    note: hello\t+700 ns\t\n"
                         "r\t−500 ns\t700 ns\tG 9\n");
}
END_TEST

START_TEST(tables) {
  TestStore *sample = test_import_sample();
  const UnparkTaskSpec spec = {.from_ns = G_MININT64 + 1, .to_ns = G_MAXINT64};
  g_autoptr(UnparkTaskTable) table = unpark_task_table_new(sample->store, &spec, NULL, NULL);
  g_autoptr(GString) copied = g_string_new(NULL);
  unpark_task_text_head(copied, '\t');
  for (guint k = 0; k < table->n_kinds; k++)
    unpark_task_text_kind(copied, table, k, '\t');
  g_auto(GStrv) rows = g_strsplit(copied->str, "\n", -1);
  ck_assert_uint_eq(g_strv_length(rows), 1 + table->n_kinds + 1);
  g_autofree char *start = g_strdup_printf("POST /order\t%u\t0\t%ld\t", table->kinds[0].count,
                                           (long)table->kinds[0].total_ns);
  ck_assert(g_str_has_prefix(rows[1], start));
  /* Not counted yet: no numbers, rather than wrong ones. */
  ck_assert(g_str_has_suffix(rows[1], "\t\t\t\t"));
  g_autofree char *csv = unpark_task_text_csv(table);
  g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
  ck_assert_uint_eq(g_strv_length(lines), 1 + table->n_rows + 1);
  for (guint i = 0; i <= table->n_rows; i++) {
    g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
    ck_assert_uint_eq(g_strv_length(cells), 14);
  }
  test_store_free(sample);
}
END_TEST

/* Goroutines serve requests of both names: what asks of tasks is asked of each. */
START_TEST(filtered) {
  TestStore *sample = test_import_sample();
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkTrackIndex) tracks = unpark_track_index_read(sample->store, NULL, &error);
  g_autoptr(UnparkFilterResult) result =
      unpark_filter_apply(sample->store, "task:stock", tracks, NULL, &error);
  ck_assert(result != NULL && result->has_tasks);
  ck_assert_int_eq(result->tasks.n,
                   test_value(sample, "SELECT count(*) FROM task WHERE name = 'GET /stock'"));
  UnparkTaskSpec spec = {.from_ns = G_MININT64 + 1, .to_ns = G_MAXINT64};
  spec.tasks = result->tasks.ids;
  spec.n_tasks = result->tasks.n;
  g_autoptr(UnparkTaskTable) table = unpark_task_table_new(sample->store, &spec, NULL, NULL);
  ck_assert_uint_eq(table->n_rows, result->tasks.n);
  ck_assert_uint_eq(table->n_kinds, 1);
  ck_assert_str_eq(table->kinds[0].name, "GET /stock");
  test_store_free(sample);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("tasks");
  TCase *tcase = tcase_create("tasks");
  tcase_add_test(tcase, extents);
  tcase_add_test(tcase, trace_text);
  tcase_add_test(tcase, tables);
  tcase_add_test(tcase, filtered);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
