/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/overview.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "ui/kit/accessible.h"
#include "ui/lanes/lane-cache.h"
#include "ui/lanes/lane-raster.h"
#include "ui/kit/rgba.h"
#include "ui/lanes/series.h"
#include "ui/scene/surface-node.h"
#include "ui/kit/worker.h"
#include "ui/lanes/time-axis.h"

#define OVERVIEW_HEIGHT 56
#define GC_HEIGHT 5
#define GRIP_PX 6
#define WHEEL_STEP 1.25

typedef enum { DRAG_NONE, DRAG_LEFT, DRAG_RIGHT, DRAG_WINDOW, DRAG_NEW } DragKind;

struct _UnparkOverview {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkLaneCache *lanes;
  UnparkSeries *series;
  UnparkWorker worker;
  double pointer_x;

  GBytes *pixels[32];       /* of the picture below, side by side */
  GdkTexture *textures[32]; /* NULL until the renderer wants them */
  GskRenderNode *nodes[32]; /* the same */
  guint n_pictures;
  guint serial;
  int width, scale;
  gboolean dark;

  DragKind drag;
  double drag_from_ns, drag_to_ns, drag_x;
};

G_DEFINE_FINAL_TYPE(UnparkOverview, unpark_overview, GTK_TYPE_WIDGET)

static const cairo_user_data_key_t pixels_key;
static const UnparkLaneKey all_key = {UNPARK_LANE_ALL, 0};

static double first(UnparkOverview *self) {
  return (double)unpark_session_get_start(self->session);
}

static double last(UnparkOverview *self) {
  return (double)unpark_session_get_end(self->session);
}

static double duration(UnparkOverview *self) {
  return last(self) - first(self);
}

static UnparkTimeAxis axis_of(UnparkOverview *self) {
  return unpark_axis_new(first(self), last(self), gtk_widget_get_width(GTK_WIDGET(self)));
}

static GdkRGBA ink(const UnparkOverview *self, UnparkInk name, float alpha) {
  return unpark_rgba(unpark_palette_ink(name, self->dark), alpha);
}

