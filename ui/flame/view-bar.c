/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar above the graph: what is counted, of which part, search, and the menus. */
#include <glib/gi18n.h>
#include <string.h>

#include "ui/flame/view-private.h"
#include "ui/kit/accessible.h"
#include "ui/kit/settings.h"
#include "ui/kit/wrap-box.h"

static void name(GtkWidget *widget, const char *text) {
  gtk_widget_set_tooltip_text(widget, text);
  unpark_accessible_name(widget, text);
}

/* ---- What is counted --------------------------------------------------------------------- */

static void on_source(UnparkFlameView *self) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->sources));
  if (self->filling || !self->offers || i >= self->offers->len)
    return;
  const UnparkFlameOffer *offer = g_ptr_array_index(self->offers, i);
  g_free(self->query.source);
  g_free(self->query.source_name);
  self->query.source = g_strdup(offer->title);
  self->query.source_name = g_strdup(offer->name);
  unpark_flame_view_update_options(self);
  unpark_flame_view_reload(self);
}

void unpark_flame_view_fill_sources(UnparkFlameView *self) {
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  guint chosen = 0;
  for (guint i = 0; i < self->offers->len; i++) {
    const UnparkFlameOffer *offer = g_ptr_array_index(self->offers, i);
    gtk_string_list_append(titles, offer->title);
    if (g_strcmp0(offer->title, self->query.source) == 0)
      chosen = i;
  }
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->sources), G_LIST_MODEL(titles));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->sources), chosen);
  gtk_widget_set_visible(self->sources, self->offers->len > 1);
  self->filling = FALSE;
}

/* ---- Of which part ------------------------------------------------------------------------- */

static void on_time(UnparkFlameView *self) {
  self->follow_time = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->times)) == 0;
  unpark_flame_view_reload(self);
}

static void on_who(UnparkFlameView *self) {
  self->who = (UnparkFlameWho)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->whos));
  gtk_widget_set_visible(self->task, self->who == UNPARK_FLAME_WHO_TASK);
  if (self->who == UNPARK_FLAME_WHO_TASK)
    gtk_widget_grab_focus(self->task);
  unpark_flame_view_reload(self);
}

static GtkWidget *make_drop_down(UnparkFlameView *self, const char *const *texts, const char *tip,
                                 GCallback callback) {
  GtkWidget *drop = texts ? gtk_drop_down_new_from_strings(texts) : gtk_drop_down_new(NULL, NULL);
  name(drop, tip);
  g_signal_connect_swapped(drop, "notify::selected", callback, self);
  return drop;
}

static void add_scope(UnparkFlameView *self, UnparkWrapBox *bar) {
  const char *const times[] = {_("Selected time"), _("Whole time"), NULL};
  const char *const whos[] = {_("All goroutines"),
                              _("Filtered goroutines"),
                              _("Selected goroutine"),
                              _("Same start function"),
                              _("Task…"),
                              NULL};
  self->task = gtk_entry_new();
  self->times = make_drop_down(
      self, times, _("Time range: the time selected on the timeline, or the whole trace"),
      G_CALLBACK(on_time));
  self->whos = make_drop_down(self, whos, _("Goroutines to include"), G_CALLBACK(on_who));
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->task), _("Number"));
  gtk_editable_set_width_chars(GTK_EDITABLE(self->task), 8);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(self->task), 8);
  gtk_widget_set_visible(self->task, FALSE);
  name(self->task, _("Task number"));
  g_signal_connect_swapped(self->task, "changed", G_CALLBACK(unpark_flame_view_reload), self);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->whos), self->who);
  unpark_wrap_box_append(bar, self->times);
  unpark_wrap_box_append(bar, self->whos);
  unpark_wrap_box_append(bar, self->task);
}

/* ---- Search --------------------------------------------------------------------------------- */

static void on_next(UnparkFlameView *self) {
  unpark_flame_graph_step_match(self->active, FALSE);
}

