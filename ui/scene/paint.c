/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <math.h>
#include <string.h>

#include "ui/text/format.h"
#include "ui/scene/frame.h"
#include "ui/scene/names.h"

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

gboolean unpark_frame_row_data(const UnparkSceneFrame *f, const UnparkRow *row,
                               const UnparkLaneData **data) {
  UnparkLaneKey key;
  *data = unpark_scene_lane(f->scene, row);
  if (!unpark_row_lane(row, &key))
    return f->scene->series && row->type != UNPARK_ROW_SECTION;
  return *data != NULL || row->type == UNPARK_ROW_TASK;
}

static void paint_bars(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  const UnparkLaneData *data;
  double gap = unpark_frame_row_gap(row);
  if (!unpark_frame_row_data(f, row, &data))
    return;
  f->cache->n_lanes++;
  unpark_frame_paint_tiles(f, row, data, y + floor(gap / 2), row->height - gap);
}

static void paint_arrow(const UnparkSceneFrame *f, double x, double y, gboolean open) {
  unpark_frame_text(f, UNPARK_TEXT_SMALL, open ? "▾" : "▸", x, y,
                    unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 1));
}

/* What the top of the plot stands for, so that its height can be read. */
static gboolean plot_figure(const UnparkSeries *series, const UnparkRow *row,
                            char buf[UNPARK_FORMAT_SIZE]) {
  if (!series)
    return FALSE;
  if (row->type == UNPARK_ROW_HEAP && series->top_bytes > 0) {
    char bytes[UNPARK_FORMAT_SIZE];
    unpark_format_bytes((gint64)series->top_bytes, bytes);
    g_snprintf(buf, UNPARK_FORMAT_SIZE, "↑ %s", bytes);
    return TRUE;
  }
  if (row->type != UNPARK_ROW_THREADS)
    return FALSE;
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "%s%.0f", series->least_procs < series->top_procs ? "↑ " : "",
             series->top_procs);
  return TRUE;
}

/* Number of goroutines, or the value one sorts by. */
static gboolean row_figure(const UnparkSeries *series, const UnparkRow *row,
                           char buf[UNPARK_FORMAT_SIZE]) {
  if (plot_figure(series, row, buf))
    return TRUE;
  if (row->value != UNPARK_NONE)
    unpark_format_duration(row->value, buf);
  else if (row->count > 1)
    unpark_format_count(row->count, buf);
  else
    return FALSE;
  return TRUE;
}

/* The row's name in so many characters; a name that is still too long loses its end. */
static char *short_label(const UnparkRow *row, guint chars) {
  char count[UNPARK_FORMAT_SIZE] = "";
  if ((row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_TASK_GROUP) &&
      row->value != UNPARK_NONE)
    unpark_format_count(row->count, count);
  guint used = *count ? (guint)strlen(count) + 3 : 0;
  guint left = chars > used + 4 ? chars - used : 4;
  g_autofree char *name = unpark_scene_row_label(row, left);
  if (g_utf8_strlen(name, -1) > (glong)left + 1) {
    g_autofree char *whole = g_steal_pointer(&name);
    g_autofree char *part = g_utf8_substring(whole, 0, left - 1);
    name = g_strconcat(part, "…", NULL);
  }
  return *count ? g_strdup_printf("%s  ×%s", name, count) : g_steal_pointer(&name);
}

/* As long as there is room: characters differ in width. */
static char *header_label(UnparkSceneFrame *f, const UnparkRow *row, UnparkTextStyle style,
                          double room) {
  guint chars = unpark_text_cache_chars(f->texts, style, room);
  for (guint tries = 0;; tries++) {
    g_autofree char *label = short_label(row, chars);
    int width, height;
    unpark_text_cache_get(f->texts, style, label, &width, &height);
    if (width <= room || tries == 3 || chars < 8)
      return g_steal_pointer(&label);
    chars -= MAX((guint)((width - room) * chars / width), 1);
  }
}

static void paint_header(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  UnparkTextStyle style = row->type == UNPARK_ROW_SECTION ? UNPARK_TEXT_BOLD : UNPARK_TEXT_NORMAL;
  double x = 8 + 14 * row->depth, right = f->scene->lanes_x - 10;
  char figure[UNPARK_FORMAT_SIZE];
  int width, height;
  if (row->type == UNPARK_ROW_SECTION)
    unpark_frame_box(f, 0, y, f->scene->lanes_x, row->height,
                     unpark_frame_ink(f, UNPARK_INK_STRIPE, 1));
  if (row_figure(f->scene->series, row, figure)) {
    unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, figure, &width, &height);
    unpark_frame_text(f, UNPARK_TEXT_SMALL, figure, right - width,
                      y + floor((row->bar - height) / 2.0),
                      unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 1));
    right -= width + 8;
  }
  if (row->expandable)
    paint_arrow(f, x, y + floor((row->bar - 16) / 2.0), row->expanded);
  x += 14;
  g_autofree char *label = header_label(f, row, style, right - x);
  unpark_text_cache_get(f->texts, style, label, &width, &height);
  gtk_snapshot_push_clip(
      f->snapshot, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)MAX(right - x, 0), row->height));
  unpark_frame_text(f, style, label, x, y + floor((row->bar - height) / 2.0),
                    unpark_frame_ink(f, UNPARK_INK_TEXT, 1));
  gtk_snapshot_pop(f->snapshot);
}

