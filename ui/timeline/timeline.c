/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/timeline.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/kit/accessible.h"
#include "ui/kit/settings.h"
#include "ui/timeline/private.h"

#define MIN_HEADER_WIDTH 120
#define DEFAULT_HEADER_WIDTH 260
/* Lanes just outside the view are fetched too. */
#define OVERSCAN_PX 300
/* So long after the view has come to rest, the horizontal adjustment follows. */
#define HSYNC_DELAY_MS 150
/* The same of the rows, where only those are listed that are there in the visible time. */
#define ACTIVE_DELAY_MS 150

G_DEFINE_FINAL_TYPE(UnparkTimeline, unpark_timeline, UNPARK_TYPE_CANVAS)

enum { HEADER_WIDTH_CHANGED, ROWS_CHANGED, HOVER_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Time and scrolling ------------------------------------------------------------ */

static double scroll_y(UnparkTimeline *self) {
  return round(unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL));
}

UnparkScene unpark_timeline_get_scene(UnparkTimeline *self) {
  const UnparkTimelineSource *source = &self->source;
  double from, to, width = gtk_widget_get_width(GTK_WIDGET(self));
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  unpark_session_get_visible(self->session, &from, &to);
  return (UnparkScene){
      .session = self->session,
      .rows = source->rows,
      .series = source->series,
      .filtered = source->filtered,
      .task_counts = source->task_counts ? source->task_counts
                     : source->series    ? source->series->task_counts
                                         : NULL,
      .lanes = self->lanes,
      .axis = unpark_axis_new(from, to, MAX(width - self->header_width, 1)),
      .lanes_x = self->header_width,
      .hide_waiting = source->hide_waiting,
      .width = width,
      .height = height,
      .panes = unpark_panes_new(source->rows, height, round(self->pinned_scroll), scroll_y(self))};
}

void unpark_timeline_set_axis(UnparkTimeline *self, const UnparkTimeAxis *axis) {
  double from = axis->start_ns, to = unpark_axis_end(axis);
  unpark_axis_clamp(&from, &to, (double)unpark_session_get_start(self->session),
                    (double)unpark_session_get_end(self->session));
  unpark_session_set_visible(self->session, from, to);
}

void unpark_timeline_scroll_pinned(UnparkTimeline *self, double to) {
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  to = CLAMP(to, 0, unpark_panes_pinned_range(self->source.rows, height));
  if (to == self->pinned_scroll)
    return;
  self->pinned_scroll = to;
  unpark_timeline_view_moved(self);
}

/* The horizontal adjustment counts pixels of the whole trace at this zoom. It lags behind: every
 * change of it would lay out the whole window, for a scrollbar that is not there. */
static gboolean sync_hadjustment(gpointer data) {
  UnparkTimeline *self = data;
  UnparkTimeAxis axis = unpark_timeline_get_scene(self).axis;
  double start = (double)unpark_session_get_start(self->session);
  double duration = (double)unpark_session_get_end(self->session) - start;
  double low = (start - 0.02 * duration) / axis.ns_per_px;
  double high = (start + 1.02 * duration) / axis.ns_per_px;
  self->hsync_source = 0;
  unpark_canvas_set_range(UNPARK_CANVAS(self), GTK_ORIENTATION_HORIZONTAL,
                          axis.start_ns / axis.ns_per_px, low, high, axis.width * 0.1,
                          axis.width * 0.9, axis.width);
  return G_SOURCE_REMOVE;
}

static void unpark_timeline_sync(UnparkCanvas *canvas) {
  UnparkTimeline *self = UNPARK_TIMELINE(canvas);
  UnparkScene scene = unpark_timeline_get_scene(self);
  double range = unpark_panes_range(scene.rows, scene.height);
  double value = unpark_canvas_get_scroll(canvas, GTK_ORIENTATION_VERTICAL);
  double others = scene.height - scene.panes.pane[UNPARK_PANE_OTHERS].top;
  self->pinned_scroll =
      CLAMP(self->pinned_scroll, 0, unpark_panes_pinned_range(scene.rows, scene.height));
  g_clear_handle_id(&self->hsync_source, g_source_remove);
  self->hsync_source = g_timeout_add(HSYNC_DELAY_MS, sync_hadjustment, self);
  unpark_canvas_set_range(canvas, GTK_ORIENTATION_VERTICAL, CLAMP(value, 0, range), 0,
                          range + scene.height, 44, others * 0.9, scene.height);
}

