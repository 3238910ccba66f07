/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/requests/side.h"

#include "ui/inspector/inspector.h"

void unpark_requests_side_show(GtkStack *stack, UnparkSession *session) {
  g_autofree char *name = g_strdup_printf("%p", (void *)session);
  if (!gtk_stack_get_child_by_name(stack, name))
    gtk_stack_add_named(stack, unpark_inspector_new(session), name);
  gtk_stack_set_visible_child_name(stack, name);
}

void unpark_requests_side_clear(GtkStack *stack) {
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(stack)));)
    gtk_stack_remove(stack, child);
}
