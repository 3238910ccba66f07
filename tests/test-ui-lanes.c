/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lanes of a real trace without a display: rows, tracks, filter, offers, CSV; and what every
 * kind of lane looks like, held against pictures in tests/data/lanes.
 *
 * UNPARK_UPDATE_PICTURES=1 writes the pictures anew: look at them before you commit them. */
#include <cairo.h>
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "model/filter/words.h"
#include "model/sql/schema.h"
#include "model/filter/filter.h"
#include "ui/lanes/lane-raster.h"
#include "ui/lanes/series.h"
#include "model/base/tables.h"
#include "ui/timeline/export.h"
#include "ui/lanes/timeline-rows.h"

static TestStore *trace;
static UnparkSeries *series;

static void set_up(void) {
  GError *error = NULL;
  trace = test_import(UNPARK_TEST_DATA "/sample.trace", &error);
  ck_assert_msg(trace != NULL, "%s", error ? error->message : "");
  series = unpark_series_read(trace->store, NULL, &error);
  ck_assert_msg(series != NULL, "%s", error ? error->message : "");
}

static void tear_down(void) {
  unpark_series_unref(series);
  test_store_free(trace);
}

static gint64 ask(const char *sql) {
  g_autoptr(GError) error = NULL;
  gint64 value = test_query_int(trace->store, sql, -1, &error);
  ck_assert_msg(error == NULL, "%s: %s", sql, error ? error->message : "");
  return value;
}

/* What two widgets ask of one store is read once, and anew when nobody has it any more. */
START_TEST(series_are_shared) {
  g_autoptr(UnparkSeries) again = unpark_series_read(trace->store, NULL, NULL);
  g_autoptr(UnparkStore) other = unpark_store_open(trace->path, NULL);
  ck_assert_ptr_eq(again, series);
  ck_assert_ptr_nonnull(other);
  g_autoptr(UnparkSeries) others = unpark_series_read(other, NULL, NULL);
  ck_assert_ptr_nonnull(others);
  ck_assert_ptr_ne(others, series);
  ck_assert_uint_eq(others->heap->len, series->heap->len);
}
END_TEST

/* ---- metrics -------------------------------------------------------------------------- */

START_TEST(metrics_are_summed_up) {
  static const UnparkSample list[] = {{100, 10}, {200, 40}, {400, 20}};
  g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(UnparkSample));
  UnparkSeriesStats s;
  ck_assert(!unpark_series_stats(samples, 0, 1000, &s));
  g_array_append_vals(samples, list, G_N_ELEMENTS(list));
  ck_assert(!unpark_series_stats(samples, 0, 99, &s));
  ck_assert(unpark_series_stats(samples, 0, 500, &s));
  ck_assert_double_eq_tol(s.least, 10, 1e-9);
  ck_assert_double_eq_tol(s.most, 40, 1e-9);
  ck_assert_int_eq(s.least_ns, 100);
  ck_assert_int_eq(s.most_ns, 200);
  ck_assert_double_eq_tol(s.mean, (100 * 10 + 200 * 40 + 100 * 20) / 400.0, 1e-9);
  ck_assert_uint_eq(s.n, 3);
  /* What was before goes on. */
  ck_assert(unpark_series_stats(samples, 150, 250, &s));
  ck_assert_double_eq_tol(s.mean, 25, 1e-9);
  ck_assert_int_eq(s.least_ns, 150);
  ck_assert_uint_eq(s.n, 1);
  ck_assert(unpark_series_stats(samples, 900, 900, &s));
  ck_assert_double_eq_tol(s.mean, 20, 1e-9);
  ck_assert_uint_eq(unpark_series_after(samples, 99), 0);
  ck_assert_uint_eq(unpark_series_after(samples, 200), 2);
  ck_assert_uint_eq(unpark_series_after(samples, 400), 3);
  /* The same as SQL says of a real one. */
  gint64 end = unpark_store_source(trace->store)->duration_ns;
  ck_assert(unpark_series_stats(series->heap, 0, end, &s));
  ck_assert_int_eq((gint64)s.most, ask("SELECT max(value) FROM metric WHERE name = "
                                       "'/memory/classes/heap/objects:bytes'"));
  ck_assert_int_eq((gint64)s.least, ask("SELECT min(value) FROM metric WHERE name = "
                                        "'/memory/classes/heap/objects:bytes'"));
  ck_assert_int_eq(s.n, ask("SELECT count(*) FROM metric WHERE name = "
                            "'/memory/classes/heap/objects:bytes'"));
  const UnparkStretch *gc = unpark_series_last_gc(series, end);
  ck_assert_ptr_nonnull(gc);
  ck_assert_int_eq(gc->end_ns, ask("SELECT max(end_ns) FROM range WHERE name = "
                                   "'GC concurrent mark phase'"));
  ck_assert_ptr_null(unpark_series_last_gc(series, 0));
}
END_TEST

/* ---- rows ---------------------------------------------------------------------------- */

typedef struct {
  UnparkRowOptions options;
  GHashTable *open, *pinned;
} Choices;

static Choices choices(void) {
  Choices c = {.open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
               .pinned = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL)};
  c.options = (UnparkRowOptions){.sort = UNPARK_SORT_WAITING,
                                 .open = c.open,
                                 .pinned = c.pinned,
                                 .has_gc = TRUE,
                                 .has_stw = TRUE,
                                 .has_heap = TRUE,
                                 .has_gomaxprocs = TRUE,
                                 .lane_height = UNPARK_LANES_NORMAL,
                                 .show_regions = TRUE,
                                 .track_index = series->tracks};
  return c;
}

static void choices_clear(Choices *c) {
  g_hash_table_unref(c->open);
  g_hash_table_unref(c->pinned);
}

static UnparkRows *build(const Choices *c) {
  g_autoptr(GError) error = NULL;
  UnparkRows *rows = unpark_rows_build(trace->store, &c->options, NULL, &error);
  ck_assert_msg(rows != NULL, "%s", error ? error->message : "");
  gint64 y = 0;
  for (guint i = 0; i < rows->n; i++) {
    ck_assert_int_eq(rows->rows[i].y, y);
    ck_assert_uint_ge(rows->rows[i].height, rows->rows[i].bar);
    y += rows->rows[i].height;
  }
  ck_assert_int_eq(rows->height, y);
  return rows;
}

