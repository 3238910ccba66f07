/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/spans/lanes.h"

#include <glib/gi18n.h>
#include <math.h>

#include "model/base/tables.h"
#include "ui/kit/accessible.h"
#include "ui/spans/private.h"
#include "ui/text/format.h"

/* After the view has come to rest, states are fetched. */
#define FETCH_DELAY_MS 120
#define DEFAULT_HEADER_WIDTH 260
#define MAX_TOLD 120
#define MIN_TOLD_PX 6

G_DEFINE_FINAL_TYPE(UnparkSpanLanes, unpark_span_lanes, UNPARK_TYPE_CANVAS)

enum { HOVER_CHANGED, LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Where things are ---------------------------------------------------------------------- */

UnparkTimeAxis unpark_span_lanes_axis(UnparkSpanLanes *self) {
  double from, to, width = gtk_widget_get_width(GTK_WIDGET(self)) - self->header_width;
  unpark_session_get_visible(self->session, &from, &to);
  return unpark_axis_new(from, to, MAX(width, 1));
}

double unpark_span_lanes_track_height(UnparkSpanLanes *self, guint service) {
  return SPAN_LANES_BAR + (self->open[service] ? SPAN_LANES_STATES : 0);
}

double unpark_span_lanes_service_height(UnparkSpanLanes *self, guint service) {
  double tracks = self->layout->services[service].n_tracks;
  return MAX(tracks * unpark_span_lanes_track_height(self, service) + SPAN_LANES_GAP,
             SPAN_LANES_MIN);
}

double unpark_span_lanes_service_y(UnparkSpanLanes *self, guint service) {
  double y = 0;
  for (guint i = 0; i < service; i++)
    y += unpark_span_lanes_service_height(self, i);
  return y;
}

static double scroll_of(UnparkSpanLanes *self) {
  return round(unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL));
}

int unpark_span_lanes_service_at(UnparkSpanLanes *self, double y) {
  double at = y + scroll_of(self);
  for (guint i = 0; self->layout && i < self->layout->n_services && at >= 0; i++) {
    at -= unpark_span_lanes_service_height(self, i);
    if (at < 0)
      return (int)i;
  }
  return -1;
}

gint32 unpark_span_lanes_span_at(UnparkSpanLanes *self, double x, double y) {
  int s = unpark_span_lanes_service_at(self, y);
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  double px = x - self->header_width;
  if (s < 0 || px < 0)
    return -1;
  const UnparkSpanService *service = &self->layout->services[s];
  double within =
      y + scroll_of(self) - unpark_span_lanes_service_y(self, (guint)s) - SPAN_LANES_GAP / 2.0;
  double t = within / unpark_span_lanes_track_height(self, (guint)s);
  if (t < 0 || t >= service->n_tracks)
    return -1;
  const UnparkSpanTrack *track = &self->layout->tracks[service->first_track + (guint)t];
  gint64 from = (gint64)unpark_axis_ns(&axis, px - 1), to = (gint64)unpark_axis_ns(&axis, px + 1);
  gint32 best = -1;
  for (guint i = unpark_span_layout_first(self->layout, track, from); i < track->first + track->n;
       i++) {
    const UnparkTraceSpan *spans = self->layout->traces->spans;
    const UnparkTraceSpan *span = &spans[self->layout->spans[i]];
    if (span->start_ns > to)
      break;
    if (span->end_ns >= from &&
        (best < 0 || span->end_ns - span->start_ns > spans[best].end_ns - spans[best].start_ns))
      best = self->layout->spans[i];
  }
  return best;
}

/* ---- States below spans ---------------------------------------------------------------------- */

typedef struct {
  UnparkSpanLayout *layout;
  GArray *goroutines; /* UnparkSpanGoroutine */
  gint64 from_ns, to_ns, resolution_ns;
} Fetch;

static void fetch_free(gpointer data) {
  Fetch *fetch = data;
  unpark_span_layout_unref(fetch->layout);
  g_array_unref(fetch->goroutines);
  g_free(fetch);
}

