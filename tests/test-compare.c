/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons: the statistics by themselves; traces, dumps and profiles side by side, against SQL
 * over the same; a program with itself, and one whose lock is held longer. */
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/compare/compare.h"
#include "model/compare/stats.h"
#include "model/compare/words.h"
#include "tests/support.h"

/* ---- statistics ----------------------------------------------------------------------------- */

START_TEST(chances) {
  ck_assert(fabs(unpark_stats_two_sided(1.959964) - 0.05) < 1e-6);
  ck_assert(fabs(unpark_stats_two_sided(-2.575829) - 0.01) < 1e-6);
  ck_assert(unpark_stats_two_sided(0) >= 1);
}
END_TEST

/* The example of the article: of fifteen, four at a rate of 5 %. */
START_TEST(discoveries) {
  const double p[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                      0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  gboolean found[G_N_ELEMENTS(p)];
  unpark_stats_discover(p, G_N_ELEMENTS(p), 0.05, found);
  for (guint i = 0; i < G_N_ELEMENTS(p); i++)
    ck_assert_int_eq(found[i], i < 4);
}
END_TEST

START_TEST(ranks) {
  const double low[] = {1, 2, 3, 4, 5}, high[] = {6, 7, 8, 9, 10}, mixed[] = {1, 3, 5, 7, 9};
  ck_assert(unpark_stats_mann_whitney(low, 5, high, 5) < 0.02);
  ck_assert(unpark_stats_mann_whitney(low, 5, low, 5) > 0.9);
  ck_assert(unpark_stats_mann_whitney(low, 5, mixed, 5) > 0.1);
  ck_assert(unpark_stats_quantile(low, 5, 0.5) > 2.5);
  ck_assert(unpark_stats_quantile(low, 5, 0.5) < 3.5);
  ck_assert(unpark_stats_quantile(low, 5, 0.99) > 4.5);
}
END_TEST

static const char *const functions[][2] = {
    {"main.main", "main.main"},
    {"main.webshop.func1", "main.webshop"},
    {"main.webshop.func2.1", "main.webshop"},
    {"main.(*T).run.gowrap1", "main.(*T).run"},
    {"main.(*T).run-fm", "main.(*T).run"},
    {"main.iterate-range1", "main.iterate"},
    {"slices.SortFunc[go.shape.int]", "slices.SortFunc"},
    {"main.(*List[go.shape.struct { a []int }]).Add.func3", "main.(*List).Add"},
    {"github.com/acme/shop.v2/order.Handle.func1", "github.com/acme/shop.v2/order.Handle"},
    {"main.func1", "main.func1"},
    {"main.funky", "main.funky"},
    {"", ""},
};

START_TEST(function_names) {
  g_autofree char *name = unpark_compare_function(functions[_i][0]);
  ck_assert_str_eq(name, functions[_i][1]);
}
END_TEST

/* ---- traces --------------------------------------------------------------------------------- */

static UnparkComparison *compare(TestStore *a, TestStore *b, UnparkCompareBy by,
                                 UnparkComparePer per) {
  UnparkStore *const left[] = {a->store}, *const right[] = {b->store};
  const UnparkCompareSpec spec = {.a = left, .b = right, .n_a = 1, .n_b = 1, .by = by, .per = per};
  g_autoptr(GError) error = NULL;
  UnparkComparison *c = unpark_compare_new(&spec, NULL, &error);
  ck_assert_msg(c != NULL, "%s", error ? error->message : "");
  return c;
}

static TestStore *import(const char *name) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, name, NULL);
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import(path, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  return store;
}

static const UnparkCompareRow *find(const UnparkComparison *c, const char *kind, const char *name,
                                    const char *measure) {
  for (guint i = 0; i < c->n_rows; i++)
    if (strcmp(c->rows[i].kind, kind) == 0 && strcmp(c->rows[i].name, name) == 0 &&
        strcmp(c->rows[i].measure, measure) == 0)
      return &c->rows[i];
  ck_abort_msg("no row %s, %s, %s", kind, name, measure);
}

START_TEST(with_itself) {
  g_autoptr(TestStore) sample = test_import_sample();
  g_autoptr(UnparkComparison) c =
      compare(sample, sample, (UnparkCompareBy)_i, UNPARK_COMPARE_PER_SECOND);
  ck_assert_uint_gt(c->n_rows, 3);
  ck_assert_uint_eq(c->n_certain, 0);
  for (guint i = 0; i < c->n_rows; i++) {
    ck_assert_int_eq(c->rows[i].verdict, UNPARK_VERDICT_UNCLEAR);
    ck_assert(!(c->rows[i].change > 0) && !(c->rows[i].change < 0));
    ck_assert(!(c->rows[i].low > 0) && !(c->rows[i].high < 0));
  }
}
END_TEST

