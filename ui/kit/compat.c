/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/compat.h"

#include <glib/gi18n.h>

/* ---- Files ------------------------------------------------------------------------------- */

typedef struct {
  UnparkCompatFile file; /* or */
  UnparkCompatFiles files;
  gpointer data;
} Choice;

/* Everything first: a recording may have any name, and the program finds out by what is in it. */
static GListModel *filters_new(void) {
  static const struct {
    const char *name, *patterns;
  } kinds[] = {
      {N_("All Files"), "*"},
      {N_("Traces, Profiles and Dumps"), "*.trace *.out *.pprof *.prof *.pb.gz *.txt *.log *.json"},
      {N_("Sessions"), "*.unpark"},
  };
  GListStore *filters = g_list_store_new(GTK_TYPE_FILE_FILTER);
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
    g_auto(GStrv) patterns = g_strsplit(kinds[i].patterns, " ", -1);
    gtk_file_filter_set_name(filter, _(kinds[i].name));
    for (guint k = 0; patterns[k]; k++)
      gtk_file_filter_add_pattern(filter, patterns[k]);
    g_list_store_append(filters, filter);
  }
  return G_LIST_MODEL(filters);
}

static Choice *choice_new(UnparkCompatFile file, UnparkCompatFiles files, gpointer data) {
  Choice *choice = g_new(Choice, 1);
  *choice = (Choice){file, files, data};
  return choice;
}

#if GTK_CHECK_VERSION(4, 10, 0)

static GtkFileDialog *dialog_new(const char *title, const char *accept) {
  GtkFileDialog *dialog = gtk_file_dialog_new();
  gtk_file_dialog_set_title(dialog, title);
  gtk_file_dialog_set_accept_label(dialog, accept);
  gtk_file_dialog_set_modal(dialog, TRUE);
  return dialog;
}

/* That somebody closes the dialog is no mishap. */
static void complain(const GError *error) {
  if (error && !g_error_matches(error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED) &&
      !g_error_matches(error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_CANCELLED))
    g_warning("no file can be chosen: %s", error->message);
}

static void on_save(GObject *dialog, GAsyncResult *result, gpointer data) {
  g_autofree Choice *choice = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = gtk_file_dialog_save_finish(GTK_FILE_DIALOG(dialog), result, &error);
  complain(error);
  choice->file(file, choice->data);
}

static void on_open(GObject *dialog, GAsyncResult *result, gpointer data) {
  g_autofree Choice *choice = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = gtk_file_dialog_open_finish(GTK_FILE_DIALOG(dialog), result, &error);
  complain(error);
  choice->file(file, choice->data);
}

static void on_open_many(GObject *dialog, GAsyncResult *result, gpointer data) {
  g_autofree Choice *choice = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) files =
      gtk_file_dialog_open_multiple_finish(GTK_FILE_DIALOG(dialog), result, &error);
  complain(error);
  choice->files(files, choice->data);
}

static void on_folder(GObject *dialog, GAsyncResult *result, gpointer data) {
  g_autofree Choice *choice = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file =
      gtk_file_dialog_select_folder_finish(GTK_FILE_DIALOG(dialog), result, &error);
  complain(error);
  choice->file(file, choice->data);
}

void unpark_compat_open_folder(GtkWindow *parent, const char *title, UnparkCompatFile chosen,
                               gpointer data) {
  g_autoptr(GtkFileDialog) dialog = dialog_new(title, _("_Open"));
  gtk_file_dialog_select_folder(dialog, parent, NULL, on_folder, choice_new(chosen, NULL, data));
}

void unpark_compat_save_file(GtkWindow *parent, const char *title, const char *name,
                             UnparkCompatFile chosen, gpointer data) {
  g_autoptr(GtkFileDialog) dialog = dialog_new(title, _("_Save"));
  gtk_file_dialog_set_initial_name(dialog, name);
  gtk_file_dialog_save(dialog, parent, NULL, on_save, choice_new(chosen, NULL, data));
}

void unpark_compat_open_file(GtkWindow *parent, const char *title, UnparkCompatFile chosen,
                             gpointer data) {
  g_autoptr(GtkFileDialog) dialog = dialog_new(title, _("_Open"));
  gtk_file_dialog_open(dialog, parent, NULL, on_open, choice_new(chosen, NULL, data));
}

void unpark_compat_open_files(GtkWindow *parent, const char *title, UnparkCompatFiles chosen,
                              gpointer data) {
  g_autoptr(GtkFileDialog) dialog = dialog_new(title, _("_Open"));
  g_autoptr(GListModel) filters = filters_new();
  gtk_file_dialog_set_filters(dialog, filters);
  gtk_file_dialog_open_multiple(dialog, parent, NULL, on_open_many, choice_new(NULL, chosen, data));
}

#else

