/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <string.h>

#include "ui/folder/sparkline.h"
#include "ui/kit/rgba.h"

#define WIDTH 96
#define HEIGHT 16

struct _UnparkFolderSparkline {
  GtkWidget parent_instance;
  float values[UNPARK_SUMMARY_BUCKETS];
};

G_DEFINE_FINAL_TYPE(UnparkFolderSparkline, unpark_folder_sparkline, GTK_TYPE_WIDGET)

static void unpark_folder_sparkline_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkFolderSparkline *self = UNPARK_FOLDER_SPARKLINE(widget);
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  guint32 rgb = unpark_palette_fill(UNPARK_CLASS_RUNNING, dark);
  GdkRGBA colour = unpark_rgba(rgb, 1);
  float step = (float)gtk_widget_get_width(widget) / UNPARK_SUMMARY_BUCKETS, most = 0;
  float foot = (float)(gtk_widget_get_height(widget) + HEIGHT) / 2;

  for (guint i = 0; i < UNPARK_SUMMARY_BUCKETS; i++)
    most = MAX(most, self->values[i]);
  for (guint i = 0; i < UNPARK_SUMMARY_BUCKETS && most > 0; i++) {
    float height = HEIGHT * self->values[i] / most;

    if (height > 0)
      gtk_snapshot_append_color(snapshot, &colour,
                                &GRAPHENE_RECT_INIT((float)i * step, foot - MAX(height, 1),
                                                    MAX(step - 1, 1), MAX(height, 1)));
  }
}

static void unpark_folder_sparkline_measure(GtkWidget *widget, GtkOrientation orientation,
                                            int for_size, int *minimum, int *natural,
                                            int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : WIDTH;
}

static void unpark_folder_sparkline_class_init(UnparkFolderSparklineClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  widget_class->snapshot = unpark_folder_sparkline_snapshot;
  widget_class->measure = unpark_folder_sparkline_measure;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void unpark_folder_sparkline_init(UnparkFolderSparkline *self) {
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *unpark_folder_sparkline_new(void) {
  return g_object_new(UNPARK_TYPE_FOLDER_SPARKLINE, NULL);
}

void unpark_folder_sparkline_set(UnparkFolderSparkline *self, const float *values,
                                 const char *tip) {
  memset(self->values, 0, sizeof self->values);
  if (values)
    memcpy(self->values, values, sizeof self->values);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), tip);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