static void unpark_timeline_scrolled(UnparkCanvas *canvas, GtkOrientation orientation, double by) {
  UnparkTimeline *self = UNPARK_TIMELINE(canvas);
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    unpark_timeline_view_moved(self);
    return;
  }
  /* Only how far it went counts: it may lag behind. */
  UnparkTimeAxis axis = unpark_timeline_get_scene(self).axis;
  axis.start_ns += by * axis.ns_per_px;
  unpark_timeline_set_axis(self, &axis);
}

static gboolean rebuild_active(gpointer data) {
  UnparkTimeline *self = data;
  self->active_source = 0;
  unpark_timeline_source_rebuild(&self->source);
  return G_SOURCE_REMOVE;
}

static void on_visible_changed(UnparkTimeline *self) {
  UnparkScene scene = unpark_timeline_get_scene(self);
  if (self->input.pointer_x >= scene.lanes_x) /* another time is there now */
    unpark_timeline_set_hover(self,
                              unpark_axis_ns(&scene.axis, self->input.pointer_x - scene.lanes_x));
  if (self->source.only_active) {
    g_clear_handle_id(&self->active_source, g_source_remove);
    self->active_source = g_timeout_add(ACTIVE_DELAY_MS, rebuild_active, self);
  }
  unpark_timeline_sync(UNPARK_CANVAS(self));
  unpark_timeline_view_moved(self);
}

void unpark_timeline_show_row(UnparkTimeline *self, guint n) {
  UnparkScene scene = unpark_timeline_get_scene(self);
  double pinned = round(self->pinned_scroll), value = scroll_y(self);
  unpark_panes_show(&scene.panes, n, &pinned, &value);
  unpark_timeline_scroll_pinned(self, pinned);
  if (value != scroll_y(self))
    unpark_canvas_scroll_to(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL, value);
}

double unpark_timeline_get_header_width(UnparkTimeline *self) {
  return self->header_width;
}

void unpark_timeline_set_header_width(UnparkTimeline *self, double width) {
  self->header_width = width;
  gtk_widget_queue_allocate(GTK_WIDGET(self));
  g_signal_emit(self, signals[HEADER_WIDTH_CHANGED], 0);
}

/* ---- Lanes ------------------------------------------------------------------------- */

/* What is pinned is wanted first, and only once. */
static gboolean is_wanted(const GArray *wishes, guint n_pinned, const UnparkLaneKey *key) {
  for (guint i = 0; i < n_pinned; i++) {
    const UnparkLaneKey *other = &g_array_index(wishes, UnparkLaneWish, i).key;
    if (other->type == key->type && other->id == key->id)
      return TRUE;
  }
  return FALSE;
}

static void want_rows(const UnparkRows *rows, GArray *wishes, guint first, guint end,
                      guint n_pinned) {
  for (guint i = first; i < end; i++) {
    UnparkLaneKey key;
    const UnparkRow *row = &rows->rows[i];
    if (!unpark_row_lane(row, &key) || is_wanted(wishes, n_pinned, &key))
      continue;
    const UnparkLaneWish wish = {key,
                                 row->type == UNPARK_ROW_GOROUTINE ||
                                     row->type == UNPARK_ROW_TASK || row->type == UNPARK_ROW_PROC,
                                 row->stack_levels > 0};
    g_array_append_val(wishes, wish);
  }
}

