/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/latency/paint.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/text/format.h"
#include "ui/kit/palette.h"

#define LEFT 64.0
#define RIGHT 48.0
#define BOTTOM 44.0
#define TITLE 26.0
#define MARK_ROW 17.0
#define MARKS_TOP 8.0
#define MAX_BARS 400

typedef struct {
  cairo_t *cr;
  PangoLayout *layout;
  const UnparkLatencyPicture *p;
  UnparkLatencyPlot plot;
} Painter;

static void set_ink(Painter *painter, UnparkInk ink, double alpha) {
  unpark_palette_set_source(painter->cr, unpark_palette_ink(ink, painter->p->dark), alpha);
}

/* xalign, yalign: 0 to 1, which point of the text stands at (x, y). */
static void text(Painter *painter, const char *what, double x, double y, double xalign,
                 double yalign, double *width) {
  int w, h;
  pango_layout_set_text(painter->layout, what, -1);
  pango_layout_get_pixel_size(painter->layout, &w, &h);
  cairo_move_to(painter->cr, round(x - w * xalign), round(y - h * yalign));
  pango_cairo_show_layout(painter->cr, painter->layout);
  if (width)
    *width = w;
}

static void set_font(Painter *painter, double scale, gboolean bold) {
  PangoContext *context = pango_layout_get_context(painter->layout);
  PangoFontDescription *font =
      pango_font_description_copy(pango_context_get_font_description(context));
  double size = pango_font_description_get_size(font) * scale;
  if (pango_font_description_get_size_is_absolute(font))
    pango_font_description_set_absolute_size(font, size);
  else
    pango_font_description_set_size(font, (int)size);
  if (bold)
    pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(painter->layout, font);
  pango_font_description_free(font);
}

/* ---- Where things are --------------------------------------------------------------------- */

static void shown_rows(const UnparkLatencySeries *series, guint *first, guint *n) {
  guint last = 0;
  *first = UNPARK_LATENCY_ROWS;
  for (guint column = 0; series->heat && column < UNPARK_LATENCY_COLUMNS; column++) {
    for (guint row = 0; row < UNPARK_LATENCY_ROWS; row++) {
      if (series->heat[column * UNPARK_LATENCY_ROWS + row] > 0) {
        *first = MIN(*first, row);
        last = MAX(last, row);
      }
    }
  }
  if (*first > last)
    *first = last;
  /* A few rows more, so that little is not shown as a thick line. */
  while (last - *first < 11) {
    if (*first > 0)
      --*first;
    if (last + 1 < UNPARK_LATENCY_ROWS)
      last++;
  }
  *n = last - *first + 1;
}

UnparkLatencyPlot unpark_latency_plot(const UnparkLatencyPicture *p) {
  gboolean histogram = p->mode == UNPARK_LATENCY_HISTOGRAM;
  double top = (p->title ? TITLE : 0) + MARKS_TOP + (histogram ? 2 * MARK_ROW : 6);
  UnparkLatencyPlot plot = {.x = LEFT,
                            .y = top,
                            .width = MAX(p->width - LEFT - RIGHT, 20),
                            .height = MAX(p->height - top - BOTTOM, 20)};
  if (histogram) {
    plot.axis = unpark_latency_axis(&p->series->histogram, plot.width);
    plot.n_bars = (guint)CLAMP(plot.width / 9, 8, MAX_BARS);
  } else {
    shown_rows(p->series, &plot.first_row, &plot.n_rows);
    plot.axis.from_ns = exp2(5 + plot.first_row / 3.0);
    plot.axis.to_ns = exp2(5 + (plot.first_row + plot.n_rows) / 3.0);
    plot.axis.width = plot.height;
  }
  return plot;
}

/* ---- The histogram ---------------------------------------------------------------------- */

static void paint_length_ticks(Painter *painter) {
  const UnparkLatencyPlot *plot = &painter->plot;
  UnparkLatencyTick ticks[64];
  char buf[UNPARK_FORMAT_SIZE];
  guint n = unpark_latency_ticks(&plot->axis, 64, ticks, G_N_ELEMENTS(ticks));
  for (guint i = 0; i < n; i++) {
    double x = floor(plot->x + ticks[i].x) + 0.5;
    set_ink(painter, UNPARK_INK_LINE, 1);
    cairo_move_to(painter->cr, x, plot->y);
    cairo_line_to(painter->cr, x, plot->y + plot->height + 4);
    cairo_stroke(painter->cr);
    set_ink(painter, UNPARK_INK_DIM_TEXT, 1);
    text(painter, unpark_format_duration(ticks[i].ns, buf), x, plot->y + plot->height + 6, 0.5, 0,
         NULL);
  }
}

