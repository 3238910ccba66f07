/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/accessible.h"

void unpark_accessible_name(GtkWidget *widget, const char *name) {
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (GTK_IS_DROP_DOWN(widget))
    unpark_accessible_name(gtk_widget_get_first_child(widget), name);
}
