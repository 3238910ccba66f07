/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/paint.h"

#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ui/kit/palette.h"

#define PAD 12.0
#define GAP 8.0
#define LABEL_SHARE 0.42
#define REACH 24.0
#define DOT 2.5
#define MAX_TICKS 24
#define SVG_WIDTH 900
#define SVG_HEIGHT 420

typedef struct {
  cairo_t *cr;
  PangoLayout *layout;
  const UnparkSqlPicture *p;
  const UnparkSqlPlot *plot;
  double line; /* height of a line of text */
} Painter;

static void set_ink(Painter *painter, UnparkInk ink, double alpha) {
  unpark_palette_set_source(painter->cr, unpark_palette_ink(ink, painter->p->dark), alpha);
}

static void measure(PangoLayout *layout, const char *text, double *width, double *height) {
  int w, h;
  pango_layout_set_width(layout, -1);
  pango_layout_set_text(layout, text, -1);
  pango_layout_get_pixel_size(layout, &w, &h);
  *width = w;
  *height = h;
}

static double line_height(PangoLayout *layout) {
  double width, height;
  measure(layout, "0", &width, &height);
  return height;
}

/* xalign, yalign: which point of the text stands at (x, y); at most `max` wide. */
static void text(Painter *painter, const char *what, double x, double y, double xalign,
                 double yalign, double max) {
  double width, height;
  measure(painter->layout, what, &width, &height);
  if (width > max) {
    width = MAX(max, 1);
    pango_layout_set_width(painter->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_ellipsize(painter->layout, PANGO_ELLIPSIZE_MIDDLE);
  }
  cairo_move_to(painter->cr, round(x - width * xalign), round(y - height * yalign));
  pango_cairo_show_layout(painter->cr, painter->layout);
}

/* ---- Where things are --------------------------------------------------------------------- */

static double widest_label(PangoLayout *layout, const UnparkSqlSeries *series, gboolean of_y) {
  double most = 0;
  for (guint i = 0; i < series->n; i++) {
    char buf[UNPARK_FORMAT_SIZE];
    double width, height;
    measure(layout,
            of_y ? unpark_sql_series_y_text(series, i, buf)
                 : unpark_sql_series_x_text(series, i, buf),
            &width, &height);
    most = MAX(most, width);
  }
  return most;
}

static double widest_tick(PangoLayout *layout, const UnparkSqlAxis *axis, double min_px,
                          UnparkSqlTime time) {
  double ticks[MAX_TICKS], step, most = 0;
  guint n = unpark_sql_ticks(axis, min_px, ticks, MAX_TICKS, &step);
  for (guint i = 0; i < n; i++) {
    char buf[UNPARK_FORMAT_SIZE];
    double width, height;
    measure(layout, unpark_sql_tick_text(time, ticks[i], step, buf), &width, &height);
    most = MAX(most, width);
  }
  return most;
}

static void plot_bars(UnparkSqlPlot *plot, PangoLayout *layout, const UnparkSqlPicture *p) {
  double line = line_height(layout);
  plot->row_height = line + 8;
  plot->top = PAD + line + GAP;
  plot->left = PAD + MIN(widest_label(layout, p->series, FALSE), p->width * LABEL_SHARE) + GAP;
  plot->width = MAX(p->width - plot->left - GAP - widest_label(layout, p->series, TRUE) - PAD, 20);
  plot->height = plot->row_height * p->series->n;
  plot->x = unpark_sql_axis(p->series->min_y, p->series->max_y, TRUE, plot->width);
  /* The longest bar takes all there is: its value stands beside it. */
  plot->x.from = MIN(p->series->min_y, 0);
  plot->x.to = MAX(p->series->max_y, 0) > plot->x.from ? MAX(p->series->max_y, 0) : plot->x.to;
}

static void plot_points(UnparkSqlPlot *plot, PangoLayout *layout, const UnparkSqlPicture *p) {
  const UnparkSqlSeries *series = p->series;
  double line = line_height(layout);
  plot->top = PAD + line + GAP;
  plot->height = MAX(p->height - plot->top - 2 * (line + 6) - PAD, 20);
  plot->y = unpark_sql_axis(series->min_y, series->max_y, TRUE, plot->height);
  plot->left = PAD + widest_tick(layout, &plot->y, 2 * line, series->y_time) + GAP;
  plot->width = MAX(p->width - plot->left - 3 * PAD, 20);
  plot->x = unpark_sql_axis(series->min_x, series->max_x, FALSE, plot->width);
  plot->px = g_new(double, series->n + 1);
  plot->py = g_new(double, series->n + 1);
  for (guint i = 0; i < series->n; i++) {
    plot->px[i] = plot->left + unpark_sql_axis_at(&plot->x, series->x[i]);
    plot->py[i] = plot->top + plot->height - unpark_sql_axis_at(&plot->y, series->y[i]);
  }
}

void unpark_sql_plot_init(UnparkSqlPlot *plot, PangoContext *context,
                          const UnparkSqlPicture *picture) {
  g_autoptr(PangoLayout) layout = pango_layout_new(context);
  memset(plot, 0, sizeof *plot);
  if (picture->series->kind == UNPARK_SQL_BARS)
    plot_bars(plot, layout, picture);
  else
    plot_points(plot, layout, picture);
}

void unpark_sql_plot_clear(UnparkSqlPlot *plot) {
  g_clear_pointer(&plot->px, g_free);
  g_clear_pointer(&plot->py, g_free);
}

int unpark_sql_plot_hit(const UnparkSqlPlot *plot, const UnparkSqlSeries *series, double x,
                        double y) {
  if (series->kind != UNPARK_SQL_BARS)
    return unpark_sql_nearest(plot->px, plot->py, series->n, x, y, REACH);
  double row = (y - plot->top) / plot->row_height;
  return row >= 0 && row < series->n ? (int)row : -1;
}

double unpark_sql_picture_height(PangoContext *context, const UnparkSqlSeries *series) {
  g_autoptr(PangoLayout) layout = pango_layout_new(context);
  double line = line_height(layout);
  if (series->kind != UNPARK_SQL_BARS)
    return 12 * line;
  double more = series->n_left_out > 0 ? line + GAP : 0;
  return PAD + line + GAP + (line + 8) * series->n + more + PAD;
}

/* ---- Bars --------------------------------------------------------------------------------- */

static void paint_bar(Painter *painter, guint i) {
  const UnparkSqlSeries *series = painter->p->series;
  const UnparkSqlPlot *plot = painter->plot;
  char buf[UNPARK_FORMAT_SIZE];
  double y = plot->top + i * plot->row_height, middle = y + plot->row_height / 2;
  double zero = plot->left + unpark_sql_axis_at(&plot->x, 0);
  double end = plot->left + unpark_sql_axis_at(&plot->x, series->y[i]);
  gboolean picked = painter->p->picked == (int)i;
  set_ink(painter, UNPARK_INK_TEXT, 1);
  text(painter, unpark_sql_series_x_text(series, i, buf), plot->left - GAP, middle, 1, 0.5,
       plot->left - GAP - PAD);
  set_ink(painter, UNPARK_INK_ACCENT, picked ? 1 : 0.75);
  cairo_rectangle(painter->cr, MIN(zero, end), y + 3, MAX(fabs(end - zero), 1),
                  plot->row_height - 6);
  cairo_fill(painter->cr);
  if (picked) {
    set_ink(painter, UNPARK_INK_TEXT, 1);
    cairo_rectangle(painter->cr, MIN(zero, end) + 0.5, y + 3.5, MAX(fabs(end - zero) - 1, 1),
                    plot->row_height - 7);
    cairo_stroke(painter->cr);
  }
  set_ink(painter, UNPARK_INK_DIM_TEXT, 1);
  text(painter, unpark_sql_series_y_text(series, i, buf), MAX(zero, end) + 6, middle, 0, 0.5,
       G_MAXINT / PANGO_SCALE);
}

static void paint_bars(Painter *painter) {
  const UnparkSqlSeries *series = painter->p->series;
  for (guint i = 0; i < series->n; i++)
    paint_bar(painter, i);
  if (series->n_left_out > 0) {
    char n[UNPARK_FORMAT_SIZE];
    g_autofree char *more = g_strdup_printf(_("%s more rows are not shown."),
                                            unpark_format_count(series->n_left_out, n));
    set_ink(painter, UNPARK_INK_DIM_TEXT, 1);
    text(painter, more, PAD, painter->plot->top + painter->plot->height + GAP, 0, 0,
         painter->p->width - 2 * PAD);
  }
}

/* ---- Lines and points --------------------------------------------------------------------- */

static void paint_y_axis(Painter *painter) {
  const UnparkSqlPlot *plot = painter->plot;
  double ticks[MAX_TICKS], step;
  guint n = unpark_sql_ticks(&plot->y, 2 * painter->line, ticks, MAX_TICKS, &step);
  for (guint i = 0; i < n; i++) {
    char buf[UNPARK_FORMAT_SIZE];
    double y = floor(plot->top + plot->height - unpark_sql_axis_at(&plot->y, ticks[i])) + 0.5;
    set_ink(painter, UNPARK_INK_LINE, 1);
    cairo_move_to(painter->cr, plot->left, y);
    cairo_line_to(painter->cr, plot->left + plot->width, y);
    cairo_stroke(painter->cr);
    set_ink(painter, UNPARK_INK_DIM_TEXT, 1);
    text(painter, unpark_sql_tick_text(painter->p->series->y_time, ticks[i], step, buf),
         plot->left - GAP, y, 1, 0.5, plot->left);
  }
}

static void paint_x_axis(Painter *painter) {
  const UnparkSqlPlot *plot = painter->plot;
  const UnparkSqlSeries *series = painter->p->series;
  double ticks[MAX_TICKS], step, bottom = plot->top + plot->height;
  guint n = unpark_sql_ticks(&plot->x, 6 * painter->line, ticks, MAX_TICKS, &step);
  for (guint i = 0; i < n; i++) {
    char buf[UNPARK_FORMAT_SIZE];
    double x = floor(plot->left + unpark_sql_axis_at(&plot->x, ticks[i])) + 0.5;
    const char *label = unpark_sql_tick_text(series->x_time, ticks[i], step, buf);
    if (series->by_place) {
      if (ticks[i] < 0 || ticks[i] >= series->n || ticks[i] != floor(ticks[i]))
        continue;
      label = unpark_sql_series_x_text(series, (guint)ticks[i], buf);
    }
    set_ink(painter, UNPARK_INK_LINE, 1);
    cairo_move_to(painter->cr, x, plot->top);
    cairo_line_to(painter->cr, x, bottom + 4);
    cairo_stroke(painter->cr);
    set_ink(painter, UNPARK_INK_DIM_TEXT, 1);
    text(painter, label, x, bottom + 6, 0.5, 0,
         series->by_place ? 5.5 * painter->line : G_MAXINT / PANGO_SCALE);
  }
  set_ink(painter, UNPARK_INK_TEXT, 1);
  text(painter, series->result->columns[series->x_column], plot->left + plot->width,
       bottom + painter->line + 10, 1, 0, plot->width);
}

static void paint_line(Painter *painter) {
  const UnparkSqlPlot *plot = painter->plot;
  guint n = painter->p->series->n;
  g_autofree guint *kept = g_new(guint, n + 1);
  n = unpark_sql_thin_line(plot->px, plot->py, n, kept);
  for (guint i = 0; i < n; i++)
    cairo_line_to(painter->cr, plot->px[kept[i]], plot->py[kept[i]]);
  set_ink(painter, UNPARK_INK_ACCENT, 1);
  cairo_set_line_width(painter->cr, 1.5);
  cairo_set_line_join(painter->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(painter->cr);
  cairo_set_line_width(painter->cr, 1);
}

static void dot(Painter *painter, double x, double y, double radius) {
  cairo_new_sub_path(painter->cr);
  cairo_arc(painter->cr, x, y, radius, 0, 2 * G_PI);
}

/* Of those within the same pixel one is enough. */
static void paint_dots(Painter *painter) {
  const UnparkSqlPlot *plot = painter->plot;
  gsize width = (gsize)plot->width + 2, height = (gsize)plot->height + 2;
  g_autofree guint8 *seen = g_malloc0(width * height);
  set_ink(painter, UNPARK_INK_ACCENT, 0.7);
  for (guint i = 0; i < painter->p->series->n; i++) {
    gsize column = (gsize)CLAMP(plot->px[i] - plot->left, 0, (double)width - 1);
    gsize row = (gsize)CLAMP(plot->py[i] - plot->top, 0, (double)height - 1);
    if (seen[row * width + column])
      continue;
    seen[row * width + column] = 1;
    dot(painter, plot->px[i], plot->py[i], DOT);
  }
  cairo_fill(painter->cr);
}

static void paint_points(Painter *painter) {
  const UnparkSqlPlot *plot = painter->plot;
  int picked = painter->p->picked;
  paint_y_axis(painter);
  paint_x_axis(painter);
  if (painter->p->series->kind == UNPARK_SQL_LINE)
    paint_line(painter);
  else
    paint_dots(painter);
  if (picked >= 0 && (guint)picked < painter->p->series->n) {
    set_ink(painter, UNPARK_INK_TEXT, 1);
    dot(painter, plot->px[picked], plot->py[picked], DOT * 2);
    cairo_stroke(painter->cr);
  }
}

/* ---- All of it ---------------------------------------------------------------------------- */

void unpark_sql_paint(cairo_t *cr, PangoContext *context, const UnparkSqlPicture *picture,
                      const UnparkSqlPlot *plot) {
  Painter painter = {.cr = cr, .layout = pango_layout_new(context), .p = picture, .plot = plot};
  painter.line = line_height(painter.layout);
  cairo_set_line_width(cr, 1);
  set_ink(&painter, UNPARK_INK_TEXT, 1);
  text(&painter, picture->series->result->columns[picture->series->y_column],
       picture->series->kind == UNPARK_SQL_BARS ? plot->left : PAD, PAD, 0, 0,
       picture->width - 2 * PAD);
  if (picture->series->kind == UNPARK_SQL_BARS)
    paint_bars(&painter);
  else
    paint_points(&painter);
  g_object_unref(painter.layout);
}

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int length) {
  g_string_append_len(closure, (const char *)data, (gssize)length);
  return CAIRO_STATUS_SUCCESS;
}

char *unpark_sql_svg(const UnparkSqlSeries *series, const char *title) {
  PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
  PangoFontDescription *font = pango_font_description_from_string("Sans 9");
  GString *svg = g_string_new(NULL);
  UnparkSqlPicture picture = {.series = series, .width = SVG_WIDTH, .picked = -1};
  UnparkSqlPlot plot;
  pango_context_set_font_description(context, font);
  pango_font_description_free(font);
  picture.height =
      series->kind == UNPARK_SQL_BARS ? unpark_sql_picture_height(context, series) : SVG_HEIGHT;
  cairo_surface_t *surface =
      cairo_svg_surface_create_for_stream(write_bytes, svg, picture.width, picture.height);
  cairo_t *cr = cairo_create(surface);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  unpark_sql_plot_init(&plot, context, &picture);
  unpark_sql_paint(cr, context, &picture, &plot);
  unpark_sql_plot_clear(&plot);
  cairo_destroy(cr);
  cairo_surface_finish(surface);
  cairo_surface_destroy(surface);
  g_object_unref(context);
  /* For assistive technology, and for whoever finds the file. */
  const char *root = strstr(svg->str, "<svg");
  const char *end = root ? strchr(root, '>') : NULL;
  if (end && title) {
    g_autofree char *words = g_markup_printf_escaped("\n<title>%s</title>", title);
    g_string_insert(svg, end - svg->str + 1, words);
  }
  return g_string_free(svg, FALSE);
}
