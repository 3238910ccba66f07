/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line around what is picked, in whichever lane shows it. */
#include <math.h>

#include "model/base/tables.h"
#include "ui/scene/frame.h"

#define THICKNESS 2
/* Half the width of what is put around a mark, px. */
#define MARK_PX 6
/* The same of what is put around a point of a plot. */
#define METRIC_PX 4

void unpark_frame_outline(const UnparkSceneFrame *f, double x, double y, double width,
                          double height, double thickness) {
  GdkRGBA color = unpark_frame_ink(f, UNPARK_INK_ACCENT, 1);
  unpark_frame_box(f, x, y, width, thickness, color);
  unpark_frame_box(f, x, y + height - thickness, width, thickness, color);
  unpark_frame_box(f, x, y, thickness, height, color);
  unpark_frame_box(f, x + width - thickness, y, thickness, height, color);
}

/* Around a stretch of time; at least so wide that it can be seen. */
static void outline_time(const UnparkSceneFrame *f, gint64 start_ns, gint64 end_ns, double y,
                         double height) {
  double x0 = CLAMP(unpark_axis_x(&f->scene->axis, (double)start_ns), -10, f->scene->width);
  double x1 = CLAMP(unpark_axis_x(&f->scene->axis, (double)end_ns), -10, f->scene->width);
  unpark_frame_outline(f, f->scene->lanes_x + x0 - 1, y, MAX(x1 - x0, 1) + 2, height, THICKNESS);
}

static void outline_range(const UnparkSceneFrame *f, const UnparkRow *row, double y,
                          const UnparkPick *pick) {
  const GArray *list = row->type == UNPARK_ROW_GC ? f->scene->series->gc : f->scene->series->stw;
  double gap = unpark_frame_row_gap(row);
  for (guint i = 0; i < list->len; i++) {
    const UnparkStretch *s = &g_array_index(list, UnparkStretch, i);
    if (s->row == pick->id)
      outline_time(f, s->start_ns, s->end_ns, y + floor(gap / 2), row->height - gap);
  }
}

static void outline_region(const UnparkSceneFrame *f, const UnparkRow *row,
                           const UnparkLaneTracks *tracks, double y, const UnparkPick *pick) {
  double top = y + unpark_row_regions_y(row);
  for (guint i = 0; i < tracks->n_regions; i++) {
    const UnparkTrackSpan *s = &tracks->regions[i];
    if (s->row == pick->id && s->level < row->region_levels)
      outline_time(f, s->start_ns, s->end_ns, top + s->level * UNPARK_LEVEL_HEIGHT,
                   UNPARK_LEVEL_HEIGHT);
  }
}

static void outline_mark(const UnparkSceneFrame *f, const UnparkRow *row,
                         const UnparkLaneTracks *tracks, double y, const UnparkPick *pick) {
  int type = pick->table == UNPARK_TABLE_LOG ? UNPARK_MARK_LOG : UNPARK_MARK_SAMPLE;
  for (guint i = 0; i < tracks->n_marks; i++) {
    const UnparkMark *mark = &tracks->marks[i];
    if (mark->type != type || mark->row != pick->id)
      continue;
    double x = f->scene->lanes_x + floor(unpark_axis_x(&f->scene->axis, (double)mark->time_ns));
    unpark_frame_outline(f, x - MARK_PX, y, 2 * MARK_PX + 1, row->bar, THICKNESS);
  }
}

/* On the lane of the goroutine or processor whom it concerned. */
static void outline_band(const UnparkSceneFrame *f, const UnparkRow *row,
                         const UnparkLaneTracks *tracks, double y, const UnparkPick *pick) {
  double top = y + floor(unpark_frame_row_gap(row) / 2);
  for (guint i = 0; i < tracks->n_ranges; i++) {
    const UnparkTrackSpan *s = &tracks->ranges[i];
    if (s->row == pick->id)
      outline_time(f, s->start_ns, s->end_ns, top - THICKNESS,
                   unpark_row_band_height(row) + 2 * THICKNESS);
  }
}