static guint count_rows(const UnparkRows *rows, UnparkRowType type) {
  guint n = 0;
  for (guint i = 0; i < rows->n; i++)
    n += rows->rows[i].type == type;
  return n;
}

START_TEST(rows_of_every_kind) {
  Choices c = choices();
  g_autoptr(UnparkRows) closed = build(&c);
  static const UnparkRowType once[] = {UNPARK_ROW_GC, UNPARK_ROW_STW, UNPARK_ROW_HEAP,
                                       UNPARK_ROW_THREADS, UNPARK_ROW_STATES};
  for (guint i = 0; i < G_N_ELEMENTS(once); i++)
    ck_assert_uint_eq(count_rows(closed, once[i]), 1);
  ck_assert_int_eq(count_rows(closed, UNPARK_ROW_PROC),
                   ask("SELECT count(DISTINCT proc) FROM proc_span"));
  ck_assert_uint_eq(count_rows(closed, UNPARK_ROW_THREAD), 0);
  ck_assert_int_eq(count_rows(closed, UNPARK_ROW_TASK_GROUP),
                   ask("SELECT count(DISTINCT name) FROM task"));
  c.options.all_open = TRUE;
  g_hash_table_add(c.open, unpark_open_name(UNPARK_ROW_SECTION, UNPARK_SECTION_SYSTEM, 0, NULL));
  g_hash_table_add(c.open, unpark_open_name(UNPARK_ROW_SECTION, UNPARK_SECTION_THREADS, 0, NULL));
  g_autoptr(UnparkRows) open = build(&c);
  guint n_threads;
  unpark_store_threads(trace->store, &n_threads);
  ck_assert_uint_eq(count_rows(open, UNPARK_ROW_THREAD), n_threads);
  ck_assert_int_eq(count_rows(open, UNPARK_ROW_TASK), ask("SELECT count(*) FROM task"));
  choices_clear(&c);
}
END_TEST

START_TEST(lanes_open_with_stacks_and_regions) {
  Choices c = choices();
  gint64 id = ask("SELECT goroutine FROM region ORDER BY depth DESC LIMIT 1");
  gint64 depth = ask("SELECT max(depth) FROM region");
  c.options.all_open = TRUE;
  c.options.show_regions = FALSE;
  g_autoptr(UnparkRows) closed = build(&c);
  int n = unpark_rows_find(closed, UNPARK_ROW_GOROUTINE, id);
  ck_assert_int_ge(n, 0);
  ck_assert_uint_eq(closed->rows[n].height, closed->rows[n].bar);
  g_hash_table_add(c.open, unpark_open_name(UNPARK_ROW_GOROUTINE, 0, id, NULL));
  g_autoptr(UnparkRows) open = build(&c);
  n = unpark_rows_find(open, UNPARK_ROW_GOROUTINE, id);
  ck_assert_int_eq(open->rows[n].region_levels, MIN(depth + 1, UNPARK_TRACK_LEVELS));
  ck_assert_uint_eq(open->rows[n].stack_levels, UNPARK_STACK_LEVELS);
  ck_assert_double_gt(unpark_row_stacks_y(&open->rows[n]), unpark_row_regions_y(&open->rows[n]));
  ck_assert_double_le(unpark_row_stacks_y(&open->rows[n]) +
                          UNPARK_STACK_LEVELS * UNPARK_LEVEL_HEIGHT,
                      open->rows[n].height);
  choices_clear(&c);
}
END_TEST

START_TEST(pinned_lanes_come_first) {
  Choices c = choices();
  const gint64 id = 1;
  g_hash_table_add(c.pinned, g_memdup2(&id, sizeof id));
  g_autoptr(UnparkRows) rows = build(&c);
  ck_assert_uint_eq(rows->rows[0].type, UNPARK_ROW_SECTION);
  ck_assert_uint_eq(rows->rows[1].type, UNPARK_ROW_GOROUTINE);
  ck_assert_int_eq(rows->rows[1].id, 1);
  ck_assert_uint_eq(rows->n_pinned, 2);
  ck_assert_int_eq(rows->pinned_height, rows->rows[2].y);
  ck_assert_int_eq(unpark_rows_find_pinned(rows, 1), 1);
  ck_assert_int_eq(unpark_rows_find_pinned(rows, 2), -1);
  /* Closed, they are out of the way. */
  g_hash_table_add(c.open, unpark_open_name(UNPARK_ROW_SECTION, UNPARK_SECTION_PINNED, 0, NULL));
  g_autoptr(UnparkRows) closed = build(&c);
  ck_assert_uint_eq(closed->n_pinned, 1);
  ck_assert_int_eq(unpark_rows_find_pinned(closed, 1), -1);
  g_hash_table_remove_all(c.pinned);
  g_autoptr(UnparkRows) none = build(&c);
  ck_assert_uint_eq(none->n_pinned, 0);
  ck_assert_int_eq(none->pinned_height, 0);
  choices_clear(&c);
}
END_TEST

START_TEST(sorted_as_asked) {
  Choices c = choices();
  c.options.all_open = TRUE;
  for (guint sort = 0; sort < UNPARK_N_SORTS; sort++) {
    c.options.sort = (UnparkSort)sort;
    g_autoptr(UnparkRows) rows = build(&c);
    const UnparkRow *last = NULL;
    for (guint i = 0; i < rows->n; i++) {
      const UnparkRow *row = &rows->rows[i];
      if (row->type != UNPARK_ROW_GOROUTINE || row->depth != 2) {
        last = NULL;
        continue;
      }
      if (last && sort == UNPARK_SORT_NUMBER)
        ck_assert_int_lt(last->id, row->id);
      else if (last && sort == UNPARK_SORT_CREATION)
        ck_assert_int_le(last->value, row->value);
      else if (last && sort != UNPARK_SORT_NAME)
        ck_assert_int_ge(last->value, row->value);
      last = row;
    }
  }
  choices_clear(&c);
}
END_TEST

/* ---- tracks ---------------------------------------------------------------------------- */

