/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/desktop/clipboard.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  GtkWidget *widget;
  const UnparkClipboardTakers *takers;
  gpointer data;
} Reading;

/* "localhost:6060", "http://...", "unix:/run/app.sock", "dlv://...". */
gboolean unpark_clipboard_is_address(const char *text) {
  static const char *const schemes[] = {"http://", "https://", "unix:/", "dlv://", "dlv+unix:/"};
  g_autofree char *line = g_strstrip(g_strdup(text));
  if (!*line || strpbrk(line, " \t\r\n"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(schemes); i++)
    if (g_str_has_prefix(line, schemes[i]))
      return TRUE;
  return g_regex_match_simple("^[A-Za-z0-9.-]*:[0-9]{1,5}(/.*)?$", line, 0, 0);
}

/* Each line is a file that is there. NULL: it is another text. */
static GPtrArray *files_of(const char *text) {
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_object_unref);
  g_auto(GStrv) lines = g_strsplit(text, "\n", 64);
  for (guint i = 0; lines[i]; i++) {
    const char *line = g_strstrip(lines[i]);
    if (!*line)
      continue;
    gboolean is_uri = g_str_has_prefix(line, "file://");
    g_autoptr(GFile) file = is_uri ? g_file_new_for_uri(line) : g_file_new_for_path(line);
    if ((!is_uri && !g_path_is_absolute(line)) || !g_file_query_exists(file, NULL))
      return NULL;
    g_ptr_array_add(files, g_steal_pointer(&file));
  }
  return files->len > 0 ? g_steal_pointer(&files) : NULL;
}

/* The text as a file of its own; the name says when. */
static GFile *keep(const char *text, GError **error) {
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *name = g_date_time_format(now, "pasted-%Y%m%d-%H%M%S.txt");
  g_autofree char *folder = g_build_filename(g_get_user_cache_dir(), "unpark", "pasted", NULL);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  if (g_mkdir_with_parents(folder, 0700) != 0) {
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                _("Cannot create the folder %s: %s"), folder, g_strerror(errno));
    return NULL;
  }
  return g_file_set_contents(path, text, -1, error) ? g_file_new_for_path(path) : NULL;
}

static void take(const Reading *reading, const char *text) {
  g_autoptr(GPtrArray) files = files_of(text);
  g_autoptr(GError) error = NULL;
  for (guint i = 0; files && i < files->len; i++)
    reading->takers->file(reading->data, files->pdata[i]);
  if (files)
    return;
  if (unpark_clipboard_is_address(text)) {
    g_autofree char *address = g_strstrip(g_strdup(text));
    reading->takers->address(reading->data, address);
    return;
  }
  g_autoptr(GFile) file = keep(text, &error);
  if (file)
    reading->takers->file(reading->data, file);
  else
    reading->takers->nothing(reading->data, error->message);
}

static void on_text(GObject *clipboard, GAsyncResult *result, gpointer data) {
  g_autofree Reading *reading = data;
  g_autoptr(GtkWidget) widget = reading->widget;
  g_autofree char *text = gdk_clipboard_read_text_finish(GDK_CLIPBOARD(clipboard), result, NULL);
  if (!gtk_widget_get_realized(widget)) /* it was closed meanwhile */
    return;
  if (text && *text)
    take(reading, text);
  else
    reading->takers->nothing(reading->data, _("There is no text in the clipboard."));
}

void unpark_clipboard_open(GtkWidget *widget, const UnparkClipboardTakers *takers, gpointer data) {
  Reading *reading = g_new(Reading, 1);
  *reading = (Reading){g_object_ref(widget), takers, data};
  gdk_clipboard_read_text_async(gtk_widget_get_clipboard(widget), NULL, on_text, reading);
}
