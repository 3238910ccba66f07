/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/services/graph.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "model/flame/graph/colour.h"
#include "ui/kit/accessible.h"
#include "ui/kit/rgba.h"
#include "ui/text/format.h"

#define HEAD_PX 8
#define STRIPE_PX 5
#define OTHER_SERVICES 11
#define LABEL_PAD 4

struct _UnparkServicesGraph {
  UnparkCanvas parent_instance;

  UnparkServices *services; /* NULL: nothing */
  UnparkServicesLayout layout;
  int focus, picked, hover; /* -1: none */
  int width, height;        /* as allocated last */
};

G_DEFINE_FINAL_TYPE(UnparkServicesGraph, unpark_services_graph, UNPARK_TYPE_CANVAS)

static guint picked_signal;

/* ---- Places ------------------------------------------------------------------------------- */

/* What is smaller than the widget is in its middle. */
static double left_of(UnparkServicesGraph *self) {
  double scroll = unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_HORIZONTAL);
  return floor(MAX((self->width - self->layout.width) / 2, 0)) - round(scroll);
}

static double top_of(UnparkServicesGraph *self) {
  double scroll = unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL);
  return floor(MAX((self->height - self->layout.height) / 2, 0)) - round(scroll);
}

static void sync_range(UnparkCanvas *canvas) {
  UnparkServicesGraph *self = UNPARK_SERVICES_GRAPH(canvas);
  const struct {
    GtkOrientation orientation;
    double total, page;
  } axes[] = {{GTK_ORIENTATION_HORIZONTAL, self->layout.width, self->width},
              {GTK_ORIENTATION_VERTICAL, self->layout.height, self->height}};
  for (guint i = 0; i < G_N_ELEMENTS(axes); i++) {
    double scroll = unpark_canvas_get_scroll(canvas, axes[i].orientation);
    unpark_canvas_set_range(canvas, axes[i].orientation,
                            CLAMP(scroll, 0, MAX(axes[i].total - axes[i].page, 0)), 0,
                            MAX(axes[i].total, axes[i].page), 40, axes[i].page * 0.9, axes[i].page);
  }
}

static void scrolled(UnparkCanvas *canvas, GtkOrientation orientation, double by) {
  gtk_widget_queue_draw(GTK_WIDGET(canvas));
  unpark_canvas_tell_later(canvas);
}

/* ---- In words ----------------------------------------------------------------------------- */

static const char *name_of(const UnparkServices *s, gint32 service) {
  const char *name = unpark_traces_text(s->traces, s->services[service].service);
  return *name ? name : _("(service without a name)");
}

static char *counts_of(const UnparkServiceNode *service) {
  char spans[UNPARK_FORMAT_SIZE], errors[UNPARK_FORMAT_SIZE];
  unpark_format_count(service->spans, spans);
  unpark_format_count(service->errors, errors);
  g_autofree char *count =
      g_strdup_printf(ngettext("%s span", "%s spans", (gulong)service->spans), spans);
  g_autofree char *failed =
      g_strdup_printf(ngettext("%s error", "%s errors", (gulong)service->errors), errors);
  return service->errors > 0 ? g_strdup_printf("%s · %s", count, failed) : g_steal_pointer(&count);
}

static char *edge_label(const UnparkServiceEdge *edge) {
  char calls[UNPARK_FORMAT_SIZE], lost[UNPARK_FORMAT_SIZE];
  unpark_format_count(edge->calls, calls);
  if (edge->lost == 0)
    return g_strdup_printf(ngettext("%s call", "%s calls", (gulong)edge->calls), calls);
  /* Translators: calls, calls whose context was lost */
  return g_strdup_printf(_("%s, %s lost"), calls, unpark_format_count(edge->lost, lost));
}

static char *edge_words(const UnparkServices *s, const UnparkServiceEdge *edge) {
  g_autofree char *label = edge_label(edge);
  char joined[UNPARK_FORMAT_SIZE], errors[UNPARK_FORMAT_SIZE];
  /* Translators: service, service, calls, share, count */
  return g_strdup_printf(_("From %s to %s: %s, %s joined, %s with errors"),
                         name_of(s, edge->caller), name_of(s, edge->callee), label,
                         unpark_format_share((double)edge->joined, (double)edge->calls, joined),
                         unpark_format_count(edge->errors, errors));
}

