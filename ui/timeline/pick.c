/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what is under the pointer, or has the focus, to what is picked. */
#include "ui/scene/hit.h"
#include "ui/timeline/private.h"

/* How far back a previous span is looked for first; then four times as far, and so on. */
#define FIRST_LOOK_BACK_NS 1000000

typedef struct {
  UnparkStore *store;
  gint64 goroutine, from_ns, to_ns;
  int direction; /* 0: the longest that touches; -1: the one before from; 1: the one after to */
  gboolean zoom;
} Lookup;

static void lookup_free(gpointer data) {
  unpark_store_unref(((Lookup *)data)->store);
  g_free(data);
}

static gint64 length_in(const Lookup *look, const UnparkSpan *span) {
  return MIN(span->end_ns, look->to_ns) - MAX(span->start_ns, look->from_ns);
}

/* -1: none of them. */
static int choose(const Lookup *look, const UnparkSpan *spans, guint n) {
  int best = -1;
  for (guint i = 0; i < n; i++) {
    if (look->direction < 0 && spans[i].start_ns >= look->from_ns)
      continue;
    if (look->direction > 0 && spans[i].start_ns < look->to_ns)
      continue;
    if (best < 0 || look->direction < 0 ||
        (look->direction == 0 && length_in(look, &spans[i]) > length_in(look, &spans[best])))
      best = (int)i;
    if (look->direction > 0)
      break;
  }
  return best;
}

/* FALSE without `error`: there is none. */
static gboolean find_span(const Lookup *look, UnparkPickSpan *hit, GCancellable *cancellable,
                          GError **error) {
  gint64 from = look->from_ns, to = look->to_ns, back = FIRST_LOOK_BACK_NS;
  gint64 first = unpark_store_source(look->store)->start_ns;
  for (;;) {
    guint n;
    g_autoptr(GError) failure = NULL;
    if (look->direction < 0)
      from = MAX(look->from_ns - back, first);
    else if (look->direction > 0)
      to = G_MAXINT64;
    g_autofree UnparkSpan *spans =
        unpark_store_spans(look->store, look->goroutine, from, to, look->direction > 0 ? 4 : 0, &n,
                           cancellable, &failure);
    if (failure) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    int at = choose(look, spans, n);
    if (at >= 0) {
      *hit = unpark_pick_span(spans, n, (guint)at);
      return TRUE;
    }
    if (look->direction >= 0 || from <= first)
      return FALSE;
    back *= 4;
  }
}

static gpointer look(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkPickSpan hit;
  return find_span(data, &hit, cancellable, error) ? g_memdup2(&hit, sizeof hit) : NULL;
}

static void show_span(UnparkTimeline *self, const UnparkSpan *span) {
  UnparkTimeAxis axis = unpark_timeline_get_scene(self).axis;
  double start = (double)span->start_ns, end = (double)span->end_ns;
  if (end >= axis.start_ns && start <= unpark_axis_end(&axis))
    return;
  axis.start_ns = start - (unpark_axis_end(&axis) - axis.start_ns) / 3;
  unpark_timeline_set_axis(self, &axis);
}

