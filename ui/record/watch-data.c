/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/record/watch-data.h"

/* Of dumps that are kept to be saved. */
#define KEPT_BYTES ((gsize)128 << 20)

struct _UnparkWatching {
  UnparkRecordPlace *place;
  UnparkWatch *watch;
  GMutex lock;        /* what follows: a look may end while dumps are saved */
  GPtrArray *answers; /* UnparkWatchAnswer, without heaps */
  gsize bytes;
};

static void row_clear(gpointer data) {
  UnparkWatchRow *row = data;

  g_free(row->state);
  g_free(row->function);
  g_free(row->place);
  g_free(row->stack);
}

UnparkWatchRow *unpark_watch_row_ref(UnparkWatchRow *row) {
  return g_atomic_rc_box_acquire(row);
}

void unpark_watch_row_unref(UnparkWatchRow *row) {
  g_atomic_rc_box_release_full(row, row_clear);
}

void unpark_watch_seen_free(UnparkWatchSeen *seen) {
  if (!seen)
    return;
  g_array_unref(seen->samples);
  g_ptr_array_unref(seen->rows);
  g_free(seen);
}

UnparkWatching *unpark_watching_new(UnparkRecordPlace *place) {
  UnparkWatching *watching = g_atomic_rc_box_new0(UnparkWatching);

  watching->place = place;
  watching->watch = unpark_watch_new();
  g_mutex_init(&watching->lock);
  watching->answers = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_watch_answer_free);
  return watching;
}

UnparkWatching *unpark_watching_ref(UnparkWatching *watching) {
  return g_atomic_rc_box_acquire(watching);
}

static void watching_clear(gpointer data) {
  UnparkWatching *watching = data;

  unpark_record_place_free(watching->place);
  unpark_watch_free(watching->watch);
  g_ptr_array_unref(watching->answers);
  g_mutex_clear(&watching->lock);
}

void unpark_watching_unref(UnparkWatching *watching) {
  g_atomic_rc_box_release_full(watching, watching_clear);
}

const char *unpark_watching_title(const UnparkWatching *watching) {
  return watching->place->address->title;
}

static UnparkWatchSeen *see(const UnparkWatch *watch) {
  g_autoptr(GPtrArray) stacks = unpark_watch_by_growth(watch);
  UnparkWatchSeen *seen = g_new0(UnparkWatchSeen, 1);

  seen->samples = g_array_copy(watch->samples);
  seen->rows = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_watch_row_unref);
  for (guint i = 0; i < stacks->len; i++) {
    const UnparkWatchStack *stack = stacks->pdata[i];
    guint now = g_array_index(stack->counts, guint, stack->counts->len - 1);
    int growth = unpark_watch_growth(stack);
    if (now == 0 && growth == 0)
      continue;
    UnparkWatchRow *row = g_atomic_rc_box_new0(UnparkWatchRow);
    *row = (UnparkWatchRow){growth,
                            now,
                            unpark_watch_only_grows(stack),
                            g_strdup(stack->state),
                            g_strdup(stack->function),
                            g_strdup(stack->place),
                            g_strdup(stack->stack)};
    g_ptr_array_add(seen->rows, row);
  }
  return seen;
}

/* What is in the middle goes first: growth is between the first and the last. */
static void keep(UnparkWatching *watching, UnparkWatchAnswer *answer) {
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&watching->lock);

  watching->bytes += answer->dump->len;
  g_ptr_array_add(watching->answers, answer);
  while (watching->bytes > KEPT_BYTES && watching->answers->len > 2) {
    const UnparkWatchAnswer *oldest = watching->answers->pdata[1];
    watching->bytes -= oldest->dump->len;
    g_ptr_array_remove_index(watching->answers, 1);
  }
}

gpointer unpark_watching_look(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkWatching *watching = data;
  const UnparkReach reach = unpark_record_access_reach(watching->place->access);
  UnparkWatchAnswer *answer =
      unpark_watch_ask(watching->place->service, &reach, cancellable, error);

  if (!answer)
    return NULL;
  unpark_watch_add(watching->watch, answer);
  if (answer->heap)
    g_string_free(g_steal_pointer(&answer->heap), TRUE);
  keep(watching, answer);
  return see(watching->watch);
}

void unpark_watch_saving_free(UnparkWatchSaving *saving) {
  unpark_watching_unref(saving->watching);
  g_free(saving->folder);
  g_free(saving);
}

gpointer unpark_watching_save(gpointer data, GCancellable *cancellable, GError **error) {
  const UnparkWatchSaving *saving = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&saving->watching->lock);
  const GPtrArray *answers = saving->watching->answers;

  for (guint i = 0; i < answers->len; i++) {
    g_autofree char *path = unpark_watch_keep(answers->pdata[i], saving->folder, error);
    if (!path)
      return NULL;
  }
  return GUINT_TO_POINTER(answers->len);
}