typedef void (*PaintRow)(UnparkSceneFrame *f, const UnparkRow *row, double y);

/* What can be seen of each row, with one painter after another: nothing of what scrolls comes over
 * what is pinned. */
static void for_visible(UnparkSceneFrame *f, const PaintRow *painters, guint n) {
  const UnparkRow *rows = f->scene->rows->rows;
  gboolean clip = f->scene->panes.pane[UNPARK_PANE_PINNED].bottom > 0;
  for (guint p = 0; p < UNPARK_N_PANES; p++) {
    const UnparkPane *pane = &f->scene->panes.pane[p];
    if (pane->first == pane->end)
      continue;
    if (clip)
      gtk_snapshot_push_clip(f->snapshot,
                             &GRAPHENE_RECT_INIT(0, (float)pane->top, (float)f->scene->width,
                                                 (float)(pane->bottom - pane->top)));
    for (guint k = 0; k < n; k++)
      for (guint i = pane->first; i < pane->end; i++)
        painters[k](f, &rows[i], (double)rows[i].y - pane->shift);
    if (clip)
      gtk_snapshot_pop(f->snapshot);
  }
}

/* ---- Overlays ---------------------------------------------------------------------- */

static void paint_grid(const UnparkSceneFrame *f) {
  gint64 step = unpark_axis_tick_step(&f->scene->axis, 90);
  for (gint64 t = unpark_axis_first_tick(&f->scene->axis, step);
       (double)t < unpark_axis_end(&f->scene->axis); t += step)
    unpark_frame_box(f, floor(f->scene->lanes_x + unpark_axis_x(&f->scene->axis, (double)t)), 0, 1,
                     f->scene->height, unpark_frame_ink(f, UNPARK_INK_LINE, 0.7));
}

static void paint_outside(const UnparkSceneFrame *f) {
  gint64 from, to;
  unpark_session_get_own_time(f->scene->session, &from, &to);
  double view = f->scene->width - f->scene->lanes_x;
  double x0 = MIN(unpark_axis_x(&f->scene->axis, (double)from), view);
  double x1 = MAX(unpark_axis_x(&f->scene->axis, (double)to), 0);
  if (x0 > 0)
    unpark_frame_box(f, f->scene->lanes_x, 0, x0, f->scene->height,
                     unpark_frame_ink(f, UNPARK_INK_STRIPE, 1));
  if (x1 < view)
    unpark_frame_box(f, f->scene->lanes_x + x1, 0, view - x1, f->scene->height,
                     unpark_frame_ink(f, UNPARK_INK_STRIPE, 1));
}

static void paint_selected_time(const UnparkSceneFrame *f) {
  gint64 from, to;
  if (!unpark_session_get_selected_time(f->scene->session, &from, &to))
    return;
  double x0 = f->scene->lanes_x + unpark_axis_x(&f->scene->axis, (double)from);
  double x1 = f->scene->lanes_x + unpark_axis_x(&f->scene->axis, (double)to);
  unpark_frame_box(f, x0, 0, MAX(x1 - x0, 1), f->scene->height,
                   unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.12));
  unpark_frame_box(f, x0, 0, 1, f->scene->height, unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.9));
  unpark_frame_box(f, x1, 0, 1, f->scene->height, unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.9));
}

static void paint_focus(const UnparkSceneFrame *f) {
  if (f->focus_row < 0 || f->focus_row >= (int)f->scene->rows->n)
    return;
  const UnparkRow *row = &f->scene->rows->rows[f->focus_row];
  const UnparkPane *pane = unpark_panes_of(&f->scene->panes, (guint)f->focus_row);
  double y = (double)row->y - pane->shift;
  gtk_snapshot_push_clip(f->snapshot,
                         &GRAPHENE_RECT_INIT(0, (float)pane->top, (float)f->scene->lanes_x,
                                             (float)(pane->bottom - pane->top)));
  unpark_frame_box(f, 0, y, 3, row->height, unpark_frame_ink(f, UNPARK_INK_ACCENT, 1));
  unpark_frame_box(f, 0, y, f->scene->lanes_x, row->height,
                   unpark_frame_ink(f, UNPARK_INK_ACCENT, 0.10));
  if (f->focus_visible)
    unpark_frame_outline(f, 0, y, f->scene->lanes_x, row->height, 1);
  gtk_snapshot_pop(f->snapshot);
}

