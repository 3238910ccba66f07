/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/notes.h"

#include <glib/gi18n.h>

#include "ui/text/format.h"
#include "ui/shell/notes-words.h"

struct _UnparkNotes {
  GtkWidget parent_instance;

  GtkWidget *revealer;
  GtkWidget *icon, *label, *details_button, *details;
};

G_DEFINE_FINAL_TYPE(UnparkNotes, unpark_notes, GTK_TYPE_WIDGET)

static void unpark_notes_dispose(GObject *object) {
  g_clear_pointer(&UNPARK_NOTES(object)->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS(unpark_notes_parent_class)->dispose(object);
}

static void unpark_notes_class_init(UnparkNotesClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_notes_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void on_close(UnparkNotes *self) {
  gtk_revealer_set_reveal_child(GTK_REVEALER(self->revealer), FALSE);
}

static void unpark_notes_init(UnparkNotes *self) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *close = gtk_button_new_from_icon_name("window-close-symbolic");
  GtkWidget *popover = gtk_popover_new();
  self->revealer = gtk_revealer_new();
  gtk_widget_set_parent(self->revealer, GTK_WIDGET(self));
  self->icon = gtk_image_new_from_icon_name("dialog-warning-symbolic");
  self->label = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->label), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->label), 0);
  gtk_widget_set_hexpand(self->label, TRUE);
  self->details = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->details), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(self->details), 70);
  gtk_label_set_selectable(GTK_LABEL(self->details), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->details), 0);
  gtk_popover_set_child(GTK_POPOVER(popover), self->details);
  self->details_button = gtk_menu_button_new();
  gtk_menu_button_set_label(GTK_MENU_BUTTON(self->details_button), _("Details"));
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(self->details_button), popover);
  gtk_widget_add_css_class(close, "flat");
  gtk_widget_set_tooltip_text(close, _("Hide this message"));
  gtk_widget_add_css_class(row, "unpark-notes");
  g_signal_connect_swapped(close, "clicked", G_CALLBACK(on_close), self);
  gtk_box_append(GTK_BOX(row), self->icon);
  gtk_box_append(GTK_BOX(row), self->label);
  gtk_box_append(GTK_BOX(row), self->details_button);
  gtk_box_append(GTK_BOX(row), close);
  gtk_revealer_set_child(GTK_REVEALER(self->revealer), row);
}

GtkWidget *unpark_notes_new(void) {
  return g_object_new(UNPARK_TYPE_NOTES, NULL);
}

/* Markup: what it means and how often, and below it the importer's own words. */
static void append_note(GString *to, const UnparkNote *note) {
  const char *sentence = unpark_note_sentence(note->name);
  g_autofree char *title = g_markup_escape_text(sentence ? sentence : note->detail, -1);
  g_autofree char *detail = g_markup_escape_text(note->detail, -1);
  char count[UNPARK_FORMAT_SIZE];

  g_string_append_printf(to, "%s<b>%s</b>", to->len ? "\n\n" : "", title);
  if (note->count > 1)
    g_string_append_printf(to, _(" (%s times)"), unpark_format_count(note->count, count));
  if (sentence)
    g_string_append_printf(to, "\n%s", detail);
}

void unpark_notes_set_store(UnparkNotes *self, UnparkStore *store) {
  guint n, shown = 0;
  const UnparkNote *notes = unpark_store_notes(store, &n), *first = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  const char *sentence;

  for (guint i = 0; i < n; i++)
    if (notes[i].severity != UNPARK_NOTE_INFO) {
      if (!first || notes[i].severity > first->severity)
        first = &notes[i];
      append_note(text, &notes[i]);
      shown++;
    }
  gtk_revealer_set_reveal_child(GTK_REVEALER(self->revealer), shown > 0);
  if (!first)
    return;
  sentence = unpark_note_sentence(first->name);
  if (!sentence)
    sentence = first->detail;
  gtk_label_set_text(GTK_LABEL(self->label), sentence);
  gtk_label_set_markup(GTK_LABEL(self->details), text->str);
  gtk_widget_set_visible(self->details_button, TRUE);
}

void unpark_notes_set_stopped(UnparkNotes *self) {
  gtk_label_set_text(GTK_LABEL(self->label),
                     _("Reading was stopped; only the beginning of the file is shown."));
  gtk_widget_set_visible(self->details_button, FALSE);
  gtk_revealer_set_reveal_child(GTK_REVEALER(self->revealer), TRUE);
}
