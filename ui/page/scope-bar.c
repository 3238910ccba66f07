/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/page/scope-bar.h"

#include "ui/kit/accessible.h"
#include "ui/session/time-scope.h"

void unpark_scope_bar_init(UnparkScopeBar *bar, UnparkSession *session, const char *copy,
                           const char *action) {
  GtkWidget *button = gtk_button_new_from_icon_name("edit-copy-symbolic");
  g_autofree char *tooltip = g_strdup_printf("%s (Ctrl+C)", copy);
  bar->bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  bar->scope = unpark_time_scope_new(session);
  bar->facts = gtk_label_new(NULL);
  bar->spinner = gtk_spinner_new();
  gtk_label_set_xalign(GTK_LABEL(bar->facts), 0);
  gtk_label_set_ellipsize(GTK_LABEL(bar->facts), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(bar->facts, "dim-label");
  gtk_widget_set_hexpand(bar->facts, TRUE);
  gtk_widget_set_margin_start(bar->facts, 6);
  gtk_widget_set_tooltip_text(button, tooltip);
  unpark_accessible_name(button, copy);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  gtk_widget_add_css_class(bar->bar, "toolbar");
  GtkWidget *parts[] = {bar->scope, bar->facts, bar->spinner, button};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(bar->bar), parts[i]);
}
