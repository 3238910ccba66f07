/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "live/service/capture.h"

struct _UnparkCaptureFile {
  char *path, *temp;
  int fd;
};

static void fail(const char *path, int code, GError **error) {
  g_autofree char *name = g_filename_display_name(path);

  g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), _("Cannot write %s: %s"),
              name, g_strerror(code));
}

UnparkCaptureFile *unpark_capture_file_new(const char *path, GError **error) {
  static int number; /* atomic: several files of one name may be written at a time */
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *name = g_path_get_basename(path);
  UnparkCaptureFile *file = g_new0(UnparkCaptureFile, 1);
  struct stat facts;

  file->path = g_strdup(path);
  file->temp = g_strdup_printf("%s/.%s.%d-%d.part", folder, name, (int)getpid(),
                               g_atomic_int_add(&number, 1));
  file->fd = -1;
  if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
    fail(path, S_ISDIR(facts.st_mode) ? EISDIR : EINVAL, error);
  else if ((file->fd = g_open(file->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) < 0)
    fail(path, errno, error);
  if (file->fd >= 0)
    return file;
  g_clear_pointer(&file->temp, g_free);
  unpark_capture_file_drop(file);
  return NULL;
}

gboolean unpark_capture_file_write(UnparkCaptureFile *file, const void *bytes, gsize size,
                                   GError **error) {
  const char *at = bytes;

  while (size > 0) {
    gssize n = write(file->fd, at, size);

    if (n < 0 && errno != EINTR) {
      fail(file->path, errno, error);
      return FALSE;
    }
    at += MAX(n, 0);
    size -= (gsize)MAX(n, 0);
  }
  return TRUE;
}

gboolean unpark_capture_file_finish(UnparkCaptureFile *file, GError **error) {
  int fd = file->fd;
  gboolean ok;

  file->fd = -1;
  ok = close(fd) == 0 && g_rename(file->temp, file->path) == 0;
  if (ok)
    g_clear_pointer(&file->temp, g_free);
  else
    fail(file->path, errno, error);
  unpark_capture_file_drop(file);
  return ok;
}

void unpark_capture_file_drop(UnparkCaptureFile *file) {
  if (file->fd >= 0)
    close(file->fd);
  if (file->temp)
    g_unlink(file->temp);
  g_free(file->temp);
  g_free(file->path);
  g_free(file);
}
