/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outline of whatever is picked: which rectangles a real timeline paints in the colour of
 * selections. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include <adwaita.h>

#include "tests/support.h"
#include "ui/kit/palette.h"
#include "ui/lanes/series.h"
#include "model/base/tables.h"
#include "ui/lanes/time-axis.h"
#include "ui/timeline/timeline.h"

#define WIDTH 1000
#define HEIGHT 3000 /* every lane has room */
#define PATIENCE_S 30

static TestStore *trace;
static UnparkSeries *series;
static UnparkSession *session;
static GtkWidget *window, *timeline;

static void spin_for(guint ms) {
  gint64 end = g_get_monotonic_time() + (gint64)ms * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
}

static gint64 ask(const char *sql) {
  g_autoptr(GError) error = NULL;
  gint64 value = test_query_int(trace->store, sql, -1, &error);
  ck_assert_msg(error == NULL, "%s: %s", sql, error ? error->message : "");
  return value;
}

static void open_trace(const char *path) {
  g_autoptr(GError) error = NULL;
  adw_init();
  trace = test_import(path, &error);
  ck_assert_msg(trace != NULL, "%s", error ? error->message : "");
  series = unpark_series_read(trace->store, NULL, &error);
  session = unpark_session_new();
  unpark_session_set_store(session, trace->store);
  timeline = unpark_timeline_new(session);
  unpark_timeline_set_sort(UNPARK_TIMELINE(timeline), UNPARK_SORT_NUMBER);
  window = gtk_window_new();
  gtk_window_set_default_size(GTK_WINDOW(window), WIDTH, HEIGHT);
  gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
  gtk_window_set_child(GTK_WINDOW(window), timeline);
  gtk_window_present(GTK_WINDOW(window));
}

static void open_sample(void) {
  open_trace(UNPARK_TEST_DATA "/sample.trace");
}

static void open_annotations(void) {
  open_trace(UNPARK_TEST_DATA "/expected/go1.27/annotations.trace");
}

static void tear_down(void) {
  gtk_window_destroy(GTK_WINDOW(window));
  spin_for(50);
  g_object_unref(session);
  unpark_series_unref(series);
  test_store_free(trace);
}

/* ---- what is painted in the colour of selections ------------------------------------------- */

static void collect(GskRenderNode *node, GArray *boxes) {
  guint32 ink = unpark_palette_ink(UNPARK_INK_ACCENT, FALSE);
  const GdkRGBA *color;
  switch ((int)gsk_render_node_get_node_type(node)) {
  case GSK_CONTAINER_NODE:
    for (guint i = 0; i < gsk_container_node_get_n_children(node); i++)
      collect(gsk_container_node_get_child(node, i), boxes);
    break;
  case GSK_CLIP_NODE:
    collect(gsk_clip_node_get_child(node), boxes);
    break;
  case GSK_COLOR_NODE:
    color = gsk_color_node_get_color(node);
    if (color->alpha > 0.99f && (guint32)lroundf(color->red * 255) == (ink >> 16 & 255) &&
        (guint32)lroundf(color->green * 255) == (ink >> 8 & 255) &&
        (guint32)lroundf(color->blue * 255) == (ink & 255)) {
      graphene_rect_t box;
      gsk_render_node_get_bounds(node, &box);
      g_array_append_val(boxes, box);
    }
    break;
  default:
    break;
  }
}

/* All of them. *n: how many. */
static graphene_rect_t outline(guint *n) {
  GskRenderNode *node = unpark_timeline_picture(UNPARK_TIMELINE(timeline));
  g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(graphene_rect_t));
  graphene_rect_t all = GRAPHENE_RECT_INIT(0, 0, 0, 0);
  collect(node, boxes);
  gsk_render_node_unref(node);
  for (guint i = 0; i < boxes->len; i++) {
    const graphene_rect_t *box = &g_array_index(boxes, graphene_rect_t, i);
    if (i == 0)
      all = *box;
    else
      graphene_rect_union(&all, box, &all);
  }
  *n = boxes->len;
  return all;
}

static const UnparkRow *row_of(UnparkRowType type, gint64 id) {
  UnparkRows *rows = unpark_timeline_get_rows(UNPARK_TIMELINE(timeline));
  int row = rows ? unpark_rows_find(rows, type, id) : -1;
  return row < 0 ? NULL : &rows->rows[row];
}

