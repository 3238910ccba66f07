/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left when an import is killed, or the disk is full: never a broken store. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
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

/* Ends by the signal, or had just ended by itself. */
static gboolean end_with(pid_t pid, int number) {
  int status;

  kill(pid, number);
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  ck_assert_msg(WIFSIGNALED(status) ? WTERMSIG(status) == number : WEXITSTATUS(status) == 0,
                "status %d", status);
  return WIFSIGNALED(status);
}

/* The rest of the bytes never comes: it does not wait for it, and leaves nothing. */
START_TEST(asked_to_end_while_reading) {
  static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
  g_autofree char *store = g_build_filename(dir, "out.unpark", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  bytes = test_read_file(trace, &size, NULL);
  signal(SIGPIPE, SIG_IGN);
  for (gsize part = 0; part < 9; part++) {
    int in;
    pid_t pid = launch(&in, ARGS("import", "-", "-o", store));

    for (gsize at = 0, n = size * (part + 1) / 10; at < n;) {
      gssize written = write(in, bytes + at, n - at);

      ck_assert_msg(written > 0, "%s", g_strerror(errno));
      at += (gsize)written;
    }
    g_usleep(part % 3 * 20000);
    ck_assert(end_with(pid, numbers[part % G_N_ELEMENTS(numbers)]));
    close(in);
    ck_assert_uint_eq(count_files(dir, "out.unpark"), 0);
  }
}
END_TEST

/* At any moment of an import into the cache: a whole store or nothing, now and not only after the
 * next run. */
START_TEST(asked_to_end_at_any_moment) {
  static const char sql[] = "SELECT complete FROM source";
  g_autofree char *stores = g_build_filename(dir, "unpark", "stores", NULL);
  gint64 begun = g_get_monotonic_time();
  gint64 whole;
  guint n_ended = 0;

  ck_assert_int_eq(run(dir, NULL, NULL, NULL, ARGS("query", trace, sql)), 0);
  whole = g_get_monotonic_time() - begun;
  for (gint64 i = 0; i < 24; i++) {
    g_autoptr(GDir) listing = NULL;
    const char *name;
    int in;
    pid_t pid;

    test_remove_tree(stores);
    pid = launch(&in, ARGS("query", trace, sql));
    g_usleep((gulong)(whole * i / 22));
    n_ended += end_with(pid, SIGTERM);
    close(in);
    listing = g_dir_open(stores, 0, NULL);
    while (listing && (name = g_dir_read_name(listing))) {
      g_autofree char *path = g_build_filename(stores, name, NULL);

      ck_assert_msg(!strstr(name, ".tmp") && !g_str_has_prefix(name, "import-"), "%s", name);
      if (g_str_has_suffix(name, ".unpark"))
        ck_assert(check_whole_or_none(path));
    }
  }
  ck_assert_uint_gt(n_ended, 0); /* else nothing was tested */
}
END_TEST

/* A process that is no more. */
static pid_t dead_pid(void) {
  pid_t pid = fork();

  if (pid == 0)
    _exit(0);
  ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
  return pid;
}

/* At random moments of an import to a name: a store or none, and the next import clears away what
 * was left. */
START_TEST(killed_import_to_a_name) {
  g_autofree char *store = g_build_filename(dir, "out.unpark", NULL);
  gint64 begun = g_get_monotonic_time();
  gint64 whole;
  guint n_left = 0;

  ck_assert_int_eq(run(dir, NULL, NULL, NULL, ARGS("import", trace, "-o", store)), 0);
  whole = g_get_monotonic_time() - begun;
  for (gint64 i = 0; i < 30; i++) {
    int in;
    pid_t pid;

    g_unlink(store);
    pid = launch(&in, ARGS("import", trace, "-o", store));
    g_usleep((gulong)(whole * i / 28));
    kill_and_wait(pid);
    close(in);
    check_whole_or_none(store);
    n_left += count_files(dir, "out.unpark.");
    ck_assert_int_eq(run(dir, NULL, NULL, NULL, ARGS("import", trace, "-o", store)), 0);
    ck_assert(check_whole_or_none(store));
    ck_assert_uint_eq(count_files(dir, "out.unpark."), 0);
  }
  ck_assert_uint_gt(n_left, 0); /* else nothing was tested */
}
END_TEST

/* Only what nobody writes any more goes. */
START_TEST(temporary_files_in_use) {
  g_autofree char *store = g_build_filename(dir, "out.unpark", NULL);
  g_autofree char *alive = g_strdup_printf("%s.%d-0.tmp", store, (int)getpid());
  g_autofree char *locked = g_strdup_printf("%s.%d-1.tmp", store, (int)dead_pid());
  g_autofree char *stale = g_strdup_printf("%s.%d-12.tmp", store, (int)dead_pid());
  g_autofree char *other = g_strdup_printf("%s2.%d-1.tmp", store, (int)dead_pid());
  g_autofree char *word = g_strdup_printf("%s.%d-.tmp", store, (int)dead_pid());
  const char *const kept[] = {alive, locked, other, word};
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1073741825, .l_len = 1};
  int fd;

  for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
    ck_assert(g_file_set_contents(kept[i], "x", 1, NULL));
  ck_assert(g_file_set_contents(stale, "x", 1, NULL));
  fd = open(locked, O_RDWR);
  ck_assert_int_eq(fcntl(fd, F_SETLK, &lock), 0);
  ck_assert_int_eq(run(dir, NULL, NULL, NULL, ARGS("import", trace, "-o", store)), 0);
  for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
    ck_assert_msg(g_file_test(kept[i], G_FILE_TEST_EXISTS), "%s", kept[i]);
  ck_assert(!g_file_test(stale, G_FILE_TEST_EXISTS));
  close(fd);
}
END_TEST

