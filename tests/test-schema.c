/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores of every version that is still read, and what the present version looks like.
 *
 * tests/data/stores/schema-N.unpark.zst is tests/data/expected/go1.27/annotations.trace as the last
 * program of version N imported it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/sql/schema.h"
#include "model/store/bookmarks.h"
#include "model/store/facts.h"
#include "model/store/schema.h"
#include "tests/support.h"

static TestStore *open_version(int version) {
  g_autofree char *name = g_strdup_printf("stores/schema-%d.unpark", version);
  g_autofree char *plain = g_build_filename(UNPARK_TEST_DATA, name, NULL);
  g_autofree char *path = test_find_packed(plain);
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  TestStore *store = g_new0(TestStore, 1);
  gsize size = 0;

  ck_assert_msg(path != NULL, "%s: there is no store of this version to try", plain);
  bytes = test_read_file(path, &size, &error);
  ck_assert_msg(bytes != NULL, "%s: %s", path, error ? error->message : "");
  store->dir = g_dir_make_tmp("unpark-test-XXXXXX", NULL);
  store->path = g_build_filename(store->dir, "old.unpark", NULL);
  ck_assert(g_file_set_contents(store->path, bytes, (gssize)size, NULL));
  store->store = unpark_store_open(store->path, &error);
  ck_assert_msg(store->store != NULL, "%s: %s", path, error ? error->message : "");
  return store;
}

static const struct {
  const char *sql, *answer;
} questions[] = {
    {"SELECT importer, go_version, duration_ns, event_count FROM source",
     "gotrace\tgo1.26\t200860353\t1119\n"},
    {"SELECT count(*), sum(duration_ns) FROM span", "267\t1864085385\n"},
    {"SELECT count(*) FROM goroutine", "43\n"},
    {"SELECT count(*), sum(end_ns - start_ns) FROM region", "104\t61401920\n"},
    {"SELECT name, count(*) FROM task GROUP BY name ORDER BY name", "inventory\t33\norder\t33\n"},
    {"SELECT message FROM log ORDER BY time_ns LIMIT 1", "GZ-000000\n"},
    {"SELECT count(*) FROM log", "66\n"},
    {"SELECT count(*), sum(value) FROM metric", "25\t71147528\n"},
    {"SELECT count(*) FROM proc_span", "99\n"},
    {"SELECT function FROM goroutine JOIN stack_frame ON stack = create_stack "
     "ORDER BY goroutine.id LIMIT 1",
     "runtime.traceStartReadCPU\n"},
};

START_TEST(last_versions_open) {
  g_autoptr(TestStore) old = open_version(_i);
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);

  for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) rows = test_query(old->store, questions[i].sql, &error);
    ck_assert_msg(rows != NULL, "schema %d, %s: %s", _i, questions[i].sql,
                  error ? error->message : "");
    ck_assert_str_eq(rows->str, questions[i].answer);
  }
  for (guint i = 0; i < n; i++) {
    g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", tables[i].name);
    g_autoptr(GString) rows = test_query(old->store, sql, NULL);
    ck_assert_msg(rows != NULL, "schema %d: %s cannot be read", _i, tables[i].name);
  }
}
END_TEST

START_TEST(bookmarks_of_last_versions) {
  g_autoptr(TestStore) old = open_version(_i);
  g_autoptr(GPtrArray) bookmarks = unpark_bookmarks_read(old->store, NULL);

  ck_assert(bookmarks != NULL && bookmarks->len == 1);
  ck_assert_str_eq(((UnparkBookmark *)bookmarks->pdata[0])->note, "kept");
}
END_TEST

/* Everything in a file that a reader relies on, as text. */
static char *layout(void) {
  GString *text = g_string_new(unpark_schema_sql);

  for (guint f = 0; f < UNPARK_N_FACTS; f++) {
    const UnparkFactSpec *spec = &unpark_facts[f];
    g_string_append_printf(text, "\n%s %d %d %d %d:", spec->name, spec->lane, spec->start,
                           spec->end, spec->duration);
    for (guint c = 0; c < spec->n_columns; c++)
      g_string_append_printf(text, " %s %d %d %d", spec->columns[c].name, spec->columns[c].lane,
                             spec->columns[c].duration, spec->columns[c].plain);
  }
  return g_string_free(text, FALSE);
}

/* By version: checksums of layout(). */
static const char *const layouts[] = {
    [2] = "a9cbd48b095a987372859aed76a592c0b700ad05283ad458979c94c27bbeac51",
    [3] = "f847737e8e247da8ca1a62e24ba2d4acccc50d517275a17149a597ede53c7257",
};

START_TEST(layout_belongs_to_its_version) {
  g_autofree char *text = layout();
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

  ck_assert_uint_eq(G_N_ELEMENTS(layouts), UNPARK_SCHEMA_VERSION + 1);
  if (!g_str_equal(sum, layouts[UNPARK_SCHEMA_VERSION]))
    g_printerr("%s\n", text); /* longer than a message of the suite may be */
  ck_assert_msg(g_str_equal(sum, layouts[UNPARK_SCHEMA_VERSION]),
                "What a store holds has changed: raise UNPARK_SCHEMA_VERSION, go on reading the "
                "version before (model/store/blocks.c), add a store of it to tests/data/stores and "
                "list %s here",
                sum);
}
END_TEST

START_TEST(the_version_before_is_read) {
  ck_assert_int_lt(UNPARK_SCHEMA_OLDEST, UNPARK_SCHEMA_VERSION);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("schema");
  TCase *tcase = tcase_create("schema");

  tcase_add_loop_test(tcase, last_versions_open, UNPARK_SCHEMA_OLDEST, UNPARK_SCHEMA_VERSION + 1);
  tcase_add_loop_test(tcase, bookmarks_of_last_versions, UNPARK_SCHEMA_OLDEST,
                      UNPARK_SCHEMA_VERSION + 1);
  tcase_add_test(tcase, layout_belongs_to_its_version);
  tcase_add_test(tcase, the_version_before_is_read);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
