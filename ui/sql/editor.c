/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/editor.h"

#include <adwaita.h>
#include <string.h>

#include "ui/source/style.h"
#include "ui/sql/error-place.h"
#include "ui/sql/popup.h"

struct _UnparkSqlEditor {
  GtkSourceView parent_instance;

  UnparkSqlPopup *popup;
  guint updating; /* an idle callback: something was written */
  gboolean quiet; /* what changes is not written by the user */
  GtkTextTag *error;
};

G_DEFINE_FINAL_TYPE(UnparkSqlEditor, unpark_sql_editor, GTK_SOURCE_TYPE_VIEW)

static GtkTextBuffer *buffer_of(UnparkSqlEditor *self) {
  return gtk_text_view_get_buffer(GTK_TEXT_VIEW(self));
}

/* ---- Text --------------------------------------------------------------------------------- */

char *unpark_sql_editor_text(UnparkSqlEditor *self) {
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds(buffer_of(self), &start, &end);
  return gtk_text_buffer_get_text(buffer_of(self), &start, &end, FALSE);
}

char *unpark_sql_editor_query(UnparkSqlEditor *self, guint *from) {
  GtkTextIter start, end;
  /* What is selected, as in other editors of SQL; else everything. */
  if (!gtk_text_buffer_get_selection_bounds(buffer_of(self), &start, &end))
    gtk_text_buffer_get_bounds(buffer_of(self), &start, &end);
  while (!gtk_text_iter_equal(&start, &end) && g_unichar_isspace(gtk_text_iter_get_char(&start)))
    gtk_text_iter_forward_char(&start);
  *from = (guint)gtk_text_iter_get_offset(&start);
  return g_strchomp(gtk_text_buffer_get_text(buffer_of(self), &start, &end, FALSE));
}

void unpark_sql_editor_set_text(UnparkSqlEditor *self, const char *sql) {
  GtkTextBuffer *buffer = buffer_of(self);
  GtkTextIter start, end;
  self->quiet = TRUE;
  gtk_text_buffer_begin_user_action(buffer);
  gtk_text_buffer_get_bounds(buffer, &start, &end);
  gtk_text_buffer_delete(buffer, &start, &end);
  gtk_text_buffer_insert(buffer, &start, sql, -1);
  gtk_text_buffer_end_user_action(buffer);
  self->quiet = FALSE;
  unpark_sql_editor_hide_completion(self);
}

void unpark_sql_editor_insert(UnparkSqlEditor *self, const char *text) {
  self->quiet = TRUE;
  gtk_text_buffer_delete_selection(buffer_of(self), TRUE, TRUE);
  gtk_text_buffer_insert_interactive_at_cursor(buffer_of(self), text, -1, TRUE);
  self->quiet = FALSE;
  unpark_sql_editor_hide_completion(self);
}

void unpark_sql_editor_hide_completion(UnparkSqlEditor *self) {
  g_clear_handle_id(&self->updating, g_source_remove);
  unpark_sql_popup_hide(self->popup);
}

/* ---- Errors ------------------------------------------------------------------------------- */

void unpark_sql_editor_clear_error(UnparkSqlEditor *self) {
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds(buffer_of(self), &start, &end);
  gtk_text_buffer_remove_tag(buffer_of(self), self->error, &start, &end);
}

static void iter_at_byte(UnparkSqlEditor *self, const char *sql, guint from, gsize byte,
                         GtkTextIter *iter) {
  guint chars = (guint)g_utf8_strlen(sql, (gssize)byte);
  gtk_text_buffer_get_iter_at_offset(buffer_of(self), iter, (int)(from + chars));
}

void unpark_sql_editor_mark_error(UnparkSqlEditor *self, const char *sql, guint from, int at,
                                  const char *message) {
  GtkTextIter start, end;
  gsize first, last;
  unpark_sql_editor_clear_error(self);
  if (!unpark_sql_error_place(sql, at, message, &first, &last))
    return;
  iter_at_byte(self, sql, from, first, &start);
  iter_at_byte(self, sql, from, last, &end);
  gtk_text_buffer_apply_tag(buffer_of(self), self->error, &start, &end);
  gtk_text_buffer_place_cursor(buffer_of(self), &start);
  gtk_text_view_scroll_to_iter(GTK_TEXT_VIEW(self), &start, 0.1, FALSE, 0, 0);
}

