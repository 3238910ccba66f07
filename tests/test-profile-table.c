/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of functions against what `go tool pprof -top` (1.27, -nodefraction=0) prints. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables/profile-table.h"
#include "tests/support.h"

static TestStore *import_data(const char *name) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, "profiles", name, NULL);
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import(path, &error);
  ck_assert_msg(store != NULL, "%s: %s", name, error ? error->message : "");
  return store;
}

static TestStore *import_text(const char *text) {
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import_bytes(text, strlen(text), &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  return store;
}

/* NULL: the default type. */
static UnparkProfileTable *make_table(TestStore *store, const char *type) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkProfileSummary) summary = unpark_profile_summary_new(store->store, NULL, &error);
  ck_assert_ptr_nonnull(summary);
  ck_assert_uint_gt(summary->n_types, 0);
  for (guint i = 0; i < summary->n_types; i++)
    if (!type || strcmp(summary->types[i].type, type) == 0) {
      UnparkProfileTable *table = unpark_profile_table_new(store->store, summary->types[i].profile,
                                                           summary->types[i].index, NULL, &error);
      ck_assert_msg(table != NULL, "%s", error ? error->message : "");
      return table;
    }
  ck_abort_msg("no type %s", type);
  return NULL;
}

static guint32 find_row(const UnparkProfileTable *table, const char *function) {
  for (guint i = 0; i < table->n_rows; i++)
    if (strcmp(table->rows[i].function, function) == 0)
      return i;
  ck_abort_msg("no row %s", function);
  return 0;
}

static void check_row(const UnparkProfileTable *table, const char *function, gint64 flat,
                      gint64 cumulative) {
  const UnparkProfileRow *row = &table->rows[find_row(table, function)];
  ck_assert_msg(row->flat == flat && row->cumulative == cumulative,
                "%s: flat %" G_GINT64_FORMAT ", cumulative %" G_GINT64_FORMAT, function, row->flat,
                row->cumulative);
}

static const struct {
  const char *file, *type;
  gint64 total;
  guint n_rows;
  struct {
    const char *function;
    gint64 flat, cumulative;
  } rows[8];
} tops[] = {
    {"go1.27/webshop/cpu.pprof",
     "cpu",
     390000000,
     215,
     {{"internal/runtime/syscall/linux.Syscall6", 90000000, 90000000},
      {"runtime.futex", 40000000, 40000000},
      {"runtime.(*itabTableType).find", 20000000, 20000000},
      {"runtime.nanotime", 20000000, 20000000},
      {"net/http.(*conn).serve", 0, 160000000},
      {"main.(*shop).handleOrder", 0, 130000000},
      {"net/http.(*ServeMux).ServeHTTP", 0, 130000000},
      {"net/http.HandlerFunc.ServeHTTP", 0, 130000000}}},
    {"go1.27/leak/heap.pprof",
     "inuse_space",
     3706613,
     55,
     {{"runtime/trace.(*traceMultiplexer).startLocked", 2359296, 2359296},
      {"runtime/pprof.StartCPUProfile", 1179648, 1179648},
      {"runtime.mallocgc", 141679, 141679},
      {"hash/crc32.slicingMakeTable", 9474, 9474},
      {"runtime.main", 0, 3560782},
      {"main.main", 0, 3556630},
      {"runtime/trace.(*traceMultiplexer).addedSubscriber", 0, 2359296},
      {"runtime/trace.(*traceMultiplexer).subscribeTraceStartWriter", 0, 2359296}}},
    {"go1.27/leak/goroutine.pprof",
     "goroutine",
     203,
     32,
     {{"runtime.gopark", 201, 201},
      {"runtime.goroutineProfileWithLabels", 1, 1},
      {"runtime.notetsleepg", 1, 1},
      {"main.main", 0, 1},
      {"runtime.goparkunlock", 0, 80},
      {"runtime.semacquire1", 0, 80},
      {"internal/sync.(*Mutex).Lock", 0, 40},
      {"internal/sync.(*Mutex).lockSlow", 0, 40}}},
    {"go1.19/contention/mutex.pprof",
     "delay",
     812108706,
     7,
     {{"sync.(*Mutex).Unlock", 463801550, 463801550},
      {"sync.(*RWMutex).Unlock", 334543984, 788420394},
      {"sync.(*RWMutex).RUnlock", 13763172, 13763172},
      {"main.(*ledger).read", 0, 13763172},
      {"main.contention.func1", 0, 812108706},
      {"main.(*ledger).post", 0, 788420394},
      {"context.(*cancelCtx).Err", 0, 9925140}}},
    {"go1.27/webshop/mutex.pprof",
     "contentions",
     157,
     105,
     {{"sync.(*Mutex).Unlock", 120, 120},
      {"runtime.unlock", 37, 37},
      {"_.goready.func1", 0, 1},
      {"internal/poll.(*FD).SetReadDeadline", 0, 1},
      {"net/http.(*conn).serve", 0, 109},
      {"net/http.(*Server).Serve.gowrap3", 0, 108},
      {"net/http.(*ServeMux).ServeHTTP", 0, 99},
      {"net/http.HandlerFunc.ServeHTTP", 0, 99}}},
};

