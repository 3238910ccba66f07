/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mutations of the fields of every format (tests/fields.h) and of stores: whatever comes of them is
 * imported or refused, everything that the window asks is asked of it, and now and then every
 * command of the program is run on it. Nothing crashes, hangs, or succeeds with an error.
 *
 *   UNPARK_MUTATE_SECONDS  of processor time (default 4)
 *   UNPARK_MUTATE_SEED     another number makes other mutations (default 1)
 *   UNPARK_MUTATE_CASE     only this one, of a message or of the name of what a crash left in
 *                          $TMPDIR/unpark-mutate-XXXXXX
 *
 * Case N of a seed is the same each time, whatever ran before it. */
#include <check.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/fields.h"
#include "tests/questions.h"
#include "tests/seeds.h"
#include "tests/support.h"

/* Of one case, in processor time. */
#define CASE_SECONDS 40
/* One case in so many is a store, and one in so many runs commands. */
#define STORE_EVERY 8
#define COMMANDS_EVERY 64

static char *dir, *case_path, *store_path;
static GPtrArray *originals; /* GByteArray; NULL: not read yet */

static guint64 number_of(const char *variable, guint64 otherwise) {
  const char *text = g_getenv(variable);
  return text && *text ? g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static void setup(void) {
  dir = g_dir_make_tmp("unpark-mutate-XXXXXX", NULL);
  store_path = g_build_filename(dir, "case.unpark", NULL);
  originals = g_ptr_array_new();
  g_ptr_array_set_size(originals, (gint)test_n_seeds);
}

static void teardown(void) {
  for (guint i = 0; i < originals->len; i++)
    if (originals->pdata[i])
      g_byte_array_unref(originals->pdata[i]);
  g_ptr_array_unref(originals);
  test_remove_tree(dir);
  g_free(dir);
  g_free(store_path);
}

static const GByteArray *original(guint i) {
  if (!originals->pdata[i])
    originals->pdata[i] = test_read_seed(test_seeds[i]);
  return originals->pdata[i];
}

/* ---- Stores ------------------------------------------------------------------------- */

static gint64 odd_number(GRand *rand) {
  static const gint64 numbers[] = {0,           1,           -1,         2,
                                   G_MAXINT32,  G_MAXUINT32, G_MAXINT64, G_MAXINT64 - 1,
                                   -G_MAXINT64, G_MININT64,  4096,       (gint64)1 << 60};

  return g_rand_boolean(rand) ? numbers[g_rand_int_range(rand, 0, G_N_ELEMENTS(numbers))]
                              : (gint64)g_rand_int_range(rand, 0, 100000);
}

/* One field of a table, or a byte of a block. */
static void mutate_store(GRand *rand) {
  static const char *const fields[][2] = {
      {"block", "fact"},        {"block", "count"},        {"block", "lane_min"},
      {"block", "lane_max"},    {"block", "time_min"},     {"block", "time_max"},
      {"block", "id"},          {"source", "kind"},        {"source", "duration_ns"},
      {"source", "byte_count"}, {"source", "event_count"}, {"source", "start_wall_ns"},
      {"import_note", "count"}, {"block_data", "data"},    {"block_data", "data"},
      {"block_data", "data"},   {"block_data", "id"},      {"import_note", "detail"},
      {"source", "path"}};
  guint which = (guint)g_rand_int_range(rand, 0, G_N_ELEMENTS(fields));
  const char *table = fields[which][0], *field = fields[which][1];
  guint at = (guint)g_rand_int_range(rand, 1, 200);
  g_autofree char *value =
      strcmp(field, "data") == 0
          ? g_strdup_printf("CAST(substr(data, 1, %u) || x'%02x' || substr(data, %u) AS BLOB)",
                            at - 1, (guint)g_rand_int_range(rand, 0, 256), at + 1)
          : g_strdup_printf("%" G_GINT64_FORMAT, odd_number(rand));
  g_autofree char *sql = g_strdup_printf(
      "UPDATE OR IGNORE %s SET %s = %s WHERE rowid = (SELECT rowid FROM %s ORDER BY "
      "rowid LIMIT 1 OFFSET %u)",
      table, field, value, table, (guint)g_rand_int_range(rand, 0, 30));
  sqlite3 *db = NULL;

  if (sqlite3_open(store_path, &db) == SQLITE_OK)
    sqlite3_exec(db, sql, NULL, NULL, NULL);
  sqlite3_close(db);
}

/* ---- The program -------------------------------------------------------------------- */

static void child(const char *const *args) {
  if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout) ||
      !freopen("/dev/null", "w", stderr))
    _exit(98);
  test_exec_cli(dir, args);
}

