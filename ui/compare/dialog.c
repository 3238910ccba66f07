/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/dialog.h"

#include <glib/gi18n.h>

#include "model/base/format.h"
#include "model/base/printable.h"
#include "ui/kit/toast.h"

#define URI "unpark-uri"

#define UNPARK_TYPE_COMPARE_DIALOG (unpark_compare_dialog_get_type())
G_DECLARE_FINAL_TYPE(UnparkCompareDialog, unpark_compare_dialog, UNPARK, COMPARE_DIALOG, AdwWindow)

struct _UnparkCompareDialog {
  AdwWindow parent_instance;
  UnparkSession *session;
  char *name;
  GtkWidget *group;
  GtkWidget *first; /* row, where the keys begin */
};

G_DEFINE_FINAL_TYPE(UnparkCompareDialog, unpark_compare_dialog, ADW_TYPE_WINDOW)

#define SESSION "unpark-compare-session"

/* The window may be at another document by now: its session came along. */
static void on_other(GtkWidget *window, UnparkOther *other, const GError *error) {
  UnparkSession *session = g_object_get_data(G_OBJECT(window), SESSION);
  if (other && session)
    unpark_session_set_other(session, other);
  else if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    unpark_toast_show(window, error->message);
}

static GtkWidget *prepare(UnparkCompareDialog *self) {
  GtkWidget *window = GTK_WIDGET(gtk_window_get_transient_for(GTK_WINDOW(self)));
  g_object_set_data_full(G_OBJECT(window), SESSION, g_object_ref(self->session), g_object_unref);
  return window;
}

static void on_tab(GtkWidget *row, UnparkCompareDialog *self) {
  g_autoptr(GFile) file = g_file_new_for_uri(g_object_get_data(G_OBJECT(row), URI));
  unpark_other_open(prepare(self), file, NULL, on_other);
  gtk_window_close(GTK_WINDOW(self));
}

static void on_file(GtkWidget *row, UnparkCompareDialog *self) {
  GtkWidget *window = prepare(self);
  gtk_window_close(GTK_WINDOW(self));
  unpark_other_choose(window, NULL, on_other);
}

/* As long as the selected time, right before it; after it where there is too little. */
static void time_beside(UnparkSession *session, gint64 *from_ns, gint64 *to_ns) {
  gint64 start = unpark_session_get_start(session), end = unpark_session_get_end(session);
  gint64 from, to;
  if (!unpark_session_get_selected_time(session, &from, &to)) {
    *from_ns = start;
    *to_ns = start + (end - start) / 2;
    unpark_session_select_time(session, *to_ns, end);
    return;
  }
  gint64 length = to - from;
  gboolean before = from - start >= MIN(length, end - to);
  *from_ns = before ? MAX(from - length, start) : to;
  *to_ns = before ? from : MIN(to + length, end);
}

static void on_time(GtkWidget *row, UnparkCompareDialog *self) {
  gint64 from, to;
  time_beside(self->session, &from, &to);
  g_autoptr(UnparkOther) other =
      unpark_other_new_time(unpark_session_get_store(self->session), self->name, from, to);
  unpark_session_set_other(self->session, other);
  gtk_window_close(GTK_WINDOW(self));
}

/* ---- The window ----------------------------------------------------------------------------- */

static GtkWidget *add_row(UnparkCompareDialog *self, const char *title, const char *subtitle,
                          GCallback activated) {
  GtkWidget *row = adw_action_row_new();
  g_autofree char *text = g_markup_escape_text(subtitle, -1);
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), text);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 2);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), gtk_image_new_from_icon_name("go-next-symbolic"));
  g_signal_connect(row, "activated", activated, self);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(self->group), row);
  if (!self->first)
    self->first = row;
  return row;
}

static void add_tab(UnparkCompareDialog *self, const char *uri) {
  g_autoptr(GFile) file = g_file_new_for_uri(uri);
  g_autofree char *base = g_file_get_basename(file), *path = g_file_get_parse_name(file);
  g_autofree char *name = unpark_printable_file_name(base);
  g_autofree char *printable = unpark_printable_dup(path);
  GtkWidget *row = add_row(self, name, printable, G_CALLBACK(on_tab));
  g_object_set_data_full(G_OBJECT(row), URI, g_strdup(uri), g_free);
}

static void add_time(UnparkCompareDialog *self) {
  gint64 from, to;
  char a[UNPARK_FORMAT_SIZE], b[UNPARK_FORMAT_SIZE];
  gboolean selected = unpark_session_get_selected_time(self->session, &from, &to);
  g_autofree char *text =
      selected ? g_strdup_printf(_("The selected time, from %s to %s, with the time beside it"),
                                 unpark_format_time(from, 1000, a), unpark_format_time(to, 1000, b))
               : g_strdup(_("The second half with the first; then choose both on their timelines"));
  add_row(self, _("Another Time of This File"), text, G_CALLBACK(on_time));
}

static void unpark_compare_dialog_dispose(GObject *object) {
  UnparkCompareDialog *self = UNPARK_COMPARE_DIALOG(object);
  g_clear_object(&self->session);
  g_clear_pointer(&self->name, g_free);
  G_OBJECT_CLASS(unpark_compare_dialog_parent_class)->dispose(object);
}

static void unpark_compare_dialog_class_init(UnparkCompareDialogClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_compare_dialog_dispose;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/compare/dialog.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkCompareDialog, group);
}

static void unpark_compare_dialog_init(UnparkCompareDialog *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
}

void unpark_compare_dialog_show(GtkWindow *parent, UnparkSession *session, const char *name,
                                const char *const *uris) {
  UnparkCompareDialog *self =
      g_object_new(UNPARK_TYPE_COMPARE_DIALOG, "transient-for", parent, NULL);
  g_autofree char *text = g_strdup_printf(_("What was before “%s”?"), name);
  g_autofree char *markup = g_markup_escape_text(text, -1);
  self->session = g_object_ref(session);
  self->name = g_strdup(name);
  adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(self->group), markup);
  for (guint i = 0; uris[i]; i++)
    add_tab(self, uris[i]);
  if (unpark_store_source(unpark_session_get_store(session))->kind == UNPARK_SOURCE_TRACE)
    add_time(self);
  add_row(self, _("Another File…"), _("Of the same kind"), G_CALLBACK(on_file));
  gtk_window_set_focus(GTK_WINDOW(self), self->first);
  gtk_window_present(GTK_WINDOW(self));
}
