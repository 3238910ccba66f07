/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timeline's arithmetic: time to pixels, items to pixels, the filter language. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "model/filter/filter.h"
#include "ui/lanes/lane-raster.h"
#include "ui/lanes/time-axis.h"
#include "ui/lanes/timeline-panes.h"

START_TEST(axis_maps_both_ways) {
  UnparkTimeAxis axis = unpark_axis_new(1000, 5000, 400);
  ck_assert_double_eq_tol(unpark_axis_x(&axis, 1000), 0, 1e-9);
  ck_assert_double_eq_tol(unpark_axis_x(&axis, 5000), 400, 1e-9);
  ck_assert_double_eq_tol(unpark_axis_ns(&axis, 100), 2000, 1e-9);
  ck_assert_double_eq_tol(unpark_axis_end(&axis), 5000, 1e-9);
}
END_TEST

START_TEST(zoom_keeps_what_is_under_the_pointer) {
  UnparkTimeAxis axis = unpark_axis_new(0, 25e9, 1000);
  for (int i = 0; i < 100; i++) {
    double before = unpark_axis_ns(&axis, 333);
    UnparkTimeAxis next = unpark_axis_zoom(&axis, 333, 1.3);
    ck_assert_double_eq_tol(unpark_axis_ns(&next, 333), before, 1e-3);
    ck_assert_double_ge(unpark_axis_end(&next) - next.start_ns, UNPARK_AXIS_MIN_NS - 1e-6);
    axis = next;
  }
}
END_TEST

START_TEST(clamp_keeps_length_and_place) {
  double from = -500, to = 500;
  unpark_axis_clamp(&from, &to, 0, 10000);
  ck_assert_double_eq_tol(to - from, 1000, 1e-6);
  ck_assert_double_eq_tol(from, -200, 1e-6);
  from = 9900, to = 10900;
  unpark_axis_clamp(&from, &to, 0, 10000);
  ck_assert_double_eq_tol(to, 10200, 1e-6);
  from = -1e9, to = 1e9;
  unpark_axis_clamp(&from, &to, 0, 10000);
  ck_assert_double_eq_tol(to - from, 10400, 1e-6);
  from = -100, to = 900;
  unpark_axis_clamp(&from, &to, -3000, 7000);
  ck_assert_double_eq_tol(from, -100, 1e-6);
  from = -9000, to = -8000;
  unpark_axis_clamp(&from, &to, -3000, 7000);
  ck_assert_double_eq_tol(from, -3200, 1e-6);
  from = to = 5000;
  unpark_axis_clamp(&from, &to, 0, 10000);
  ck_assert_double_eq_tol(to - from, UNPARK_AXIS_MIN_NS, 1e-6);
}
END_TEST

START_TEST(ticks_are_round_and_far_enough_apart) {
  for (double length = 300; length < 1e13; length *= 1.7) {
    UnparkTimeAxis axis = unpark_axis_new(123, 123 + length, 1000);
    gint64 step = unpark_axis_tick_step(&axis, 90);
    gint64 digits = step;
    while (digits % 10 == 0)
      digits /= 10;
    ck_assert(digits == 1 || digits == 2 || digits == 5);
    ck_assert_double_ge((double)step / axis.ns_per_px, 89);
    ck_assert_double_le((double)step / axis.ns_per_px, 90 * 2.6 + 1 / axis.ns_per_px);
    ck_assert_int_ge(unpark_axis_first_tick(&axis, step), 123);
    ck_assert_int_eq(unpark_axis_first_tick(&axis, step) % step, 0);
  }
}
END_TEST

