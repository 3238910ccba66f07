/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row a file: what it says of a trace is what SQL says, and a broken file spoils nothing. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/findings/findings.h"
#include "model/summary/paths.h"
#include "model/summary/summary.h"
#include "tests/support.h"

START_TEST(test_row) {
  g_autoptr(TestStore) s = test_import_sample();
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkSummary) row = unpark_summary_new(s->store, "sample", NULL, &error);
  g_autoptr(UnparkFindings) findings =
      unpark_findings_new(s->store, G_MININT64 + 1, G_MAXINT64, NULL, 0, NULL, &error);
  gint64 waiting = 0;
  float running = 0;

  ck_assert_msg(row != NULL, "%s", error ? error->message : "");
  ck_assert_str_eq(row->path, "sample");
  ck_assert_int_eq(row->goroutines, test_value(s, "SELECT count(*) FROM goroutine"));
  ck_assert_int_eq(row->duration_ns, test_value(s, "SELECT duration_ns FROM source"));
  ck_assert_int_eq(
      row->longest_pause_ns,
      test_value(s, "SELECT max(duration_ns) FROM range WHERE name LIKE 'stop-the-world%%'"));
  for (guint i = 0; i < UNPARK_N_WAITS; i++)
    waiting += row->waiting_ns[i];
  ck_assert_int_eq(waiting,
                   test_value(s, "SELECT sum(duration_ns) FROM span WHERE state = 'waiting'"));
  ck_assert_int_eq(row->findings[0] + row->findings[1] + row->findings[2], findings->n);
  /* The exact median, which a histogram rounds to a fifth of a percent. */
  gint64 median =
      test_value(s, "SELECT duration_ns FROM sched_latency ORDER BY duration_ns LIMIT 1 OFFSET "
                    "(SELECT (count(*) - 1) / 2 FROM sched_latency)");
  ck_assert_int_le(ABS(row->sched_p50_ns - median), median / 200 + 2);
  ck_assert_int_ge(row->sched_p99_ns, row->sched_p50_ns);
  ck_assert(row->gc_share >= 0 && row->gc_share <= 1);
  for (guint i = 0; i < UNPARK_SUMMARY_BUCKETS; i++)
    running += row->activity[i];
  ck_assert(running > 0);
}
END_TEST

/* ---- The command -------------------------------------------------------------------------------
 */

static char *make_fleet(void) {
  char *dir = g_dir_make_tmp("unpark-fleet-XXXXXX", NULL);
  g_autofree char *deeper = g_build_filename(dir, "deeper", NULL);
  g_autofree char *broken = g_build_filename(dir, "broken.trace", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  ck_assert(g_file_get_contents(UNPARK_TEST_DATA "/sample.trace", &bytes, &size, NULL));
  ck_assert_int_eq(g_mkdir(deeper, 0777), 0);
  for (guint i = 0; i < 12; i++) {
    g_autofree char *name = g_strdup_printf("%s/instance \t%u.trace", i % 2 ? dir : deeper, i);
    ck_assert(g_file_set_contents(name, bytes, (gssize)size, NULL));
  }
  ck_assert(g_file_set_contents(broken, "nothing", -1, NULL));
  return dir;
}

static guint count_lines(const char *text) {
  guint n = 0;

  for (; (text = strchr(text, '\n')); text++)
    n++;
  return n;
}

START_TEST(test_command) {
  g_autofree char *dir = make_fleet();
  g_autofree char *to = g_build_filename(dir, "summary.parquet", NULL);
  g_autofree char *out = NULL, *err = NULL, *json = NULL, *err2 = NULL, *none = NULL, *err3 = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  ck_assert_int_eq(test_run_cli(NULL, &out, &err, "summary", dir, "--format", "tsv", NULL), 0);
  ck_assert_uint_eq(count_lines(out), 13);
  ck_assert(g_str_has_prefix(out, "path\tkind\tprogram\t"));
  ck_assert_msg(strstr(err, "broken.trace") != NULL, "%s", err);
  ck_assert_ptr_nonnull(strstr(out, "instance \\t3.trace\ttrace\t"));

  ck_assert_int_eq(test_run_cli(NULL, &json, &err2, "summary", dir, "--format", "json", NULL), 0);
  ck_assert_uint_eq(count_lines(json), 14);
  ck_assert_ptr_nonnull(strstr(json, "\"longest_pause_ns\":"));

  ck_assert_int_eq(test_run_cli(NULL, &none, &err3, "summary", dir, "-o", to, NULL), 0);
  ck_assert_str_eq(none, "");
  ck_assert(g_file_get_contents(to, &bytes, &size, NULL));
  ck_assert(size > 12 && memcmp(bytes, "PAR1", 4) == 0 && memcmp(bytes + size - 4, "PAR1", 4) == 0);
  test_remove_tree(dir);
}
END_TEST

START_TEST(test_all_broken) {
  g_autofree char *dir = g_dir_make_tmp("unpark-fleet-XXXXXX", NULL);
  g_autofree char *broken = g_build_filename(dir, "broken.trace", NULL);
  g_autofree char *out = NULL, *err = NULL;

  ck_assert(g_file_set_contents(broken, "nothing", -1, NULL));
  ck_assert_int_eq(test_run_cli(NULL, &out, &err, "summary", broken, NULL), 3);
  test_remove_tree(dir);
}
END_TEST

START_TEST(test_paths) {
  g_autofree char *dir = make_fleet();
  g_autofree char *loop = g_build_filename(dir, "deeper", "loop", NULL);
  g_autofree char *hidden = g_build_filename(dir, ".hidden", NULL);
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GError) error = NULL;

  ck_assert_int_eq(symlink("..", loop), 0);
  ck_assert(g_file_set_contents(hidden, "", 0, NULL));
  ck_assert(unpark_paths_add(paths, dir, NULL, &error));
  ck_assert_uint_eq(paths->len, 13);
  for (guint i = 1; i < paths->len; i++)
    ck_assert_ptr_null(strstr(paths->pdata[i], "loop"));
  test_remove_tree(dir);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("summary");
  TCase *all = tcase_create("all");

  tcase_add_test(all, test_row);
  tcase_add_test(all, test_command);
  tcase_add_test(all, test_all_broken);
  tcase_add_test(all, test_paths);
  suite_add_tcase(suite, all);
  return test_run(suite);
}
