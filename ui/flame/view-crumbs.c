/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frames around the zoomed one, from the root in: each a way out. */
#include <glib/gi18n.h>

#include "ui/flame/view-private.h"
#include "ui/kit/accessible.h"
#include "ui/text/format.h"

#define MAX_CRUMBS 5
#define MAX_HIDDEN 60

static GtkWidget *make_crumb(const UnparkFlame *flame, guint32 node, gboolean last) {
  const char *full = unpark_flame_name(flame, node)->text;
  GtkWidget *label = gtk_label_new(unpark_format_function_short(full));
  GtkWidget *button = gtk_button_new();
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_START);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 26);
  if (last)
    gtk_widget_add_css_class(label, "heading");
  gtk_button_set_child(GTK_BUTTON(button), label);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "unpark-crumb");
  gtk_widget_set_tooltip_text(button, full);
  g_autofree char *name = g_strdup_printf(_("Zoom to %s"), full);
  unpark_accessible_name(button, name);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "flame.zoom-to");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "u", node);
  return button;
}

/* Out of a sandwich. */
static GtkWidget *make_whole(const UnparkFlame *flame) {
  GtkWidget *button = gtk_button_new_with_label(unpark_flame_name(flame, 0)->text);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "unpark-crumb");
  gtk_widget_set_tooltip_text(button, _("Back to all stacks"));
  unpark_accessible_name(button, _("Back to all stacks"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "flame.whole");
  return button;
}

static void add(UnparkFlameView *self, GtkWidget *widget) {
  if (gtk_widget_get_first_child(self->crumbs)) {
    GtkWidget *arrow = gtk_image_new_from_icon_name("go-next-symbolic");
    gtk_widget_add_css_class(arrow, "dim-label");
    gtk_image_set_pixel_size(GTK_IMAGE(arrow), 12);
    gtk_box_append(GTK_BOX(self->crumbs), arrow);
  }
  gtk_box_append(GTK_BOX(self->crumbs), widget);
}

/* Those between the root and the last few, in a menu. */
static GtkWidget *make_more(const UnparkFlame *flame, const guint32 *path, guint from, guint to) {
  GtkWidget *button = gtk_menu_button_new();
  g_autoptr(GMenu) menu = g_menu_new();
  for (guint i = to; i-- > from && to - i <= MAX_HIDDEN;) {
    g_autoptr(GMenuItem) item = g_menu_item_new(unpark_flame_name(flame, path[i])->text, NULL);
    g_menu_item_set_action_and_target(item, "flame.zoom-to", "u", path[i]);
    g_menu_append_item(menu, item);
  }
  gtk_menu_button_set_label(GTK_MENU_BUTTON(button), "…");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, _("Frames between"));
  unpark_accessible_name(button, _("Frames between"));
  return button;
}

void unpark_flame_view_update_crumbs(UnparkFlameView *self) {
  UnparkFlameGraph *graph = UNPARK_FLAME_GRAPH(self->graph);
  const UnparkFlame *flame = unpark_flame_graph_get_flame(graph);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(self->crumbs)))
    gtk_box_remove(GTK_BOX(self->crumbs), child);
  if (!flame)
    return;
  guint32 node = unpark_flame_graph_get_zoom(graph);
  guint n = flame->nodes[node].depth + 1;
  g_autofree guint32 *path = g_new(guint32, n);
  for (guint i = n; i-- > 0; node = flame->nodes[node].parent)
    path[i] = node;
  guint first = n > MAX_CRUMBS + 1 ? n - MAX_CRUMBS : 1;
  if (self->job.result && self->job.result->callers && flame->n_nodes > 1) {
    /* All of a sandwich is its function. */
    add(self, make_whole(flame));
    add(self, make_crumb(flame, 1, n <= 2));
    first = MAX(first, 2);
    path[0] = 1;
  } else {
    add(self, make_crumb(flame, path[0], n == 1));
  }
  guint hidden = path[0] + 1;
  if (first > hidden)
    add(self, make_more(flame, path, hidden, first));
  for (guint i = first; i < n; i++)
    add(self, make_crumb(flame, path[i], i + 1 == n));
}
