/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache of stores: identity, leases, publication, eviction, what killed processes leave. */
#include <check.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support.h"
#include "model/store/cache.h"

static char *dir, *cache_dir;

static void setup(void) {
  dir = g_dir_make_tmp("unpark-cache-XXXXXX", NULL);
  ck_assert_ptr_nonnull(dir);
  cache_dir = g_build_filename(dir, "cache", "stores", NULL);
}

static void teardown(void) {
  g_autofree char *command = g_strdup_printf("chmod -R u+rwx '%s'; rm -rf '%s'", dir, dir);

  ck_assert_int_eq(system(command), 0);
  g_clear_pointer(&dir, g_free);
  g_clear_pointer(&cache_dir, g_free);
}

static UnparkCache *open_cache(guint64 max_bytes) {
  g_autoptr(GError) error = NULL;
  UnparkCache *cache = unpark_cache_open(cache_dir, max_bytes, &error);

  ck_assert_msg(cache != NULL, "%s", error ? error->message : "");
  return cache;
}

static guint count_files(const char *prefix) {
  g_autoptr(GDir) listing = g_dir_open(cache_dir, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name(listing)))
    n += g_str_has_prefix(name, prefix);
  return n;
}

/* Puts a store of `size` bytes in the place of `key`; returns the lease on it. */
static UnparkCacheLease *publish(UnparkCache *cache, const char *key, char content, gsize size) {
  UnparkCacheLease *lease = unpark_cache_lease(cache, key, NULL);
  g_autoptr(UnparkCacheSlot) slot = unpark_cache_slot_new(cache, NULL);
  g_autofree char *bytes = g_strnfill(size, content);
  g_autoptr(GError) error = NULL;

  ck_assert_ptr_nonnull(lease);
  ck_assert_ptr_nonnull(slot);
  ck_assert(g_file_set_contents(unpark_cache_slot_path(slot), bytes, (gssize)size, NULL));
  ck_assert_msg(unpark_cache_slot_publish(slot, lease, &error), "%s", error ? error->message : "");
  return lease;
}

static gboolean has_store(const char *key) {
  g_autofree char *name = g_strconcat(key, ".unpark", NULL);
  g_autofree char *path = g_build_filename(cache_dir, name, NULL);

  return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Last use of `key`, in seconds before now. */
static void set_age(const char *key, int seconds) {
  g_autofree char *name = g_strconcat(key, ".lock", NULL);
  g_autofree char *path = g_build_filename(cache_dir, name, NULL);
  gint64 now = g_get_real_time() / G_USEC_PER_SEC;
  struct timespec times[2] = {{.tv_sec = now - seconds}, {.tv_sec = now - seconds}};

  ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

START_TEST(sizes) {
  static const struct {
    const char *text;
    gboolean ok;
    guint64 bytes;
  } cases[] = {
      {"0", TRUE, 0},
      {"1000", TRUE, 1000},
      {"4k", TRUE, 4096},
      {"8G", TRUE, G_GUINT64_CONSTANT(8) << 30},
      {"2MiB", TRUE, 2 << 20},
      {"1TB", TRUE, G_GUINT64_CONSTANT(1) << 40},
      {"", FALSE, 0},
      {"x", FALSE, 0},
      {"-1", FALSE, 0},
      {"4Q", FALSE, 0},
      {"4GG", FALSE, 0},
      {"99999999999999999999", FALSE, 0},
      {"99999999999999T", FALSE, 0},
  };
  guint64 bytes = 0;

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    ck_assert_msg(unpark_cache_parse_size(cases[i].text, &bytes) == cases[i].ok, "%s",
                  cases[i].text);
    if (cases[i].ok)
      ck_assert_uint_eq(bytes, cases[i].bytes);
  }
  g_setenv("UNPARK_CACHE_SIZE", "5M", TRUE);
  ck_assert_uint_eq(unpark_cache_size_setting(7), 5 << 20);
  g_setenv("UNPARK_CACHE_SIZE", "much", TRUE);
  ck_assert_uint_eq(unpark_cache_size_setting(7), 7);
}
END_TEST

/* Another path, size, time or inode is another file; the same one by another name is not. */
START_TEST(keys) {
  g_autofree char *a = g_build_filename(dir, "a.trace", NULL);
  g_autofree char *b = g_build_filename(dir, "b.trace", NULL);
  g_autofree char *link_name = g_build_filename(dir, "link", NULL);
  g_autofree char *dots = g_build_filename(dir, ".", "a.trace", NULL);
  g_autofree char *key = NULL, *same = NULL, *linked = NULL, *other = NULL, *changed = NULL;
  g_autoptr(GError) error = NULL;
  struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000, .tv_nsec = 1}};

  ck_assert(g_file_set_contents(a, "hello", -1, NULL));
  ck_assert(g_file_set_contents(b, "hello", -1, NULL));
  ck_assert_int_eq(symlink(a, link_name), 0);
  key = unpark_cache_key(a, NULL);
  same = unpark_cache_key(dots, NULL);
  linked = unpark_cache_key(link_name, NULL);
  other = unpark_cache_key(b, NULL);
  ck_assert_str_eq(key, same);
  ck_assert_str_eq(key, linked);
  ck_assert_str_ne(key, other);
  ck_assert_int_eq(utimensat(AT_FDCWD, a, times, 0), 0);
  changed = unpark_cache_key(a, NULL);
  ck_assert_str_ne(key, changed);
  ck_assert_ptr_null(unpark_cache_key("/nonexistent", &error));
  ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  ck_assert_ptr_null(unpark_cache_key(dir, NULL));
}
END_TEST

