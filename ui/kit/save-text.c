/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/save-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/printable.h"
#include "ui/kit/compat.h"
#include "ui/kit/worker.h"

typedef struct {
  GtkWidget *widget;
  GFile *file;
  /* One of them makes a text, or writes the file. */
  char *(*make)(gpointer data);
  char *(*make_as)(gpointer data, const char *name);
  UnparkSaveWrite write;
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
  if (save->write) {
    g_autofree char *path = g_file_get_path(save->file);
    if (!path) {
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s",
                  _("Only files on this computer can be written"));
      return NULL;
    }
    return save->write(path, save->data, cancellable, error) ? g_path_get_basename(path) : NULL;
  }
  g_autofree char *name = g_file_get_basename(save->file);
  g_autofree char *text = save->make ? save->make(save->data) : save->make_as(save->data, name);
  if (!g_file_replace_contents(save->file, text, strlen(text), NULL, FALSE, G_FILE_CREATE_NONE,
                               NULL, cancellable, error))
    return NULL;
  return g_steal_pointer(&name);
}

static void on_saved(gpointer owner, gpointer data, gpointer result, const GError *error) {
  g_autofree char *name = result;
  g_autofree char *display = name ? unpark_printable_file_name(name) : NULL;
  g_autofree char *text = name ? g_strdup_printf(_("Saved “%s”"), display)
                               : g_strdup_printf(_("Not saved: %s"), error->message);
  gtk_widget_activate_action(owner, "win.toast", "s", text);
}

static void on_file(GFile *file, gpointer data) {
  static const UnparkWork saving = {write_file, on_saved, save_free, g_free};
  Save *save = data;
  if (file) {
    save->file = g_object_ref(file);
    unpark_worker_run_once(save->widget, &saving, save);
  } else {
    save_free(save);
  }
}

static void begin(GtkWidget *widget, const char *title, const char *name, Save job) {
  GtkWidget *window = gtk_widget_get_ancestor(widget, GTK_TYPE_WINDOW);
  job.widget = g_object_ref(widget);
  unpark_compat_save_file(GTK_WINDOW(window), title, name, on_file, g_memdup2(&job, sizeof job));
}

void unpark_save_text(GtkWidget *widget, const char *title, const char *name,
                      char *(*make)(gpointer data), gpointer data, GDestroyNotify destroy) {
  begin(widget, title, name, (Save){.make = make, .data = data, .destroy = destroy});
}

void unpark_save_text_as(GtkWidget *widget, const char *title, const char *name,
                         char *(*make)(gpointer data, const char *name), gpointer data,
                         GDestroyNotify destroy) {
  begin(widget, title, name, (Save){.make_as = make, .data = data, .destroy = destroy});
}

void unpark_save_file(GtkWidget *widget, const char *title, const char *name, UnparkSaveWrite write,
                      gpointer data, GDestroyNotify destroy) {
  begin(widget, title, name, (Save){.write = write, .data = data, .destroy = destroy});
}

gboolean unpark_save_is(const char *name, const char *extension) {
  g_autofree char *lower = g_ascii_strdown(name, -1);
  return g_str_has_suffix(lower, extension);
}