START_TEST(tracks_hold_what_the_tables_hold) {
  g_autoptr(GError) error = NULL;
  gint64 end = unpark_store_source(trace->store)->duration_ns;
  const UnparkTrackKey keys[] = {
      {{UNPARK_LANE_GOROUTINE, ask("SELECT goroutine FROM region GROUP BY goroutine "
                                   "ORDER BY count(*) DESC LIMIT 1")},
       TRUE},
      {{UNPARK_LANE_TASK, ask("SELECT task FROM region WHERE task > 0 GROUP BY task "
                              "ORDER BY count(*) DESC LIMIT 1")},
       FALSE}};
  UnparkLaneTracks *tracks = unpark_store_tracks(trace->store, keys, 2, 0, end, 1, NULL, &error);
  ck_assert_msg(tracks != NULL, "%s", error ? error->message : "");
  static const char *const columns[] = {"goroutine", "task"};
  for (guint i = 0; i < 2; i++) {
    g_autofree char *sql = g_strdup_printf(
        "SELECT count(*) FROM region WHERE %s = %" G_GINT64_FORMAT, columns[i], keys[i].key.id);
    guint n = 0;
    for (guint r = 0; r < tracks[i].n_regions; r++)
      n += tracks[i].regions[r].count;
    ck_assert_int_eq(n, ask(sql));
    for (guint r = 1; r < tracks[i].n_regions; r++)
      ck_assert(tracks[i].regions[r].level != tracks[i].regions[r - 1].level ||
                tracks[i].regions[r].start_ns >= tracks[i].regions[r - 1].start_ns);
    for (guint m = 1; m < tracks[i].n_marks; m++)
      ck_assert_int_le(tracks[i].marks[m - 1].time_ns, tracks[i].marks[m].time_ns);
  }
  ck_assert_uint_gt(tracks[0].n_frames, 0);
  unpark_lane_tracks_free(tracks, 2);
}
END_TEST

/* Mark assists on the lanes of goroutines, sweeps on those of processors, near and far. */
START_TEST(ranges_are_on_the_lanes_they_concern) {
  g_autoptr(GError) error = NULL;
  gint64 end = unpark_store_source(trace->store)->duration_ns;
  const gint64 assisting = ask("SELECT scope_id FROM range WHERE name = 'GC mark assist' GROUP BY "
                               "scope_id ORDER BY count(*) DESC, scope_id LIMIT 1");
  const gint64 stopping = ask("SELECT scope_id FROM range WHERE name LIKE 'stop-the-world%' AND "
                              "scope_id NOT IN (SELECT scope_id FROM range WHERE name = "
                              "'GC mark assist') LIMIT 1");
  const gint64 sweeping = ask("SELECT scope_id FROM range WHERE scope = 'proc' LIMIT 1");
  const UnparkTrackKey keys[] = {{{UNPARK_LANE_GOROUTINE, assisting}, FALSE},
                                 {{UNPARK_LANE_GOROUTINE, stopping}, FALSE},
                                 {{UNPARK_LANE_PROC, sweeping}, FALSE},
                                 {{UNPARK_LANE_THREAD, sweeping}, FALSE}};
  static const char *const conditions[] = {"name = 'GC mark assist'", NULL, "scope = 'proc'", NULL};
  static const gint64 parts[] = {1, 2000};
  for (guint p = 0; p < G_N_ELEMENTS(parts); p++) {
    gint64 resolution = end / parts[p] > 2 && parts[p] > 1 ? end / parts[p] : 1;
    UnparkLaneTracks *tracks =
        unpark_store_tracks(trace->store, keys, 4, 0, end, resolution, NULL, &error);
    ck_assert_msg(tracks != NULL, "%s", error ? error->message : "");
    for (guint i = 0; i < 4; i++) {
      guint n = 0;
      for (guint r = 0; r < tracks[i].n_ranges; r++) {
        const UnparkTrackSpan *range = &tracks[i].ranges[r];
        n += range->count;
        ck_assert_int_le(range->start_ns, range->end_ns);
        ck_assert(r == 0 || range->start_ns >= tracks[i].ranges[r - 1].start_ns);
      }
      g_autofree char *query =
          g_strdup_printf("SELECT count(*) FROM range WHERE %s AND scope_id = %" G_GINT64_FORMAT,
                          conditions[i] ? conditions[i] : "0", keys[i].key.id);
      ck_assert_int_eq(n, ask(query));
    }
    unpark_lane_tracks_free(tracks, 4);
  }
}
END_TEST

/* ---- filter ---------------------------------------------------------------------------- */

static void passes(const char *filter, const char *goroutines, const char *spans) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkFilterResult) result =
      unpark_filter_apply(trace->store, filter, NULL, NULL, &error);
  ck_assert_msg(result != NULL, "%s: %s", filter, error ? error->message : "");
  ck_assert_msg(result->goroutines.n == ask(goroutines), "%s: %u goroutines", filter,
                result->goroutines.n);
  if (!spans)
    return;
  ck_assert_msg((gint64)result->n_spans == ask(spans), "%s: %" G_GUINT64_FORMAT " spans", filter,
                result->n_spans);
  /* One after another, none twice. */
  const UnparkSpanMatch *match = unpark_filter_result_next(result, G_MININT64, 0, 1);
  guint n = 0;
  for (; match; n++)
    match = unpark_filter_result_next(result, match->start_ns, match->goroutine, 1);
  ck_assert_uint_eq(n, result->n_spans);
  /* And so is what is found without remembering. */
  for (int direction = -1; result->n_spans > 0 && direction <= 1; direction += 2) {
    const UnparkSpanMatch *middle = &g_array_index(result->by_lane, UnparkSpanMatch, n / 2);
    const UnparkSpanMatch *wanted =
        unpark_filter_result_next(result, middle->start_ns, middle->goroutine, direction);
    UnparkSpanMatch found;
    ck_assert_int_eq(unpark_filter_find_match(trace->store, result, middle->start_ns,
                                              middle->goroutine, direction, &found, NULL, &error),
                     wanted != NULL);
    ck_assert(error == NULL);
    if (wanted) {
      ck_assert_int_eq(found.start_ns, wanted->start_ns);
      ck_assert_int_eq(found.goroutine, wanted->goroutine);
    }
  }
}

