/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/canvas.h"

#include "ui/kit/proxy.h"

/* So long after the last change, ms. */
#define TELL_DELAY_MS 200

/* Indices are GtkOrientation. */
#define N_ORIENTATIONS (GTK_ORIENTATION_VERTICAL + 1)

typedef struct {
  GtkAdjustment *adjustments[N_ORIENTATIONS];
  GtkScrollablePolicy policies[N_ORIENTATIONS];
  double values[N_ORIENTATIONS]; /* of the adjustments, when we looked last */
  gboolean syncing;              /* we move the adjustments ourselves */
  UnparkTextCache *texts;
  GPtrArray *stand_ins; /* NULL once disposed of */
  guint n_told;         /* stand-ins in use */
  guint tell_source;
} UnparkCanvasPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_CODE(UnparkCanvas, unpark_canvas, GTK_TYPE_WIDGET,
                                 G_ADD_PRIVATE(UnparkCanvas)
                                     G_IMPLEMENT_INTERFACE(GTK_TYPE_SCROLLABLE, NULL))

enum { PROP_HADJUSTMENT = 1, PROP_VADJUSTMENT, PROP_HSCROLL_POLICY, PROP_VSCROLL_POLICY };

static UnparkCanvasPrivate *private_of(UnparkCanvas *self) {
  return unpark_canvas_get_instance_private(self);
}

/* ---- Scrolling ------------------------------------------------------------------------ */

double unpark_canvas_get_scroll(UnparkCanvas *self, GtkOrientation orientation) {
  GtkAdjustment *adjustment = private_of(self)->adjustments[orientation];
  return adjustment ? gtk_adjustment_get_value(adjustment) : 0;
}

void unpark_canvas_scroll_to(UnparkCanvas *self, GtkOrientation orientation, double value) {
  GtkAdjustment *adjustment = private_of(self)->adjustments[orientation];
  if (adjustment)
    gtk_adjustment_set_value(adjustment, value);
}

void unpark_canvas_set_range(UnparkCanvas *self, GtkOrientation orientation, double value,
                             double lower, double upper, double step, double page_step,
                             double page) {
  UnparkCanvasPrivate *p = private_of(self);
  GtkAdjustment *adjustment = p->adjustments[orientation];
  if (!adjustment)
    return;
  p->syncing = TRUE;
  gtk_adjustment_configure(adjustment, value, lower, upper, step, page_step, page);
  p->syncing = FALSE;
  p->values[orientation] = gtk_adjustment_get_value(adjustment);
}

static void on_value(UnparkCanvas *self, GtkAdjustment *adjustment) {
  UnparkCanvasPrivate *p = private_of(self);
  GtkOrientation orientation = adjustment == p->adjustments[GTK_ORIENTATION_VERTICAL]
                                   ? GTK_ORIENTATION_VERTICAL
                                   : GTK_ORIENTATION_HORIZONTAL;
  double value = gtk_adjustment_get_value(adjustment), by = value - p->values[orientation];
  if (p->syncing)
    return;
  p->values[orientation] = value;
  UNPARK_CANVAS_GET_CLASS(self)->scrolled(self, orientation, by);
}

static void set_adjustment(UnparkCanvas *self, GtkOrientation orientation,
                           GtkAdjustment *adjustment) {
  GtkAdjustment **slot = &private_of(self)->adjustments[orientation];
  if (*slot) {
    g_signal_handlers_disconnect_by_data(*slot, self);
    g_clear_object(slot);
  }
  if (!adjustment)
    return;
  *slot = g_object_ref_sink(adjustment);
  g_signal_connect_swapped(adjustment, "value-changed", G_CALLBACK(on_value), self);
  UNPARK_CANVAS_GET_CLASS(self)->sync(self);
}

/* ---- Texts ------------------------------------------------------------------------------ */

UnparkTextCache *unpark_canvas_get_texts(UnparkCanvas *self) {
  return private_of(self)->texts;
}

static void unpark_canvas_css_changed(GtkWidget *widget, GtkCssStyleChange *change) {
  UnparkCanvas *self = UNPARK_CANVAS(widget);
  GTK_WIDGET_CLASS(unpark_canvas_parent_class)->css_changed(widget, change);
  unpark_text_cache_clear(private_of(self)->texts);
  if (UNPARK_CANVAS_GET_CLASS(self)->restyled)
    UNPARK_CANVAS_GET_CLASS(self)->restyled(self);
}

/* ---- What assistive technology is told ------------------------------------------------------ */

void unpark_canvas_tell(UnparkCanvas *self, const char *name, const GdkRectangle *area) {
  UnparkCanvasPrivate *p = private_of(self);
  if (p->n_told == p->stand_ins->len) {
    GtkWidget *fresh = unpark_proxy_new();
    gtk_widget_set_parent(fresh, GTK_WIDGET(self));
    g_ptr_array_add(p->stand_ins, fresh);
  }
  GtkWidget *stand_in = p->stand_ins->pdata[p->n_told++];
  gtk_widget_set_visible(stand_in, TRUE);
  unpark_proxy_set(UNPARK_PROXY(stand_in), name, area);
}

