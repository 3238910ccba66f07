/* Copying and saving what the profile view shows. */
#include <glib/gi18n.h>

#include "ui/profile-format.h"
#include "ui/profile-private.h"

typedef struct {
  UnparkProfileData *data;
  guint32 *rows;
  guint n;
  GFile *file; /* NULL: to the clipboard */
} Job;

static void job_free(gpointer data) {
  Job *job = data;
  unpark_profile_data_unref(job->data);
  g_free(job->rows);
  g_clear_object(&job->file);
  g_free(job);
}

static void job_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Job *job = data;
  GError *error = NULL;
  const UnparkProfileData *d = job->data;
  if (!job->file) {
    g_task_return_pointer(
        task, unpark_profile_to_text(d->table, job->rows, job->n, d->type, d->unit), g_free);
    return;
  }
  g_autofree char *csv = unpark_profile_to_csv(d->table, job->rows, job->n, d->type, d->unit);
  if (g_file_replace_contents(job->file, csv, strlen(csv), NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                              cancellable, &error))
    g_task_return_pointer(task, g_file_get_basename(job->file), g_free);
  else
    g_task_return_error(task, error);
}

static void tell(UnparkProfileView *self, const char *text) {
  adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(self->toasts), adw_toast_new(text));
}

static void on_copied(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkProfileView *self = UNPARK_PROFILE_VIEW(source);
  g_autofree char *text = g_task_propagate_pointer(G_TASK(result), NULL);
  if (!text || !self->toasts)
    return;
  gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(self)), text);
  tell(self, _("Copied"));
}

static void on_saved(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkProfileView *self = UNPARK_PROFILE_VIEW(source);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_task_propagate_pointer(G_TASK(result), &error);
  g_autofree char *display = name ? g_filename_display_name(name) : NULL;
  g_autofree char *text = name ? g_strdup_printf(_("Saved “%s”"), display)
                               : g_strdup_printf(_("Not saved: %s"), error->message);
  if (self->toasts)
    tell(self, text);
}

static void start(UnparkProfileView *self, guint32 *rows, guint n, GFile *file) {
  g_autoptr(GTask) task = g_task_new(self, NULL, file ? on_saved : on_copied, NULL);
  Job *job = g_new0(Job, 1);
  job->data = unpark_profile_data_ref(self->data);
  job->rows = rows;
  job->n = n;
  job->file = file ? g_object_ref(file) : NULL;
  g_task_set_task_data(task, job, job_free);
  g_task_run_in_thread(task, job_thread);
}

void unpark_profile_copy(UnparkProfileView *self, gboolean all) {
  guint32 row;
  guint n = 1;
  if (!self->data)
    return;
  if (all) {
    guint32 *rows = unpark_profile_view_rows(self, &n);
    start(self, rows, n, NULL);
  } else if (unpark_profile_view_selected(self, &row)) {
    start(self, g_memdup2(&row, sizeof row), 1, NULL);
  }
}

static void on_response(GtkNativeDialog *dialog, int response, UnparkProfileView *self) {
  if (response == GTK_RESPONSE_ACCEPT && self->data) {
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    guint n;
    guint32 *rows = unpark_profile_view_rows(self, &n);
    start(self, rows, n, file);
  }
  g_object_unref(dialog);
}

void unpark_profile_save_csv(UnparkProfileView *self) {
  GtkWidget *window = gtk_widget_get_ancestor(GTK_WIDGET(self), GTK_TYPE_WINDOW);
  if (!self->data || !window)
    return;
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new(_("Save the Table"), GTK_WINDOW(window),
                                  GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *name = g_strdup_printf("%s.csv", *self->data->type ? self->data->type : "table");
  g_strdelimit(name, G_DIR_SEPARATOR_S, '-');
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), name);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_response), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}