static void paint_counts(Painter *painter, double most) {
  const UnparkLatencyPlot *plot = &painter->plot;
  UnparkLatencyCount counts[5];
  char buf[UNPARK_FORMAT_SIZE];
  guint n = unpark_latency_counts(most, painter->p->log_counts, counts, G_N_ELEMENTS(counts));
  for (guint i = 0; i < n; i++) {
    double y = floor(plot->y + plot->height * (1 - counts[i].height)) + 0.5;
    set_ink(painter, UNPARK_INK_LINE, 1);
    cairo_move_to(painter->cr, plot->x, y);
    cairo_line_to(painter->cr, plot->x + plot->width, y);
    cairo_stroke(painter->cr);
    set_ink(painter, UNPARK_INK_DIM_TEXT, 1);
    text(painter, unpark_format_count(counts[i].count, buf), plot->x - 8, y, 1, 0.5, NULL);
  }
}

static void paint_bars(Painter *painter, const UnparkLatencyBar *bars) {
  const UnparkLatencyPlot *plot = &painter->plot;
  const UnparkLatencyPicture *p = painter->p;
  gboolean has_range = p->range_to_ns > p->range_from_ns;
  for (guint i = 0; i < plot->n_bars; i++) {
    double from = round(plot->x + bars[i].x), to = round(plot->x + bars[i].x + bars[i].width);
    double height = round(plot->height * bars[i].height);
    gboolean picked =
        has_range && unpark_latency_bar_in(&bars[i], p->range_from_ns, p->range_to_ns);
    if (picked) {
      set_ink(painter, UNPARK_INK_ACCENT, 0.14);
      cairo_rectangle(painter->cr, from, plot->y, to - from, plot->height);
      cairo_fill(painter->cr);
    }
    if (bars[i].height <= 0)
      continue;
    unpark_palette_set_source(painter->cr, p->fill,
                              p->bar == (int)i || picked ? 1
                              : has_range                ? 0.35
                                                         : 0.85);
    cairo_rectangle(painter->cr, from, plot->y + plot->height - height, MAX(to - from - 1, 1),
                    height);
    cairo_fill(painter->cr);
    if (painter->p->bar == (int)i) {
      set_ink(painter, UNPARK_INK_TEXT, 1);
      cairo_rectangle(painter->cr, from + 0.5, plot->y + plot->height - height + 0.5,
                      MAX(to - from - 2, 1), MAX(height - 1, 1));
      cairo_stroke(painter->cr);
    }
  }
}

/* How many are shorter: a line over the bars, with its axis on the right. */
static void paint_cumulative(Painter *painter, const UnparkLatencyBar *bars) {
  static const guint shares[] = {0, 25, 50, 75, 100};
  const UnparkLatencyPlot *plot = &painter->plot;
  double count = (double)painter->p->series->histogram.count;
  cairo_move_to(painter->cr, plot->x, plot->y + plot->height);
  for (guint i = 0; i < plot->n_bars; i++)
    cairo_line_to(painter->cr, plot->x + bars[i].x + bars[i].width,
                  plot->y + plot->height * (1 - (bars[i].below + bars[i].count) / count));
  set_ink(painter, UNPARK_INK_ACCENT, 0.9);
  cairo_set_line_width(painter->cr, 1.5);
  cairo_stroke(painter->cr);
  cairo_set_line_width(painter->cr, 1);
  for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
    g_autofree char *label = g_strdup_printf("%u %%", shares[i]);
    text(painter, label, plot->x + plot->width + 6,
         plot->y + plot->height * (1 - shares[i] / 100.0), 0, 0.5, NULL);
  }
}