/* The lanes that hold a row of a table are found by its number. */
static void outline_row(UnparkSceneFrame *f, const UnparkRow *row, double y,
                        const UnparkPick *pick) {
  gboolean runtime = row->type == UNPARK_ROW_GC || row->type == UNPARK_ROW_STW;
  const UnparkLaneData *data;
  if (pick->table == UNPARK_TABLE_RANGE && runtime) {
    if (f->scene->series)
      outline_range(f, row, y, pick);
    return;
  }
  if (row->type == UNPARK_ROW_TASK && pick->table == UNPARK_TABLE_TASK) {
    const UnparkTask *task =
        f->scene->series ? unpark_track_index_task(f->scene->series->tracks, row->id) : NULL;
    if (task && task->row == pick->id)
      outline_time(f, task->start_ns, task->end_ns, y, row->bar);
    return;
  }
  if ((row->type != UNPARK_ROW_TASK && row->type != UNPARK_ROW_GOROUTINE &&
       row->type != UNPARK_ROW_PROC) ||
      !unpark_frame_row_data(f, row, &data) || !data)
    return;
  if (pick->table == UNPARK_TABLE_REGION)
    outline_region(f, row, &data->tracks, y, pick);
  else if (pick->table == UNPARK_TABLE_RANGE)
    outline_band(f, row, &data->tracks, y, pick);
  else if (pick->table == UNPARK_TABLE_LOG || pick->table == UNPARK_TABLE_CPU_SAMPLE)
    outline_mark(f, row, &data->tracks, y, pick);
}

/* A line at the time, and what is picked of it around the plot's line. */
static void outline_metric(const UnparkSceneFrame *f, const UnparkRow *row, double y,
                           const UnparkPick *pick) {
  const UnparkSeries *series = f->scene->series;
  gboolean heap = pick->type == UNPARK_PICK_HEAP;
  double gap = unpark_frame_row_gap(row), height = row->height - gap, value;
  double x = f->scene->lanes_x + floor(unpark_axis_x(&f->scene->axis, (double)pick->start_ns));
  if (!series)
    return;
  y += floor(gap / 2);
  unpark_frame_box(f, x, y, 1, height, unpark_frame_ink(f, UNPARK_INK_ACCENT, 1));
  if (!unpark_series_at(heap ? series->heap : series->gomaxprocs, pick->start_ns, &value))
    return;
  double part = CLAMP(value / (heap ? series->top_bytes : series->top_procs), 0, 1);
  double middle = y + CLAMP(floor((1 - part) * (height - 2)), METRIC_PX, height - METRIC_PX - 1);
  unpark_frame_outline(f, x - METRIC_PX, middle - METRIC_PX, 2 * METRIC_PX + 1, 2 * METRIC_PX + 1,
                       THICKNESS);
}

/* A lane that is picked as a whole. */
static gboolean is_picked_lane(const UnparkRow *row, const UnparkPick *pick) {
  switch (pick->type) {
  case UNPARK_PICK_GOROUTINE:
    return row->type == UNPARK_ROW_GOROUTINE && row->id == pick->id;
  case UNPARK_PICK_GROUP:
    return row->type == UNPARK_ROW_GROUP && row->id == pick->id;
  case UNPARK_PICK_PROC:
    return row->type == UNPARK_ROW_PROC && row->id == pick->id;
  case UNPARK_PICK_THREAD:
    return row->type == UNPARK_ROW_THREAD && row->id == pick->id;
  case UNPARK_PICK_STATES:
    return row->type == UNPARK_ROW_STATES;
  case UNPARK_PICK_GC:
    return row->type == UNPARK_ROW_GC;
  case UNPARK_PICK_STW:
    return row->type == UNPARK_ROW_STW;
  case UNPARK_PICK_TASKS:
    return row->type == UNPARK_ROW_TASK_GROUP && row->id == pick->id;
  case UNPARK_PICK_NONE:
  case UNPARK_PICK_SPAN:
  case UNPARK_PICK_ROW:
  case UNPARK_PICK_HEAP:
  case UNPARK_PICK_GOMAXPROCS:
  default:
    return FALSE;
  }
}

void unpark_frame_paint_picked(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  const UnparkPick *pick = unpark_session_get_pick(f->scene->session);
  if (is_picked_lane(row, pick)) {
    unpark_frame_outline(f, f->scene->lanes_x, y, f->scene->width - f->scene->lanes_x, row->height,
                         1);
    return;
  }
  if (pick->end_ns == UNPARK_NONE || (double)pick->end_ns < f->scene->axis.start_ns ||
      (double)pick->start_ns > unpark_axis_end(&f->scene->axis))
    return;
  if (pick->type == UNPARK_PICK_ROW)
    outline_row(f, row, y, pick);
  else if ((pick->type == UNPARK_PICK_HEAP && row->type == UNPARK_ROW_HEAP) ||
           (pick->type == UNPARK_PICK_GOMAXPROCS && row->type == UNPARK_ROW_THREADS))
    outline_metric(f, row, y, pick);
  else if (pick->type == UNPARK_PICK_SPAN && row->type == UNPARK_ROW_GOROUTINE &&
           pick->id == row->id)
    outline_time(f, pick->start_ns, pick->end_ns, y, row->bar);
}
