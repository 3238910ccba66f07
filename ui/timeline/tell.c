/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is painted is invisible to assistive technology; stand-in widgets tell it: one for each
 * lane on screen, and one for each span of the focused lane that is wide enough to see. */
#include <glib/gi18n.h>

#include "ui/scene/hit.h"
#include "ui/kit/accessible.h"
#include "ui/scene/names.h"
#include "ui/timeline/private.h"

#define MAX_ROWS 80
#define MAX_SPANS 80
#define MIN_SPAN_PX 6

/* `y`, `height`: of its row. */
static void tell_time(UnparkTimeline *self, const UnparkScene *scene, const char *name, double x0,
                      double width, int y, int height) {
  GdkRectangle area = {(int)(scene->lanes_x + x0), y, (int)width, height};
  unpark_canvas_tell(UNPARK_CANVAS(self), name, &area);
}

static void tell_spans(UnparkTimeline *self, const UnparkScene *scene, const UnparkRow *row,
                       const GdkRectangle *of) {
  const UnparkTimeAxis *axis = &scene->axis;
  const UnparkLaneData *data = unpark_scene_lane(scene, row);
  guint limit = unpark_canvas_get_n_told(UNPARK_CANVAS(self)) + MAX_SPANS;
  if (!data || row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES)
    return;
  guint i = unpark_items_first(data->lane.items, data->lane.n_items, axis->start_ns);
  for (; i < data->lane.n_items && unpark_canvas_get_n_told(UNPARK_CANVAS(self)) < limit; i++) {
    const UnparkItem *item = &data->lane.items[i];
    double x0 = MAX(unpark_axis_x(axis, (double)item->start_ns), 0);
    double x1 = MIN(unpark_axis_x(axis, (double)item->end_ns), axis->width);
    if (x0 >= axis->width)
      return;
    if (x1 - x0 < MIN_SPAN_PX)
      continue;
    g_autofree char *name = unpark_scene_item_name(scene->rows->store, row, item);
    tell_time(self, scene, name, x0, x1 - x0, of->y, of->height);
  }
}

/* What the runtime had the focused lane do, as its band tells it. */
static void tell_ranges(UnparkTimeline *self, const UnparkScene *scene, const UnparkRow *row,
                        const GdkRectangle *of) {
  const UnparkTimeAxis *axis = &scene->axis;
  const UnparkLaneData *data = unpark_scene_lane(scene, row);
  guint limit = unpark_canvas_get_n_told(UNPARK_CANVAS(self)) + MAX_SPANS;
  for (guint i = 0;
       data && i < data->tracks.n_ranges && unpark_canvas_get_n_told(UNPARK_CANVAS(self)) < limit;
       i++) {
    const UnparkTrackSpan *range = &data->tracks.ranges[i];
    const UnparkHit hit = {.type = UNPARK_HIT_BAND, .span = range};
    double x0 = MAX(unpark_axis_x(axis, (double)range->start_ns), 0);
    double x1 = MIN(unpark_axis_x(axis, (double)range->end_ns), axis->width);
    if (x0 >= axis->width || x1 < 0)
      continue;
    g_autofree char *name = unpark_hit_text(&hit);
    tell_time(self, scene, name, x0, MAX(x1 - x0, 1), of->y,
              MIN((int)unpark_row_band_height(row) + 1, of->height));
  }
}

/* The part of the row that can be seen. */
static GdkRectangle row_area(const UnparkScene *scene, guint n) {
  const UnparkPane *pane = unpark_panes_of(&scene->panes, n);
  double y = unpark_panes_row_y(&scene->panes, n);
  int top = (int)MAX(y, pane->top);
  int bottom = (int)MIN(y + scene->rows->rows[n].height, pane->bottom);
  return (GdkRectangle){0, top, (int)scene->lanes_x, MAX(bottom - top, 0)};
}

static void tell_pane(UnparkTimeline *self, const UnparkScene *scene, UnparkPaneType type) {
  const UnparkPane *pane = &scene->panes.pane[type];
  UnparkCanvas *canvas = UNPARK_CANVAS(self);
  for (guint i = pane->first; i < pane->end && unpark_canvas_get_n_told(canvas) < MAX_ROWS; i++) {
    const UnparkRow *row = &scene->rows->rows[i];
    GdkRectangle area = row_area(scene, i);
    g_autofree char *name = unpark_scene_row_name(row);
    unpark_canvas_tell(canvas, name, &area);
    if ((int)i == self->focus_row) {
      tell_spans(self, scene, row, &area);
      tell_ranges(self, scene, row, &area);
    }
  }
}

void unpark_timeline_tell(UnparkCanvas *canvas) {
  UnparkTimeline *self = UNPARK_TIMELINE(canvas);
  UnparkScene scene = unpark_timeline_get_scene(self);
  if (!scene.rows)
    return;
  tell_pane(self, &scene, UNPARK_PANE_PINNED);
  tell_pane(self, &scene, UNPARK_PANE_OTHERS);
}

/* The picked span on its own lane; NULL: it lies elsewhere, or nothing is known of it. */
static char *picked_name(UnparkTimeline *self, const UnparkScene *scene, const UnparkRow *row) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  const UnparkLaneData *data = unpark_scene_lane(scene, row);
  gboolean known = pick->kind != 0; /* lanes may show it merged with others */
  if (pick->type != UNPARK_PICK_SPAN || row->type != UNPARK_ROW_GOROUTINE || pick->id != row->id ||
      (!data && !known))
    return NULL;
  UnparkItem item = {.start_ns = pick->start_ns,
                     .end_ns = pick->end_ns,
                     .count = 1,
                     .longest_start_ns = pick->start_ns,
                     .longest_ns = pick->end_ns - pick->start_ns};
  int i = known ? -1
                : unpark_items_at(data->lane.items, data->lane.n_items,
                                  (double)(pick->start_ns + pick->end_ns) / 2,
                                  (double)(pick->start_ns + pick->end_ns) / 2);
  item.kind = known ? pick->kind : i < 0 ? 0 : data->lane.items[i].kind;
  item.goroutine = row->id;
  return unpark_scene_item_name(scene->rows->store, row, &item);
}

/* The widget has the focus, so its own name is what a reader speaks. */
void unpark_timeline_announce(UnparkTimeline *self) {
  const UnparkRow *row = unpark_timeline_focused_row(self);
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  UnparkScene scene = unpark_timeline_get_scene(self);
  g_autofree char *name = row ? picked_name(self, &scene, row) : NULL;
  if (row && !name && self->focus_row == unpark_scene_metric_row(&scene, pick))
    name = unpark_scene_plot_text(&scene, row, pick->start_ns);
  if (row && !name)
    name = unpark_scene_row_name(row);
  unpark_accessible_name(GTK_WIDGET(self), name ? name : _("Timeline"));
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
