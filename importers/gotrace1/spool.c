/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/base/error.h"

#define PIECE ((gsize)1024 * 1024)
#define MEMORY_MAX ((gsize)8 * 1024 * 1024)

static gboolean set_file_error(const char *folder, GError **error) {
  int code = errno;

  if (code == ENOSPC || code == EDQUOT)
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_NO_SPACE,
                _("The disk is full: no room for a temporary file in “%s”. Free some space or "
                  "choose another cache folder"),
                folder);
  else
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code),
                _("Cannot write a temporary file in “%s”: %s"), folder, g_strerror(code));
  return FALSE;
}

static gboolean open_file(UnparkV1Spool *spool, const char *folder, GError **error) {
#ifdef O_TMPFILE
  spool->fd = g_open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
  if (spool->fd < 0) {
    g_autofree char *name = g_build_filename(folder, "unpark-XXXXXX", NULL);
    spool->fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
    if (spool->fd >= 0)
      g_unlink(name);
  }
  return spool->fd >= 0 || set_file_error(folder, error);
}

static gboolean write_all(UnparkV1Spool *spool, const guint8 *data, gsize size, const char *folder,
                          GError **error) {
  while (size > 0) {
    gssize n = write(spool->fd, data, size);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return set_file_error(folder, error);
    data += n;
    size -= (gsize)n;
  }
  return TRUE;
}

static void keep(UnparkV1Spool *spool, const guint8 *data, gsize size) {
  if (spool->size + size > spool->capacity) {
    spool->capacity = MAX(spool->size + size, spool->capacity * 2);
    spool->memory = g_realloc(spool->memory, spool->capacity);
  }
  memcpy(spool->memory + spool->size, data, size);
}

static gboolean append(UnparkV1Spool *spool, const guint8 *data, gsize size, const char *folder,
                       GError **error) {
  if (spool->fd < 0 && spool->size + size <= MEMORY_MAX) {
    keep(spool, data, size);
  } else {
    if (spool->fd < 0) {
      if (!open_file(spool, folder, error) ||
          !write_all(spool, spool->memory, spool->size, folder, error))
        return FALSE;
      g_clear_pointer(&spool->memory, g_free);
    }
    if (!write_all(spool, data, size, folder, error))
      return FALSE;
  }
  spool->size += size;
  return TRUE;
}

static gboolean map_file(UnparkV1Spool *spool, const char *folder, GError **error) {
  void *data = mmap(NULL, spool->size, PROT_READ, MAP_SHARED, spool->fd, 0);

  if (data == MAP_FAILED)
    return set_file_error(folder, error);
  spool->data = data;
  spool->mapped = TRUE;
  return TRUE;
}

gboolean unpark_v1_spool_fill(UnparkV1Spool *spool, UnparkInput *input, const char *folder,
                              GError **damage, GCancellable *cancellable, GError **error) {
  *spool = (UnparkV1Spool){.fd = -1};
  for (;;) {
    gsize have;
    g_autoptr(GError) failure = NULL;
    const guint8 *data = unpark_input_window(input, PIECE, &have, &failure);
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (!data && g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    if (!data) {
      g_propagate_error(damage, g_steal_pointer(&failure));
      data = unpark_input_window(input, 0, &have, NULL);
    }
    if (!data || have == 0)
      break;
    have = MIN(have, 16 * PIECE);
    if (!append(spool, data, have, folder, error))
      return FALSE;
    unpark_input_consume(input, have);
    if (*damage)
      break;
  }
  spool->data = spool->memory ? spool->memory : (const guint8 *)"";
  return spool->fd < 0 || map_file(spool, folder, error);
}

void unpark_v1_spool_clear(UnparkV1Spool *spool) {
  if (spool->mapped)
    munmap((void *)spool->data, spool->size);
  if (spool->fd >= 0)
    close(spool->fd);
  g_free(spool->memory);
  *spool = (UnparkV1Spool){.fd = -1};
}

void unpark_v1_spool_forget(const UnparkV1Spool *spool, gsize from, gsize to) {
  gsize page = (gsize)sysconf(_SC_PAGESIZE);

  if (!spool->mapped)
    return;
  from = (from + page - 1) / page * page;
  to = to / page * page;
  if (from < to)
    madvise((guint8 *)spool->data + from, to - from, MADV_DONTNEED);
}
