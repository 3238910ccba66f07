/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts upon lanes. */
#include <math.h>
#include <string.h>

#include "model/flame/graph/colour.h"
#include "ui/text/format.h"
#include "ui/text/words.h"
#include "ui/scene/frame.h"

#define MAX_NEW_TEXTS 30
#define MIN_LABEL_PX 30

/* A text that was cut where the buffer ends may end within a character. */
static void drop_half_character(char *text) {
  const char *end;
  if (!g_utf8_validate(text, -1, &end))
    text[end - text] = 0;
}

/* The longest text that fits; NULL if none. Points to static text, or to `buf`. */
static const char *span_text(const UnparkSceneFrame *f, const UnparkRow *row,
                             const UnparkItem *item, double width, char *buf, gsize size) {
  guint chars = unpark_text_cache_chars(f->texts, UNPARK_TEXT_SMALL, width - 6);
  if (row->type == UNPARK_ROW_PROC || row->type == UNPARK_ROW_THREAD) {
    const UnparkGoroutine *g = item->goroutine == UNPARK_NONE
                                   ? NULL
                                   : unpark_store_goroutine(f->scene->rows->store, item->goroutine);
    int used = g_snprintf(buf, size, "G %" G_GINT64_FORMAT, item->goroutine);
    if (!g)
      return NULL;
    if (chars > (guint)used + 6)
      g_snprintf(buf + used, size - (gsize)used, " %s",
                 unpark_format_function(g->name, chars - (guint)used - 1));
    drop_half_character(buf);
    return buf;
  }
  const UnparkKind *kind = unpark_store_kind(f->scene->rows->store, item->kind);
  if (!kind)
    return NULL;
  return *kind->reason && kind->state != UNPARK_STATE_RUNNABLE
             ? unpark_words_reason(kind)
             : unpark_words_state_name(kind->state);
}

/* Laying out is what costs: a frame makes so many new texts, the next one goes on. */
static gboolean may_lay_out(UnparkSceneFrame *f) {
  if (f->in_full || unpark_text_cache_n_made(f->texts) <= f->texts_before + MAX_NEW_TEXTS)
    return TRUE;
  f->incomplete = TRUE;
  return FALSE;
}

static void paint_texts(UnparkSceneFrame *f, const UnparkRow *row, const UnparkLaneData *data,
                        double y, double height) {
  double view = f->scene->width - f->scene->lanes_x;
  const UnparkLaneItems *lane = &data->lane;
  guint i = unpark_items_first(lane->items, lane->n_items, f->scene->axis.start_ns);
  for (; i < lane->n_items; i++) {
    const UnparkItem *item = &lane->items[i];
    double x0 = MAX(unpark_axis_x(&f->scene->axis, (double)item->start_ns), 0);
    double x1 = MIN(unpark_axis_x(&f->scene->axis, (double)item->end_ns), view);
    char buf[128];
    int width, text_height;
    if (x0 >= view)
      return;
    if (item->count != 1 || x1 - x0 < MIN_LABEL_PX)
      continue;
    const char *label = span_text(f, row, item, x1 - x0, buf, sizeof buf);
    if (!label || !*label)
      continue;
    if (!may_lay_out(f))
      return;
    unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, label, &width, &text_height);
    if (width > x1 - x0 - 6)
      continue;
    guint class_id = unpark_item_class(f->scene->rows->store, item);
    if (unpark_frame_is_faint(f, row, item)) {
      unpark_frame_text(f, UNPARK_TEXT_SMALL, label, f->scene->lanes_x + x0 + 4,
                        y + floor((height - text_height) / 2),
                        unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 0.6));
      continue;
    }
    unpark_frame_text(f, UNPARK_TEXT_SMALL, label, f->scene->lanes_x + x0 + 4,
                      y + floor((height - text_height) / 2),
                      unpark_rgba(unpark_palette_text(class_id, f->dark), 0.92));
  }
}