static char *service_words(const UnparkServices *s, int service) {
  g_autofree char *counts = counts_of(&s->services[service]);
  return g_strdup_printf("%s, %s", name_of(s, service), counts);
}

static void announce(UnparkServicesGraph *self) {
  g_autofree char *name = NULL;
  if (self->focus >= 0 && gtk_widget_has_focus(GTK_WIDGET(self)))
    name = service_words(self->services, self->focus);
  unpark_accessible_name(GTK_WIDGET(self), name ? name : _("Services and their calls"));
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
}

/* ---- Painting ----------------------------------------------------------------------------- */

typedef struct {
  UnparkServicesGraph *self;
  const UnparkServices *s;
  GtkSnapshot *snapshot;
  UnparkTextCache *texts;
  gboolean dark;
  double left, top;
} Frame;

/* Of an arrow: from the right side of the caller to the left side of the callee; back to one that
 * is not further right, around below. */
typedef struct {
  double x0, y0, x1, y1, bend;
} Curve;

static Curve curve_of(const Frame *f, const UnparkServiceEdge *edge) {
  const UnparkServicesPlace *a = &f->self->layout.places[edge->caller];
  const UnparkServicesPlace *b = &f->self->layout.places[edge->callee];
  Curve c = {f->left + a->x + UNPARK_SERVICES_BOX_WIDTH,
             f->top + a->y + UNPARK_SERVICES_BOX_HEIGHT / 2.0, f->left + b->x,
             f->top + b->y + UNPARK_SERVICES_BOX_HEIGHT / 2.0, 0};
  c.bend = MAX((c.x1 - c.x0) / 2, UNPARK_SERVICES_GAP_X / 2.0);
  return c;
}

static gboolean is_dim(const UnparkServicesGraph *self, const UnparkServiceEdge *edge) {
  return self->picked >= 0 && edge->caller != self->picked && edge->callee != self->picked;
}

static void paint_edge(const Frame *f, cairo_t *cr, const UnparkServiceEdge *edge) {
  Curve c = curve_of(f, edge);
  double share = edge->calls > 0 ? (double)(edge->errors + edge->lost) / (double)edge->calls : 0;
  GdkRGBA ink = share > 0 ? unpark_ink(UNPARK_INK_STW, is_dim(f->self, edge) ? 0.3 : 1)
                          : unpark_ink(UNPARK_INK_DIM_TEXT, is_dim(f->self, edge) ? 0.3 : 1);
  gdk_cairo_set_source_rgba(cr, &ink);
  cairo_set_line_width(cr, CLAMP(1 + log10((double)MAX(edge->calls, 1)) / 2, 1, 4));
  cairo_move_to(cr, c.x0, c.y0);
  cairo_curve_to(cr, c.x0 + c.bend, c.y0, c.x1 - c.bend, c.y1, c.x1 - HEAD_PX, c.y1);
  cairo_stroke(cr);
  cairo_move_to(cr, c.x1, c.y1);
  cairo_line_to(cr, c.x1 - HEAD_PX, c.y1 - HEAD_PX / 2.0);
  cairo_line_to(cr, c.x1 - HEAD_PX, c.y1 + HEAD_PX / 2.0);
  cairo_close_path(cr);
  cairo_fill(cr);
}

static void paint_label(const Frame *f, const UnparkServiceEdge *edge) {
  Curve c = curve_of(f, edge);
  g_autofree char *label = edge_label(edge);
  GdkRGBA ink = unpark_ink(edge->lost > 0 ? UNPARK_INK_STW : UNPARK_INK_TEXT,
                           is_dim(f->self, edge) ? 0.4 : 1);
  GdkRGBA paper = unpark_ink(UNPARK_INK_BACKGROUND, 0.85);
  int width, height;
  unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, label, &width, &height);
  double x = floor((c.x0 + c.x1 - width) / 2), y = floor((c.y0 + c.y1) / 2 - height / 2.0);
  gtk_snapshot_append_color(f->snapshot, &paper,
                            &GRAPHENE_RECT_INIT((float)x - LABEL_PAD, (float)y,
                                                (float)(width + 2 * LABEL_PAD), (float)height));
  unpark_text_cache_append(f->texts, f->snapshot, UNPARK_TEXT_SMALL, label, x, y, &ink);
}

