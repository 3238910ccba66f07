#include "ui/timeline.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/filter.h"
#include "ui/settings.h"
#include "ui/timeline-private.h"

#define MIN_HEADER_WIDTH 120
#define DEFAULT_HEADER_WIDTH 260
/* Lanes just outside the view are fetched too. */
#define OVERSCAN_PX 300
#define FILTER_DELAY_MS 180

static void unpark_timeline_scrollable_init(GtkScrollableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(UnparkTimeline, unpark_timeline, GTK_TYPE_WIDGET,
                              G_IMPLEMENT_INTERFACE(GTK_TYPE_SCROLLABLE,
                                                    unpark_timeline_scrollable_init))

enum { PROP_HADJUSTMENT = 1, PROP_VADJUSTMENT, PROP_HSCROLL_POLICY, PROP_VSCROLL_POLICY };
enum { HEADER_WIDTH_CHANGED, ROWS_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

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

double unpark_timeline_scroll_y(UnparkTimeline *self) {
  return self->vadjustment ? round(gtk_adjustment_get_value(self->vadjustment)) : 0;
}

/* The horizontal adjustment counts pixels of the whole trace at this zoom. */
static void sync_adjustments(UnparkTimeline *self) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  double duration = (double)unpark_session_get_duration(self->session);
  double low = -0.02 * duration / axis.ns_per_px, high = 1.02 * duration / axis.ns_per_px;
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  double total = self->rows ? (double)self->rows->height : 0;
  self->syncing = TRUE;
  if (self->hadjustment)
    gtk_adjustment_configure(self->hadjustment, axis.start_ns / axis.ns_per_px, low, high,
                             axis.width * 0.1, axis.width * 0.9, axis.width);
  if (self->vadjustment)
    gtk_adjustment_configure(
        self->vadjustment,
        CLAMP(gtk_adjustment_get_value(self->vadjustment), 0, MAX(total - height, 0)), 0,
        MAX(total, height), 44, height * 0.9, height);
  self->syncing = FALSE;
}

static void on_hadjustment(UnparkTimeline *self) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  if (self->syncing)
    return;
  axis.start_ns = gtk_adjustment_get_value(self->hadjustment) * axis.ns_per_px;
  unpark_timeline_set_axis(self, &axis);
}

static void view_moved(UnparkTimeline *self) {
  unpark_timeline_want_lanes(self);
  unpark_timeline_update_proxies_later(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void on_vadjustment(UnparkTimeline *self) {
  if (!self->syncing)
    view_moved(self);
}

static void on_visible_changed(UnparkTimeline *self) {
  sync_adjustments(self);
  view_moved(self);
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
  sync_adjustments(self);
}

static void show_pick(UnparkTimeline *self);

/* ---- Rows -------------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  UnparkRowOptions options;
  char *filter;
  gboolean all_open;
  UnparkSeries *series; /* out; NULL if known already */
  gboolean need_series;
} Build;

static GHashTable *new_set(void) {
  return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static GHashTable *copy_set(GHashTable *set) {
  GHashTable *copy = new_set();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, set);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    g_hash_table_add(copy, g_memdup2(key, sizeof(gint64)));
  return copy;
}

static void build_free(gpointer data) {
  Build *build = data;
  unpark_store_unref(build->store);
  g_hash_table_unref(build->options.open);
  g_hash_table_unref(build->options.pinned);
  g_clear_pointer(&build->options.passing, g_hash_table_unref);
  unpark_series_free(build->series);
  g_free(build->filter);
  g_free(build);
}

static void build_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Build *build = data;
  GError *error = NULL;
  if (build->need_series) {
    build->series = unpark_series_read(build->store, cancellable, &error);
    if (!build->series) {
      g_task_return_error(task, error);
      return;
    }
    build->options.has_gc = build->series->gc->len + build->series->stw->len > 0;
    build->options.has_heap = build->series->heap->len > 0;
    build->options.has_gomaxprocs = build->series->gomaxprocs->len > 0;
  }
  if (*build->filter) {
    build->options.passing = unpark_filter_run(build->store, build->filter, cancellable, &error);
    if (!build->options.passing) {
      g_task_return_error(task, error);
      return;
    }
  }
  UnparkRows *rows = unpark_rows_build(build->store, &build->options, cancellable, &error);
  if (rows)
    g_task_return_pointer(task, rows, (GDestroyNotify)unpark_rows_unref);
  else
    g_task_return_error(task, error);
}

