/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bookmarks in a finished store, and the store as a file of its own. */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/store/bookmarks.h"
#include "tests/why/script.h"

static const char script[] = "0 1 begin; 0 1 run; 2 1 wait sync; 10 0 stop";

static gint64 write_one(UnparkStore *store, gint64 id, gint64 time_ns, gint64 goroutine,
                        const char *note) {
  const UnparkBookmark bookmark = {id, time_ns, goroutine, (char *)note};
  g_autoptr(GError) error = NULL;
  ck_assert_msg(unpark_bookmarks_write(store, &bookmark, &id, &error), "%s",
                error ? error->message : "");
  return id;
}

/* "ID TIME GOROUTINE NOTE" of each, joined by "; ". */
static char *all_text(UnparkStore *store) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = unpark_bookmarks_read(store, &error);
  GString *text = g_string_new(NULL);
  ck_assert_msg(all != NULL, "%s", error ? error->message : "");
  for (guint i = 0; i < all->len; i++) {
    const UnparkBookmark *b = all->pdata[i];
    g_string_append_printf(text, "%s%d %d %d %s", i ? "; " : "", (int)b->id, (int)b->time_ns,
                           b->goroutine == UNPARK_NONE ? -1 : (int)b->goroutine, b->note);
  }
  return g_string_free(text, FALSE);
}

static void expect(UnparkStore *store, const char *expected) {
  g_autofree char *text = all_text(store);
  ck_assert_str_eq(text, expected);
}

START_TEST(test_changes) {
  g_autoptr(TestStore) made = made_script(script);
  expect(made->store, "");
  ck_assert_int_eq(write_one(made->store, 0, 5, 1, "stuck"), 1);
  ck_assert_int_eq(write_one(made->store, 0, 3, UNPARK_NONE, "für später, 稍后"), 2);
  expect(made->store, "2 3 -1 für später, 稍后; 1 5 1 stuck");
  write_one(made->store, 1, 5, 1, "stuck here");
  expect(made->store, "2 3 -1 für später, 稍后; 1 5 1 stuck here");
  ck_assert(unpark_bookmarks_remove(made->store, 2, NULL));
  expect(made->store, "1 5 1 stuck here");
  ck_assert_int_eq(write_one(made->store, 2, 3, UNPARK_NONE, "back"), 2);
  expect(made->store, "2 3 -1 back; 1 5 1 stuck here");
}
END_TEST

START_TEST(test_reopened) {
  g_autoptr(TestStore) made = made_script(script);
  g_autoptr(GError) error = NULL;
  write_one(made->store, 0, 5, 1, "stuck");
  g_autoptr(UnparkStore) again = unpark_store_open(made->path, &error);
  ck_assert_ptr_nonnull(again);
  expect(again, "1 5 1 stuck");
  /* The store goes on being read by those who have it open. */
  ck_assert_int_eq(test_query_int(made->store, "SELECT count(*) FROM bookmark", -1, NULL), 1);
  ck_assert_int_eq(test_query_int(made->store, "SELECT count(*) FROM span", -1, NULL), 3);
}
END_TEST

START_TEST(test_failure) {
  g_autoptr(TestStore) made = made_script(script);
  g_autoptr(GError) error = NULL;
  const UnparkBookmark bookmark = {0, 5, 1, (char *)"stuck"};
  ck_assert_int_eq(g_unlink(made->path), 0);
  ck_assert(!unpark_bookmarks_write(made->store, &bookmark, NULL, &error));
  ck_assert_ptr_nonnull(strstr(error->message, made->path));
}
END_TEST

START_TEST(test_save_as) {
  g_autoptr(TestStore) made = made_script(script);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(made->dir, "saved.unpark", NULL);
  write_one(made->store, 0, 5, 1, "stuck");
  /* Twice: what was there is replaced. */
  for (guint i = 0; i < 2; i++)
    ck_assert_msg(unpark_store_save_as(made->store, path, NULL, &error), "%s",
                  error ? error->message : "");
  ck_assert(unpark_store_is_store_file(path));
  ck_assert_int_eq(g_unlink(made->path), 0);
  g_autoptr(UnparkStore) saved = unpark_store_open(path, &error);
  ck_assert_ptr_nonnull(saved);
  expect(saved, "1 5 1 stuck");
  ck_assert_int_eq(test_query_int(saved, "SELECT count(*) FROM span", -1, NULL), 3);
}
END_TEST

static guint count_files(const char *dir) {
  g_autoptr(GDir) open = g_dir_open(dir, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(open))
    n++;
  return n;
}

START_TEST(test_save_as_fails) {
  g_autoptr(TestStore) made = made_script(script);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(made->dir, "saved.unpark", NULL);
  g_autofree char *nowhere = g_build_filename(made->dir, "no", "saved.unpark", NULL);
  g_cancellable_cancel(cancellable);
  ck_assert(!unpark_store_save_as(made->store, path, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error(&error);
  ck_assert(!unpark_store_save_as(made->store, nowhere, NULL, &error));
  ck_assert_ptr_nonnull(error);
  ck_assert_uint_eq(count_files(made->dir), 1);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("bookmarks");
  TCase *tests = tcase_create("bookmarks");
  tcase_add_test(tests, test_changes);
  tcase_add_test(tests, test_reopened);
  tcase_add_test(tests, test_failure);
  tcase_add_test(tests, test_save_as);
  tcase_add_test(tests, test_save_as_fails);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
