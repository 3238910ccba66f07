/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/save-text.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  GtkWidget *widget;
  GFile *file;
  char *(*make)(gpointer data);
  gpointer data;
  GDestroyNotify destroy;
} Save;

static void save_free(gpointer data) {
  Save *save = data;
  save->destroy(save->data);
  g_clear_object(&save->file);
  g_object_unref(save->widget);
  g_free(save);
}

static void save_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Save *save = data;
  GError *error = NULL;
  g_autofree char *text = save->make(save->data);
  if (g_file_replace_contents(save->file, text, strlen(text), NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                              cancellable, &error))
    g_task_return_pointer(task, g_file_get_basename(save->file), g_free);
  else
    g_task_return_error(task, error);
}

static void on_saved(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_task_propagate_pointer(G_TASK(result), &error);
  g_autofree char *display = name ? g_filename_display_name(name) : NULL;
  g_autofree char *text = name ? g_strdup_printf(_("Saved “%s”"), display)
                               : g_strdup_printf(_("Not saved: %s"), error->message);
  gtk_widget_activate_action(GTK_WIDGET(source), "win.toast", "s", text);
}

static void on_response(GtkNativeDialog *dialog, int response, gpointer user_data) {
  Save *save = user_data;
  if (response == GTK_RESPONSE_ACCEPT) {
    save->file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autoptr(GTask) task = g_task_new(save->widget, NULL, on_saved, NULL);
    g_task_set_task_data(task, save, save_free);
    g_task_run_in_thread(task, save_thread);
  } else {
    save_free(save);
  }
  g_object_unref(dialog);
}

void unpark_save_text(GtkWidget *widget, const char *title, const char *name,
                      char *(*make)(gpointer data), gpointer data, GDestroyNotify destroy) {
  GtkWidget *window = gtk_widget_get_ancestor(widget, GTK_TYPE_WINDOW);
  Save *save = g_new0(Save, 1);
  *save = (Save){g_object_ref(widget), NULL, make, data, destroy};
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(
      title, GTK_WINDOW(window), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), name);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect(dialog, "response", G_CALLBACK(on_response), save);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}