static void paint_marks(Painter *painter) {
  static const struct {
    double share;
    const char *label;
  } marks[] = {{0.5, N_("median")}, {0.9, "p90"}, {0.99, "p99"}, {0.999, "p99.9"}};
  const UnparkLatencyPlot *plot = &painter->plot;
  const UnparkHistogram *h = &painter->p->series->histogram;
  double x[G_N_ELEMENTS(marks)], width[G_N_ELEMENTS(marks)];
  char *labels[G_N_ELEMENTS(marks)];
  guint rows[G_N_ELEMENTS(marks)];
  for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
    char buf[UNPARK_FORMAT_SIZE];
    gint64 ns = unpark_histogram_percentile(h, marks[i].share);
    int w;
    x[i] = CLAMP(plot->x + unpark_latency_axis_x(&plot->axis, (double)ns), plot->x,
                 plot->x + plot->width);
    labels[i] = g_strdup_printf("%s %s", _(marks[i].label), unpark_format_duration(ns, buf));
    pango_layout_set_text(painter->layout, labels[i], -1);
    pango_layout_get_pixel_size(painter->layout, &w, NULL);
    width[i] = w + 4;
  }
  unpark_latency_label_rows(x, width, G_N_ELEMENTS(marks), 8, rows);
  for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
    /* Two rows have room; what is crowded more shares the second. */
    double y = plot->y - 2 * MARK_ROW - 2 + MIN(rows[i], 1) * MARK_ROW;
    gboolean left = x[i] + width[i] > painter->p->width - 4;
    set_ink(painter, UNPARK_INK_TEXT, 0.6);
    cairo_move_to(painter->cr, floor(x[i]) + 0.5, y + 2);
    cairo_line_to(painter->cr, floor(x[i]) + 0.5, plot->y + plot->height);
    cairo_stroke(painter->cr);
    if (rows[i] < 2) {
      set_ink(painter, UNPARK_INK_TEXT, 1);
      text(painter, labels[i], x[i] + (left ? -4 : 4), y, left, 0, NULL);
    }
    g_free(labels[i]);
  }
}

static void paint_histogram(Painter *painter) {
  g_autofree UnparkLatencyBar *bars = g_new(UnparkLatencyBar, MAX_BARS);
  const UnparkLatencyPlot *plot = &painter->plot;
  double most;
  unpark_latency_bars(&painter->p->series->histogram, &plot->axis, painter->p->log_counts,
                      2 / plot->height, bars, plot->n_bars, &most);
  paint_length_ticks(painter);
  paint_counts(painter, most);
  paint_bars(painter, bars);
  paint_cumulative(painter, bars);
  paint_marks(painter);
}

/* ---- The heat map ----------------------------------------------------------------------- */

static guint32 greatest(const UnparkLatencySeries *series) {
  guint32 most = 0;
  for (guint i = 0; series->heat && i < UNPARK_LATENCY_COLUMNS * UNPARK_LATENCY_ROWS; i++)
    most = MAX(most, series->heat[i]);
  return most;
}

static void paint_cells(Painter *painter) {
  const UnparkLatencyPlot *plot = &painter->plot;
  const UnparkLatencySeries *series = painter->p->series;
  double scale = log(1 + (double)greatest(series));
  for (guint column = 0; series->heat && column < UNPARK_LATENCY_COLUMNS; column++) {
    double x = round(plot->x + plot->width * column / UNPARK_LATENCY_COLUMNS);
    double end = round(plot->x + plot->width * (column + 1) / UNPARK_LATENCY_COLUMNS);
    for (guint row = 0; row < plot->n_rows; row++) {
      guint32 count = series->heat[column * UNPARK_LATENCY_ROWS + plot->first_row + row];
      double top = round(plot->y + plot->height * (1 - (row + 1.0) / plot->n_rows));
      double bottom = round(plot->y + plot->height * (1 - (double)row / plot->n_rows));
      if (count == 0)
        continue;
      unpark_palette_set_source(painter->cr, painter->p->fill,
                                0.25 + 0.75 * log(1 + (double)count) / scale);
      cairo_rectangle(painter->cr, x, top, MAX(end - x, 1), MAX(bottom - top, 1));
      cairo_fill(painter->cr);
    }
  }
}