/* A running import holds the lock that tells that it runs. */
START_TEST(running_import_is_locked) {
  g_autofree char *store = g_build_filename(dir, "out.unpark", NULL);
  g_autofree char *bytes = NULL, *temp = NULL;
  struct flock lock = {
      .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1073741824, .l_len = 512};
  gsize size;
  int in, fd = -1;
  pid_t pid;

  bytes = test_read_file(trace, &size, NULL);
  pid = launch(&in, ARGS("import", "-", "-o", store));
  temp = g_strdup_printf("%s.%d-0.tmp", store, (int)pid);
  for (gsize at = 0, n = size / 2; at < n;) { /* more than it takes to know the format */
    gssize written = write(in, bytes + at, n - at);

    ck_assert_msg(written > 0, "%s", g_strerror(errno));
    at += (gsize)written;
  }
  for (guint i = 0; i < 500; i++) {
    fd = open(temp, O_RDWR);
    lock.l_type = F_WRLCK;
    if (fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
      break;
    if (fd >= 0)
      close(fd);
    fd = -1;
    g_usleep(20000);
  }
  ck_assert_msg(fd >= 0, "no lock on %s", temp);
  ck_assert_int_eq(lock.l_pid, pid);
  close(fd);
  kill_and_wait(pid);
  close(in);
}
END_TEST

/* ---- The cache cannot be used ------------------------------------------------------------ */

/* Root ignores what a folder allows; without these capabilities it does not. */
static void obey_permissions(gpointer data) {
  if (getuid() == 0 && (prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) != 0 ||
                        prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0) != 0))
    _exit(99);
}