static gpointer fetch(gpointer data, GCancellable *cancellable, GError **error) {
  const Fetch *f = data;
  return unpark_span_states_new(f->layout, f->goroutines, f->from_ns, f->to_ns, f->resolution_ns,
                                cancellable, error);
}

static void on_fetched(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkSpanLanes *self = owner;
  if (error)
    g_warning("Goroutines of spans cannot be read: %s", error->message);
  if (!result)
    return;
  g_clear_pointer(&self->states, unpark_span_states_free);
  self->states = result;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void states_free(gpointer states) {
  unpark_span_states_free(states);
}

/* Of the spans of open services in sight. */
static void collect(UnparkSpanLanes *self, const UnparkTimeAxis *axis, GArray *goroutines) {
  const UnparkSpanLayout *layout = self->layout;
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint s = 0; s < layout->n_services; s++)
    for (guint t = 0; self->open[s] && t < layout->services[s].n_tracks; t++) {
      const UnparkSpanTrack *track = &layout->tracks[layout->services[s].first_track + t];
      guint i = unpark_span_layout_first(layout, track, (gint64)axis->start_ns);
      for (; i < track->first + track->n && goroutines->len < UNPARK_SPAN_MAX_GOROUTINES; i++) {
        const UnparkTraceSpan *span = &layout->traces->spans[layout->spans[i]];
        if ((double)span->start_ns > unpark_axis_end(axis))
          break;
        const UnparkSpanGoroutine g = {span->join.source, span->join.goroutine};
        gint64 key = g.goroutine * 64 + g.source;
        if (span->join.certainty <= UNPARK_TRACE_JOINED_BY_LABEL ||
            !g_hash_table_add(seen, g_memdup2(&key, sizeof key)))
          continue;
        g_array_append_val(goroutines, g);
      }
    }
}

static gboolean fetch_now(gpointer data) {
  static const UnparkWork fetching = {fetch, on_fetched, fetch_free, states_free};
  UnparkSpanLanes *self = data;
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  Fetch *f;
  self->fetch_source = 0;
  if (!self->layout)
    return G_SOURCE_REMOVE;
  f = g_new0(Fetch, 1);
  f->layout = unpark_span_layout_ref(self->layout);
  f->goroutines = g_array_new(FALSE, FALSE, sizeof(UnparkSpanGoroutine));
  f->from_ns = (gint64)axis.start_ns;
  f->to_ns = (gint64)unpark_axis_end(&axis);
  f->resolution_ns = MAX((gint64)axis.ns_per_px, 1);
  collect(self, &axis, f->goroutines);
  if (f->goroutines->len > 0)
    unpark_worker_run(&self->fetching, self, &fetching, f);
  else
    fetch_free(f);
  return G_SOURCE_REMOVE;
}

static void fetch_later(UnparkSpanLanes *self) {
  g_clear_handle_id(&self->fetch_source, g_source_remove);
  self->fetch_source = g_timeout_add(FETCH_DELAY_MS, fetch_now, self);
}

/* ---- Loading --------------------------------------------------------------------------------- */

static gpointer load(gpointer data, GCancellable *cancellable, GError **error) {
  return unpark_span_layout_new(data, cancellable, error);
}

static void on_pick(UnparkSpanLanes *self);

static void on_loaded(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkSpanLanes *self = owner;
  guint before = self->layout ? self->layout->n_services : 0;
  if (error)
    g_warning("Spans cannot be read: %s", error->message);
  if (!result)
    return;
  g_clear_pointer(&self->layout, unpark_span_layout_unref);
  self->layout = result;
  if (before != self->layout->n_services) {
    g_free(self->open);
    self->open = g_new0(gboolean, self->layout->n_services + 1);
    self->service = 0;
  }
  self->picked = -1;
  on_pick(self);
  UNPARK_CANVAS_GET_CLASS(self)->sync(UNPARK_CANVAS(self));
  fetch_later(self);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
  g_signal_emit(self, signals[LOADED], 0);
}

static void sources_free(gpointer sources) {
  unpark_sources_unref(sources);
}

static void layout_free(gpointer layout) {
  unpark_span_layout_unref(layout);
}