static double x_of(gint64 ns) {
  double from, to, header = unpark_timeline_get_header_width(UNPARK_TIMELINE(timeline));
  unpark_session_get_visible(session, &from, &to);
  UnparkTimeAxis axis = unpark_axis_new(from, to, gtk_widget_get_width(timeline) - header);
  return header + unpark_axis_x(&axis, (double)ns);
}

static gboolean is_at(const graphene_rect_t *box, const UnparkRow *row, double x0, double x1) {
  double y0 = (double)box->origin.y, y1 = y0 + (double)box->size.height;
  double left = (double)box->origin.x, right = left + (double)box->size.width;
  return y0 >= (double)row->y - 2 && y1 <= (double)(row->y + row->height) + 2 &&
         fabs(left - x0) <= 2.5 && fabs(right - x1) <= 2.5;
}

/* Picks it, and waits until it is outlined from x0 to x1 on that row, and nothing else is. */
static void is_outlined(const char *what, const UnparkPick *pick, UnparkRowType type, gint64 id,
                        double x0, double x1, guint sides) {
  guint n = 0;
  graphene_rect_t box = {0};
  const UnparkRow *row = NULL;
  unpark_session_set_pick(session, NULL);
  spin_for(20);
  outline(&n);
  ck_assert_msg(n == 0, "%s: nothing is picked, and %u boxes are drawn", what, n);
  unpark_session_set_pick(session, pick);
  gint64 end = g_get_monotonic_time() + PATIENCE_S * G_TIME_SPAN_SECOND;
  do {
    spin_for(20);
    box = outline(&n);
    row = row_of(type, id);
    if (row && n == sides && is_at(&box, row, x0, x1))
      return;
  } while (g_get_monotonic_time() < end);
  ck_assert_msg(row != NULL, "%s: there is no such row", what);
  ck_abort_msg("%s: %u boxes over %.0f..%.0f, %.0f..%.0f, not over %.0f..%.0f, row %.0f..%.0f",
               what, n, (double)box.origin.x, (double)box.origin.x + (double)box.size.width,
               (double)box.origin.y, (double)box.origin.y + (double)box.size.height, x0, x1,
               (double)row->y, (double)(row->y + row->height));
}

static void look(gint64 from, gint64 to) {
  unpark_session_set_visible(session, (double)from, (double)to);
  spin_for(50);
}

static void wait_for_rows(UnparkRowType type, gint64 id) {
  gint64 end = g_get_monotonic_time() + PATIENCE_S * G_TIME_SPAN_SECOND;
  while ((!row_of(type, id) || !unpark_timeline_has_lanes(UNPARK_TIMELINE(timeline)) ||
          gtk_widget_get_width(timeline) == 0) &&
         g_get_monotonic_time() < end)
    spin_for(20);
  ck_assert(row_of(type, id) != NULL);
}

/* By a filter, with tasks closed: theirs show the same regions and logs. */
static void only_lane(gint64 goroutine) {
  unpark_timeline_set_all_open(UNPARK_TIMELINE(timeline), FALSE);
  g_autofree char *filter = g_strdup_printf("G %" G_GINT64_FORMAT, goroutine);
  unpark_session_set_filter(session, filter);
  gint64 end = g_get_monotonic_time() + PATIENCE_S * G_TIME_SPAN_SECOND;
  const UnparkRows *rows;
  do {
    spin_for(20);
    rows = unpark_timeline_get_rows(UNPARK_TIMELINE(timeline));
  } while ((!rows || rows->n_goroutines != 1) && g_get_monotonic_time() < end);
  wait_for_rows(UNPARK_ROW_GOROUTINE, goroutine);
}