static void on_looked_up(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkTimeline *self = owner;
  const Lookup *look = data;
  g_autofree UnparkPickSpan *hit = result;
  if (unpark_session_get_store(self->session) != look->store)
    return;
  if (error)
    g_warning("Spans cannot be read: %s", error->message);
  if (!hit) {
    gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  const UnparkSpan *span = &hit->span;
  UnparkPick pick = {.type = UNPARK_PICK_SPAN,
                     .id = span->goroutine,
                     .start_ns = span->start_ns,
                     .end_ns = span->end_ns,
                     .kind = span->kind,
                     .hit = *hit};
  self->focus_ns = span->start_ns;
  if (look->zoom) {
    unpark_session_go_to(self->session, &pick, "timeline");
  } else {
    unpark_session_set_pick(self->session, &pick);
    if (look->direction != 0)
      show_span(self, span);
  }
  unpark_timeline_announce(self);
}

static void look_up(UnparkTimeline *self, gint64 goroutine, gint64 from_ns, gint64 to_ns,
                    int direction, gboolean zoom) {
  static const UnparkWork looking = {look, on_looked_up, lookup_free, g_free};
  Lookup *lookup = g_new0(Lookup, 1);
  *lookup = (Lookup){
      unpark_store_ref(self->source.rows->store), goroutine, from_ns, to_ns, direction, zoom};
  unpark_worker_run(&self->looking, self, &looking, lookup);
}

/* ---- metrics ----------------------------------------------------------------------------- */

static gboolean pick_metric(UnparkTimeline *self, const UnparkRow *row, double ns) {
  gboolean heap = row->type == UNPARK_ROW_HEAP;
  if (!heap && row->type != UNPARK_ROW_THREADS)
    return FALSE;
  gint64 at = unpark_session_nearest(self->session, ns);
  const UnparkPick pick = {
      .type = heap ? UNPARK_PICK_HEAP : UNPARK_PICK_GOMAXPROCS, .start_ns = at, .end_ns = at};
  self->focus_ns = at;
  unpark_session_set_pick(self->session, &pick);
  return TRUE;
}

/* Without a pointer: where one was, if that can be seen, else the middle of what can be. */
static double time_in_sight(UnparkTimeline *self) {
  UnparkTimeAxis axis = unpark_timeline_get_scene(self).axis;
  double at = (double)self->focus_ns, end = unpark_axis_end(&axis);
  return at > axis.start_ns && at < end ? at : (axis.start_ns + end) / 2;
}

gboolean unpark_timeline_pick_metric(UnparkTimeline *self, guint n, double ns) {
  if (!pick_metric(self, &self->source.rows->rows[n], ns))
    return FALSE;
  self->focus_row = (int)n;
  unpark_timeline_announce(self);
  return TRUE;
}

/* To the next or previous measurement. */
static void step_metric(UnparkTimeline *self, const UnparkPick *pick, int direction) {
  UnparkScene scene = unpark_timeline_get_scene(self);
  int row = unpark_scene_metric_row(&scene, pick);
  const GArray *samples = !scene.series                    ? NULL
                          : pick->type == UNPARK_PICK_HEAP ? scene.series->heap
                                                           : scene.series->gomaxprocs;
  guint at = samples ? unpark_series_after(samples, pick->start_ns - (direction < 0)) : 0;
  if (direction < 0)
    at--; /* none becomes as many as there never are */
  if (row < 0 || !samples || at >= samples->len) {
    gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  gint64 ns = g_array_index(samples, UnparkSample, at).time_ns;
  const UnparkSpan there = {.start_ns = ns, .end_ns = ns};
  unpark_timeline_pick_metric(self, (guint)row, (double)ns);
  show_span(self, &there);
}

void unpark_timeline_pick_row(UnparkTimeline *self, const UnparkRow *row) {
  UnparkPick pick = {.id = row->id, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
  /* A span that is being looked up would replace it. */
  unpark_worker_cancel(&self->finding);
  unpark_worker_cancel(&self->looking);
  switch ((UnparkRowType)row->type) {
  case UNPARK_ROW_GOROUTINE:
    pick.type = UNPARK_PICK_GOROUTINE;
    break;
  case UNPARK_ROW_GROUP:
    pick.type = UNPARK_PICK_GROUP;
    break;
  case UNPARK_ROW_PROC:
    pick.type = UNPARK_PICK_PROC;
    break;
  case UNPARK_ROW_THREAD:
    pick.type = UNPARK_PICK_THREAD;
    break;
  case UNPARK_ROW_TASK: {
    UnparkScene scene = unpark_timeline_get_scene(self);
    const UnparkTask *task = unpark_scene_task(&scene, row->id);
    const UnparkHit hit = {.type = UNPARK_HIT_TASK, .task = task};
    if (!task || !unpark_hit_pick(&hit, &pick))
      return;
    break;
  }
  case UNPARK_ROW_HEAP:
  case UNPARK_ROW_THREADS:
    pick_metric(self, row, time_in_sight(self));
    return;
  case UNPARK_ROW_TASK_GROUP:
    pick.type = UNPARK_PICK_TASKS;
    break;
  case UNPARK_ROW_STW:
    pick.type = UNPARK_PICK_STW;
    break;
  case UNPARK_ROW_GC:
    pick.type = UNPARK_PICK_GC;
    break;
  case UNPARK_ROW_STATES:
    pick.type = UNPARK_PICK_STATES;
    break;
  case UNPARK_ROW_SECTION: /* it is opened and closed, and stands for nothing itself */
  default:
    return;
  }
  unpark_session_set_pick(self->session, &pick);
}

void unpark_timeline_pick_item(UnparkTimeline *self, guint n, const UnparkItem *item,
                               gboolean zoom) {
  const UnparkRow *row = &self->source.rows->rows[n];
  gint64 goroutine = row->type == UNPARK_ROW_GOROUTINE ? row->id : item ? item->goroutine : -1;
  self->focus_row = (int)n;
  if (item)
    self->focus_ns = item->start_ns;
  if (!item || row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES ||
      goroutine == UNPARK_NONE || goroutine < 0) {
    unpark_timeline_pick_row(self, row);
    unpark_timeline_announce(self);
    return;
  }
  look_up(self, goroutine, item->start_ns, item->end_ns, 0, zoom);
}

void unpark_timeline_step(UnparkTimeline *self, int direction) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  const UnparkRow *row = unpark_timeline_focused_row(self);
  gint64 from = (gint64)MAX(unpark_timeline_get_scene(self).axis.start_ns, 0);
  if (!self->source.rows)
    return;
  if (unpark_pick_is_metric(pick))
    step_metric(self, pick, direction);
  else if (pick->type == UNPARK_PICK_SPAN)
    look_up(self, pick->id, pick->start_ns, pick->end_ns, direction, FALSE);
  else if (row && row->type == UNPARK_ROW_GOROUTINE)
    look_up(self, row->id, from, from, direction > 0 ? 1 : -1, FALSE);
}
