/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/base/error.h"
#include "model/sql/row-sort.h"

/* Numbers that are held in memory: 32 MB, and as much again while they are sorted. */
#define HELD_NUMBERS ((gsize)4 << 20)
/* Bytes of a run that are read at once. */
#define READ_BYTES ((gsize)128 << 10)

typedef struct {
  gint64 first, second;
  guint row; /* in `held` */
} Key;

/* A sorted stretch of the temporary file. */
typedef struct {
  goffset at, end;
  gint64 *rows; /* those that are in memory */
  guint n, next;
} Stretch;

struct _UnparkRowSort {
  guint n_columns;
  gint first, second;
  gint64 *held; /* row after row */
  guint n_kept, room, next;
  Key *keys; /* of what is held, sorted */
  int fd;    /* -1: nothing had to be written */
  GArray *stretches;
};

UnparkRowSort *unpark_row_sort_new(guint n_columns, gint first, gint second) {
  UnparkRowSort *sort = g_new0(UnparkRowSort, 1);

  sort->n_columns = n_columns;
  sort->first = first;
  sort->second = second;
  sort->fd = -1;
  sort->stretches = g_array_new(FALSE, TRUE, sizeof(Stretch));
  return sort;
}

void unpark_row_sort_free(UnparkRowSort *sort) {
  if (!sort)
    return;
  for (guint i = 0; i < sort->stretches->len; i++)
    g_free(g_array_index(sort->stretches, Stretch, i).rows);
  g_array_unref(sort->stretches);
  if (sort->fd >= 0)
    close(sort->fd);
  g_free(sort->held);
  g_free(sort->keys);
  g_free(sort);
}

static int compare_keys(const void *a, const void *b) {
  const Key *x = a, *y = b;

  if (x->first != y->first)
    return x->first < y->first ? -1 : 1;
  if (x->second != y->second)
    return x->second < y->second ? -1 : 1;
  return x->row < y->row ? -1 : 1;
}

static Key key_of(const UnparkRowSort *sort, const gint64 *row) {
  return (Key){sort->first >= 0 ? row[sort->first] : 0, sort->second >= 0 ? row[sort->second] : 0,
               0};
}

static void sort_held(UnparkRowSort *sort) {
  gboolean sorted = TRUE;

  g_free(sort->keys);
  sort->keys = g_new(Key, sort->n_kept + 1);
  for (guint i = 0; i < sort->n_kept; i++) {
    sort->keys[i] = key_of(sort, sort->held + (gsize)i * sort->n_columns);
    sort->keys[i].row = i;
    sorted = sorted && (i == 0 || compare_keys(&sort->keys[i - 1], &sort->keys[i]) < 0);
  }
  if (!sorted)
    qsort(sort->keys, sort->n_kept, sizeof *sort->keys, compare_keys);
}

/* ---- The temporary file ---------------------------------------------------------------------- */

static gboolean fail(GError **error, int code) {
  g_set_error(error, UNPARK_ERROR, code == ENOSPC ? UNPARK_ERROR_NO_SPACE : UNPARK_ERROR_STORE,
              _("Rows cannot be sorted in a temporary file: %s"), g_strerror(code));
  return FALSE;
}

static gboolean write_rows(UnparkRowSort *sort, const gint64 *rows, gsize bytes, GError **error) {
  const char *p = (const char *)rows;

  while (bytes > 0) {
    gssize n = write(sort->fd, p, bytes);

    if (n < 0 && errno != EINTR)
      return fail(error, errno);
    if (n > 0) {
      p += n;
      bytes -= (gsize)n;
    }
  }
  return TRUE;
}

static gboolean open_file(UnparkRowSort *sort, GError **error) {
  g_autofree char *name = NULL;

  if (sort->fd >= 0)
    return TRUE;
  sort->fd = g_file_open_tmp("unpark-sort-XXXXXX", &name, error);
  if (sort->fd >= 0)
    g_unlink(name);
  return sort->fd >= 0;
}