/* Where what is pinned ends, and how far it is scrolled if there is more of it. */
static void paint_split(const UnparkSceneFrame *f) {
  const UnparkPane *pinned = &f->scene->panes.pane[UNPARK_PANE_PINNED];
  const UnparkRows *rows = f->scene->rows;
  double more = unpark_panes_pinned_range(rows, f->scene->height),
         height = pinned->bottom - pinned->top;
  if (height <= 0)
    return;
  unpark_frame_box(f, 0, pinned->bottom - 1, f->scene->width, 1,
                   unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 0.6));
  if (f->scene->panes.pane[UNPARK_PANE_OTHERS].shift > more)
    for (guint i = 0; i < SHADOW_PX; i++)
      unpark_frame_box(f, 0, pinned->bottom + i, f->scene->width, 1,
                       unpark_rgba(0, SHADOW_ALPHA * (SHADOW_PX - i) / SHADOW_PX));
  if (more > 0)
    unpark_frame_box(f, f->scene->lanes_x - SLIDER_PX - 2,
                     pinned->top + pinned->shift / (double)rows->pinned_height * height, SLIDER_PX,
                     height * height / (double)rows->pinned_height,
                     unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 0.7));
}

static void remember_zoom(UnparkFrameCache *cache, double zoom) {
  if (cache->zooms[0] == zoom)
    return;
  for (guint i = UNPARK_N_FALLBACK_ZOOMS - 1; i > 0; i--)
    cache->zooms[i] = cache->zooms[i - 1];
  cache->zooms[0] = zoom;
}

static void paint_lanes(UnparkSceneFrame *f) {
  static const PaintRow lanes[] = {unpark_frame_paint_coming, paint_bars, unpark_frame_paint_labels,
                                   unpark_frame_paint_edges};
  static const PaintRow picked[] = {unpark_frame_paint_marked, unpark_frame_paint_picked};
  gtk_snapshot_push_clip(f->snapshot,
                         &GRAPHENE_RECT_INIT((float)f->scene->lanes_x, 0,
                                             (float)(f->scene->width - f->scene->lanes_x),
                                             (float)f->scene->height));
  paint_grid(f);
  for_visible(f, lanes, G_N_ELEMENTS(lanes));
  paint_outside(f);
  paint_selected_time(f);
  for_visible(f, picked, G_N_ELEMENTS(picked));
  unpark_frame_paint_marked_ticks(f);
  unpark_frame_paint_overlay(f);
  gtk_snapshot_pop(f->snapshot);
}

static void begin(UnparkSceneFrame *f, gint64 now_us) {
  int exponent;
  /* Pans compute the zoom anew; equal zooms have to be equal bit for bit. */
  double mantissa = frexp(f->scene->axis.ns_per_px / f->scale, &exponent);
  f->zoom = ldexp(floor(mantissa * (1 << 24) + 0.5) / (1 << 24), exponent);
  f->left = floor(f->scene->axis.start_ns / f->zoom + 0.5);
  f->dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  f->deadline_us = now_us + TILE_BUDGET_US;
  f->texts_before = unpark_text_cache_n_made(f->texts);
  f->incomplete = FALSE;
  f->cache->n_lanes = 0;
}

void unpark_frame_paint(UnparkSceneFrame *f) {
  static const PaintRow headers[] = {paint_header};
  const UnparkScene *scene = f->scene;
  gint64 began = g_get_monotonic_time();
  begin(f, began);
  unpark_frame_box(f, 0, 0, scene->width, scene->height,
                   unpark_frame_ink(f, UNPARK_INK_BACKGROUND, 1));
  if (!scene->rows)
    return;
  paint_lanes(f);
  gtk_snapshot_push_clip(f->snapshot,
                         &GRAPHENE_RECT_INIT(0, 0, (float)scene->lanes_x, (float)scene->height));
  for_visible(f, headers, G_N_ELEMENTS(headers));
  if (!f->in_full)
    paint_focus(f);
  gtk_snapshot_pop(f->snapshot);
  unpark_frame_box(f, scene->lanes_x - 1, 0, 1, scene->height,
                   unpark_frame_ink(f, UNPARK_INK_LINE, 1));
  paint_split(f);
  unpark_tile_cache_trim(f->cache->tiles);
  if (!f->incomplete || f->in_full)
    remember_zoom(f->cache, f->zoom);
  g_debug("timeline frame: %" G_GINT64_FORMAT " us%s", g_get_monotonic_time() - began,
          f->incomplete ? ", more to come" : "");
}
