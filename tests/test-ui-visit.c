/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a first visit to a view costs before anything can be seen of it: making its widgets. What
 * it shows comes from a worker, under a spinner, which turns until it is there. */
#include <adwaita.h>
#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "tests/support.h"
#include "ui/flame/view.h"
#include "ui/latency/view.h"
#include "ui/page/page.h"

/* Processor time of the main thread, so that it holds on a busy machine. The sanitizers take many
 * times as much: their build shows that nothing is wrong, not how long it takes. */
#if defined(__SANITIZE_ADDRESS__)
#define MOST_S 10
#else
#define MOST_S 0.1
#endif

static const UnparkView *const views[] = {&unpark_latency_view, &unpark_flame_view};

static double used(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

START_TEST(a_view_is_made_at_once) {
  g_autoptr(TestStore) trace = test_import_sample();
  g_autoptr(UnparkSession) session = unpark_session_new();
  unpark_session_set_store(session, trace->store);
  GtkWidget *window = gtk_window_new(), *bin = adw_bin_new();
  gtk_window_set_default_size(GTK_WINDOW(window), 1280, 800);
  gtk_window_set_child(GTK_WINDOW(window), bin);
  gtk_window_present(GTK_WINDOW(window));
  while (!gtk_widget_get_mapped(bin))
    g_main_context_iteration(NULL, TRUE);
  double before = used();
  adw_bin_set_child(ADW_BIN(bin), views[_i]->create(session));
  double after = used();
  g_print("%s: %.0f ms\n", views[_i]->name, (after - before) * 1e3);
  ck_assert_double_lt(after - before, MOST_S);
  gtk_window_destroy(GTK_WINDOW(window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
}
END_TEST

/* ---- The spinner ------------------------------------------------------------------------ */

typedef struct {
  UnparkPage page;
} Probe;

typedef struct {
  UnparkPageClass parent_class;
} ProbeClass;

GType probe_get_type(void);
G_DEFINE_TYPE(Probe, probe, UNPARK_TYPE_PAGE)

static void probe_class_init(ProbeClass *class) {
}

static void probe_init(Probe *self) {
}

static guint n_done;

static gpointer run(gpointer data, GCancellable *cancellable, GError **error) {
  return NULL;
}

/* The first answer is not all: it goes on to wait for something else. */
static void done(gpointer owner, gpointer data, gpointer result, const GError *error) {
  if (++n_done == 1)
    unpark_page_set_busy(owner, TRUE);
}

static void pass(guint ms) {
  gint64 end = g_get_monotonic_time() + ms * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time() < end) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static void run_once(UnparkPage *page) {
  static const UnparkWork work = {run, done, NULL, NULL};
  gint64 end = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
  guint before = n_done;
  unpark_page_run(page, &work, NULL);
  while (n_done == before && g_get_monotonic_time() < end)
    g_main_context_iteration(NULL, TRUE);
  ck_assert_uint_eq(n_done, before + 1);
  pass(200);
}

START_TEST(the_spinner_turns_as_long_as_something_is_waited_for) {
  g_autoptr(UnparkSession) session = unpark_session_new();
  GtkWidget *window = gtk_window_new();
  UnparkPage *page = UNPARK_PAGE(unpark_page_new(probe_get_type(), session));
  gtk_window_set_child(GTK_WINDOW(window), GTK_WIDGET(page));
  gtk_window_present(GTK_WINDOW(window));
  run_once(page);
  ck_assert(gtk_widget_get_visible(page->spinner));
  run_once(page);
  ck_assert(!gtk_widget_get_visible(page->spinner));
  gtk_window_destroy(GTK_WINDOW(window));
  pass(20);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("visit");
  TCase *tcase = tcase_create("visit");
  if (gtk_init_check()) {
    adw_init();
    tcase_add_test(tcase, the_spinner_turns_as_long_as_something_is_waited_for);
    tcase_add_loop_test(tcase, a_view_is_made_at_once, 0, G_N_ELEMENTS(views));
  }
  suite_add_tcase(suite, tcase);
  return test_run_unforked(suite); /* one display for all */
}
