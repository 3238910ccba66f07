/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left in and out, as chips; and the way to add one by hand. */
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/flame/view-private.h"

static const char *const kinds[UNPARK_FLAME_N_PATTERNS] = {
    [UNPARK_FLAME_FOCUS] = N_("Only stacks with"),    [UNPARK_FLAME_IGNORE] = N_("No stacks with"),
    [UNPARK_FLAME_HIDE] = N_("Hidden frames"),        [UNPARK_FLAME_SHOW] = N_("Only frames"),
    [UNPARK_FLAME_SHOW_FROM] = N_("Stacks start at"), [UNPARK_FLAME_LABEL] = N_("Label"),
};

/* ---- Patterns ------------------------------------------------------------------------------ */

static void patterns_changed(UnparkFlameView *self) {
  unpark_flame_view_update_chips(self);
  unpark_flame_view_reload(self);
}

void unpark_flame_view_set_pattern(UnparkFlameView *self, guint kind, const char *pattern) {
  unpark_flame_options_set_pattern(&self->options, kind, pattern);
  patterns_changed(self);
}

void unpark_flame_view_add_pattern(UnparkFlameView *self, guint kind, const char *pattern) {
  unpark_flame_options_add_pattern(&self->options, kind, pattern);
  patterns_changed(self);
}

void unpark_flame_view_clear_patterns(UnparkFlameView *self) {
  unpark_flame_options_clear_patterns(&self->options);
  patterns_changed(self);
}

/* ---- Chips ------------------------------------------------------------------------------ */

static void on_remove(GtkButton *button, UnparkFlameView *self) {
  guint kind = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "kind"));
  if (kind < UNPARK_FLAME_N_PATTERNS)
    unpark_flame_view_set_pattern(self, kind, NULL);
  else if (kind == UNPARK_FLAME_N_PATTERNS)
    unpark_flame_view_set_sandwich(self, NULL);
  else
    unpark_flame_view_set_base(self, NULL, FALSE);
}

static void add_chip(UnparkFlameView *self, guint kind, const char *title, const char *text) {
  GtkWidget *chip = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *heading = gtk_label_new(title), *label = gtk_label_new(text);
  GtkWidget *button = gtk_button_new_from_icon_name("window-close-symbolic");
  g_autofree char *tip = g_strdup_printf(_("Remove: %s %s"), title, text);
  gtk_widget_add_css_class(chip, "unpark-chip");
  gtk_widget_add_css_class(heading, "dim-label");
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "circular");
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 40);
  gtk_widget_set_tooltip_text(label, text);
  gtk_widget_set_tooltip_text(button, tip);
  unpark_accessible_name(button, tip);
  g_object_set_data(G_OBJECT(button), "kind", GUINT_TO_POINTER(kind));
  g_signal_connect(button, "clicked", G_CALLBACK(on_remove), self);
  gtk_box_append(GTK_BOX(chip), heading);
  gtk_box_append(GTK_BOX(chip), label);
  gtk_box_append(GTK_BOX(chip), button);
  gtk_flow_box_append(GTK_FLOW_BOX(self->chips), chip);
  gtk_widget_set_focusable(gtk_widget_get_parent(chip), FALSE);
}

void unpark_flame_view_update_chips(UnparkFlameView *self) {
  GtkWidget *child;
  guint n = 0;
  while ((child = gtk_widget_get_first_child(self->chips)))
    gtk_flow_box_remove(GTK_FLOW_BOX(self->chips), child);
  if (self->options.query.function && ++n)
    add_chip(self, UNPARK_FLAME_N_PATTERNS, _("Callers and callees of"),
             self->options.query.function);
  if (self->options.query.has_base && ++n)
    add_chip(self, UNPARK_FLAME_N_PATTERNS + 1, _("Compared with"),
             self->options.base_name ? self->options.base_name : _("another part of this file"));
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    if (self->options.query.patterns[i] && ++n)
      add_chip(self, i, _(kinds[i]), self->options.query.patterns[i]);
  gtk_widget_set_visible(self->chips, n > 0);
  gtk_widget_set_sensitive(self->choices.compare_stop, self->options.query.has_base);
  gtk_widget_set_visible(self->empty_button, unpark_flame_options_has_patterns(&self->options));
}

/* ---- Adding -------------------------------------------------------------------------------- */

static void add_filter(UnparkFlameView *self) {
  const UnparkFlameAdder *adder = &self->adder;
  const char *text = gtk_editable_get_text(GTK_EDITABLE(adder->pattern));
  g_autoptr(GError) error = NULL;
  g_autoptr(GRegex) regex = g_regex_new(text, 0, 0, &error);
  gtk_label_set_text(GTK_LABEL(adder->error), error ? error->message : "");
  gtk_widget_set_visible(adder->error, error != NULL);
  if (!regex || !*text)
    return;
  gtk_popover_popdown(GTK_POPOVER(adder->popover));
  unpark_flame_view_add_pattern(self, gtk_drop_down_get_selected(GTK_DROP_DOWN(adder->kind)), text);
  gtk_editable_set_text(GTK_EDITABLE(adder->pattern), "");
}

/* ---- Widgets ----------------------------------------------------------------------------- */

#define BIND(child, name)                                                                          \
  gtk_widget_class_bind_template_child_full(class, name, FALSE,                                    \
                                            G_STRUCT_OFFSET(UnparkFlameView, adder.child))

void unpark_flame_view_bind_filters(GtkWidgetClass *class) {
  BIND(popover, "adder");
  BIND(kind, "kind");
  BIND(pattern, "pattern");
  BIND(error, "pattern_error");
  gtk_widget_class_bind_template_callback(class, add_filter);
}

void unpark_flame_view_init_filters(UnparkFlameView *self) {
  g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    gtk_string_list_append(list, _(kinds[i]));
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->adder.kind), G_LIST_MODEL(list));
  unpark_accessible_name(self->adder.kind, _("Kind of filter"));
  self->empty_button = gtk_button_new_with_mnemonic(_("_Remove the Filters"));
  gtk_widget_set_halign(self->empty_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(self->empty_button, "pill");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->empty_button), "flame.clear-filters");
  adw_status_page_set_child(ADW_STATUS_PAGE(self->page.empty), self->empty_button);
  unpark_flame_view_update_chips(self);
}
