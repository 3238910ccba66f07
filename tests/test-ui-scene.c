/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said and drawn of lanes beside their pictures: names by a span's own times, scales, what
 * is being read, what lies outside of the visible time, and what a filter or the visible time
 * leaves. */
#include <check.h>
#include <string.h>

#include "tests/support.h"
#include "ui/lanes/lane-raster.h"
#include "ui/scene/edges.h"
#include "ui/scene/names.h"
#include "ui/text/format.h"

#define LANES_X 200
#define WIDTH 1200
#define PATIENCE_S 30

static TestStore *trace;
static UnparkSeries *series;
static UnparkSession *session;
static UnparkLaneCache *lanes;
static gboolean came;

static void on_lanes(gpointer data) {
  came = TRUE;
}

static void set_up(void) {
  g_autoptr(GError) error = NULL;
  trace = test_import_sample();
  series = unpark_series_read(trace->store, NULL, &error);
  ck_assert_msg(series != NULL, "%s", error ? error->message : "");
  session = unpark_session_new();
  unpark_session_set_store(session, trace->store);
  lanes = unpark_lane_cache_new(on_lanes, NULL);
  unpark_lane_cache_set_store(lanes, trace->store);
}

static void tear_down(void) {
  unpark_lane_cache_free(lanes);
  g_object_unref(session);
  unpark_series_unref(series);
  test_store_free(trace);
}

static UnparkRows *rows_of(UnparkRowOptions options) {
  g_autoptr(GHashTable) open = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) pinned = g_hash_table_new(g_int64_hash, g_int64_equal);
  g_autoptr(GError) error = NULL;
  options.open = open;
  options.pinned = pinned;
  options.track_index = series->tracks;
  UnparkRows *rows = unpark_rows_build(trace->store, &options, NULL, &error);
  ck_assert_msg(rows != NULL, "%s", error ? error->message : "");
  return rows;
}

static UnparkScene scene_of(const UnparkRows *rows, double from_ns, double to_ns) {
  return (UnparkScene){.session = session,
                       .rows = rows,
                       .series = series,
                       .task_counts = series->task_counts,
                       .lanes = lanes,
                       .axis = unpark_axis_new(from_ns, to_ns, WIDTH - LANES_X),
                       .lanes_x = LANES_X,
                       .width = WIDTH,
                       .height = 800,
                       .hide_waiting = TRUE,
                       .panes = unpark_panes_new(rows, 800, 0, 0)};
}

static const UnparkRow *row_of(const UnparkRows *rows, UnparkRowType type, gint64 id) {
  int at = unpark_rows_find(rows, type, id);
  ck_assert_int_ge(at, 0);
  return &rows->rows[at];
}

/* ---- names --------------------------------------------------------------------------------- */

/* The lane shows a tenth of the span: what is said is how long it was, and when it began. */
START_TEST(spans_are_named_by_their_own_times) {
  g_autoptr(UnparkRows) rows = rows_of((UnparkRowOptions){.all_open = TRUE});
  for (int i = 0; i < 8; i++) {
    g_autofree char *tail =
        g_strdup_printf("FROM span WHERE state = 'waiting' AND goroutine IN (SELECT id "
                        "FROM goroutine WHERE system = 0) ORDER BY "
                        "duration_ns DESC LIMIT 1 OFFSET %d",
                        i);
    gint64 id = test_value(trace, "SELECT goroutine %s", tail),
           start = test_value(trace, "SELECT start_ns %s", tail),
           length = test_value(trace, "SELECT duration_ns %s", tail);
    const UnparkLaneKey key = {UNPARK_LANE_GOROUTINE, id};
    gint64 from = start + length * 4 / 10, to = start + length / 2;
    g_autoptr(GError) error = NULL;
    UnparkLaneItems *items =
        unpark_store_lanes(trace->store, &key, 1, from, to, (to - from) / 1000, NULL, &error);
    char duration[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE];
    ck_assert_msg(items != NULL, "%s", error ? error->message : "");
    ck_assert_uint_eq(items->n_items, 1);
    ck_assert_int_eq(items->items[0].longest_start_ns, start);
    g_autofree char *name = unpark_scene_item_name(
        trace->store, row_of(rows, UNPARK_ROW_GOROUTINE, id), &items->items[0]);
    g_autofree char *times = g_strdup_printf(", %s at %s", unpark_format_duration(length, duration),
                                             unpark_format_time(start, MAX(length / 20, 1000), at));
    ck_assert_msg(g_str_has_suffix(name, times), "“%s” does not end with “%s”", name, times);
    unpark_lane_items_free(items, 1);
  }
}
END_TEST