START_TEST(items_are_found) {
  const UnparkItem items[] = {{.start_ns = 0, .end_ns = 10, .count = 1, .longest_ns = 10},
                              {.start_ns = 10, .end_ns = 12, .count = 1, .longest_ns = 2},
                              {.start_ns = 20, .end_ns = 40, .count = 5, .longest_ns = 7}};
  ck_assert_int_eq(unpark_items_at(items, 3, 5, 5), 0);
  ck_assert_int_eq(unpark_items_at(items, 3, 11, 11), 1);
  ck_assert_int_eq(unpark_items_at(items, 3, 9, 11), 0); /* the longer one */
  ck_assert_int_eq(unpark_items_at(items, 3, 15, 16), -1);
  ck_assert_int_eq(unpark_items_at(items, 3, 15, 20), 2);
  ck_assert_int_eq(unpark_items_at(items, 3, 50, 60), -1);
  ck_assert_int_eq(unpark_items_at(items, 0, 50, 60), -1);
  ck_assert_uint_eq(unpark_items_first(items, 3, 10), 1);
  ck_assert_uint_eq(unpark_items_first(items, 3, 40), 3);
}
END_TEST

START_TEST(rows_are_found_by_bisection) {
  UnparkRow list[100];
  UnparkRows rows = {.rows = list, .n = 100};
  gint64 y = 0;
  memset(list, 0, sizeof list);
  for (guint i = 0; i < 100; i++) {
    list[i].y = y;
    list[i].height = (guint16)(20 + i % 3);
    list[i].type = UNPARK_ROW_GOROUTINE;
    list[i].id = i;
    y += list[i].height;
  }
  rows.height = y;
  for (gint64 at = 0; at < y; at++) {
    guint i = unpark_rows_at(&rows, (double)at);
    ck_assert_int_le(list[i].y, at);
    ck_assert_int_gt(list[i].y + list[i].height, at);
  }
  ck_assert_uint_eq(unpark_rows_at(&rows, 1e9), 99);
  unpark_rows_index(&rows);
  ck_assert_int_eq(unpark_rows_find(&rows, UNPARK_ROW_GOROUTINE, 42), 42);
  ck_assert_int_eq(unpark_rows_find(&rows, UNPARK_ROW_GOROUTINE, 100), -1);
  ck_assert_int_eq(unpark_rows_find(&rows, UNPARK_ROW_PROC, 42), -1);
  g_free(rows.index);
}
END_TEST

/* ---- what is pinned stays ------------------------------------------------------------ */

#define N_ROWS 100
#define ROW_PX 20

/* Rows of 20 px, the first of them pinned. */
static UnparkRows pinned_rows(UnparkRow list[N_ROWS], guint n_pinned) {
  memset(list, 0, N_ROWS * sizeof *list);
  for (guint i = 0; i < N_ROWS; i++) {
    list[i].y = (gint64)i * ROW_PX;
    list[i].height = ROW_PX;
    list[i].section = i < n_pinned ? UNPARK_SECTION_PINNED : UNPARK_SECTION_GOROUTINES;
  }
  return (UnparkRows){.rows = list,
                      .n = N_ROWS,
                      .height = N_ROWS * ROW_PX,
                      .n_pinned = n_pinned,
                      .pinned_height = n_pinned * ROW_PX};
}

/* Every y is of the row that is there, and every row that can be seen has its seat. */
static void panes_hold_together(const UnparkPanes *panes) {
  int seat = 0;
  for (double y = 0; y < panes->height; y++) {
    int row = unpark_panes_row_at(panes, y);
    if (row < 0) {
      ck_assert_double_ge(y, unpark_panes_bottom(panes));
      continue;
    }
    double top = unpark_panes_row_y(panes, (guint)row);
    const UnparkPane *pane = unpark_panes_of(panes, (guint)row);
    ck_assert_double_le(top, y);
    ck_assert_double_gt(top + ROW_PX, y);
    ck_assert_double_le(pane->top, y);
    ck_assert_double_gt(pane->bottom, y);
    ck_assert_int_ge(unpark_panes_seat(panes, (guint)row), 0);
  }
  for (guint p = 0; p < UNPARK_N_PANES; p++)
    for (guint i = panes->pane[p].first; i < panes->pane[p].end; i++)
      ck_assert_int_eq(unpark_panes_seat(panes, i), seat++);
  for (guint i = 0; i < N_ROWS; i++) {
    double top = unpark_panes_row_y(panes, i);
    const UnparkPane *pane = unpark_panes_of(panes, i);
    ck_assert_int_eq(unpark_panes_seat(panes, i) >= 0,
                     top + ROW_PX > pane->top && top < pane->bottom);
  }
}

