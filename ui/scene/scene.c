/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/scene.h"

double unpark_scene_x(const UnparkScene *scene, double ns) {
  return scene->lanes_x + unpark_axis_x(&scene->axis, ns);
}

int unpark_scene_row_at(const UnparkScene *scene, double y) {
  return unpark_panes_row_at(&scene->panes, y);
}

const UnparkLaneData *unpark_scene_lane(const UnparkScene *scene, const UnparkRow *row) {
  UnparkLaneKey key;
  return unpark_row_lane(row, &key) ? unpark_lane_cache_get(scene->lanes, &key) : NULL;
}

const UnparkItem *unpark_scene_item_at(const UnparkScene *scene, guint n, double x) {
  double at = x - scene->lanes_x;
  const UnparkLaneData *data = at < 0 ? NULL : unpark_scene_lane(scene, &scene->rows->rows[n]);
  if (!data)
    return NULL;
  int best =
      unpark_items_at(data->lane.items, data->lane.n_items, unpark_axis_ns(&scene->axis, at - 1),
                      unpark_axis_ns(&scene->axis, at + 1));
  return best < 0 ? NULL : &data->lane.items[best];
}

gboolean unpark_scene_hides_waiting(const UnparkScene *scene, const UnparkRow *row) {
  return scene->hide_waiting && row->waits &&
         (row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES);
}

const UnparkTask *unpark_scene_task(const UnparkScene *scene, gint64 id) {
  return scene->series ? unpark_track_index_task(scene->series->tracks, id) : NULL;
}

int unpark_scene_metric_row(const UnparkScene *scene, const UnparkPick *pick) {
  if (!unpark_pick_is_metric(pick))
    return -1;
  return unpark_rows_find(scene->rows,
                          pick->type == UNPARK_PICK_HEAP ? UNPARK_ROW_HEAP : UNPARK_ROW_THREADS, 0);
}
