/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <gsk/gsk.h>
#include <math.h>
#include <string.h>

#include "ui/text/format.h"
#include "ui/timeline/frame.h"
#include "ui/timeline/overlay.h"

/* Of a frame's 8 ms, what new tiles may take. */
#define TILE_BUDGET_US 2000
/* Between the bars of neighbouring lanes. */
#define LANE_GAP 3
/* Of what is pinned, upon what scrolls below it. */
#define SHADOW_PX 4
#define SHADOW_ALPHA 0.16
/* Width of what tells how far it is scrolled. */
#define SLIDER_PX 3

/* ---- Rows -------------------------------------------------------------------------- */

double unpark_frame_row_gap(const UnparkRow *row) {
  return row->type == UNPARK_ROW_GC || row->type == UNPARK_ROW_STW ? 6 : LANE_GAP;
}

gboolean unpark_frame_row_data(const UnparkTimelineFrame *f, const UnparkRow *row,
                               const UnparkLaneData **data) {
  UnparkLaneKey key;
  *data = NULL;
  if (!unpark_row_lane(row, &key))
    return f->self->series && row->type != UNPARK_ROW_SECTION;
  *data = unpark_lane_cache_get(f->self->lanes, &key);
  return *data != NULL || row->type == UNPARK_ROW_TASK;
}

static void paint_bars(UnparkTimelineFrame *f, const UnparkRow *row, double y) {
  const UnparkLaneData *data;
  double gap = unpark_frame_row_gap(row);
  if (!unpark_frame_row_data(f, row, &data))
    return;
  f->self->n_painted++;
  unpark_frame_paint_tiles(f, row, data, y + floor(gap / 2), row->height - gap);
}

static void paint_arrow(const UnparkTimelineFrame *f, double x, double y, gboolean open) {
  unpark_frame_text(f, UNPARK_TEXT_SMALL, open ? "▾" : "▸", x, y,
                    unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 1));
}

/* Number of goroutines, or the value one sorts by. */
static gboolean row_figure(const UnparkRow *row, char buf[UNPARK_FORMAT_SIZE]) {
  if (row->value != UNPARK_NONE)
    unpark_format_duration(row->value, buf);
  else if (row->count > 1)
    unpark_format_count(row->count, buf);
  else
    return FALSE;
  return TRUE;
}

/* The row's name in so many characters; a name that is still too long loses its end. */
static char *short_label(UnparkTimeline *self, const UnparkRow *row, guint chars) {
  char count[UNPARK_FORMAT_SIZE] = "";
  if ((row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_TASK_GROUP) &&
      row->value != UNPARK_NONE)
    unpark_format_count(row->count, count);
  guint used = *count ? (guint)strlen(count) + 3 : 0;
  guint left = chars > used + 4 ? chars - used : 4;
  g_autofree char *name = unpark_timeline_row_label(self, row, left);
  if (g_utf8_strlen(name, -1) > (glong)left + 1) {
    g_autofree char *whole = g_steal_pointer(&name);
    g_autofree char *part = g_utf8_substring(whole, 0, left - 1);
    name = g_strconcat(part, "…", NULL);
  }
  return *count ? g_strdup_printf("%s  ×%s", name, count) : g_steal_pointer(&name);
}

/* As long as there is room: characters differ in width. */
static char *header_label(UnparkTimelineFrame *f, const UnparkRow *row, UnparkTextStyle style,
                          double room) {
  UnparkTimeline *self = f->self;
  guint chars = unpark_text_cache_chars(self->texts, style, room);
  for (guint tries = 0;; tries++) {
    g_autofree char *label = short_label(self, row, chars);
    int width, height;
    unpark_text_cache_get(self->texts, style, label, &width, &height);
    if (width <= room || tries == 3 || chars < 8)
      return g_steal_pointer(&label);
    chars -= MAX((guint)((width - room) * chars / width), 1);
  }
}

static void paint_header(UnparkTimelineFrame *f, const UnparkRow *row, double y) {
  UnparkTimeline *self = f->self;
  UnparkTextStyle style = row->type == UNPARK_ROW_SECTION ? UNPARK_TEXT_BOLD : UNPARK_TEXT_NORMAL;
  double x = 8 + 14 * row->depth, right = self->header_width - 10;
  char figure[UNPARK_FORMAT_SIZE];
  int width, height;
  if (row->type == UNPARK_ROW_SECTION)
    unpark_frame_box(f, 0, y, self->header_width, row->height,
                     unpark_frame_ink(f, UNPARK_INK_STRIPE, 1));
  if (row_figure(row, figure)) {
    unpark_text_cache_get(self->texts, UNPARK_TEXT_SMALL, figure, &width, &height);
    unpark_frame_text(f, UNPARK_TEXT_SMALL, figure, right - width,
                      y + floor((row->bar - height) / 2.0),
                      unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 1));
    right -= width + 8;
  }
  if (row->expandable)
    paint_arrow(f, x, y + floor((row->bar - 16) / 2.0), row->expanded);
  x += 14;
  g_autofree char *label = header_label(f, row, style, right - x);
  unpark_text_cache_get(self->texts, style, label, &width, &height);
  gtk_snapshot_push_clip(
      f->snapshot, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)MAX(right - x, 0), row->height));
  unpark_frame_text(f, style, label, x, y + floor((row->bar - height) / 2.0),
                    unpark_frame_ink(f, UNPARK_INK_TEXT, 1));
  gtk_snapshot_pop(f->snapshot);
}