/* The second of two imports of one file uses the first's store, and leaves nothing behind. */
START_TEST(publish_twice) {
  g_autoptr(UnparkCache) cache = open_cache(1000);
  g_autoptr(UnparkCacheLease) first = publish(cache, "k", 'a', 10);
  g_autoptr(UnparkCacheLease) second = publish(cache, "k", 'b', 10);
  g_autofree char *content = NULL;

  ck_assert(g_file_get_contents(unpark_cache_lease_path(second), &content, NULL, NULL));
  ck_assert_str_eq(content, "aaaaaaaaaa");
  ck_assert_uint_eq(count_files("import-"), 0);
}
END_TEST

START_TEST(least_recently_used_goes) {
  g_autoptr(UnparkCache) cache = open_cache(250);

  for (int i = 0; i < 4; i++) {
    char key[] = {(char)('a' + i), '\0'};

    unpark_cache_lease_free(publish(cache, key, 'x', 100));
    set_age(key, 100 - i);
  }
  unpark_cache_lease_free(unpark_cache_lease(cache, "a", NULL)); /* used just now */
  ck_assert_uint_eq(unpark_cache_trim(cache, unpark_cache_max_bytes(cache)), 200);
  ck_assert(has_store("a"));
  ck_assert(!has_store("b"));
  ck_assert(!has_store("c"));
  ck_assert(has_store("d"));
}
END_TEST

START_TEST(in_use_stays) {
  g_autoptr(UnparkCache) cache = open_cache(0);
  UnparkCacheLease *lease = publish(cache, "a", 'x', 100);
  g_autoptr(UnparkCacheLease) again = unpark_cache_lease(cache, "a", NULL);

  ck_assert_uint_eq(unpark_cache_trim(cache, 0), 0);
  ck_assert(!unpark_cache_lease_discard(lease)); /* `again` has it */
  unpark_cache_lease_free(lease);
  ck_assert_uint_eq(unpark_cache_trim(cache, 0), 0);
  ck_assert(has_store("a"));
  ck_assert(unpark_cache_lease_discard(again));
  ck_assert(!has_store("a"));
}
END_TEST

