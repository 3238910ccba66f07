/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/record/watch-chart.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "live/watch/watch.h"
#include "model/base/format.h"
#include "ui/kit/accessible.h"
#include "ui/kit/rgba.h"
#include "ui/text/format.h"

#define HEIGHT 180
#define MARGIN 8
#define LABELS 18 /* of the times, below */
#define GAP 12    /* between the two plots */

typedef struct {
  double x, y, width, height;
} Box;

static const UnparkState shown_as[UNPARK_WATCH_N_STATES] = {
    [UNPARK_WATCH_RUNNING] = UNPARK_STATE_RUNNING,
    [UNPARK_WATCH_RUNNABLE] = UNPARK_STATE_RUNNABLE,
    [UNPARK_WATCH_WAITING] = UNPARK_STATE_WAITING,
    [UNPARK_WATCH_SYSCALL] = UNPARK_STATE_SYSCALL};

/* From the bottom upwards: what there is most of, last. */
static const UnparkWatchState order[UNPARK_WATCH_N_STATES] = {
    UNPARK_WATCH_RUNNING, UNPARK_WATCH_RUNNABLE, UNPARK_WATCH_SYSCALL, UNPARK_WATCH_WAITING};

static const UnparkWatchSample *nth(const GArray *samples, guint i) {
  return &g_array_index(samples, UnparkWatchSample, i);
}

static double x_of(const GArray *samples, guint i, const Box *box) {
  gint64 from = nth(samples, 0)->wall_us, to = nth(samples, samples->len - 1)->wall_us;

  return box->x +
         (to > from ? box->width * (double)(nth(samples, i)->wall_us - from) / (double)(to - from)
                    : 0);
}

static void draw_text(GtkWidget *widget, cairo_t *cr, const char *text, double x, double y,
                      gboolean from_right) {
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(widget, text);
  g_autoptr(PangoAttrList) list = pango_attr_list_new();
  int width, height;

  pango_attr_list_insert(list, pango_attr_scale_new(0.85));
  pango_layout_set_attributes(layout, list);
  pango_layout_get_pixel_size(layout, &width, &height);
  cairo_move_to(cr, from_right ? x - width : x, y);
  pango_cairo_show_layout(cr, layout);
}

/* ---- Plots ---------------------------------------------------------------------------------- */

/* The sum of the states up to the n-th of the order. */
static double sum_to(const UnparkWatchSample *sample, guint n) {
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += sample->states[order[i]];
  return sum;
}

static void draw_goroutines(GArray *samples, cairo_t *cr, const Box *box, double most,
                            gboolean dark) {
  for (guint s = 0; s < UNPARK_WATCH_N_STATES; s++) {
    guint class_id = unpark_class_of(shown_as[order[s]], UNPARK_WAIT_OTHER);
    cairo_new_path(cr);
    for (guint i = 0; i < samples->len; i++)
      cairo_line_to(cr, x_of(samples, i, box),
                    box->y + box->height * (1 - sum_to(nth(samples, i), s + 1) / most));
    for (guint i = samples->len; i-- > 0;)
      cairo_line_to(cr, x_of(samples, i, box),
                    box->y + box->height * (1 - sum_to(nth(samples, i), s) / most));
    cairo_close_path(cr);
    unpark_palette_set_source(cr, unpark_palette_fill(class_id, dark), 1);
    cairo_fill(cr);
  }
}

static void draw_line(GArray *samples, cairo_t *cr, const Box *box, gsize offset, double most,
                      guint32 rgb) {
  cairo_new_path(cr);
  for (guint i = 0; i < samples->len; i++) {
    gint64 value = G_STRUCT_MEMBER(gint64, nth(samples, i), offset);
    if (value >= 0)
      cairo_line_to(cr, x_of(samples, i, box), box->y + box->height * (1 - (double)value / most));
  }
  unpark_palette_set_source(cr, rgb, 1);
  cairo_set_line_width(cr, 2);
  cairo_stroke(cr);
}

