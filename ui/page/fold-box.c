/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/page/fold-box.h"

#include "ui/kit/text-cache.h"

/* Less than so many characters is too little for the content. */
#define CONTENT_CHARS 84
/* The panel leaves so much of the content to be seen, to close it there. */
#define MARGIN 48

struct _UnparkFoldBox {
  GtkWidget parent_instance;

  GtkWidget *side, *content;
  gboolean folded, open;
  gboolean told; /* what "folded" was when it was told last */
  guint telling; /* a frame callback */
};

enum { PROP_FOLDED = 1, PROP_OPEN, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static void buildable_init(GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(UnparkFoldBox, unpark_fold_box, GTK_TYPE_WIDGET,
                              G_IMPLEMENT_INTERFACE(GTK_TYPE_BUILDABLE, buildable_init))

static int natural_width(GtkWidget *widget) {
  int natural;
  gtk_widget_measure(widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

/* While the window is laid out, nothing may be shown or hidden: the next frame does. */
static gboolean tell(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  UnparkFoldBox *self = UNPARK_FOLD_BOX(widget);
  self->telling = 0;
  if (self->told != self->folded) {
    self->told = self->folded;
    g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_FOLDED]);
  }
  return G_SOURCE_REMOVE;
}

static void unpark_fold_box_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                    int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  UnparkFoldBox *self = UNPARK_FOLD_BOX(widget);
  int least, wanted;
  gtk_widget_measure(self->content, orientation, -1, minimum, natural, NULL, NULL);
  gtk_widget_measure(self->side, orientation, -1, &least, &wanted, NULL, NULL);
  *minimum = MAX(*minimum, least);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? *natural + wanted : MAX(*natural, wanted);
}

static void unpark_fold_box_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UnparkFoldBox *self = UNPARK_FOLD_BOX(widget);
  gboolean backwards = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
  int least, side = natural_width(self->side);
  gtk_widget_measure(self->content, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  self->folded = width < side + MAX(least, unpark_kit_digits_width(widget, CONTENT_CHARS));
  if (self->folded != self->told && self->telling == 0)
    self->telling = gtk_widget_add_tick_callback(widget, tell, NULL, NULL);
  if (self->folded) {
    gtk_widget_measure(self->side, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
    side = MAX(MIN(side, width - MARGIN), MIN(least, width));
  }
  int beside = self->folded ? 0 : side;
  gtk_widget_set_child_visible(self->side, !self->folded || self->open);
  gtk_widget_size_allocate(self->content,
                           &(GtkAllocation){backwards ? 0 : beside, 0, width - beside, height}, -1);
  gtk_widget_size_allocate(self->side,
                           &(GtkAllocation){backwards ? width - side : 0, 0, side, height}, -1);
}

static void on_content_pressed(GtkGestureClick *click, int n, double x, double y,
                               UnparkFoldBox *self) {
  unpark_fold_box_set_open(self, FALSE);
}

static void add_child(GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                      const char *type) {
  UnparkFoldBox *self = UNPARK_FOLD_BOX(buildable);
  GtkWidget *widget = GTK_WIDGET(child);
  if (g_strcmp0(type, "side") == 0) {
    self->side = widget;
    gtk_widget_add_css_class(widget, "unpark-side");
    gtk_widget_insert_before(widget, GTK_WIDGET(self), NULL);
  } else {
    GtkGesture *click = gtk_gesture_click_new();
    self->content = widget;
    g_signal_connect(click, "pressed", G_CALLBACK(on_content_pressed), self);
    gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(click), GTK_PHASE_CAPTURE);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
    /* Below the panel. */
    gtk_widget_insert_after(widget, GTK_WIDGET(self), NULL);
  }
}

static void buildable_init(GtkBuildableIface *iface) {
  iface->add_child = add_child;
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) {
  const UnparkFoldBox *self = UNPARK_FOLD_BOX(object);
  g_value_set_boolean(value, id == PROP_FOLDED ? self->folded : self->open);
}

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) {
  unpark_fold_box_set_open(UNPARK_FOLD_BOX(object), g_value_get_boolean(value));
}

static void unpark_fold_box_dispose(GObject *object) {
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(object)));)
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(unpark_fold_box_parent_class)->dispose(object);
}

static void unpark_fold_box_class_init(UnparkFoldBoxClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  object_class->get_property = get_property;
  object_class->set_property = set_property;
  object_class->dispose = unpark_fold_box_dispose;
  widget_class->measure = unpark_fold_box_measure;
  widget_class->size_allocate = unpark_fold_box_size_allocate;
  properties[PROP_FOLDED] =
      g_param_spec_boolean("folded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_OPEN] =
      g_param_spec_boolean("open", NULL, NULL, FALSE,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(object_class, N_PROPERTIES, properties);
}

static void unpark_fold_box_init(UnparkFoldBox *self) {
}

void unpark_fold_box_set_open(UnparkFoldBox *self, gboolean open) {
  if (self->open == open)
    return;
  self->open = open;
  gtk_widget_queue_allocate(GTK_WIDGET(self));
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_OPEN]);
}