/* Zoomed-out rows know how long the longest span was, not when it began. */
START_TEST(pieces_have_the_length_of_their_span) {
  const UnparkRow row = {.type = UNPARK_ROW_GOROUTINE, .id = 1};
  UnparkItem item = {.start_ns = 1000,
                     .end_ns = 3000,
                     .count = 2,
                     .goroutine = 1,
                     .longest_ns = 31200000,
                     .longest_start_ns = UNPARK_NONE};
  g_autofree char *piece = unpark_scene_item_name(trace->store, &row, &item);
  ck_assert_msg(strstr(piece, "31.2 ms") && !strstr(piece, "spans") && !strstr(piece, " at "), "%s",
                piece);
  item.longest_ns = 1500; /* two of them, side by side */
  g_autofree char *two = unpark_scene_item_name(trace->store, &row, &item);
  ck_assert_msg(strstr(two, "2 spans in 2 µs at"), "%s", two);
}
END_TEST

/* ---- what a filter leaves ------------------------------------------------------------------ */

static double most_at_once(const GArray *counts, guint32 name_id) {
  const UnparkTaskCount *count = unpark_task_counts_of(counts, name_id);
  return count ? count->top : 0;
}

START_TEST(task_curves_obey_the_filter) {
  const UnparkTrackIndex *index = series->tracks;
  ck_assert_uint_gt(index->n_tasks, 3);
  gint64 id = index->tasks[2].id;
  const UnparkIdSet one = {&id, 1};
  guint32 name = index->tasks[2].name_id;
  g_autoptr(GArray) counts = unpark_task_counts_new(index, &one);
  ck_assert_uint_eq(counts->len, 1);
  ck_assert_double_eq(most_at_once(counts, name), 1);
  ck_assert_double_gt(most_at_once(series->task_counts, name), 1);
  const GArray *samples = unpark_task_counts_of(counts, name)->samples;
  ck_assert_uint_eq(samples->len, 2);
  ck_assert_int_eq(g_array_index(samples, UnparkSample, 0).time_ns, index->tasks[2].start_ns);
  ck_assert_int_eq(g_array_index(samples, UnparkSample, 1).time_ns, index->tasks[2].end_ns);
}
END_TEST

/* ---- what the visible time leaves --------------------------------------------------------- */

START_TEST(only_what_is_active_is_listed) {
  gint64 end = unpark_session_get_end(session), at = end / 2;
  g_autoptr(UnparkRows) all = rows_of((UnparkRowOptions){.all_open = TRUE});
  g_autoptr(UnparkRows) some = rows_of((UnparkRowOptions){
      .all_open = TRUE, .only_active = TRUE, .active_from_ns = at, .active_to_ns = at + 1000});
  guint listed = 0, blank = 0;
  for (guint i = 0; i < some->n; i++) {
    const UnparkRow *row = &some->rows[i];
    listed += row->type == UNPARK_ROW_GOROUTINE;
    if (row->type == UNPARK_ROW_GOROUTINE || row->type == UNPARK_ROW_TASK)
      blank += row->from_ns > at + 1000 || row->to_ns < at;
  }
  gint64 there = test_value(trace,
                            "SELECT count(*) FROM goroutine WHERE system = 0 AND create_ns <= "
                            "%" G_GINT64_FORMAT " AND (end_ns IS NULL OR end_ns >= "
                            "%" G_GINT64_FORMAT ")",
                            at + 1000, at);
  ck_assert_uint_eq(blank, 0);
  ck_assert_int_eq(listed, there);
  ck_assert_uint_lt(some->n, all->n);
  ck_assert_uint_eq(some->n_goroutines, all->n_goroutines); /* all of them match the filter */
  const UnparkRow *section = row_of(some, UNPARK_ROW_SECTION, UNPARK_SECTION_GOROUTINES);
  g_autofree char *label = unpark_scene_row_label(section, 40);
  ck_assert_str_eq(label, "Goroutines active here");
}
END_TEST