START_TEST(as_pprof) {
  g_autoptr(TestStore) store = import_data(tops[_i].file);
  g_autoptr(UnparkProfileTable) table = make_table(store, tops[_i].type);
  ck_assert_int_eq(table->total, tops[_i].total);
  ck_assert_int_eq(table->magnitude, tops[_i].total);
  ck_assert_uint_eq(table->n_rows, tops[_i].n_rows);
  for (guint i = 0; i < G_N_ELEMENTS(tops[_i].rows) && tops[_i].rows[i].function; i++)
    check_row(table, tops[_i].rows[i].function, tops[_i].rows[i].flat, tops[_i].rows[i].cumulative);
  for (guint i = 1; i < table->n_rows; i++)
    ck_assert_int_ge(table->rows[i - 1].flat, table->rows[i].flat);
}
END_TEST

START_TEST(default_type_is_first) {
  static const char *const files[][2] = {{"go1.27/webshop/cpu.pprof", "cpu"},
                                         {"go1.27/leak/heap.pprof", "inuse_space"},
                                         {"go1.27/leak/allocs.pprof", "alloc_space"},
                                         {"go1.27/webshop/mutex.pprof", "delay"}};
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autoptr(TestStore) store = import_data(files[i][0]);
    g_autoptr(UnparkProfileSummary) summary = unpark_profile_summary_new(store->store, NULL, NULL);
    ck_assert(unpark_profile_exists(store->store));
    ck_assert_str_eq(summary->types[0].type, files[i][1]);
    ck_assert(summary->types[0].is_default);
    ck_assert_uint_eq(summary->n_profiles, 1);
  }
}
END_TEST

/* As `go tool pprof -peek` prints them. */
START_TEST(peek_as_pprof) {
  static const struct {
    const char *function;
    gint64 value;
  } callees[] = {{"runtime/trace.WithRegion", 90000000},
                 {"main.spin", 20000000},
                 {"encoding/json.(*Encoder).Encode", 10000000},
                 {"runtime.typeAssert", 10000000}};
  g_autoptr(TestStore) store = import_data("go1.27/webshop/cpu.pprof");
  g_autoptr(UnparkProfileTable) table = make_table(store, "cpu");
  guint32 row = find_row(table, "main.(*shop).handleOrder");
  g_autoptr(UnparkProfilePeek) peek = unpark_profile_table_peek(table, row, NULL, NULL);
  gint64 sum = 0;
  ck_assert_uint_eq(peek->n_callers, 1);
  ck_assert_str_eq(table->rows[peek->callers[0].row].function, "net/http.HandlerFunc.ServeHTTP");
  ck_assert_int_eq(peek->callers[0].value, 130000000);
  ck_assert_uint_eq(peek->n_callees, G_N_ELEMENTS(callees));
  for (guint i = 0; i < peek->n_callees; i++) {
    gboolean found = FALSE;
    for (guint k = 0; k < G_N_ELEMENTS(callees); k++)
      found |= strcmp(table->rows[peek->callees[i].row].function, callees[k].function) == 0 &&
               peek->callees[i].value == callees[k].value;
    ck_assert_msg(found, "%s", table->rows[peek->callees[i].row].function);
  }
  for (guint i = 0; i < peek->n_stacks; i++) {
    sum += peek->stacks[i].value;
    ck_assert(i == 0 || peek->stacks[i - 1].value >= peek->stacks[i].value);
    ck_assert(g_strv_contains((const char *const *)peek->stacks[i].functions,
                              "main.(*shop).handleOrder"));
  }
  ck_assert_int_eq(sum, 130000000);
}
END_TEST

START_TEST(recursion_counts_once) {
  g_autoptr(TestStore) store = import_text("main;fib;fib;fib 10\nmain;fib;odd;fib;leaf 5\n"
                                           "main;fib;odd 2\nmain;other 1\n");
  g_autoptr(UnparkProfileTable) table = make_table(store, NULL);
  ck_assert_int_eq(table->total, 18);
  check_row(table, "main", 0, 18);
  check_row(table, "fib", 10, 17);
  check_row(table, "odd", 2, 7);
  check_row(table, "leaf", 5, 5);
  g_autoptr(UnparkProfilePeek) peek =
      unpark_profile_table_peek(table, find_row(table, "fib"), NULL, NULL);
  ck_assert_uint_eq(peek->n_callers, 3);
  ck_assert_str_eq(table->rows[peek->callers[0].row].function, "main");
  ck_assert_int_eq(peek->callers[0].value, 17);
  ck_assert_str_eq(table->rows[peek->callers[1].row].function, "fib");
  ck_assert_int_eq(peek->callers[1].value, 10);
  ck_assert_str_eq(table->rows[peek->callers[2].row].function, "odd");
  ck_assert_int_eq(peek->callers[2].value, 5);
  ck_assert_uint_eq(peek->n_stacks, 3);
  ck_assert_int_eq(peek->stacks[0].value, 10);
  ck_assert_uint_eq(peek->stacks[0].n_functions, 4);
  ck_assert_str_eq(peek->stacks[1].functions[0], "leaf");
}
END_TEST

