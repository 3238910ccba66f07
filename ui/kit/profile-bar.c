/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/profile-bar.h"

#include <adwaita.h>
#include <math.h>

#include "ui/kit/rgba.h"

#define WIDTH 48
#define HEIGHT 8
#define SWATCH 10
#define RADIUS 2
#define MIN_FILL 1 /* what is there at all is seen */

struct _UnparkProfileBar {
  GtkWidget parent_instance;
  double share;
  guint class_id;
  gboolean has_class;
};

G_DEFINE_FINAL_TYPE(UnparkProfileBar, unpark_profile_bar, GTK_TYPE_WIDGET)

static void fill(GtkSnapshot *snapshot, float y, float width, float height, GdkRGBA color) {
  graphene_rect_t rect = GRAPHENE_RECT_INIT(0, y, width, height);
  GskRoundedRect rounded;
  gsk_rounded_rect_init_from_rect(&rounded, &rect, RADIUS);
  gtk_snapshot_push_rounded_clip(snapshot, &rounded);
  gtk_snapshot_append_color(snapshot, &color, &rect);
  gtk_snapshot_pop(snapshot);
}

static void unpark_profile_bar_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkProfileBar *self = UNPARK_PROFILE_BAR(widget);
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  float width = (float)gtk_widget_get_width(widget);
  float height = self->has_class ? SWATCH : HEIGHT;
  float y = floorf(((float)gtk_widget_get_height(widget) - height) / 2);
  if (self->has_class) {
    fill(snapshot, y, width, height, unpark_rgba(unpark_palette_fill(self->class_id, dark), 1));
    return;
  }
  UnparkInk ink = self->share < 0 ? UNPARK_INK_DIM_TEXT : UNPARK_INK_ACCENT;
  float filled = (float)MIN(fabs(self->share), 1) * width;
  fill(snapshot, y, width, height,
       unpark_rgba(unpark_palette_ink(UNPARK_INK_DIM_TEXT, dark), 0.15f));
  if (filled > 0)
    fill(snapshot, y, MAX(filled, MIN_FILL), height, unpark_rgba(unpark_palette_ink(ink, dark), 1));
}

static void unpark_profile_bar_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                       int *minimum, int *natural, int *minimum_baseline,
                                       int *natural_baseline) {
  gboolean swatch = UNPARK_PROFILE_BAR(widget)->has_class;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = swatch ? SWATCH : HEIGHT;
  else
    *minimum = *natural = swatch ? SWATCH : WIDTH;
}

static void unpark_profile_bar_class_init(UnparkProfileBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->snapshot = unpark_profile_bar_snapshot;
  widget_class->measure = unpark_profile_bar_measure;
  /* The number or name beside it says the same. */
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void unpark_profile_bar_init(UnparkProfileBar *self) {
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *unpark_profile_bar_new(void) {
  return g_object_new(UNPARK_TYPE_PROFILE_BAR, NULL);
}

void unpark_profile_bar_set_share(UnparkProfileBar *self, double share) {
  self->share = isfinite(share) ? share : 0;
  self->has_class = FALSE;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void unpark_profile_bar_set_class(UnparkProfileBar *self, guint class_id) {
  if (!self->has_class)
    gtk_widget_queue_resize(GTK_WIDGET(self));
  self->class_id = class_id;
  self->has_class = TRUE;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