/* A blank lane says on which side it is, and where. */
START_TEST(blank_lanes_lead_to_what_is_there) {
  g_autoptr(UnparkRows) rows = rows_of((UnparkRowOptions){.all_open = TRUE});
  gint64 id = test_value(trace, "SELECT id FROM goroutine WHERE end_ns IS NOT NULL AND "
                                "create_ns > 1000000 AND system = 0 LIMIT 1");
  gint64 begins = test_value(trace, "SELECT create_ns FROM goroutine WHERE id = %d", (int)id);
  gint64 ends = test_value(trace, "SELECT end_ns FROM goroutine WHERE id = %d", (int)id);
  guint n = (guint)unpark_rows_find(rows, UNPARK_ROW_GOROUTINE, id);
  gint64 ns = 0;
  UnparkScene before = scene_of(rows, 0, (double)begins - 1000);
  UnparkScene during = scene_of(rows, (double)begins, (double)ends);
  UnparkScene after = scene_of(rows, (double)ends + 1000, (double)ends + 50000);
  ck_assert_int_eq(unpark_scene_outside(&before, &rows->rows[n], &ns), 1);
  ck_assert_int_eq(ns, begins);
  ck_assert(unpark_scene_edge_at(&before, n, WIDTH - 4, &ns));
  ck_assert(!unpark_scene_edge_at(&before, n, LANES_X + 4, &ns));
  ck_assert_int_eq(unpark_scene_outside(&during, &rows->rows[n], &ns), 0);
  ck_assert(!unpark_scene_edge_at(&during, n, WIDTH - 4, &ns));
  ck_assert_int_eq(unpark_scene_outside(&after, &rows->rows[n], &ns), -1);
  ck_assert_int_eq(ns, ends);
  ck_assert(unpark_scene_edge_at(&after, n, LANES_X + 4, &ns));
  g_autofree char *text = unpark_scene_edge_text(&after, &rows->rows[n]);
  ck_assert_msg(g_str_has_prefix(text, "Ended at "), "%s", text);
}
END_TEST

/* ---- what is being read -------------------------------------------------------------------- */

static void fetch(const UnparkLaneKey *key, double from_ns, double to_ns) {
  const UnparkLaneWish wish = {.key = *key};
  gint64 until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
  came = FALSE;
  unpark_lane_cache_want(lanes, &wish, 1, from_ns, to_ns, (to_ns - from_ns) / (WIDTH - LANES_X));
  while (!came && g_get_monotonic_time() < until)
    g_main_context_iteration(NULL, TRUE);
  ck_assert(came);
}

START_TEST(what_is_being_read_is_marked) {
  g_autoptr(UnparkRows) rows = rows_of((UnparkRowOptions){.all_open = TRUE});
  gint64 end = unpark_session_get_end(session), parts[2][2];
  const UnparkRow *states = row_of(rows, UNPARK_ROW_STATES, 0);
  UnparkScene whole = scene_of(rows, 0, (double)end);
  UnparkLaneKey key;
  ck_assert(unpark_row_lane(states, &key));
  ck_assert(unpark_scene_coming(&whole, states, parts)); /* nothing is known yet */
  ck_assert_int_eq(parts[0][0], 0);
  ck_assert_int_eq(parts[0][1], end);
  fetch(&key, (double)end / 2, (double)end / 2 + (double)end / 20);
  ck_assert(unpark_scene_coming(&whole, states, parts)); /* before and behind it */
  ck_assert_int_eq(parts[0][0], 0);
  ck_assert_int_gt(parts[0][1], end / 4);
  ck_assert_int_lt(parts[1][0], end * 3 / 4);
  ck_assert_int_eq(parts[1][1], end);
  fetch(&key, 0, (double)end);
  ck_assert(!unpark_scene_coming(&whole, states, parts));
  /* Of what begins later, nothing comes before. */
  gint64 id = test_value(trace, "SELECT id FROM goroutine WHERE create_ns > 1000000 AND "
                                "system = 0 LIMIT 1");
  const UnparkRow *late = row_of(rows, UNPARK_ROW_GOROUTINE, id);
  ck_assert(unpark_scene_coming(&whole, late, parts));
  ck_assert_int_eq(parts[0][0], late->from_ns);
}
END_TEST

