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

gboolean unpark_flame_view_has_patterns(UnparkFlameView *self) {
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    if (self->query.patterns[i])
      return TRUE;
  return FALSE;
}

void unpark_flame_view_set_pattern(UnparkFlameView *self, guint kind, const char *pattern) {
  g_free(self->query.patterns[kind]);
  self->query.patterns[kind] = pattern && *pattern ? g_strdup(pattern) : NULL;
  unpark_flame_view_update_chips(self);
  unpark_flame_view_reload(self);
}

/* What is left out can be several things; what is looked at is one. */
void unpark_flame_view_add_pattern(UnparkFlameView *self, guint kind, const char *pattern) {
  const char *old = self->query.patterns[kind];
  gboolean joins = kind == UNPARK_FLAME_IGNORE || kind == UNPARK_FLAME_HIDE;
  g_autofree char *both = joins && old ? g_strdup_printf("%s|%s", old, pattern) : g_strdup(pattern);
  unpark_flame_view_set_pattern(self, kind, both);
}

void unpark_flame_view_clear_patterns(UnparkFlameView *self) {
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    g_clear_pointer(&self->query.patterns[i], g_free);
  unpark_flame_view_update_chips(self);
  unpark_flame_view_reload(self);
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
  if (self->query.function && ++n)
    add_chip(self, UNPARK_FLAME_N_PATTERNS, _("Callers and callees of"), self->query.function);
  if (self->query.has_base && ++n)
    add_chip(self, UNPARK_FLAME_N_PATTERNS + 1, _("Compared with"),
             self->base_file ? unpark_flame_base_get_name(self->base_file)
                             : _("another part of this file"));
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    if (self->query.patterns[i] && ++n)
      add_chip(self, i, _(kinds[i]), self->query.patterns[i]);
  gtk_widget_set_visible(self->chips, n > 0);
  gtk_widget_set_sensitive(self->compare_stop, self->query.has_base);
}

/* ---- Adding -------------------------------------------------------------------------------- */

typedef struct {
  UnparkFlameView *view;
  GtkWidget *popover, *kind, *entry, *error;
} Adder;

static void on_add(Adder *adder) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(adder->entry));
  guint kind = gtk_drop_down_get_selected(GTK_DROP_DOWN(adder->kind));
  g_autoptr(GError) error = NULL;
  g_autoptr(GRegex) regex = g_regex_new(text, 0, 0, &error);
  gtk_label_set_text(GTK_LABEL(adder->error), error ? error->message : "");
  gtk_widget_set_visible(adder->error, error != NULL);
  if (!regex || !*text)
    return;
  gtk_popover_popdown(GTK_POPOVER(adder->popover));
  unpark_flame_view_add_pattern(adder->view, kind, text);
  gtk_editable_set_text(GTK_EDITABLE(adder->entry), "");
}

static GtkWidget *make_adder(Adder *adder) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new_with_mnemonic(_("_Add"));
  const char *texts[UNPARK_FLAME_N_PATTERNS + 1] = {NULL};
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    texts[i] = _(kinds[i]);
  adder->kind = gtk_drop_down_new_from_strings(texts);
  adder->entry = gtk_entry_new();
  adder->error = gtk_label_new(NULL);
  gtk_entry_set_placeholder_text(GTK_ENTRY(adder->entry), _("Regular expression"));
  gtk_editable_set_width_chars(GTK_EDITABLE(adder->entry), 26);
  unpark_accessible_name(adder->entry, _("Regular expression for functions and files"));
  unpark_accessible_name(adder->kind, _("Kind of filter"));
  gtk_widget_add_css_class(adder->error, "error");
  gtk_label_set_xalign(GTK_LABEL(adder->error), 0);
  gtk_label_set_wrap(GTK_LABEL(adder->error), TRUE);
  gtk_widget_set_visible(adder->error, FALSE);
  g_signal_connect_swapped(button, "clicked", G_CALLBACK(on_add), adder);
  g_signal_connect_swapped(adder->entry, "activate", G_CALLBACK(on_add), adder);
  gtk_box_append(GTK_BOX(line), adder->kind);
  gtk_box_append(GTK_BOX(line), adder->entry);
  gtk_box_append(GTK_BOX(line), button);
  gtk_box_append(GTK_BOX(box), line);
  gtk_box_append(GTK_BOX(box), adder->error);
  return box;
}

GtkWidget *unpark_flame_view_make_filter_button(UnparkFlameView *self) {
  GtkWidget *button = gtk_menu_button_new();
  Adder *adder = g_new0(Adder, 1);
  adder->view = self;
  adder->popover = gtk_popover_new();
  gtk_popover_set_child(GTK_POPOVER(adder->popover), make_adder(adder));
  g_object_set_data_full(G_OBJECT(adder->popover), "adder", adder, g_free);
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "list-add-symbolic");
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), adder->popover);
  gtk_widget_set_tooltip_text(button, _("Add a filter"));
  unpark_accessible_name(button, _("Add a filter"));
  return button;
}