static void reload(UnparkSpanLanes *self) {
  static const UnparkWork loading = {load, on_loaded, sources_free, layout_free};
  UnparkSources *sources = self->session ? unpark_session_get_sources(self->session) : NULL;
  if (sources)
    unpark_worker_run(&self->loading, self, &loading, unpark_sources_ref(sources));
}

/* ---- What is picked ----------------------------------------------------------------------------
 */

char *unpark_span_lanes_describe(UnparkSpanLanes *self, gint32 number) {
  const UnparkTraces *traces = self->layout->traces;
  const UnparkTraceSpan *span = &traces->spans[number];
  char length[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE];
  unpark_format_duration(span->end_ns - span->start_ns, length);
  unpark_format_time(span->start_ns, 1000, at);
  return g_strdup_printf(span->status == UNPARK_TRACE_ERROR ? _("%s of %s, %s at %s, failed")
                                                            : _("%s of %s, %s at %s"),
                         unpark_traces_text(traces, span->name),
                         unpark_traces_text(traces, unpark_traces_resource(traces, span)->service),
                         length, at);
}

char *unpark_span_lanes_describe_service(UnparkSpanLanes *self, guint index) {
  const UnparkSpanService *service = &self->layout->services[index];
  const char *name = unpark_traces_text(self->layout->traces, service->name);
  return g_strdup_printf(self->open[index]
                             ? g_dngettext(NULL, "%s, %u span, with goroutines",
                                           "%s, %u spans, with goroutines", service->n_spans)
                             : g_dngettext(NULL, "%s, %u span", "%s, %u spans", service->n_spans),
                         name, service->n_spans);
}

static void announce(UnparkSpanLanes *self) {
  g_autofree char *name = NULL;
  if (self->layout && self->picked >= 0)
    name = unpark_span_lanes_describe(self, self->picked);
  else if (self->layout && self->service < self->layout->n_services)
    name = unpark_span_lanes_describe_service(self, self->service);
  unpark_accessible_name(GTK_WIDGET(self), name ? name : _("Spans by service"));
}