/* ---- scales -------------------------------------------------------------------------------- */

static guint painted(const guint32 *pixels, int x, int height, guint class_id) {
  guint n = 0;
  for (int y = 0; y < height; y++)
    n += pixels[y * UNPARK_TILE_WIDTH + x] == (unpark_palette_fill(class_id, FALSE) | 0xff000000u);
  return n;
}

/* One of a hundred runs: nearly nothing beside those that wait, all of the height without them. */
START_TEST(waiting_is_left_out_where_it_is_all_there_is) {
  guint32 pixels[UNPARK_TILE_WIDTH * 40] = {0};
  const UnparkTile tile = {0, 10, UNPARK_TILE_WIDTH, 40, FALSE, pixels, NULL, NULL};
  UnparkItem item = {.start_ns = 0, .end_ns = 1000, .count = 9};
  item.mean[UNPARK_STATE_RUNNING] = 1;
  item.mean[UNPARK_STATE_WAITING] = 99;
  unpark_raster_density(&tile, &item, 1, 100, 1, FALSE);
  ck_assert_uint_gt(painted(pixels, 50, 40, UNPARK_CLASS_WAIT), 10);
  memset(pixels, 0, sizeof pixels);
  unpark_raster_density(&tile, &item, 1, 100, 1, TRUE);
  ck_assert_uint_eq(painted(pixels, 50, 40, UNPARK_CLASS_RUNNING), 40);
  memset(pixels, 0, sizeof pixels);
  item.mean[UNPARK_STATE_RUNNING] = 0; /* that somebody is there can still be seen */
  unpark_raster_density(&tile, &item, 1, 100, 1, TRUE);
  ck_assert_uint_eq(painted(pixels, 50, 40, UNPARK_CLASS_WAIT), 1);
}
END_TEST

START_TEST(lanes_say_what_they_leave_out) {
  g_autoptr(UnparkRows) rows = rows_of((UnparkRowOptions){0});
  UnparkScene scene = scene_of(rows, 0, (double)unpark_session_get_end(session));
  guint waiting = 0;
  for (guint i = 0; i < rows->n; i++) {
    const UnparkRow *row = &rows->rows[i];
    UnparkLaneKey key;
    if ((row->type != UNPARK_ROW_GROUP && row->type != UNPARK_ROW_STATES) ||
        !unpark_row_lane(row, &key))
      continue;
    fetch(&key, 0, (double)unpark_session_get_end(session));
    g_autofree char *text = unpark_scene_scale_text(&scene, row);
    gboolean says = text && strstr(text, "without waiting");
    ck_assert_msg(!text || says == (row->waits != 0), "%s: %s", row->name ? row->name : "", text);
    waiting += row->waits && says;
    scene.hide_waiting = FALSE;
    g_autofree char *whole = unpark_scene_scale_text(&scene, row);
    ck_assert(whole && !strstr(whole, "without waiting"));
    scene.hide_waiting = TRUE;
  }
  ck_assert_uint_gt(waiting, 0);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {spans_are_named_by_their_own_times,
                                pieces_have_the_length_of_their_span,
                                task_curves_obey_the_filter,
                                only_what_is_active_is_listed,
                                blank_lanes_lead_to_what_is_there,
                                what_is_being_read_is_marked,
                                waiting_is_left_out_where_it_is_all_there_is,
                                lanes_say_what_they_leave_out};
  Suite *suite = suite_create("scene");
  TCase *all = tcase_create("scene");
  tcase_add_checked_fixture(all, set_up, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
    tcase_add_test(all, tests[i]);
  suite_add_tcase(suite, all);
  return test_run(suite);
}
