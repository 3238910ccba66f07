/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/save-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/kit/worker.h"

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

static gpointer write_file(gpointer data, GCancellable *cancellable, GError **error) {
  Save *save = data;
  g_autofree char *text = save->make(save->data);
  if (!g_file_replace_contents(save->file, text, strlen(text), NULL, FALSE, G_FILE_CREATE_NONE,
                               NULL, cancellable, error))
    return NULL;
  return g_file_get_basename(save->file);
}

static void on_saved(gpointer owner, gpointer data, gpointer result, const GError *error) {
  g_autofree char *name = result;
  g_autofree char *display = name ? g_filename_display_name(name) : NULL;
  g_autofree char *text = name ? g_strdup_printf(_("Saved “%s”"), display)
                               : g_strdup_printf(_("Not saved: %s"), error->message);
  gtk_widget_activate_action(owner, "win.toast", "s", text);
}

static void on_response(GtkNativeDialog *dialog, int response, gpointer user_data) {
  static const UnparkWork saving = {write_file, on_saved, save_free, g_free};
  Save *save = user_data;
  if (response == GTK_RESPONSE_ACCEPT) {
    save->file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    unpark_worker_run_once(save->widget, &saving, save);
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
