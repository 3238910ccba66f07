/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark_track_index_read(): which tasks there are, and how deep regions are nested. */
#include <stdlib.h>
#include <string.h>

#include "model/lanes/tracks.h"
#include "model/base/tables.h"
#include "model/store/decode.h"

static int by_id(const void *a, const void *b) {
  gint64 x = ((const UnparkTask *)a)->id, y = ((const UnparkTask *)b)->id;
  return (x > y) - (x < y);
}

static gboolean read_tasks(UnparkTrackIndex *index, UnparkStore *store, GCancellable *cancellable,
                           GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)UNPARK_TABLE_TASK);
  gint64 duration = unpark_store_source(store)->end_ns, row = 0;
  index->tasks = g_new(UnparkTask, list->rows + 1);
  for (guint b = 0; b < list->n; b++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d = unpark_store_decode(store, (UnparkFact)UNPARK_TABLE_TASK,
                                                     &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n && index->n_tasks < list->rows; i++, row++) {
      gint64 *const *c = d->columns;
      UnparkTask task = {.id = c[TASK_ID][i],
                         .parent = c[TASK_PARENT][i],
                         .goroutine = c[TASK_GOROUTINE][i],
                         .start_ns = c[TASK_START][i] == UNPARK_NONE
                                         ? unpark_store_source(store)->start_ns
                                         : c[TASK_START][i],
                         .end_ns = c[TASK_END][i] == UNPARK_NONE ? duration : c[TASK_END][i],
                         .name_id = (guint32)c[TASK_NAME][i],
                         .name = unpark_store_string(store, (guint32)c[TASK_NAME][i]),
                         .row = row};
      index->tasks[index->n_tasks++] = task;
    }
  }
  if (index->n_tasks > 0)
    qsort(index->tasks, index->n_tasks, sizeof *index->tasks, by_id);
  return TRUE;
}

static guint find_goroutine(const UnparkGoroutine *all, guint n, gint64 id) {
  guint low = 0, high = n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (all[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < n && all[low].id == id ? low : n;
}

/* ---- who takes part in a task -------------------------------------------------------- */

typedef struct {
  gint64 goroutine;
  guint32 task; /* its place in the index */
} Member;

static int by_task(const void *a, const void *b) {
  const Member *x = a, *y = b;
  if (x->task != y->task)
    return x->task < y->task ? -1 : 1;
  return (x->goroutine > y->goroutine) - (x->goroutine < y->goroutine);
}

static void add_member(const UnparkTrackIndex *index, GArray *members, const UnparkTask *task,
                       gint64 goroutine) {
  const Member member = {goroutine, (guint32)(task - index->tasks)};
  const Member *last = members->len ? &g_array_index(members, Member, members->len - 1) : NULL;
  if (goroutine == UNPARK_NONE || goroutine == task->goroutine ||
      (last && by_task(last, &member) == 0))
    return;
  g_array_append_val(members, member);
}

static gboolean read_logs(const UnparkTrackIndex *index, UnparkStore *store, GArray *members,
                          GCancellable *cancellable, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)UNPARK_TABLE_LOG);
  for (guint b = 0; b < list->n; b++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(store, (UnparkFact)UNPARK_TABLE_LOG, &list->blocks[b],
                            1u << LOG_TASK | 1u << LOG_GOROUTINE, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      const UnparkTask *task = unpark_track_index_task(index, d->columns[LOG_TASK][i]);
      if (task)
        add_member(index, members, task, d->columns[LOG_GOROUTINE][i]);
    }
  }
  return TRUE;
}

static void index_members(UnparkTrackIndex *index, GArray *members) {
  guint at = 0, kept = 0;
  g_array_sort(members, by_task);
  index->first_member = g_new0(guint32, index->n_tasks + 1);
  index->members = g_new(gint64, members->len + 1);
  for (guint i = 0; i < index->n_tasks; i++) {
    index->first_member[i] = kept;
    for (; at < members->len && g_array_index(members, Member, at).task == i; at++)
      if (kept == index->first_member[i] ||
          index->members[kept - 1] != g_array_index(members, Member, at).goroutine)
        index->members[kept++] = g_array_index(members, Member, at).goroutine;
  }
  index->first_member[index->n_tasks] = kept;
}

static gboolean read_regions(UnparkTrackIndex *index, UnparkStore *store, GArray *members,
                             GCancellable *cancellable, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)UNPARK_TABLE_REGION);
  GError *failure = NULL;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &index->n_goroutines, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  index->region_levels = g_new0(guint8, index->n_goroutines + 1);
  for (guint b = 0; b < list->n; b++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(store, (UnparkFact)UNPARK_TABLE_REGION, &list->blocks[b],
                            1u << REGION_TASK | 1u << REGION_GOROUTINE | 1u << REGION_DEPTH, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      guint at = find_goroutine(all, index->n_goroutines, d->columns[REGION_GOROUTINE][i]);
      guint8 levels = (guint8)CLAMP(d->columns[REGION_DEPTH][i] + 1, 1, UNPARK_TRACK_LEVELS);
      if (at < index->n_goroutines)
        index->region_levels[at] = MAX(index->region_levels[at], levels);
      /* The index is not yet given away. */
      UnparkTask *task =
          (UnparkTask *)(gsize)unpark_track_index_task(index, d->columns[REGION_TASK][i]);
      if (task) {
        task->n_regions++;
        add_member(index, members, task, d->columns[REGION_GOROUTINE][i]);
      }
    }
  }
  return TRUE;
}

UnparkTrackIndex *unpark_track_index_read(UnparkStore *store, GCancellable *cancellable,
                                          GError **error) {
  g_autoptr(UnparkTrackIndex) index = g_new0(UnparkTrackIndex, 1);
  g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(Member));
  g_atomic_ref_count_init(&index->refs);
  if (!unpark_store_is_live(store) && (!read_tasks(index, store, cancellable, error) ||
                                       !read_regions(index, store, members, cancellable, error) ||
                                       !read_logs(index, store, members, cancellable, error)))
    return NULL;
  if (index->n_tasks > 0)
    index_members(index, members);
  return g_steal_pointer(&index);
}

UnparkTrackIndex *unpark_track_index_ref(UnparkTrackIndex *index) {
  g_atomic_ref_count_inc(&index->refs);
  return index;
}

void unpark_track_index_unref(UnparkTrackIndex *index) {
  if (!g_atomic_ref_count_dec(&index->refs))
    return;
  g_free(index->region_levels);
  g_free(index->tasks);
  g_free(index->first_member);
  g_free(index->members);
  g_free(index);
}

const UnparkTask *unpark_track_index_task(const UnparkTrackIndex *index, gint64 id) {
  const UnparkTask wanted = {.id = id};
  return index->n_tasks == 0
             ? NULL
             : bsearch(&wanted, index->tasks, index->n_tasks, sizeof *index->tasks, by_id);
}
