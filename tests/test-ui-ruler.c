/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ruler tells the time of the lanes below it, whatever the widths of the window, the header
 * column and the corner beside the ruler are. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include <adwaita.h>

#include "tests/support.h"
#include "ui/kit/settings.h"
#include "ui/timeline/ruler.h"
#include "ui/timeline/view.h"

#define PATIENCE_S 30

static TestStore *trace;
static UnparkSession *session;
static GtkWidget *window;
static UnparkTimeline *timeline;
static UnparkRuler *ruler;

static GtkWidget *find(GtkWidget *widget, GType type) {
  GtkWidget *found = g_type_is_a(G_OBJECT_TYPE(widget), type) ? widget : NULL;
  for (GtkWidget *c = gtk_widget_get_first_child(widget); c && !found;
       c = gtk_widget_get_next_sibling(c))
    found = find(c, type);
  return found;
}

static void open_window(int width, int header) {
  g_autoptr(GError) error = NULL;
  adw_init();
  trace = test_import(UNPARK_TEST_DATA "/sample.trace", &error);
  ck_assert_msg(trace != NULL, "%s", error ? error->message : "");
  unpark_settings_set_int("timeline.header-width", header);
  session = unpark_session_new();
  unpark_session_set_store(session, trace->store);
  window = gtk_window_new();
  gtk_window_set_default_size(GTK_WINDOW(window), width, 600);
  gtk_window_set_child(GTK_WINDOW(window), unpark_timeline_view.create(session));
  gtk_window_present(GTK_WINDOW(window));
  timeline = UNPARK_TIMELINE(find(window, UNPARK_TYPE_TIMELINE));
  ruler = UNPARK_RULER(find(window, UNPARK_TYPE_RULER));
}

static void close_window(void) {
  gtk_window_destroy(GTK_WINDOW(window));
  g_object_unref(session);
  while (g_main_context_iteration(NULL, FALSE))
    ;
  test_store_free(trace);
}

/* Between a time on the ruler and the same on the lanes, pixels. */
static double distance(double ns) {
  UnparkScene scene = unpark_timeline_get_scene(timeline);
  UnparkTimeAxis axis = unpark_ruler_get_axis(ruler);
  graphene_point_t there;
  ck_assert(gtk_widget_compute_point(GTK_WIDGET(ruler), GTK_WIDGET(timeline),
                                     &GRAPHENE_POINT_INIT((float)unpark_axis_x(&axis, ns), 0),
                                     &there));
  return fabs((double)there.x - unpark_scene_x(&scene, ns));
}

static void check_everywhere(const char *where) {
  double end = (double)unpark_session_get_end(session);
  for (int i = 0; i <= 10; i++)
    ck_assert_msg(distance(end * i / 10) < 0.01, "%s: off by %.2f px", where,
                  distance(end * i / 10));
}

/* The window has its size once the ruler and the lanes have one. */
static void wait_for_width(void) {
  gint64 end = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
  while ((gtk_widget_get_width(GTK_WIDGET(ruler)) == 0 ||
          gtk_widget_get_width(GTK_WIDGET(timeline)) == 0) &&
         g_get_monotonic_time() < end)
    g_main_context_iteration(NULL, TRUE);
  ck_assert_int_gt(gtk_widget_get_width(GTK_WIDGET(ruler)), 0);
}

START_TEST(test_widths) {
  static const int widths[] = {800, 1000, 1600}, headers[] = {120, 180, 260, 500};
  for (guint w = 0; w < G_N_ELEMENTS(widths); w++)
    for (guint h = 0; h < G_N_ELEMENTS(headers); h++) {
      g_autofree char *where = g_strdup_printf("window %d, headers %d", widths[w], headers[h]);
      open_window(widths[w], headers[h]);
      wait_for_width();
      check_everywhere(where);
      unpark_session_set_visible(session, 1e6, 3e6);
      check_everywhere(where);
      close_window();
    }
}
END_TEST

START_TEST(test_text_sizes) {
  adw_init();
  GtkSettings *settings = gtk_settings_get_default();
  for (int dpi = 72; dpi <= 192; dpi += 40) {
    g_autofree char *where = g_strdup_printf("%d dots an inch", dpi);
    g_object_set(settings, "gtk-xft-dpi", dpi * 1024, NULL);
    open_window(800, 120);
    wait_for_width();
    check_everywhere(where);
    close_window();
  }
  gtk_settings_reset_property(settings, "gtk-xft-dpi");
}
END_TEST

int main(void) {
  Suite *suite = suite_create("ruler");
  TCase *tests = tcase_create("ruler");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, test_widths);
  tcase_add_test(tests, test_text_sizes);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
