/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/base/times.h"
#include "ui/inspector/parts.h"
#include "ui/kit/accessible.h"
#include "ui/kit/palette.h"

#define BAR_HEIGHT 14
#define HISTOGRAM_HEIGHT 46

static void set_color(cairo_t *cr, guint32 rgb) {
  cairo_set_source_rgb(cr, ((rgb >> 16) & 255) / 255.0, ((rgb >> 8) & 255) / 255.0,
                       (rgb & 255) / 255.0);
}

gboolean unpark_parts_dark(void) {
  return adw_style_manager_get_dark(adw_style_manager_get_default());
}

/* ---- parts of a whole --------------------------------------------------------------------- */

static void segment_clear(gpointer data) {
  g_free(((UnparkPartsSegment *)data)->name);
}

GArray *unpark_parts_segments_new(void) {
  GArray *segments = g_array_new(FALSE, TRUE, sizeof(UnparkPartsSegment));
  g_array_set_clear_func(segments, segment_clear);
  return segments;
}

void unpark_parts_segments_add(GArray *segments, char *name, gint64 ns, guint32 rgb) {
  const UnparkPartsSegment segment = {.name = name, .ns = ns, .rgb = rgb};
  g_array_append_val(segments, segment);
}

typedef struct {
  GArray *segments;
  gint64 whole_ns;
} Bar;

static void bar_free(gpointer data) {
  g_array_unref(((Bar *)data)->segments);
  g_free(data);
}

static void draw_bar(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  const Bar *bar = data;
  double x = 0;
  set_color(cr, unpark_palette_ink(UNPARK_INK_STRIPE, unpark_parts_dark()));
  cairo_rectangle(cr, 0, 0, width, height);
  cairo_fill(cr);
  for (guint i = 0; i < bar->segments->len && bar->whole_ns > 0; i++) {
    const UnparkPartsSegment *segment = &g_array_index(bar->segments, UnparkPartsSegment, i);
    double w = (double)segment->ns / (double)bar->whole_ns * width;
    if (!segment->free_room) {
      set_color(cr, segment->rgb);
      /* A gap between neighbours, where there is room for one. */
      cairo_rectangle(cr, x, 0, MAX(w > 3 ? w - 1 : w, 0), height);
      cairo_fill(cr);
    }
    x += w;
  }
  set_color(cr, unpark_palette_ink(UNPARK_INK_LINE, unpark_parts_dark()));
  cairo_set_line_width(cr, 1);
  cairo_rectangle(cr, 0.5, 0.5, width - 1, height - 1);
  cairo_stroke(cr);
}

static void draw_key(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  guint32 rgb = GPOINTER_TO_UINT(data);
  cairo_rectangle(cr, 0.5, 0.5, width - 1, height - 1);
  if (rgb != G_MAXUINT32) {
    set_color(cr, rgb);
    cairo_fill_preserve(cr);
  }
  set_color(cr, unpark_palette_ink(UNPARK_INK_DIM_TEXT, unpark_parts_dark()));
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
}

/* A key in the bar's colour before the line that was added last. */
static void put_key(UnparkParts *p, const UnparkPartsSegment *segment) {
  GtkWidget *line = gtk_widget_get_last_child(GTK_WIDGET(p->box));
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *key = gtk_drawing_area_new();
  gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(key), 10);
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(key), 10);
  gtk_widget_set_valign(key, GTK_ALIGN_CENTER);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(key), draw_key,
                                 GUINT_TO_POINTER(segment->free_room ? G_MAXUINT32 : segment->rgb),
                                 NULL);
  g_object_ref(line);
  gtk_box_remove(p->box, line);
  gtk_widget_set_hexpand(line, TRUE);
  gtk_box_append(GTK_BOX(row), key);
  gtk_box_append(GTK_BOX(row), line);
  gtk_box_append(p->box, row);
  g_object_unref(line);
}

