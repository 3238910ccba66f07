/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sources/panel.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/text/format.h"

/* After the last turn of the number. */
#define MOVE_DELAY_MS 400
/* Either way, in the unit that is chosen. */
#define MOST 1e9

#define UNPARK_TYPE_SOURCE_PANEL (unpark_source_panel_get_type())
G_DECLARE_FINAL_TYPE(UnparkSourcePanel, unpark_source_panel, UNPARK, SOURCE_PANEL, GtkWidget)

struct _UnparkSourcePanel {
  GtkWidget parent_instance;

  UnparkBundle *bundle;
  GtkWidget *box, *list, *undo;
  guint unit;       /* index in units, of all rows */
  gint64 moving_ns; /* what the file is to be moved by soon */
  guint moving;     /* the file */
  guint move_source;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE(UnparkSourcePanel, unpark_source_panel, GTK_TYPE_WIDGET)

static const struct {
  const char *name;
  double ns;
} units[] = {{"ns", 1}, {"µs", 1e3}, {"ms", 1e6}};

/* What a file's place is known by. */
static const char *clock_words(UnparkSourcesClock clock) {
  static const char *const words[] = {
      [UNPARK_SOURCES_CLOCK_NONE] = N_("It does not say when it was recorded; it begins with the "
                                       "first file."),
      [UNPARK_SOURCES_CLOCK_START] = N_("By the time at which it began, which was read once."),
      [UNPARK_SOURCES_CLOCK_WALL] = N_("By the time of day, read while it was recorded."),
      [UNPARK_SOURCES_CLOCK_MONOTONIC] = N_("By the monotonic clock of the host, which other files "
                                            "share: the most exact."),
      [UNPARK_SOURCES_CLOCK_SPANS] = N_("By the spans whose IDs it logs."),
      [UNPARK_SOURCES_CLOCK_HAND] = N_("Moved by hand."),
  };
  return _(words[clock]);
}

static gboolean move_now(gpointer data) {
  UnparkSourcePanel *self = data;
  self->move_source = 0;
  unpark_bundle_move(self->bundle, self->moving, self->moving_ns);
  return G_SOURCE_REMOVE;
}

static guint file_of(GtkWidget *widget) {
  return GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(widget), "unpark-file"));
}

/* A move that waits is of no use for the file of `widget` any longer; of another one it is made. */
static void end_waiting(UnparkSourcePanel *self, GtkWidget *widget) {
  gboolean of_other = self->move_source && self->moving != file_of(widget);
  g_clear_handle_id(&self->move_source, g_source_remove);
  if (of_other)
    unpark_bundle_move(self->bundle, self->moving, self->moving_ns);
}

static void on_value(GtkSpinButton *spin, UnparkSourcePanel *self) {
  if (self->updating)
    return;
  end_waiting(self, GTK_WIDGET(spin));
  self->moving = file_of(GTK_WIDGET(spin));
  self->moving_ns = (gint64)(gtk_spin_button_get_value(spin) * units[self->unit].ns);
  self->move_source = g_timeout_add(MOVE_DELAY_MS, move_now, self);
}

static void on_reset(GtkButton *button, UnparkSourcePanel *self) {
  end_waiting(self, GTK_WIDGET(button));
  unpark_bundle_move(self->bundle, file_of(GTK_WIDGET(button)), 0);
}

static void on_remove(GtkButton *button, UnparkSourcePanel *self) {
  end_waiting(self, GTK_WIDGET(button));
  unpark_bundle_remove(self->bundle, file_of(GTK_WIDGET(button)));
}

static GtkWidget *add_button(GtkWidget *box, const char *icon, const char *what, const char *file,
                             guint index, GCallback clicked, UnparkSourcePanel *self) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  g_autofree char *name = g_strdup_printf("%s: %s", what, file);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, what);
  unpark_accessible_name(button, name);
  g_object_set_data(G_OBJECT(button), "unpark-file", GUINT_TO_POINTER(index));
  g_signal_connect(button, "clicked", clicked, self);
  gtk_box_append(GTK_BOX(box), button);
  return button;
}

static GtkWidget *make_spin(UnparkSourcePanel *self, guint i) {
  double step = self->unit == 0 ? 100 : 1;
  GtkWidget *spin = gtk_spin_button_new_with_range(-MOST, MOST, step);
  g_autofree char *name = g_strdup_printf(
      _("Move %s later by (%s)"), unpark_bundle_get_name(self->bundle, i), units[self->unit].name);
  gtk_spin_button_set_digits(GTK_SPIN_BUTTON(spin), self->unit == 0 ? 0 : 3);
  gtk_editable_set_width_chars(GTK_EDITABLE(spin), 8);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(spin),
                            (double)unpark_bundle_get_move(self->bundle, i) / units[self->unit].ns);
  gtk_widget_set_valign(spin, GTK_ALIGN_CENTER);
  g_object_set_data(G_OBJECT(spin), "unpark-file", GUINT_TO_POINTER(i));
  unpark_accessible_name(spin, name);
  g_signal_connect(spin, "value-changed", G_CALLBACK(on_value), self);
  return spin;
}

