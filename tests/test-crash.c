/* What is left when an import is killed, or the disk is full: never a broken store. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support.h"

static char *dir, *trace;

static void setup(void) {
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;

  dir = g_dir_make_tmp("unpark-crash-XXXXXX", NULL);
  trace = g_build_filename(data, "sample.trace", NULL);
  ck_assert_ptr_nonnull(dir);
  ck_assert_msg(g_getenv("UNPARK_CLI") != NULL, "UNPARK_CLI names the program to test");
}

static void teardown(void) {
  test_remove_tree(dir);
  g_clear_pointer(&dir, g_free);
  g_clear_pointer(&trace, g_free);
}

/* Starts unpark-cli with the cache in `dir`; *in: where to write its standard input. */
static pid_t launch(int *in, const char *const *args) {
  g_auto(GStrv) env = g_environ_setenv(g_get_environ(), "XDG_CACHE_HOME", dir, TRUE);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  GPid pid;

  g_ptr_array_add(argv, (gpointer)g_getenv("UNPARK_CLI"));
  for (gsize i = 0; args[i]; i++)
    g_ptr_array_add(argv, (gpointer)args[i]);
  g_ptr_array_add(argv, NULL);
  ck_assert_msg(g_spawn_async_with_pipes(NULL, (char **)argv->pdata, env,
                                         G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                                             G_SPAWN_STDERR_TO_DEV_NULL,
                                         NULL, NULL, &pid, in, NULL, NULL, &error),
                "%s", error ? error->message : "");
  return pid;
}