START_TEST(differences) {
  g_autoptr(TestStore) store = import_data("made/wall-diff.pb");
  g_autoptr(UnparkProfileTable) table = make_table(store, "wall");
  gint64 flat = 0;
  for (guint i = 0; i < table->n_rows; i++)
    flat += table->rows[i].flat;
  ck_assert_int_eq(flat, table->total);
  ck_assert_int_eq(table->total, 10000000);
  ck_assert_int_eq(table->magnitude, 50000000);
}
END_TEST

START_TEST(nothing) {
  g_autoptr(TestStore) store = import_data("made/empty.pb");
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkProfileTable) table = unpark_profile_table_new(store->store, 1, 99, NULL, &error);
  ck_assert_ptr_nonnull(table);
  ck_assert_uint_eq(table->n_rows, 0);
  ck_assert_int_eq(table->total, 0);
}
END_TEST

START_TEST(cancelled) {
  g_autoptr(TestStore) store = import_data("go1.27/webshop/cpu.pprof");
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_cancellable_cancel(cancellable);
  ck_assert_ptr_null(unpark_profile_table_new(store->store, 1, 0, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

#define MANY 1000000

/* A million samples of as many stacks, and one stack of a million frames. */
static UnparkStore *make_large(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkWriter) w = unpark_writer_new(path, FALSE, &error);
  guint32 frames[64], type = unpark_writer_string(w, "n", 1);
  g_autofree guint32 *deep = g_new(guint32, MANY);
  unpark_writer_set_source(w, UNPARK_SOURCE_PROFILE, "test", "test", NULL, UNPARK_NONE);
  for (guint i = 0; i < G_N_ELEMENTS(frames); i++) {
    g_autofree char *name = g_strdup_printf("f%u", i);
    frames[i] = unpark_writer_frame(w, unpark_writer_string(w, name, strlen(name)), 0, 0, FALSE);
  }
  unpark_writer_append(w, UNPARK_TABLE_PROFILE,
                       (gint64[]){1, type, UNPARK_NONE, 0, 0, UNPARK_NONE, UNPARK_NONE, type});
  unpark_writer_append(w, UNPARK_TABLE_SAMPLE_TYPE, (gint64[]){1, 0, type, type});
  for (guint i = 0; i < MANY; i++) {
    guint32 stack[8];
    for (guint k = 0; k < G_N_ELEMENTS(stack); k++)
      stack[k] = frames[(i >> (2 * k) & 3) + 4 * k];
    deep[i] = frames[i % G_N_ELEMENTS(frames)];
    unpark_writer_append(w, UNPARK_TABLE_SAMPLE,
                         (gint64[]){i + 1, 1, unpark_writer_stack(w, stack, 8)});
    unpark_writer_append(w, UNPARK_TABLE_SAMPLE_VALUE, (gint64[]){i + 1, 0, 1});
  }
  unpark_writer_append(w, UNPARK_TABLE_SAMPLE,
                       (gint64[]){MANY + 1, 1, unpark_writer_stack(w, deep, MANY)});
  unpark_writer_append(w, UNPARK_TABLE_SAMPLE_VALUE, (gint64[]){MANY + 1, 0, G_MAXINT64});
  ck_assert_msg(unpark_writer_finish(w, 0, TRUE, &error), "%s", error ? error->message : "");
  UnparkStore *store = unpark_store_open(path, &error);
  ck_assert_ptr_nonnull(store);
  return store;
}

START_TEST(large) {
  g_autofree char *dir = g_dir_make_tmp("unpark-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "large.unpark", NULL);
  g_autoptr(UnparkStore) store = make_large(path);
  double start = test_cpu_seconds();
  g_autoptr(UnparkProfileTable) table = unpark_profile_table_new(store, 1, 0, NULL, NULL);
  ck_assert_ptr_nonnull(table);
  ck_assert_uint_eq(table->n_rows, 64);
  ck_assert_uint_eq(table->n_samples, MANY + 1);
  /* The sum stops at the end of the range. */
  ck_assert_int_eq(table->total, G_MAXINT64);
  g_autoptr(UnparkProfilePeek) peek = unpark_profile_table_peek(table, 0, NULL, NULL);
  ck_assert_ptr_nonnull(peek);
  ck_assert_uint_gt(peek->stacks[0].n_omitted, 0);
  ck_assert_msg(test_cpu_seconds() - start < 10, "took too long");
  test_remove_tree(dir);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("profile-table");
  TCase *tcase = tcase_create("profile-table");

  tcase_add_loop_test(tcase, as_pprof, 0, G_N_ELEMENTS(tops));
  tcase_add_test(tcase, default_type_is_first);
  tcase_add_test(tcase, peek_as_pprof);
  tcase_add_test(tcase, recursion_counts_once);
  tcase_add_test(tcase, differences);
  tcase_add_test(tcase, nothing);
  tcase_add_test(tcase, cancelled);
  tcase_add_test(tcase, large);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