/* It works all the same, and one sentence says which folder and why. */
static void expect_fallback(const char *cache, const char *named) {
  static const char sql[] = "SELECT count(*) > 100 FROM span";
  g_auto(GStrv) env = g_environ_setenv(g_get_environ(), "XDG_CACHE_HOME", cache, TRUE);
  const char *argv[] = {g_getenv("UNPARK_CLI"), "query", trace, sql, NULL};
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  env = g_environ_setenv(g_steal_pointer(&env), "TMPDIR", dir, TRUE);
  ck_assert_msg(g_spawn_sync(NULL, (char **)argv, env, 0, obey_permissions, NULL, &out, &err,
                             &status, &error),
                "%s", error ? error->message : "");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 99) {
    g_print("skipped: root cannot be made to obey permissions here\n");
    return;
  }
  ck_assert_msg(status == 0, "status %d: %s", status, err);
  ck_assert_str_eq(out, "1\n");
  ck_assert_msg(strstr(err, named) && strstr(err, "warning"), "%s", err);
  ck_assert_msg(strchr(err, '\n') == err + strlen(err) - 1, "more than one line: %s", err);
  ck_assert_uint_eq(count_files(dir, "unpark-"), 0);
}

START_TEST(cache_not_writable) {
  g_autofree char *cache = g_build_filename(dir, "cache", NULL);

  ck_assert_int_eq(g_mkdir(cache, 0555), 0);
  ck_assert_int_eq(g_chmod(cache, 0555), 0);
  expect_fallback(cache, cache);
}
END_TEST

START_TEST(cache_not_readable) {
  g_autofree char *cache = g_build_filename(dir, "cache", NULL);
  g_autofree char *stores = g_build_filename(cache, "unpark", "stores", NULL);

  ck_assert_int_eq(g_mkdir_with_parents(stores, 0755), 0);
  ck_assert_int_eq(g_chmod(stores, 0311), 0);
  expect_fallback(cache, stores);
}
END_TEST

START_TEST(file_for_a_cache) {
  g_autofree char *cache = g_build_filename(dir, "cache", NULL);
  g_autofree char *unpark = g_build_filename(cache, "unpark", NULL);

  ck_assert(g_file_set_contents(cache, "x", 1, NULL));
  expect_fallback(cache, cache);
  g_unlink(cache);
  ck_assert_int_eq(g_mkdir(cache, 0755), 0);
  ck_assert(g_file_set_contents(unpark, "x", 1, NULL));
  expect_fallback(cache, unpark);
}
END_TEST

/* Neither the cache nor a temporary folder: an error that names the folder. */
START_TEST(no_place_at_all) {
  g_autofree char *file = g_build_filename(dir, "file", NULL);
  g_autofree char *err = NULL;
  static const char sql[] = "SELECT 1";
  int status;

  ck_assert(g_file_set_contents(file, "x", 1, NULL));
  status = run(file, NULL, NULL, &err, ARGS("query", trace, sql));
  ck_assert_msg(status == 1 && strstr(err, file), "status %d: %s", status, err);
}
END_TEST

START_TEST(store_not_writable) {
  g_autofree char *store = g_build_filename(dir, "no-such-folder", "out.unpark", NULL);
  g_autofree char *err = NULL;

  ck_assert_int_eq(run(dir, NULL, NULL, &err, ARGS("import", trace, "-o", store)), 1);
  ck_assert_msg(strstr(err, "no-such-folder"), "%s", err);
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
  /* In a mount namespace of its own: whatever becomes of the test, nothing stays mounted. */
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("tmpfs", small, "tmpfs", 0, "size=100k") != 0) {
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

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 170);
  tcase_add_test(tcase, killed_while_reading);
  tcase_add_test(tcase, killed_at_any_moment);
  tcase_add_test(tcase, killed_import_to_a_name);
  tcase_add_test(tcase, asked_to_end_while_reading);
  tcase_add_test(tcase, asked_to_end_at_any_moment);
  tcase_add_test(tcase, temporary_files_in_use);
  tcase_add_test(tcase, running_import_is_locked);
  tcase_add_test(tcase, cache_not_writable);
  tcase_add_test(tcase, cache_not_readable);
  tcase_add_test(tcase, file_for_a_cache);
  tcase_add_test(tcase, no_place_at_all);
  tcase_add_test(tcase, store_not_writable);
  tcase_add_test(tcase, file_size_limit);
  tcase_add_test(tcase, full_disk);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
