/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/input/private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void set_open_error(GError **error, int code, const char *name) {
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), _("Cannot open %s: %s"), name,
              g_strerror(code));
}

static void set_read_error(GError **error, int code, const char *name) {
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), _("Cannot read %s: %s"), name,
              g_strerror(code));
}

/* What can be streamed can be read; the rest is told apart from "unknown format". */
static gboolean check_type(UnparkInputSource *source, GError **error) {
  struct stat st;

  if (fstat(source->fd, &st) < 0) {
    set_read_error(error, errno, source->name);
    return FALSE;
  }
  if (S_ISDIR(st.st_mode)) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR,
                _("%s is a folder; expected a file: a trace, a profile or a dump"), source->name);
    return FALSE;
  }
  if (S_ISREG(st.st_mode)) {
    off_t at = lseek(source->fd, 0, SEEK_CUR);
    guint64 skipped = at > 0 ? (guint64)at : 0;

    /* Standard input may have been read in part by whoever opened it. */
    source->size = (guint64)st.st_size > skipped ? (guint64)st.st_size - skipped : 0;
    posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  } else {
    source->wait = TRUE;
  }
  return TRUE;
}

gboolean unpark_input_source_open(UnparkInputSource *source, const char *path, GError **error) {
  memset(source, 0, sizeof *source);
  if (strcmp(path, "-") == 0) {
    source->name = g_strdup(_("standard input"));
    source->fd = STDIN_FILENO;
  } else {
    source->name = g_filename_display_name(path);
    /* O_NONBLOCK: opening a named pipe must not wait for its writer; the wait happens
     * in poll(), where it can be cancelled. */
    do
      source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (source->fd < 0 && errno == EINTR);
    source->own = source->fd >= 0;
    if (source->fd < 0)
      set_open_error(error, errno, source->name);
  }
  if (source->fd < 0 || !check_type(source, error)) {
    unpark_input_source_clear(source);
    return FALSE;
  }
  return TRUE;
}

void unpark_input_source_clear(UnparkInputSource *source) {
  if (source->own)
    close(source->fd);
  source->own = FALSE;
  source->fd = -1;
  g_clear_pointer(&source->name, g_free);
  g_clear_object(&source->cancellable);
}

static void wait_readable(UnparkInputSource *source) {
  GPollFD cancel = {.fd = -1};
  struct pollfd fds[2] = {{.fd = source->fd, .events = POLLIN}, {.fd = -1, .events = POLLIN}};
  gboolean watched = source->cancellable && g_cancellable_make_pollfd(source->cancellable, &cancel);

  if (watched)
    fds[1].fd = cancel.fd;
  /* Interrupted or failed: the caller's read() tells. */
  poll(fds, 2, -1);
  if (watched)
    g_cancellable_release_fd(source->cancellable);
}

gssize unpark_input_source_read(UnparkInputSource *source, guint8 *to, gsize size, GError **error) {
  if (source->fd < 0) {
    size = (gsize)MIN(size, source->size - source->done);
    if (size > 0)
      memcpy(to, source->data + source->done, size);
    source->done += size;
    return (gssize)size;
  }
  for (;;) {
    gssize n;

    if (g_cancellable_set_error_if_cancelled(source->cancellable, error))
      return -1;
    if (source->wait)
      wait_readable(source);
    if (g_cancellable_set_error_if_cancelled(source->cancellable, error))
      return -1;
    n = read(source->fd, to, size);
    if (n >= 0) {
      source->done += (guint64)n;
      return n;
    }
    if (errno == EINTR || (source->wait && errno == EAGAIN))
      continue;
    set_read_error(error, errno, source->name);
    return -1;
  }
}