typedef void (*PaintRow)(UnparkTimelineFrame *f, const UnparkRow *row, double y);

/* What can be seen of each row, with one painter after another: nothing of what scrolls comes over
 * what is pinned. */
static void for_visible(UnparkTimelineFrame *f, const PaintRow *painters, guint n) {
  const UnparkRow *rows = f->self->rows->rows;
  gboolean clip = f->panes.pane[UNPARK_PANE_PINNED].bottom > 0;
  for (guint p = 0; p < UNPARK_N_PANES; p++) {
    const UnparkPane *pane = &f->panes.pane[p];
    if (pane->first == pane->end)
      continue;
    if (clip)
      gtk_snapshot_push_clip(f->snapshot, &GRAPHENE_RECT_INIT(0, (float)pane->top, (float)f->width,
                                                              (float)(pane->bottom - pane->top)));
    for (guint k = 0; k < n; k++)
      for (guint i = pane->first; i < pane->end; i++)
        painters[k](f, &rows[i], (double)rows[i].y - pane->shift);
    if (clip)
      gtk_snapshot_pop(f->snapshot);
  }
}

/* ---- Overlays ---------------------------------------------------------------------- */

static void paint_grid(const UnparkTimelineFrame *f) {
  gint64 step = unpark_axis_tick_step(&f->axis, 90);
  for (gint64 t = unpark_axis_first_tick(&f->axis, step); (double)t < unpark_axis_end(&f->axis);
       t += step)
    unpark_frame_box(f, floor(f->self->header_width + unpark_axis_x(&f->axis, (double)t)), 0, 1,
                     f->height, unpark_frame_ink(f, UNPARK_INK_LINE, 0.7));
}

static void paint_outside(const UnparkTimelineFrame *f) {
  double end = (double)unpark_session_get_duration(f->self->session);
  double x0 = unpark_axis_x(&f->axis, 0), x1 = unpark_axis_x(&f->axis, end);
  double view = f->width - f->self->header_width;
  if (x0 > 0)
    unpark_frame_box(f, f->self->header_width, 0, x0, f->height,
                     unpark_frame_ink(f, UNPARK_INK_STRIPE, 1));
  if (x1 < view)
    unpark_frame_box(f, f->self->header_width + x1, 0, view - x1, f->height,
                     unpark_frame_ink(f, UNPARK_INK_STRIPE, 1));
}

static void paint_selected_time(const UnparkTimelineFrame *f) {
  gint64 from, to;
  if (!unpark_session_get_selected_time(f->self->session, &from, &to))
    return;
  double x0 = f->self->header_width + unpark_axis_x(&f->axis, (double)from);
  double x1 = f->self->header_width + unpark_axis_x(&f->axis, (double)to);
  unpark_frame_box(f, x0, 0, MAX(x1 - x0, 1), f->height,
                   unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.12));
  unpark_frame_box(f, x0, 0, 1, f->height, unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.9));
  unpark_frame_box(f, x1, 0, 1, f->height, unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.9));
}

static void paint_focus(const UnparkTimelineFrame *f) {
  UnparkTimeline *self = f->self;
  if (self->focus_row < 0 || self->focus_row >= (int)self->rows->n)
    return;
  const UnparkRow *row = &self->rows->rows[self->focus_row];
  const UnparkPane *pane = unpark_panes_of(&f->panes, (guint)self->focus_row);
  double y = (double)row->y - pane->shift;
  gtk_snapshot_push_clip(f->snapshot,
                         &GRAPHENE_RECT_INIT(0, (float)pane->top, (float)self->header_width,
                                             (float)(pane->bottom - pane->top)));
  unpark_frame_box(f, 0, y, 3, row->height, unpark_frame_ink(f, UNPARK_INK_ACCENT, 1));
  unpark_frame_box(f, 0, y, self->header_width, row->height,
                   unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.10));
  if (gtk_widget_has_visible_focus(GTK_WIDGET(self)))
    unpark_frame_outline(f, 0, y, self->header_width, row->height, 1);
  gtk_snapshot_pop(f->snapshot);
}

/* Where what is pinned ends, and how far it is scrolled if there is more of it. */
static void paint_split(const UnparkTimelineFrame *f) {
  const UnparkPane *pinned = &f->panes.pane[UNPARK_PANE_PINNED];
  const UnparkRows *rows = f->self->rows;
  double more = unpark_panes_pinned_range(rows, f->height), height = pinned->bottom - pinned->top;
  if (height <= 0)
    return;
  unpark_frame_box(f, 0, pinned->bottom - 1, f->width, 1,
                   unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 0.6));
  if (f->panes.pane[UNPARK_PANE_OTHERS].shift > more)
    for (guint i = 0; i < SHADOW_PX; i++)
      unpark_frame_box(f, 0, pinned->bottom + i, f->width, 1,
                       unpark_frame_rgba(0, SHADOW_ALPHA * (SHADOW_PX - i) / SHADOW_PX));
  if (more > 0)
    unpark_frame_box(f, f->self->header_width - SLIDER_PX - 2,
                     pinned->top + pinned->shift / (double)rows->pinned_height * height, SLIDER_PX,
                     height * height / (double)rows->pinned_height,
                     unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 0.7));
}