START_TEST(filter_asks_what_sql_asks) {
  passes("state:runnable", "SELECT count(DISTINCT goroutine) FROM span WHERE state = 'runnable'",
         "SELECT count(*) FROM span WHERE state = 'runnable'");
  passes("state:waiting dur>1ms",
         "SELECT count(DISTINCT goroutine) FROM span WHERE state = 'waiting' AND "
         "duration_ns > 1000000",
         "SELECT count(*) FROM span WHERE state = 'waiting' AND duration_ns > 1000000");
  passes("reason:net", "SELECT count(DISTINCT goroutine) FROM span WHERE reason LIKE '%net%'",
         "SELECT count(*) FROM span WHERE reason LIKE '%net%'");
  passes("fn:readLoop",
         "SELECT count(DISTINCT goroutine) FROM span WHERE stack IN "
         "(SELECT stack FROM stack_frame WHERE function LIKE '%readLoop%')",
         "SELECT count(*) FROM span WHERE stack IN "
         "(SELECT stack FROM stack_frame WHERE function LIKE '%readLoop%')");
  passes("serveDatabase", "SELECT count(*) FROM goroutine WHERE name LIKE '%serveDatabase%'", NULL);
  passes("not main.", "SELECT count(*) FROM goroutine WHERE name NOT LIKE '%main.%'", NULL);
  passes("task:stock",
         "SELECT count(*) FROM (SELECT goroutine FROM task WHERE name LIKE '%stock%'"
         " UNION SELECT goroutine FROM region WHERE task IN "
         "(SELECT id FROM task WHERE name LIKE '%stock%')"
         " UNION SELECT goroutine FROM log WHERE task IN "
         "(SELECT id FROM task WHERE name LIKE '%stock%'))",
         NULL);
  passes("label:a", "SELECT count(DISTINCT goroutine) FROM goroutine_label WHERE label LIKE '%a%'",
         NULL);
  passes("range:assist",
         "SELECT count(DISTINCT scope_id) FROM range WHERE scope = 'goroutine' AND "
         "name LIKE '%assist%'",
         NULL);
  passes("range:sweep_", "SELECT 0", NULL);
  passes("woken-by:1",
         "SELECT count(DISTINCT goroutine) FROM span WHERE waker = 1 AND "
         "state = 'waiting'",
         "SELECT count(*) FROM span WHERE waker = 1 AND state = 'waiting'");
}
END_TEST

/* Tasks in which somebody takes part who passes, and what is asked of tasks is true of the task. */
START_TEST(tasks_pass_by_who_takes_part) {
  static const struct {
    const char *filter, *tasks;
  } cases[] = {
      {"task:stock", "SELECT count(*) FROM task WHERE name LIKE '%stock%'"},
      {"not task:stock", "SELECT count(*) FROM task WHERE name NOT LIKE '%stock%'"},
      {"serveDatabase.func1",
       "SELECT count(DISTINCT task) FROM (SELECT id AS task, goroutine FROM task UNION ALL "
       "SELECT task, goroutine FROM region UNION ALL SELECT task, goroutine FROM log) "
       "WHERE task IN (SELECT id FROM task) AND goroutine IN "
       "(SELECT id FROM goroutine WHERE name LIKE '%serveDatabase.func1%')"},
      {"task:order state:syscall",
       "SELECT count(DISTINCT task) FROM (SELECT id AS task, goroutine FROM task UNION ALL "
       "SELECT task, goroutine FROM region UNION ALL SELECT task, goroutine FROM log) "
       "WHERE task IN (SELECT id FROM task WHERE name LIKE '%order%') AND goroutine IN "
       "(SELECT goroutine FROM span WHERE state = 'syscall')"},
      {"nobodyIsCalledSo", "SELECT 0"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(UnparkFilterResult) result =
        unpark_filter_apply(trace->store, cases[i].filter, series->tracks, NULL, &error);
    ck_assert_msg(result != NULL, "%s", error ? error->message : "");
    ck_assert_msg(result->tasks.n == ask(cases[i].tasks), "%s: %u tasks, not %" G_GINT64_FORMAT,
                  cases[i].filter, result->tasks.n, ask(cases[i].tasks));
  }
}
END_TEST

/* Regions and logs of others than the goroutine that began the task. */
START_TEST(tasks_have_more_than_their_beginner) {
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) other =
      test_import(UNPARK_TEST_DATA "/expected/go1.27/annotations.trace", &error);
  ck_assert_msg(other != NULL, "%s", error ? error->message : "");
  g_autoptr(UnparkTrackIndex) tracks = unpark_track_index_read(other->store, NULL, &error);
  ck_assert_int_eq(tracks->first_member[tracks->n_tasks],
                   test_value(other, "SELECT count(*) FROM (SELECT DISTINCT r.task, r.goroutine "
                                     "FROM (SELECT task, goroutine FROM region UNION ALL "
                                     "SELECT task, goroutine FROM log) r JOIN task t "
                                     "ON t.id = r.task WHERE r.goroutine <> t.goroutine)"));
  ck_assert_uint_gt(tracks->first_member[tracks->n_tasks], 0);
  g_autoptr(UnparkFilterResult) result =
      unpark_filter_apply(other->store, "main.annotations.func2", tracks, NULL, &error);
  ck_assert_int_eq(result->tasks.n,
                   test_value(other, "SELECT count(DISTINCT r.task) FROM region r JOIN goroutine g "
                                     "ON g.id = r.goroutine JOIN task t ON t.id = r.task "
                                     "WHERE g.name = 'main.annotations.func2'"));
  ck_assert_uint_gt(result->tasks.n, 0);
}
END_TEST

