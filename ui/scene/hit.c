/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/hit.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/text/format.h"
#include "model/base/tables.h"

/* How far from a mark the pointer may be, px. */
#define MARK_PX 5
/* How far below the top of the row the band of ranges is hit beside its own height: the gap above
 * it, and one more. */
#define BAND_SLACK_PX 2

static const UnparkTrackSpan *span_at(const UnparkTrackSpan *spans, guint n, guint level,
                                      double from_ns, double to_ns) {
  for (guint i = 0; i < n; i++)
    if (spans[i].level == level && (double)spans[i].end_ns >= from_ns &&
        (double)spans[i].start_ns <= to_ns)
      return &spans[i];
  return NULL;
}

static const UnparkMark *mark_at(const UnparkLaneTracks *tracks, const UnparkTimeAxis *axis,
                                 double x) {
  const UnparkMark *best = NULL;
  double least = MARK_PX;
  for (guint i = 0; i < tracks->n_marks; i++) {
    double distance = fabs(unpark_axis_x(axis, (double)tracks->marks[i].time_ns) - x);
    if (distance < least) {
      least = distance;
      best = &tracks->marks[i];
    }
  }
  return best;
}

/* Marks are at the upper (logs) or lower edge (samples) of the bar only. */
static gboolean is_on_mark(const UnparkRow *row, const UnparkMark *mark, double y) {
  return mark->type == UNPARK_MARK_LOG ? y < row->bar * 0.45 : y > row->bar * 0.55;
}

static gboolean hit_tracks(const UnparkRow *row, const UnparkLaneTracks *tracks,
                           const UnparkTimeAxis *axis, double x, double y, UnparkHit *hit) {
  double from = unpark_axis_ns(axis, x - 1), to = unpark_axis_ns(axis, x + 1);
  double regions = unpark_row_regions_y(row), stacks = unpark_row_stacks_y(row);
  const UnparkMark *mark = y < row->bar ? mark_at(tracks, axis, x) : NULL;
  if (mark && is_on_mark(row, mark, y)) {
    hit->type = UNPARK_HIT_MARK;
    hit->mark = mark;
    return TRUE;
  }
  if (y <= unpark_row_band_height(row) + BAND_SLACK_PX &&
      (hit->span = span_at(tracks->ranges, tracks->n_ranges, 0, from, to))) {
    hit->type = UNPARK_HIT_BAND;
    return TRUE;
  }
  if (row->stack_levels > 0 && y >= stacks) {
    hit->type = UNPARK_HIT_FRAME;
    hit->span = span_at(tracks->frames, tracks->n_frames,
                        (guint)((y - stacks) / UNPARK_LEVEL_HEIGHT), from, to);
    return hit->span != NULL;
  }
  if (row->region_levels > 0 && y >= regions && y < stacks) {
    hit->type = UNPARK_HIT_REGION;
    hit->span = span_at(tracks->regions, tracks->n_regions,
                        (guint)((y - regions) / UNPARK_LEVEL_HEIGHT), from, to);
    return hit->span != NULL;
  }
  return FALSE;
}

static gboolean hit_stretch(const GArray *list, const UnparkTimeAxis *axis, double x,
                            UnparkHit *hit) {
  double from = unpark_axis_ns(axis, x - 1.5), to = unpark_axis_ns(axis, x + 1.5);
  for (guint i = 0; i < list->len; i++) {
    const UnparkStretch *s = &g_array_index(list, UnparkStretch, i);
    if ((double)s->end_ns < from || (double)s->start_ns > to)
      continue;
    hit->type = UNPARK_HIT_RANGE;
    hit->stretch = s;
    return TRUE;
  }
  return FALSE;
}

gboolean unpark_hit_find(const UnparkScene *scene, guint n, double x, double y, UnparkHit *hit) {
  const UnparkRow *row = &scene->rows->rows[n];
  const UnparkTimeAxis *axis = &scene->axis;
  double in_row = y - unpark_panes_row_y(&scene->panes, n), at = x - scene->lanes_x;
  *hit = (UnparkHit){.type = UNPARK_HIT_NOTHING};
  if (at < 0)
    return FALSE;
  if (row->type == UNPARK_ROW_GC || row->type == UNPARK_ROW_STW)
    return scene->series &&
           hit_stretch(row->type == UNPARK_ROW_GC ? scene->series->gc : scene->series->stw, axis,
                       at, hit);
  const UnparkLaneData *data = unpark_scene_lane(scene, row);
  if (data && hit_tracks(row, &data->tracks, axis, at, in_row, hit))
    return TRUE;
  const UnparkTask *task =
      row->type == UNPARK_ROW_TASK && in_row < row->bar ? unpark_scene_task(scene, row->id) : NULL;
  gboolean there = task && (double)task->end_ns >= unpark_axis_ns(axis, at - 1.5) &&
                   (double)task->start_ns <= unpark_axis_ns(axis, at + 1.5);
  *hit = there ? (UnparkHit){.type = UNPARK_HIT_TASK, .task = task}
               : (UnparkHit){.type = UNPARK_HIT_NOTHING};
  return there;
}

