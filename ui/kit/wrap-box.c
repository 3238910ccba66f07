/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/wrap-box.h"

struct _UnparkWrapBox {
  GtkWidget parent_instance;

  int spacing;
};

G_DEFINE_FINAL_TYPE(UnparkWrapBox, unpark_wrap_box, GTK_TYPE_WIDGET)

typedef struct {
  GtkWidget *end; /* the first child that is not in it; NULL: none */
  int width, height;
  int n_expanding;
} Row;

static GtkWidget *shown(GtkWidget *child) {
  while (child && !gtk_widget_should_layout(child))
    child = gtk_widget_get_next_sibling(child);
  return child;
}

static int wanted(GtkWidget *child) {
  int least, natural;
  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &natural, NULL, NULL);
  return gtk_widget_compute_expand(child, GTK_ORIENTATION_HORIZONTAL) ? least : natural;
}

/* The row that begins with `first`; at least that is in it. */
static Row row_from(UnparkWrapBox *self, GtkWidget *first, int width) {
  Row row = {.end = first};
  do {
    int child_width = wanted(row.end), height;
    int with = row.end == first ? child_width : row.width + self->spacing + child_width;
    if (row.end != first && width >= 0 && with > width)
      break;
    gtk_widget_measure(row.end, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
    row.width = with;
    row.height = MAX(row.height, height);
    row.n_expanding += gtk_widget_compute_expand(row.end, GTK_ORIENTATION_HORIZONTAL);
    row.end = shown(gtk_widget_get_next_sibling(row.end));
  } while (row.end);
  return row;
}

static void measure_width(UnparkWrapBox *self, int *minimum, int *natural) {
  int n = 0;
  for (GtkWidget *child = shown(gtk_widget_get_first_child(GTK_WIDGET(self))); child;
       child = shown(gtk_widget_get_next_sibling(child))) {
    int child_minimum, child_natural;
    gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL,
                       NULL);
    *minimum = MAX(*minimum, child_minimum);
    *natural += child_natural + (n++ > 0 ? self->spacing : 0);
  }
}

static void unpark_wrap_box_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                    int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  UnparkWrapBox *self = UNPARK_WRAP_BOX(widget);
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    measure_width(self, minimum, natural);
    return;
  }
  GtkWidget *first = shown(gtk_widget_get_first_child(widget));
  while (first) {
    Row row = row_from(self, first, for_size);
    *natural += row.height + (*natural > 0 ? self->spacing / 2 : 0);
    first = row.end;
  }
  *minimum = *natural;
}

static void allocate_row(UnparkWrapBox *self, GtkWidget *first, const Row *row, int y, int width) {
  gboolean backwards = gtk_widget_get_direction(GTK_WIDGET(self)) == GTK_TEXT_DIR_RTL;
  int left = MAX(width - row->width, 0), n = row->n_expanding, x = 0;
  for (GtkWidget *child = first; child != row->end;
       child = shown(gtk_widget_get_next_sibling(child))) {
    GtkAllocation place = {x, y, MIN(wanted(child), width), row->height};
    if (gtk_widget_compute_expand(child, GTK_ORIENTATION_HORIZONTAL)) {
      place.width += left / n;
      left -= left / n--;
    }
    x += place.width + self->spacing;
    if (backwards)
      place.x = width - place.x - place.width;
    gtk_widget_size_allocate(child, &place, -1);
  }
}

static void unpark_wrap_box_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UnparkWrapBox *self = UNPARK_WRAP_BOX(widget);
  GtkWidget *first = shown(gtk_widget_get_first_child(widget));
  int y = 0;
  while (first) {
    Row row = row_from(self, first, width);
    allocate_row(self, first, &row, y, width);
    y += row.height + self->spacing / 2;
    first = row.end;
  }
}

static GtkSizeRequestMode unpark_wrap_box_get_request_mode(GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void unpark_wrap_box_dispose(GObject *object) {
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(object)));)
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(unpark_wrap_box_parent_class)->dispose(object);
}

static void unpark_wrap_box_class_init(UnparkWrapBoxClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_wrap_box_dispose;
  widget_class->measure = unpark_wrap_box_measure;
  widget_class->size_allocate = unpark_wrap_box_size_allocate;
  widget_class->get_request_mode = unpark_wrap_box_get_request_mode;
  gtk_widget_class_set_css_name(widget_class, "box");
}

static void unpark_wrap_box_init(UnparkWrapBox *self) {
  self->spacing = 6;
}

GtkWidget *unpark_wrap_box_new(int spacing) {
  UnparkWrapBox *self = g_object_new(UNPARK_TYPE_WRAP_BOX, NULL);
  self->spacing = spacing;
  return GTK_WIDGET(self);
}

void unpark_wrap_box_append(UnparkWrapBox *self, GtkWidget *child) {
  gtk_widget_insert_before(child, GTK_WIDGET(self), NULL);
}
