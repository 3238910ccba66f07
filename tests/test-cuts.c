/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces that were cut off: of the reference's spans of the whole trace, as many are there as the
 * bytes before the cut tell. Spans are known by goroutine, state, reason and duration: where time
 * begins may have been cut off. `./dev bench` prints the shares for every trace at hand. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "importers/gotrace/wire.h"
#include "tests/support.h"

/* `share`: least per cent of all spans of the whole trace. */
static const struct {
  const char *name;
  guint percent, share;
} cases[] = {
    {"go1.19/gc", 50, 98},          {"go1.22/selects", 50, 34},    {"go1.22/leak-3s", 50, 74},
    {"go1.23/annotations", 40, 28}, {"go1.23/leak-3s", 30, 45},    {"go1.24/selects", 70, 66},
    {"go1.24/cgo", 80, 88},         {"go1.26/selects", 50, 44},    {"go1.26/leak-3s", 70, 79},
    {"go1.27/annotations", 50, 50}, {"go1.27/starvation", 70, 50}, {"go1.27/leak-3s", 50, 75},
};

/* "goroutine duration state reason" -> how often, of lines "goroutine start end state reason". */
static GHashTable *count_spans(const char *lines) {
  GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) rows = g_strsplit(lines, "\n", -1);

  for (char **row = rows; *row; row++) {
    g_auto(GStrv) cells = g_strsplit(*row, "\t", 5);
    gint64 start, end;
    char *key;

    if (g_strv_length(cells) < 5)
      continue;
    start = g_ascii_strtoll(cells[1], NULL, 10);
    end = g_ascii_strtoll(cells[2], NULL, 10);
    key =
        g_strdup_printf("%s %" G_GINT64_FORMAT " %s %s", cells[0], end - start, cells[3], cells[4]);
    g_hash_table_replace(counts, key,
                         GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) + 1));
  }
  return counts;
}

static char *read_data(const char *name, const char *suffix, gsize *size) {
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  g_autofree char *file = g_strconcat(name, suffix, NULL);
  g_autofree char *plain = g_build_filename(data, "expected", file, NULL);
  g_autofree char *path = test_find_packed(plain);
  char *bytes = path ? test_read_file(path, size, NULL) : NULL;

  ck_assert_msg(bytes != NULL, "%s", plain);
  return bytes;
}

START_TEST(cut) {
  gsize size, text_size;
  g_autofree char *trace = read_data(cases[_i].name, ".trace", &size);
  g_autofree char *wanted_text = read_data(cases[_i].name, ".spans.tsv", &text_size);
  g_autoptr(TestStore) store = test_import_bytes(trace, size * cases[_i].percent / 100, NULL);
  g_autoptr(GString) ours_text = NULL;
  g_autoptr(GHashTable) wanted = count_spans(wanted_text), ours = NULL;
  guint n = 0, n_found = 0;
  GHashTableIter iter;
  gpointer key, count;

  ck_assert_ptr_nonnull(store);
  ck_assert(!unpark_store_source(store->store)->complete);
  ours_text =
      test_query(store->store, "SELECT goroutine, start_ns, end_ns, state, reason FROM span", NULL);
  ours = count_spans(ours_text->str);
  g_hash_table_iter_init(&iter, wanted);
  while (g_hash_table_iter_next(&iter, &key, &count)) {
    guint there = GPOINTER_TO_UINT(g_hash_table_lookup(ours, key));

    n += GPOINTER_TO_UINT(count);
    n_found += MIN(there, GPOINTER_TO_UINT(count));
  }
  ck_assert_uint_gt(n, 0);
  ck_assert_msg(n_found * 100 >= n * cases[_i].share, "%s cut at %u %%: %u of %u spans (%u %%)",
                cases[_i].name, cases[_i].percent, n_found, n, n_found * 100 / n);
}
END_TEST

static guint64 varint(const guint8 *bytes, gsize size, gsize *at) {
  guint64 v = 0;

  for (guint shift = 0; shift < 64; shift += 7) {
    ck_assert_uint_lt(*at, size);
    guint8 b = bytes[(*at)++];
    v |= (guint64)(b & 0x7f) << shift;
    if (b < 0x80)
      break;
  }
  return v;
}

/* The end of the batch, or of the mark that ends a generation, at `at`. */
static gsize after_batch(const guint8 *bytes, gsize size, gsize at) {
  guint64 length;

  if (bytes[at] == EV_END_OF_GENERATION)
    return at + 1;
  at += bytes[at] == EV_EXPERIMENTAL_BATCH ? 2 : 1;
  for (guint i = 0; i < 3; i++)
    varint(bytes, size, &at);
  length = varint(bytes, size, &at);
  ck_assert_uint_le(length, size - at);
  return at + (gsize)length;
}

