/* Hostile traces: every prefix in steps of a hundredth, and deterministic mutations of good
 * files (flipped bytes, chunks removed, repeated, moved, numbers blown up). Whatever comes, the
 * import ends in time and in bounded memory, with a store whose spans are in order or with an
 * error that names the file.
 *
 * $UNPARK_ROBUST_CASES: mutations of each file (default 40; thousands for a long run). A crash
 * leaves its case as $TMPDIR/unpark-robust-XXXXXX/case.trace. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/support.h"

#define CASE_SECONDS 20
/* Sanitizers keep freed memory for a while. */
#define PEAK_KIB_MAX ((glong)1200 * 1024)
/* Large files cost too much a case: their first part does. */
#define SEED_MAX ((gsize)40 * 1024)

static const char *const seeds[] = {
    "expected/go1.19/annotations.trace",
    "expected/go1.19/selects.trace",
    "expected/go1.21/starvation.trace",
    "expected/go1.21/leak.trace",
    "expected/go1.22/selects.trace",
    "expected/go1.22/starvation.trace",
    "expected/go1.23/annotations.trace",
    "expected/go1.23/cgo.trace",
    "expected/go1.24/starvation.trace",
    "expected/go1.26/leak-3s.trace",
    "expected/go1.26/cgo.trace",
    "expected/go1.27/annotations.trace",
    "expected/go1.27/selects.trace",
    "expected/go1.27/starvation.trace",
    "gotests/go122-annotations-stress.trace",
    "gotests/go122-gc-stress.trace",
    "gotests/go122-syscall-steal-proc-ambiguous.trace",
    "gotests/go125-sync.trace",
};

static char *dir, *case_path, *store_path;

static void setup(void) {
  dir = g_dir_make_tmp("unpark-robust-XXXXXX", NULL);
  case_path = g_build_filename(dir, "case.trace", NULL);
  store_path = g_build_filename(dir, "case.unpark", NULL);
}

static void teardown(void) {
  test_remove_tree(dir);
  g_free(dir);
  g_free(case_path);
  g_free(store_path);
}

static GByteArray *read_seed(const char *name) {
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  g_autofree char *plain = g_build_filename(data, name, NULL);
  g_autofree char *path = test_find_packed(plain);
  g_autoptr(GError) error = NULL;
  gsize size = 0;
  char *bytes = path ? test_read_file(path, &size, &error) : NULL;

  ck_assert_msg(bytes != NULL, "%s: %s", plain, error ? error->message : "not there");
  return g_byte_array_new_take((guint8 *)bytes, MIN(size, SEED_MAX));
}

/* ---- One case --------------------------------------------------------------------------- */

typedef struct {
  gint64 goroutine, end, duration;
  const char *fault;
} Order;

/* goroutine, start_ns, end_ns */
static gboolean check_span(const UnparkValue *values, guint n, gpointer data) {
  Order *order = data;

  if (values[1].integer > values[2].integer)
    order->fault = "a span ends before it starts";
  else if (values[0].integer == order->goroutine && values[1].integer < order->end)
    order->fault = "spans of a goroutine overlap";
  else if (values[2].integer > order->duration)
    order->fault = "a span ends after the trace";
  order->goroutine = values[0].integer;
  order->end = values[2].integer;
  return !order->fault;
}

static gboolean ignore_row(const UnparkValue *values, guint n, gpointer data) {
  return TRUE;
}

/* NULL: as it should be. */
static const char *check_store(void) {
  static const char *const tables[] = {"goroutine",  "proc_span", "thread_span",   "range",
                                       "metric",     "task",      "region",        "log",
                                       "cpu_sample", "stack",     "sched_latency", "import_note"};
  static const UnparkQuery spans = {.row = check_span}, rows = {.row = ignore_row};
  g_autoptr(UnparkStore) store = unpark_store_open(store_path, NULL);
  Order order = {.goroutine = G_MININT64};

  if (!store)
    return "the finished store does not open";
  order.duration = unpark_store_source(store)->duration_ns;
  if (!unpark_store_query(store,
                          "SELECT goroutine, start_ns, end_ns FROM span "
                          "ORDER BY goroutine, start_ns",
                          &spans, &order, NULL, NULL, NULL))
    return "the spans cannot be read";
  for (gsize i = 0; i < G_N_ELEMENTS(tables) && !order.fault; i++) {
    g_autofree char *sql = g_strconcat("SELECT * FROM ", tables[i], NULL);

    if (!unpark_store_query(store, sql, &rows, NULL, NULL, NULL, NULL))
      return tables[i];
  }
  return order.fault;
}