/* What others ran among stays in sight, and tells whom it ran for. */
START_TEST(a_filter_keeps_what_is_around) {
  g_autoptr(GError) error = NULL;
  Choices c = choices();
  gint64 end = unpark_store_source(trace->store)->duration_ns;
  g_autoptr(UnparkFilterResult) result =
      unpark_filter_apply(trace->store, "task:stock", series->tracks, NULL, &error);
  ck_assert(result != NULL);
  g_autoptr(UnparkRows) all = build(&c);
  c.options.passing = &result->goroutines;
  c.options.passing_tasks = &result->tasks;
  g_autoptr(UnparkRows) some = build(&c);
  static const UnparkRowType kept[] = {UNPARK_ROW_GC,      UNPARK_ROW_STW,    UNPARK_ROW_HEAP,
                                       UNPARK_ROW_THREADS, UNPARK_ROW_STATES, UNPARK_ROW_PROC};
  for (guint i = 0; i < G_N_ELEMENTS(kept); i++)
    ck_assert_uint_eq(count_rows(some, kept[i]), count_rows(all, kept[i]));
  ck_assert_uint_lt(some->n_goroutines, all->n_goroutines);
  ck_assert_uint_eq(count_rows(some, UNPARK_ROW_TASK_GROUP), 1);
  const UnparkLaneKey key = {UNPARK_LANE_PROC, 2};
  UnparkLaneItems *lanes = unpark_store_lanes(trace->store, &key, 1, 0, end, 1, NULL, &error);
  guint n_in = 0, n_out = 0;
  for (guint i = 0; i < lanes->n_items; i++) {
    gboolean in = unpark_id_set_has(&result->goroutines, lanes->items[i].goroutine);
    ck_assert_int_eq(unpark_filter_result_has_work(result, &lanes->items[i]), in);
    n_in += in;
    n_out += !in;
  }
  ck_assert(n_in > 0 && n_out > 0);
  unpark_lane_items_free(lanes, 1);
  choices_clear(&c);
}
END_TEST

START_TEST(errors_say_where) {
  g_autoptr(GError) error = NULL;
  int position = -1;
  ck_assert(unpark_filter_parse("main state:asleep", &position, &error) == NULL);
  ck_assert_int_eq(position, 5);
  ck_assert(error != NULL);
}
END_TEST

START_TEST(words_are_offered) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkFilterWords) words = unpark_filter_words_read(trace->store, NULL, &error);
  ck_assert(words != NULL);
  g_autoptr(GPtrArray) states = unpark_filter_offers(words, "main sta", 8, 8);
  ck_assert_uint_ge(states->len, 1);
  const UnparkFilterOffer *first = states->pdata[0];
  ck_assert_str_eq(first->text, "main state:");
  ck_assert_int_eq(first->cursor, 11);
  g_autoptr(GPtrArray) values = unpark_filter_offers(words, "(state:w) or x", 8, 8);
  ck_assert_uint_eq(values->len, 1);
  ck_assert_str_eq(((UnparkFilterOffer *)values->pdata[0])->text, "(state:waiting) or x");
  g_autoptr(GPtrArray) functions = unpark_filter_offers(words, "fn:serveD", 9, 8);
  ck_assert_uint_ge(functions->len, 1);
  static const struct {
    const char *text, *offer; /* the whole filter if it is taken */
  } cases[] = {
      {"f", "fn:"},
      {"d", "dur>"},
      {"", "fn:"},
      {"", "dur>"},
      {"dur>", "dur>10ms "},
      {"dur>=20", "dur>=20ms "},
      {"5ms", "dur>5ms "},
      {"readLoop", "fn:readLoop "},
      {"serveData", "fn:serveData "},
      {"stack:read", "fn:read "},
      {"main stack:read", "main fn:read "},
      {"duration>5ms", "dur>5ms "},
      {"foo:bar", "\"foo:bar\" "},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) offers =
        unpark_filter_offers(words, cases[i].text, (int)strlen(cases[i].text), 8);
    gboolean found = FALSE;
    for (guint k = 0; k < offers->len; k++) {
      const UnparkFilterOffer *offer = offers->pdata[k];
      g_autoptr(UnparkFilter) filter = unpark_filter_parse(offer->text, NULL, NULL);
      found |= g_str_equal(offer->text, cases[i].offer);
      /* What is complete can be understood. */
      ck_assert_msg(filter != NULL || !g_str_has_suffix(offer->text, " ") || !*cases[i].text, "%s",
                    offer->text);
    }
    ck_assert_msg(found, "%s is not offered for %s", cases[i].offer, cases[i].text);
  }
  g_autoptr(GPtrArray) nothing = unpark_filter_offers(NULL, "", 0, 0);
  ck_assert_uint_eq(nothing->len, 0);
}
END_TEST

/* ---- CSV ------------------------------------------------------------------------------- */

START_TEST(csv_has_every_span) {
  g_autoptr(GError) error = NULL;
  const gint64 ids[] = {1, 23};
  gint64 end = unpark_store_source(trace->store)->duration_ns;
  g_autofree char *csv = unpark_timeline_export_csv(trace->store, ids, 2, 0, end, NULL, &error);
  ck_assert_msg(csv != NULL, "%s", error ? error->message : "");
  g_auto(GStrv) lines = g_strsplit(csv, "\r\n", -1);
  ck_assert(g_str_has_prefix(lines[0], "goroutine,function,start_ns,"));
  ck_assert_int_eq((gint64)g_strv_length(lines) - 2,
                   ask("SELECT count(*) FROM span WHERE goroutine IN (1, 23)"));
}
END_TEST

/* A new column of spans goes to the CSV, or is said here not to. */
START_TEST(csv_has_every_column) {
  /* Numbers of stacks lead nowhere without the store. */
  static const char *const left_out[] = {"stack", "waker_stack", NULL};
  g_autoptr(GError) error = NULL;
  g_autofree char *csv = unpark_timeline_export_csv(trace->store, NULL, 0, 0, 0, NULL, &error);
  ck_assert_msg(csv != NULL, "%s", error ? error->message : "");
  g_auto(GStrv) columns = g_strsplit(g_strstrip(csv), ",", -1);
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  const UnparkSqlTableInfo *span = NULL;
  for (guint i = 0; i < n; i++)
    if (g_str_equal(tables[i].name, "span"))
      span = &tables[i];
  ck_assert_ptr_nonnull(span);
  for (guint i = 0; span->columns[i]; i++)
    ck_assert_msg(g_strv_contains((const char *const *)columns, span->columns[i]) !=
                      g_strv_contains(left_out, span->columns[i]),
                  "span.%s is neither in the CSV nor left out of it", span->columns[i]);
}
END_TEST

/* ---- pictures ---------------------------------------------------------------------------- */

