/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures the real window: frames, the main loop, the filter, memory.
 *
 * Usage: tests/run-headless.sh bench-frames FILE
 *
 * Opens FILE in a window of 1920x1080 with an empty cache, waits for the import, then opens the
 * groups and pans, zooms and scrolls by script, one step a frame. Prints lines "name<TAB>value";
 * times are milliseconds. A frame is what happens between the frame clock's before-paint and
 * after-paint: the step of the script, layout, snapshot, drawing. An iteration is what happens
 * between two polls of the main loop: a key that is pressed meanwhile waits so long. "cpu" is the
 * main thread's processor time of the frames: the same where the machine does nothing else; "own
 * cpu" is the part of it that is the program's, layout and snapshot, without the toolkit's drawing.
 */
#include <adwaita.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/gui-opener.h"
#include "ui/shell/document.h"
#include "ui/kit/memory.h"
#include "ui/timeline/timeline.h"
#include "ui/shell/window.h"

typedef enum { START, IMPORT, IDLE, PAN, ZOOM, SCROLL, DEEP, FILTER, N_PHASES } Phase;
static const char *const phase_names[] = {"start", "import", "idle",     "pan",
                                          "zoom",  "scroll", "deep pan", "filter and sort"};

#define WISH_SECONDS 15
#define STEPS 240 /* frames of each scripted movement */

static struct {
  Phase phase;
  GArray *frames[N_PHASES], *cpu[N_PHASES], *iterations[N_PHASES]; /* gint64, us */
  GArray *own[N_PHASES]; /* of cpu: until the widgets' pictures are put together */
  GArray *iterations_cpu[N_PHASES];
  gint64 frame_began, cpu_began, snapshot_cpu, poll_left, cpu_left;
  void (*snapshot)(GtkWidget *widget, GtkSnapshot *snapshot);
  gint64 window_shown, first_lanes, opened;
  GtkWidget *window, *document;
  UnparkTimeline *timeline;
  UnparkSession *session;
  int step, next;
  guint give_up_source;
  gint64 wish_began; /* of the filter or sort under way */
  GString *report;
} b;

static gint64 now(void) {
  return g_get_monotonic_time();
}

static gint64 cpu_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (gint64)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int bench_poll(GPollFD *fds, guint n, int timeout) {
  if (b.poll_left) {
    gint64 took = now() - b.poll_left, cpu = cpu_now() - b.cpu_left;
    g_array_append_val(b.iterations[b.phase], took);
    g_array_append_val(b.iterations_cpu[b.phase], cpu);
    if (cpu > 8000 && g_getenv("BENCH_VERBOSE"))
      g_printerr("%s: iteration of %.1f ms, cpu %.1f ms, %.1f ms after the window, at %.6f\n",
                 phase_names[b.phase], (double)took / 1e3, (double)cpu / 1e3,
                 (double)(now() - b.window_shown) / 1e3, (double)b.poll_left / 1e6);
  }
  int result = g_poll(fds, n, timeout);
  b.poll_left = now();
  b.cpu_left = cpu_now();
  return result;
}

/* The window's: what comes after it in a frame is the toolkit's drawing. */
static void timed_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  b.snapshot(widget, snapshot);
  b.snapshot_cpu = cpu_now();
}

static void on_before_paint(void) {
  b.snapshot_cpu = 0;
  b.frame_began = now();
  b.cpu_began = cpu_now();
}

static void on_after_paint(void) {
  if (b.phase == START && b.frame_began) /* the window is there: from here on one may use it */
    b.phase = IMPORT;
  gint64 took = now() - b.frame_began, cpu = cpu_now() - b.cpu_began;
  if (b.frame_began) {
    g_array_append_val(b.frames[b.phase], took);
    g_array_append_val(b.cpu[b.phase], cpu);
    if (b.snapshot_cpu)
      cpu = b.snapshot_cpu - b.cpu_began;
    g_array_append_val(b.own[b.phase], cpu);
  }
  b.frame_began = 0;
  if (!b.first_lanes && b.timeline && unpark_timeline_has_lanes(b.timeline))
    b.first_lanes = now();
}

static int by_value(gconstpointer x, gconstpointer y) {
  gint64 p = *(const gint64 *)x, q = *(const gint64 *)y;
  return (p > q) - (p < q);
}

static double quantile(GArray *sorted, double part) {
  if (sorted->len == 0)
    return 0;
  guint at = (guint)MIN(ceil(part * sorted->len), sorted->len) - (part > 0);
  return (double)g_array_index(sorted, gint64, MIN(at, sorted->len - 1)) / 1e3;
}

static void tell(const char *what, const char *name, GArray *values) {
  g_array_sort(values, by_value);
  g_string_append_printf(b.report, "%s %s\t%.2f / %.2f / %.2f\n", what, name, quantile(values, .5),
                         quantile(values, .99), quantile(values, 1));
}

