/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other programs are given of a file says, read back, what the file says: speedscope and pprof
 * that unpark writes, and the text that `pprof -raw` prints of a profile. Of data/profiles, and of
 * the larger collection if $UNPARK_SHARED names it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/flame/graph/flame.h"
#include "model/flame/picture/export.h"
#include "tests/pprof-raw.h"
#include "tests/support.h"

typedef gboolean (*Write)(const UnparkFlame *, GOutputStream *, GCancellable *, GError **);

static GPtrArray *profiles, *raws;
static const char *data_dir;

static gboolean is_profile(const char *name) {
  return g_str_has_suffix(name, ".pprof") || g_str_has_suffix(name, ".pb") ||
         g_str_has_suffix(name, ".pb.gz");
}

/* Of `expected`, "NAME.raw.txt.zst" goes with NAME.pprof or NAME in `dir`. */
static void list_files(const char *dir, const char *expected) {
  g_autoptr(GDir) open = g_dir_open(dir, 0, NULL);
  const char *name;

  while (open && (name = g_dir_read_name(open))) {
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *other = g_build_filename(expected, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
      list_files(path, other);
    } else if (is_profile(name)) {
      g_autofree char *base = g_str_has_suffix(other, ".pprof")
                                  ? g_strndup(other, strlen(other) - strlen(".pprof"))
                                  : g_strdup(other);
      g_autofree char *raw = g_strconcat(base, ".raw.txt", NULL);
      char *packed = test_find_packed(raw);
      g_ptr_array_add(profiles, g_steal_pointer(&path));
      g_ptr_array_add(raws, packed ? packed : g_strdup(""));
    }
  }
}

/* ---- Written and read ------------------------------------------------------------------ */

