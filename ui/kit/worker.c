/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/worker.h"

typedef struct {
  const UnparkWork *work;
  UnparkWorker *worker; /* NULL: nothing cancels it */
  gpointer owner, data;
} Run;

static void run_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Run *run = data;
  GError *error = NULL;
  gpointer result = NULL;
  if (!g_cancellable_is_cancelled(cancellable))
    result = run->work->run(run->data, cancellable, &error);
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_pointer(task, result, result ? run->work->result_free : NULL);
}

/* The worker of a run that was not cancelled lives, and so does its owner. The task frees a result
 * that nobody took. */
static void on_ready(GObject *source, GAsyncResult *async, gpointer data) {
  GTask *task = G_TASK(async);
  Run *run = data;
  const UnparkWork *work = run->work;
  if (!g_cancellable_is_cancelled(g_task_get_cancellable(task))) {
    g_autoptr(GError) error = NULL;
    if (run->worker)
      g_clear_object(&run->worker->running);
    if (work->done) {
      gpointer result = g_task_propagate_pointer(task, &error);
      work->done(run->owner, run->data, result, error);
    }
  }
  if (work->data_free && run->data)
    work->data_free(run->data);
  if (!run->worker)
    g_clear_object((GObject **)&run->owner);
  g_free(run);
}

static void start(UnparkWorker *worker, gpointer owner, const UnparkWork *work, gpointer data) {
  Run *run = g_new(Run, 1);
  *run = (Run){work, worker, owner, data};
  g_autoptr(GTask) task = g_task_new(NULL, worker ? worker->running : NULL, on_ready, run);
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, run, NULL);
  g_task_run_in_thread(task, run_thread);
}

void unpark_worker_run(UnparkWorker *worker, gpointer owner, const UnparkWork *work,
                       gpointer data) {
  unpark_worker_cancel(worker);
  worker->running = g_cancellable_new();
  start(worker, owner, work, data);
}

void unpark_worker_cancel(UnparkWorker *worker) {
  g_cancellable_cancel(worker->running);
  g_clear_object(&worker->running);
}

gboolean unpark_worker_is_running(const UnparkWorker *worker) {
  return worker->running != NULL;
}

void unpark_worker_run_once(gpointer owner, const UnparkWork *work, gpointer data) {
  start(NULL, owner ? g_object_ref(owner) : NULL, work, data);
}