/* Runs it to its end; `out` and `err` may be NULL. Returns the exit status. */
static int run(const char *cache, GSpawnChildSetupFunc child_setup, char **out, char **err,
               const char *const *args) {
  g_auto(GStrv) env = g_environ_setenv(g_get_environ(), "XDG_CACHE_HOME", cache, TRUE);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  int status;

  env = g_environ_setenv(g_steal_pointer(&env), "TMPDIR", cache, TRUE);
  g_ptr_array_add(argv, (gpointer)g_getenv("UNPARK_CLI"));
  for (gsize i = 0; args[i]; i++)
    g_ptr_array_add(argv, (gpointer)args[i]);
  g_ptr_array_add(argv, NULL);
  ck_assert_msg(g_spawn_sync(NULL, (char **)argv->pdata, env, 0, child_setup, NULL, out, err,
                             &status, &error),
                "%s", error ? error->message : "");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void kill_and_wait(pid_t pid) {
  kill(pid, SIGKILL);
  ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* Either there is nothing at `path`, or a whole store. */
static gboolean check_whole_or_none(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkStore) store = NULL;

  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return FALSE;
  store = unpark_store_open(path, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  ck_assert_uint_gt(unpark_store_span_count(store), 0);
  return TRUE;
}

static guint count_files(const char *path, const char *prefix) {
  g_autoptr(GDir) listing = g_dir_open(path, 0, NULL);
  const char *name;
  guint n = 0;

  while (listing && (name = g_dir_read_name(listing)))
    n += g_str_has_prefix(name, prefix);
  return n;
}

/* In the middle of the bytes: what is at the store's name is never half a store. */
START_TEST(killed_while_reading) {
  g_autofree char *store = g_build_filename(dir, "out.unpark", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  bytes = test_read_file(trace, &size, NULL);
  for (gsize part = 0; part < 12; part++) {
    int in;
    pid_t pid = launch(&in, ARGS("import", "-", "-o", store));

    signal(SIGPIPE, SIG_IGN);
    for (gsize at = 0, n = size * part / 12; at < n;) {
      gssize written = write(in, bytes + at, n - at);

      ck_assert_msg(written > 0, "%s", g_strerror(errno));
      at += (gsize)written;
    }
    g_usleep(part % 3 * 20000);
    kill_and_wait(pid);
    close(in);
    ck_assert(!check_whole_or_none(store));
  }
}
END_TEST

/* At any moment of an import into the cache, up to the very end: the next opening is right, and
 * clears away what was left. */
START_TEST(killed_at_any_moment) {
  static const char sql[] = "SELECT complete, (SELECT count(*) > 100 FROM span) FROM source";
  g_autofree char *stores = g_build_filename(dir, "unpark", "stores", NULL);
  g_autofree char *first = NULL;
  gint64 begun = g_get_monotonic_time();
  gint64 whole;

  ck_assert_int_eq(run(dir, NULL, &first, NULL, ARGS("query", trace, sql)), 0);
  whole = g_get_monotonic_time() - begun;
  for (gint64 i = 0; i < 24; i++) {
    g_autofree char *out = NULL, *err = NULL;
    int in;
    pid_t pid;

    test_remove_tree(stores);
    pid = launch(&in, ARGS("query", trace, sql));
    g_usleep((gulong)(whole * i / 22));
    kill_and_wait(pid);
    close(in);
    ck_assert_int_eq(run(dir, NULL, &out, &err, ARGS("query", trace, sql)), 0);
    ck_assert_str_eq(out, "1\t1\n");
    ck_assert_str_eq(err, "");
    ck_assert_uint_eq(count_files(stores, "import-"), 0);
  }
}
END_TEST

/* ---- The disk is full -------------------------------------------------------------------- */

static void limit_file_size(gpointer data) {
  struct rlimit limit = {20000, 20000};

  signal(SIGXFSZ, SIG_IGN); /* writing fails instead */
  setrlimit(RLIMIT_FSIZE, &limit);
}

static void expect_refused(int status, const char *err, const char *store) {
  ck_assert_msg(status == 1, "status %d: %s", status, err);
  ck_assert_msg(strlen(err) > 20, "%s", err);
  ck_assert_msg(strstr(err, "out.unpark") || strstr(err, "disk") || strstr(err, "space"),
                "the message names neither the store nor the disk: %s", err);
  ck_assert(!g_file_test(store, G_FILE_TEST_EXISTS));
}

START_TEST(file_size_limit) {
  g_autofree char *store = g_build_filename(dir, "out.unpark", NULL);
  g_autofree char *err = NULL;
  int status;

  status = run(dir, limit_file_size, NULL, &err, ARGS("import", trace, "-o", store));
  expect_refused(status, err, store);
  ck_assert_uint_eq(count_files(dir, "out.unpark"), 0);
}
END_TEST

/* A file system of 100 KiB. */
START_TEST(full_disk) {
  g_autofree char *small = g_build_filename(dir, "small", NULL);
  g_autofree char *store = g_build_filename(small, "out.unpark", NULL);
  g_autofree char *err = NULL, *query_err = NULL;
  static const char sql[] = "SELECT 1";
  int status, query_status;

  ck_assert_int_eq(g_mkdir(small, 0700), 0);
  if (mount("tmpfs", small, "tmpfs", 0, "size=100k") != 0) {
    g_print("full_disk: skipped: a file system to fill cannot be mounted: %s\n", g_strerror(errno));
    return;
  }
  status = run(dir, NULL, NULL, &err, ARGS("import", trace, "-o", store));
  query_status = run(small, NULL, NULL, &query_err, ARGS("query", trace, sql));
  expect_refused(status, err, store);
  ck_assert_msg(query_status == 1 && strlen(query_err) > 20, "status %d: %s", query_status,
                query_err);
  ck_assert_uint_eq(count_files(small, "out.unpark"), 0);
  ck_assert_int_eq(umount2(small, MNT_DETACH), 0);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("crash");
  TCase *tcase = tcase_create("crash");
  SRunner *runner;
  int failed;

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 170);
  tcase_add_test(tcase, killed_while_reading);
  tcase_add_test(tcase, killed_at_any_moment);
  tcase_add_test(tcase, file_size_limit);
  tcase_add_test(tcase, full_disk);
  suite_add_tcase(suite, tcase);
  runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