/* It ends by itself, with a status that it knows. */
static void run(guint64 number, const char *const *args) {
  pid_t pid = fork();
  int status;

  if (pid == 0)
    child(args);
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) <= 5,
                "case %" G_GUINT64_FORMAT ", %s %s: ended with %d", number, args[0], args[1],
                status);
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void run_commands(guint64 number, const char *path, GRand *rand) {
  g_autofree char *out = g_build_filename(dir, "flame.svg", NULL);
  g_autofree char *pprof = g_build_filename(dir, "flame.pb.gz", NULL);
  g_autofree char *report = g_build_filename(dir, "report.html", NULL);
  g_autofree char *redacted = g_build_filename(dir, "redacted.unpark", NULL);
  g_autofree char *folder = g_build_filename(dir, "tables", NULL);
  const char *const *const commands[] = {
      ARGS("info", "--no-cache", path),
      ARGS("query", "--no-cache", "--limit", "1000", path, "SELECT * FROM span"),
      ARGS("query", "--no-cache", "--format", "json", path, "SELECT * FROM stack_frame LIMIT 500"),
      ARGS("findings", "--no-cache", path),
      ARGS("findings", "--no-cache", "--format", "json", path),
      ARGS("latency", "--no-cache", path, "--what", "wait", "--by", "proc"),
      ARGS("compare", "--no-cache", path, path),
      ARGS("goroutines", "--no-cache", path, "--format", "csv"),
      ARGS("tasks", "--no-cache", path, "--by", "task"),
      ARGS("latency", "--no-cache", path, "--what", "mmu", "--by", "proc"),
      ARGS("latency", "--no-cache", path, "--what", "procs", "--format", "json"),
      ARGS("why", "--no-cache", path, "--goroutine", "1"),
      ARGS("why", "--no-cache", path, "--filter", "state:waiting"),
      ARGS("flamegraph", "--no-cache", path, "-o", out),
      ARGS("flamegraph", "--no-cache", path, "-o", pprof),
      ARGS("query", "--no-cache", "--filter", "main", path, "SELECT count(*) FROM span"),
      ARGS("report", "--no-cache", path, "-o", report),
      ARGS("report", "--no-cache", "--redact", path, "-f", "json", "-o", "-"),
      ARGS("redact", "--no-cache", path, "-o", redacted),
      ARGS("export", "--no-cache", path, "-o", folder),
      ARGS("summary", path),
      ARGS("spans", "--no-cache", "--by", "hop", path),
      ARGS("list", "--no-cache", path, "main"),
  };
  guint first = (guint)g_rand_int_range(rand, 0, G_N_ELEMENTS(commands));

  for (guint i = 0; i < 2; i++)
    run(number, commands[(first + i) % G_N_ELEMENTS(commands)]);
  test_remove_tree(folder);
}

/* ---- One case ----------------------------------------------------------------------- */

static const char *ask_store(GRand *rand) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkStore) store = unpark_store_open(store_path, &error);

  if (!store == (error == NULL))
    return "opening the store: result and error disagree";
  return store ? test_ask_everything(store, rand) : NULL;
}

