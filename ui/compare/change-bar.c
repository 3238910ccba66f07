/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/change-bar.h"

#include <math.h>

#include "ui/compare/layout.h"
#include "ui/kit/rgba.h"

#define WIDTH 110
#define HEIGHT 14
#define THICKNESS 8
#define END 6 /* of the interval's ends, px */

struct _UnparkChangeBar {
  GtkWidget parent_instance;
  double change, low, high;
  UnparkVerdict verdict;
};

G_DEFINE_FINAL_TYPE(UnparkChangeBar, unpark_change_bar, GTK_TYPE_WIDGET)

static GdkRGBA colour(const UnparkChangeBar *self, gboolean dark) {
  switch (self->verdict) {
  case UNPARK_VERDICT_MORE:
    return unpark_rgba(unpark_palette_fill(UNPARK_CLASS_RUNNABLE, dark), 1);
  case UNPARK_VERDICT_LESS:
    return unpark_rgba(unpark_palette_ink(UNPARK_INK_ACCENT, dark), 1);
  case UNPARK_VERDICT_UNCLEAR:
  default:
    return unpark_rgba(unpark_palette_ink(UNPARK_INK_DIM_TEXT, dark), 0.4);
  }
}

static void box(GtkSnapshot *snapshot, double x, double y, double width, double height,
                const GdkRGBA *color) {
  gtk_snapshot_append_color(snapshot, color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static void unpark_change_bar_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkChangeBar *self = UNPARK_CHANGE_BAR(widget);
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  double half = floor(gtk_widget_get_width(widget) / 2.0) - 1;
  double middle = floor(gtk_widget_get_height(widget) / 2.0);
  double to = half * unpark_compare_bar_at(self->change);
  GdkRGBA fill = colour(self, dark);
  GdkRGBA line = unpark_rgba(unpark_palette_ink(UNPARK_INK_TEXT, dark), 0.8);
  GdkRGBA axis = unpark_rgba(unpark_palette_ink(UNPARK_INK_DIM_TEXT, dark), 0.5);
  box(snapshot, half, middle - HEIGHT / 2.0, 1, HEIGHT, &axis);
  box(snapshot, half + MIN(to, 0), middle - THICKNESS / 2.0, fabs(to), THICKNESS, &fill);
  if (isnan(self->low))
    return;
  double low = round(half + half * unpark_compare_bar_at(self->low));
  double high = round(half + half * unpark_compare_bar_at(self->high));
  box(snapshot, low, middle - 0.5, MAX(high - low, 1), 1, &line);
  box(snapshot, low, middle - END / 2.0, 1, END, &line);
  box(snapshot, high, middle - END / 2.0, 1, END, &line);
}

static void unpark_change_bar_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                      int *minimum, int *natural, int *minimum_baseline,
                                      int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : WIDTH;
}

static void unpark_change_bar_class_init(UnparkChangeBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->snapshot = unpark_change_bar_snapshot;
  widget_class->measure = unpark_change_bar_measure;
  /* The number beside it says the same. */
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void unpark_change_bar_init(UnparkChangeBar *self) {
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *unpark_change_bar_new(void) {
  return g_object_new(UNPARK_TYPE_CHANGE_BAR, NULL);
}

void unpark_change_bar_set(UnparkChangeBar *self, const UnparkCompareRow *row) {
  self->change = row->change;
  self->low = row->low;
  self->high = row->high;
  self->verdict = row->verdict;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