static void box(GtkSnapshot *snapshot, double x, double y, double width, double height,
                GdkRGBA color) {
  if (width > 0)
    gtk_snapshot_append_color(snapshot, &color,
                              &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

/* ---- The picture ------------------------------------------------------------------- */

static void want(UnparkOverview *self) {
  int width = gtk_widget_get_width(GTK_WIDGET(self));
  if (width > 0 && unpark_session_get_store(self->session))
    unpark_lane_cache_want(self->lanes, &(const UnparkLaneWish){.key = all_key}, 1, first(self),
                           last(self),
                           duration(self) / width / gtk_widget_get_scale_factor(GTK_WIDGET(self)));
}

static void clear_picture(UnparkOverview *self) {
  for (guint i = 0; i < self->n_pictures; i++) {
    g_clear_pointer(&self->pixels[i], g_bytes_unref);
    g_clear_object(&self->textures[i]);
    g_clear_pointer(&self->nodes[i], gsk_render_node_unref);
  }
  self->n_pictures = 0;
}

static void over(const UnparkTile *tile, const UnparkSeries *series, int gc_height) {
  UnparkTile strip = *tile;
  if (!series)
    return;
  if (series->heap->len > 0)
    unpark_raster_plot(tile, (const UnparkSample *)(gconstpointer)series->heap->data,
                       series->heap->len, series->top_bytes,
                       unpark_palette_ink(UNPARK_INK_HEAP, tile->dark), FALSE);
  strip.pixels += (gsize)(tile->height - gc_height) * (gsize)tile->width;
  strip.height = gc_height;
  unpark_raster_stretches(&strip, (const UnparkStretch *)(gconstpointer)series->gc->data,
                          series->gc->len, unpark_palette_ink(UNPARK_INK_GC, tile->dark), 0,
                          gc_height);
  unpark_raster_stretches(&strip, (const UnparkStretch *)(gconstpointer)series->stw->data,
                          series->stw->len, unpark_palette_ink(UNPARK_INK_STW, tile->dark), 0,
                          gc_height);
}

/* One part: lanes above, collector marks below. */
static GBytes *make_part(UnparkOverview *self, const UnparkLaneData *data, int x0, int width) {
  double ns_per_px = duration(self) / (self->width * self->scale);
  int height = OVERVIEW_HEIGHT * self->scale, gc_height = GC_HEIGHT * self->scale;
  guint32 *pixels = g_new0(guint32, (gsize)width * (gsize)height);
  UnparkTile tile = {.from_ns = first(self) + x0 * ns_per_px,
                     .ns_per_px = ns_per_px,
                     .width = width,
                     .height = height - gc_height,
                     .dark = self->dark,
                     .pixels = pixels};
  unpark_raster_density(&tile, data->lane.items, data->lane.n_items, data->peak, data->active,
                        FALSE);
  tile.height = height;
  over(&tile, self->series, gc_height);
  return g_bytes_new_take(pixels, sizeof(guint32) * (gsize)width * (gsize)height);
}

static int part_width(const UnparkOverview *self, guint i) {
  return MIN(UNPARK_TILE_WIDTH, self->width * self->scale - (int)i * UNPARK_TILE_WIDTH);
}

static void update_picture(UnparkOverview *self) {
  const UnparkLaneData *data = unpark_lane_cache_get(self->lanes, &all_key);
  int width = gtk_widget_get_width(GTK_WIDGET(self));
  int scale = gtk_widget_get_scale_factor(GTK_WIDGET(self));
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  if (!data || (self->n_pictures > 0 && data->serial == self->serial && width == self->width &&
                scale == self->scale && dark == self->dark))
    return;
  clear_picture(self);
  self->serial = data->serial;
  self->width = width;
  self->scale = scale;
  self->dark = dark;
  for (int x = 0; x < width * scale && self->n_pictures < G_N_ELEMENTS(self->pixels);
       x += UNPARK_TILE_WIDTH) {
    guint i = self->n_pictures++;
    self->pixels[i] = make_part(self, data, x, part_width(self, i));
  }
}

static GskRenderNode *make_node(UnparkOverview *self, guint i) {
  /* Cairo's interface lacks a const; nobody draws on it. */
  guchar *data = (guchar *)(gsize)g_bytes_get_data(self->pixels[i], NULL);
  cairo_surface_t *surface =
      cairo_image_surface_create_for_data(data, CAIRO_FORMAT_ARGB32, part_width(self, i),
                                          OVERVIEW_HEIGHT * self->scale, part_width(self, i) * 4);
  cairo_surface_set_user_data(surface, &pixels_key, g_bytes_ref(self->pixels[i]),
                              (cairo_destroy_func_t)g_bytes_unref);
  GskRenderNode *node = unpark_surface_node(surface, self->scale);
  cairo_surface_destroy(surface);
  return node;
}

static void paint_surfaces(UnparkOverview *self, GtkSnapshot *snapshot) {
  for (guint i = 0; i < self->n_pictures; i++) {
    if (!self->nodes[i])
      self->nodes[i] = make_node(self, i);
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(
        snapshot, &GRAPHENE_POINT_INIT((float)i * UNPARK_TILE_WIDTH / (float)self->scale, 0));
    gtk_snapshot_append_node(snapshot, self->nodes[i]);
    gtk_snapshot_restore(snapshot);
  }
}

static void paint_textures(UnparkOverview *self, GtkSnapshot *snapshot) {
  for (guint i = 0; i < self->n_pictures; i++) {
    int width = part_width(self, i);
    if (!self->textures[i])
      self->textures[i] =
          gdk_memory_texture_new(width, OVERVIEW_HEIGHT * self->scale, GDK_MEMORY_DEFAULT,
                                 self->pixels[i], sizeof(guint32) * (gsize)width);
    gtk_snapshot_append_texture(
        snapshot, self->textures[i],
        &GRAPHENE_RECT_INIT((float)i * UNPARK_TILE_WIDTH / (float)self->scale, 0,
                            (float)width / (float)self->scale, OVERVIEW_HEIGHT));
  }
}

static void paint_window(UnparkOverview *self, GtkSnapshot *snapshot) {
  UnparkTimeAxis axis = axis_of(self);
  double from, to;
  unpark_session_get_visible(self->session, &from, &to);
  double x0 = MAX(unpark_axis_x(&axis, from), 0);
  double x1 = MIN(unpark_axis_x(&axis, to), axis.width);
  if (x1 - x0 < 3)
    x1 = x0 + 3;
  GdkRGBA veil = ink(self, UNPARK_INK_BACKGROUND, 0.62f);
  GdkRGBA accent = ink(self, UNPARK_INK_ACCENT, 1);
  box(snapshot, 0, 0, x0, OVERVIEW_HEIGHT, veil);
  box(snapshot, x1, 0, axis.width - x1, OVERVIEW_HEIGHT, veil);
  box(snapshot, x0, 0, x1 - x0, 1, accent);
  box(snapshot, x0, OVERVIEW_HEIGHT - 1, x1 - x0, 1, accent);
  box(snapshot, x0, 0, 2, OVERVIEW_HEIGHT, accent);
  box(snapshot, x1 - 2, 0, 2, OVERVIEW_HEIGHT, accent);
  box(snapshot, x0 - 1, OVERVIEW_HEIGHT / 2.0 - 8, 4, 16, accent);
  box(snapshot, x1 - 3, OVERVIEW_HEIGHT / 2.0 - 8, 4, 16, accent);
}

static void unpark_overview_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkOverview *self = UNPARK_OVERVIEW(widget);
  UnparkTimeAxis axis = axis_of(self);
  gint64 from, to;
  update_picture(self);
  box(snapshot, 0, 0, axis.width, OVERVIEW_HEIGHT, ink(self, UNPARK_INK_STRIPE, 1));
  if (GSK_IS_CAIRO_RENDERER(gtk_native_get_renderer(gtk_widget_get_native(widget))))
    paint_surfaces(self, snapshot);
  else
    paint_textures(self, snapshot);
  if (unpark_session_get_selected_time(self->session, &from, &to))
    box(snapshot, unpark_axis_x(&axis, (double)from), 0,
        MAX((double)(to - from) / axis.ns_per_px, 1), OVERVIEW_HEIGHT,
        ink(self, UNPARK_INK_ACCENT, 0.25f));
  paint_window(self, snapshot);
}

static void on_lanes(gpointer data) {
  gtk_widget_queue_draw(GTK_WIDGET(data));
}

static gpointer read_series(gpointer store, GCancellable *cancellable, GError **error) {
  return unpark_series_read(store, cancellable, error);
}

static void on_series(gpointer owner, gpointer store, gpointer series, const GError *error) {
  UnparkOverview *self = owner;
  if (!series) {
    g_warning("Metrics cannot be read: %s", error->message);
    return;
  }
  g_clear_pointer(&self->series, unpark_series_unref);
  self->series = series;
  self->serial = 0;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static const UnparkWork reading_series = {read_series, on_series,
                                          (GDestroyNotify)unpark_store_unref,
                                          (GDestroyNotify)unpark_series_unref};

static void on_store_changed(UnparkOverview *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  unpark_lane_cache_set_store(self->lanes, store);
  unpark_worker_run(&self->worker, self, &reading_series, unpark_store_ref(store));
  want(self);
}

/* ---- Input ------------------------------------------------------------------------- */

static DragKind kind_at(UnparkOverview *self, double x) {
  UnparkTimeAxis axis = axis_of(self);
  double from, to;
  unpark_session_get_visible(self->session, &from, &to);
  double x0 = unpark_axis_x(&axis, from), x1 = unpark_axis_x(&axis, to);
  if (fabs(x - x0) <= GRIP_PX)
    return DRAG_LEFT;
  if (fabs(x - x1) <= GRIP_PX)
    return DRAG_RIGHT;
  if (x > x0 && x < x1 && to - from < duration(self) * 0.98)
    return DRAG_WINDOW;
  return DRAG_NEW;
}

static void show(UnparkOverview *self, double from, double to) {
  double a = MIN(from, to), b = MAX(from, to);
  unpark_axis_clamp(&a, &b, first(self), last(self));
  unpark_session_set_visible(self->session, a, b);
}

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, UnparkOverview *self) {
  self->drag = kind_at(self, x);
  self->drag_x = x;
  unpark_session_get_visible(self->session, &self->drag_from_ns, &self->drag_to_ns);
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy, UnparkOverview *self) {
  UnparkTimeAxis axis = axis_of(self);
  double by = dx * axis.ns_per_px;
  switch (self->drag) {
  case DRAG_LEFT:
    show(self, CLAMP(self->drag_from_ns + by, first(self), last(self)), self->drag_to_ns);
    break;
  case DRAG_RIGHT:
    show(self, self->drag_from_ns, CLAMP(self->drag_to_ns + by, first(self), last(self)));
    break;
  case DRAG_WINDOW:
    show(self, self->drag_from_ns + by, self->drag_to_ns + by);
    break;
  case DRAG_NEW:
    if (fabs(dx) > 3)
      show(self, CLAMP(unpark_axis_ns(&axis, self->drag_x), 0, duration(self)),
           CLAMP(unpark_axis_ns(&axis, self->drag_x + dx), 0, duration(self)));
    break;
  case DRAG_NONE:
  default:
    break;
  }
}

/* A click outside the window brings the window there. */
static void on_drag_end(GtkGestureDrag *gesture, double dx, double dy, UnparkOverview *self) {
  UnparkTimeAxis axis = axis_of(self);
  double half = (self->drag_to_ns - self->drag_from_ns) / 2;
  double at = unpark_axis_ns(&axis, self->drag_x);
  if (self->drag == DRAG_NEW && fabs(dx) <= 3)
    show(self, at - half, at + half);
  self->drag = DRAG_NONE;
}

static void on_motion(GtkEventControllerMotion *controller, double x, double y,
                      UnparkOverview *self) {
  static const char *const cursors[] = {[DRAG_LEFT] = "col-resize",
                                        [DRAG_RIGHT] = "col-resize",
                                        [DRAG_WINDOW] = "grab",
                                        [DRAG_NEW] = "crosshair"};
  self->pointer_x = x;
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self), cursors[kind_at(self, x)]);
}

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy,
                          UnparkOverview *self) {
  UnparkTimeAxis axis = axis_of(self);
  double from, to, factor = pow(WHEEL_STEP, dy);
  double at = unpark_axis_ns(&axis, self->pointer_x);
  unpark_session_get_visible(self->session, &from, &to);
  at = CLAMP(at, from, to);
  show(self, at - (at - from) * factor, at + (to - at) * factor);
  return GDK_EVENT_STOP;
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code,
                       GdkModifierType state, UnparkOverview *self) {
  double from, to;
  unpark_session_get_visible(self->session, &from, &to);
  double step = (to - from) / 8;
  switch (key) {
  case GDK_KEY_Left:
    show(self, from - step, to - step);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
    show(self, from + step, to + step);
    return GDK_EVENT_STOP;
  case GDK_KEY_plus:
    show(self, from + step, to - step);
    return GDK_EVENT_STOP;
  case GDK_KEY_minus:
    show(self, from - step, to + step);
    return GDK_EVENT_STOP;
  case GDK_KEY_Home:
    show(self, 0, duration(self));
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

/* ---- Widget ------------------------------------------------------------------------ */

static void unpark_overview_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                    int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? OVERVIEW_HEIGHT : 100;
}

static void unpark_overview_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  want(UNPARK_OVERVIEW(widget));
}

