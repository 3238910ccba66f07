/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store that grows can be read at any moment after its first commit, however much has been
 * written since. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "model/writer/writer.h"
#include "model/store/store.h"
#include "tests/support.h"

#define MOST_SWITCHES 4000000
#define ROWS 600000 /* some megabytes that nothing compresses: more than SQLite's cache */

static void switch_until_committed(UnparkWriter *w, UnparkLane *lane, gint64 *time_ns) {
  guint16 kinds[] = {unpark_writer_kind(w, UNPARK_STATE_RUNNING, 0, UNPARK_CAUSE_NONE),
                     unpark_writer_kind(w, UNPARK_STATE_WAITING, 0, UNPARK_CAUSE_NONE)};
  guint32 place = unpark_writer_place(w, 0, 0);
  for (guint i = 0; i < MOST_SWITCHES && unpark_writer_generation(w) == 0; i++)
    unpark_lane_switch(w, lane, *time_ns += 100, kinds[i % 2], 0, i % 2 ? 0 : place, UNPARK_NONE,
                       0);
  ck_assert_uint_gt(unpark_writer_generation(w), 0);
}

static void append_noise(UnparkWriter *w) {
  guint32 name = unpark_writer_string(w, "/noise", 6);
  guint64 seed = 1;
  for (guint i = 0; i < ROWS; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    const gint64 row[] = {name, i, (gint64)(seed >> 1)};
    unpark_writer_append(w, UNPARK_TABLE_METRIC, row);
  }
}

START_TEST(test_read_between_commits) {
  g_autofree char *dir = g_dir_make_tmp("unpark-live-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "live.unpark", NULL);
  g_autoptr(GError) error = NULL;
  UnparkWriter *w = unpark_writer_new(path, TRUE, &error);
  gint64 time_ns = 0;
  ck_assert_msg(w != NULL, "%s", error ? error->message : "");
  unpark_writer_set_source(w, UNPARK_SOURCE_TRACE, "test", "test", "", UNPARK_NONE);
  switch_until_committed(w, unpark_writer_lane_new(w, 1, 0, UNPARK_NONE, 0), &time_ns);
  append_noise(w);
  g_usleep(500000); /* the writer's threads go on by themselves */
  ck_assert(unpark_writer_check(w, &error));
  UnparkStore *store = unpark_store_open_live(unpark_writer_temp_path(w), &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "nothing committed");
  ck_assert_uint_gt(unpark_store_span_count(store), 0);
  unpark_store_unref(store);
  ck_assert_msg(unpark_writer_finish(w, time_ns, TRUE, &error), "%s", error ? error->message : "");
  unpark_writer_free(w);
  test_remove_tree(dir);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("live");
  TCase *tcase = tcase_create("live");
  tcase_add_test(tcase, test_read_between_commits);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