static void paint_cell_mark(Painter *painter) {
  const UnparkLatencyPlot *plot = &painter->plot;
  int row = painter->p->row - (int)plot->first_row;
  if (painter->p->column < 0 || row < 0)
    return;
  set_ink(painter, UNPARK_INK_TEXT, 1);
  cairo_rectangle(
      painter->cr, round(plot->x + plot->width * painter->p->column / UNPARK_LATENCY_COLUMNS) - 0.5,
      round(plot->y + plot->height * (1 - (row + 1.0) / plot->n_rows)) - 0.5,
      MAX(plot->width / UNPARK_LATENCY_COLUMNS, 3) + 1, plot->height / plot->n_rows + 1);
  cairo_stroke(painter->cr);
}

static void paint_heat_axes(Painter *painter) {
  const UnparkLatencyPlot *plot = &painter->plot;
  UnparkLatencyTick ticks[32];
  char buf[UNPARK_FORMAT_SIZE];
  guint n = unpark_latency_ticks(&plot->axis, 34, ticks, G_N_ELEMENTS(ticks));
  for (guint i = 0; i < n; i++) {
    double y = floor(plot->y + plot->height - ticks[i].x) + 0.5;
    set_ink(painter, UNPARK_INK_LINE, 1);
    cairo_move_to(painter->cr, plot->x, y);
    cairo_line_to(painter->cr, plot->x + plot->width, y);
    cairo_stroke(painter->cr);
    set_ink(painter, UNPARK_INK_DIM_TEXT, 1);
    text(painter, unpark_format_duration(ticks[i].ns, buf), plot->x - 8, y, 1, 0.5, NULL);
  }
  double span = (double)painter->p->heat_to_ns - (double)painter->p->heat_from_ns;
  double step = pow(10, ceil(log10(span / MAX(plot->width / 110, 1))));
  if (step / 5 * plot->width / span >= 90)
    step /= 5;
  else if (step / 2 * plot->width / span >= 90)
    step /= 2;
  for (double at = ceil((double)painter->p->heat_from_ns / step) * step;
       at <= (double)painter->p->heat_to_ns; at += step) {
    double x = floor(plot->x + (at - (double)painter->p->heat_from_ns) / span * plot->width) + 0.5;
    set_ink(painter, UNPARK_INK_LINE, 1);
    cairo_move_to(painter->cr, x, plot->y);
    cairo_line_to(painter->cr, x, plot->y + plot->height + 4);
    cairo_stroke(painter->cr);
    set_ink(painter, UNPARK_INK_DIM_TEXT, 1);
    text(painter, unpark_format_time((gint64)at, (gint64)step, buf), x, plot->y + plot->height + 6,
         0.5, 0, NULL);
  }
}

/* ---- Together --------------------------------------------------------------------------- */

void unpark_latency_paint(cairo_t *cr, PangoContext *context, const UnparkLatencyPicture *p) {
  Painter painter = {.cr = cr, .p = p, .plot = unpark_latency_plot(p)};
  const UnparkLatencyPlot *plot = &painter.plot;
  gboolean histogram = p->mode == UNPARK_LATENCY_HISTOGRAM;
  painter.layout = pango_layout_new(context);
  cairo_set_line_width(cr, 1);
  set_ink(&painter, UNPARK_INK_BACKGROUND, 1);
  cairo_rectangle(cr, 0, 0, p->width, p->height);
  cairo_fill(cr);
  if (p->title) {
    set_font(&painter, 1.1, TRUE);
    set_ink(&painter, UNPARK_INK_TEXT, 1);
    text(&painter, p->title, LEFT, 8, 0, 0, NULL);
  }
  set_font(&painter, 0.85, FALSE);
  if (p->series->histogram.count > 0) {
    if (histogram) {
      paint_histogram(&painter);
    } else {
      paint_heat_axes(&painter);
      paint_cells(&painter);
      paint_cell_mark(&painter);
    }
  }
  set_ink(&painter, UNPARK_INK_DIM_TEXT, 1);
  cairo_move_to(cr, plot->x, plot->y + plot->height + 0.5);
  cairo_line_to(cr, plot->x + plot->width, plot->y + plot->height + 0.5);
  cairo_stroke(cr);
  text(&painter, histogram ? _("duration") : _("start time"), plot->x + plot->width / 2,
       p->height - 6, 0.5, 1, NULL);
  g_object_unref(painter.layout);
}