/* What is held becomes a stretch of the file. */
static gboolean spill(UnparkRowSort *sort, GError **error) {
  guint step = (guint)(READ_BYTES / 8 / sort->n_columns);
  g_autofree gint64 *buffer = g_new(gint64, (gsize)step * sort->n_columns);
  Stretch stretch = {0};

  sort_held(sort);
  if (!open_file(sort, error))
    return FALSE;
  stretch.at = lseek(sort->fd, 0, SEEK_END);
  for (guint i = 0; i < sort->n_kept; i += step) {
    guint n = MIN(step, sort->n_kept - i);

    for (guint k = 0; k < n; k++)
      memcpy(buffer + (gsize)k * sort->n_columns,
             sort->held + (gsize)sort->keys[i + k].row * sort->n_columns, 8u * sort->n_columns);
    if (!write_rows(sort, buffer, (gsize)n * sort->n_columns * 8, error))
      return FALSE;
  }
  stretch.end = stretch.at + (goffset)sort->n_kept * sort->n_columns * 8;
  g_array_append_val(sort->stretches, stretch);
  sort->n_kept = 0;
  return TRUE;
}

/* More rows of the stretch into memory, if there are. */
static gboolean refill(UnparkRowSort *sort, Stretch *s, GError **error) {
  gsize step = READ_BYTES / 8 / sort->n_columns * sort->n_columns * 8;
  gsize want = MIN(step, (gsize)(s->end - s->at)), got = 0;

  if (!s->rows)
    s->rows = g_malloc(step);
  while (got < want) {
    gssize n = pread(sort->fd, (char *)s->rows + got, want - got, s->at + (goffset)got);

    if (n == 0 || (n < 0 && errno != EINTR))
      return fail(error, n < 0 ? errno : EIO);
    if (n > 0)
      got += (gsize)n;
  }
  s->at += (goffset)got;
  s->n = (guint)(got / 8 / sort->n_columns);
  s->next = 0;
  return TRUE;
}

/* ---- Rows in, rows out
 * ---------------------------------------------------------------------------- */

gboolean unpark_row_sort_add(UnparkRowSort *sort, gint64 *const *columns, guint n, GError **error) {
  guint most = (guint)(HELD_NUMBERS / sort->n_columns);

  if (sort->n_kept > 0 && sort->n_kept + n > most && !spill(sort, error))
    return FALSE;
  if (sort->room < sort->n_kept + n) {
    sort->room = MAX(sort->n_kept + n, MIN(sort->room * 2, most));
    sort->held = g_renew(gint64, sort->held, (gsize)sort->room * sort->n_columns);
  }
  for (guint c = 0; c < sort->n_columns; c++) {
    gint64 *to = sort->held + (gsize)sort->n_kept * sort->n_columns + c;

    for (guint i = 0; i < n; i++)
      to[(gsize)i * sort->n_columns] = columns[c][i];
  }
  sort->n_kept += n;
  return TRUE;
}

gboolean unpark_row_sort_end(UnparkRowSort *sort, GError **error) {
  if (sort->stretches->len == 0) {
    sort_held(sort);
    return TRUE;
  }
  if (sort->n_kept > 0 && !spill(sort, error))
    return FALSE;
  g_clear_pointer(&sort->held, g_free);
  g_clear_pointer(&sort->keys, g_free);
  for (guint i = 0; i < sort->stretches->len; i++)
    if (!refill(sort, &g_array_index(sort->stretches, Stretch, i), error))
      return FALSE;
  return TRUE;
}

/* The stretch with the least row; of equal ones the first. NULL: all are over. */
static Stretch *least(UnparkRowSort *sort) {
  Stretch *found = NULL;
  Key of_found = {0};

  for (guint i = 0; i < sort->stretches->len; i++) {
    Stretch *s = &g_array_index(sort->stretches, Stretch, i);

    if (s->next == s->n)
      continue;
    Key key = key_of(sort, s->rows + (gsize)s->next * sort->n_columns);
    if (!found || key.first < of_found.first ||
        (key.first == of_found.first && key.second < of_found.second)) {
      found = s;
      of_found = key;
    }
  }
  return found;
}

static void give(const UnparkRowSort *sort, gint64 *const *columns, guint at, const gint64 *row) {
  for (guint c = 0; c < sort->n_columns; c++)
    columns[c][at] = row[c];
}

gboolean unpark_row_sort_take(UnparkRowSort *sort, gint64 *const *columns, guint room, guint *n,
                              GError **error) {
  Stretch *s;

  *n = 0;
  if (sort->stretches->len == 0) {
    for (; *n < room && sort->next < sort->n_kept; sort->next++)
      give(sort, columns, (*n)++, sort->held + (gsize)sort->keys[sort->next].row * sort->n_columns);
    return TRUE;
  }
  while (*n < room && (s = least(sort))) {
    give(sort, columns, (*n)++, s->rows + (gsize)s->next++ * sort->n_columns);
    if (s->next == s->n && s->at < s->end && !refill(sort, s, error))
      return FALSE;
  }
  return TRUE;
}
