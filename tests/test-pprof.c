/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles in protobuf form and as debug=1 text, against "go tool pprof -raw" of the same files:
 * data/profiles always; the larger collection beside the project (../shared, or $UNPARK_SHARED)
 * where it is. Then damage, ids and limits. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "importers/pprof/idmap.h"
#include "importers/pprof/kind.h"
#include "importers/pprof/pprof.h"
#include "importers/pprof/spool.h"
#include "model/base/error.h"
#include "tests/pprof-raw.h"
#include "tests/support.h"

typedef struct {
  char *profile, *raw;
} Case;

static GArray *fixtures, *collection;
static const char *data_dir;

/* NAME.raw.txt[.zst] in `expected` goes with NAME.pprof, NAME.txt or NAME itself in `profiles`. */
static void add_case(GArray *cases, const char *profiles, const char *expected, const char *name) {
  static const char *const suffixes[] = {".pprof", ".txt", ""};
  const char *end = strstr(name, ".raw.txt");
  g_autofree char *base = end ? g_strndup(name, (gsize)(end - name)) : NULL;

  for (gsize i = 0; base && i < G_N_ELEMENTS(suffixes); i++) {
    g_autofree char *file = g_strconcat(profiles, "/", base, suffixes[i], NULL);
    Case one = {test_find_packed(file), g_build_filename(expected, name, NULL)};
    if (one.profile) {
      g_array_append_val(cases, one);
      return;
    }
    g_free(one.raw);
  }
}

static void list_cases(GArray *cases, const char *profiles, const char *expected) {
  g_autoptr(GDir) dir = g_dir_open(expected, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *to = g_build_filename(profiles, name, NULL);
    g_autofree char *from = g_build_filename(expected, name, NULL);
    if (g_file_test(from, G_FILE_TEST_IS_DIR))
      list_cases(cases, to, from);
    else
      add_case(cases, profiles, expected, name);
  }
}

static char *text_of(UnparkStore *store, const char *sql) {
  g_autoptr(GError) error = NULL;
  GString *rows = test_query(store, sql, &error);

  ck_assert_msg(rows != NULL, "%s: %s", sql, error ? error->message : "");
  return g_string_free(rows, FALSE);
}

static void check_case(const Case *one) {
  gboolean stacks = strstr(one->profile, ".debug1.") == NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import(one->profile, &error);
  g_autofree char *raw = test_read_file(one->raw, NULL, NULL);
  g_autofree char *base = g_path_get_basename(one->profile);
  g_autofree char *expected = NULL, *got = NULL, *message = NULL, *kind = NULL;

  ck_assert_msg(store != NULL, "%s: %s", one->profile, error ? error->message : "");
  ck_assert_ptr_nonnull(raw);
  expected = raw_expected(raw, stacks);
  got = raw_of_store(store->store, stacks);
  message = test_compare_lines(expected, got);
  ck_assert_msg(!message, "%s: %s", one->profile, message);
  ck_assert_msg(unpark_store_source(store->store)->complete, "%s: not complete", one->profile);
  if (strstr(one->profile, "/made/"))
    return;
  /* The files are named after their kinds. */
  *strchr(base, '.') = '\0';
  kind = text_of(store->store, "SELECT kind FROM profile");
  ck_assert_str_eq(g_strstrip(kind), base);
}

START_TEST(fixture) {
  check_case(&g_array_index(fixtures, Case, _i));
}
END_TEST

START_TEST(shared) {
  check_case(&g_array_index(collection, Case, _i));
}
END_TEST

/* ---- Damage ------------------------------------------------------------------------------ */

static char *read_data(const char *name, gsize *size) {
  g_autofree char *path = g_build_filename(data_dir, "profiles", name, NULL);
  g_autoptr(GError) error = NULL;
  char *bytes = test_read_file(path, size, &error);

  ck_assert_msg(bytes != NULL, "%s: %s", path, error ? error->message : "");
  return bytes;
}

START_TEST(faults_are_counted) {
  gsize size;
  g_autofree char *bytes = read_data("made/faulty.pb", &size);
  g_autoptr(TestStore) store = test_import_bytes(bytes, size, NULL);
  g_autofree char *notes = NULL;

  ck_assert_ptr_nonnull(store);
  ck_assert(!unpark_store_source(store->store)->complete);
  notes = text_of(store->store, "SELECT name, count FROM import_note ORDER BY name");
  ck_assert_str_eq(notes, "damaged-message\t1\nrepeated-id\t1\nunknown-function\t1\n"
                          "unknown-location\t1\nunknown-string\t1\nvalue-count\t2\nzero-id\t1\n");
  ck_assert_int_eq(test_query_int(store->store, "SELECT count(*) FROM sample", -1, NULL), 3);
}
END_TEST