START_TEST(nothing_pinned_is_one_list) {
  UnparkRow list[N_ROWS];
  const UnparkRows rows = pinned_rows(list, 0);
  for (double scroll = 0; scroll <= unpark_panes_range(&rows, 333); scroll += 7) {
    UnparkPanes panes = unpark_panes_new(&rows, 333, 0, scroll);
    panes_hold_together(&panes);
    ck_assert_double_eq_tol(unpark_panes_row_y(&panes, 0), -scroll, 1e-9);
  }
  ck_assert_double_eq_tol(unpark_panes_range(&rows, 333), N_ROWS * ROW_PX - 333, 1e-9);
  ck_assert_double_eq_tol(unpark_panes_range(&rows, 5000), 0, 1e-9);
  const UnparkPanes none = unpark_panes_new(NULL, 333, 0, 0);
  ck_assert_int_eq(unpark_panes_row_at(&none, 10), -1);
}
END_TEST

START_TEST(what_is_pinned_stays_at_the_top) {
  UnparkRow list[N_ROWS];
  const UnparkRows rows = pinned_rows(list, 3);
  double range = unpark_panes_range(&rows, 333);
  ck_assert_double_eq_tol(unpark_panes_pinned_range(&rows, 333), 0, 1e-9);
  for (double scroll = 0; scroll <= range; scroll += 11) {
    UnparkPanes panes = unpark_panes_new(&rows, 333, 0, scroll);
    panes_hold_together(&panes);
    for (guint i = 0; i < 3; i++)
      ck_assert_double_eq_tol(unpark_panes_row_y(&panes, i), i * ROW_PX, 1e-9);
    ck_assert_int_eq(unpark_panes_row_at(&panes, 59), 2);
    ck_assert_int_eq(unpark_panes_row_at(&panes, 60), 3 + (int)scroll / ROW_PX);
  }
  /* At the end, the last row is at the bottom. */
  UnparkPanes panes = unpark_panes_new(&rows, 333, 0, range);
  ck_assert_double_eq_tol(unpark_panes_row_y(&panes, N_ROWS - 1) + ROW_PX, 333, 1e-9);
}
END_TEST

START_TEST(much_that_is_pinned_scrolls_by_itself) {
  UnparkRow list[N_ROWS];
  const UnparkRows rows = pinned_rows(list, 40);
  double pinned_range = unpark_panes_pinned_range(&rows, 500), range;
  ck_assert_double_eq_tol(pinned_range, 40 * ROW_PX - 500 * UNPARK_PINNED_PART, 1e-9);
  range = unpark_panes_range(&rows, 500);
  for (double up = 0; up <= pinned_range; up += 13)
    for (double scroll = 0; scroll <= range; scroll += 101) {
      UnparkPanes panes = unpark_panes_new(&rows, 500, up, scroll);
      panes_hold_together(&panes);
      ck_assert_double_eq_tol(panes.pane[UNPARK_PANE_OTHERS].top, 200, 1e-9);
    }
  /* Every row can be brought into sight, and only its own pane moves. */
  for (guint i = 0; i < N_ROWS; i++) {
    double up = 100, scroll = 300, up_before = up, scroll_before = scroll;
    UnparkPanes panes = unpark_panes_new(&rows, 500, up, scroll);
    unpark_panes_show(&panes, i, &up, &scroll);
    ck_assert_double_eq_tol(i < 40 ? scroll : up, i < 40 ? scroll_before : up_before, 1e-9);
    ck_assert(up >= 0 && up <= pinned_range && scroll >= 0 && scroll <= range);
    panes = unpark_panes_new(&rows, 500, up, scroll);
    ck_assert_double_ge(unpark_panes_row_y(&panes, i), unpark_panes_of(&panes, i)->top);
    ck_assert_double_le(unpark_panes_row_y(&panes, i) + ROW_PX, unpark_panes_of(&panes, i)->bottom);
  }
}
END_TEST