static void want_lanes(UnparkTimeline *self) {
  g_autoptr(GArray) wishes = g_array_new(FALSE, FALSE, sizeof(UnparkLaneWish));
  UnparkScene scene = unpark_timeline_get_scene(self);
  const UnparkRows *rows = scene.rows;
  const UnparkPane *pinned = &scene.panes.pane[UNPARK_PANE_PINNED];
  const UnparkPane *others = &scene.panes.pane[UNPARK_PANE_OTHERS];
  if (!rows || scene.height <= 0)
    return;
  want_rows(rows, wishes, pinned->first, pinned->end, 0);
  guint n_pinned = wishes->len;
  want_rows(rows, wishes, others->first, others->end, n_pinned);
  guint below = unpark_rows_at(rows, others->bottom + others->shift + OVERSCAN_PX);
  guint above = unpark_rows_at(rows, others->top + others->shift - OVERSCAN_PX);
  want_rows(rows, wishes, others->end, MIN(below + 1, rows->n), n_pinned);
  want_rows(rows, wishes, MAX(above, rows->n_pinned), others->first, n_pinned);
  unpark_lane_cache_want(self->lanes, (const UnparkLaneWish *)(gconstpointer)wishes->data,
                         wishes->len, scene.axis.start_ns, unpark_axis_end(&scene.axis),
                         scene.axis.ns_per_px / gtk_widget_get_scale_factor(GTK_WIDGET(self)));
}

static void on_lanes(gpointer data) {
  unpark_canvas_tell_later(data);
  gtk_widget_queue_draw(data);
}