static GBytes *written(const UnparkFlame *flame, Write write) {
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
  g_autoptr(GError) error = NULL;
  ck_assert_msg(write(flame, out, NULL, &error), "%s", error ? error->message : "");
  ck_assert(g_output_stream_close(out, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(out));
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lines "outer;inner VALUE" in the order of their texts. */
static char *folded(const UnparkFlame *flame) {
  g_autoptr(GBytes) bytes = written(flame, unpark_flame_write_folded);
  gsize size;
  const char *text = g_bytes_get_data(bytes, &size);
  g_autofree char *copy = g_strndup(text ? text : "", size);
  g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
  qsort(lines, g_strv_length(lines), sizeof *lines, by_text);
  return g_strjoinv("\n", lines);
}

static UnparkFlame *flame_of(UnparkStore *store, const UnparkFlameSource *source) {
  UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
  g_autoptr(GError) error = NULL;
  spec.source = *source;
  UnparkFlame *flame = unpark_flame_new(store, &spec, NULL, NULL, NULL, &error);
  ck_assert_msg(flame != NULL, "%s", error ? error->message : "");
  return flame;
}

static UnparkFlameSource sample_type(gint64 index) {
  return (UnparkFlameSource){.kind = UNPARK_FLAME_SAMPLES, .profile = 1, .sample_type = index};
}

static TestStore *read_back(GBytes *bytes, const char *of) {
  g_autoptr(GError) error = NULL;
  gsize size;
  const void *data = g_bytes_get_data(bytes, &size);
  TestStore *store = test_import_bytes(data, size, &error);
  ck_assert_msg(store != NULL, "%s: %s", of, error ? error->message : "");
  ck_assert_msg(unpark_store_source(store->store)->complete, "%s: not complete", of);
  return store;
}

static void same_text(const char *expected, const char *got, const char *of) {
  g_autofree char *message = test_compare_lines(expected, got);
  ck_assert_msg(!message, "%s: %s", of, message);
}

/* ---- Profiles ---------------------------------------------------------------------------- */

/* A file of one measure: each by itself. Speedscope has no negative values, as differences do. */
START_TEST(speedscope) {
  const char *path = g_ptr_array_index(profiles, _i);
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import(path, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  if (test_value(store, "SELECT count(*) FROM sample_value WHERE value < 0") > 0)
    return;
  for (gint64 type = 0, n = test_value(store, "SELECT count(*) FROM sample_type"); type < n;
       type++) {
    const UnparkFlameSource source = sample_type(type), first = sample_type(0);
    g_autoptr(UnparkFlame) flame = flame_of(store->store, &source);
    if (flame->n_nodes == 1)
      continue;
    g_autoptr(GBytes) bytes = written(flame, unpark_flame_write_speedscope);
    g_autoptr(TestStore) back = read_back(bytes, path);
    g_autoptr(UnparkFlame) again = flame_of(back->store, &first);
    g_autofree char *expected = folded(flame), *got = folded(again);
    ck_assert_str_eq(unpark_store_source(back->store)->importer, "speedscope");
    same_text(expected, got, path);
  }
}
END_TEST

/* Without the mapping that pprof makes up where a profile has none, which begins at 0. */
static char *raw_of(const TestStore *store) {
  g_autofree char *text = raw_of_store(store->store, TRUE);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  GString *out = g_string_new(NULL);
  for (char **l = lines; *l; l++)
    if (**l && !(g_str_has_prefix(*l, "mapping ") && strstr(*l, " 0x0 0x0 0x0 ")))
      g_string_append_printf(out, "%s\n", *l);
  return g_string_free(out, FALSE);
}

/* The text has all of the profile. */
START_TEST(raw_text) {
  const char *path = g_ptr_array_index(profiles, _i), *raw = g_ptr_array_index(raws, _i);
  g_autoptr(GError) error = NULL;
  /* Of labels, the text does not say which of several values are numbers. */
  if (!*raw || strstr(path, "faulty") || strstr(path, "wall-diff"))
    return;
  g_autoptr(TestStore) store = test_import(path, &error);
  g_autoptr(TestStore) back = test_import(raw, &error);
  ck_assert_msg(store && back, "%s: %s", raw, error ? error->message : "");
  g_autofree char *expected = raw_of(store);
  g_autofree char *got = raw_of(back);
  ck_assert_str_eq(unpark_store_source(back->store)->importer, "pprof-raw");
  same_text(expected, got, raw);
}
END_TEST

/* ---- Traces -------------------------------------------------------------------------------- */

/* Delays have both types that Go's own tool writes: how often, and how long. */
START_TEST(delays) {
  static const char *const names[] = {"net", "sync", "syscall", "sched", "off-cpu", "waker"};
  g_autoptr(TestStore) store = test_import_sample();
  UnparkFlameSource source;
  ck_assert(unpark_flame_source_parse(names[_i], &source));
  g_autoptr(UnparkFlame) times = flame_of(store->store, &source);
  source.count = TRUE;
  g_autoptr(UnparkFlame) counts = flame_of(store->store, &source);
  const UnparkFlame *const expected[] = {counts, times};
  g_autoptr(GBytes) bytes = written(times, unpark_flame_write_pprof);
  g_autoptr(TestStore) back = read_back(bytes, names[_i]);
  GString *types =
      test_query(back->store, "SELECT type || '/' || unit FROM sample_type ORDER BY idx", NULL);
  ck_assert_str_eq(types->str, "contentions/count\ndelay/nanoseconds\n");
  g_string_free(types, TRUE);
  ck_assert_int_eq(
      test_value(back, "SELECT period = 1 AND period_type = 'trace' AND period_unit = 'count' "
                       "FROM profile"),
      1);
  for (gint64 type = 0; type < 2; type++) {
    UnparkFlameSource its = sample_type(type);
    g_autoptr(UnparkFlame) flame = flame_of(back->store, &its);
    g_autofree char *wanted = folded(expected[type]), *got = folded(flame);
    ck_assert_int_gt(flame->nodes[0].total, 0);
    same_text(wanted, got, names[_i]);
  }
}
END_TEST

/* As `go tool trace -pprof=TYPE` gives it of the same file, summed over all stacks. */
START_TEST(delays_of_go) {
  static const struct {
    const char *name;
    gint64 contentions, delay;
  } totals[] = {
      {"net", 2056, 5001405642},
      {"sync", 2706, 3617906309},
      {"syscall", 9300, 64417953},
      {"sched", 5510, 56918045},
  };
  g_autoptr(TestStore) store = test_import_sample();
  UnparkFlameSource source;
  ck_assert(unpark_flame_source_parse(totals[_i].name, &source));
  g_autoptr(UnparkFlame) flame = flame_of(store->store, &source);
  g_autoptr(GBytes) bytes = written(flame, unpark_flame_write_pprof);
  g_autoptr(TestStore) back = read_back(bytes, totals[_i].name);
  ck_assert_int_eq(test_value(back, "SELECT sum(value) FROM sample_value WHERE idx = 0"),
                   totals[_i].contentions);
  ck_assert_int_eq(test_value(back, "SELECT sum(value) FROM sample_value WHERE idx = 1"),
                   totals[_i].delay);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("read-back");
  TCase *tcase = tcase_create("read-back");
  g_autofree char *own = NULL, *shared = NULL, *expected = NULL;

  data_dir = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  own = g_build_filename(data_dir, "profiles", NULL);
  shared = test_shared_path("profiles");
  expected = test_shared_path("expected-profiles");
  profiles = g_ptr_array_new_with_free_func(g_free);
  raws = g_ptr_array_new_with_free_func(g_free);
  list_files(own, own);
  if (g_getenv("UNPARK_SHARED"))
    list_files(shared, expected);
  tcase_add_loop_test(tcase, speedscope, 0, (int)profiles->len);
  tcase_add_loop_test(tcase, raw_text, 0, (int)profiles->len);
  tcase_add_loop_test(tcase, delays, 0, 6);
  tcase_add_loop_test(tcase, delays_of_go, 0, 4);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