/* How much of a column is of a class, 0 to 1. */
static double share(const UnparkTile *tile, int x, guint class_id) {
  int n = 0;
  for (int y = 0; y < tile->height; y++)
    n += tile->pixels[y * tile->width + x] ==
         (unpark_palette_fill(class_id, tile->dark) | 0xff000000u);
  return (double)n / tile->height;
}

static UnparkItem stretch(gint64 start, gint64 end, guint count, double running, double waiting) {
  UnparkItem item = {.start_ns = start, .end_ns = end, .count = count};
  item.mean[UNPARK_STATE_RUNNING] = (float)running;
  item.mean[UNPARK_STATE_WAITING] = (float)waiting;
  item.longest_ns = end - start;
  return item;
}

START_TEST(density_stacks_states) {
  guint32 pixels[UNPARK_TILE_WIDTH * 40] = {0};
  UnparkTile tile = {0, 10, UNPARK_TILE_WIDTH, 40, FALSE, pixels};
  const UnparkItem items[] = {stretch(0, 1000, 9, 1, 3), stretch(1000, 2000, 9, 0, 4),
                              stretch(2000, 3000, 9, 4, 0)};
  unpark_raster_density(&tile, items, 3, 4, 4, FALSE);
  ck_assert_double_eq_tol(share(&tile, 50, UNPARK_CLASS_RUNNING), 0.25, 0.03);
  ck_assert_double_eq_tol(share(&tile, 50, UNPARK_CLASS_WAIT), 0.75, 0.03);
  ck_assert_double_eq_tol(share(&tile, 150, UNPARK_CLASS_WAIT), 1, 0.01);
  ck_assert_double_eq_tol(share(&tile, 250, UNPARK_CLASS_RUNNING), 1, 0.01);
  /* Beyond the items: nothing. */
  for (int y = 0; y < 40; y++)
    ck_assert_uint_eq(pixels[y * UNPARK_TILE_WIDTH + 400], 0);
}
END_TEST

START_TEST(density_finer_than_pixels_is_averaged) {
  guint32 pixels[UNPARK_TILE_WIDTH * 40] = {0};
  UnparkTile tile = {0, 1000, UNPARK_TILE_WIDTH, 40, TRUE, pixels};
  UnparkItem items[512];
  for (int i = 0; i < 512; i++)
    items[i] = stretch(i * 100, (i + 1) * 100, 1, i % 2 ? 4 : 0, i % 2 ? 0 : 4);
  unpark_raster_density(&tile, items, 512, 4, 4, FALSE);
  ck_assert_double_eq_tol(share(&tile, 20, UNPARK_CLASS_RUNNING), 0.5, 0.05);
  ck_assert_double_eq_tol(share(&tile, 20, UNPARK_CLASS_WAIT), 0.5, 0.05);
}
END_TEST

START_TEST(plot_follows_samples) {
  guint32 pixels[UNPARK_TILE_WIDTH * 40] = {0};
  UnparkTile tile = {0, 1, UNPARK_TILE_WIDTH, 40, FALSE, pixels};
  const UnparkSample samples[] = {{100, 50}, {200, 100}};
  unpark_raster_plot(&tile, samples, 2, 100, 0x112233, FALSE);
  for (int y = 0; y < 40; y++)
    ck_assert_uint_eq(pixels[y * UNPARK_TILE_WIDTH + 50], 0); /* nothing known yet */
  ck_assert_uint_eq(pixels[19 * UNPARK_TILE_WIDTH + 150], 0xff112233);
  ck_assert_uint_eq(pixels[0 * UNPARK_TILE_WIDTH + 250], 0xff112233);
}
END_TEST

static void understood(const char *text, const char *wanted) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkFilter) filter = unpark_filter_parse(text, NULL, &error);
  ck_assert_msg(filter != NULL, "%s: %s", text, error ? error->message : "no error");
  g_autofree char *got = unpark_filter_describe(filter);
  ck_assert_str_eq(got, wanted);
}