/* ---- Completion --------------------------------------------------------------------------- */

static gboolean update(gpointer data) {
  UnparkSqlEditor *self = data;
  self->updating = 0;
  unpark_sql_popup_update(self->popup, FALSE);
  return G_SOURCE_REMOVE;
}

static void on_changed(UnparkSqlEditor *self) {
  unpark_sql_editor_clear_error(self);
  if (!self->quiet && self->updating == 0 && gtk_widget_has_focus(GTK_WIDGET(self)))
    self->updating = g_idle_add(update, self);
}

static gboolean on_key(GtkEventControllerKey *key, guint keyval, guint code, GdkModifierType state,
                       UnparkSqlEditor *self) {
  /* Who types fast means the list of what is written, not of what was. */
  if (self->updating) {
    g_source_remove(self->updating);
    update(self);
  }
  return unpark_sql_popup_key(self->popup, keyval, state);
}

/* ---- Widget ------------------------------------------------------------------------------- */

void unpark_sql_editor_set_kind(UnparkSqlEditor *self, UnparkSourceKind kind) {
  unpark_sql_popup_set_kind(self->popup, kind);
}

static void unpark_sql_editor_size_allocate(GtkWidget *widget, int width, int height,
                                            int baseline) {
  GTK_WIDGET_CLASS(unpark_sql_editor_parent_class)->size_allocate(widget, width, height, baseline);
  unpark_sql_popup_present(UNPARK_SQL_EDITOR(widget)->popup);
}

static void unpark_sql_editor_dispose(GObject *object) {
  UnparkSqlEditor *self = UNPARK_SQL_EDITOR(object);
  g_clear_handle_id(&self->updating, g_source_remove);
  g_clear_pointer(&self->popup, unpark_sql_popup_free);
  G_OBJECT_CLASS(unpark_sql_editor_parent_class)->dispose(object);
}

static void unpark_sql_editor_class_init(UnparkSqlEditorClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_sql_editor_dispose;
  GTK_WIDGET_CLASS(class)->size_allocate = unpark_sql_editor_size_allocate;
}

static void add_controllers(UnparkSqlEditor *self) {
  GtkEventController *key = gtk_event_controller_key_new();
  GtkEventController *focus = gtk_event_controller_focus_new();
  GtkGesture *click = gtk_gesture_click_new();
  /* Before the text, to which these keys mean something. */
  gtk_event_controller_set_propagation_phase(key, GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(click), GTK_PHASE_CAPTURE);
  g_signal_connect(key, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect_swapped(focus, "leave", G_CALLBACK(unpark_sql_editor_hide_completion), self);
  g_signal_connect_swapped(click, "pressed", G_CALLBACK(unpark_sql_editor_hide_completion), self);
  gtk_widget_add_controller(GTK_WIDGET(self), key);
  gtk_widget_add_controller(GTK_WIDGET(self), focus);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(click));
}

static void unpark_sql_editor_init(UnparkSqlEditor *self) {
  GtkSourceBuffer *buffer = GTK_SOURCE_BUFFER(buffer_of(self));
  self->popup = unpark_sql_popup_new(GTK_TEXT_VIEW(self));
  unpark_source_style_follow(buffer, "sql");
  self->error = gtk_text_buffer_create_tag(GTK_TEXT_BUFFER(buffer), "unpark-error", "underline",
                                           PANGO_UNDERLINE_ERROR, NULL);
  gtk_source_buffer_set_highlight_matching_brackets(buffer, TRUE);
  gtk_source_view_set_auto_indent(GTK_SOURCE_VIEW(self), TRUE);
  add_controllers(self);
  g_signal_connect_object(buffer, "changed", G_CALLBACK(on_changed), self, G_CONNECT_SWAPPED);
}
