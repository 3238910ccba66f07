/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>

#include "model/summary/summary.h"

/* What all imports of the moment may take, by our guess. */
#define BUDGET_BYTES ((gint64)176 << 20)
/* Of one: what any takes, and for each byte of its file. */
#define EACH_BYTES ((gint64)24 << 20)
#define PER_BYTE 6
#define MOST_THREADS 8

typedef struct {
  const GPtrArray *paths;
  const UnparkSummaryOpener *opener;
  UnparkSummaryDone done;
  gpointer data;
  GCancellable *cancellable;
  GMutex lock, done_lock;
  GCond changed;
  guint next, running; /* files */
  gint64 used;         /* of the budget */
} Pool;

static gint64 cost_of(const char *path) {
  struct stat st;
  gint64 size = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (gint64)st.st_size : 0;

  return MIN(EACH_BYTES + MIN(size, BUDGET_BYTES) * PER_BYTE, BUDGET_BYTES);
}

/* The next file, as soon as there is room for it; NULL: there is none. */
static const char *take(Pool *pool, gint64 *cost) {
  const char *path = NULL;

  g_mutex_lock(&pool->lock);
  while (!path && pool->next < pool->paths->len && !g_cancellable_is_cancelled(pool->cancellable)) {
    *cost = cost_of(pool->paths->pdata[pool->next]);
    if (pool->running == 0 || pool->used + *cost <= BUDGET_BYTES) {
      path = pool->paths->pdata[pool->next++];
      pool->running++;
      pool->used += *cost;
    } else {
      g_cond_wait(&pool->changed, &pool->lock);
    }
  }
  g_mutex_unlock(&pool->lock);
  return path;
}

static void give_back(Pool *pool, gint64 cost) {
  g_mutex_lock(&pool->lock);
  pool->running--;
  pool->used -= cost;
  g_cond_broadcast(&pool->changed);
  g_mutex_unlock(&pool->lock);
}

static UnparkSummary *summarize(Pool *pool, const char *path, GError **error) {
  gpointer handle = NULL;
  UnparkSummary *summary = NULL;
  UnparkStore *store = pool->opener->open(path, &handle, pool->cancellable, error);

  if (store) {
    summary = unpark_summary_new(store, path, pool->cancellable, error);
    unpark_store_unref(store);
  }
  if (handle)
    pool->opener->close(handle);
  return summary;
}

static gpointer work(gpointer data) {
  Pool *pool = data;
  const char *path;
  gint64 cost;

  while ((path = take(pool, &cost))) {
    g_autoptr(GError) error = NULL;
    UnparkSummary *summary = summarize(pool, path, &error);

    give_back(pool, cost);
    if (!summary && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      continue;
    g_mutex_lock(&pool->done_lock);
    pool->done(path, summary, error, pool->data);
    g_mutex_unlock(&pool->done_lock);
  }
  return NULL;
}

void unpark_summary_run(const GPtrArray *paths, const UnparkSummaryOpener *opener,
                        UnparkSummaryDone done, gpointer data, GCancellable *cancellable) {
  Pool pool = {
      .paths = paths, .opener = opener, .done = done, .data = data, .cancellable = cancellable};
  guint n = CLAMP(g_get_num_processors(), 2, MOST_THREADS);
  GThread *threads[MOST_THREADS];

  g_mutex_init(&pool.lock);
  g_mutex_init(&pool.done_lock);
  g_cond_init(&pool.changed);
  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new("summary", work, &pool);
  for (guint i = 0; i < n; i++)
    g_thread_join(threads[i]);
  g_mutex_clear(&pool.lock);
  g_mutex_clear(&pool.done_lock);
  g_cond_clear(&pool.changed);
}