static void tell_memory(void) {
  char line[256];
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    long kib;
    if (sscanf(line, "VmHWM: %ld", &kib) == 1)
      g_string_append_printf(b.report, "memory, peak\t%.0f\n", (double)kib / 1024);
    if (sscanf(line, "VmRSS: %ld", &kib) == 1)
      g_string_append_printf(b.report, "memory, at the end\t%.0f\n", (double)kib / 1024);
  }
  if (file)
    fclose(file);
}

static void finish(void) {
  g_clear_handle_id(&b.give_up_source, g_source_remove);
  g_autoptr(GArray) all_frames = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) all_own = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) all_cpu = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) all_iterations = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint p = 0; p < N_PHASES; p++) {
    if (p >= PAN && p <= DEEP) {
      g_array_append_vals(all_frames, b.frames[p]->data, b.frames[p]->len);
      g_array_append_vals(all_cpu, b.cpu[p]->data, b.cpu[p]->len);
      g_array_append_vals(all_own, b.own[p]->data, b.own[p]->len);
      g_array_append_vals(all_iterations, b.iterations[p]->data, b.iterations[p]->len);
    }
    if (p != START && p != IDLE) {
      tell("iteration", phase_names[p], b.iterations[p]);
      tell("iteration cpu", phase_names[p], b.iterations_cpu[p]);
    }
    if (p >= PAN)
      tell("frame", phase_names[p], b.frames[p]);
    if (p >= PAN) {
      tell("cpu", phase_names[p], b.cpu[p]);
      tell("own cpu", phase_names[p], b.own[p]);
    }
  }
  tell("frame", "all", all_frames);
  tell("cpu", "all", all_cpu);
  tell("own cpu", "all", all_own);
  tell("iteration", "all", all_iterations);
  tell_memory();
  fputs(b.report->str, stdout);
  fflush(stdout);
  gtk_window_destroy(GTK_WINDOW(b.window));
}

/* ---- The script ---------------------------------------------------------------------- */

static void look(double from, double to) {
  unpark_session_set_visible(b.session, from, to);
}

static double duration(void) {
  return (double)unpark_session_get_end(b.session);
}

static void begin(Phase phase) {
  b.phase = phase;
  b.step = 0;
}

static void pan_step(double length) {
  double at = 0.5 + 0.45 * sin(b.step * 0.05);
  look(at * (duration() - length), at * (duration() - length) + length);
}

static void zoom_step(void) {
  double part = 0.5 - 0.5 * cos(b.step * (2 * G_PI / STEPS));
  double length = duration() * pow(2e-6, part), middle = duration() * 0.4;
  look(MAX(middle - length / 2, 0), MAX(middle - length / 2, 0) + length);
}

static void scroll_step(void) {
  GtkAdjustment *adjustment;
  g_object_get(b.timeline, "vadjustment", &adjustment, NULL);
  gtk_adjustment_set_value(adjustment,
                           gtk_adjustment_get_value(adjustment) + (b.step % 60 < 50 ? 120 : 4000));
  g_object_unref(adjustment);
}

static gboolean wish_later(gpointer data);

static const char *const filters[] = {
    "h", "ha", "handle", "state:runnable", "dur>5ms", "state:waiting reason:mutex", "not main", ""};

/* A wish that changes nothing brings no rows: it is told as such, and the next one comes. */
static gboolean give_up(gpointer data) {
  b.give_up_source = 0;
  if (b.wish_began) {
    b.wish_began = 0;
    g_string_append_printf(b.report, "wish %d\tno rows in %d s\n", b.next - 1, WISH_SECONDS);
    wish_later(NULL);
  }
  return G_SOURCE_REMOVE;
}

/* Each wish is told when the rows of it are there. */
static void wish(void) {
  g_clear_handle_id(&b.give_up_source, g_source_remove);
  b.give_up_source = g_timeout_add_seconds(WISH_SECONDS, give_up, NULL);
  b.wish_began = now();
  guint n = (guint)b.next++;
  if (n < G_N_ELEMENTS(filters))
    unpark_session_set_filter(b.session, filters[n]);
  else if (n < G_N_ELEMENTS(filters) + UNPARK_N_SORTS)
    unpark_timeline_set_sort(b.timeline,
                             (UnparkSort)((n - G_N_ELEMENTS(filters) + 3) % UNPARK_N_SORTS));
  else
    finish();
}

static gboolean wish_later(gpointer data) {
  wish();
  return G_SOURCE_REMOVE;
}

