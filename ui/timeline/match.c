/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From match to match of the filter. */
#include "ui/timeline/private.h"

static void pick_match(UnparkTimeline *self, const UnparkSpanMatch *match) {
  const UnparkPick pick = {.type = UNPARK_PICK_SPAN,
                           .id = match->goroutine,
                           .start_ns = match->start_ns,
                           .end_ns = match->end_ns,
                           .kind = match->kind};
  UnparkTimeAxis axis = unpark_timeline_get_scene(self).axis;
  self->focus_ns = match->start_ns;
  unpark_session_set_pick(self->session, &pick);
  if ((double)match->end_ns < axis.start_ns || (double)match->start_ns > unpark_axis_end(&axis)) {
    axis.start_ns = (double)match->start_ns - axis.width * axis.ns_per_px / 3;
    unpark_timeline_set_axis(self, &axis);
  }
  if (unpark_timeline_lane_row(self, match->goroutine) < 0 &&
      unpark_timeline_open_group_of(self, match->goroutine)) {
    self->waiting.reveal = TRUE;
    unpark_timeline_source_rebuild(&self->source);
  } else {
    unpark_timeline_show_pick(self);
  }
}

/* The next lane that passes, where the filter asks for no spans. */
static gboolean next_lane(UnparkTimeline *self, int direction) {
  for (int i = self->focus_row + direction; i >= 0 && i < (int)self->source.rows->n;
       i += direction) {
    const UnparkRow *row = &self->source.rows->rows[i];
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

static gpointer run_find(gpointer data, GCancellable *cancellable, GError **error) {
  const Find *find = data;
  UnparkSpanMatch match;
  return unpark_filter_find_match(find->store, find->result, find->start_ns, find->goroutine,
                                  find->direction, &match, cancellable, error)
             ? g_memdup2(&match, sizeof match)
             : NULL;
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkTimeline *self = owner;
  const Find *find = data;
  g_autofree UnparkSpanMatch *match = result;
  if (self->source.filtered != find->result)
    return;
  if (error)
    g_warning("Spans cannot be read: %s", error->message);
  if (match)
    pick_match(self, match);
  else
    gtk_widget_error_bell(GTK_WIDGET(self));
}

static void find_match(UnparkTimeline *self, gint64 start_ns, gint64 goroutine, int direction) {
  static const UnparkWork finding = {run_find, on_found, find_free, g_free};
  if (unpark_worker_is_running(&self->finding)) /* a key that is held down */
    return;
  Find *find = g_new0(Find, 1);
  *find = (Find){unpark_store_ref(self->source.rows->store),
                 unpark_filter_result_ref(self->source.filtered), start_ns, goroutine, direction};
  unpark_worker_run(&self->finding, self, &finding, find);
}

void unpark_timeline_next_match(UnparkTimeline *self, int direction) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  UnparkTimeAxis axis = unpark_timeline_get_scene(self).axis;
  gboolean on_span = pick->type == UNPARK_PICK_SPAN;
  gint64 start = on_span ? pick->start_ns : (gint64)axis.start_ns;
  gint64 goroutine = on_span ? pick->id : -1;
  if (!self->source.rows)
    return;
  /* The key came before what was typed has been looked for: the matches are of another filter. */
  self->waiting.match = unpark_timeline_source_is_filtering(&self->source) ? direction : 0;
  if (self->waiting.match)
    return;
  if (!self->source.filtered || !self->source.filtered->has_spans) {
    if (!self->source.filtered || !next_lane(self, direction))
      gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  if (self->source.filtered->cut) {
    find_match(self, start, goroutine, direction);
    return;
  }
  const UnparkSpanMatch *match =
      unpark_filter_result_next(self->source.filtered, start, goroutine, direction);
  if (match)
    pick_match(self, match);
  else
    gtk_widget_error_bell(GTK_WIDGET(self));
}