static void paint_box(const Frame *f, int service) {
  const UnparkServiceNode *s = &f->s->services[service];
  const UnparkServicesPlace *p = &f->self->layout.places[service];
  double x = f->left + p->x, y = f->top + p->y;
  guint rank = MIN(s->rank, OTHER_SERVICES);
  GdkRGBA colour = unpark_rgba(unpark_flame_fill(UNPARK_FLAME_CLASS_PACKAGE + rank, f->dark), 1);
  GdkRGBA paper = unpark_ink(UNPARK_INK_STRIPE, 1), text = unpark_ink(UNPARK_INK_TEXT, 1);
  GdkRGBA small = unpark_ink(s->errors > 0 ? UNPARK_INK_STW : UNPARK_INK_DIM_TEXT, 1);
  gboolean focus = service == f->self->focus && gtk_widget_has_focus(GTK_WIDGET(f->self));
  GdkRGBA line = unpark_ink(focus || service == f->self->picked ? UNPARK_INK_ACCENT
                            : service == f->self->hover         ? UNPARK_INK_TEXT
                                                                : UNPARK_INK_LINE,
                            1);
  float thick = focus || service == f->self->picked ? 2 : 1;
  g_autofree char *counts = counts_of(s);
  GskRoundedRect shape;
  gsk_rounded_rect_init_from_rect(&shape,
                                  &GRAPHENE_RECT_INIT((float)x, (float)y, UNPARK_SERVICES_BOX_WIDTH,
                                                      UNPARK_SERVICES_BOX_HEIGHT),
                                  6);
  gtk_snapshot_push_rounded_clip(f->snapshot, &shape);
  gtk_snapshot_append_color(f->snapshot, &paper, &shape.bounds);
  gtk_snapshot_append_color(
      f->snapshot, &colour,
      &GRAPHENE_RECT_INIT((float)x, (float)y, STRIPE_PX, UNPARK_SERVICES_BOX_HEIGHT));
  unpark_text_cache_append(f->texts, f->snapshot, UNPARK_TEXT_BOLD, name_of(f->s, service), x + 14,
                           y + 6, &text);
  unpark_text_cache_append(f->texts, f->snapshot, UNPARK_TEXT_SMALL, counts, x + 14, y + 25,
                           &small);
  gtk_snapshot_pop(f->snapshot);
  gtk_snapshot_append_border(f->snapshot, &shape, (float[4]){thick, thick, thick, thick},
                             (GdkRGBA[4]){line, line, line, line});
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkServicesGraph *self = UNPARK_SERVICES_GRAPH(widget);
  GdkRGBA paper = unpark_ink(UNPARK_INK_BACKGROUND, 1);
  graphene_rect_t all = GRAPHENE_RECT_INIT(0, 0, (float)self->width, (float)self->height);
  gtk_snapshot_append_color(snapshot, &paper, &all);
  if (!self->services)
    return;
  Frame f = {self,
             self->services,
             snapshot,
             unpark_canvas_get_texts(UNPARK_CANVAS(self)),
             adw_style_manager_get_dark(adw_style_manager_get_default()),
             left_of(self),
             top_of(self)};
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &all);
  for (guint i = 0; i < f.s->n_edges; i++)
    paint_edge(&f, cr, &f.s->edges[i]);
  cairo_destroy(cr);
  for (guint i = 0; i < f.s->n_edges; i++)
    paint_label(&f, &f.s->edges[i]);
  for (guint i = 0; i < f.s->n_services; i++)
    paint_box(&f, (int)i);
}