static void on_previous(UnparkFlameView *self) {
  unpark_flame_graph_step_match(self->active, TRUE);
}

static void add_search(UnparkFlameView *self, UnparkWrapBox *bar) {
  GtkWidget *pair = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  self->search = gtk_search_entry_new();
  self->regex = gtk_toggle_button_new_with_label(".*");
  g_object_set(self->search, "placeholder-text", _("Find functions"), NULL);
  name(self->search, _("Find functions (/); Enter finds the next one"));
  name(self->regex, _("Search for a regular expression"));
  gtk_editable_set_width_chars(GTK_EDITABLE(self->search), 18);
  gtk_widget_add_css_class(pair, "linked");
  gtk_box_append(GTK_BOX(pair), self->search);
  gtk_box_append(GTK_BOX(pair), self->regex);
  unpark_wrap_box_append(bar, pair);
  g_signal_connect_swapped(self->search, "search-changed", G_CALLBACK(unpark_flame_view_search),
                           self);
  g_signal_connect_swapped(self->search, "activate", G_CALLBACK(on_next), self);
  g_signal_connect_swapped(self->search, "next-match", G_CALLBACK(on_next), self);
  g_signal_connect_swapped(self->search, "previous-match", G_CALLBACK(on_previous), self);
  g_signal_connect_swapped(self->search, "stop-search", G_CALLBACK(unpark_flame_view_stop_search),
                           self);
  g_signal_connect_swapped(self->regex, "toggled", G_CALLBACK(unpark_flame_view_search), self);
}

/* ---- Menus ---------------------------------------------------------------------------------- */

static GtkWidget *menu_button(const char *icon, const char *tip, GtkWidget *popover) {
  GtkWidget *button = gtk_menu_button_new();
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), icon);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), popover);
  name(button, tip);
  return button;
}

static void on_table_toggled(GtkToggleButton *button, UnparkFlameView *self) {
  gboolean shown = gtk_toggle_button_get_active(button);
  gtk_widget_set_visible(self->table, shown);
  unpark_settings_set_bool("flame.table", shown);
}

GtkWidget *unpark_flame_view_make_bar(UnparkFlameView *self) {
  GtkWidget *bar = unpark_wrap_box_new(12);
  GtkWidget *space = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  self->sources = make_drop_down(self, NULL, _("Measure"), G_CALLBACK(on_source));
  gtk_widget_add_css_class(bar, "toolbar");
  gtk_widget_set_hexpand(space, TRUE);
  unpark_wrap_box_append(UNPARK_WRAP_BOX(bar), self->sources);
  add_scope(self, UNPARK_WRAP_BOX(bar));
  unpark_wrap_box_append(UNPARK_WRAP_BOX(bar), space);
  add_search(self, UNPARK_WRAP_BOX(bar));
  unpark_wrap_box_append(UNPARK_WRAP_BOX(bar), unpark_flame_view_make_filter_button(self));
  self->compare =
      menu_button("unpark-compare-symbolic", _("Compare with another file or another part"),
                  unpark_flame_view_make_compare(self));
  self->options =
      menu_button("view-more-symbolic", _("Graph options"), unpark_flame_view_make_options(self));
  self->table_button = gtk_toggle_button_new();
  gtk_button_set_icon_name(GTK_BUTTON(self->table_button), "unpark-sidebar-left-symbolic");
  name(self->table_button, _("Table of functions"));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->table_button),
                               unpark_settings_get_bool("flame.table", TRUE));
  g_signal_connect(self->table_button, "toggled", G_CALLBACK(on_table_toggled), self);
  unpark_wrap_box_append(UNPARK_WRAP_BOX(bar), self->compare);
  unpark_wrap_box_append(UNPARK_WRAP_BOX(bar), self->options);
  unpark_wrap_box_append(UNPARK_WRAP_BOX(bar), self->table_button);
  return bar;
}
