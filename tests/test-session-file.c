/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions that name files: of a stranger, too. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "model/base/times.h"
#include "tests/support.h"
#include "ui/sources/session-file.h"

static char *folder, *path;
static GFile *session;

static void setup(void) {
  folder = g_dir_make_tmp("unpark-session-XXXXXX", NULL);
  path = g_build_filename(folder, "shop.unpark", NULL);
  session = g_file_new_for_path(path);
  g_autofree char *trace = g_build_filename(folder, "a b%.trace", NULL);
  ck_assert(g_file_set_contents(trace, "x", -1, NULL));
}

static void teardown(void) {
  g_autofree char *trace = g_build_filename(folder, "a b%.trace", NULL);
  g_unlink(trace);
  g_unlink(path);
  g_rmdir(folder);
  g_object_unref(session);
  g_free(folder);
  g_free(path);
}

static GPtrArray *read_text(const char *text, gssize size, GError **error) {
  ck_assert(g_file_set_contents(path, text, size, NULL));
  return unpark_sources_session_read(session, error);
}

START_TEST(files_are_read) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) files = read_text("[Unpark Session]\nVersion=1\n\n[File 1]\n"
                                         "Path=a b%25.trace\nMoveNs=-300000\n",
                                         -1, &error);
  ck_assert_msg(files != NULL, "%s", error ? error->message : "");
  ck_assert_uint_eq(files->len, 1);
  g_autofree char *base = g_file_get_basename(files->pdata[0]);
  ck_assert_str_eq(base, "a b%.trace");
  ck_assert_int_eq(unpark_sources_file_move(files->pdata[0]), -300000);
  ck_assert(unpark_sources_session_is(session));
}
END_TEST

START_TEST(moves_stay_times) {
  g_autoptr(GPtrArray) files = read_text("[Unpark Session]\nVersion=1\n[File 1]\n"
                                         "Path=a b%25.trace\nMoveNs=9223372036854775807\n",
                                         -1, NULL);
  ck_assert_ptr_nonnull(files);
  ck_assert_int_eq(unpark_sources_file_move(files->pdata[0]), UNPARK_TIME_MAX);
}
END_TEST

static const char *const wrong[] = {
    "",
    "[Unpark Session]\n",
    "[Unpark Session]\nVersion=2\n[File 1]\nPath=a b%25.trace\n",
    "[Unpark Session]\nVersion=1\n",
    "[Unpark Session]\nVersion=1\n[File 2]\nPath=a b%25.trace\n",
    "[Unpark Session]\nVersion=1\n[File 1]\n",
    "[Unpark Session]\nVersion=1\n[File 1]\nPath=\n",
    "[Unpark Session]\nVersion=1\n[File 1]\nPath=a%00b\n",
    "[Unpark Session]\nVersion=1\n[File 1]\nPath=%\n",
    "[Unpark Session]\nVersion=1\n[File 1]\nPath=gone.trace\n",
    "[Unpark Session]\nVersion=1\n[File 1]\nPath=.\n",
    "[Unpark Session]\nVersion=1\n[File 1]\nPath=/dev/zero\n",
    "[Unpark Session]\nVersion=1\n[File 1]\nPath=\xff\xfe\n",
    "[Unpark Session]\nVersion=1\n[File 1\nPath=a\n",
    "no session at all",
};

START_TEST(what_is_wrong_is_refused) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(read_text(wrong[_i], -1, &error));
  ck_assert_msg(error && *error->message, "%s", wrong[_i]);
}
END_TEST

START_TEST(too_much_is_refused) {
  g_autoptr(GString) text = g_string_new("[Unpark Session]\nVersion=1\n");
  g_autoptr(GError) error = NULL;
  for (guint i = 1; i <= 65; i++)
    g_string_append_printf(text, "[File %u]\nPath=a b%%25.trace\n", i);
  ck_assert_ptr_null(read_text(text->str, (gssize)text->len, &error));
  ck_assert_ptr_nonnull(error);
  g_clear_error(&error);
  g_string_set_size(text, 300 * 1024);
  ck_assert_ptr_null(read_text(text->str, (gssize)text->len, &error));
  ck_assert_ptr_nonnull(error);
}
END_TEST

/* A pipe is not waited for. */
START_TEST(pipes_are_refused) {
  g_autofree char *pipe = g_build_filename(folder, "pipe", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = g_file_new_for_path(pipe);
  ck_assert_int_eq(mkfifo(pipe, 0600), 0);
  ck_assert_ptr_null(read_text("[Unpark Session]\nVersion=1\n[File 1]\nPath=pipe\n", -1, &error));
  ck_assert_ptr_nonnull(error);
  ck_assert(!unpark_sources_session_is(file));
  g_unlink(pipe);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("session-file");
  TCase *tests = tcase_create("session-file");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, files_are_read);
  tcase_add_test(tests, moves_stay_times);
  tcase_add_loop_test(tests, what_is_wrong_is_refused, 0, G_N_ELEMENTS(wrong));
  tcase_add_test(tests, too_much_is_refused);
  tcase_add_test(tests, pipes_are_refused);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
