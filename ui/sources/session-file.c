/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sources/session-file.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/times.h"

#define HEADER "Unpark Session"
#define VERSION 1
#define MAX_BYTES (256 * 1024)
#define MAX_FILES 64
/* Of names of files, what needs no encoding. */
#define PLAIN "/ !$&'()*+,:=@~"

gint64 unpark_sources_file_move(GFile *file) {
  const gint64 *move = g_object_get_data(G_OBJECT(file), "unpark-move");
  return move ? *move : 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Beside or below the session by its place there, else by the whole path. */
static char *path_from(GFile *folder, GFile *file) {
  g_autofree char *relative = g_file_get_relative_path(folder, file);
  g_autofree char *path = relative ? g_steal_pointer(&relative) : g_file_get_path(file);
  return path ? g_uri_escape_bytes((const guint8 *)path, strlen(path), PLAIN) : NULL;
}

char *unpark_sources_session_text(UnparkBundle *bundle, GFile *folder) {
  g_autoptr(GKeyFile) keys = g_key_file_new();
  g_key_file_set_integer(keys, HEADER, "Version", VERSION);
  for (guint i = 0; i < unpark_bundle_get_n(bundle); i++) {
    g_autofree char *group = g_strdup_printf("File %u", i + 1);
    g_autofree char *path = path_from(folder, unpark_bundle_get_file(bundle, i));
    g_key_file_set_string(keys, group, "Path", path ? path : "");
    g_key_file_set_int64(keys, group, "MoveNs", unpark_bundle_get_move(bundle, i));
  }
  return g_key_file_to_data(keys, NULL, NULL);
}

/* ---- reading --------------------------------------------------------------------------------- */

gboolean unpark_sources_session_is(GFile *file) {
  g_autoptr(GFileInputStream) stream =
      g_file_query_file_type(file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_REGULAR
          ? g_file_read(file, NULL, NULL)
          : NULL;
  char head[sizeof "[" HEADER "]"];
  gsize n = 0;
  return stream &&
         g_input_stream_read_all(G_INPUT_STREAM(stream), head, sizeof head - 1, &n, NULL, NULL) &&
         n == sizeof head - 1 && memcmp(head, "[" HEADER "]", n) == 0;
}

static gboolean fail(GFile *file, const char *what, GError **error) {
  g_autofree char *name = g_file_get_parse_name(file);
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
              _("“%s” cannot be opened as a session: %s"), name, what);
  return FALSE;
}

static GBytes *read_bounded(GFile *file, GError **error) {
  g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, error);
  GBytes *bytes =
      stream ? g_input_stream_read_bytes(G_INPUT_STREAM(stream), MAX_BYTES + 1, NULL, error) : NULL;
  if (bytes && g_bytes_get_size(bytes) <= MAX_BYTES)
    return bytes;
  if (bytes)
    fail(file, _("it is too large"), error);
  g_clear_pointer(&bytes, g_bytes_unref);
  return NULL;
}

/* NULL: no file of this computer can be called so. */
static char *take_path(GKeyFile *keys, const char *group) {
  g_autofree char *text = g_key_file_get_string(keys, group, "Path", NULL);
  g_autoptr(GBytes) bytes = text && *text ? g_uri_unescape_bytes(text, -1, NULL, NULL) : NULL;
  gsize size = bytes ? g_bytes_get_size(bytes) : 0;
  const char *data = bytes ? g_bytes_get_data(bytes, NULL) : NULL;
  return size > 0 && !memchr(data, 0, size) ? g_strndup(data, size) : NULL;
}

static gboolean add_file(GPtrArray *files, GFile *session, GKeyFile *keys, const char *group,
                         GError **error) {
  g_autofree char *path = take_path(keys, group);
  g_autoptr(GFile) folder = g_file_get_parent(session);
  if (!path || !folder)
    return fail(session, _("a file in it has no name"), error);
  g_autoptr(GFile) file = g_path_is_absolute(path) ? g_file_new_for_path(path)
                                                   : g_file_resolve_relative_path(folder, path);
  g_autofree char *name = g_file_get_parse_name(file);
  GFileType type = g_file_query_file_type(file, G_FILE_QUERY_INFO_NONE, NULL);
  if (type != G_FILE_TYPE_REGULAR) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                type == G_FILE_TYPE_UNKNOWN ? _("The session names “%s”, which is not there.")
                                            : _("The session names “%s”, which is not a file."),
                name);
    return FALSE;
  }
  gint64 move = unpark_time_clamp(g_key_file_get_int64(keys, group, "MoveNs", NULL));
  g_object_set_data_full(G_OBJECT(file), "unpark-move", g_memdup2(&move, sizeof move), g_free);
  g_ptr_array_add(files, g_object_ref(file));
  return TRUE;
}

GPtrArray *unpark_sources_session_read(GFile *file, GError **error) {
  g_autoptr(GBytes) bytes = read_bounded(file, error);
  g_autoptr(GKeyFile) keys = g_key_file_new();
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_object_unref);
  if (!bytes)
    return NULL;
  if (!g_key_file_load_from_bytes(keys, bytes, G_KEY_FILE_NONE, error)) {
    g_autofree char *name = g_file_get_parse_name(file);
    g_prefix_error(error, _("“%s” cannot be opened as a session: "), name);
    return NULL;
  }
  if (g_key_file_get_integer(keys, HEADER, "Version", NULL) != VERSION) {
    fail(file, _("it is of another version of Unpark"), error);
    return NULL;
  }
  for (guint i = 1;; i++) {
    g_autofree char *group = g_strdup_printf("File %u", i);
    if (!g_key_file_has_group(keys, group))
      break;
    if (files->len == MAX_FILES) {
      fail(file, _("it names too many files"), error);
      return NULL;
    }
    if (!add_file(files, file, keys, group, error))
      return NULL;
  }
  if (files->len == 0) {
    fail(file, _("it names no file"), error);
    return NULL;
  }
  return g_steal_pointer(&files);
}