/* ---- Assistive technology ----------------------------------------------------------------- */

static void tell(UnparkCanvas *canvas) {
  UnparkServicesGraph *self = UNPARK_SERVICES_GRAPH(canvas);
  const UnparkServices *s = self->services;
  double left = left_of(self), top = top_of(self);
  for (guint i = 0; s && i < s->n_services; i++) {
    const UnparkServicesPlace *p = &self->layout.places[i];
    g_autofree char *name = service_words(s, (int)i);
    GdkRectangle area = {(int)(left + p->x), (int)(top + p->y), UNPARK_SERVICES_BOX_WIDTH,
                         UNPARK_SERVICES_BOX_HEIGHT};
    unpark_canvas_tell(canvas, name, &area);
  }
  for (guint i = 0; s && i < s->n_edges; i++) {
    const UnparkServicesPlace *a = &self->layout.places[s->edges[i].caller];
    const UnparkServicesPlace *b = &self->layout.places[s->edges[i].callee];
    g_autofree char *name = edge_words(s, &s->edges[i]);
    GdkRectangle area = {(int)(left + (a->x + b->x + UNPARK_SERVICES_BOX_WIDTH) / 2) - 20,
                         (int)(top + (a->y + b->y + UNPARK_SERVICES_BOX_HEIGHT) / 2) - 8, 40, 16};
    unpark_canvas_tell(canvas, name, &area);
  }
}

/* ---- Input -------------------------------------------------------------------------------- */

static void pick(UnparkServicesGraph *self, int service) {
  if (service >= 0)
    self->focus = service;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  announce(self);
  if (service == self->picked)
    return;
  self->picked = service;
  g_signal_emit(self, picked_signal, 0);
}

static int service_at(UnparkServicesGraph *self, double x, double y) {
  return self->services ? unpark_services_layout_find(&self->layout, self->services->n_services,
                                                      x - left_of(self), y - top_of(self))
                        : -1;
}