void unpark_timeline_view_moved(UnparkTimeline *self) {
  want_lanes(self);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

gboolean unpark_timeline_has_lanes(UnparkTimeline *self) {
  return self->frame_cache.n_lanes > 0;
}

/* ---- Rows -------------------------------------------------------------------------- */

static void take_rows(UnparkTimeline *self, const UnparkTimelineChange *change) {
  unpark_timeline_follow_focus(self, change->before, change->filter);
  if (change->series || change->filter) /* other spans are dimmed */
    unpark_tile_cache_clear(self->frame_cache.tiles);
  unpark_timeline_sync(UNPARK_CANVAS(self));
  if (change->filter && self->source.filtered && !self->waiting.reveal)
    unpark_timeline_show_passing(self);
  unpark_timeline_view_moved(self);
  if (self->waiting.reveal)
    unpark_timeline_reveal_pick(self);
  else if (self->waiting.focus && gtk_widget_has_focus(GTK_WIDGET(self)))
    unpark_timeline_focus(self);
  self->waiting.focus = FALSE;
  if (self->waiting.match)
    unpark_timeline_next_match(self, self->waiting.match);
}

static void on_rows(gpointer owner, const UnparkTimelineChange *change) {
  UnparkTimeline *self = owner;
  if (self->source.error) {
    self->waiting.focus = FALSE;
    self->waiting.match = 0;
  } else {
    take_rows(self, change);
  }
  g_signal_emit(self, signals[ROWS_CHANGED], 0);
}

static void on_store_changed(UnparkTimeline *self) {
  unpark_lane_cache_set_store(self->lanes, unpark_session_get_store(self->session));
  unpark_timeline_source_rebuild(&self->source);
}

static void on_filter(UnparkTimeline *self) {
  if (!unpark_session_get_filter_error(self->session)) {
    unpark_timeline_source_rebuild(&self->source);
    return;
  }
  self->waiting.focus = FALSE;
  self->waiting.match = 0;
  g_signal_emit(self, signals[ROWS_CHANGED], 0);
}

void unpark_timeline_toggle_row(UnparkTimeline *self, guint n) {
  const UnparkRow *row = &self->source.rows->rows[n];
  if (!row->expandable)
    return;
  unpark_opened_flip(&self->source.opened, (UnparkRowType)row->type, (UnparkSection)row->section,
                     row->id, row->name);
  unpark_timeline_source_rebuild(&self->source);
}

void unpark_timeline_set_all_open(UnparkTimeline *self, gboolean open) {
  unpark_opened_set_all(&self->source.opened, open);
  unpark_timeline_source_rebuild(&self->source);
}

void unpark_timeline_set_looks(UnparkTimeline *self, UnparkLaneHeight height, gboolean regions,
                               gboolean stacks) {
  UnparkTimelineSource *source = &self->source;
  if (source->lane_height == height && source->regions == regions && source->stacks == stacks)
    return;
  source->lane_height = height;
  source->regions = regions;
  source->stacks = stacks;
  unpark_settings_set_int("timeline.lane-height", (int)height);
  unpark_settings_set_bool("timeline.regions", regions);
  unpark_settings_set_bool("timeline.stacks", stacks);
  unpark_timeline_source_rebuild(source);
}

void unpark_timeline_get_looks(UnparkTimeline *self, UnparkLaneHeight *height, gboolean *regions,
                               gboolean *stacks) {
  *height = self->source.lane_height;
  *regions = self->source.regions;
  *stacks = self->source.stacks;
}

void unpark_timeline_set_sort(UnparkTimeline *self, UnparkSort sort) {
  if (sort == self->source.sort)
    return;
  self->source.sort = sort;
  unpark_settings_set_int("timeline.sort", (int)sort);
  unpark_timeline_source_rebuild(&self->source);
}

void unpark_timeline_set_hide_waiting(UnparkTimeline *self, gboolean hide) {
  if (hide == self->source.hide_waiting)
    return;
  self->source.hide_waiting = hide;
  unpark_settings_set_bool("timeline.hide-waiting", hide);
  unpark_tile_cache_clear(self->frame_cache.tiles);
  unpark_timeline_view_moved(self);
}

gboolean unpark_timeline_get_hide_waiting(UnparkTimeline *self) {
  return self->source.hide_waiting;
}

void unpark_timeline_set_only_active(UnparkTimeline *self, gboolean only) {
  if (only == self->source.only_active)
    return;
  self->source.only_active = only;
  unpark_timeline_source_rebuild(&self->source);
}

void unpark_timeline_set_hover(UnparkTimeline *self, double ns) {
  self->hover_ns = ns;
  g_signal_emit(self, signals[HOVER_CHANGED], 0);
}

double unpark_timeline_get_hover(UnparkTimeline *self, double *y) {
  if (y)
    *y = self->input.pointer_y;
  return self->hover_ns;
}

UnparkSort unpark_timeline_get_sort(UnparkTimeline *self) {
  return self->source.sort;
}

UnparkRows *unpark_timeline_get_rows(UnparkTimeline *self) {
  return self->source.rows;
}

const char *unpark_timeline_get_filter_error(UnparkTimeline *self) {
  const GError *error = unpark_session_get_filter_error(self->session);
  return error ? error->message : self->source.error;
}

const UnparkFilterResult *unpark_timeline_get_filtered(UnparkTimeline *self) {
  return self->source.filtered;
}

/* ---- Painting --------------------------------------------------------------------------- */

static gboolean draw_again(gpointer data) {
  g_autoptr(GtkWidget) widget = data;
  gtk_widget_queue_draw(widget);
  return G_SOURCE_REMOVE;
}

static void paint(UnparkTimeline *self, GtkSnapshot *snapshot, gboolean in_full) {
  GtkWidget *widget = GTK_WIDGET(self);
  UnparkScene scene = unpark_timeline_get_scene(self);
  GskRenderer *renderer = gtk_native_get_renderer(gtk_widget_get_native(widget));
  UnparkSceneFrame frame = {.scene = &scene,
                            .cache = &self->frame_cache,
                            .texts = unpark_canvas_get_texts(UNPARK_CANVAS(self)),
                            .snapshot = snapshot,
                            .scale = gtk_widget_get_scale_factor(widget),
                            /* Textures would be copied at every frame where cairo draws them. */
                            .surfaces = GSK_IS_CAIRO_RENDERER(renderer),
                            .in_full = in_full,
                            .focus_row = self->focus_row,
                            .focus_visible = gtk_widget_has_visible_focus(widget)};
  unpark_frame_paint(&frame);
  if (frame.incomplete && !in_full)
    g_idle_add(draw_again, g_object_ref(self));
}

static void unpark_timeline_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  paint(UNPARK_TIMELINE(widget), snapshot, FALSE);
}

GskRenderNode *unpark_timeline_picture(UnparkTimeline *self) {
  GtkSnapshot *snapshot = gtk_snapshot_new();
  paint(self, snapshot, TRUE);
  return gtk_snapshot_free_to_node(snapshot);
}

/* ---- Widget ------------------------------------------------------------------------ */