/* Cut anywhere, a profile either opens with a prefix of its samples and says that it is not
 * complete, or is refused; samples that came whole are there. */
START_TEST(cut_off) {
  gsize size;
  g_autofree char *bytes = read_data("go1.27/leak/heap.pprof", &size);
  gint64 last = -1;

  for (gsize n = 1; n < size; n += size / 23) {
    g_autoptr(GError) error = NULL;
    g_autoptr(TestStore) store = test_import_bytes(bytes, n, &error);
    gint64 samples;
    if (!store) {
      ck_assert_msg(error->domain == UNPARK_ERROR, "%s", error->message);
      continue;
    }
    samples = test_query_int(store->store, "SELECT count(*) FROM sample", -1, NULL);
    ck_assert_int_ge(samples, last);
    last = samples;
  }
  ck_assert_int_gt(last, 100);
}
END_TEST

START_TEST(two_profiles_in_one_file) {
  gsize size;
  g_autofree char *bytes = read_data("go1.27/leak/goroutine.pprof", &size);
  g_autofree char *twice = g_malloc(size * 2);
  g_autoptr(GError) error = NULL;
  TestStore *store;

  memcpy(twice, bytes, size);
  memcpy(twice + size, bytes, size);
  store = test_import_bytes(twice, size * 2, &error);
  ck_assert_ptr_null(store);
  ck_assert(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT));
}
END_TEST

/* 2^20 references to a location of 2^16 lines: frames are limited, the rest is there. */
START_TEST(stacks_cannot_explode) {
  g_autoptr(GByteArray) profile = g_byte_array_new();
  g_autoptr(GByteArray) lines = g_byte_array_new();
  static const guint8 head[] = {0x0a, 4, 0x08, 1, 0x10, 2, 0x32, 0, 0x32, 1, 'a', 0x32, 1, 'b'};
  static const guint8 line[] = {0x22, 2, 0x08, 1};
  guint8 field[] = {0x22, 0x80 | 2, 0x80, 0x10, 0x08, 1};
  guint8 sample[] = {0x12, 0x80 | 4, 0x80, 0x40, 0x0a, 0x80, 0x80, 0x40};
  g_autofree guint8 *ones = g_malloc(1u << 20);
  g_autoptr(TestStore) store = NULL;

  memset(ones, 1, 1u << 20);
  for (guint i = 0; i < 1u << 16; i++)
    g_byte_array_append(lines, line, sizeof line);
  g_byte_array_append(profile, head, sizeof head);
  g_byte_array_append(profile, field, sizeof field);
  g_byte_array_append(profile, lines->data, lines->len);
  g_byte_array_append(profile, sample, sizeof sample);
  g_byte_array_append(profile, ones, 1u << 20);
  store = test_import_bytes(profile->data, profile->len, NULL);
  ck_assert_ptr_nonnull(store);
  ck_assert_int_eq(test_query_int(store->store,
                                  "SELECT count(*) FROM import_note WHERE name = 'stack-limit'", -1,
                                  NULL),
                   1);
  ck_assert_int_eq(test_query_int(store->store, "SELECT count(*) FROM sample", -1, NULL), 1);
}
END_TEST

/* ---- Parts --------------------------------------------------------------------------------- */

START_TEST(ids_dense_and_scattered) {
  const guint64 scattered[] = {7, G_MAXUINT64, 1ull << 40, 7, 0};
  const guint64 dense[] = {3, 1, 2, 3};
  guint64 repeated, zero;
  UnparkIdMap map;

  unpark_id_map_build(&map, scattered, sizeof(guint64), 5, &repeated, &zero);
  ck_assert_ptr_null(map.dense);
  ck_assert_uint_eq(repeated, 1);
  ck_assert_uint_eq(zero, 1);
  ck_assert_uint_eq(unpark_id_map_find(&map, 7), 0);
  ck_assert_uint_eq(unpark_id_map_find(&map, G_MAXUINT64), 1);
  ck_assert_uint_eq(unpark_id_map_find(&map, 1ull << 40), 2);
  ck_assert_uint_eq(unpark_id_map_find(&map, 8), UNPARK_ID_MISSING);
  ck_assert_uint_eq(unpark_id_map_find(&map, 0), UNPARK_ID_MISSING);
  unpark_id_map_clear(&map);

  unpark_id_map_build(&map, dense, sizeof(guint64), 4, &repeated, &zero);
  ck_assert_ptr_nonnull(map.dense);
  ck_assert_uint_eq(repeated, 1);
  ck_assert_uint_eq(unpark_id_map_find(&map, 3), 0);
  ck_assert_uint_eq(unpark_id_map_find(&map, 0), UNPARK_ID_MISSING);
  ck_assert_uint_eq(unpark_id_map_find(&map, 4), UNPARK_ID_MISSING);
  unpark_id_map_clear(&map);

  unpark_id_map_build(&map, NULL, sizeof(guint64), 0, &repeated, &zero);
  ck_assert_uint_eq(unpark_id_map_find(&map, 1), UNPARK_ID_MISSING);
  unpark_id_map_clear(&map);
}
END_TEST