static void remember_zoom(UnparkTimeline *self, double zoom) {
  if (self->zooms[0] == zoom)
    return;
  for (guint i = UNPARK_N_FALLBACK_ZOOMS - 1; i > 0; i--)
    self->zooms[i] = self->zooms[i - 1];
  self->zooms[0] = zoom;
}

static gboolean draw_again(gpointer data) {
  g_autoptr(GtkWidget) widget = data;
  gtk_widget_queue_draw(widget);
  return G_SOURCE_REMOVE;
}

static void paint_overlay(const UnparkTimelineFrame *f) {
  UnparkTimeline *self = f->self;
  const UnparkOverlay overlay = {.snapshot = f->snapshot,
                                 .session = self->session,
                                 .store = self->rows->store,
                                 .rows = self->rows,
                                 .texts = self->texts,
                                 .axis = f->axis,
                                 .lanes_x = self->header_width,
                                 .panes = &f->panes,
                                 .width = f->width,
                                 .height = f->height,
                                 .dark = f->dark};
  unpark_timeline_overlay_paint(&overlay);
}

static void paint_lanes(UnparkTimelineFrame *f) {
  static const PaintRow lanes[] = {paint_bars, unpark_frame_paint_labels};
  static const PaintRow picked[] = {unpark_frame_paint_picked};
  UnparkTimeline *self = f->self;
  gtk_snapshot_push_clip(f->snapshot, &GRAPHENE_RECT_INIT((float)self->header_width, 0,
                                                          (float)(f->width - self->header_width),
                                                          (float)f->height));
  paint_grid(f);
  /* Textures would be copied at every frame where cairo draws them. */
  GskRenderer *renderer = gtk_native_get_renderer(gtk_widget_get_native(GTK_WIDGET(self)));
  f->surfaces = GSK_IS_CAIRO_RENDERER(renderer);
  for_visible(f, lanes, G_N_ELEMENTS(lanes));
  paint_outside(f);
  paint_selected_time(f);
  for_visible(f, picked, G_N_ELEMENTS(picked));
  paint_overlay(f);
  gtk_snapshot_pop(f->snapshot);
}

void unpark_timeline_paint(UnparkTimeline *self, GtkSnapshot *snapshot) {
  static const PaintRow headers[] = {paint_header};
  gint64 began = g_get_monotonic_time();
  UnparkTimelineFrame f = {.self = self,
                           .snapshot = snapshot,
                           .axis = unpark_timeline_axis(self),
                           .scale = gtk_widget_get_scale_factor(GTK_WIDGET(self)),
                           .width = gtk_widget_get_width(GTK_WIDGET(self)),
                           .height = gtk_widget_get_height(GTK_WIDGET(self)),
                           .panes = unpark_timeline_panes(self),
                           .dark = adw_style_manager_get_dark(adw_style_manager_get_default())};
  int exponent;
  /* Pans compute the zoom anew; equal zooms have to be equal bit for bit. */
  double mantissa = frexp(f.axis.ns_per_px / f.scale, &exponent);
  f.zoom = ldexp(floor(mantissa * (1 << 24) + 0.5) / (1 << 24), exponent);
  f.left = floor(f.axis.start_ns / f.zoom + 0.5);
  self->frame_deadline_us = began + TILE_BUDGET_US;
  self->incomplete = FALSE;
  self->n_painted = 0;
  self->texts_before = unpark_text_cache_n_made(self->texts);
  unpark_frame_box(&f, 0, 0, f.width, f.height, unpark_frame_ink(&f, UNPARK_INK_BACKGROUND, 1));
  if (!self->rows)
    return;
  paint_lanes(&f);
  gtk_snapshot_push_clip(snapshot,
                         &GRAPHENE_RECT_INIT(0, 0, (float)self->header_width, (float)f.height));
  for_visible(&f, headers, G_N_ELEMENTS(headers));
  if (!self->in_full)
    paint_focus(&f);
  gtk_snapshot_pop(snapshot);
  unpark_frame_box(&f, self->header_width - 1, 0, 1, f.height,
                   unpark_frame_ink(&f, UNPARK_INK_LINE, 1));
  paint_split(&f);
  unpark_tile_cache_trim(self->tiles);
  if (self->incomplete && !self->in_full)
    g_idle_add(draw_again, g_object_ref(self));
  else
    remember_zoom(self, f.zoom);
  g_debug("timeline frame: %" G_GINT64_FORMAT " us%s", g_get_monotonic_time() - began,
          self->incomplete ? ", more to come" : "");
}