static void is_near(double got, double expected) {
  ck_assert_msg(fabs(got - expected) <= fabs(expected) * 1e-9 + 1e-6, "%f, expected %f", got,
                expected);
}

START_TEST(figures_equal_sql) {
  g_autoptr(TestStore) sample = test_import_sample();
  g_autoptr(UnparkComparison) places =
      compare(sample, sample, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  g_autoptr(UnparkComparison) reasons =
      compare(sample, sample, UNPARK_COMPARE_REASON, UNPARK_COMPARE_PER_TASK);
  double seconds = (double)unpark_store_source(sample->store)->duration_ns / 1e9;
  const char *shop = "FROM span WHERE state = 'running' AND goroutine IN (SELECT id FROM goroutine "
                     "WHERE name LIKE 'main.webshop%%')";
  const char *network = "FROM span s JOIN goroutine g ON g.id = s.goroutine WHERE NOT g.system AND "
                        "reason = 'network' AND s.start_ns > 0 AND s.end_ns < (SELECT duration_ns "
                        "FROM source)";
  g_autofree char *sum = g_strdup_printf("SELECT sum(duration_ns) %s", shop);
  g_autofree char *count = g_strdup_printf("SELECT count(*) %s", network);
  g_autofree char *median = g_strdup_printf(
      "SELECT s.duration_ns %s ORDER BY s.duration_ns LIMIT 1 OFFSET (SELECT (count(*) + 1) / 2 - "
      "1 %s)",
      network, network);
  is_near(find(places, "running", "main.webshop", "time_per_second")->a,
          (double)test_value(sample, "%s", sum) / seconds);
  is_near(find(reasons, "wait", "network", "count_per_task")->b,
          (double)test_value(sample, "%s", count) /
              (double)test_value(sample, "SELECT count(*) FROM task WHERE end_ns NOT NULL"));
  is_near(find(reasons, "wait", "network", "p50_ns")->a, (double)test_value(sample, "%s", median));
  is_near(find(places, "task", "POST /order", "mean_ns")->a,
          (double)test_value(sample, "SELECT sum(end_ns - start_ns) FROM task WHERE name = 'POST "
                                     "/order'") /
              (double)test_value(sample, "SELECT count(*) FROM task WHERE name = 'POST /order'"));
  ck_assert_int_eq(places->a.n_tasks, test_value(sample, "SELECT count(*) FROM task"));
}
END_TEST

/* A program on a very busy machine: as it is, with its lock held for 48 ms instead of 30 ms, with a
 * function that takes half as long again, and once more as it is. */
START_TEST(lock_held_longer) {
  g_autoptr(TestStore) base = import("compare/base.trace"), lock = import("compare/lock.trace");
  g_autoptr(UnparkComparison) c =
      compare(base, lock, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  const UnparkCompareRow *row = find(c, "wait", "main.(*store).update (sync)", "mean_ns");
  ck_assert_int_eq(row->verdict, UNPARK_VERDICT_MORE);
  ck_assert(row->change > 0.3 && row->low > 0 && row->low < row->change && row->high > row->change);
  ck_assert_int_eq(find(c, "region", "compute", "p50_ns")->verdict, UNPARK_VERDICT_UNCLEAR);
  g_autoptr(UnparkComparison) back =
      compare(lock, base, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  ck_assert_int_eq(find(back, "wait", "main.(*store).update (sync)", "mean_ns")->verdict,
                   UNPARK_VERDICT_LESS);
}
END_TEST

START_TEST(function_slower) {
  g_autoptr(TestStore) base = import("compare/base.trace"), slow = import("compare/slow.trace");
  g_autoptr(UnparkComparison) c =
      compare(base, slow, UNPARK_COMPARE_TASK, UNPARK_COMPARE_PER_SECOND);
  ck_assert_int_eq(find(c, "region", "compute", "p50_ns")->verdict, UNPARK_VERDICT_MORE);
  ck_assert_int_eq(find(c, "region", "other", "p50_ns")->verdict, UNPARK_VERDICT_UNCLEAR);
}
END_TEST

START_TEST(program_twice) {
  g_autoptr(TestStore) base = import("compare/base.trace"), again = import("compare/again.trace");
  g_autoptr(UnparkComparison) c =
      compare(base, again, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  ck_assert_msg(c->n_certain * 20 <= c->n_rows, "%u of %u", c->n_certain, c->n_rows);
}
END_TEST

/* Two halves: spans are cut at the border, and what is cut has no length. */
START_TEST(halves) {
  g_autoptr(TestStore) sample = test_import_sample();
  const UnparkSource *source = unpark_store_source(sample->store);
  gint64 middle = (source->start_ns + source->end_ns) / 2;
  const UnparkComparePart first = {G_MININT64 + 1, middle, NULL, NULL};
  const UnparkComparePart second = {middle, G_MAXINT64, NULL, NULL};
  UnparkStore *const stores[] = {sample->store};
  const UnparkCompareSpec spec = {.a = stores,
                                  .b = stores,
                                  .n_a = 1,
                                  .n_b = 1,
                                  .by = UNPARK_COMPARE_REASON,
                                  .parts_a = &first,
                                  .parts_b = &second};
  g_autoptr(UnparkComparison) c = unpark_compare_new(&spec, NULL, NULL);
  ck_assert_ptr_nonnull(c);
  ck_assert_int_eq(c->a.duration_ns + c->b.duration_ns, source->duration_ns);
  const UnparkCompareRow *row = find(c, "wait", "network", "time_per_second");
  double a = row->a * (double)c->a.duration_ns / 1e9, b = row->b * (double)c->b.duration_ns / 1e9;
  const char *where = "FROM span s JOIN goroutine g ON g.id = s.goroutine WHERE NOT g.system AND "
                      "reason = 'network'";
  is_near(a, (double)test_value(sample,
                                "SELECT sum(min(s.end_ns, %" G_GINT64_FORMAT
                                ") - s.start_ns) %s AND s.start_ns < %" G_GINT64_FORMAT,
                                middle, where, middle));
  is_near(a + b, (double)test_value(sample, "SELECT sum(s.duration_ns) %s", where));
  gint64 whole =
      test_value(sample, "SELECT count(*) %s AND s.start_ns > 0 AND s.end_ns < %" G_GINT64_FORMAT,
                 where, middle);
  ck_assert_int_eq((gint64)find(c, "wait", "network", "mean_ns")->n_a, whole);
}
END_TEST

/* Those of one goroutine alone. */
START_TEST(some_goroutines) {
  g_autoptr(TestStore) sample = test_import_sample();
  gint64 id = test_value(sample, "SELECT goroutine FROM span WHERE reason = 'network' LIMIT 1");
  const UnparkIdSet set = {&id, 1};
  const UnparkComparePart part = {G_MININT64 + 1, G_MAXINT64, &set, NULL};
  UnparkStore *const stores[] = {sample->store};
  const UnparkCompareSpec spec = {
      .a = stores, .b = stores, .n_a = 1, .n_b = 1, .by = UNPARK_COMPARE_REASON, .parts_a = &part};
  g_autoptr(UnparkComparison) c = unpark_compare_new(&spec, NULL, NULL);
  ck_assert_ptr_nonnull(c);
  ck_assert_int_eq(c->a.n_goroutines, 1);
  ck_assert_int_gt(c->b.n_goroutines, 1);
  ck_assert_int_eq(c->a.n_tasks, 0);
  is_near(find(c, "wait", "network", "time_per_second")->a *
              (double)unpark_store_source(sample->store)->duration_ns / 1e9,
          (double)test_value(sample,
                             "SELECT sum(duration_ns) FROM span WHERE reason = 'network' AND "
                             "goroutine = %" G_GINT64_FORMAT,
                             id));
}
END_TEST

/* Curves ascend, lie within their bands, and agree with the rows. */
START_TEST(curves) {
  g_autoptr(TestStore) base = import("compare/base.trace"), lock = import("compare/lock.trace");
  g_autoptr(UnparkComparison) c =
      compare(base, lock, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  const UnparkCompareRow *row = find(c, "region", "compute", "p50_ns");
  const UnparkCompareCurve *curve = c->curves[row->place];
  guint known = 0;
  ck_assert_ptr_nonnull(curve);
  for (guint i = 0; i < UNPARK_COMPARE_SHARES; i++) {
    ck_assert(i == 0 || unpark_compare_shares[i] > unpark_compare_shares[i - 1]);
    if (isnan(curve->a[i].ns))
      continue;
    ck_assert(curve->a[i].low <= curve->a[i].ns && curve->a[i].ns <= curve->a[i].high);
    ck_assert(i == 0 || isnan(curve->a[i - 1].ns) || curve->a[i].ns >= curve->a[i - 1].ns);
    if (unpark_compare_shares[i] > 0.499 && unpark_compare_shares[i] < 0.501)
      is_near(curve->a[i].ns, row->a);
    known++;
  }
  ck_assert_uint_gt(known, 5);
}
END_TEST

START_TEST(answer) {
  g_autoptr(TestStore) base = import("compare/base.trace"), lock = import("compare/lock.trace");
  g_autoptr(UnparkComparison) c =
      compare(base, lock, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  g_autoptr(UnparkComparison) same =
      compare(base, base, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  g_autofree char *words = unpark_compare_answer(c), *none = unpark_compare_answer(same);
  g_autofree char *more = g_strdup_printf("%u place", c->n_more);
  ck_assert_uint_gt(c->n_more, 0);
  ck_assert_uint_le(c->n_changed, c->n_more + c->n_less);
  ck_assert_uint_lt(c->n_changed, c->n_places);
  ck_assert_msg(g_str_has_prefix(words, more), "%s", words);
  ck_assert_str_eq(none, "Nothing changed by more than noise.");
}
END_TEST

START_TEST(spans) {
  g_autoptr(TestStore) shop = import("spans/shop.otlp.json");
  g_autoptr(UnparkComparison) c =
      compare(shop, shop, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_TASK);
  g_autoptr(UnparkComparison) roots =
      compare(shop, shop, UNPARK_COMPARE_TASK, UNPARK_COMPARE_PER_SECOND);
  gint64 all = 0, requests = 0;
  for (guint i = 0; i < c->n_rows; i++)
    all += strcmp(c->rows[i].measure, "count_per_task") == 0 ? (gint64)c->rows[i].n_a : 0;
  for (guint i = 0; i < roots->n_rows; i++)
    requests +=
        strcmp(roots->rows[i].measure, "count_per_second") == 0 ? (gint64)roots->rows[i].n_a : 0;
  ck_assert_uint_eq(c->n_certain, 0);
  ck_assert_int_eq(all, test_value(shop, "SELECT count(*) FROM trace_span"));
  ck_assert_int_eq(requests, c->a.n_tasks);
  ck_assert_int_gt(requests, 0);
}
END_TEST

/* ---- dumps, profiles ------------------------------------------------------------------------ */

static TestStore *dump(guint waiting, gboolean gone, gboolean fresh) {
  g_autoptr(GString) text = g_string_new("goroutine 1 [running]:\nmain.main()\n\t/m.go:9 +0x1\n\n");
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < waiting; i++)
    g_string_append_printf(text,
                           "goroutine %u [chan receive]:\nmain.leak.func1()\n\t/m.go:5 +0x1\n"
                           "created by main.leak in goroutine 1\n\t/m.go:4 +0x1\n\n",
                           i + 10);
  for (guint i = 0; i < 12; i++)
    if (i < (gone ? 12u : 0u) + (fresh ? 12u : 0u))
      g_string_append_printf(text, "goroutine %u [select]:\nmain.%s()\n\t/m.go:7 +0x1\n\n", i + 900,
                             gone ? "old" : "young");
  TestStore *store = test_import_bytes(text->str, text->len, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  return store;
}

START_TEST(dumps) {
  g_autoptr(TestStore) before = dump(5, TRUE, FALSE), after = dump(60, FALSE, TRUE);
  g_autoptr(UnparkComparison) c =
      compare(before, after, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  const UnparkCompareRow *grown = find(c, "dump", "main.leak (chan receive)", "goroutines");
  const UnparkCompareRow *gone = find(c, "dump", "main.old (select)", "goroutines");
  const UnparkCompareRow *fresh = find(c, "dump", "main.young (select)", "goroutines");
  is_near(grown->a, 5);
  is_near(grown->b, 60);
  ck_assert_int_eq(grown->verdict, UNPARK_VERDICT_MORE);
  is_near(gone->b, 0);
  ck_assert_int_eq(gone->verdict, UNPARK_VERDICT_LESS);
  is_near(fresh->a, 0);
  ck_assert_int_eq(fresh->verdict, UNPARK_VERDICT_MORE);
  ck_assert_int_eq(find(c, "dump", "main.main (running)", "goroutines")->verdict,
                   UNPARK_VERDICT_UNCLEAR);
  ck_assert_int_eq(c->b.n_goroutines, 73);
}
END_TEST

/* A leak grows all the way; what goes up and down ends where it may. */
START_TEST(series) {
  g_autoptr(TestStore) first = dump(5, FALSE, FALSE), second = dump(20, FALSE, TRUE);
  g_autoptr(TestStore) third = dump(40, FALSE, FALSE), last = dump(60, FALSE, TRUE);
  UnparkStore *const a[] = {first->store};
  UnparkStore *const b[] = {last->store, second->store, third->store};
  UnparkStore *const back[] = {last->store, third->store, second->store};
  UnparkCompareSpec spec = {.a = a, .b = b, .n_a = 1, .n_b = 3, .series = TRUE};
  g_autoptr(UnparkComparison) c = unpark_compare_new(&spec, NULL, NULL);
  const UnparkCompareRow *leak = find(c, "dump", "main.leak (chan receive)", "goroutines");
  ck_assert_int_eq(leak->verdict, UNPARK_VERDICT_MORE);
  is_near(leak->series[0], 5);
  is_near(leak->series[1], 20);
  is_near(leak->series[2], 40);
  is_near(leak->series[3], 60);
  ck_assert_int_eq(find(c, "dump", "main.young (select)", "goroutines")->verdict,
                   UNPARK_VERDICT_UNCLEAR);
  ck_assert_int_eq(c->b.n_goroutines, 73);
  spec.b = back;
  g_autoptr(UnparkComparison) shuffled = unpark_compare_new(&spec, NULL, NULL);
  ck_assert_int_eq(find(shuffled, "dump", "main.leak (chan receive)", "goroutines")->verdict,
                   UNPARK_VERDICT_MORE);
}
END_TEST

START_TEST(trends) {
  const double up[] = {1, 2, 3, 4}, mixed[] = {1, 4, 1, 4}, flat[] = {2, 2, 2};
  is_near(unpark_stats_trend(up, 4), 1);
  is_near(unpark_stats_trend(mixed, 4), 1.0 / 3);
  is_near(unpark_stats_trend(flat, 3), 0);
}
END_TEST

START_TEST(profile_with_itself) {
  g_autoptr(TestStore) cpu = import("profiles/go1.19/contention/cpu.pprof");
  g_autoptr(UnparkComparison) c =
      compare(cpu, cpu, UNPARK_COMPARE_PLACE, UNPARK_COMPARE_PER_SECOND);
  ck_assert_uint_gt(c->n_rows, 20);
  ck_assert_uint_eq(c->n_certain, 0);
  for (guint i = 0; i < c->n_rows; i++)
    ck_assert(g_str_has_suffix(c->rows[i].measure, "_flat_per_second") ||
              g_str_has_suffix(c->rows[i].measure, "_cum_per_second"));
}
END_TEST

START_TEST(kinds_differ) {
  g_autoptr(TestStore) cpu = import("profiles/go1.19/contention/cpu.pprof");
  g_autoptr(TestStore) sample = test_import_sample();
  UnparkStore *const a[] = {cpu->store}, *const b[] = {sample->store};
  const UnparkCompareSpec spec = {.a = a, .b = b, .n_a = 1, .n_b = 1};
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(unpark_compare_new(&spec, NULL, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED));
}
END_TEST

/* ---- the command ---------------------------------------------------------------------------- */

START_TEST(command_json) {
  g_autofree char *out = NULL, *err = NULL;
  int status = test_run_cli(UNPARK_TEST_DATA, &out, &err, "compare", "--no-cache", "-f", "json",
                            "compare/base.trace", "compare/again.trace", "--", "compare/lock.trace",
                            "--by", "reason", NULL);
  ck_assert_msg(status == 0, "%s", err);
  json_object *root = json_tokener_parse(out), *rows = NULL, *side = NULL;
  ck_assert_ptr_nonnull(root);
  ck_assert(json_object_object_get_ex(root, "rows", &rows));
  ck_assert(json_object_object_get_ex(root, "a", &side));
  ck_assert_uint_eq(json_object_array_length(json_object_object_get(side, "files")), 2);
  ck_assert(json_object_object_get_ex(root, "b", &side));
  ck_assert_uint_eq(json_object_array_length(json_object_object_get(side, "files")), 1);
  for (gsize i = 0; i < json_object_array_length(rows); i++) {
    static const char *const names[] = {"name",   "measure", "a",    "b",
                                        "change", "low",     "high", "verdict"};
    for (guint k = 0; k < G_N_ELEMENTS(names); k++)
      ck_assert(json_object_object_get_ex(json_object_array_get_idx(rows, i), names[k], NULL));
  }
  json_object_put(root);
}
END_TEST

static const struct {
  int status;
  const char *args[8], *out, *err;
} runs[] = {
    {0, {"sample.trace", "sample.trace"}, "none changed by more than noise", NULL},
    {0, {"sample.trace", "sample.trace", "--fail-on", "0"}, "A: sample.trace", NULL},
    {4, {"compare/base.trace", "compare/lock.trace", "--fail-on", "20"}, "more", NULL},
    {0, {"compare/base.trace", "compare/lock.trace", "-f", "markdown"}, "|---|---|---:|", NULL},
    {0,
     {"sample.trace", "sample.trace", "--from", "0", "--to", "100ms"},
     "B: sample.trace; 100 ms",
     NULL},
    {0,
     {"sample.trace", "sample.trace", "--to-a", "50ms", "--from", "50ms", "--from-a", "0"},
     "A: sample.trace; 50 ms",
     NULL},
    {0, {"sample.trace", "sample.trace", "--filter", "reason:network"}, "none changed", NULL},
    {2, {"sample.trace", "sample.trace", "--filter", "reson:x"}, NULL, "--filter"},
    {1,
     {"profiles/go1.19/contention/cpu.pprof", "profiles/go1.19/contention/cpu.pprof", "--to", "1s"},
     NULL,
     "Not an execution trace"},
    {0, {"spans/shop.otlp.json", "spans/shop.zipkin.json"}, "none changed", NULL},
    {1, {"--series", "sample.trace", "sample.trace", "sample.trace"}, NULL, "not a goroutine dump"},
    {2, {"--series", "sample.trace", "sample.trace"}, NULL, "three or more dumps"},
    {2, {"sample.trace"}, NULL, "Missing argument"},
    {2, {"sample.trace", "sample.trace", "sample.trace"}, NULL, "Put “--” between"},
    {2, {"--", "sample.trace", "sample.trace"}, NULL, "no file before “--”"},
    {2, {"sample.trace", "sample.trace", "--per", "hour"}, NULL, "unknown value “hour”"},
    {1, {"sample.trace", "profiles/go1.19/contention/cpu.pprof"}, NULL, "not of the same kind"},
};

START_TEST(command) {
  g_autofree char *out = NULL, *err = NULL;
  const char *const *a = runs[_i].args;
  int status = test_run_cli(UNPARK_TEST_DATA, &out, &err, "compare", "--no-cache", a[0], a[1], a[2],
                            a[3], a[4], a[5], a[6], a[7], NULL);
  ck_assert_msg(status == runs[_i].status, "%d: %s", status, err);
  ck_assert_msg(!runs[_i].out || strstr(out, runs[_i].out), "%s", out);
  ck_assert_msg(!runs[_i].err || strstr(err, runs[_i].err), "%s", err);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("compare");
  TCase *tcase = tcase_create("compare");
  tcase_set_timeout(tcase, 120);
  tcase_add_test(tcase, chances);
  tcase_add_test(tcase, discoveries);
  tcase_add_test(tcase, ranks);
  tcase_add_loop_test(tcase, function_names, 0, (int)G_N_ELEMENTS(functions));
  tcase_add_loop_test(tcase, with_itself, 0, UNPARK_COMPARE_STATE + 1);
  tcase_add_test(tcase, figures_equal_sql);
  tcase_add_test(tcase, lock_held_longer);
  tcase_add_test(tcase, function_slower);
  tcase_add_test(tcase, program_twice);
  tcase_add_test(tcase, halves);
  tcase_add_test(tcase, some_goroutines);
  tcase_add_test(tcase, curves);
  tcase_add_test(tcase, answer);
  tcase_add_test(tcase, spans);
  tcase_add_test(tcase, dumps);
  tcase_add_test(tcase, series);
  tcase_add_test(tcase, trends);
  tcase_add_test(tcase, profile_with_itself);
  tcase_add_test(tcase, kinds_differ);
  tcase_add_test(tcase, command_json);
  tcase_add_loop_test(tcase, command, 0, (int)G_N_ELEMENTS(runs));
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