static void on_released(GtkGestureClick *gesture, int n_press, double x, double y,
                        UnparkServicesGraph *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self));
  pick(self, service_at(self, x, y));
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y,
                      UnparkServicesGraph *self) {
  int hover = service_at(self, x, y);
  if (hover == self->hover)
    return;
  self->hover = hover;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void on_leave(GtkEventControllerMotion *motion, UnparkServicesGraph *self) {
  self->hover = -1;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void show_focus(UnparkServicesGraph *self) {
  const UnparkServicesPlace *p = &self->layout.places[self->focus];
  UnparkCanvas *canvas = UNPARK_CANVAS(self);
  double x = unpark_canvas_get_scroll(canvas, GTK_ORIENTATION_HORIZONTAL);
  double y = unpark_canvas_get_scroll(canvas, GTK_ORIENTATION_VERTICAL);
  double right = p->x + UNPARK_SERVICES_BOX_WIDTH + UNPARK_SERVICES_MARGIN - self->width;
  double bottom = p->y + UNPARK_SERVICES_BOX_HEIGHT + UNPARK_SERVICES_MARGIN - self->height;
  unpark_canvas_scroll_to(canvas, GTK_ORIENTATION_HORIZONTAL,
                          CLAMP(x, right, MAX(p->x - UNPARK_SERVICES_MARGIN, right)));
  unpark_canvas_scroll_to(canvas, GTK_ORIENTATION_VERTICAL,
                          CLAMP(y, bottom, MAX(p->y - UNPARK_SERVICES_MARGIN, bottom)));
}

static void walk(UnparkServicesGraph *self, int dx, int dy) {
  self->focus =
      unpark_services_layout_step(&self->layout, self->services->n_services, self->focus, dx, dy);
  show_focus(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
  announce(self);
}

static gboolean on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                       UnparkServicesGraph *self) {
  if (!self->services || self->focus < 0 || state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Left:
  case GDK_KEY_Right:
    walk(self, key == GDK_KEY_Left ? -1 : 1, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_Up:
  case GDK_KEY_Down:
    walk(self, 0, key == GDK_KEY_Up ? -1 : 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_space:
    pick(self, self->focus);
    return GDK_EVENT_STOP;
  case GDK_KEY_Escape:
    if (self->picked < 0)
      return GDK_EVENT_PROPAGATE;
    pick(self, -1);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  UnparkServicesGraph *self = UNPARK_SERVICES_GRAPH(widget);
  int service = keyboard ? -1 : service_at(self, x, y);
  if (service < 0)
    return FALSE;
  g_autofree char *text = service_words(self->services, service);
  gtk_tooltip_set_text(tooltip, text);
  return TRUE;
}

static void on_focus(UnparkServicesGraph *self) {
  announce(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* ---- Widget ------------------------------------------------------------------------------- */

int unpark_services_graph_get_picked(UnparkServicesGraph *self) {
  return self->picked;
}

static int same_service(const UnparkServices *old, int picked, const UnparkServices *services) {
  for (guint i = 0; old && services && picked >= 0 && i < services->n_services; i++)
    if (g_str_equal(name_of(old, picked), name_of(services, (gint32)i)))
      return (int)i;
  return -1;
}

/* Where nobody calls from. */
static int first_service(const UnparkServicesGraph *self) {
  guint n = self->services ? self->services->n_services : 0;
  for (guint i = 0; i < n; i++)
    if (self->layout.places[i].column == 0 && self->layout.places[i].row == 0)
      return (int)i;
  return -1;
}

void unpark_services_graph_show(UnparkServicesGraph *self, UnparkServices *services) {
  UnparkServices *old = self->services;
  self->picked = same_service(old, self->picked, services);
  self->hover = -1;
  self->services = services ? unpark_services_ref(services) : NULL;
  unpark_services_unref(old);
  if (services)
    unpark_services_layout_make(&self->layout, services);
  else
    unpark_services_layout_clear(&self->layout);
  self->focus = self->picked >= 0 ? self->picked : first_service(self);
  sync_range(UNPARK_CANVAS(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
  announce(self);
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UnparkServicesGraph *self = UNPARK_SERVICES_GRAPH(widget);
  if (width != self->width || height != self->height) {
    self->width = width;
    self->height = height;
    sync_range(UNPARK_CANVAS(self));
    unpark_canvas_tell_later(UNPARK_CANVAS(self));
  }
  GTK_WIDGET_CLASS(unpark_services_graph_parent_class)
      ->size_allocate(widget, width, height, baseline);
}

static void measure_widget(GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline) {
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 90;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 600 : 240;
}

static void unpark_services_graph_finalize(GObject *object) {
  UnparkServicesGraph *self = UNPARK_SERVICES_GRAPH(object);
  unpark_services_unref(self->services);
  unpark_services_layout_clear(&self->layout);
  G_OBJECT_CLASS(unpark_services_graph_parent_class)->finalize(object);
}

static void unpark_services_graph_class_init(UnparkServicesGraphClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  UnparkCanvasClass *canvas_class = UNPARK_CANVAS_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = unpark_services_graph_finalize;
  widget_class->size_allocate = size_allocate;
  widget_class->measure = measure_widget;
  widget_class->snapshot = snapshot;
  canvas_class->sync = sync_range;
  canvas_class->scrolled = scrolled;
  canvas_class->tell = tell;
  gtk_widget_class_set_css_name(widget_class, "servicegraph");
  picked_signal = g_signal_new("picked", UNPARK_TYPE_SERVICES_GRAPH, G_SIGNAL_RUN_LAST, 0, NULL,
                               NULL, NULL, G_TYPE_NONE, 0);
}

static void unpark_services_graph_init(UnparkServicesGraph *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  GtkGesture *click = gtk_gesture_click_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  self->focus = self->picked = self->hover = -1;
  gtk_widget_set_has_tooltip(widget, TRUE);
  g_signal_connect(click, "released", G_CALLBACK(on_released), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect(self, "notify::has-focus", G_CALLBACK(on_focus), NULL);
  g_signal_connect(self, "query-tooltip", G_CALLBACK(on_tooltip), NULL);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, keys);
  announce(self);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}
