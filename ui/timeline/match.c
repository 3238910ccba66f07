/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From match to match of the filter. */
#include "ui/timeline/private.h"

const UnparkFilterResult *unpark_timeline_get_filtered(UnparkTimeline *self) {
  return self->filtered;
}

static void pick_match(UnparkTimeline *self, const UnparkSpanMatch *match) {
  const UnparkPick pick = {.type = UNPARK_PICK_SPAN,
                           .id = match->goroutine,
                           .start_ns = match->start_ns,
                           .end_ns = match->end_ns};
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  self->focus_ns = self->picked_ns = match->start_ns;
  self->picked_goroutine = match->goroutine;
  self->picked_kind = match->kind;
  unpark_session_set_pick(self->session, &pick);
  if ((double)match->end_ns < axis.start_ns || (double)match->start_ns > unpark_axis_end(&axis)) {
    axis.start_ns = (double)match->start_ns - axis.width * axis.ns_per_px / 3;
    unpark_timeline_set_axis(self, &axis);
  }
  if (unpark_timeline_lane_row(self, match->goroutine) < 0 &&
      unpark_timeline_open_group_of(self, match->goroutine)) {
    self->reveal_pending = TRUE;
    unpark_timeline_rebuild(self);
  } else {
    unpark_timeline_show_pick(self);
  }
}

/* The next lane that passes, where the filter asks for no spans. */
static gboolean next_lane(UnparkTimeline *self, int direction) {
  for (int i = self->focus_row + direction; i >= 0 && i < (int)self->rows->n; i += direction) {
    const UnparkRow *row = &self->rows->rows[i];
    if ((row->type != UNPARK_ROW_GOROUTINE && row->type != UNPARK_ROW_GROUP) ||
        row->section == UNPARK_SECTION_PINNED) /* whether it passes or not */
      continue;
    self->focus_row = i;
    unpark_timeline_show_row(self, (guint)i);
    unpark_timeline_pick_item(self, (guint)i, NULL, FALSE);
    return TRUE;
  }
  return FALSE;
}

/* ---- among more spans than are remembered -------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  UnparkFilterResult *result;
  gint64 start_ns, goroutine;
  int direction;
} Find;

static void find_free(gpointer data) {
  Find *find = data;
  unpark_store_unref(find->store);
  unpark_filter_result_unref(find->result);
  g_free(find);
}

static void find_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Find *find = data;
  GError *error = NULL;
  UnparkSpanMatch match;
  if (unpark_filter_find_match(find->store, find->result, find->start_ns, find->goroutine,
                               find->direction, &match, cancellable, &error))
    g_task_return_pointer(task, g_memdup2(&match, sizeof match), g_free);
  else if (error)
    g_task_return_error(task, error);
  else
    g_task_return_pointer(task, NULL, NULL);
}

static void on_found(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkTimeline *self = UNPARK_TIMELINE(source);
  const Find *find = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  g_autofree UnparkSpanMatch *match = g_task_propagate_pointer(G_TASK(result), &error);
  self->finding = FALSE;
  if (!self->session || self->filtered != find->result)
    return;
  if (error)
    g_warning("Spans cannot be read: %s", error->message);
  if (match)
    pick_match(self, match);
  else
    gtk_widget_error_bell(GTK_WIDGET(self));
}

static void find_match(UnparkTimeline *self, gint64 start_ns, gint64 goroutine, int direction) {
  if (self->finding) /* a key that is held down */
    return;
  self->finding = TRUE;
  Find *find = g_new0(Find, 1);
  *find = (Find){unpark_store_ref(self->rows->store), unpark_filter_result_ref(self->filtered),
                 start_ns, goroutine, direction};
  g_autoptr(GTask) task = g_task_new(self, NULL, on_found, NULL);
  g_task_set_task_data(task, find, find_free);
  g_task_run_in_thread(task, find_thread);
}

void unpark_timeline_next_match(UnparkTimeline *self, int direction) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  gboolean on_span = pick->type == UNPARK_PICK_SPAN;
  gint64 start = on_span ? pick->start_ns : (gint64)axis.start_ns;
  gint64 goroutine = on_span ? pick->id : -1;
  if (!self->rows)
    return;
  /* The key came before what was typed has been looked for: the matches are of another filter. */
  self->match_pending = unpark_timeline_is_filtering(self) ? direction : 0;
  if (self->match_pending)
    return;
  if (!self->filtered || !self->filtered->has_spans) {
    if (!self->filtered || !next_lane(self, direction))
      gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  if (self->filtered->cut) {
    find_match(self, start, goroutine, direction);
    return;
  }
  const UnparkSpanMatch *match =
      unpark_filter_result_next(self->filtered, start, goroutine, direction);
  if (match)
    pick_match(self, match);
  else
    gtk_widget_error_bell(GTK_WIDGET(self));
}