static void unpark_overview_dispose(GObject *object) {
  UnparkOverview *self = UNPARK_OVERVIEW(object);
  unpark_worker_cancel(&self->worker);
  clear_picture(self);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_overview_parent_class)->dispose(object);
}

static void unpark_overview_finalize(GObject *object) {
  UnparkOverview *self = UNPARK_OVERVIEW(object);
  unpark_lane_cache_free(self->lanes);
  g_clear_pointer(&self->series, unpark_series_unref);
  G_OBJECT_CLASS(unpark_overview_parent_class)->finalize(object);
}

static void unpark_overview_class_init(UnparkOverviewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_overview_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_overview_finalize;
  widget_class->snapshot = unpark_overview_snapshot;
  widget_class->measure = unpark_overview_measure;
  widget_class->size_allocate = unpark_overview_size_allocate;
  gtk_widget_class_set_css_name(widget_class, "overview");
}

static void unpark_overview_init(UnparkOverview *self) {
  GtkGesture *drag = gtk_gesture_drag_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  self->lanes = unpark_lane_cache_new(on_lanes, self);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(drag));
  gtk_widget_add_controller(GTK_WIDGET(self), motion);
  gtk_widget_add_controller(GTK_WIDGET(self), scroll);
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  unpark_accessible_name(GTK_WIDGET(self), _("Overview of the whole trace"));
}

GtkWidget *unpark_overview_new(UnparkSession *session) {
  UnparkOverview *self = g_object_new(UNPARK_TYPE_OVERVIEW, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(on_store_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "visible-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "selection-changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  if (unpark_session_get_store(session))
    on_store_changed(self);
  return GTK_WIDGET(self);
}