START_TEST(filters_are_understood) {
  understood("handle", "(text handle)");
  understood("G 41", "(text G 41)");
  understood("a or b c", "(or (text a) (and (text b) (text c)))");
  understood("not (a or b)", "(not (or (text a) (text b)))");
  understood("state:waiting dur>5ms", "(span state=waiting dur>=5000001)");
  understood("state:waiting and main dur>=1.5s",
             "(and (and (span state=waiting) (text main)) (span dur>=1500000000))");
  understood("(*Server).handle", "(text (*Server).handle)");
  understood("\"two words\"", "(text two words)");
  understood("woken-by:G17", "(span waker=17)");
  understood("range:assist dur>5ms", "(and (range assist) (span dur>=5000001))");
  understood("reason:o'x%", "(span reason=o'x%)");
  /* Quoted, nothing is a key; after a key, nothing else is one. */
  understood("\"stack:x\"", "(text stack:x)");
  understood("http\":\"//a", "(text http://a)");
  understood("\"state:waiting\"", "(text state:waiting)");
  understood("\"dur>5ms\"", "(text dur>5ms)");
  understood("fn:std::vector<int>", "(span fn=std::vector<int>)");
  understood("STATE:waiting DUR>1us", "(span state=waiting dur>=1001)");
}
END_TEST

START_TEST(nonsense_is_refused) {
  static const char *const bad[] = {
      "(",       "a or",          "state:asleep", "dur>5",   "dur>",    "a)",
      "not",     "woken-by:me",   "reason:",      "()",      "or a",    "stack:x",
      "foo:bar", "a foo:bar",     ":x",           "dur:5ms", "dur=5ms", "dur >5ms",
      "len>5ms", "state=waiting", "std::sort",    "a<b"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    UnparkFilter *filter = unpark_filter_parse(bad[i], NULL, &error);
    ck_assert_msg(filter == NULL || g_str_equal(bad[i], "or a"), "%s was understood", bad[i]);
    ck_assert(filter != NULL || error != NULL);
    unpark_filter_free(filter);
  }
  /* What there is instead is named, and where it went wrong. */
  int position = -1;
  g_autoptr(GError) unknown = NULL;
  ck_assert(unpark_filter_parse("handle stack:x", &position, &unknown) == NULL);
  ck_assert_int_eq(position, 7);
  static const char *const keys[] = {"“stack”", "state:", "reason:", "fn:",    "dur>",
                                     "dur<",    "label:", "task:",   "range:", "woken-by:"};
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    ck_assert_msg(strstr(unknown->message, keys[i]) != NULL, "%s: %s", keys[i], unknown->message);
  /* Deeper than any person writes. */
  g_autoptr(GString) deep = g_string_new(NULL);
  for (int i = 0; i < 100000; i++)
    g_string_append_c(deep, '(');
  g_autoptr(GError) error = NULL;
  ck_assert(unpark_filter_parse(deep->str, NULL, &error) == NULL);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("timeline");
  TCase *tests = tcase_create("timeline");
  tcase_add_test(tests, axis_maps_both_ways);
  tcase_add_test(tests, zoom_keeps_what_is_under_the_pointer);
  tcase_add_test(tests, clamp_keeps_length_and_place);
  tcase_add_test(tests, ticks_are_round_and_far_enough_apart);
  tcase_add_test(tests, items_are_found);
  tcase_add_test(tests, rows_are_found_by_bisection);
  tcase_add_test(tests, nothing_pinned_is_one_list);
  tcase_add_test(tests, what_is_pinned_stays_at_the_top);
  tcase_add_test(tests, much_that_is_pinned_scrolls_by_itself);
  tcase_add_test(tests, density_stacks_states);
  tcase_add_test(tests, density_finer_than_pixels_is_averaged);
  tcase_add_test(tests, plot_follows_samples);
  tcase_add_test(tests, filters_are_understood);
  tcase_add_test(tests, nonsense_is_refused);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