/* A lease on a store that was never made leaves no lock file. */
START_TEST(no_litter) {
  g_autoptr(UnparkCache) cache = open_cache(1000);

  unpark_cache_lease_free(unpark_cache_lease(cache, "a", NULL));
  unpark_cache_slot_free(unpark_cache_slot_new(cache, NULL));
  ck_assert_uint_eq(count_files(""), 0);
}
END_TEST

/* What a killed import leaves is removed by whoever comes next; what a living one has is not. */
START_TEST(killed_import) {
  g_autoptr(UnparkCache) cache = open_cache(1000);
  g_autoptr(UnparkCacheSlot) living = unpark_cache_slot_new(cache, NULL);
  int ready[2];
  char byte;
  pid_t pid;

  ck_assert(g_file_set_contents(unpark_cache_slot_path(living), "x", 1, NULL));
  ck_assert_int_eq(pipe(ready), 0);
  pid = fork();
  if (pid == 0) {
    UnparkCacheSlot *slot = unpark_cache_slot_new(cache, NULL);
    g_autofree char *temp = g_strconcat(unpark_cache_slot_path(slot), ".1-0.tmp-journal", NULL);

    if (!g_file_set_contents(temp, "half", 4, NULL) || write(ready[1], "x", 1) != 1)
      _exit(1);
    for (;;)
      pause();
  }
  ck_assert_int_eq(read(ready[0], &byte, 1), 1);
  unpark_cache_free(open_cache(1000));
  ck_assert_uint_eq(count_files("import-"), 4);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  unpark_cache_free(open_cache(1000));
  ck_assert_uint_eq(count_files("import-"), 2);
  close(ready[0]);
  close(ready[1]);
}
END_TEST

START_TEST(unusable_folder) {
  g_autoptr(GError) error = NULL;
  g_autofree char *file = g_build_filename(dir, "cache", NULL);

  ck_assert(g_file_set_contents(file, "a file where the folder should be", -1, NULL));
  ck_assert_ptr_null(unpark_cache_open(cache_dir, 1000, &error));
  ck_assert_int_eq(error->domain, G_FILE_ERROR);
  ck_assert_ptr_nonnull(strstr(error->message, cache_dir));
}
END_TEST

START_TEST(read_only_folder) {
  g_autoptr(GError) error = NULL;

  if (geteuid() == 0)
    return; /* may write everywhere */
  ck_assert_int_eq(g_mkdir_with_parents(cache_dir, 0700), 0);
  ck_assert_int_eq(g_chmod(cache_dir, 0500), 0);
  ck_assert_ptr_null(unpark_cache_open(cache_dir, 1000, &error));
  ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES));
}
END_TEST

/* Many processes that lease, publish, trim and clean at once: nobody ever finds a store
 * missing or mixed up while it holds the lease. */
static void use_wildly(int seed) {
  g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)seed);

  for (int i = 0; i < 60; i++) {
    g_autoptr(UnparkCache) cache = unpark_cache_open(cache_dir, 1500, NULL);
    char key[] = {(char)('a' + g_rand_int_range(rand, 0, 4)), '\0'};
    g_autoptr(UnparkCacheLease) lease = cache ? unpark_cache_lease(cache, key, NULL) : NULL;
    g_autofree char *content = NULL;
    gsize size;

    if (!lease)
      _exit(10);
    if (!g_file_test(unpark_cache_lease_path(lease), G_FILE_TEST_EXISTS)) {
      g_autoptr(UnparkCacheSlot) slot = unpark_cache_slot_new(cache, NULL);
      g_autofree char *bytes = g_strnfill(1000, *key);

      if (!slot || !g_file_set_contents(unpark_cache_slot_path(slot), bytes, 1000, NULL) ||
          !unpark_cache_slot_publish(slot, lease, NULL))
        _exit(11);
    }
    unpark_cache_trim(cache, unpark_cache_max_bytes(cache));
    if (!g_file_get_contents(unpark_cache_lease_path(lease), &content, &size, NULL))
      _exit(12);
    if (size != 1000 || content[0] != *key || content[999] != *key)
      _exit(13);
  }
  _exit(0);
}