static void draw_frame(GtkWidget *widget, cairo_t *cr, const Box *box, const char *most,
                       gboolean dark) {
  unpark_palette_set_source(cr, unpark_palette_ink(UNPARK_INK_LINE, dark), 1);
  cairo_set_line_width(cr, 1);
  cairo_rectangle(cr, box->x - 0.5, box->y - 0.5, box->width + 1, box->height + 1);
  cairo_stroke(cr);
  unpark_palette_set_source(cr, unpark_palette_ink(UNPARK_INK_TEXT, dark), 1);
  draw_text(widget, cr, most, box->x + 4, box->y + 2, FALSE);
}

static void draw_times(GtkWidget *widget, cairo_t *cr, GArray *samples, const Box *box) {
  char from[UNPARK_FORMAT_SIZE], to[UNPARK_FORMAT_SIZE];

  unpark_format_wall(nth(samples, 0)->wall_us * 1000, from);
  unpark_format_wall(nth(samples, samples->len - 1)->wall_us * 1000, to);
  from[8] = to[8] = '\0'; /* seconds are enough */
  draw_text(widget, cr, from, box->x, box->y + box->height + 2, FALSE);
  if (samples->len > 1)
    draw_text(widget, cr, to, box->x + box->width, box->y + box->height + 2, TRUE);
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  GtkWidget *widget = GTK_WIDGET(area);
  GArray *samples = g_object_get_data(G_OBJECT(area), "samples");
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  double half = (width - 2 * MARGIN - GAP) / 2.0, tall = height - 2 * MARGIN - LABELS;
  const Box left = {MARGIN, MARGIN, half, tall}, right = {MARGIN + half + GAP, MARGIN, half, tall};
  char most_text[UNPARK_FORMAT_SIZE];
  double most = 1, most_heap = 1;

  if (!samples || samples->len == 0 || half < 20 || tall < 20)
    return;
  for (guint i = 0; i < samples->len; i++) {
    const UnparkWatchSample *sample = nth(samples, i);
    most = MAX(most, sample->goroutines);
    most_heap = MAX(most_heap, (double)MAX(sample->heap_bytes, sample->next_gc_bytes));
  }
  draw_goroutines(samples, cr, &left, most, dark);
  g_autofree char *goroutines =
      g_strdup_printf(_("↑ %s goroutines"), unpark_format_count((gint64)most, most_text));
  draw_frame(widget, cr, &left, goroutines, dark);
  draw_times(widget, cr, samples, &left);
  draw_line(samples, cr, &right, G_STRUCT_OFFSET(UnparkWatchSample, next_gc_bytes), most_heap,
            unpark_palette_ink(UNPARK_INK_GOAL, dark));
  draw_line(samples, cr, &right, G_STRUCT_OFFSET(UnparkWatchSample, heap_bytes), most_heap,
            unpark_palette_ink(UNPARK_INK_HEAP, dark));
  g_autofree char *heap = g_strdup_printf(_("↑ %s heap, and when it is collected next"),
                                          unpark_format_bytes((gint64)most_heap, most_text));
  draw_frame(widget, cr, &right, heap, dark);
  draw_times(widget, cr, samples, &right);
}

/* ---- Widget --------------------------------------------------------------------------------- */

GtkWidget *unpark_watch_chart_new(void) {
  GtkWidget *chart = gtk_drawing_area_new();

  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(chart), HEIGHT);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(chart), draw, NULL, NULL);
  unpark_accessible_name(chart, _("Goroutines and heap over time"));
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), chart, G_CONNECT_SWAPPED);
  return chart;
}

void unpark_watch_chart_show(GtkWidget *chart, GArray *samples) {
  char first[UNPARK_FORMAT_SIZE], last[UNPARK_FORMAT_SIZE];

  g_object_set_data_full(G_OBJECT(chart), "samples", g_array_ref(samples),
                         (GDestroyNotify)g_array_unref);
  if (samples->len > 0) {
    g_autofree char *name =
        g_strdup_printf(_("Goroutines and heap over time: %s goroutines at first, %s now"),
                        unpark_format_count(nth(samples, 0)->goroutines, first),
                        unpark_format_count(nth(samples, samples->len - 1)->goroutines, last));
    unpark_accessible_name(chart, name);
  }
  gtk_widget_queue_draw(chart);
}
