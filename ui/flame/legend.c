/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/legend.h"

#include <adwaita.h>

#include "model/flame/graph/colour.h"
#include "ui/kit/rgba.h"

#define SWATCH 12
#define MAX_ENTRIES 5 /* the heaviest: the line is the frame's, too */

#define UNPARK_TYPE_FLAME_SWATCH (unpark_flame_swatch_get_type())
G_DECLARE_FINAL_TYPE(UnparkFlameSwatch, unpark_flame_swatch, UNPARK, FLAME_SWATCH, GtkWidget)

struct _UnparkFlameSwatch {
  GtkWidget parent_instance;
  guint class_id;
};

G_DEFINE_FINAL_TYPE(UnparkFlameSwatch, unpark_flame_swatch, GTK_TYPE_WIDGET)

static void unpark_flame_swatch_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  guint32 rgb = unpark_flame_fill(UNPARK_FLAME_SWATCH(widget)->class_id, dark);
  GdkRGBA color = unpark_rgba(rgb, 1);
  int height = gtk_widget_get_height(widget);
  gtk_snapshot_append_color(snapshot, &color,
                            &GRAPHENE_RECT_INIT(0, (float)((height - SWATCH) / 2), SWATCH, SWATCH));
}

static void unpark_flame_swatch_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                        int *minimum, int *natural, int *minimum_baseline,
                                        int *natural_baseline) {
  *minimum = *natural = SWATCH;
}

static void unpark_flame_swatch_class_init(UnparkFlameSwatchClass *class) {
  GTK_WIDGET_CLASS(class)->snapshot = unpark_flame_swatch_snapshot;
  GTK_WIDGET_CLASS(class)->measure = unpark_flame_swatch_measure;
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void unpark_flame_swatch_init(UnparkFlameSwatch *self) {
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

void unpark_flame_legend_fill(GtkBox *box, GPtrArray *legend) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(box))))
    gtk_box_remove(box, child);
  for (guint i = 0; legend && i < MIN(legend->len, MAX_ENTRIES); i++) {
    const UnparkFlameLegend *entry = g_ptr_array_index(legend, i);
    UnparkFlameSwatch *swatch = g_object_new(UNPARK_TYPE_FLAME_SWATCH, NULL);
    GtkWidget *pair = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 5),
              *label = gtk_label_new(entry->text);
    swatch->class_id = entry->class_id;
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_START);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 16);
    gtk_widget_set_tooltip_text(label, entry->text);
    gtk_widget_add_css_class(label, "caption");
    gtk_box_append(GTK_BOX(pair), GTK_WIDGET(swatch));
    gtk_box_append(GTK_BOX(pair), label);
    gtk_box_append(box, pair);
  }
}