#define WIDTH 256

/* Colours may differ a little, and few pixels may differ much. */
static void hold_against(const UnparkTile *tile, const char *name) {
  g_autofree char *path = g_strdup_printf("%s/lanes/%s.png", UNPARK_TEST_DATA, name);
  cairo_surface_t *got = cairo_image_surface_create_for_data(
      (guchar *)tile->pixels, CAIRO_FORMAT_ARGB32, tile->width, tile->height, tile->width * 4);
  if (g_getenv("UNPARK_UPDATE_PICTURES")) {
    ck_assert_int_eq(cairo_surface_write_to_png(got, path), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(got);
    return;
  }
  cairo_surface_t *wanted = cairo_image_surface_create_from_png(path);
  ck_assert_msg(cairo_surface_status(wanted) == CAIRO_STATUS_SUCCESS, "no %s", path);
  ck_assert_int_eq(cairo_image_surface_get_width(wanted), tile->width);
  ck_assert_int_eq(cairo_image_surface_get_height(wanted), tile->height);
  guint off = 0;
  for (int y = 0; y < tile->height; y++) {
    const guchar *a = cairo_image_surface_get_data(wanted) +
                      (gsize)y * (gsize)cairo_image_surface_get_stride(wanted);
    const guchar *b = (const guchar *)(tile->pixels + (gsize)y * (gsize)tile->width);
    gboolean rgb = cairo_image_surface_get_format(wanted) == CAIRO_FORMAT_RGB24;
    for (int x = 0; x < tile->width; x++) {
      int most = 0;
      for (int c = 0; c < (rgb ? 3 : 4); c++)
        most = MAX(most, abs(a[x * 4 + c] - b[x * 4 + c]));
      off += most > 8;
    }
  }
  cairo_surface_destroy(wanted);
  cairo_surface_destroy(got);
  ck_assert_msg(off * 200 <= (guint)(tile->width * tile->height), "%s: %u pixels differ", name,
                off);
}

static UnparkTile tile_of(guint32 *pixels, int height, gint64 from_ns, gint64 to_ns,
                          gboolean dark) {
  return (UnparkTile){.from_ns = (double)from_ns,
                      .ns_per_px = (double)(to_ns - from_ns) / WIDTH,
                      .width = WIDTH,
                      .height = height,
                      .dark = dark,
                      .pixels = pixels};
}

/* As high as the lane is in its fullest moment. */
static void draw_density(const UnparkTile *tile, const UnparkLaneItems *lane) {
  double peak = 0, active = 0;
  for (guint i = 0; i < lane->n_items; i++) {
    const float *mean = lane->items[i].mean;
    double busy = (double)mean[UNPARK_STATE_RUNNING] + (double)mean[UNPARK_STATE_RUNNABLE] +
                  (double)mean[UNPARK_STATE_SYSCALL];
    peak = MAX(peak, busy + (double)mean[UNPARK_STATE_WAITING]);
    active = MAX(active, busy);
  }
  unpark_raster_density(tile, lane->items, lane->n_items, peak, active, FALSE);
}

static void draw_lane(const UnparkLaneKey *key, const char *name, gint64 from, gint64 to,
                      gboolean dark) {
  guint32 pixels[WIDTH * 22] = {0};
  UnparkTile tile = tile_of(pixels, 22, from, to, dark);
  g_autoptr(GError) error = NULL;
  gint64 resolution = MAX((to - from) / WIDTH, 1);
  UnparkLaneItems *lanes =
      unpark_store_lanes(trace->store, key, 1, from, to, resolution, NULL, &error);
  ck_assert_msg(lanes != NULL, "%s", error ? error->message : "");
  if (key->type == UNPARK_LANE_GROUP || key->type == UNPARK_LANE_ALL)
    draw_density(&tile, lanes);
  else
    unpark_raster_spans(&tile, trace->store, lanes->items, lanes->n_items,
                        key->type == UNPARK_LANE_GOROUTINE ? UNPARK_LANE_OF_STATES
                                                           : UNPARK_LANE_OF_WORK);
  unpark_lane_items_free(lanes, 1);
  hold_against(&tile, name);
}

/* Every kind of lane, in light and dark: "name" and "name-dark". No text is drawn, so that neither
 * fonts nor cairo's version matter. */
static const char *named(const char *name, gboolean dark, char buf[64]) {
  g_snprintf(buf, 64, "%s%s", name, dark ? "-dark" : "");
  return buf;
}

static const UnparkSample *samples_of(const GArray *array) {
  return (const UnparkSample *)(gconstpointer)array->data;
}

START_TEST(lanes_look_as_they_did) {
  gboolean dark = _i == 1;
  gint64 end = unpark_store_source(trace->store)->duration_ns, third = end / 3;
  guint n;
  const UnparkGoroutine *all = unpark_store_goroutines(trace->store, &n, NULL);
  gint64 group = ask("SELECT min(id) FROM goroutine WHERE name LIKE '%serveDatabase.func1'");
  char buf[64];
  const UnparkLaneKey goroutine = {UNPARK_LANE_GOROUTINE, 23}, proc = {UNPARK_LANE_PROC, 2},
                      thread = {UNPARK_LANE_THREAD,
                                unpark_store_threads(trace->store, &(guint){0})[0]},
                      states = {UNPARK_LANE_ALL, 0};
  draw_lane(&goroutine, named("goroutine", dark, buf), 0, end, dark);
  draw_lane(&goroutine, named("goroutine-near", dark, buf), third, third + 20000000, dark);
  draw_lane(&proc, named("processor", dark, buf), 0, end, dark);
  draw_lane(&thread, named("thread", dark, buf), 0, end, dark);
  draw_lane(&states, named("states", dark, buf), 0, end, dark);
  for (guint i = 0; i < n; i++)
    if (all[i].id == group) {
      const UnparkLaneKey key = {UNPARK_LANE_GROUP, all[i].name_id};
      draw_lane(&key, named("group", dark, buf), 0, end, dark);
      return;
    }
  ck_abort_msg("no such group");
}
END_TEST

/* What a filter does not ask for is faint. */
static gboolean is_early(const UnparkItem *item, gpointer data) {
  return item->start_ns < *(gint64 *)data;
}

START_TEST(filtered_lanes_look_as_they_did) {
  gboolean dark = _i == 1;
  gint64 end = unpark_store_source(trace->store)->duration_ns, half = end / 2;
  const UnparkLaneKey keys[] = {{UNPARK_LANE_GOROUTINE, 23}, {UNPARK_LANE_PROC, 2}};
  UnparkLaneItems *lanes =
      unpark_store_lanes(trace->store, keys, 2, 0, end, end / WIDTH, NULL, NULL);
  guint32 pixels[WIDTH * 22] = {0};
  UnparkTile tile = tile_of(pixels, 22, 0, end, dark);
  char buf[64];
  tile.test = is_early;
  tile.test_data = &half;
  unpark_raster_spans(&tile, trace->store, lanes[0].items, lanes[0].n_items, UNPARK_LANE_OF_STATES);
  hold_against(&tile, named("goroutine-filtered", dark, buf));
  memset(pixels, 0, sizeof pixels);
  unpark_raster_spans(&tile, trace->store, lanes[1].items, lanes[1].n_items, UNPARK_LANE_OF_WORK);
  hold_against(&tile, named("processor-filtered", dark, buf));
  unpark_lane_items_free(lanes, 2);
}
END_TEST

static void draw_stretches(const GArray *list, UnparkInk ink, const char *name, gboolean dark) {
  guint32 pixels[WIDTH * 16] = {0};
  char buf[64];
  UnparkTile tile = tile_of(pixels, 16, 0, unpark_store_source(trace->store)->duration_ns, dark);
  unpark_raster_stretches(&tile, (const UnparkStretch *)(gconstpointer)list->data, list->len,
                          unpark_palette_ink(ink, dark), 0, 16);
  hold_against(&tile, named(name, dark, buf));
}

START_TEST(plots_look_as_they_did) {
  gboolean dark = _i == 1;
  gint64 end = unpark_store_source(trace->store)->duration_ns;
  guint32 pixels[WIDTH * 44] = {0};
  char buf[64];
  UnparkTile tile = tile_of(pixels, 44, 0, end, dark);
  unpark_raster_plot(&tile, samples_of(series->heap), series->heap->len, series->top_bytes,
                     unpark_palette_ink(UNPARK_INK_HEAP, dark), TRUE);
  unpark_raster_plot(&tile, samples_of(series->goal), series->goal->len, series->top_bytes,
                     unpark_palette_ink(UNPARK_INK_GOAL, dark), FALSE);
  hold_against(&tile, named("heap", dark, buf));
  draw_stretches(series->gc, UNPARK_INK_GC, "gc", dark);
  draw_stretches(series->stw, UNPARK_INK_STW, "stw", dark);
  memset(pixels, 0, sizeof pixels);
  tile.height = 27;
  unpark_raster_plot(&tile, samples_of(series->gomaxprocs), series->gomaxprocs->len,
                     series->top_procs, unpark_palette_ink(UNPARK_INK_DIM_TEXT, dark), TRUE);
  hold_against(&tile, named("gomaxprocs", dark, buf));
  memset(pixels, 0, sizeof pixels);
  const UnparkTaskCount *tasks = &g_array_index(series->task_counts, UnparkTaskCount, 0);
  unpark_raster_plot(&tile, samples_of(tasks->samples), tasks->samples->len, tasks->top,
                     unpark_palette_ink(UNPARK_INK_TASK, dark), TRUE);
  hold_against(&tile, named("tasks", dark, buf));
}
END_TEST

/* A task's lane: its whole time as a bar, its regions below. */
START_TEST(a_task_looks_as_it_did) {
  gboolean dark = _i == 1;
  gint64 id = ask("SELECT task FROM region WHERE task > 0 GROUP BY task "
                  "ORDER BY count(*) DESC, task LIMIT 1");
  const UnparkTask *task = unpark_track_index_task(series->tracks, id);
  const UnparkTrackKey key = {{UNPARK_LANE_TASK, id}, FALSE};
  gint64 margin = (task->end_ns - task->start_ns) / 8;
  gint64 from = MAX(task->start_ns - margin, 0), to = task->end_ns + margin;
  UnparkLaneTracks *tracks =
      unpark_store_tracks(trace->store, &key, 1, from, to, MAX((to - from) / WIDTH, 1), NULL, NULL);
  guint32 pixels[WIDTH * 61] = {0};
  UnparkTile tile = tile_of(pixels, 22, from, to, dark);
  const UnparkStretch whole = {.start_ns = task->start_ns, .end_ns = task->end_ns};
  char buf[64];
  unpark_raster_stretches(&tile, &whole, 1, unpark_palette_ink(UNPARK_INK_TASK, dark), 0, 19);
  tile.height = 61;
  unpark_raster_track(&tile, tracks->regions, tracks->n_regions, 22, UNPARK_LEVEL_HEIGHT, FALSE);
  unpark_raster_marks(&tile, tracks->marks, tracks->n_marks);
  hold_against(&tile, named("task", dark, buf));
  unpark_lane_tracks_free(tracks, 1);
}
END_TEST

/* Lanes with a band, all of it asked for or only what was early. */
static void draw_ranges(const UnparkLaneKey *lane, const char *name, gboolean filtered,
                        gboolean dark) {
  const UnparkTrackKey key = {*lane, FALSE};
  gint64 end = unpark_store_source(trace->store)->duration_ns, half = end / 2;
  guint32 pixels[WIDTH * 22] = {0};
  char buf[64];
  UnparkTile tile = tile_of(pixels, 22, 0, end, dark);
  UnparkLaneItems *items =
      unpark_store_lanes(trace->store, lane, 1, 0, end, end / WIDTH, NULL, NULL);
  UnparkLaneTracks *tracks =
      unpark_store_tracks(trace->store, &key, 1, 0, end, end / WIDTH, NULL, NULL);
  ck_assert(items && tracks);
  ck_assert_uint_gt(tracks->n_ranges, 0);
  if (filtered) {
    tile.test = is_early;
    tile.test_data = &half;
  }
  unpark_raster_spans(&tile, trace->store, items->items, items->n_items,
                      lane->type == UNPARK_LANE_GOROUTINE ? UNPARK_LANE_OF_STATES
                                                          : UNPARK_LANE_OF_WORK);
  unpark_raster_ranges(&tile, tracks->ranges, tracks->n_ranges, 4, items->items, items->n_items);
  hold_against(&tile, named(name, dark, buf));
  unpark_lane_items_free(items, 1);
  unpark_lane_tracks_free(tracks, 1);
}

START_TEST(ranges_look_as_they_did) {
  const UnparkLaneKey proc = {UNPARK_LANE_PROC,
                              ask("SELECT scope_id FROM range WHERE scope = 'proc' GROUP BY "
                                  "scope_id ORDER BY count(*) DESC, scope_id LIMIT 1")},
                      goroutine = {UNPARK_LANE_GOROUTINE,
                                   ask("SELECT scope_id FROM range WHERE name = 'GC mark assist' "
                                       "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")};
  draw_ranges(&proc, "sweeps", FALSE, _i == 1);
  draw_ranges(&proc, "sweeps-filtered", TRUE, _i == 1);
  draw_ranges(&goroutine, "assists", FALSE, _i == 1);
}
END_TEST

START_TEST(tracks_look_as_they_did) {
  gboolean dark = _i == 1;
  g_autoptr(GError) error = NULL;
  gint64 id = ask("SELECT goroutine FROM region GROUP BY goroutine ORDER BY count(*) DESC LIMIT 1");
  const UnparkTrackKey key = {{UNPARK_LANE_GOROUTINE, id}, TRUE};
  gint64 end = unpark_store_source(trace->store)->duration_ns, resolution = end / WIDTH;
  UnparkLaneTracks *tracks =
      unpark_store_tracks(trace->store, &key, 1, 0, end, resolution, NULL, &error);
  ck_assert(tracks != NULL);
  guint32 pixels[WIDTH * 65] = {0};
  char buf[64];
  UnparkTile tile = tile_of(pixels, 65, 0, end, dark);
  unpark_raster_track(&tile, tracks->regions, tracks->n_regions, 0, 13, FALSE);
  hold_against(&tile, named("regions", dark, buf));
  memset(pixels, 0, sizeof pixels);
  unpark_raster_track(&tile, tracks->frames, tracks->n_frames, 0, 13, TRUE);
  hold_against(&tile, named("stacks", dark, buf));
  memset(pixels, 0, sizeof pixels);
  tile.height = 22;
  const UnparkMark marks[] = {{.time_ns = end / 4, .type = UNPARK_MARK_LOG, .count = 1},
                              {.time_ns = end / 2, .type = UNPARK_MARK_SAMPLE, .count = 1}};
  unpark_raster_marks(&tile, marks, 2);
  hold_against(&tile, named("marks", dark, buf));
  unpark_lane_tracks_free(tracks, 1);
}
END_TEST

/* Ten milliseconds that a goroutine was runnable in an hour of waiting. */
START_TEST(something_rare_stays_visible) {
  const gint64 hour = G_GINT64_CONSTANT(3600000000000), at = hour * 2 / 5, rare = 10000000;
  guint16 runnable = 0, waiting = 0;
  for (guint k = 1; k < unpark_store_n_kinds(trace->store); k++) {
    const UnparkKind *kind = unpark_store_kind(trace->store, (guint16)k);
    if (kind && kind->state == UNPARK_STATE_RUNNABLE)
      runnable = (guint16)k;
    if (kind && kind->state == UNPARK_STATE_WAITING)
      waiting = (guint16)k;
  }
  const UnparkItem items[] = {
      {.start_ns = 0, .end_ns = at, .count = 1, .kind = waiting, .longest_ns = at},
      {.start_ns = at, .end_ns = at + rare, .count = 1, .kind = runnable, .longest_ns = rare},
      {.start_ns = at + rare, .end_ns = hour, .count = 1, .kind = waiting, .longest_ns = hour}};
  for (gint64 length = hour; length > rare; length /= 3) {
    guint32 pixels[WIDTH * 22] = {0};
    gint64 from = MAX(at - length / 2, 0);
    UnparkTile tile = tile_of(pixels, 22, from, from + length, FALSE);
    unpark_raster_spans(&tile, trace->store, items, 3, UNPARK_LANE_OF_STATES);
    guint seen = 0;
    for (guint i = 0; i < G_N_ELEMENTS(pixels); i++)
      seen += pixels[i] == (unpark_palette_fill(UNPARK_CLASS_RUNNABLE, FALSE) | 0xff000000u);
    ck_assert_uint_ge(seen, 2);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("lanes");
  TCase *tests = tcase_create("lanes");
  tcase_add_unchecked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, series_are_shared);
  tcase_add_test(tests, metrics_are_summed_up);
  tcase_add_test(tests, rows_of_every_kind);
  tcase_add_test(tests, lanes_open_with_stacks_and_regions);
  tcase_add_test(tests, pinned_lanes_come_first);
  tcase_add_test(tests, sorted_as_asked);
  tcase_add_test(tests, tracks_hold_what_the_tables_hold);
  tcase_add_test(tests, ranges_are_on_the_lanes_they_concern);
  tcase_add_test(tests, filter_asks_what_sql_asks);
  tcase_add_test(tests, tasks_pass_by_who_takes_part);
  tcase_add_test(tests, tasks_have_more_than_their_beginner);
  tcase_add_test(tests, a_filter_keeps_what_is_around);
  tcase_add_test(tests, errors_say_where);
  tcase_add_test(tests, words_are_offered);
  tcase_add_test(tests, csv_has_every_span);
  tcase_add_test(tests, csv_has_every_column);
  tcase_add_loop_test(tests, lanes_look_as_they_did, 0, 2);
  tcase_add_loop_test(tests, filtered_lanes_look_as_they_did, 0, 2);
  tcase_add_loop_test(tests, a_task_looks_as_it_did, 0, 2);
  tcase_add_loop_test(tests, plots_look_as_they_did, 0, 2);
  tcase_add_loop_test(tests, tracks_look_as_they_did, 0, 2);
  tcase_add_loop_test(tests, ranges_look_as_they_did, 0, 2);
  tcase_add_test(tests, something_rare_stays_visible);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