static void on_chosen(GtkNativeDialog *dialog, int response, gpointer data) {
  g_autofree Choice *choice = data;
  GtkFileChooser *chooser = GTK_FILE_CHOOSER(dialog);
  gboolean accepted = response == GTK_RESPONSE_ACCEPT;
  if (choice->files) {
    g_autoptr(GListModel) files = accepted ? gtk_file_chooser_get_files(chooser) : NULL;
    choice->files(files, choice->data);
  } else {
    g_autoptr(GFile) file = accepted ? gtk_file_chooser_get_file(chooser) : NULL;
    choice->file(file, choice->data);
  }
  g_object_unref(dialog);
}

/* `name`: to save under; NULL: none is proposed. */
static void choose(GtkWindow *parent, const char *title, GtkFileChooserAction action,
                   const char *name, Choice *choice) {
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(
      title, parent, action, name ? _("_Save") : _("_Open"), _("_Cancel"));
  if (name)
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), name);
  gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(dialog), choice->files != NULL);
  if (choice->files) {
    g_autoptr(GListModel) filters = filters_new();
    for (guint i = 0; i < g_list_model_get_n_items(filters); i++) {
      g_autoptr(GtkFileFilter) filter = g_list_model_get_item(filters, i);
      gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), filter);
    }
  }
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect(dialog, "response", G_CALLBACK(on_chosen), choice);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

void unpark_compat_save_file(GtkWindow *parent, const char *title, const char *name,
                             UnparkCompatFile chosen, gpointer data) {
  choose(parent, title, GTK_FILE_CHOOSER_ACTION_SAVE, name, choice_new(chosen, NULL, data));
}

void unpark_compat_open_file(GtkWindow *parent, const char *title, UnparkCompatFile chosen,
                             gpointer data) {
  choose(parent, title, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, choice_new(chosen, NULL, data));
}

void unpark_compat_open_files(GtkWindow *parent, const char *title, UnparkCompatFiles chosen,
                              gpointer data) {
  choose(parent, title, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, choice_new(NULL, chosen, data));
}

void unpark_compat_open_folder(GtkWindow *parent, const char *title, UnparkCompatFile chosen,
                               gpointer data) {
  choose(parent, title, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL,
         choice_new(chosen, NULL, data));
}

#endif

/* ---- Lists ------------------------------------------------------------------------------- */

void unpark_compat_list_box_clear(GtkListBox *list) {
  for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index(list, 0));)
    gtk_list_box_remove(list, GTK_WIDGET(row));
}

/* ---- Expanders --------------------------------------------------------------------------- */

void unpark_compat_expander_set_child(GtkExpander *expander, GtkWidget *child) {
  g_object_bind_property(expander, "expanded", child, "visible", G_BINDING_SYNC_CREATE);
  gtk_expander_set_child(expander, child);
}

/* ---- Questions ----------------------------------------------------------------------------- */

#if ADW_CHECK_VERSION(1, 5, 0)

GtkWidget *unpark_compat_question_new(GtkWidget *parent, const char *heading, GtkWidget *child,
                                      const char *response, const char *label) {
  AdwDialog *dialog = adw_alert_dialog_new(heading, NULL);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG(dialog);
  adw_alert_dialog_set_extra_child(alert, child);
  adw_alert_dialog_add_responses(alert, "cancel", _("_Cancel"), response, label, NULL);
  adw_alert_dialog_set_response_appearance(alert, response, ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response(alert, response);
  adw_alert_dialog_set_close_response(alert, "cancel");
  return GTK_WIDGET(dialog);
}

void unpark_compat_question_enable(GtkWidget *widget, const char *response, gboolean enabled) {
  GtkWidget *alert = gtk_widget_get_ancestor(widget, ADW_TYPE_ALERT_DIALOG);
  if (alert)
    adw_alert_dialog_set_response_enabled(ADW_ALERT_DIALOG(alert), response, enabled);
}

void unpark_compat_question_present(GtkWidget *question, GtkWidget *parent, GtkWidget *focus) {
  adw_dialog_set_focus(ADW_DIALOG(question), focus);
  adw_dialog_present(ADW_DIALOG(question), parent);
}

#else

GtkWidget *unpark_compat_question_new(GtkWidget *parent, const char *heading, GtkWidget *child,
                                      const char *response, const char *label) {
  GtkWidget *window = gtk_widget_get_ancestor(parent, GTK_TYPE_WINDOW);
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(window), heading, NULL);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG(dialog);
  adw_message_dialog_set_extra_child(message, child);
  adw_message_dialog_add_responses(message, "cancel", _("_Cancel"), response, label, NULL);
  adw_message_dialog_set_response_appearance(message, response, ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(message, response);
  adw_message_dialog_set_close_response(message, "cancel");
  return dialog;
}

void unpark_compat_question_enable(GtkWidget *widget, const char *response, gboolean enabled) {
  GtkWidget *message = gtk_widget_get_ancestor(widget, ADW_TYPE_MESSAGE_DIALOG);
  if (message)
    adw_message_dialog_set_response_enabled(ADW_MESSAGE_DIALOG(message), response, enabled);
}

void unpark_compat_question_present(GtkWidget *question, GtkWidget *parent, GtkWidget *focus) {
  gtk_window_set_focus(GTK_WINDOW(question), focus);
  gtk_window_present(GTK_WINDOW(question));
}

#endif