static void on_built(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkTimeline *self = UNPARK_TIMELINE(source);
  Build *build = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkRows) rows = g_task_propagate_pointer(G_TASK(result), &error);
  gboolean current = g_task_get_cancellable(G_TASK(result)) == self->rows_cancellable;
  if (!current || !self->session || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object(&self->rows_cancellable);
  g_clear_pointer(&self->filter_error, g_free);
  if (error) {
    self->filter_error = g_strdup(error->message);
  } else {
    g_clear_pointer(&self->rows, unpark_rows_unref);
    self->rows = g_steal_pointer(&rows);
    self->focus_row = CLAMP(self->focus_row, -1, (int)self->rows->n - 1);
    if (build->series) {
      unpark_series_free(self->series);
      self->series = g_steal_pointer(&build->series);
      unpark_tile_cache_clear(self->tiles);
    }
    sync_adjustments(self);
    view_moved(self);
    if (self->reveal_pending)
      show_pick(self);
    self->reveal_pending = FALSE;
  }
  g_signal_emit(self, signals[ROWS_CHANGED], 0);
}

void unpark_timeline_rebuild(UnparkTimeline *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  if (!store)
    return;
  if (self->rows_cancellable)
    g_cancellable_cancel(self->rows_cancellable);
  g_clear_object(&self->rows_cancellable);
  self->rows_cancellable = g_cancellable_new();
  Build *build = g_new0(Build, 1);
  build->store = unpark_store_ref(store);
  build->filter = g_strdup(unpark_session_get_filter(self->session));
  g_strstrip(build->filter);
  build->options.sort = self->sort;
  build->options.open = copy_set(self->open);
  build->options.pinned = copy_set(self->pinned);
  build->options.all_open = self->all_open;
  build->need_series = !self->series || !self->rows || self->rows->store != store;
  if (self->series) {
    build->options.has_gc = self->series->gc->len + self->series->stw->len > 0;
    build->options.has_heap = self->series->heap->len > 0;
    build->options.has_gomaxprocs = self->series->gomaxprocs->len > 0;
  }
  g_autoptr(GTask) task = g_task_new(self, self->rows_cancellable, on_built, NULL);
  g_task_set_task_data(task, build, build_free);
  g_task_run_in_thread(task, build_thread);
}

static void on_store_changed(UnparkTimeline *self) {
  unpark_lane_cache_set_store(self->lanes, unpark_session_get_store(self->session));
  unpark_timeline_rebuild(self);
}

static gboolean rebuild_now(gpointer data) {
  UnparkTimeline *self = data;
  self->rows_source = 0;
  unpark_timeline_rebuild(self);
  return G_SOURCE_REMOVE;
}

static void on_filter_changed(UnparkTimeline *self) {
  g_clear_handle_id(&self->rows_source, g_source_remove);
  self->rows_source = g_timeout_add(FILTER_DELAY_MS, rebuild_now, self);
}

static void flip(GHashTable *set, gint64 key) {
  if (!g_hash_table_remove(set, &key))
    g_hash_table_add(set, g_memdup2(&key, sizeof key));
}

void unpark_timeline_toggle_row(UnparkTimeline *self, guint n) {
  const UnparkRow *row = &self->rows->rows[n];
  if (row->type == UNPARK_ROW_SECTION)
    flip(self->open, -(1 + row->id));
  else if (row->type == UNPARK_ROW_GROUP)
    flip(self->open, UNPARK_GROUP_KEY(row->id, row->section == UNPARK_SECTION_SYSTEM));
  else if (row->type == UNPARK_ROW_GOROUTINE)
    flip(self->pinned, row->id);
  unpark_timeline_rebuild(self);
}

void unpark_timeline_set_all_open(UnparkTimeline *self, gboolean open) {
  self->all_open = open;
  g_hash_table_remove_all(self->open);
  unpark_timeline_rebuild(self);
}

void unpark_timeline_set_sort(UnparkTimeline *self, UnparkSort sort) {
  if (sort == self->sort)
    return;
  self->sort = sort;
  unpark_settings_set_int("timeline.sort", (int)sort);
  unpark_timeline_rebuild(self);
}

UnparkSort unpark_timeline_get_sort(UnparkTimeline *self) {
  return self->sort;
}

UnparkRows *unpark_timeline_get_rows(UnparkTimeline *self) {
  return self->rows;
}

const char *unpark_timeline_get_filter_error(UnparkTimeline *self) {
  return self->filter_error;
}

gboolean unpark_timeline_has_lanes(UnparkTimeline *self) {
  return self->n_painted > 0;
}

int unpark_timeline_row_at(UnparkTimeline *self, double y) {
  double at = y + unpark_timeline_scroll_y(self);
  if (!self->rows || self->rows->n == 0 || at < 0 || at >= (double)self->rows->height)
    return -1;
  return (int)unpark_rows_at(self->rows, at);
}

void unpark_timeline_show_row(UnparkTimeline *self, guint n) {
  const UnparkRow *row = &self->rows->rows[n];
  double y = (double)row->y, value = unpark_timeline_scroll_y(self);
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  if (!self->vadjustment)
    return;
  if (y < value)
    gtk_adjustment_set_value(self->vadjustment, y);
  else if (y + row->height > value + height)
    gtk_adjustment_set_value(self->vadjustment, y + row->height - height);
}

