/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/desktop/recent.h"

#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "ui/kit/accessible.h"
#include "ui/kit/settings.h"

#define MAX_RECENT 12
#define KEY "recent.files"

/* URIs hold no newline, so the list is one setting. Free with g_strfreev(). */
static char **recent_uris(void) {
  g_autofree char *text = unpark_settings_get_string(KEY, "");
  return g_strsplit(text, "\n", MAX_RECENT + 1);
}

void unpark_recent_add(GFile *file) {
  g_autofree char *uri = g_file_get_uri(file);
  g_auto(GStrv) old = recent_uris();
  g_autoptr(GString) text = g_string_new(uri);
  guint n = 1;
  for (char **u = old; *u && n < MAX_RECENT; u++) {
    if (**u == 0 || g_str_equal(*u, uri))
      continue;
    g_string_append_printf(text, "\n%s", *u);
    n++;
  }
  unpark_settings_set_string(KEY, text->str);
}

static void on_clear(GtkButton *button, GtkWidget *popover) {
  unpark_settings_set_string(KEY, "");
  gtk_popover_popdown(GTK_POPOVER(popover));
}

static void on_row(GtkButton *button, const char *uri) {
  GtkWidget *popover = gtk_widget_get_ancestor(GTK_WIDGET(button), GTK_TYPE_POPOVER);
  g_autofree char *kept = g_strdup(uri);
  gtk_widget_activate_action(popover, "win.open-uri", "s", kept);
  gtk_popover_popdown(GTK_POPOVER(popover));
}

static GtkWidget *make_row(const char *uri) {
  g_autoptr(GFile) file = g_file_new_for_uri(uri);
  g_autofree char *base = g_file_get_basename(file);
  g_autofree char *path = g_file_get_path(file);
  g_autofree char *folder = path ? g_path_get_dirname(path) : g_strdup(uri);
  g_autofree char *name = unpark_printable_file_name(base);
  g_autofree char *where = unpark_printable_file_name(folder);
  GtkWidget *button = gtk_button_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = gtk_label_new(name);
  GtkWidget *subtitle = gtk_label_new(where);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_label_set_xalign(GTK_LABEL(subtitle), 0);
  gtk_label_set_ellipsize(GTK_LABEL(subtitle), PANGO_ELLIPSIZE_START);
  gtk_label_set_max_width_chars(GTK_LABEL(subtitle), 40);
  gtk_widget_add_css_class(subtitle, "dim-label");
  gtk_widget_add_css_class(subtitle, "caption");
  gtk_widget_add_css_class(button, "flat");
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), subtitle);
  gtk_button_set_child(GTK_BUTTON(button), box);
  unpark_accessible_name(button, name);
  g_signal_connect_data(button, "clicked", G_CALLBACK(on_row), g_strdup(uri),
                        (GClosureNotify)g_free, 0);
  return button;
}

static void fill(GtkWidget *popover) {
  g_auto(GStrv) uris = recent_uris();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  guint n = 0;
  for (char **u = uris; *u; u++) {
    if (**u == 0)
      continue;
    gtk_box_append(GTK_BOX(box), make_row(*u));
    n++;
  }
  if (n == 0) {
    GtkWidget *nothing = gtk_label_new(_("No recent files"));
    gtk_widget_add_css_class(nothing, "dim-label");
    gtk_widget_set_margin_top(nothing, 12);
    gtk_widget_set_margin_bottom(nothing, 12);
    gtk_widget_set_margin_start(nothing, 12);
    gtk_widget_set_margin_end(nothing, 12);
    gtk_box_append(GTK_BOX(box), nothing);
  } else {
    GtkWidget *clear = gtk_button_new_with_label(_("Clear This List"));
    gtk_widget_add_css_class(clear, "flat");
    g_signal_connect(clear, "clicked", G_CALLBACK(on_clear), popover);
    gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
    gtk_box_append(GTK_BOX(box), clear);
  }
  gtk_popover_set_child(GTK_POPOVER(popover), box);
}

void unpark_recent_attach(GtkMenuButton *button) {
  GtkWidget *popover = gtk_popover_new();
  g_signal_connect(popover, "show", G_CALLBACK(fill), NULL);
  gtk_menu_button_set_popover(button, popover);
}