static void on_rows_changed(void) {
  if (b.phase != FILTER || b.wish_began == 0)
    return;
  guint n = (guint)b.next - 1;
  double took = (double)(now() - b.wish_began) / 1e3;
  b.wish_began = 0;
  if (n < G_N_ELEMENTS(filters))
    g_string_append_printf(b.report, "filter %s\t%.0f\n", *filters[n] ? filters[n] : "(none)",
                           took);
  else
    g_string_append_printf(b.report, "sort %u\t%.0f\n",
                           (n - (guint)G_N_ELEMENTS(filters) + 3) % UNPARK_N_SORTS, took);
  g_timeout_add(300, wish_later, NULL);
}

static gboolean on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  if (b.phase < PAN || b.phase >= FILTER)
    return G_SOURCE_CONTINUE;
  if (b.phase == PAN)
    pan_step(duration() / 20);
  else if (b.phase == ZOOM)
    zoom_step();
  else if (b.phase == SCROLL)
    scroll_step();
  else
    pan_step(2e6);
  if (++b.step >= STEPS) {
    begin(b.phase + 1);
    if (b.phase == FILTER)
      g_timeout_add(500, wish_later, NULL);
  }
  return G_SOURCE_CONTINUE;
}

/* ---- Opening --------------------------------------------------------------------------- */

static GtkWidget *find_widget(GtkWidget *widget, GType type) {
  if (g_type_is_a(G_OBJECT_TYPE(widget), type))
    return widget;
  for (GtkWidget *c = gtk_widget_get_first_child(widget); c; c = gtk_widget_get_next_sibling(c)) {
    GtkWidget *found = find_widget(c, type);
    if (found)
      return found;
  }
  return NULL;
}

static gboolean begin_script(gpointer data) {
  begin(PAN);
  return G_SOURCE_REMOVE;
}

static gboolean look_around(gpointer data) {
  if (!b.document)
    b.document = find_widget(b.window, UNPARK_TYPE_DOCUMENT);
  if (!b.timeline && b.document) {
    b.timeline = (UnparkTimeline *)find_widget(b.document, UNPARK_TYPE_TIMELINE);
    if (!b.timeline)
      return G_SOURCE_CONTINUE;
    b.session = unpark_document_get_session(UNPARK_DOCUMENT(b.document));
    g_signal_connect(b.timeline, "rows-changed", G_CALLBACK(on_rows_changed), NULL);
  }
  if (!b.document || unpark_document_is_busy(UNPARK_DOCUMENT(b.document)))
    return G_SOURCE_CONTINUE;
  b.phase = IDLE;
  b.opened = now();
  unpark_timeline_set_all_open(b.timeline, TRUE);
  g_timeout_add(3000, begin_script, NULL);
  return G_SOURCE_REMOVE;
}

static void on_open(GApplication *application, GFile **files, int n, const char *hint) {
  GdkFrameClock *clock;
  b.window = GTK_WIDGET(unpark_window_new(UNPARK_APPLICATION(application)));
  b.snapshot = GTK_WIDGET_GET_CLASS(b.window)->snapshot;
  GTK_WIDGET_GET_CLASS(b.window)->snapshot = timed_snapshot;
  gtk_window_set_default_size(GTK_WINDOW(b.window), 1920, 1080);
  gtk_window_present(GTK_WINDOW(b.window));
  b.window_shown = now();
  clock = gdk_surface_get_frame_clock(gtk_native_get_surface(GTK_NATIVE(b.window)));
  g_signal_connect(clock, "before-paint", G_CALLBACK(on_before_paint), NULL);
  g_signal_connect(clock, "after-paint", G_CALLBACK(on_after_paint), NULL);
  gtk_widget_add_tick_callback(b.window, on_tick, NULL, NULL);
  unpark_window_open(UNPARK_WINDOW(b.window), files[0]);
  g_signal_stop_emission_by_name(application, "open"); /* the program would open it once more */
  g_timeout_add(20, look_around, NULL);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "Usage: tests/run-headless.sh %s FILE\n", argv[0]);
    return 2;
  }
  unpark_memory_init();
  b.report = g_string_new(NULL);
  for (guint p = 0; p < N_PHASES; p++) {
    b.frames[p] = g_array_new(FALSE, FALSE, sizeof(gint64));
    b.iterations_cpu[p] = g_array_new(FALSE, FALSE, sizeof(gint64));
    b.own[p] = g_array_new(FALSE, FALSE, sizeof(gint64));
    b.cpu[p] = g_array_new(FALSE, FALSE, sizeof(gint64));
    b.iterations[p] = g_array_new(FALSE, FALSE, sizeof(gint64));
  }
  g_main_context_set_poll_func(NULL, bench_poll);
  g_autoptr(GApplication) application = G_APPLICATION(unpark_application_new(&unpark_gui_opener));
  g_signal_connect(application, "open", G_CALLBACK(on_open), NULL);
  int status = g_application_run(application, argc, argv);
  printf("first lanes\t%.0f\nimport\t%.0f\n", (double)(b.first_lanes - b.window_shown) / 1e3,
         (double)(b.opened - b.window_shown) / 1e3);
  return status;
}