/* What some view picked, if it is a span. */
static void on_pick(UnparkSpanLanes *self) {
  guint n;
  gint32 picked = -1;
  if (!self->layout)
    return;
  unpark_sources_entries(self->layout->sources, &n);
  for (guint id = 1; id <= n && picked < 0; id++) {
    UnparkSession *session = unpark_session_of_source(self->session, id);
    const UnparkPick *pick = session ? unpark_session_get_pick(session) : NULL;
    if (pick && pick->type == UNPARK_PICK_ROW && pick->table == UNPARK_TABLE_TRACE_SPAN)
      picked = unpark_span_layout_find(self->layout, id, pick->id);
  }
  if (picked == self->picked)
    return;
  self->picked = picked;
  if (picked >= 0)
    unpark_span_lanes_show_service(self, self->layout->service_of[picked]);
  announce(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void follow_picks(UnparkSpanLanes *self) {
  UnparkSources *sources = unpark_session_get_sources(self->session);
  guint n = 0;
  if (sources)
    unpark_sources_entries(sources, &n);
  for (guint id = 1; id <= n; id++) {
    UnparkSession *session = unpark_session_of_source(self->session, id);
    if (!session)
      continue;
    g_signal_handlers_disconnect_matched(session, G_SIGNAL_MATCH_DATA | G_SIGNAL_MATCH_ID,
                                         g_signal_lookup("pick-changed", UNPARK_TYPE_SESSION), 0,
                                         NULL, NULL, self);
    g_signal_connect_object(session, "pick-changed", G_CALLBACK(on_pick), self, G_CONNECT_SWAPPED);
  }
}

void unpark_span_lanes_pick(UnparkSpanLanes *self, gint32 number) {
  const UnparkTraceSpan *span = &self->layout->traces->spans[number];
  UnparkSession *session = unpark_session_of_source(self->session, span->source + 1);
  const UnparkPick pick = {.type = UNPARK_PICK_ROW,
                           .table = UNPARK_TABLE_TRACE_SPAN,
                           .id = span->row,
                           .start_ns = span->start_ns,
                           .end_ns = span->end_ns};
  if (!session)
    return;
  self->service = self->layout->service_of[number];
  unpark_session_set_pick(session, &pick);
}

void unpark_span_lanes_toggle(UnparkSpanLanes *self, guint service) {
  self->open[service] = !self->open[service];
  self->service = service;
  UNPARK_CANVAS_GET_CLASS(self)->sync(UNPARK_CANVAS(self));
  fetch_later(self);
  announce(self);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void unpark_span_lanes_show_service(UnparkSpanLanes *self, guint service) {
  double y = unpark_span_lanes_service_y(self, service), value = scroll_of(self);
  double height = unpark_span_lanes_service_height(self, service);
  double page = gtk_widget_get_height(GTK_WIDGET(self));
  self->service = service;
  if (y < value || height > page)
    value = y;
  else if (y + height > value + page)
    value = y + height - page;
  if (value != scroll_of(self))
    unpark_canvas_scroll_to(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL, value);
  announce(self);
}

/* ---- Canvas -----------------------------------------------------------------------------------
 */

static void unpark_span_lanes_sync(UnparkCanvas *canvas) {
  UnparkSpanLanes *self = UNPARK_SPAN_LANES(canvas);
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  double all = self->layout ? unpark_span_lanes_service_y(self, self->layout->n_services) : 0;
  double value = unpark_canvas_get_scroll(canvas, GTK_ORIENTATION_VERTICAL);
  double upper = MAX(all, height);
  unpark_canvas_set_range(canvas, GTK_ORIENTATION_VERTICAL, CLAMP(value, 0, upper - height), 0,
                          upper, 44, height * 0.9, height);
}

static void unpark_span_lanes_scrolled(UnparkCanvas *canvas, GtkOrientation orientation,
                                       double by) {
  unpark_canvas_tell_later(canvas);
  gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

/* The spans of the service that has the focus, by start. */
static void tell_spans(UnparkSpanLanes *self, guint s, double top) {
  const UnparkSpanService *service = &self->layout->services[s];
  UnparkTimeAxis axis = unpark_span_lanes_axis(self);
  guint limit = unpark_canvas_get_n_told(UNPARK_CANVAS(self)) + MAX_TOLD;
  for (guint t = 0; t < service->n_tracks; t++) {
    const UnparkSpanTrack *track = &self->layout->tracks[service->first_track + t];
    double y = top + SPAN_LANES_GAP / 2.0 + t * unpark_span_lanes_track_height(self, s);
    guint i = unpark_span_layout_first(self->layout, track, (gint64)axis.start_ns);
    for (; i < track->first + track->n; i++) {
      const UnparkTraceSpan *span = &self->layout->traces->spans[self->layout->spans[i]];
      double x0 = MAX(unpark_axis_x(&axis, (double)span->start_ns), 0);
      double x1 = MIN(unpark_axis_x(&axis, (double)span->end_ns), axis.width);
      if (x0 >= axis.width || unpark_canvas_get_n_told(UNPARK_CANVAS(self)) >= limit)
        break;
      if (x1 - x0 < MIN_TOLD_PX)
        continue;
      const GdkRectangle area = {(int)(self->header_width + x0), (int)y, (int)(x1 - x0),
                                 SPAN_LANES_BAR};
      g_autofree char *name = unpark_span_lanes_describe(self, self->layout->spans[i]);
      unpark_canvas_tell(UNPARK_CANVAS(self), name, &area);
    }
  }
}

static void unpark_span_lanes_tell(UnparkCanvas *canvas) {
  UnparkSpanLanes *self = UNPARK_SPAN_LANES(canvas);
  double page = gtk_widget_get_height(GTK_WIDGET(self));
  for (guint s = 0; self->layout && s < self->layout->n_services; s++) {
    double top = unpark_span_lanes_service_y(self, s) - scroll_of(self);
    double height = unpark_span_lanes_service_height(self, s);
    if (top >= page || top + height <= 0)
      continue;
    const GdkRectangle area = {0, (int)top, (int)self->header_width, (int)height};
    g_autofree char *name = unpark_span_lanes_describe_service(self, s);
    unpark_canvas_tell(canvas, name, &area);
    if (s == self->service)
      tell_spans(self, s, top);
  }
}

static void unpark_span_lanes_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  if (UNPARK_SPAN_LANES(widget)->session)
    unpark_span_lanes_paint(UNPARK_SPAN_LANES(widget), snapshot);
}

static void unpark_span_lanes_size_allocate(GtkWidget *widget, int width, int height,
                                            int baseline) {
  GTK_WIDGET_CLASS(unpark_span_lanes_parent_class)->size_allocate(widget, width, height, baseline);
  unpark_span_lanes_sync(UNPARK_CANVAS(widget));
  if (width == UNPARK_SPAN_LANES(widget)->width && height == UNPARK_SPAN_LANES(widget)->height)
    return;
  UNPARK_SPAN_LANES(widget)->width = width;
  UNPARK_SPAN_LANES(widget)->height = height;
  fetch_later(UNPARK_SPAN_LANES(widget));
  unpark_canvas_tell_later(UNPARK_CANVAS(widget)); /* other things are in sight */
}

static void on_visible(UnparkSpanLanes *self) {
  fetch_later(self);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void on_sources(UnparkSpanLanes *self) {
  follow_picks(self);
  reload(self);
}

/* ---- From first to last ------------------------------------------------------------------------
 */

static void unpark_span_lanes_dispose(GObject *object) {
  UnparkSpanLanes *self = UNPARK_SPAN_LANES(object);
  unpark_worker_cancel(&self->loading);
  unpark_worker_cancel(&self->fetching);
  g_clear_handle_id(&self->fetch_source, g_source_remove);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_span_lanes_parent_class)->dispose(object);
}

static void unpark_span_lanes_finalize(GObject *object) {
  UnparkSpanLanes *self = UNPARK_SPAN_LANES(object);
  g_clear_pointer(&self->states, unpark_span_states_free);
  g_clear_pointer(&self->layout, unpark_span_layout_unref);
  g_free(self->open);
  G_OBJECT_CLASS(unpark_span_lanes_parent_class)->finalize(object);
}

static void unpark_span_lanes_class_init(UnparkSpanLanesClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  UnparkCanvasClass *canvas_class = (UnparkCanvasClass *)class;
  G_OBJECT_CLASS(class)->dispose = unpark_span_lanes_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_span_lanes_finalize;
  widget_class->snapshot = unpark_span_lanes_snapshot;
  widget_class->size_allocate = unpark_span_lanes_size_allocate;
  canvas_class->sync = unpark_span_lanes_sync;
  canvas_class->scrolled = unpark_span_lanes_scrolled;
  canvas_class->tell = unpark_span_lanes_tell;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  static const char *const names[] = {"hover-changed", "loaded"};
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_SPAN_LANES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void unpark_span_lanes_init(UnparkSpanLanes *self) {
  self->picked = -1;
  self->hover_ns = NAN;
  self->header_width = DEFAULT_HEADER_WIDTH;
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  unpark_accessible_name(GTK_WIDGET(self), _("Spans by service"));
  unpark_span_lanes_init_input(self);
}

GtkWidget *unpark_span_lanes_new(UnparkSession *session) {
  UnparkSpanLanes *self = g_object_new(UNPARK_TYPE_SPAN_LANES, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "visible-changed", G_CALLBACK(on_visible), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "selection-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "sources-changed", G_CALLBACK(on_sources), self,
                          G_CONNECT_SWAPPED);
  on_sources(self);
  return GTK_WIDGET(self);
}

void unpark_span_lanes_set_header_width(UnparkSpanLanes *self, double width) {
  self->header_width = width;
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void unpark_span_lanes_set_hover(UnparkSpanLanes *self, double ns) {
  self->hover_ns = ns;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  g_signal_emit(self, signals[HOVER_CHANGED], 0);
}

double unpark_span_lanes_get_hover(UnparkSpanLanes *self) {
  return self->hover_ns;
}
