/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which row has the keyboard focus, and where it goes when there are others. */
#include "ui/timeline/private.h"

const UnparkRow *unpark_timeline_focused_row(UnparkTimeline *self) {
  const UnparkRows *rows = self->source.rows;
  return rows && self->focus_row >= 0 && self->focus_row < (int)rows->n
             ? &rows->rows[self->focus_row]
             : NULL;
}

int unpark_timeline_lane_row(UnparkTimeline *self, gint64 goroutine) {
  const UnparkRow *row = unpark_timeline_focused_row(self);
  if (row && row->type == UNPARK_ROW_GOROUTINE && row->id == goroutine)
    return self->focus_row;
  int pinned = unpark_rows_find_pinned(self->source.rows, goroutine);
  return pinned >= 0 ? pinned
                     : unpark_rows_find(self->source.rows, UNPARK_ROW_GOROUTINE, goroutine);
}

/* Where the row `was` is among other rows; near where it was if it is gone, but what passes the
 * filter rather than what stands around it. */
static int place_of(const UnparkRow *was, int at, const UnparkRows *rows) {
  int found = was->section == UNPARK_SECTION_PINNED && was->type == UNPARK_ROW_GOROUTINE
                  ? unpark_rows_find_pinned(rows, was->id)
                  : -1;
  if (found >= 0)
    return found;
  found =
      was->type == UNPARK_ROW_GROUP
          ? unpark_rows_find_group(rows, (guint32)was->id, was->section == UNPARK_SECTION_SYSTEM)
          : unpark_rows_find(rows, (UnparkRowType)was->type, was->id);
  if (found < 0 && was->section >= UNPARK_SECTION_TASKS)
    found = unpark_rows_first_passing(rows);
  return found >= 0 ? found : MIN(at, (int)rows->n - 1);
}

void unpark_timeline_follow_focus(UnparkTimeline *self, const UnparkRows *before, gboolean anew) {
  const UnparkRows *rows = self->source.rows;
  const UnparkRow *was = before && self->focus_row >= 0 && self->focus_row < (int)before->n
                             ? &before->rows[self->focus_row]
                             : NULL;
  int now =
      was ? place_of(was, self->focus_row, rows) : CLAMP(self->focus_row, -1, (int)rows->n - 1);
  gboolean same =
      was && now >= 0 && rows->rows[now].type == was->type && rows->rows[now].id == was->id;
  /* Enter asks for what passes, now or later, not for a place near the one before. */
  if ((self->waiting.focus || !gtk_widget_has_focus(GTK_WIDGET(self))) && anew && !same)
    now = -1;
  self->focus_row = now;
}

void unpark_timeline_forget_waiting(UnparkTimeline *self) {
  self->waiting.focus = FALSE;
  self->waiting.match = 0;
  unpark_worker_cancel(&self->finding);
  unpark_worker_cancel(&self->looking);
}

/* Where keys begin: at a goroutine's lane, with a filter at whatever passes. -1: nowhere. */
static int first_lane(const UnparkTimelineSource *source) {
  for (guint i = source->filtered ? source->rows->n_pinned : 0; i < source->rows->n; i++)
    if (source->rows->rows[i].type == UNPARK_ROW_GOROUTINE)
      return (int)i;
  return source->filtered ? unpark_rows_first_passing(source->rows) : -1;
}

void unpark_timeline_focus(UnparkTimeline *self) {
  const UnparkTimelineSource *source = &self->source;
  const UnparkRow *row = unpark_timeline_focused_row(self);
  gboolean on_lane = row && (source->filtered ? row->section >= UNPARK_SECTION_TASKS
                                              : row->type == UNPARK_ROW_GOROUTINE);
  int first = source->rows && !on_lane ? first_lane(source) : -1;
  /* Enter came before what was typed has been looked for: the lanes on screen are not those. */
  self->waiting.focus = unpark_timeline_source_is_filtering(source);
  if (self->waiting.focus)
    first = -1;
  if (first >= 0) {
    self->focus_row = first;
    unpark_timeline_show_row(self, (guint)first);
    unpark_timeline_pick_row(self, &source->rows->rows[first]);
  }
  gtk_widget_grab_focus(GTK_WIDGET(self));
  unpark_timeline_announce(self); /* which it does not do if it had the focus already */
}