guint unpark_canvas_get_n_told(UnparkCanvas *self) {
  return private_of(self)->n_told;
}

static gboolean tell_now(gpointer data) {
  UnparkCanvas *self = data;
  UnparkCanvasPrivate *p = private_of(self);
  p->tell_source = 0;
  gtk_accessible_update_state(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_STATE_BUSY, FALSE, -1);
  p->n_told = 0;
  UNPARK_CANVAS_GET_CLASS(self)->tell(self);
  for (guint i = p->n_told; i < p->stand_ins->len; i++)
    gtk_widget_set_visible(p->stand_ins->pdata[i], FALSE);
  gtk_widget_queue_allocate(GTK_WIDGET(self));
  return G_SOURCE_REMOVE;
}

void unpark_canvas_tell_later(UnparkCanvas *self) {
  UnparkCanvasPrivate *p = private_of(self);
  if (!p->stand_ins)
    return;
  if (p->tell_source == 0) /* what is told is not what is shown */
    gtk_accessible_update_state(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_STATE_BUSY, TRUE, -1);
  g_clear_handle_id(&p->tell_source, g_source_remove);
  p->tell_source = g_timeout_add(TELL_DELAY_MS, tell_now, self);
}

static void unpark_canvas_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  GPtrArray *stand_ins = private_of(UNPARK_CANVAS(widget))->stand_ins;
  for (guint i = 0; i < stand_ins->len; i++)
    if (gtk_widget_should_layout(stand_ins->pdata[i]))
      unpark_proxy_allocate(stand_ins->pdata[i]);
}

/* ---- Object ----------------------------------------------------------------------------- */

static GtkOrientation orientation_of(guint property) {
  return property == PROP_VADJUSTMENT || property == PROP_VSCROLL_POLICY
             ? GTK_ORIENTATION_VERTICAL
             : GTK_ORIENTATION_HORIZONTAL;
}

static void unpark_canvas_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) {
  UnparkCanvasPrivate *p = private_of(UNPARK_CANVAS(object));
  switch (id) {
  case PROP_HADJUSTMENT:
  case PROP_VADJUSTMENT:
    g_value_set_object(value, p->adjustments[orientation_of(id)]);
    break;
  case PROP_HSCROLL_POLICY:
  case PROP_VSCROLL_POLICY:
    g_value_set_enum(value, (int)p->policies[orientation_of(id)]);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void unpark_canvas_set_property(GObject *object, guint id, const GValue *value,
                                       GParamSpec *spec) {
  UnparkCanvas *self = UNPARK_CANVAS(object);
  switch (id) {
  case PROP_HADJUSTMENT:
  case PROP_VADJUSTMENT:
    set_adjustment(self, orientation_of(id), g_value_get_object(value));
    break;
  case PROP_HSCROLL_POLICY:
  case PROP_VSCROLL_POLICY:
    private_of(self)->policies[orientation_of(id)] = (GtkScrollablePolicy)g_value_get_enum(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void unpark_canvas_dispose(GObject *object) {
  UnparkCanvas *self = UNPARK_CANVAS(object);
  UnparkCanvasPrivate *p = private_of(self);
  g_clear_handle_id(&p->tell_source, g_source_remove);
  if (p->stand_ins)
    g_ptr_array_foreach(p->stand_ins, (GFunc)(void (*)(void))gtk_widget_unparent, NULL);
  g_clear_pointer(&p->stand_ins, g_ptr_array_unref);
  set_adjustment(self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment(self, GTK_ORIENTATION_VERTICAL, NULL);
  G_OBJECT_CLASS(unpark_canvas_parent_class)->dispose(object);
}

static void unpark_canvas_finalize(GObject *object) {
  unpark_text_cache_free(private_of(UNPARK_CANVAS(object))->texts);
  G_OBJECT_CLASS(unpark_canvas_parent_class)->finalize(object);
}

static void unpark_canvas_class_init(UnparkCanvasClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  object_class->get_property = unpark_canvas_get_property;
  object_class->set_property = unpark_canvas_set_property;
  object_class->dispose = unpark_canvas_dispose;
  object_class->finalize = unpark_canvas_finalize;
  widget_class->size_allocate = unpark_canvas_size_allocate;
  widget_class->css_changed = unpark_canvas_css_changed;
  g_object_class_override_property(object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property(object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property(object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property(object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void unpark_canvas_init(UnparkCanvas *self) {
  UnparkCanvasPrivate *p = private_of(self);
  p->texts = unpark_text_cache_new(GTK_WIDGET(self));
  p->stand_ins = g_ptr_array_new();
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
}
