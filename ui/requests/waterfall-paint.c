/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars are nodes of their own; what there may be very many of in one row, bars of closed repeats
 * and pieces of the critical path, is painted into one picture. All is kept as one node until
 * something changes. */
#include <adwaita.h>
#include <math.h>
#include <stdlib.h>

#include "model/flame/graph/colour.h"
#include "ui/kit/rgba.h"
#include "ui/requests/private.h"
#include "ui/text/format.h"

/* Of texts that were never laid out, so many a frame: laying out is what costs. */
#define MAX_NEW_TEXTS 80
#define MAX_PASSES 60
#define BAR_TOP 4
#define BAR_HEIGHT 11
#define PATH_TOP 17
#define PATH_HEIGHT 2
#define TICK_PX 90
#define STEP_PX 4 /* nearer steps of the path are not drawn */
#define PAD 6
#define MAX_NAME 300 /* characters that are laid out at most */

typedef struct {
  UnparkWaterfallChart *self;
  const UnparkWaterfall *w;
  GtkSnapshot *snapshot;
  UnparkTextCache *texts;
  guint texts_before;
  gboolean incomplete;
  gboolean dark;
  UnparkTimeAxis axis;
  double x0, width; /* of the chart beside the names */
  guint32 first, last;
  guint32 *pixels; /* beside the names and below the scale */
  int scale, columns, lines;
} Frame;

