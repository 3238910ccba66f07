/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the graph is compared with: the menu. */
#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "ui/flame/view-private.h"

void unpark_flame_view_set_base(UnparkFlameView *self, UnparkOther *file, gboolean this_scope) {
  unpark_flame_options_set_base(&self->options, self->page.session,
                                file ? unpark_other_get_store(file) : NULL, (GObject *)file,
                                file ? unpark_other_get_name(file) : NULL, this_scope);
  unpark_flame_view_update_options(self);
  unpark_flame_view_update_chips(self);
  unpark_flame_view_reload(self);
}

static void on_base(GtkWidget *widget, UnparkOther *base, const GError *error) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (base)
    unpark_flame_view_set_base(self, base, FALSE);
  else
    unpark_flame_view_tell(self, error->message);
}

static void pop_down(UnparkFlameView *self) {
  gtk_menu_button_popdown(GTK_MENU_BUTTON(self->choices.compare));
}

static void begin_opening(UnparkFlameView *self) {
  pop_down(self);
  g_cancellable_cancel(self->job.opening);
  g_clear_object(&self->job.opening);
  self->job.opening = g_cancellable_new();
}

/* ---- Files that are open in other tabs ------------------------------------------------------- */

#define TAB "unpark-tab"

static void on_tab(GtkWidget *button, UnparkFlameView *self) {
  g_autoptr(GFile) file = g_file_new_for_uri(g_object_get_data(G_OBJECT(button), TAB));
  begin_opening(self);
  unpark_other_open(GTK_WIDGET(self), file, self->job.opening, on_base);
}

static void add_tab(UnparkFlameView *self, GtkWidget *box, const char *uri) {
  g_autoptr(GFile) file = g_file_new_for_uri(uri);
  g_autofree char *base = g_file_get_basename(file), *path = g_file_get_parse_name(file);
  g_autofree char *name = unpark_printable_file_name(base);
  g_autofree char *text = g_strdup_printf(_("Compare With “%s”"), name);
  GtkWidget *button = gtk_button_new_with_label(text);
  gtk_widget_set_halign(gtk_button_get_child(GTK_BUTTON(button)), GTK_ALIGN_START);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, path);
  g_object_set_data_full(G_OBJECT(button), TAB, g_strdup(uri), g_free);
  g_signal_connect(button, "clicked", G_CALLBACK(on_tab), self);
  gtk_widget_insert_before(button, box, self->choices.open_base);
}

/* The window says which files are open; one's own is not offered. */
static void offer_tabs(UnparkFlameView *self) {
  GtkWidget *box = gtk_widget_get_parent(self->choices.open_base);
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  g_autoptr(GVariant) state =
      G_IS_ACTION_GROUP(root) ? g_action_group_get_action_state(G_ACTION_GROUP(root), "open-files")
                              : NULL;
  for (GtkWidget *child;
       (child = gtk_widget_get_first_child(box)) && g_object_get_data(G_OBJECT(child), TAB);)
    gtk_box_remove(GTK_BOX(box), child);
  if (!state)
    return;
  g_autofree const char **uris = g_variant_get_strv(state, NULL);
  for (guint i = 0; uris[i]; i++)
    add_tab(self, box, uris[i]);
}

static void on_open_base(UnparkFlameView *self) {
  begin_opening(self);
  unpark_other_choose(GTK_WIDGET(self), self->job.opening, on_base);
}

static void on_pin(UnparkFlameView *self) {
  pop_down(self);
  unpark_flame_view_set_base(self, NULL, TRUE);
  unpark_flame_view_tell(self, _("Now choose what to compare it with: another time or goroutine."));
}

/* Of the file that the graph is compared with; without one, the window asks for it. */
static void on_changes(UnparkFlameView *self) {
  GObject *base = self->options.query.has_base ? self->options.query.base.keeper : NULL;
  pop_down(self);
  if (UNPARK_IS_OTHER(base))
    unpark_session_set_other(self->page.session, UNPARK_OTHER(base));
  else
    gtk_widget_activate_action(GTK_WIDGET(self), "win.compare", NULL);
}

static void on_scale(UnparkFlameView *self) {
  self->options.query.normalise =
      gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices.scale));
  if (self->options.query.has_base)
    unpark_flame_view_reload(self);
}

static void on_stop_comparing(UnparkFlameView *self) {
  pop_down(self);
  unpark_flame_view_set_base(self, NULL, FALSE);
}

#define BIND(child)                                                                                \
  gtk_widget_class_bind_template_child_full(class, #child, FALSE,                                  \
                                            G_STRUCT_OFFSET(UnparkFlameView, choices.child))

void unpark_flame_view_bind_compare(GtkWidgetClass *class) {
  BIND(compare);
  BIND(scale);
  BIND(open_base);
  BIND(pin);
  BIND(changes);
  BIND(compare_stop);
  gtk_widget_class_bind_template_callback(class, on_open_base);
  gtk_widget_class_bind_template_callback(class, on_pin);
  gtk_widget_class_bind_template_callback(class, on_changes);
  gtk_widget_class_bind_template_callback(class, on_scale);
  gtk_widget_class_bind_template_callback(class, on_stop_comparing);
}

void unpark_flame_view_init_compare(UnparkFlameView *self) {
  const UnparkFlameChoices *c = &self->choices;
  GtkWidget *const buttons[] = {c->open_base, c->pin, c->changes, c->compare_stop};
  g_signal_connect_object(gtk_menu_button_get_popover(GTK_MENU_BUTTON(c->compare)), "show",
                          G_CALLBACK(offer_tabs), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS(buttons); i++)
    gtk_widget_set_halign(gtk_button_get_child(GTK_BUTTON(buttons[i])), GTK_ALIGN_START);
}