static void try_case(const char *seed, const char *what, guint number, const GByteArray *bytes) {
  g_autoptr(GError) error = NULL;
  gint64 begun = g_get_monotonic_time();
  const char *fault = NULL;
  struct rusage usage;

  ck_assert(g_file_set_contents(case_path, (const char *)bytes->data, bytes->len, NULL));
  if (unpark_import(case_path, store_path, FALSE, NULL, NULL, &error))
    fault = error ? "success with an error" : check_store();
  else if (!error)
    fault = "failure without an error";
  else if (!strstr(error->message, "case.trace"))
    fault = error->message;
  else if (g_file_test(store_path, G_FILE_TEST_EXISTS))
    fault = "a failed import left a store";
  g_unlink(store_path);
  getrusage(RUSAGE_SELF, &usage);
  ck_assert_msg(!fault, "%s, %s %u: %s", seed, what, number, fault);
  ck_assert_msg(g_get_monotonic_time() - begun < CASE_SECONDS * G_USEC_PER_SEC,
                "%s, %s %u: took too long", seed, what, number);
  ck_assert_msg(usage.ru_maxrss < PEAK_KIB_MAX, "%s, %s %u: %ld KiB of memory", seed, what, number,
                usage.ru_maxrss);
}

/* ---- Mutations --------------------------------------------------------------------------- */

static guint pick(GRand *rand, guint below) {
  return below > 0 ? (guint)g_rand_int_range(rand, 0, (gint32)below) : 0;
}

static void insert(GByteArray *bytes, guint at, const guint8 *what, guint n) {
  g_autofree guint8 *copy = g_memdup2(what, n);
  guint rest = bytes->len - at;

  g_byte_array_set_size(bytes, bytes->len + n);
  memmove(bytes->data + at + n, bytes->data + at, rest);
  memcpy(bytes->data + at, copy, n);
}

static void mutate_once(GByteArray *bytes, GRand *rand) {
  static const guint8 huge[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01};
  static const guint8 endless[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0xff};
  static const guint8 large[] = {0x80, 0x80, 0x80, 0x80, 0x08};
  guint at = pick(rand, bytes->len), n = 1 + pick(rand, 64);

  n = MIN(n, bytes->len - at); /* MIN evaluates twice */

  switch (pick(rand, 9)) {
  case 0:
    bytes->data[at] ^= (guint8)(1 << pick(rand, 8));
    break;
  case 1:
    bytes->data[at] = (guint8)pick(rand, 256);
    break;
  case 2:
    bytes->data[at] = (guint8)(bytes->data[at] + (pick(rand, 2) ? 1 : -1));
    break;
  case 3:
    g_byte_array_remove_range(bytes, at, n);
    break;
  case 4:
    insert(bytes, pick(rand, bytes->len), bytes->data + at, n);
    break;
  case 5: /* in place: the frame around it stays whole */
    n = MIN(sizeof huge, bytes->len - at);
    memcpy(bytes->data + at, huge + sizeof huge - n, n);
    break;
  case 6:
    insert(bytes, at, endless, sizeof endless);
    break;
  case 7:
    n = MIN(sizeof large, bytes->len - at);
    memcpy(bytes->data + at, large + sizeof large - n, n);
    break;
  default:
    memset(bytes->data + at, (int)pick(rand, 256), n);
  }
}

START_TEST(mutations) {
  const char *env = g_getenv("UNPARK_ROBUST_CASES");
  guint n = env ? (guint)g_ascii_strtoull(env, NULL, 10) : 40;
  g_autoptr(GByteArray) seed = read_seed(seeds[_i]);

  for (guint i = 0; i < n; i++) {
    g_autoptr(GRand) rand = g_rand_new_with_seed(i * 1000 + (guint)_i);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint times = 1 + pick(rand, i % 4 == 0 ? 30 : 4);

    g_byte_array_append(bytes, seed->data, seed->len);
    while (times-- > 0 && bytes->len > 0)
      mutate_once(bytes, rand);
    /* Half of the cases keep the header: what is behind it is of interest. */
    if (i % 2)
      memcpy(bytes->data, seed->data, MIN(16, MIN(bytes->len, seed->len)));
    try_case(seeds[_i], "mutation", i, bytes);
  }
}
END_TEST

START_TEST(prefixes) {
  g_autoptr(GByteArray) seed = read_seed(seeds[_i]);
  guint step = g_getenv("UNPARK_ROBUST_CASES") || _i % 4 == 0 ? 1 : 7;

  for (guint percent = 0; percent < 100; percent += step) {
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    g_byte_array_append(bytes, seed->data, (guint)((guint64)seed->len * percent / 100));
    try_case(seeds[_i], "prefix, percent", percent, bytes);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("robust");
  TCase *tcase = tcase_create("robust");
  SRunner *runner;
  int failed;

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, g_getenv("UNPARK_ROBUST_CASES") ? 36000 : 120);
  tcase_add_loop_test(tcase, prefixes, 0, G_N_ELEMENTS(seeds));
  tcase_add_loop_test(tcase, mutations, 0, G_N_ELEMENTS(seeds));
  suite_add_tcase(suite, tcase);
  runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
