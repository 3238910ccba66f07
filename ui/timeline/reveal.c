/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing into sight what somebody asks for. */
#include "model/base/tables.h"
#include "ui/timeline/private.h"

gboolean unpark_timeline_open_group_of(UnparkTimeline *self, gint64 goroutine) {
  UnparkStore *store = unpark_session_get_store(self->session);
  const UnparkGoroutine *g = unpark_store_goroutine(store, goroutine);
  UnparkOpenedRowsRows *opened = &self->source.opened;
  if (!g)
    return FALSE;
  const char *name = g->name;
  UnparkSection section = g->system ? UNPARK_SECTION_SYSTEM : UNPARK_SECTION_GOROUTINES;
  gboolean outer = unpark_opened_open(opened, UNPARK_ROW_SECTION, section, 0, NULL);
  return unpark_opened_open(opened, UNPARK_ROW_GROUP, section, g->name_id, name) || outer;
}

/* So that the task has a lane. Whether anything had to be opened. */
static gboolean open_group_of_task(UnparkTimeline *self, const UnparkTask *task) {
  const char *name = task->name;
  UnparkOpenedRowsRows *opened = &self->source.opened;
  const UnparkSection section = UNPARK_SECTION_TASKS;
  gboolean outer = unpark_opened_open(opened, UNPARK_ROW_SECTION, section, 0, NULL);
  return unpark_opened_open(opened, UNPARK_ROW_TASK_GROUP, section, task->name_id, name) || outer;
}

/* The task that is picked; NULL: something else is, or it is not known yet. */
static const UnparkTask *picked_task(UnparkTimeline *self, const UnparkPick *pick) {
  const UnparkTrackIndex *tracks = self->source.series ? self->source.series->tracks : NULL;
  if (pick->type != UNPARK_PICK_ROW || pick->table != UNPARK_TABLE_TASK || !tracks)
    return NULL;
  for (guint i = 0; i < tracks->n_tasks; i++)
    if (tracks->tasks[i].row == pick->id)
      return &tracks->tasks[i];
  return NULL;
}

/* The goroutine in whose lane the pick is; UNPARK_NONE: it is in no goroutine's. */
static gint64 lane_of_pick(const UnparkPick *pick) {
  if (pick->type == UNPARK_PICK_GOROUTINE || pick->type == UNPARK_PICK_SPAN)
    return pick->id;
  return pick->type == UNPARK_PICK_ROW && pick->goroutine > 0 ? pick->goroutine : UNPARK_NONE;
}

/* -1: there is none. */
static int row_of_pick(UnparkTimeline *self, const UnparkPick *pick) {
  const UnparkRows *rows = self->source.rows;
  const UnparkTask *task = picked_task(self, pick);
  UnparkScene scene = unpark_timeline_get_scene(self);
  if (unpark_pick_is_metric(pick))
    return unpark_scene_metric_row(&scene, pick);
  if (task)
    return unpark_rows_find(rows, UNPARK_ROW_TASK, task->id);
  switch (pick->type) {
  case UNPARK_PICK_PROC:
    return unpark_rows_find(rows, UNPARK_ROW_PROC, pick->id);
  case UNPARK_PICK_THREAD:
    return unpark_rows_find(rows, UNPARK_ROW_THREAD, pick->id);
  case UNPARK_PICK_GROUP:
    return unpark_rows_find(rows, UNPARK_ROW_GROUP, pick->id);
  case UNPARK_PICK_STATES:
    return unpark_rows_find(rows, UNPARK_ROW_STATES, 0);
  case UNPARK_PICK_GC:
    return unpark_rows_find(rows, UNPARK_ROW_GC, 0);
  case UNPARK_PICK_STW:
    return unpark_rows_find(rows, UNPARK_ROW_STW, 0);
  case UNPARK_PICK_TASKS:
    return unpark_rows_find(rows, UNPARK_ROW_TASK_GROUP, pick->id);
  case UNPARK_PICK_GOROUTINE:
  case UNPARK_PICK_SPAN:
  case UNPARK_PICK_ROW:
    return lane_of_pick(pick) == UNPARK_NONE ? -1
                                             : unpark_timeline_lane_row(self, lane_of_pick(pick));
  case UNPARK_PICK_NONE:
  case UNPARK_PICK_HEAP:
  case UNPARK_PICK_GOMAXPROCS:
  default:
    return -1;
  }
}

void unpark_timeline_show_pick(UnparkTimeline *self) {
  int row = self->source.rows ? row_of_pick(self, unpark_session_get_pick(self->session)) : -1;
  if (row < 0)
    return;
  self->focus_row = row;
  unpark_timeline_show_row(self, (guint)row);
  unpark_timeline_announce(self);
}

void unpark_timeline_reveal_pick(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  const UnparkRows *rows = self->source.rows;
  gint64 goroutine = lane_of_pick(pick);
  const UnparkTask *task = picked_task(self, pick);
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  self->waiting.reveal = FALSE;
  /* Keys go on from here, unless somebody is at something else. */
  if (root && !gtk_root_get_focus(root))
    gtk_widget_grab_focus(GTK_WIDGET(self));
  if (task && rows && unpark_rows_find(rows, UNPARK_ROW_TASK, task->id) < 0 &&
      open_group_of_task(self, task)) {
    unpark_timeline_source_rebuild(&self->source);
    self->waiting.reveal = TRUE;
    return;
  }
  if (goroutine == UNPARK_NONE || !rows || unpark_timeline_lane_row(self, goroutine) >= 0) {
    unpark_timeline_show_pick(self);
    return;
  }
  if (unpark_timeline_open_group_of(self, goroutine)) {
    unpark_timeline_source_rebuild(&self->source);
    self->waiting.reveal = TRUE;
  } else if (*unpark_session_get_filter(self->session) &&
             unpark_store_goroutine(rows->store, goroutine)) {
    unpark_session_set_filter(self->session, "");
    self->waiting.reveal = TRUE;
  }
}

void unpark_timeline_on_reveal(UnparkSession *session, const char *view, UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(session);
  if (view && !g_str_equal(view, "timeline"))
    return;
  unpark_timeline_forget_waiting(self);
  if (pick->start_ns != UNPARK_NONE && pick->end_ns != UNPARK_NONE &&
      !unpark_session_keeps_visible(session)) {
    double length = MAX((double)(pick->end_ns - pick->start_ns), UNPARK_AXIS_MIN_NS);
    double from = (double)pick->start_ns - length, to = (double)pick->end_ns + length;
    unpark_axis_clamp(&from, &to, (double)unpark_session_get_start(session),
                      (double)unpark_session_get_end(session));
    unpark_session_set_visible(session, from, to);
  }
  unpark_timeline_reveal_pick(self);
}

void unpark_timeline_show_passing(UnparkTimeline *self) {
  UnparkScene scene = unpark_timeline_get_scene(self);
  const UnparkPane *others = &scene.panes.pane[UNPARK_PANE_OTHERS];
  int first = unpark_rows_first_passing(scene.rows);
  if (first < 0)
    return;
  double y = unpark_panes_row_y(&scene.panes, (guint)first);
  double above = scene.rows->rows[first - 1].height;
  double latest = others->top + (others->bottom - others->top) * 0.75;
  if (y >= others->top && y + scene.rows->rows[first].height <= latest)
    return;
  UnparkCanvas *canvas = UNPARK_CANVAS(self);
  unpark_canvas_scroll_to(canvas, GTK_ORIENTATION_VERTICAL,
                          unpark_canvas_get_scroll(canvas, GTK_ORIENTATION_VERTICAL) + y - above -
                              others->top);
}