static void unpark_timeline_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UnparkTimeline *self = UNPARK_TIMELINE(widget);
  self->header_width =
      CLAMP(self->header_width, MIN_HEADER_WIDTH, MAX(width / 2, MIN_HEADER_WIDTH));
  unpark_timeline_sync(UNPARK_CANVAS(self));
  want_lanes(self);
  GTK_WIDGET_CLASS(unpark_timeline_parent_class)->size_allocate(widget, width, height, baseline);
}

static void unpark_timeline_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                    int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 100;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 800 : 500;
}

static void unpark_timeline_restyled(UnparkCanvas *canvas) {
  unpark_tile_cache_clear(UNPARK_TIMELINE(canvas)->frame_cache.tiles);
}

static void unpark_timeline_dispose(GObject *object) {
  UnparkTimeline *self = UNPARK_TIMELINE(object);
  unpark_timeline_source_stop(&self->source);
  unpark_worker_cancel(&self->finding);
  unpark_worker_cancel(&self->looking);
  g_clear_handle_id(&self->hsync_source, g_source_remove);
  g_clear_handle_id(&self->active_source, g_source_remove);
  G_OBJECT_CLASS(unpark_timeline_parent_class)->dispose(object);
  g_clear_object(&self->session);
}

static void unpark_timeline_finalize(GObject *object) {
  UnparkTimeline *self = UNPARK_TIMELINE(object);
  unpark_timeline_source_clear(&self->source);
  unpark_lane_cache_free(self->lanes);
  unpark_tile_cache_free(self->frame_cache.tiles);
  G_OBJECT_CLASS(unpark_timeline_parent_class)->finalize(object);
}

static void unpark_timeline_class_init(UnparkTimelineClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  UnparkCanvasClass *canvas_class = UNPARK_CANVAS_CLASS(class);
  object_class->dispose = unpark_timeline_dispose;
  object_class->finalize = unpark_timeline_finalize;
  widget_class->size_allocate = unpark_timeline_size_allocate;
  widget_class->measure = unpark_timeline_measure;
  widget_class->snapshot = unpark_timeline_snapshot;
  canvas_class->sync = unpark_timeline_sync;
  canvas_class->scrolled = unpark_timeline_scrolled;
  canvas_class->tell = unpark_timeline_tell;
  canvas_class->restyled = unpark_timeline_restyled;
  unpark_timeline_install_actions(widget_class);
  gtk_widget_class_set_css_name(widget_class, "timeline");
  static const char *const names[N_SIGNALS] = {"header-width-changed", "rows-changed",
                                               "hover-changed"};
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_TIMELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void unpark_timeline_init(UnparkTimeline *self) {
  unpark_timeline_source_init(&self->source, self, on_rows);
  self->lanes = unpark_lane_cache_new(on_lanes, self);
  self->frame_cache.tiles = unpark_tile_cache_new();
  self->header_width = unpark_settings_get_int("timeline.header-width", DEFAULT_HEADER_WIDTH);
  self->focus_row = -1;
  self->hover_ns = NAN;
  unpark_accessible_name(GTK_WIDGET(self), _("Timeline"));
}

/* Some of what is drawn has changed, and nothing else. */
static void redraw_on(UnparkTimeline *self, const char *signal) {
  g_signal_connect_object(self->session, signal, G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *unpark_timeline_new(UnparkSession *session) {
  UnparkTimeline *self = g_object_new(UNPARK_TYPE_TIMELINE, NULL);
  self->session = g_object_ref(session);
  self->source.session = session;
  unpark_timeline_input_init(&self->input, self);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(on_store_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "visible-changed", G_CALLBACK(on_visible_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-changed", G_CALLBACK(on_filter), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-ready", G_CALLBACK(on_filter), self, G_CONNECT_SWAPPED);
  redraw_on(self, "selection-changed");
  redraw_on(self, "pick-changed");
  redraw_on(self, "pick-settled");
  redraw_on(self, "chain-changed");
  redraw_on(self, "marks-changed");
  g_signal_connect_object(session, "reveal", G_CALLBACK(unpark_timeline_on_reveal), self, 0);
  if (unpark_session_get_store(session))
    on_store_changed(self);
  return GTK_WIDGET(self);
}