/* Names upon regions or frames. */
static void paint_track_labels(UnparkSceneFrame *f, const UnparkTrackSpan *spans, guint n, double y,
                               guint n_levels, gboolean functions) {
  double view = f->scene->width - f->scene->lanes_x;
  for (guint i = 0; i < n; i++) {
    const UnparkTrackSpan *span = &spans[i];
    double x0 = MAX(unpark_axis_x(&f->scene->axis, (double)span->start_ns), 0);
    double x1 = MIN(unpark_axis_x(&f->scene->axis, (double)span->end_ns), view);
    int width, height;
    if (x1 - x0 < MIN_LABEL_PX || span->level >= n_levels || (span->count > 1 && !functions))
      continue;
    guint chars = unpark_text_cache_chars(f->texts, UNPARK_TEXT_SMALL, x1 - x0 - 6);
    const char *name = span->name;
    if (functions)
      name = unpark_format_function(name, chars);
    if (!*name || (guint)g_utf8_strlen(name, -1) > chars + 3)
      continue;
    if (!may_lay_out(f))
      return;
    unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, name, &width, &height);
    if (width > x1 - x0 - 5)
      continue;
    guint class_id = unpark_track_class(span->name, functions);
    unpark_frame_text(f, UNPARK_TEXT_SMALL, name, f->scene->lanes_x + x0 + 3,
                      y + span->level * UNPARK_LEVEL_HEIGHT +
                          floor((UNPARK_LEVEL_HEIGHT - height) / 2.0),
                      unpark_rgba(unpark_flame_ink(class_id, f->dark), 1));
  }
}

static void paint_stretch_labels(UnparkSceneFrame *f, const GArray *list, double y, double height,
                                 UnparkInk below) {
  double view = f->scene->width - f->scene->lanes_x;
  guint32 fill = unpark_palette_ink(below, f->dark);
  guint32 color =
      unpark_palette_contrast(fill, 0) > unpark_palette_contrast(fill, 0xffffff) ? 0 : 0xffffff;
  for (guint i = 0; i < list->len; i++) {
    const UnparkStretch *stretch = &g_array_index(list, UnparkStretch, i);
    double x0 = MAX(unpark_axis_x(&f->scene->axis, (double)stretch->start_ns), 0);
    double x1 = MIN(unpark_axis_x(&f->scene->axis, (double)stretch->end_ns), view);
    char buf[UNPARK_STRETCH_SIZE];
    int width, text_height;
    if (x1 - x0 < MIN_LABEL_PX)
      continue;
    const char *label = unpark_words_stretch(stretch->name, buf);
    unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, label, &width, &text_height);
    if (width < x1 - x0 - 6)
      unpark_frame_text(f, UNPARK_TEXT_SMALL, label, f->scene->lanes_x + x0 + 4,
                        y + floor((height - text_height) / 2), unpark_rgba(color, 1));
  }
}

void unpark_frame_paint_labels(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  const UnparkLaneData *data;
  double gap = unpark_frame_row_gap(row), top = y + floor(gap / 2);
  if (row->type == UNPARK_ROW_SECTION) {
    unpark_frame_box(f, f->scene->lanes_x, y, f->scene->width, row->height,
                     unpark_frame_ink(f, UNPARK_INK_STRIPE, 1));
    return;
  }
  if (!unpark_frame_row_data(f, row, &data))
    return;
  if (row->type == UNPARK_ROW_GC)
    paint_stretch_labels(f, f->scene->series->gc, top, row->height - gap, UNPARK_INK_GC);
  if (row->type == UNPARK_ROW_STW)
    paint_stretch_labels(f, f->scene->series->stw, top, row->height - gap, UNPARK_INK_STW);
  if (!data || row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES)
    return;
  paint_texts(f, row, data, top, row->bar - gap);
  if (row->region_levels > 0)
    paint_track_labels(f, data->tracks.regions, data->tracks.n_regions,
                       y + unpark_row_regions_y(row), row->region_levels, FALSE);
  if (row->stack_levels > 0)
    paint_track_labels(f, data->tracks.frames, data->tracks.n_frames, y + unpark_row_stacks_y(row),
                       row->stack_levels, TRUE);
}
