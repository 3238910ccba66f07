/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support.h"

#include <check.h>

#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

char *test_read_file(const char *path, gsize *size, GError **error) {
  g_autoptr(UnparkInput) in = unpark_input_open(path, error);
  g_autoptr(GString) bytes = g_string_new(NULL);

  if (!in)
    return NULL;
  for (;;) {
    gsize have;
    const guint8 *p = unpark_input_window(in, 1, &have, error);

    if (!p)
      return NULL;
    if (have == 0)
      break;
    g_string_append_len(bytes, (const char *)p, (gssize)have);
    unpark_input_consume(in, have);
  }
  if (size)
    *size = bytes->len;
  return g_string_free(g_steal_pointer(&bytes), FALSE);
}

char *test_find_packed(const char *path) {
  g_autofree char *packed = g_strconcat(path, ".zst", NULL);

  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return g_strdup(path);
  return g_file_test(packed, G_FILE_TEST_EXISTS) ? g_steal_pointer(&packed) : NULL;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw) {
  return remove(path);
}

void test_remove_tree(const char *dir) {
  nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

TestStore *test_import(const char *path, GError **error) {
  g_autoptr(TestStore) store = g_new0(TestStore, 1);

  store->dir = g_dir_make_tmp("unpark-test-XXXXXX", error);
  if (!store->dir)
    return NULL;
  store->path = g_build_filename(store->dir, "test.unpark", NULL);
  if (!unpark_import(path, store->path, FALSE, NULL, NULL, error))
    return NULL;
  store->store = unpark_store_open(store->path, error);
  return store->store ? g_steal_pointer(&store) : NULL;
}

TestStore *test_import_bytes(const void *bytes, gsize size, GError **error) {
  g_autofree char *dir = g_dir_make_tmp("unpark-test-XXXXXX", error);
  g_autofree char *path = dir ? g_build_filename(dir, "source", NULL) : NULL;
  TestStore *store = NULL;

  if (!dir)
    return NULL;
  if (g_file_set_contents(path, bytes, (gssize)size, error))
    store = test_import(path, error);
  test_remove_tree(dir);
  return store;
}

void test_store_free(TestStore *store) {
  if (!store)
    return;
  g_clear_pointer(&store->store, unpark_store_unref);
  if (store->dir)
    test_remove_tree(store->dir);
  g_free(store->dir);
  g_free(store->path);
  g_free(store);
}

static void append_text(GString *to, const char *text, gsize size) {
  for (gsize i = 0; i < size; i++)
    switch (text[i]) {
    case '\t':
      g_string_append(to, "\\t");
      break;
    case '\n':
      g_string_append(to, "\\n");
      break;
    case '\r':
      g_string_append(to, "\\r");
      break;
    case '\\':
      g_string_append(to, "\\\\");
      break;
    default:
      g_string_append_c(to, text[i]);
    }
}

static void append_value(GString *to, const UnparkValue *value) {
  char real[G_ASCII_DTOSTR_BUF_SIZE];

  switch (value->type) {
  case UNPARK_VALUE_NULL:
    break;
  case UNPARK_VALUE_INT:
    g_string_append_printf(to, "%" G_GINT64_FORMAT, value->integer);
    break;
  case UNPARK_VALUE_REAL:
    g_string_append(to, g_ascii_formatd(real, sizeof real, "%.15g", value->real));
    break;
  case UNPARK_VALUE_TEXT:
    append_text(to, value->text, value->size);
    break;
  case UNPARK_VALUE_BLOB:
    for (gsize i = 0; i < value->size; i++)
      g_string_append_printf(to, "%02x", (guint8)value->text[i]);
    break;
  }
}

static gboolean append_row(const UnparkValue *values, guint n, gpointer data) {
  GString *text = data;

  for (guint i = 0; i < n; i++) {
    if (i > 0)
      g_string_append_c(text, '\t');
    append_value(text, &values[i]);
  }
  g_string_append_c(text, '\n');
  return TRUE;
}

GString *test_query(UnparkStore *store, const char *sql, GError **error) {
  static const UnparkQuery query = {.row = append_row};
  GString *text = g_string_new(NULL);

  if (unpark_store_query(store, sql, &query, text, NULL, NULL, error))
    return text;
  g_string_free(text, TRUE);
  return NULL;
}

static gboolean take_int(const UnparkValue *values, guint n, gpointer data) {
  if (n > 0 && values[0].type == UNPARK_VALUE_INT)
    *(gint64 *)data = values[0].integer;
  return FALSE;
}

gint64 test_query_int(UnparkStore *store, const char *sql, gint64 fallback, GError **error) {
  static const UnparkQuery query = {.row = take_int};
  gint64 value = fallback;

  unpark_store_query(store, sql, &query, &value, NULL, NULL, error);
  return value;
}

/* The line at `at` of a text that ends at `end`, and the start of the next (NULL: none). */
static gsize line_size(const char *at, const char *end, const char **next) {
  const char *newline = memchr(at, '\n', (gsize)(end - at));

  *next = newline ? newline + 1 : NULL;
  return (gsize)((newline ? newline : end) - at);
}

char *test_compare_lines(const char *expected, const char *got) {
  const char *expected_end = expected + strlen(expected), *got_end = got + strlen(got);
  const char *before = NULL;
  gsize before_size = 0;

  if (strcmp(expected, got) == 0)
    return NULL;
  for (guint line = 1;; line++) {
    const char *next_expected, *next_got;
    gsize n = line_size(expected, expected_end, &next_expected);
    gsize m = line_size(got, got_end, &next_got);

    if (n != m || memcmp(expected, got, n) != 0 || !next_expected != !next_got)
      return g_strdup_printf(
          "line %u differs\n  before:   %.*s\n  expected: %.*s\n  got:      %.*s", line,
          (int)before_size, before ? before : "", (int)n, expected, (int)m, got);
    before = expected;
    before_size = n;
    if (!next_expected)
      return g_strdup("equal lines, different ends");
    expected = next_expected;
    got = next_got;
  }
}

TestStore *test_import_sample(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, "sample.trace", NULL);
  TestStore *store = test_import(path, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  return store;
}

gint64 test_value(TestStore *store, const char *format, ...) {
  g_autoptr(GError) error = NULL;
  va_list list;
  va_start(list, format);
  g_autofree char *sql = g_strdup_vprintf(format, list);
  va_end(list);
  gint64 value = test_query_int(store->store, sql, 0, &error);
  ck_assert_msg(!error, "%s: %s", sql, error ? error->message : "");
  return value;
}

double test_cpu_seconds(void) {
  struct timespec t;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int test_run_cli(const char *folder, char **out, char **err, ...) {
  g_autoptr(GPtrArray) args = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  const char *argument;
  int status;
  va_list list;

  ck_assert_msg(g_getenv("UNPARK_CLI") != NULL, "UNPARK_CLI names the program to test");
  g_ptr_array_add(args, (gpointer)g_getenv("UNPARK_CLI"));
  va_start(list, err);
  while ((argument = va_arg(list, const char *)))
    g_ptr_array_add(args, (gpointer)argument);
  va_end(list);
  g_ptr_array_add(args, NULL);
  ck_assert_msg(g_spawn_sync(folder, (char **)args->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, out,
                             err, &status, &error),
                "%s", error ? error->message : "");
  ck_assert_msg(WIFEXITED(status), "unpark-cli was ended by signal %d", WTERMSIG(status));
  return WEXITSTATUS(status);
}

void test_run_clear(TestRun *run) {
  g_free(run->out);
  g_free(run->err);
}

char *test_shared_path(const char *name) {
  const char *chosen = g_getenv("UNPARK_SHARED");
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  if (chosen)
    return g_build_filename(chosen, name, NULL);
#ifdef __SANITIZE_ADDRESS__
  return g_build_filename(data, "plain-build-only", name, NULL);
#else
  return g_build_filename(data, "..", "..", "..", "shared", name, NULL);
#endif
}

void test_exec_cli(const char *dir, const char *const *args) {
  const char *argv[16] = {g_getenv("UNPARK_CLI")};

  for (guint i = 0; args[i] && i + 2 < G_N_ELEMENTS(argv); i++)
    argv[i + 1] = args[i];
  g_setenv("XDG_CACHE_HOME", dir, TRUE);
  g_setenv("TMPDIR", dir, TRUE);
  execv(argv[0], (char **)argv);
  _exit(99);
}

static int run_suite(Suite *suite, enum fork_status fork) {
  SRunner *runner = srunner_create(suite);
  int failed;

  srunner_set_fork_status(runner, fork);
  srunner_run_all(runner, CK_ENV);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int test_run(Suite *suite) {
  return run_suite(suite, CK_FORK_GETENV);
}

int test_run_unforked(Suite *suite) {
  return run_suite(suite, CK_NOFORK);
}