START_TEST(lanes_are_outlined) {
  wait_for_rows(UNPARK_ROW_GOROUTINE, 23);
  double left = unpark_timeline_get_header_width(UNPARK_TIMELINE(timeline));
  double right = gtk_widget_get_width(timeline);
  const UnparkGoroutine *member = unpark_store_goroutine(
      trace->store, ask("SELECT min(id) FROM goroutine WHERE name LIKE '%serveDatabase.func1'"));
  UnparkPick pick = {
      .type = UNPARK_PICK_GOROUTINE, .id = 23, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
  is_outlined("a lane", &pick, UNPARK_ROW_GOROUTINE, 23, left, right, 4);
  pick.type = UNPARK_PICK_GROUP;
  pick.id = member->name_id;
  is_outlined("a group", &pick, UNPARK_ROW_GROUP, pick.id, left, right, 4);
  pick.type = UNPARK_PICK_PROC;
  pick.id = 2;
  is_outlined("a processor", &pick, UNPARK_ROW_PROC, 2, left, right, 4);
  pick.id = 0;
  pick.type = UNPARK_PICK_STATES;
  is_outlined("all goroutines", &pick, UNPARK_ROW_STATES, 0, left, right, 4);
  pick.type = UNPARK_PICK_GC;
  is_outlined("the collections", &pick, UNPARK_ROW_GC, 0, left, right, 4);
  pick.type = UNPARK_PICK_STW;
  is_outlined("the pauses", &pick, UNPARK_ROW_STW, 0, left, right, 4);
  pick.type = UNPARK_PICK_TASKS;
  pick.id = series->tracks->tasks[0].name_id;
  is_outlined("tasks of one name", &pick, UNPARK_ROW_TASK_GROUP, pick.id, left, right, 4);
}
END_TEST

/* A time that one went to: a line through all lanes, and the time at its head. */
START_TEST(places_are_marked) {
  wait_for_rows(UNPARK_ROW_GOROUTINE, 23);
  gint64 at = unpark_session_get_end(session) / 3;
  const UnparkPick place = {
      .type = UNPARK_PICK_NONE, .id = UNPARK_NONE, .start_ns = at, .end_ns = at};
  guint n = 0;
  unpark_session_set_pick(session, &place);
  spin_for(50);
  graphene_rect_t box = outline(&n);
  ck_assert_uint_eq(n, 2);
  ck_assert_double_eq_tol((double)box.origin.x, x_of(at), 2);
  ck_assert_double_ge((double)box.size.height, gtk_widget_get_height(timeline));
  unpark_session_set_pick(session, NULL);
  spin_for(50);
  outline(&n);
  ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(spans_are_outlined) {
  wait_for_rows(UNPARK_ROW_GOROUTINE, 23);
  gint64 start = ask("SELECT start_ns FROM span WHERE goroutine = 23 AND state = 'waiting' "
                     "ORDER BY duration_ns DESC LIMIT 1");
  gint64 end = ask("SELECT end_ns FROM span WHERE goroutine = 23 AND state = 'waiting' "
                   "ORDER BY duration_ns DESC LIMIT 1");
  const UnparkPick pick = {.type = UNPARK_PICK_SPAN, .id = 23, .start_ns = start, .end_ns = end};
  is_outlined("a span in the whole trace", &pick, UNPARK_ROW_GOROUTINE, 23, x_of(start) - 1,
              x_of(end) + 1, 4);
  look(start - (end - start), end + (end - start));
  is_outlined("a span, near", &pick, UNPARK_ROW_GOROUTINE, 23, x_of(start) - 1, x_of(end) + 1, 4);
  /* Out of sight, there is nothing. */
  guint n;
  look(end + 1000, end + 2000);
  outline(&n);
  ck_assert_uint_eq(n, 0);
}
END_TEST

/* A row of a table, on the lane of `type` and `id`. */
static void row_is_outlined(const char *what, int table, const char *from, UnparkRowType type,
                            gint64 id, guint sides) {
  g_autofree char *start_sql = g_strdup_printf("SELECT start_ns FROM %s", from);
  g_autofree char *end_sql = g_strdup_printf("SELECT end_ns FROM %s", from);
  gint64 start = ask(start_sql), end = ask(end_sql), number = -1;
  guint n, columns; /* numbers count all rows of the table */
  g_autofree gint64 *rows =
      unpark_store_rows(trace->store, table, G_MININT64 + 1, G_MAXINT64, &n, &columns, NULL, NULL);
  guint at = table == UNPARK_TABLE_TASK ? TASK_START : 3;
  for (guint i = 0; i < n && number < 0; i++)
    if (rows[(gsize)i * columns + at] == start && rows[(gsize)i * columns + at + 1] == end)
      number = i;
  ck_assert_int_ge(number, 0);
  gint64 margin = MAX((end - start) / 2, 100);
  const UnparkPick pick = {
      .type = UNPARK_PICK_ROW, .table = table, .id = number, .start_ns = start, .end_ns = end};
  look(start - margin, end + margin);
  is_outlined(what, &pick, type, id, x_of(start) - 1, x_of(end) + 1, sides);
}

START_TEST(tasks_regions_and_ranges_are_outlined) {
  unpark_timeline_set_all_open(UNPARK_TIMELINE(timeline), TRUE);
  gint64 task = ask("SELECT min(id) FROM task");
  gint64 worker = ask("SELECT goroutine FROM region ORDER BY start_ns LIMIT 1");
  gint64 helper = ask("SELECT scope_id FROM range WHERE name = 'GC mark assist' "
                      "ORDER BY duration_ns DESC LIMIT 1");
  gint64 sweeper = ask("SELECT scope_id FROM range WHERE scope = 'proc' "
                       "ORDER BY duration_ns DESC LIMIT 1");
  wait_for_rows(UNPARK_ROW_TASK, task);
  row_is_outlined("a task", UNPARK_TABLE_TASK, "task ORDER BY id LIMIT 1", UNPARK_ROW_TASK, task,
                  4);
  row_is_outlined("a collection", UNPARK_TABLE_RANGE,
                  "range WHERE name = 'GC concurrent mark phase' ORDER BY start_ns LIMIT 1",
                  UNPARK_ROW_GC, 0, 4);
  row_is_outlined("a stop of the world", UNPARK_TABLE_RANGE,
                  "range WHERE name LIKE 'stop-the-world%' ORDER BY duration_ns DESC LIMIT 1",
                  UNPARK_ROW_STW, 0, 4);
  row_is_outlined("a sweep", UNPARK_TABLE_RANGE,
                  "range WHERE scope = 'proc' ORDER BY duration_ns DESC LIMIT 1", UNPARK_ROW_PROC,
                  sweeper, 4);
  only_lane(worker);
  row_is_outlined("a region", UNPARK_TABLE_REGION, "region ORDER BY start_ns LIMIT 1",
                  UNPARK_ROW_GOROUTINE, worker, 4);
  only_lane(helper);
  row_is_outlined("a mark assist", UNPARK_TABLE_RANGE,
                  "range WHERE name = 'GC mark assist' ORDER BY duration_ns DESC LIMIT 1",
                  UNPARK_ROW_GOROUTINE, helper, 4);
}
END_TEST

START_TEST(marks_are_outlined) {
  guint n, columns;
  g_autofree gint64 *rows = unpark_store_rows(trace->store, UNPARK_TABLE_LOG, G_MININT64 + 1,
                                              G_MAXINT64, &n, &columns, NULL, NULL);
  ck_assert_uint_gt(n, 0);
  gint64 goroutine = rows[1], at = rows[2]; /* of the first */
  const UnparkPick pick = {
      .type = UNPARK_PICK_ROW, .table = UNPARK_TABLE_LOG, .id = 0, .start_ns = at, .end_ns = at};
  only_lane(goroutine);
  /* So near that no other log shares its pixel. */
  look(at - 2000, at + 2000);
  is_outlined("a log message", &pick, UNPARK_ROW_GOROUTINE, goroutine, floor(x_of(at)) - 6,
              floor(x_of(at)) + 7, 4);
}
END_TEST

START_TEST(metrics_are_outlined) {
  wait_for_rows(UNPARK_ROW_HEAP, 0);
  gint64 at = ask("SELECT max(time_ns) / 2 FROM metric");
  UnparkPick pick = {.type = UNPARK_PICK_HEAP, .start_ns = at, .end_ns = at};
  is_outlined("the heap", &pick, UNPARK_ROW_HEAP, 0, floor(x_of(at)) - 4, floor(x_of(at)) + 5, 5);
  pick.type = UNPARK_PICK_GOMAXPROCS;
  is_outlined("GOMAXPROCS", &pick, UNPARK_ROW_THREADS, 0, floor(x_of(at)) - 4, floor(x_of(at)) + 5,
              5);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("picked");
  TCase *tests = tcase_create("picked");
  TCase *annotated = tcase_create("annotated");
  tcase_add_checked_fixture(tests, open_sample, tear_down);
  tcase_add_checked_fixture(annotated, open_annotations, tear_down);
  tcase_add_test(tests, lanes_are_outlined);
  tcase_add_test(tests, places_are_marked);
  tcase_add_test(tests, spans_are_outlined);
  tcase_add_test(tests, tasks_regions_and_ranges_are_outlined);
  tcase_add_test(tests, metrics_are_outlined);
  tcase_add_test(annotated, marks_are_outlined);
  suite_add_tcase(suite, tests);
  suite_add_tcase(suite, annotated);
  return test_run(suite);
}