START_TEST(many_processes) {
  pid_t pids[6];

  for (int i = 0; i < 6; i++) {
    pids[i] = fork();
    if (pids[i] == 0)
      use_wildly(i);
  }
  for (int i = 0; i < 6; i++) {
    int status;

    ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "process %d: status %d", i,
                  WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  }
  unpark_cache_free(open_cache(0));
  ck_assert_uint_eq(count_files("import-"), 0);
}
END_TEST

/* An edit in place that gives size and time back is another file nevertheless. */
START_TEST(edit_in_place) {
  g_autofree char *a = g_build_filename(dir, "a.trace", NULL);
  struct timespec times[2];
  struct stat st;

  ck_assert(g_file_set_contents(a, "one", 3, NULL));
  g_autofree char *before = unpark_cache_key(a, NULL);
  ck_assert_int_eq(stat(a, &st), 0);
  times[0] = st.st_atim;
  times[1] = st.st_mtim;
  g_usleep(20000); /* the clock of the file system ticks */
  int fd = open(a, O_WRONLY);
  ck_assert_int_eq(write(fd, "two", 3), 3);
  close(fd);
  ck_assert_int_eq(utimensat(AT_FDCWD, a, times, 0), 0);
  g_autofree char *after = unpark_cache_key(a, NULL);
  ck_assert_str_ne(before, after);
}
END_TEST

START_TEST(folder_of_others) {
  g_autoptr(GError) error = NULL;
  UnparkCache *cache = open_cache(1000);

  unpark_cache_free(cache);
  ck_assert_int_eq(chmod(cache_dir, 0775), 0);
  ck_assert_ptr_null(unpark_cache_open(cache_dir, 1000, &error));
  ck_assert(strstr(error->message, cache_dir) != NULL);
  ck_assert_int_eq(chmod(cache_dir, 0702), 0);
  ck_assert_ptr_null(unpark_cache_open(cache_dir, 1000, NULL));
  ck_assert_int_eq(chmod(cache_dir, 0755), 0);
  unpark_cache_free(open_cache(1000));
}
END_TEST

/* In a process of its own: GLib reads the variable once. */
START_TEST(relative_cache_home) {
  g_setenv("XDG_CACHE_HOME", "relative", TRUE);
  g_autofree char *folder = unpark_cache_default_dir();
  g_autofree char *expected = g_build_filename(g_get_home_dir(), ".cache/unpark/stores", NULL);

  ck_assert_str_eq(folder, expected);
}
END_TEST

START_TEST(stamps) {
  UnparkCache *cache = open_cache(1000);
  UnparkCacheLease *lease = publish(cache, "aa", 'x', 100);

  ck_assert(!unpark_cache_lease_is_unchanged(lease));
  unpark_cache_lease_stamp(lease);
  ck_assert(unpark_cache_lease_is_unchanged(lease));
  int fd = open(unpark_cache_lease_path(lease), O_WRONLY);
  ck_assert_int_eq(pwrite(fd, "y", 1, 50), 1);
  close(fd);
  ck_assert(!unpark_cache_lease_is_unchanged(lease));
  unpark_cache_lease_free(lease);
  unpark_cache_free(cache);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("cache");
  TCase *tcase = tcase_create("cache");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, edit_in_place);
  tcase_add_test(tcase, folder_of_others);
  tcase_add_test(tcase, relative_cache_home);
  tcase_add_test(tcase, stamps);
  tcase_add_test(tcase, sizes);
  tcase_add_test(tcase, keys);
  tcase_add_test(tcase, publish_twice);
  tcase_add_test(tcase, least_recently_used_goes);
  tcase_add_test(tcase, in_use_stays);
  tcase_add_test(tcase, no_litter);
  tcase_add_test(tcase, killed_import);
  tcase_add_test(tcase, unusable_folder);
  tcase_add_test(tcase, read_only_folder);
  tcase_add_test(tcase, many_processes);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
