/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/timeline.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/kit/settings.h"
#include "model/base/tables.h"
#include "ui/timeline/private.h"

#define MIN_HEADER_WIDTH 120
#define DEFAULT_HEADER_WIDTH 260
/* Lanes just outside the view are fetched too. */
#define OVERSCAN_PX 300
/* So long after the view has come to rest, the horizontal adjustment follows. */
#define HSYNC_DELAY_MS 150

static void unpark_timeline_scrollable_init(GtkScrollableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(UnparkTimeline, unpark_timeline, GTK_TYPE_WIDGET,
                              G_IMPLEMENT_INTERFACE(GTK_TYPE_SCROLLABLE,
                                                    unpark_timeline_scrollable_init))

enum { PROP_HADJUSTMENT = 1, PROP_VADJUSTMENT, PROP_HSCROLL_POLICY, PROP_VSCROLL_POLICY };

/* ---- Time and scrolling ------------------------------------------------------------ */

static double lanes_width(UnparkTimeline *self) {
  return MAX(gtk_widget_get_width(GTK_WIDGET(self)) - self->header_width, 1);
}

UnparkTimeAxis unpark_timeline_axis(UnparkTimeline *self) {
  double from, to;
  unpark_session_get_visible(self->session, &from, &to);
  return unpark_axis_new(from, to, lanes_width(self));
}

void unpark_timeline_set_axis(UnparkTimeline *self, const UnparkTimeAxis *axis) {
  double from = axis->start_ns, to = unpark_axis_end(axis);
  unpark_axis_clamp(&from, &to, (double)unpark_session_get_duration(self->session));
  unpark_session_set_visible(self->session, from, to);
}

static double scroll_y(UnparkTimeline *self) {
  return self->vadjustment ? round(gtk_adjustment_get_value(self->vadjustment)) : 0;
}

UnparkPanes unpark_timeline_panes(UnparkTimeline *self) {
  return unpark_panes_new(self->rows, gtk_widget_get_height(GTK_WIDGET(self)),
                          round(self->pinned_scroll), scroll_y(self));
}

void unpark_timeline_scroll_pinned(UnparkTimeline *self, double to) {
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  to = CLAMP(to, 0, unpark_panes_pinned_range(self->rows, height));
  if (to == self->pinned_scroll)
    return;
  self->pinned_scroll = to;
  unpark_timeline_view_moved(self);
}

/* The horizontal adjustment counts pixels of the whole trace at this zoom. It lags behind: every
 * change of it would lay out the whole window, for a scrollbar that is not there. */
static gboolean sync_hadjustment(gpointer data) {
  UnparkTimeline *self = data;
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  double duration = (double)unpark_session_get_duration(self->session);
  double low = -0.02 * duration / axis.ns_per_px, high = 1.02 * duration / axis.ns_per_px;
  self->hsync_source = 0;
  self->syncing = TRUE;
  if (self->hadjustment) {
    gtk_adjustment_configure(self->hadjustment, axis.start_ns / axis.ns_per_px, low, high,
                             axis.width * 0.1, axis.width * 0.9, axis.width);
    self->hvalue = gtk_adjustment_get_value(self->hadjustment);
  }
  self->syncing = FALSE;
  return G_SOURCE_REMOVE;
}

void unpark_timeline_sync_adjustments(UnparkTimeline *self) {
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  double range = unpark_panes_range(self->rows, height);
  UnparkPanes panes = unpark_timeline_panes(self);
  self->pinned_scroll =
      CLAMP(self->pinned_scroll, 0, unpark_panes_pinned_range(self->rows, height));
  g_clear_handle_id(&self->hsync_source, g_source_remove);
  self->hsync_source = g_timeout_add(HSYNC_DELAY_MS, sync_hadjustment, self);
  self->syncing = TRUE;
  if (self->vadjustment)
    gtk_adjustment_configure(
        self->vadjustment, CLAMP(gtk_adjustment_get_value(self->vadjustment), 0, range), 0,
        range + height, 44, (height - panes.pane[UNPARK_PANE_OTHERS].top) * 0.9, height);
  self->syncing = FALSE;
}

/* Only how far it went counts: it may lag behind. */
static void on_hadjustment(UnparkTimeline *self) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  double value = gtk_adjustment_get_value(self->hadjustment);
  if (self->syncing)
    return;
  axis.start_ns += (value - self->hvalue) * axis.ns_per_px;
  self->hvalue = value;
  unpark_timeline_set_axis(self, &axis);
}