static GtkWidget *make_texts(UnparkSourcePanel *self, const UnparkSourceEntry *entry, guint i) {
  GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *name = gtk_label_new(unpark_bundle_get_name(self->bundle, i));
  char offset[UNPARK_FORMAT_SIZE];
  g_autofree char *path = g_file_get_parse_name(unpark_bundle_get_file(self->bundle, i));
  unpark_format_duration(entry->offset_ns < 0 ? -entry->offset_ns : entry->offset_ns, offset);
  g_autofree char *where = g_strdup_printf(_("Begins at %s%s. %s"), entry->offset_ns < 0 ? "−" : "",
                                           offset, clock_words(entry->clock));
  GtkWidget *known = gtk_label_new(where);
  gtk_label_set_xalign(GTK_LABEL(name), 0);
  gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars(GTK_LABEL(known), 34);
  gtk_widget_set_tooltip_text(name, path);
  gtk_label_set_xalign(GTK_LABEL(known), 0);
  gtk_label_set_wrap(GTK_LABEL(known), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(known), 34);
  gtk_widget_add_css_class(known, "dim-label");
  gtk_widget_add_css_class(known, "caption");
  gtk_widget_set_hexpand(texts, TRUE);
  gtk_box_append(GTK_BOX(texts), name);
  gtk_box_append(GTK_BOX(texts), known);
  return texts;
}

static void add_file(UnparkSourcePanel *self, const UnparkSourceEntry *entry, guint i) {
  const char *name = unpark_bundle_get_name(self->bundle, i);
  GtkWidget *row = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *spin = make_spin(self, i), *unit = gtk_label_new(units[self->unit].name);
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 6);
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 6);
  gtk_box_append(GTK_BOX(box), make_texts(self, entry, i));
  gtk_box_append(GTK_BOX(box), spin);
  gtk_box_append(GTK_BOX(box), unit);
  GtkWidget *reset = add_button(box, "unpark-undo-symbolic", _("Back to where its clock says"),
                                name, i, G_CALLBACK(on_reset), self);
  gtk_widget_set_sensitive(reset, unpark_bundle_get_move(self->bundle, i) != 0);
  GtkWidget *remove = add_button(box, "user-trash-symbolic", _("Take out of this view"), name, i,
                                 G_CALLBACK(on_remove), self);
  gtk_widget_set_sensitive(remove, unpark_bundle_get_n(self->bundle) > 1);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
  gtk_list_box_append(GTK_LIST_BOX(self->list), row);
}

static void update(UnparkSourcePanel *self) {
  guint n = 0;
  UnparkSources *sources = unpark_together_get_sources(unpark_bundle_get_together(self->bundle));
  const UnparkSourceEntry *entries = sources ? unpark_sources_entries(sources, &n) : NULL;
  gtk_widget_set_sensitive(self->undo, unpark_bundle_can_undo(self->bundle));
  if (self->move_source) /* somebody is turning the number */
    return;
  self->updating = TRUE;
  unpark_compat_list_box_clear(GTK_LIST_BOX(self->list));
  for (guint i = 0; i < n; i++)
    add_file(self, &entries[i], i);
  self->updating = FALSE;
}

static void on_unit(GtkDropDown *choice, GParamSpec *spec, UnparkSourcePanel *self) {
  self->unit = MIN(gtk_drop_down_get_selected(choice), G_N_ELEMENTS(units) - 1);
  update(self);
}

static void fill(UnparkSourcePanel *self) {
  const char *names[G_N_ELEMENTS(units) + 1] = {NULL};
  GtkWidget *foot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *add = gtk_button_new_with_mnemonic(_("_Add Files…"));
  GtkWidget *scrolled = gtk_scrolled_window_new(), *unit;
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    names[i] = units[i].name;
  unit = gtk_drop_down_new_from_strings(names);
  self->unit = 2;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(unit), self->unit);
  unpark_accessible_name(unit, _("Unit of moves"));
  self->list = gtk_list_box_new();
  self->undo = gtk_button_new_with_mnemonic(_("_Undo"));
  unpark_accessible_name(self->list, _("Sources"));
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(self->list, "boxed-list");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(add), "win.add-files");
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), 420);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->list);
  gtk_widget_set_hexpand(add, TRUE);
  gtk_widget_set_halign(add, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(foot), add);
  gtk_box_append(GTK_BOX(foot), gtk_label_new(_("Move by")));
  gtk_box_append(GTK_BOX(foot), unit);
  gtk_box_append(GTK_BOX(foot), self->undo);
  gtk_box_append(GTK_BOX(self->box), scrolled);
  gtk_box_append(GTK_BOX(self->box), foot);
  g_signal_connect(unit, "notify::selected", G_CALLBACK(on_unit), self);
  g_signal_connect_swapped(self->undo, "clicked", G_CALLBACK(unpark_bundle_undo), self->bundle);
}

static void unpark_source_panel_dispose(GObject *object) {
  UnparkSourcePanel *self = UNPARK_SOURCE_PANEL(object);
  g_clear_handle_id(&self->move_source, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->bundle);
  G_OBJECT_CLASS(unpark_source_panel_parent_class)->dispose(object);
}

static void unpark_source_panel_class_init(UnparkSourcePanelClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_source_panel_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_source_panel_init(UnparkSourcePanel *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *unpark_source_panel_new(UnparkBundle *bundle) {
  UnparkSourcePanel *self = g_object_new(UNPARK_TYPE_SOURCE_PANEL, NULL);
  self->bundle = g_object_ref(bundle);
  fill(self);
  g_signal_connect_object(bundle, "changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(bundle, "busy-changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
  return GTK_WIDGET(self);
}
