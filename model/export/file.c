/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/base/error.h"
#include "model/export/private.h"

gboolean unpark_export_fail(GError **error, int code, const char *path) {
  g_autofree char *name = g_filename_display_name(path);

  if (code == ENOSPC || code == EDQUOT)
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_NO_SPACE, _("“%s” cannot be written: %s"), name,
                g_strerror(code));
  else
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code),
                _("“%s” cannot be written: %s"), name, g_strerror(code));
  return FALSE;
}

gboolean unpark_export_close(int fd, gboolean ok, const char *path, GError **error) {
  if (ok && fsync(fd) != 0 && errno != EINVAL)
    ok = unpark_export_fail(error, errno, path);
  if (close(fd) != 0 && ok)
    ok = unpark_export_fail(error, errno, path);
  return ok;
}

gboolean unpark_export_file_open(UnparkExportFile *file, const char *path, GError **error) {
  mode_t mask = umask(0);

  umask(mask);
  file->path = g_strdup(path);
  file->temp = g_strdup_printf("%s.XXXXXX.tmp", path);
  file->fd = g_mkstemp_full(file->temp, O_WRONLY | O_CLOEXEC, (gint)(0666 & ~mask));
  if (file->fd >= 0)
    return TRUE;
  unpark_export_fail(error, errno, path);
  g_clear_pointer(&file->path, g_free);
  g_clear_pointer(&file->temp, g_free);
  return FALSE;
}

gboolean unpark_export_file_close(UnparkExportFile *file, gboolean ok, GError **error) {
  ok = unpark_export_close(file->fd, ok, file->path, error);
  if (ok && g_rename(file->temp, file->path) != 0)
    ok = unpark_export_fail(error, errno, file->path);
  if (!ok)
    g_unlink(file->temp);
  g_clear_pointer(&file->path, g_free);
  g_clear_pointer(&file->temp, g_free);
  return ok;
}

/* ---- What a source is called -------------------------------------------------------------------
 */

char *unpark_export_hash(const char *path, GCancellable *cancellable, GError **error) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GFileInputStream) stream = g_file_read(file, cancellable, error);
  g_autofree guint8 *buffer = g_malloc(1 << 18);
  gssize n = 0;

  while (stream &&
         (n = g_input_stream_read(G_INPUT_STREAM(stream), buffer, 1 << 18, cancellable, error)) > 0)
    g_checksum_update(sum, buffer, n);
  return stream && n == 0 ? g_strndup(g_checksum_get_string(sum), 16) : NULL;
}

char *unpark_export_date(UnparkStore *store, const char *path) {
  const UnparkSource *source = unpark_store_source(store);
  g_autoptr(GDateTime) time = NULL;
  struct stat st;

  if (source->start_wall_ns != UNPARK_NONE)
    time = g_date_time_new_from_unix_utc(source->start_wall_ns / 1000000000);
  else if (path && stat(path, &st) == 0)
    time = g_date_time_new_from_unix_utc((gint64)st.st_mtim.tv_sec);
  if (!time)
    time = g_date_time_new_now_utc();
  return g_date_time_format(time, "%Y-%m-%d");
}