void unpark_timeline_view_moved(UnparkTimeline *self) {
  unpark_timeline_want_lanes(self);
  unpark_timeline_update_proxies_later(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void on_vadjustment(UnparkTimeline *self) {
  if (!self->syncing)
    unpark_timeline_view_moved(self);
}

static void on_visible_changed(UnparkTimeline *self) {
  unpark_timeline_sync_adjustments(self);
  unpark_timeline_view_moved(self);
}

static void set_adjustment(UnparkTimeline *self, GtkAdjustment **slot, GtkAdjustment *adjustment,
                           GCallback callback) {
  if (*slot) {
    g_signal_handlers_disconnect_by_data(*slot, self);
    g_clear_object(slot);
  }
  if (!adjustment)
    return;
  *slot = g_object_ref_sink(adjustment);
  g_signal_connect_swapped(adjustment, "value-changed", callback, self);
  unpark_timeline_sync_adjustments(self);
}

/* ---- Rows -------------------------------------------------------------------------- */

gboolean unpark_timeline_has_lanes(UnparkTimeline *self) {
  return self->n_painted > 0;
}

int unpark_timeline_row_at(UnparkTimeline *self, double y) {
  UnparkPanes panes = unpark_timeline_panes(self);
  return unpark_panes_row_at(&panes, y);
}

int unpark_timeline_lane_row(UnparkTimeline *self, gint64 goroutine) {
  if (self->focus_row >= 0 && self->focus_row < (int)self->rows->n) {
    const UnparkRow *row = &self->rows->rows[self->focus_row];
    if (row->type == UNPARK_ROW_GOROUTINE && row->id == goroutine)
      return self->focus_row;
  }
  int pinned = unpark_rows_find_pinned(self->rows, goroutine);
  return pinned >= 0 ? pinned : unpark_rows_find(self->rows, UNPARK_ROW_GOROUTINE, goroutine);
}

void unpark_timeline_show_row(UnparkTimeline *self, guint n) {
  UnparkPanes panes = unpark_timeline_panes(self);
  double pinned = round(self->pinned_scroll), value = scroll_y(self);
  unpark_panes_show(&panes, n, &pinned, &value);
  unpark_timeline_scroll_pinned(self, pinned);
  if (self->vadjustment && value != scroll_y(self))
    gtk_adjustment_set_value(self->vadjustment, value);
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

static void want_rows(UnparkTimeline *self, GArray *wishes, guint first, guint end,
                      guint n_pinned) {
  for (guint i = first; i < end; i++) {
    UnparkLaneKey key;
    const UnparkRow *row = &self->rows->rows[i];
    if (!unpark_row_lane(row, &key) || is_wanted(wishes, n_pinned, &key))
      continue;
    const UnparkLaneWish wish = {key,
                                 row->type == UNPARK_ROW_GOROUTINE ||
                                     row->type == UNPARK_ROW_TASK || row->type == UNPARK_ROW_PROC,
                                 row->stack_levels > 0};
    g_array_append_val(wishes, wish);
  }
}

void unpark_timeline_want_lanes(UnparkTimeline *self) {
  g_autoptr(GArray) wishes = g_array_new(FALSE, FALSE, sizeof(UnparkLaneWish));
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  UnparkPanes panes = unpark_timeline_panes(self);
  const UnparkPane *pinned = &panes.pane[UNPARK_PANE_PINNED];
  const UnparkPane *others = &panes.pane[UNPARK_PANE_OTHERS];
  if (!self->rows || panes.height <= 0)
    return;
  want_rows(self, wishes, pinned->first, pinned->end, 0);
  guint n_pinned = wishes->len;
  want_rows(self, wishes, others->first, others->end, n_pinned);
  guint below = unpark_rows_at(self->rows, others->bottom + others->shift + OVERSCAN_PX);
  guint above = unpark_rows_at(self->rows, others->top + others->shift - OVERSCAN_PX);
  want_rows(self, wishes, others->end, MIN(below + 1, self->rows->n), n_pinned);
  want_rows(self, wishes, MAX(above, self->rows->n_pinned), others->first, n_pinned);
  unpark_lane_cache_want(self->lanes, (const UnparkLaneWish *)(gconstpointer)wishes->data,
                         wishes->len, axis.start_ns, unpark_axis_end(&axis),
                         axis.ns_per_px / gtk_widget_get_scale_factor(GTK_WIDGET(self)));
}

static void on_lanes(gpointer data) {
  UnparkTimeline *self = data;
  unpark_timeline_update_proxies_later(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

const UnparkItem *unpark_timeline_item_at(UnparkTimeline *self, guint n, double x,
                                          const UnparkLaneData **data) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  UnparkLaneKey key;
  *data = NULL;
  if (x < self->header_width || !unpark_row_lane(&self->rows->rows[n], &key))
    return NULL;
  const UnparkLaneData *lane = unpark_lane_cache_get(self->lanes, &key);
  if (!lane)
    return NULL;
  double at = x - self->header_width;
  int best = unpark_items_at(lane->lane.items, lane->lane.n_items, unpark_axis_ns(&axis, at - 1),
                             unpark_axis_ns(&axis, at + 1));
  *data = lane;
  return best < 0 ? NULL : &lane->lane.items[best];
}

/* ---- What others ask for ----------------------------------------------------------- */

gboolean unpark_timeline_open_group_of(UnparkTimeline *self, gint64 goroutine) {
  UnparkStore *store = unpark_session_get_store(self->session);
  const UnparkGoroutine *g = unpark_store_goroutine(store, goroutine);
  if (!g)
    return FALSE;
  const UnparkRowOptions options = {.open = self->open, .all_open = self->all_open};
  const char *name = unpark_store_string(store, g->name_id);
  UnparkSection section = g->system ? UNPARK_SECTION_SYSTEM : UNPARK_SECTION_GOROUTINES;
  gboolean opened = FALSE;
  if (!unpark_row_is_open(&options, UNPARK_ROW_SECTION, section, 0, NULL)) {
    unpark_timeline_flip_open(self, UNPARK_ROW_SECTION, section, 0, NULL);
    opened = TRUE;
  }
  if (!unpark_row_is_open(&options, UNPARK_ROW_GROUP, section, g->name_id, name)) {
    unpark_timeline_flip_open(self, UNPARK_ROW_GROUP, section, g->name_id, name);
    opened = TRUE;
  }
  return opened;
}

/* The task that is picked; NULL: something else is, or it is not known yet. */
static const UnparkTask *picked_task(UnparkTimeline *self, const UnparkPick *pick) {
  const UnparkTrackIndex *tracks = self->series ? self->series->tracks : NULL;
  if (pick->type != UNPARK_PICK_ROW || pick->table != UNPARK_TABLE_TASK || !tracks)
    return NULL;
  for (guint i = 0; i < tracks->n_tasks; i++)
    if (tracks->tasks[i].row == pick->id)
      return &tracks->tasks[i];
  return NULL;
}

/* So that the task has a lane. Whether anything had to be opened. */
static gboolean open_group_of_task(UnparkTimeline *self, const UnparkTask *task) {
  const UnparkRowOptions options = {.open = self->open, .all_open = self->all_open};
  const char *name = unpark_store_string(unpark_session_get_store(self->session), task->name_id);
  const UnparkSection section = UNPARK_SECTION_TASKS;
  gboolean opened = FALSE;
  if (!unpark_row_is_open(&options, UNPARK_ROW_SECTION, section, 0, NULL)) {
    unpark_timeline_flip_open(self, UNPARK_ROW_SECTION, section, 0, NULL);
    opened = TRUE;
  }
  if (!unpark_row_is_open(&options, UNPARK_ROW_TASK_GROUP, section, task->name_id, name)) {
    unpark_timeline_flip_open(self, UNPARK_ROW_TASK_GROUP, section, task->name_id, name);
    opened = TRUE;
  }
  return opened;
}

/* The goroutine in whose lane the pick is; UNPARK_NONE: it is in no goroutine's. */
static gint64 lane_of_pick(const UnparkPick *pick) {
  if (pick->type == UNPARK_PICK_GOROUTINE || pick->type == UNPARK_PICK_SPAN)
    return pick->id;
  return pick->type == UNPARK_PICK_ROW && pick->goroutine > 0 ? pick->goroutine : UNPARK_NONE;
}

void unpark_timeline_show_pick(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  const UnparkTask *task = picked_task(self, pick);
  gint64 id = task ? task->id : lane_of_pick(pick);
  UnparkRowType type = pick->type == UNPARK_PICK_PROC     ? UNPARK_ROW_PROC
                       : pick->type == UNPARK_PICK_THREAD ? UNPARK_ROW_THREAD
                       : pick->type == UNPARK_PICK_GROUP  ? UNPARK_ROW_GROUP
                       : task                             ? UNPARK_ROW_TASK
                                                          : UNPARK_ROW_GOROUTINE;
  if (!self->rows || pick->type == UNPARK_PICK_NONE ||
      (pick->type == UNPARK_PICK_ROW && id == UNPARK_NONE))
    return;
  if (id == UNPARK_NONE)
    id = pick->id;
  int row = unpark_pick_is_metric(pick)    ? unpark_timeline_metric_row(self, pick)
            : type == UNPARK_ROW_GOROUTINE ? unpark_timeline_lane_row(self, id)
                                           : unpark_rows_find(self->rows, type, id);
  if (row < 0)
    return;
  self->focus_row = row;
  unpark_timeline_show_row(self, (guint)row);
  unpark_timeline_announce(self);
}

void unpark_timeline_reveal_pick(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  gint64 goroutine = lane_of_pick(pick);
  const UnparkTask *task = picked_task(self, pick);
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  self->reveal_pending = FALSE;
  /* Keys go on from here, unless somebody is at something else. */
  if (root && !gtk_root_get_focus(root))
    gtk_widget_grab_focus(GTK_WIDGET(self));
  if (task && self->rows && unpark_rows_find(self->rows, UNPARK_ROW_TASK, task->id) < 0 &&
      open_group_of_task(self, task)) {
    unpark_timeline_rebuild(self);
    self->reveal_pending = TRUE;
    return;
  }
  if (goroutine == UNPARK_NONE || !self->rows || unpark_timeline_lane_row(self, goroutine) >= 0) {
    unpark_timeline_show_pick(self);
    return;
  }
  if (unpark_timeline_open_group_of(self, goroutine)) {
    unpark_timeline_rebuild(self);
    self->reveal_pending = TRUE;
  } else if (*unpark_session_get_filter(self->session) &&
             unpark_store_goroutine(self->rows->store, goroutine)) {
    unpark_session_set_filter(self->session, "");
    self->reveal_pending = TRUE;
  }
}

static void on_reveal(UnparkSession *session, const char *view, UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(session);
  if (view && !g_str_equal(view, "timeline"))
    return;
  if (pick->start_ns != UNPARK_NONE && pick->end_ns != UNPARK_NONE &&
      !unpark_session_keeps_visible(session)) {
    double length = MAX((double)(pick->end_ns - pick->start_ns), UNPARK_AXIS_MIN_NS);
    double from = (double)pick->start_ns - length, to = (double)pick->end_ns + length;
    unpark_axis_clamp(&from, &to, (double)unpark_session_get_duration(session));
    unpark_session_set_visible(session, from, to);
  }
  unpark_timeline_reveal_pick(self);
}

double unpark_timeline_get_header_width(UnparkTimeline *self) {
  return self->header_width;
}

/* ---- Widget ------------------------------------------------------------------------ */

static void unpark_timeline_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UnparkTimeline *self = UNPARK_TIMELINE(widget);
  self->header_width =
      CLAMP(self->header_width, MIN_HEADER_WIDTH, MAX(width / 2, MIN_HEADER_WIDTH));
  unpark_timeline_sync_adjustments(self);
  unpark_timeline_want_lanes(self);
  unpark_timeline_allocate_proxies(self);
}

static void unpark_timeline_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                    int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 100;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 800 : 500;
}

static void unpark_timeline_widget_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  unpark_timeline_paint(UNPARK_TIMELINE(widget), snapshot);
}

static void unpark_timeline_css_changed(GtkWidget *widget, GtkCssStyleChange *change) {
  UnparkTimeline *self = UNPARK_TIMELINE(widget);
  GTK_WIDGET_CLASS(unpark_timeline_parent_class)->css_changed(widget, change);
  unpark_text_cache_clear(self->texts);
  unpark_tile_cache_clear(self->tiles);
}

GskRenderNode *unpark_timeline_picture(UnparkTimeline *self) {
  GtkSnapshot *snapshot = gtk_snapshot_new();
  self->in_full = TRUE;
  unpark_timeline_paint(self, snapshot);
  self->in_full = FALSE;
  return gtk_snapshot_free_to_node(snapshot);
}

static void unpark_timeline_get_property(GObject *object, guint id, GValue *value,
                                         GParamSpec *spec) {
  UnparkTimeline *self = UNPARK_TIMELINE(object);
  switch (id) {
  case PROP_HADJUSTMENT:
    g_value_set_object(value, self->hadjustment);
    break;
  case PROP_VADJUSTMENT:
    g_value_set_object(value, self->vadjustment);
    break;
  case PROP_HSCROLL_POLICY:
    g_value_set_enum(value, (int)self->hscroll_policy);
    break;
  case PROP_VSCROLL_POLICY:
    g_value_set_enum(value, (int)self->vscroll_policy);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void unpark_timeline_set_property(GObject *object, guint id, const GValue *value,
                                         GParamSpec *spec) {
  UnparkTimeline *self = UNPARK_TIMELINE(object);
  switch (id) {
  case PROP_HADJUSTMENT:
    set_adjustment(self, &self->hadjustment, g_value_get_object(value), G_CALLBACK(on_hadjustment));
    break;
  case PROP_VADJUSTMENT:
    set_adjustment(self, &self->vadjustment, g_value_get_object(value), G_CALLBACK(on_vadjustment));
    break;
  case PROP_HSCROLL_POLICY:
    self->hscroll_policy = (GtkScrollablePolicy)g_value_get_enum(value);
    break;
  case PROP_VSCROLL_POLICY:
    self->vscroll_policy = (GtkScrollablePolicy)g_value_get_enum(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void unpark_timeline_dispose(GObject *object) {
  UnparkTimeline *self = UNPARK_TIMELINE(object);
  if (self->rows_cancellable)
    g_cancellable_cancel(self->rows_cancellable);
  g_clear_object(&self->rows_cancellable);
  g_clear_handle_id(&self->proxies_source, g_source_remove);
  g_clear_handle_id(&self->hsync_source, g_source_remove);
  if (self->proxies)
    g_ptr_array_foreach(self->proxies, (GFunc)(void (*)(void))gtk_widget_unparent, NULL);
  g_clear_pointer(&self->proxies, g_ptr_array_unref);
  if (self->session) {
    set_adjustment(self, &self->hadjustment, NULL, NULL);
    set_adjustment(self, &self->vadjustment, NULL, NULL);
  }
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_timeline_parent_class)->dispose(object);
}

static void unpark_timeline_finalize(GObject *object) {
  UnparkTimeline *self = UNPARK_TIMELINE(object);
  g_clear_pointer(&self->rows, unpark_rows_unref);
  g_clear_pointer(&self->series, unpark_series_unref);
  unpark_lane_cache_free(self->lanes);
  unpark_tile_cache_free(self->tiles);
  unpark_text_cache_free(self->texts);
  g_hash_table_unref(self->open);
  g_hash_table_unref(self->pinned);
  g_free(self->build_error);
  g_clear_pointer(&self->filtered, unpark_filter_result_unref);
  G_OBJECT_CLASS(unpark_timeline_parent_class)->finalize(object);
}

static void unpark_timeline_scrollable_init(GtkScrollableInterface *iface) {
}

static void unpark_timeline_class_init(UnparkTimelineClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  object_class->get_property = unpark_timeline_get_property;
  object_class->set_property = unpark_timeline_set_property;
  object_class->dispose = unpark_timeline_dispose;
  object_class->finalize = unpark_timeline_finalize;
  widget_class->size_allocate = unpark_timeline_size_allocate;
  widget_class->measure = unpark_timeline_measure;
  widget_class->snapshot = unpark_timeline_widget_snapshot;
  widget_class->css_changed = unpark_timeline_css_changed;
  g_object_class_override_property(object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property(object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property(object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property(object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  unpark_timeline_install_actions(widget_class);
  gtk_widget_class_set_css_name(widget_class, "timeline");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  static const char *const names[] = {"header-width-changed", "rows-changed"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    g_signal_new(names[i], UNPARK_TYPE_TIMELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                 G_TYPE_NONE, 0);
}

static void unpark_timeline_init(UnparkTimeline *self) {
  unpark_timeline_recall_open(self);
  self->lane_height = (UnparkLaneHeight)CLAMP(
      unpark_settings_get_int("timeline.lane-height", UNPARK_LANES_NORMAL), 0, UNPARK_LANES_HIGH);
  self->show_regions = unpark_settings_get_bool("timeline.regions", TRUE);
  self->show_stacks = unpark_settings_get_bool("timeline.stacks", FALSE);
  self->lanes = unpark_lane_cache_new(on_lanes, self);
  self->tiles = unpark_tile_cache_new();
  self->texts = unpark_text_cache_new(GTK_WIDGET(self));
  self->proxies = g_ptr_array_new();
  self->header_width = unpark_settings_get_int("timeline.header-width", DEFAULT_HEADER_WIDTH);
  self->sort = (UnparkSort)CLAMP(unpark_settings_get_int("timeline.sort", UNPARK_SORT_WAITING), 0,
                                 UNPARK_N_SORTS - 1);
  self->focus_row = -1;
  self->pointer_x = self->pointer_y = -1;
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Timeline"),
                                 -1);
}

GtkWidget *unpark_timeline_new(UnparkSession *session) {
  UnparkTimeline *self = g_object_new(UNPARK_TYPE_TIMELINE, NULL);
  self->session = g_object_ref(session);
  unpark_timeline_init_input(self);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(unpark_timeline_store_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "visible-changed", G_CALLBACK(on_visible_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-changed", G_CALLBACK(unpark_timeline_filter_changed),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-ready", G_CALLBACK(unpark_timeline_filter_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "selection-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "pick-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "chain-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "marks-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "reveal", G_CALLBACK(on_reveal), self, 0);
  if (unpark_session_get_store(session))
    unpark_timeline_store_changed(self);
  return GTK_WIDGET(self);
}
