/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks off the main thread, whose answers reach whoever asked only while they are still wanted.
 *
 * A worker is one kind of question that an object asks: a new run cancels the one before, whose
 * answer is dropped. It is part of its owner's struct, all zero before the first run, and the
 * owner calls unpark_worker_cancel() in its dispose; after that nothing of the owner is touched.
 *
 *   static const UnparkWork loading = {load, on_loaded, (GDestroyNotify)unpark_store_unref,
 *                                      (GDestroyNotify)unpark_thing_unref};
 *   unpark_worker_run(&self->worker, self, &loading, unpark_store_ref(store));
 *
 * Main thread only, but for UnparkWork.run().
 */
#pragma once

#include <gio/gio.h>

typedef struct {
  /* Any thread. What it gives, or NULL; NULL with `error` if it failed. It is not called if the
   * run is cancelled before it begins. */
  gpointer (*run)(gpointer data, GCancellable *cancellable, GError **error);
  /* Main thread, never for a run that was cancelled. It takes `result`; `data` and `error` are
   * the worker's. May be NULL. */
  void (*done)(gpointer owner, gpointer data, gpointer result, const GError *error);
  /* Main thread, in any case. May be NULL. */
  GDestroyNotify data_free;
  /* Any thread: of a result that is not wanted. May be NULL. */
  GDestroyNotify result_free;
} UnparkWork;

typedef struct {
  GCancellable *running; /* NULL: nothing runs */
} UnparkWorker;

/* Takes `data`. `owner` is what done() gets: whatever `worker` is a part of. `work` is static. */
void unpark_worker_run(UnparkWorker *worker, gpointer owner, const UnparkWork *work, gpointer data);
/* What runs, if anything, is cancelled, and its answer dropped. */
void unpark_worker_cancel(UnparkWorker *worker);
gboolean unpark_worker_is_running(const UnparkWorker *worker);

/* One run that nothing cancels, such as the writing of a file: `owner`, a GObject or NULL, lives
 * until done() has returned. */
void unpark_worker_run_once(gpointer owner, const UnparkWork *work, gpointer data);