static GString *spans_of(const char *trace, gsize size, gint64 *duration_ns) {
  g_autoptr(TestStore) store = test_import_bytes(trace, size, NULL);

  ck_assert_ptr_nonnull(store);
  *duration_ns = unpark_store_source(store->store)->duration_ns;
  return test_query(store->store,
                    "SELECT goroutine, start_ns, end_ns, state, reason FROM span "
                    "ORDER BY goroutine, start_ns",
                    NULL);
}

/* A program that dies just after a generation leaves the clock of the next one, and no event. The
 * Go project's reader lets no time pass in it. */
START_TEST(head_of_a_generation) {
  gsize size, at = GOTRACE_HEADER_SIZE;
  g_autofree char *trace = read_data("go1.27/leak-3s", ".trace", &size);
  const guint8 *bytes = (const guint8 *)trace;
  gint64 whole_ns, head_ns;

  while (bytes[at] != EV_END_OF_GENERATION)
    at = after_batch(bytes, size, at);
  g_autoptr(GString) whole = spans_of(trace, ++at, &whole_ns);
  g_autoptr(GString) head = spans_of(trace, after_batch(bytes, size, at), &head_ns);
  ck_assert_uint_gt(whole->len, 0);
  ck_assert_str_eq(whole->str, head->str);
  ck_assert_int_eq(whole_ns, head_ns);
}
END_TEST

static TestStore *import_data(const char *name) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, name, NULL);
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import(path, &error);

  ck_assert_msg(store != NULL, "%s: %s", name, error ? error->message : "");
  return store;
}

static gboolean has_note(TestStore *store, const char *name, const char *text) {
  guint n;
  const UnparkNote *notes = unpark_store_notes(store->store, &n);

  for (guint i = 0; i < n; i++)
    if (strcmp(notes[i].name, name) == 0 && strstr(notes[i].detail, text) != NULL)
      return notes[i].severity != UNPARK_NOTE_INFO;
  return FALSE;
}

/* A file that was opened to append to: the first trace as it is alone, and where the next begins.
 */
START_TEST(appended) {
  static const char *const counts[] = {"SELECT count(*) FROM span", "SELECT max(end_ns) FROM span",
                                       "SELECT count(*) FROM task",
                                       "SELECT sum(duration_ns) FROM span"};
  g_autoptr(TestStore) alone = import_data("appended/plain.trace");
  g_autoptr(TestStore) both = import_data("appended/append.trace");

  for (gsize i = 0; i < G_N_ELEMENTS(counts); i++)
    ck_assert_int_eq(test_value(both, "%s", counts[i]), test_value(alone, "%s", counts[i]));
  ck_assert(has_note(both, "second-trace", "9118"));
  ck_assert(unpark_store_source(alone->store)->complete);
  ck_assert(!unpark_store_source(both->store)->complete);
}
END_TEST

/* The first format, after itself and before the second. */
START_TEST(appended_to_the_first_format) {
  g_autofree char *v1 =
      g_build_filename(UNPARK_TEST_DATA, "expected/go1.21/annotations.trace", NULL);
  g_autofree char *v2 = g_build_filename(UNPARK_TEST_DATA, "appended/plain.trace", NULL);
  g_autofree char *packed = test_find_packed(v1), *first = NULL, *second = NULL;
  gsize first_size, second_size;
  g_autoptr(GByteArray) both = g_byte_array_new();

  first = test_read_file(packed, &first_size, NULL);
  second = _i ? test_read_file(v2, &second_size, NULL) : g_memdup2(first, second_size = first_size);
  g_byte_array_append(both, (const guint8 *)first, (guint)first_size);
  g_autoptr(TestStore) alone = test_import_bytes(both->data, both->len, NULL);
  g_byte_array_append(both, (const guint8 *)second, (guint)second_size);
  g_autoptr(TestStore) store = test_import_bytes(both->data, both->len, NULL);
  g_autofree char *offset = g_strdup_printf("%" G_GSIZE_FORMAT, first_size);

  ck_assert(alone && store);
  ck_assert_int_eq(test_value(store, "SELECT count(*) FROM span"),
                   test_value(alone, "SELECT count(*) FROM span"));
  ck_assert_int_eq(test_value(store, "SELECT max(end_ns) FROM span"),
                   test_value(alone, "SELECT max(end_ns) FROM span"));
  ck_assert(has_note(store, "second-trace", offset));
}
END_TEST

START_TEST(without_stop) {
  g_autoptr(TestStore) store = import_data("damaged/nostop.trace");

  ck_assert(has_note(store, "truncated", "without trace.Stop"));
  ck_assert(!unpark_store_source(store->store)->complete);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("cuts");
  TCase *tcase = tcase_create("cuts");

  tcase_add_test(tcase, head_of_a_generation);
  tcase_add_test(tcase, appended);
  tcase_add_loop_test(tcase, appended_to_the_first_format, 0, 2);
  tcase_add_test(tcase, without_stop);
  tcase_add_loop_test(tcase, cut, 0, G_N_ELEMENTS(cases));
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
