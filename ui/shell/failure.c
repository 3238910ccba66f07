/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/failure.h"

#include <glib/gi18n.h>

#include "ui/kit/compat.h"
#include "ui/kit/sentence.h"
#include "ui/kit/toast.h"
#include "ui/kit/wrap-box.h"
#include "ui/shell/failure-words.h"

GtkWidget *unpark_failure_new(void) {
  GtkWidget *page = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), "dialog-error-symbolic");
  return page;
}

static void on_launched(GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr(GtkWidget) page = data;
  g_autoptr(GError) error = NULL;
  if (!g_app_info_launch_default_for_uri_finish(result, &error))
    unpark_toast_show(page, error->message);
}

static void show_folder(GtkWidget *button, GFile *file) {
  g_autoptr(GFile) folder = g_file_get_parent(file);
  g_autofree char *uri = g_file_get_uri(folder ? folder : file);
  GtkWidget *page = gtk_widget_get_ancestor(button, ADW_TYPE_STATUS_PAGE);
  g_app_info_launch_default_for_uri_async(uri, NULL, NULL, on_launched, g_object_ref(page));
}

static void try_again(GtkWidget *button, GFile *file) {
  g_autofree char *uri = g_file_get_uri(file);
  gtk_widget_activate_action(button, "win.open-uri", "s", uri);
}

static void copy_details(GtkWidget *button, const char *details) {
  gtk_widget_activate_action(button, "win.copy", "s", details);
}

static GtkWidget *add_button(GtkWidget *box, const char *label) {
  GtkWidget *button = gtk_button_new_with_mnemonic(label);
  gtk_widget_add_css_class(button, "pill");
  unpark_wrap_box_append(UNPARK_WRAP_BOX(box), button);
  return button;
}

static GtkWidget *make_details(const char *text) {
  GtkWidget *expander = gtk_expander_new_with_mnemonic(_("_Details"));
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 70);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  unpark_compat_expander_set_child(GTK_EXPANDER(expander), label);
  return expander;
}

static void free_text(gpointer text, GClosure *closure) {
  g_free(text);
}

static void unref_file(gpointer file, GClosure *closure) {
  g_object_unref(file);
}

static GtkWidget *make_help(const UnparkFailureWords *words, GFile *file, const GError *error) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *buttons = unpark_wrap_box_new(12);
  GtkWidget *open = add_button(buttons, _("_Open Another File…"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(open), "win.open");
  gtk_widget_add_css_class(open, "suggested-action");
  if (words->try_again)
    g_signal_connect_data(add_button(buttons, _("_Try Again")), "clicked", G_CALLBACK(try_again),
                          g_object_ref(file), unref_file, 0);
  if (words->show_folder)
    g_signal_connect_data(add_button(buttons, _("Show _Folder")), "clicked",
                          G_CALLBACK(show_folder), g_object_ref(file), unref_file, 0);
  if (error)
    g_signal_connect_data(add_button(buttons, _("_Copy Details")), "clicked",
                          G_CALLBACK(copy_details), g_strdup(error->message), free_text, 0);
  gtk_widget_set_halign(buttons, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), buttons);
  if (error && words->details)
    gtk_box_append(GTK_BOX(box), make_details(error->message));
  return box;
}

void unpark_failure_show(GtkWidget *page, GFile *file, const GError *error) {
  g_autoptr(GFileInfo) info =
      error ? g_file_query_info(file,
                                G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                G_FILE_QUERY_INFO_NONE, NULL, NULL)
            : NULL;
  gboolean regular = info && g_file_info_get_file_type(info) == G_FILE_TYPE_REGULAR;
  UnparkFailureWords words =
      error ? unpark_failure_words(error, regular ? g_file_info_get_size(info) : -1)
            : unpark_failure_words_nothing();
  unpark_sentence_set(page, words.title, words.text);
  adw_status_page_set_child(ADW_STATUS_PAGE(page), make_help(&words, file, error));
}