static void rect(const Frame *f, double x, double y, double width, double height, GdkRGBA color) {
  gtk_snapshot_append_color(f->snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

/* ---- Texts -------------------------------------------------------------------------------- */

static gboolean may_lay_out(Frame *f, UnparkTextStyle style, const char *text) {
  if (unpark_text_cache_n_made(f->texts) - f->texts_before < MAX_NEW_TEXTS ||
      unpark_text_cache_has(f->texts, style, text))
    return TRUE;
  f->incomplete = TRUE;
  return FALSE;
}

/* Its width; 0: not now. */
static int put_text(Frame *f, UnparkTextStyle style, const char *text, double x, double y,
                    UnparkInk ink) {
  GdkRGBA color = unpark_ink(ink, 1);
  int width, height;
  if (!may_lay_out(f, style, text))
    return 0;
  unpark_text_cache_get(f->texts, style, text, &width, &height);
  unpark_text_cache_append(f->texts, f->snapshot, style, text, x,
                           y + floor((WATERFALL_ROW - height) / 2.0), &color);
  return width;
}

static void shorten(char *text) {
  if (g_utf8_strlen(text, -1) > MAX_NAME)
    *g_utf8_offset_to_pointer(text, MAX_NAME) = 0;
}

/* ---- The names ---------------------------------------------------------------------------- */

static void triangle(const Frame *f, double x, double y, gboolean open) {
  cairo_t *cr =
      gtk_snapshot_append_cairo(f->snapshot, &GRAPHENE_RECT_INIT((float)x, (float)y, 10, 10));
  GdkRGBA color = unpark_ink(UNPARK_INK_DIM_TEXT, 1);
  gdk_cairo_set_source_rgba(cr, &color);
  if (open) {
    cairo_move_to(cr, x + 1, y + 3);
    cairo_line_to(cr, x + 9, y + 3);
    cairo_line_to(cr, x + 5, y + 8);
  } else {
    cairo_move_to(cr, x + 3, y + 1);
    cairo_line_to(cr, x + 8, y + 5);
    cairo_line_to(cr, x + 3, y + 9);
  }
  cairo_close_path(cr);
  cairo_fill(cr);
  cairo_destroy(cr);
}

/* A mark for errors that is told by its shape, too: filled for its own, empty for those of what a
 * closed row hides. */
static void error_mark(const Frame *f, double x, double y, gboolean own) {
  cairo_t *cr =
      gtk_snapshot_append_cairo(f->snapshot, &GRAPHENE_RECT_INIT((float)x, (float)y, 14, 14));
  GdkRGBA red = unpark_ink(UNPARK_INK_STW, 1), paper = unpark_ink(UNPARK_INK_BACKGROUND, 1);
  gdk_cairo_set_source_rgba(cr, &red);
  cairo_set_line_width(cr, 1.4);
  cairo_arc(cr, x + 7, y + 7, 5.3, 0, 2 * G_PI);
  if (own)
    cairo_fill_preserve(cr);
  cairo_stroke(cr);
  if (own)
    gdk_cairo_set_source_rgba(cr, &paper);
  cairo_rectangle(cr, x + 6.2, y + 3.6, 1.6, 4.2);
  cairo_rectangle(cr, x + 6.2, y + 8.8, 1.6, 1.7);
  cairo_fill(cr);
  cairo_destroy(cr);
}

static void paint_name(Frame *f, guint32 node, double y) {
  const UnparkWaterfallNode *n = &f->w->nodes[node];
  double x = unpark_waterfall_chart_indent(f->self, node);
  g_autofree char *title = unpark_waterfall_title(f->w, node);
  gboolean below = unpark_waterfall_has_below(f->w, node);
  GdkRGBA colour =
      unpark_rgba(unpark_waterfall_colour(f->w->services[n->service].rank, f->dark), 1);
  if (below)
    triangle(f, x - 14, y + 6, n->open);
  rect(f, x, y + BAR_TOP, 4, WATERFALL_ROW - 2 * BAR_TOP, colour);
  x += 9;
  if (unpark_waterfall_n_errors(f->w, node, below && !n->open) > 0) {
    error_mark(f, x, y + 4, unpark_waterfall_n_errors(f->w, node, FALSE) > 0);
    x += 18;
  }
  shorten(title);
  x += put_text(f,
                unpark_waterfall_n_found(f->w, node, FALSE) ? UNPARK_TEXT_BOLD : UNPARK_TEXT_NORMAL,
                title, x, y, UNPARK_INK_TEXT);
  if (n->parent == UNPARK_WATERFALL_NONE || f->w->nodes[n->parent].service != n->service) {
    g_autofree char *service = g_strdup(unpark_waterfall_service_name(f->w, node));
    shorten(service);
    put_text(f, UNPARK_TEXT_NORMAL, service, x + 8, y, UNPARK_INK_DIM_TEXT);
  }
}

static void paint_names(Frame *f) {
  gtk_snapshot_push_clip(
      f->snapshot,
      &GRAPHENE_RECT_INIT(0, WATERFALL_SCALE, (float)f->self->names - PAD, (float)f->self->height));
  for (guint32 row = f->first; row < f->last; row++)
    paint_name(f, f->w->rows[row], unpark_waterfall_chart_row_y(f->self, row));
  gtk_snapshot_pop(f->snapshot);
}

/* ---- The picture -------------------------------------------------------------------------- */

/* In pixels of the chart; clipped. */
static void fill(const Frame *f, double x0, double x1, double y0, double y1, guint32 color) {
  int left = MAX((int)floor(x0 * f->scale), 0);
  int right = MIN((int)ceil(x1 * f->scale), f->columns);
  int top = MAX((int)lround((y0 - WATERFALL_SCALE) * f->scale), 0);
  int bottom = MIN((int)lround((y1 - WATERFALL_SCALE) * f->scale), f->lines);
  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      f->pixels[(gsize)y * (gsize)f->columns + (gsize)x] = color;
}

static gboolean is_faded(const Frame *f, guint32 node, gboolean below) {
  return f->w->searched && unpark_waterfall_n_found(f->w, node, below) == 0;
}

static guint32 blend(guint32 a, guint32 b) {
  return ((a & 0xfefefe) >> 1) + ((b & 0xfefefe) >> 1);
}

static guint32 fill_of(const Frame *f, guint32 node, gboolean below) {
  guint32 rank = f->w->services[f->w->nodes[node].service].rank;
  guint32 rgb = unpark_waterfall_colour(rank, f->dark);
  if (is_faded(f, node, below))
    rgb = blend(rgb, unpark_palette_ink(UNPARK_INK_BACKGROUND, f->dark));
  return rgb;
}

static double x_of(const Frame *f, gint64 ns) {
  return CLAMP(unpark_axis_x(&f->axis, (double)ns), -10, f->width + 10);
}

/* Members ascend by start: what covers no pixel more is not painted again. */
static void fill_repeats(const Frame *f, guint32 node, double y) {
  const UnparkWaterfallNode *nodes = f->w->nodes;
  guint32 red = unpark_palette_ink(UNPARK_INK_STW, f->dark) | 0xff000000u;
  double covered = -1;
  for (guint32 c = node + 1; c < nodes[node].end; c = nodes[c].end) {
    double x0 = x_of(f, nodes[c].start_ns), x1 = MAX(x_of(f, nodes[c].end_ns), x0 + 1);
    gboolean failed = unpark_waterfall_n_errors(f->w, c, FALSE) > 0;
    if (x0 > f->width)
      break;
    if (x1 < 0 || (x1 <= covered && !failed))
      continue;
    /* Where one ends and the next begins is seen if there is a pixel for it. */
    double left = x0 < covered ? covered : x0;
    fill(f, MIN(left, x1), x1 - x0 > 3 ? x1 - 1 : x1, y + BAR_TOP, y + BAR_TOP + BAR_HEIGHT,
         fill_of(f, c, FALSE) | 0xff000000u);
    if (failed)
      fill(f, x0, x1, y + BAR_TOP, y + BAR_TOP + 3, red);
    covered = MAX(covered, x1);
  }
}

static void fill_path_row(const Frame *f, guint32 node, double y, guint32 ink) {
  const UnparkWaterfallNode *n = &f->w->nodes[node];
  guint32 end = f->w->nodes[n->open ? node + 1 : n->end].stretch;
  for (guint32 i = n->stretch; i < end; i++) {
    const UnparkWaterfallStretch *s = &f->w->path[f->w->by_node[i]];
    double x0 = x_of(f, s->from_ns), x1 = x_of(f, s->to_ns);
    if (x1 > 0 && x0 < f->width)
      fill(f, x0, MAX(x1, x0 + 1), y + PATH_TOP, y + PATH_TOP + PATH_HEIGHT, ink);
  }
}

/* The first piece that reaches into sight. */
static guint32 first_stretch(const Frame *f) {
  guint32 low = 0, high = f->w->n_path;
  while (low < high) {
    guint32 middle = low + (high - low) / 2;
    if ((double)f->w->path[middle].to_ns < f->axis.start_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* From row to row where one piece follows another, as far as they can be told apart. */
static void fill_steps(const Frame *f, guint32 ink) {
  double before = -STEP_PX;
  for (guint32 i = first_stretch(f); i + 1 < f->w->n_path; i++) {
    double x = floor(x_of(f, f->w->path[i].to_ns));
    double a = unpark_waterfall_chart_row_y(f->self, f->w->row_of[f->w->path[i].node]);
    double b = unpark_waterfall_chart_row_y(f->self, f->w->row_of[f->w->path[i + 1].node]);
    if (x > f->width)
      return;
    if (x - before >= STEP_PX && (a > b || a < b))
      fill(f, x, x + 1, MIN(a, b) + PATH_TOP, MAX(a, b) + PATH_TOP + PATH_HEIGHT, ink);
    before = x;
  }
}

static void paint_picture(Frame *f) {
  guint32 ink = unpark_palette_ink(UNPARK_INK_TEXT, f->dark) | 0xff000000u;
  f->columns = (int)(f->width * f->scale);
  f->lines = (f->self->height - WATERFALL_SCALE) * f->scale;
  if (f->columns <= 0 || f->lines <= 0)
    return;
  gsize size = (gsize)f->columns * (gsize)f->lines * sizeof(guint32);
  f->pixels = g_malloc0(size);
  fill_steps(f, ink);
  for (guint32 row = f->first; row < f->last; row++) {
    guint32 node = f->w->rows[row];
    double y = unpark_waterfall_chart_row_y(f->self, row);
    if (f->w->nodes[node].n > 0 && !f->w->nodes[node].open)
      fill_repeats(f, node, y);
    fill_path_row(f, node, y, ink);
  }
  g_autoptr(GBytes) bytes = g_bytes_new_take(g_steal_pointer(&f->pixels), size);
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new(
      f->columns, f->lines, GDK_MEMORY_DEFAULT, bytes, (gsize)f->columns * sizeof(guint32));
  gtk_snapshot_append_texture(f->snapshot, texture,
                              &GRAPHENE_RECT_INIT((float)f->x0, WATERFALL_SCALE,
                                                  (float)f->columns / (float)f->scale,
                                                  (float)f->lines / (float)f->scale));
}

/* ---- Bars --------------------------------------------------------------------------------- */

static void paint_bar(const Frame *f, guint32 node, double x0, double x1, double y) {
  GdkRGBA color = unpark_rgba(fill_of(f, node, FALSE), 1), red = unpark_ink(UNPARK_INK_STW, 1);
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect(&shape,
                                  &GRAPHENE_RECT_INIT((float)(f->x0 + x0), (float)(y + BAR_TOP),
                                                      (float)MAX(x1 - x0, 2), BAR_HEIGHT),
                                  x1 - x0 > 6 ? 2 : 0);
  gtk_snapshot_push_rounded_clip(f->snapshot, &shape);
  gtk_snapshot_append_color(f->snapshot, &color, &shape.bounds);
  gtk_snapshot_pop(f->snapshot);
  if (unpark_waterfall_n_errors(f->w, node, FALSE) > 0)
    gtk_snapshot_append_border(f->snapshot, &shape, (float[4]){1.5f, 1.5f, 1.5f, 1.5f},
                               (GdkRGBA[4]){red, red, red, red});
}

/* Beside the bar, behind it if there is room, else before it. */
static void paint_length(Frame *f, const UnparkWaterfallNode *n, double x0, double x1, double y) {
  char text[UNPARK_FORMAT_SIZE];
  int width;
  unpark_format_duration(n->end_ns - n->start_ns, text);
  if (!may_lay_out(f, UNPARK_TEXT_SMALL, text))
    return;
  unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, text, &width, NULL);
  if (x1 + PAD + width <= f->width)
    put_text(f, UNPARK_TEXT_SMALL, text, f->x0 + x1 + PAD, y - 2, UNPARK_INK_DIM_TEXT);
  else if (x0 - PAD - width >= 0)
    put_text(f, UNPARK_TEXT_SMALL, text, f->x0 + x0 - PAD - width, y - 2, UNPARK_INK_DIM_TEXT);
  else if (n->n == 0 && x1 - x0 > width + 2 * PAD)
    put_text(f, UNPARK_TEXT_SMALL, text, f->x0 + MAX(x0, 0) + PAD, y - 2, UNPARK_INK_TEXT);
}

static void paint_row(Frame *f, guint32 node, double y) {
  const UnparkWaterfallNode *n = &f->w->nodes[node];
  double x0 = x_of(f, n->start_ns), x1 = MAX(x_of(f, n->end_ns), x0 + 2);
  if (x1 < 0 || x0 > f->width)
    return;
  if (n->n == 0)
    paint_bar(f, node, x0, x1, y);
  else if (n->open) /* its members are below it */
    rect(f, f->x0 + x0, y + BAR_TOP + 5, x1 - x0, 2, unpark_rgba(fill_of(f, node, TRUE), 1));
  paint_length(f, n, x0, x1, y);
}

/* ---- The scale ---------------------------------------------------------------------------- */

static void paint_grid(const Frame *f) {
  gint64 step = unpark_axis_tick_step(&f->axis, TICK_PX);
  GdkRGBA line = unpark_ink(UNPARK_INK_LINE, 0.7);
  UnparkTimeAxis axis = f->axis;
  axis.start_ns -= (double)f->w->start_ns; /* the scale begins with the trace */
  for (gint64 t = MAX(unpark_axis_first_tick(&axis, step), 0); (double)t <= unpark_axis_end(&axis);
       t += step)
    rect(f, floor(f->x0 + unpark_axis_x(&axis, (double)t)), WATERFALL_SCALE, 1, f->self->height,
         line);
}

static void paint_scale(Frame *f) {
  gint64 step = unpark_axis_tick_step(&f->axis, TICK_PX);
  GdkRGBA line = unpark_ink(UNPARK_INK_DIM_TEXT, 0.5);
  UnparkTimeAxis axis = f->axis;
  axis.start_ns -= (double)f->w->start_ns;
  rect(f, 0, 0, f->self->width, WATERFALL_SCALE, unpark_ink(UNPARK_INK_STRIPE, 1));
  for (gint64 t = MAX(unpark_axis_first_tick(&axis, step), 0); (double)t <= unpark_axis_end(&axis);
       t += step) {
    char text[UNPARK_FORMAT_SIZE];
    int width;
    double x = floor(f->x0 + unpark_axis_x(&axis, (double)t));
    unpark_format_time(t, step, text);
    unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, text, &width, NULL);
    rect(f, x, WATERFALL_SCALE - 9, 1, 9, line);
    if (x + 4 + width <= f->self->width)
      put_text(f, UNPARK_TEXT_SMALL, text, x + 4, 0, UNPARK_INK_DIM_TEXT);
  }
  rect(f, 0, WATERFALL_SCALE - 1, f->self->width, 1, unpark_ink(UNPARK_INK_LINE, 1));
}

/* ---- All ---------------------------------------------------------------------------------- */

static gboolean repaint(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  g_clear_pointer(&UNPARK_WATERFALL_CHART(widget)->painted, gsk_render_node_unref);
  gtk_widget_queue_draw(widget);
  return G_SOURCE_REMOVE;
}

static GskRenderNode *paint_all(Frame *f) {
  f->snapshot = gtk_snapshot_new();
  rect(f, 0, 0, f->self->width, f->self->height, unpark_ink(UNPARK_INK_BACKGROUND, 1));
  paint_grid(f);
  gtk_snapshot_push_clip(f->snapshot,
                         &GRAPHENE_RECT_INIT((float)f->x0, WATERFALL_SCALE, (float)f->width,
                                             (float)(f->self->height - WATERFALL_SCALE)));
  for (guint32 row = f->first; row < f->last; row++)
    paint_row(f, f->w->rows[row], unpark_waterfall_chart_row_y(f->self, row));
  gtk_snapshot_pop(f->snapshot);
  paint_picture(f);
  paint_names(f);
  paint_scale(f);
  rect(f, f->self->names - 1, 0, 1, f->self->height, unpark_ink(UNPARK_INK_LINE, 1));
  if (f->incomplete && f->self->n_passes++ < MAX_PASSES)
    gtk_widget_add_tick_callback(GTK_WIDGET(f->self), repaint, NULL, NULL);
  return gtk_snapshot_free_to_node(f->snapshot);
}

/* Over the row, so that what is painted need not be painted again. */
static void paint_marks(const Frame *f) {
  const UnparkWaterfallChart *self = f->self;
  gtk_snapshot_push_clip(f->snapshot, &GRAPHENE_RECT_INIT(0, WATERFALL_SCALE, (float)self->width,
                                                          (float)self->height));
  double y = unpark_waterfall_chart_row_y(f->self, f->w->row_of[self->focus]);
  gboolean has_focus = gtk_widget_has_focus(GTK_WIDGET(f->self));
  rect(f, 0, y, self->width, WATERFALL_ROW, unpark_ink(UNPARK_INK_ACCENT, has_focus ? 0.18 : 0.1));
  if (has_focus)
    rect(f, 0, y, 3, WATERFALL_ROW, unpark_ink(UNPARK_INK_ACCENT, 1));
  if (self->hover != UNPARK_WATERFALL_NONE && self->hover != self->focus)
    rect(f, 0, unpark_waterfall_chart_row_y(f->self, f->w->row_of[self->hover]), self->width,
         WATERFALL_ROW, unpark_ink(UNPARK_INK_TEXT, 0.05));
  gtk_snapshot_pop(f->snapshot);
  if (self->drag == DRAG_SCALE)
    rect(f, MIN(self->drag_x, self->drag_to_x), 0, fabs(self->drag_to_x - self->drag_x),
         self->height, unpark_ink(UNPARK_INK_ACCENT, 0.25));
}

void unpark_waterfall_chart_paint(UnparkWaterfallChart *self, GtkSnapshot *snapshot) {
  Frame f = {.self = self,
             .w = self->waterfall,
             .snapshot = snapshot,
             .texts = unpark_canvas_get_texts(UNPARK_CANVAS(self)),
             .dark = adw_style_manager_get_dark(adw_style_manager_get_default()),
             .axis = unpark_waterfall_chart_axis(self),
             .x0 = self->names,
             .width = MAX(self->width - self->names, 1),
             .scale = gtk_widget_get_scale_factor(GTK_WIDGET(self))};
  if (!self->waterfall) {
    rect(&f, 0, 0, self->width, self->height, unpark_ink(UNPARK_INK_BACKGROUND, 1));
    return;
  }
  unpark_waterfall_chart_rows_in_sight(self, &f.first, &f.last);
  f.texts_before = unpark_text_cache_n_made(f.texts);
  if (!self->painted) {
    self->painted = paint_all(&f);
    f.snapshot = snapshot;
  }
  if (self->painted)
    gtk_snapshot_append_node(snapshot, self->painted);
  paint_marks(&f);
}