gboolean unpark_hit_pick(const UnparkHit *hit, UnparkPick *pick) {
  *pick = (UnparkPick){.type = UNPARK_PICK_ROW, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
  switch (hit->type) {
  case UNPARK_HIT_REGION:
    pick->table = UNPARK_TABLE_REGION;
    pick->id = hit->span->row;
    pick->start_ns = hit->span->start_ns;
    pick->end_ns = hit->span->end_ns;
    return TRUE;
  case UNPARK_HIT_BAND:
    pick->table = UNPARK_TABLE_RANGE;
    pick->id = hit->span->row;
    pick->start_ns = hit->span->start_ns;
    pick->end_ns = hit->span->end_ns;
    return TRUE;
  case UNPARK_HIT_MARK:
    pick->table = hit->mark->type == UNPARK_MARK_LOG ? UNPARK_TABLE_LOG : UNPARK_TABLE_CPU_SAMPLE;
    pick->id = hit->mark->row;
    pick->start_ns = pick->end_ns = hit->mark->time_ns;
    return TRUE;
  case UNPARK_HIT_TASK:
    pick->table = UNPARK_TABLE_TASK;
    pick->id = hit->task->row;
    pick->start_ns = hit->task->start_ns;
    pick->end_ns = hit->task->end_ns;
    return TRUE;
  case UNPARK_HIT_RANGE:
    pick->table = UNPARK_TABLE_RANGE;
    pick->id = hit->stretch->row;
    pick->start_ns = hit->stretch->start_ns;
    pick->end_ns = hit->stretch->end_ns;
    return TRUE;
  case UNPARK_HIT_FRAME:
  case UNPARK_HIT_NOTHING:
  default:
    return FALSE;
  }
}

static char *duration_at(gint64 start_ns, gint64 end_ns) {
  char duration[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE];
  /* Translators: how long, at which time. */
  return g_strdup_printf(_("%s at %s"), unpark_format_duration(end_ns - start_ns, duration),
                         unpark_format_time(start_ns, MAX((end_ns - start_ns) / 20, 1000), at));
}

static char *mark_text(const UnparkMark *mark) {
  char at[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
  gboolean log = mark->type == UNPARK_MARK_LOG;
  unpark_format_time(mark->time_ns, 1000, at);
  unpark_format_count(mark->count, count);
  if (mark->count > 1 && log)
    return g_strdup_printf(ngettext("%s log message at %s", "%s log messages at %s", mark->count),
                           count, at);
  if (mark->count > 1)
    return g_strdup_printf(ngettext("%s CPU sample at %s", "%s CPU samples at %s", mark->count),
                           count, at);
  if (!log)
    return g_strdup_printf(_("CPU sample at %s"), at);
  return g_strdup_printf(_("Log “%s” at %s"), mark->text, at);
}

char *unpark_hit_text(const UnparkHit *hit) {
  g_autofree char *when = NULL;
  char count[UNPARK_FORMAT_SIZE];
  switch (hit->type) {
  case UNPARK_HIT_REGION:
    when = duration_at(hit->span->start_ns, hit->span->end_ns);
    if (hit->span->count > 1)
      return g_strdup_printf(ngettext("%s region, %s", "%s regions, %s", hit->span->count),
                             unpark_format_count(hit->span->count, count), when);
    return g_strdup_printf(_("Region %s, %s"), hit->span->name, when);
  case UNPARK_HIT_BAND:
    when = duration_at(hit->span->start_ns, hit->span->end_ns);
    if (hit->span->count > 1)
      return g_strdup_printf("%s  ×%s, %s", hit->span->name,
                             unpark_format_count(hit->span->count, count), when);
    return g_strdup_printf("%s, %s", hit->span->name, when);
  case UNPARK_HIT_FRAME:
    when = duration_at(hit->span->start_ns, hit->span->end_ns);
    return g_strdup_printf("%s, %s", hit->span->name, when);
  case UNPARK_HIT_MARK:
    return mark_text(hit->mark);
  case UNPARK_HIT_TASK:
    when = duration_at(hit->task->start_ns, hit->task->end_ns);
    return g_strdup_printf(_("Task %s, %s"), hit->task->name, when);
  case UNPARK_HIT_RANGE:
    when = duration_at(hit->stretch->start_ns, hit->stretch->end_ns);
    return g_strdup_printf("%s, %s", hit->stretch->name, when);
  case UNPARK_HIT_NOTHING:
  default:
    return NULL;
  }
}
