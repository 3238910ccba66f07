/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is chosen in the timeline stays chosen when what was asked for before comes late. */
#include <check.h>
#include <stdlib.h>

#include <adwaita.h>

#include "tests/support.h"
#include "ui/timeline/timeline.h"

#define PATIENCE_S 30

static TestStore *trace;
static UnparkSession *session;
static GtkWidget *window, *timeline;

static void wait_until(const char *what, gboolean (*is_so)(gpointer), gpointer data) {
  gint64 end = g_get_monotonic_time() + PATIENCE_S * G_TIME_SPAN_SECOND;
  while (!is_so(data)) {
    ck_assert_msg(g_get_monotonic_time() < end, "%s: not within %d s", what, PATIENCE_S);
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(1000);
  }
}

static int row_of(UnparkRowType type, gint64 id) {
  UnparkRows *rows = unpark_timeline_get_rows(UNPARK_TIMELINE(timeline));
  return rows ? unpark_rows_find(rows, type, id) : -1;
}

static gboolean has_rows(gpointer data) {
  return row_of(UNPARK_ROW_GOROUTINE, 23) >= 0 && row_of(UNPARK_ROW_HEAP, 0) >= 0 &&
         gtk_widget_get_width(timeline) > 0 && gtk_widget_has_focus(timeline);
}

static gboolean has_filter(gpointer passing) {
  const UnparkFilterResult *result = unpark_timeline_get_filtered(UNPARK_TIMELINE(timeline));
  return (result != NULL) == GPOINTER_TO_INT(passing);
}

static void set_up(void) {
  adw_init();
  trace = test_import_sample();
  session = unpark_session_new();
  unpark_session_set_store(session, trace->store);
  timeline = unpark_timeline_new(session);
  window = gtk_window_new();
  gtk_window_set_default_size(GTK_WINDOW(window), 1000, 800);
  gtk_window_set_child(GTK_WINDOW(window), timeline);
  gtk_window_present(GTK_WINDOW(window));
  gtk_widget_grab_focus(timeline);
  wait_until("the rows", has_rows, NULL);
}

static void tear_down(void) {
  gtk_window_destroy(GTK_WINDOW(window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_object_unref(session);
  test_store_free(trace);
}

/* As the primary button does, so far from the left, in the middle of the row. */
static void press(UnparkRowType type, gint64 id, double x) {
  g_autoptr(GListModel) all = gtk_widget_observe_controllers(timeline);
  UnparkScene scene = unpark_timeline_get_scene(UNPARK_TIMELINE(timeline));
  int row = row_of(type, id);
  ck_assert_int_ge(row, 0);
  double y = unpark_panes_row_y(&scene.panes, (guint)row) + scene.rows->rows[row].height / 2;
  for (guint i = 0; i < g_list_model_get_n_items(all); i++) {
    g_autoptr(GtkEventController) one = g_list_model_get_item(all, i);
    if (GTK_IS_GESTURE_CLICK(one) &&
        gtk_gesture_single_get_button(GTK_GESTURE_SINGLE(one)) == GDK_BUTTON_PRIMARY)
      g_signal_emit_by_name(one, "pressed", 1, x, y);
  }
}

static void is_picked(UnparkPickType type) {
  ck_assert_int_eq(unpark_session_get_pick(session)->type, type);
}

/* Enter asks for the first lane that passes; it is not known yet when the pointer chooses. */
START_TEST(a_click_after_enter_counts) {
  unpark_session_set_filter(session, "G 23");
  wait_until("the filter", has_filter, GINT_TO_POINTER(TRUE));
  unpark_session_set_filter(session, "");
  unpark_timeline_focus(UNPARK_TIMELINE(timeline));
  press(UNPARK_ROW_HEAP, 0, 600);
  is_picked(UNPARK_PICK_HEAP);
  wait_until("no filter", has_filter, GINT_TO_POINTER(FALSE));
  is_picked(UNPARK_PICK_HEAP);
}
END_TEST

/* Without the click, it is as Enter asked. */
START_TEST(enter_goes_to_the_first_lane) {
  unpark_session_set_filter(session, "G 23");
  unpark_timeline_focus(UNPARK_TIMELINE(timeline));
  wait_until("the filter", has_filter, GINT_TO_POINTER(TRUE));
  is_picked(UNPARK_PICK_GOROUTINE);
  ck_assert_int_eq(unpark_session_get_pick(session)->id, 23);
}
END_TEST

static guint n_picks;

static void count_pick(void) {
  n_picks++;
}

static gboolean has_passed(gpointer end) {
  return g_get_monotonic_time() >= *(gint64 *)end;
}

static gboolean is_span(gpointer data) {
  return unpark_session_get_pick(session)->type == UNPARK_PICK_SPAN;
}

/* A worker looks for the next span, and the pointer chooses a lane. */
START_TEST(a_click_after_a_step_counts) {
  press(UNPARK_ROW_GOROUTINE, 23, 100);
  unpark_timeline_step(UNPARK_TIMELINE(timeline), 1);
  wait_until("the span", is_span, NULL);
  unpark_timeline_step(UNPARK_TIMELINE(timeline), 1);
  press(UNPARK_ROW_HEAP, 0, 600);
  g_signal_connect(session, "pick-changed", G_CALLBACK(count_pick), NULL);
  gint64 end = g_get_monotonic_time() + 500000;
  wait_until("half a second", has_passed, &end);
  is_picked(UNPARK_PICK_HEAP);
  ck_assert_uint_eq(n_picks, 0);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("chosen");
  TCase *tests = tcase_create("chosen");
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, a_click_after_enter_counts);
  tcase_add_test(tests, enter_goes_to_the_first_lane);
  tcase_add_test(tests, a_click_after_a_step_counts);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