void unpark_parts_segments(UnparkParts *p, GArray *segments, gint64 whole_ns, const char *label) {
  GtkWidget *area = gtk_drawing_area_new();
  Bar *bar = g_new0(Bar, 1);
  bar->segments = segments;
  bar->whole_ns = whole_ns;
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), BAR_HEIGHT);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw_bar, bar, bar_free);
  gtk_widget_set_margin_top(area, 4);
  gtk_widget_set_margin_bottom(area, 2);
  unpark_accessible_name(area, label);
  gtk_box_append(p->box, area);
  for (guint i = 0; i < segments->len; i++) {
    const UnparkPartsSegment *segment = &g_array_index(segments, UnparkPartsSegment, i);
    char duration[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
    g_autofree char *value =
        g_strdup_printf("%s  ·  %s", unpark_format_duration(segment->ns, duration),
                        unpark_format_share((double)segment->ns, (double)whole_ns, share));
    if (segment->target.type == UNPARK_PICK_NONE)
      unpark_parts_fact(p, segment->name, value);
    else
      unpark_parts_link(p, segment->name, value, NULL, &segment->target);
    put_key(p, segment);
  }
}

void unpark_parts_totals(UnparkParts *p, const gint64 total_ns[UNPARK_N_STATES]) {
  const char *const names[] = {_("Running"), _("Runnable"), _("Waiting"), _("System call")};
  GArray *segments = unpark_parts_segments_new();
  gint64 sum = 0;
  for (guint s = 0; s < UNPARK_N_STATES; s++) {
    unpark_time_sum(&sum, total_ns[s]);
    unpark_parts_segments_add(
        segments, g_strdup(names[s]), total_ns[s],
        unpark_palette_fill(unpark_class_of((UnparkState)s, UNPARK_WAIT_OTHER),
                            unpark_parts_dark()));
  }
  unpark_parts_segments(p, segments, sum, _("Time by state"));
}

/* ---- histogram ------------------------------------------------------------------------------ */

typedef struct {
  guint64 *buckets; /* n */
  guint n, own;
} Histogram;

static void histogram_free(gpointer data) {
  g_free(((Histogram *)data)->buckets);
  g_free(data);
}

static void draw_histogram(GtkDrawingArea *area, cairo_t *cr, int width, int height,
                           gpointer data) {
  const Histogram *h = data;
  gboolean dark = unpark_parts_dark();
  double step = MIN((double)width / h->n, 28);
  guint64 top = 1;
  for (guint i = 0; i < h->n; i++)
    top = MAX(top, h->buckets[i]);
  set_color(cr, unpark_palette_ink(UNPARK_INK_LINE, dark));
  cairo_rectangle(cr, 0, height - 1, width, 1);
  cairo_fill(cr);
  for (guint i = 0; i < h->n; i++) {
    double tall = (double)h->buckets[i] / (double)top * (height - 1);
    if (h->buckets[i] > 0)
      tall = MAX(tall, 2);
    set_color(cr, unpark_palette_ink(i == h->own ? UNPARK_INK_ACCENT : UNPARK_INK_DIM_TEXT, dark));
    cairo_rectangle(cr, i * step, height - 1 - tall, MAX(step - 2, 1), tall);
    cairo_fill(cr);
  }
}

void unpark_parts_histogram(UnparkParts *p, const guint64 *buckets, guint first, guint last,
                            guint own, const char *label) {
  GtkWidget *area = gtk_drawing_area_new();
  Histogram *h = g_new0(Histogram, 1);
  h->n = last - first + 1;
  h->buckets = g_memdup2(buckets + first, h->n * sizeof *buckets);
  h->own = own - first;
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), HISTOGRAM_HEIGHT);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw_histogram, h, histogram_free);
  gtk_widget_set_margin_top(area, 4);
  gtk_widget_set_tooltip_text(area, _("Durations here; each bar stands for about three times the "
                                      "duration of the previous one, and this span is marked."));
  unpark_accessible_name(area, label);
  gtk_box_append(p->box, area);
}