static void try_case(guint64 seed, guint64 number) {
  g_autoptr(GRand) rand =
      g_rand_new_with_seed_array((const guint32[]){(guint32)seed, (guint32)number}, 2);
  guint which = (guint)g_rand_int_range(rand, 0, (gint32)test_n_seeds);
  gboolean of_store = number % STORE_EVERY == STORE_EVERY - 1;
  g_autoptr(GByteArray) bytes = NULL;
  g_autoptr(GError) error = NULL;
  double begun = test_cpu_seconds();
  const char *fault = NULL;

  case_path =
      g_strdup_printf("%s/seed-%" G_GUINT64_FORMAT "-case-%" G_GUINT64_FORMAT, dir, seed, number);
  if (of_store)
    bytes = g_byte_array_append(g_byte_array_new(), original(which)->data, original(which)->len);
  else
    bytes = test_mutate_fields(original(which), rand);
  ck_assert(g_file_set_contents_full(case_path, (const char *)bytes->data, bytes->len,
                                     G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  if (unpark_import(case_path, store_path, FALSE, NULL, NULL, &error)) {
    for (guint i = 0; of_store && i < 3; i++)
      mutate_store(rand);
    fault = error ? "success with an error" : ask_store(rand);
  } else if (!error) {
    fault = "failure without an error";
  }
  ck_assert_msg(!fault, "seed %" G_GUINT64_FORMAT ", case %" G_GUINT64_FORMAT ", %s: %s", seed,
                number, test_seeds[which], fault);
  if (number % COMMANDS_EVERY == COMMANDS_EVERY - 1)
    run_commands(number, of_store && !error ? store_path : case_path, rand);
  g_unlink(store_path);
  g_unlink(case_path);
  g_free(case_path);
  ck_assert_msg(test_cpu_seconds() - begun < CASE_SECONDS,
                "seed %" G_GUINT64_FORMAT ", case %" G_GUINT64_FORMAT ", %s: took too long", seed,
                number, test_seeds[which]);
}

START_TEST(fields) {
  guint64 seed = number_of("UNPARK_MUTATE_SEED", 1), number = 0;
  double seconds = (double)number_of("UNPARK_MUTATE_SECONDS", 4);
  double begun = test_cpu_seconds();

  if (g_getenv("UNPARK_MUTATE_CASE")) {
    try_case(seed, number_of("UNPARK_MUTATE_CASE", 0));
    return;
  }
  while (test_cpu_seconds() - begun < seconds)
    try_case(seed, number++);
  g_print("%" G_GUINT64_FORMAT " mutations of seed %" G_GUINT64_FORMAT "\n", number, seed);
}
END_TEST

/* The same number makes the same file; most files are others than they were, and a good part can
 * still be read: else only the readers' first checks would be tried. */
START_TEST(mutations_are_of_use) {
  guint n_same = 0, n_read = 0, n = 0;

  for (guint i = 0; i < test_n_seeds; i++)
    for (guint k = 0; k < 3; k++, n++) {
      g_autoptr(GRand) a = g_rand_new_with_seed(i * 100 + k), b = g_rand_new_with_seed(i * 100 + k);
      g_autoptr(GByteArray) x = test_mutate_fields(original(i), a);
      g_autoptr(GByteArray) y = test_mutate_fields(original(i), b);
      g_autoptr(TestStore) store = test_import_bytes(x->data, x->len, NULL);

      ck_assert(x->len == y->len && memcmp(x->data, y->data, x->len) == 0);
      n_same += x->len == original(i)->len && memcmp(x->data, original(i)->data, x->len) == 0;
      n_read += store != NULL;
    }
  ck_assert_msg(n_same < n / 4, "%u of %u are as they were", n_same, n);
  ck_assert_msg(n_read > n * 2 / 3, "only %u of %u can be read", n_read, n);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("mutate");
  TCase *tcase = tcase_create("mutate");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 600 + 40 * (double)number_of("UNPARK_MUTATE_SECONDS", 4));
  tcase_add_test(tcase, mutations_are_of_use);
  tcase_add_test(tcase, fields);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