/* What goes in comes out, in memory and, when it is much, through the file. */
START_TEST(spool) {
  const guint32 sizes[] = {0, 1, 100, 300000, 3000000};
  guint8 *bytes = g_malloc(3000000);
  UnparkSpool s;
  guint32 size;
  guint n = _i ? 60 : 12;

  unpark_spool_init(&s);
  for (guint i = 0; i < n; i++) {
    memset(bytes, (int)i, 3000000);
    ck_assert(unpark_spool_add(&s, bytes, sizes[_i ? i % 5 : i % 3], NULL));
  }
  ck_assert(unpark_spool_rewind(&s, NULL));
  ck_assert(_i ? s.fd >= 0 : s.fd < 0);
  for (guint i = 0; i < n; i++) {
    const guint8 *got = unpark_spool_next(&s, &size, NULL);
    ck_assert_ptr_nonnull(got);
    ck_assert_uint_eq(size, sizes[_i ? i % 5 : i % 3]);
    ck_assert(size == 0 || (got[0] == i && got[size - 1] == i));
  }
  ck_assert_ptr_null(unpark_spool_next(&s, &size, NULL));
  unpark_spool_clear(&s);
  g_free(bytes);
}
END_TEST

START_TEST(kinds_by_file_name) {
  ck_assert_int_eq(unpark_profile_kind_of_file("/a/mutex.pprof"), UNPARK_PROFILE_MUTEX);
  ck_assert_int_eq(unpark_profile_kind_of_file("goroutineleak.pb.gz"),
                   UNPARK_PROFILE_GOROUTINELEAK);
  ck_assert_int_eq(unpark_profile_kind_of_file("/block/x.pb"), UNPARK_PROFILE_CUSTOM);
  ck_assert_int_eq(unpark_profile_kind_of_file(NULL), UNPARK_PROFILE_CUSTOM);
}
END_TEST

START_TEST(sniffs_only_profiles) {
  static const char *const others[] = {"",
                                       "\n",
                                       "\n\n\n\n\n\n",
                                       "2024-01-01 12:00:00 server",
                                       "go 1.26 trace",
                                       "{\"a\": 1}",
                                       "\n\004word",
                                       "2\n3\n4\n",
                                       "\n\0\n\0"};
  gsize size;
  g_autofree char *bytes = read_data("go1.27/leak/cpu.pprof", &size);

  for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
    ck_assert_msg(
        !unpark_importer_pprof.sniff((const guint8 *)others[i],
                                     i + 1 == G_N_ELEMENTS(others) ? 4 : strlen(others[i])),
        "%s", others[i]);
  ck_assert(unpark_importer_pprof.sniff((const guint8 *)bytes, size));
}
END_TEST

static Suite *make_suite(void) {
  Suite *suite = suite_create("pprof");
  TCase *equal = tcase_create("equal"), *damage = tcase_create("damage"),
        *parts = tcase_create("parts");

  tcase_add_loop_test(equal, fixture, 0, (int)fixtures->len);
  tcase_add_loop_test(equal, shared, 0, (int)collection->len);
  tcase_add_test(damage, faults_are_counted);
  tcase_add_test(damage, cut_off);
  tcase_add_test(damage, two_profiles_in_one_file);
  tcase_add_test(damage, stacks_cannot_explode);
  tcase_add_test(parts, ids_dense_and_scattered);
  tcase_add_loop_test(parts, spool, 0, 2);
  tcase_add_test(parts, kinds_by_file_name);
  tcase_add_test(parts, sniffs_only_profiles);
  suite_add_tcase(suite, equal);
  suite_add_tcase(suite, damage);
  suite_add_tcase(suite, parts);
  return suite;
}

int main(void) {
  g_autofree char *profiles = NULL, *shared_profiles = NULL, *shared_raw = NULL;
  SRunner *runner;
  int failed;

  data_dir = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  profiles = g_build_filename(data_dir, "profiles", NULL);
  shared_profiles = test_shared_path("profiles");
  shared_raw = test_shared_path("expected-profiles");
  fixtures = g_array_new(FALSE, FALSE, sizeof(Case));
  collection = g_array_new(FALSE, FALSE, sizeof(Case));
  list_cases(fixtures, profiles, profiles);
  list_cases(collection, shared_profiles, shared_raw);
  runner = srunner_create(make_suite());
  srunner_run_all(runner, CK_ENV);
  failed = srunner_ntests_failed(runner);
  if (fixtures->len < 20)
    failed = 1;
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