/* ---- Lanes ------------------------------------------------------------------------- */

static void want_rows(UnparkTimeline *self, GArray *keys, double y0, double y1) {
  if (y1 <= 0 || y0 >= (double)self->rows->height)
    return;
  for (guint i = unpark_rows_at(self->rows, MAX(y0, 0)); i < self->rows->n; i++) {
    UnparkLaneKey key;
    if ((double)self->rows->rows[i].y >= y1)
      return;
    if (unpark_row_lane(&self->rows->rows[i], &key))
      g_array_append_val(keys, key);
  }
}

void unpark_timeline_want_lanes(UnparkTimeline *self) {
  g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(UnparkLaneKey));
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  double y = unpark_timeline_scroll_y(self);
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  if (!self->rows || height <= 0)
    return;
  want_rows(self, keys, y, y + height);
  want_rows(self, keys, y + height, y + height + OVERSCAN_PX);
  want_rows(self, keys, y - OVERSCAN_PX, y);
  unpark_lane_cache_want(self->lanes, (const UnparkLaneKey *)(gconstpointer)keys->data, keys->len,
                         axis.start_ns, unpark_axis_end(&axis),
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

/* Opens what hides the row; TRUE if something was opened (the row comes later). */
static gboolean open_group_of(UnparkTimeline *self, gint64 goroutine) {
  UnparkStore *store = unpark_session_get_store(self->session);
  const UnparkGoroutine *g = unpark_store_goroutine(store, goroutine);
  if (!g)
    return FALSE;
  UnparkRowOptions options = {.open = self->open, .all_open = self->all_open};
  gint64 section = -(1 + (gint64)(g->system ? UNPARK_SECTION_SYSTEM : UNPARK_SECTION_GOROUTINES));
  gint64 group = UNPARK_GROUP_KEY(g->name_id, g->system);
  gboolean opened = FALSE;
  if (!unpark_row_is_open(&options, section)) {
    flip(self->open, section);
    opened = TRUE;
  }
  if (!unpark_row_is_open(&options, group)) {
    flip(self->open, group);
    opened = TRUE;
  }
  return opened;
}

static void show_pick(UnparkTimeline *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  UnparkRowType type = pick->type == UNPARK_PICK_PROC     ? UNPARK_ROW_PROC
                       : pick->type == UNPARK_PICK_THREAD ? UNPARK_ROW_THREAD
                       : pick->type == UNPARK_PICK_GROUP  ? UNPARK_ROW_GROUP
                                                          : UNPARK_ROW_GOROUTINE;
  if (!self->rows || pick->type == UNPARK_PICK_NONE || pick->type == UNPARK_PICK_ROW)
    return;
  int row = unpark_rows_find(self->rows, type, pick->id);
  if (row < 0)
    return;
  self->focus_row = row;
  unpark_timeline_show_row(self, (guint)row);
  unpark_timeline_announce(self);
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
  if ((pick->type == UNPARK_PICK_GOROUTINE || pick->type == UNPARK_PICK_SPAN) && self->rows &&
      unpark_rows_find(self->rows, UNPARK_ROW_GOROUTINE, pick->id) < 0 &&
      open_group_of(self, pick->id)) {
    self->reveal_pending = TRUE;
    unpark_timeline_rebuild(self);
    return;
  }
  show_pick(self);
}

double unpark_timeline_get_header_width(UnparkTimeline *self) {
  return self->header_width;
}

/* ---- Widget ------------------------------------------------------------------------ */

static void unpark_timeline_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UnparkTimeline *self = UNPARK_TIMELINE(widget);
  self->header_width =
      CLAMP(self->header_width, MIN_HEADER_WIDTH, MAX(width / 2, MIN_HEADER_WIDTH));
  sync_adjustments(self);
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
  unpark_timeline_paint(self, snapshot);
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
  g_clear_handle_id(&self->rows_source, g_source_remove);
  g_clear_handle_id(&self->proxies_source, g_source_remove);
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
  unpark_series_free(self->series);
  unpark_lane_cache_free(self->lanes);
  unpark_tile_cache_free(self->tiles);
  unpark_text_cache_free(self->texts);
  g_hash_table_unref(self->open);
  g_hash_table_unref(self->pinned);
  g_free(self->filter_error);
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
  gtk_widget_class_set_css_name(widget_class, "timeline");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  static const char *const names[] = {"header-width-changed", "rows-changed"};
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_TIMELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void unpark_timeline_init(UnparkTimeline *self) {
  self->open = new_set();
  self->pinned = new_set();
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
  g_signal_connect_object(session, "store-changed", G_CALLBACK(on_store_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "visible-changed", G_CALLBACK(on_visible_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-changed", G_CALLBACK(on_filter_changed), self,
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
    on_store_changed(self);
  return GTK_WIDGET(self);
}
