/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model/base/error.h"

#define MEMORY_MAX ((gsize)8 * 1024 * 1024)
#define CHUNK ((gsize)1024 * 1024)

void unpark_spool_init(UnparkSpool *spool) {
  *spool = (UnparkSpool){.fd = -1};
}

void unpark_spool_clear(UnparkSpool *spool) {
  if (spool->fd >= 0)
    close(spool->fd);
  g_free(spool->buffer);
  unpark_spool_init(spool);
}

static void set_error(GError **error, int saved_errno) {
  if (saved_errno == ENOSPC || saved_errno == EDQUOT)
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_NO_SPACE,
                _("The folder for temporary files (%s) is full. Free some space there or set "
                  "TMPDIR to another folder"),
                g_get_tmp_dir());
  else
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(saved_errno),
                _("A temporary file in %s could not be used: %s"), g_get_tmp_dir(),
                g_strerror(saved_errno));
}

static gboolean open_file(UnparkSpool *spool, GError **error) {
  g_autofree char *path = g_build_filename(g_get_tmp_dir(), "unpark-spool-XXXXXX", NULL);

  spool->fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
  if (spool->fd < 0) {
    set_error(error, errno);
    return FALSE;
  }
  g_unlink(path);
  return TRUE;
}

static gboolean flush(UnparkSpool *spool, GError **error) {
  gsize done = 0;

  if (spool->fd < 0 && !open_file(spool, error))
    return FALSE;
  while (done < spool->size) {
    gssize n = write(spool->fd, spool->buffer + done, spool->size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      set_error(error, n < 0 ? errno : ENOSPC);
      return FALSE;
    }
    done += (gsize)n;
  }
  spool->file_size += spool->size;
  spool->size = 0;
  return TRUE;
}

static void reserve(UnparkSpool *spool, gsize size) {
  if (size <= spool->capacity)
    return;
  spool->capacity = MAX(size, MIN(spool->capacity * 2, MEMORY_MAX));
  spool->buffer = g_realloc(spool->buffer, spool->capacity);
}

gboolean unpark_spool_add(UnparkSpool *spool, const guint8 *bytes, guint32 size, GError **error) {
  gsize limit = spool->fd < 0 ? MEMORY_MAX : CHUNK;

  if (spool->size > 0 && spool->size + sizeof size + size > limit && !flush(spool, error))
    return FALSE;
  reserve(spool, spool->size + sizeof size + size);
  memcpy(spool->buffer + spool->size, &size, sizeof size);
  memcpy(spool->buffer + spool->size + sizeof size, bytes, size);
  spool->size += sizeof size + size;
  spool->count++;
  return TRUE;
}

gboolean unpark_spool_rewind(UnparkSpool *spool, GError **error) {
  if (spool->fd < 0)
    return TRUE;
  if (!flush(spool, error))
    return FALSE;
  spool->file_at = 0;
  spool->at = 0;
  return TRUE;
}

/* Makes `want` bytes stand at the reader's position; fewer only at the end. */
static gboolean fill(UnparkSpool *spool, gsize want, GError **error) {
  if (spool->size - spool->at >= want || spool->fd < 0)
    return TRUE;
  memmove(spool->buffer, spool->buffer + spool->at, spool->size - spool->at);
  spool->size -= spool->at;
  spool->at = 0;
  reserve(spool, MAX(want, CHUNK));
  while (spool->size < want && spool->file_at < spool->file_size) {
    gssize n = pread(spool->fd, spool->buffer + spool->size, spool->capacity - spool->size,
                     (off_t)spool->file_at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      set_error(error, n < 0 ? errno : EIO);
      return FALSE;
    }
    spool->size += (gsize)n;
    spool->file_at += (guint64)n;
  }
  return TRUE;
}

const guint8 *unpark_spool_next(UnparkSpool *spool, guint32 *size, GError **error) {
  const guint8 *bytes;

  if (!fill(spool, sizeof *size, error) || spool->size - spool->at < sizeof *size)
    return NULL;
  memcpy(size, spool->buffer + spool->at, sizeof *size);
  if (!fill(spool, sizeof *size + *size, error))
    return NULL;
  bytes = spool->buffer + spool->at + sizeof *size;
  spool->at += sizeof *size + *size;
  return bytes;
}
