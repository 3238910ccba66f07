/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/folder/scan.h"

#include "model/summary/paths.h"
#include "ui/kit/worker.h"
#include "ui/session/opener.h"

/* Shared by the main thread and the worker; a g_atomic_rc_box. */
typedef struct {
  char *path;
  GMutex lock;
  GPtrArray *summaries, *failures; /* not yet told; under the lock */
  guint n_files;
  gboolean told, pending; /* under the lock: `n_files` is told; an idle callback will come */
  const UnparkFolderScanHandler *handler;
  gpointer owner; /* main thread; NULL: nobody listens */
} Shared;

struct _UnparkFolderScan {
  UnparkWorker worker;
  Shared *shared;
};

static void summary_clear(gpointer data) {
  unpark_summary_free(*(UnparkSummary **)data);
}

void unpark_folder_summary_unref(gpointer summary) {
  g_atomic_rc_box_release_full(summary, summary_clear);
}

static void shared_clear(gpointer data) {
  Shared *shared = data;

  g_free(shared->path);
  g_mutex_clear(&shared->lock);
  g_ptr_array_unref(shared->summaries);
  g_ptr_array_unref(shared->failures);
}

static void shared_unref(gpointer shared) {
  g_atomic_rc_box_release_full(shared, shared_clear);
}

/* ---- To the main thread ------------------------------------------------------------------------
 */

static void tell(Shared *shared) {
  g_autoptr(GPtrArray) summaries = NULL;
  g_autoptr(GPtrArray) failures = NULL;
  gboolean found;

  g_mutex_lock(&shared->lock);
  summaries = shared->summaries;
  failures = shared->failures;
  shared->summaries = g_ptr_array_new_with_free_func(unpark_folder_summary_unref);
  shared->failures = g_ptr_array_new_with_free_func(g_free);
  found = !shared->told && shared->n_files > 0;
  shared->told = shared->told || found;
  shared->pending = FALSE;
  g_mutex_unlock(&shared->lock);
  if (shared->owner && found)
    shared->handler->found(shared->owner, shared->n_files);
  if (shared->owner && summaries->len + failures->len > 0)
    shared->handler->took(shared->owner, summaries, failures);
}

static gboolean on_idle(gpointer data) {
  tell(data);
  return G_SOURCE_REMOVE;
}

/* Under the lock. */
static void wake(Shared *shared) {
  if (!shared->pending)
    g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, on_idle, g_atomic_rc_box_acquire(shared),
                    shared_unref);
  shared->pending = TRUE;
}

/* ---- In the worker
 * ------------------------------------------------------------------------------- */

static UnparkStore *open_file(const char *path, gpointer *handle, GCancellable *cancellable,
                              GError **error) {
  *handle = unpark_opener_get()->begin(path);
  return unpark_opener_get()->run(*handle, cancellable, error);
}

static void close_file(gpointer handle) {
  unpark_opener_get()->end(handle);
}

static void on_done(const char *path, UnparkSummary *summary, const GError *error, gpointer data) {
  Shared *shared = data;

  g_mutex_lock(&shared->lock);
  if (summary) {
    UnparkSummary **box = g_atomic_rc_box_new(UnparkSummary *);
    *box = summary;
    g_ptr_array_add(shared->summaries, box);
  } else {
    g_autofree char *name = g_filename_display_basename(path);
    g_ptr_array_add(shared->failures, g_strdup_printf("%s: %s", name, error->message));
  }
  wake(shared);
  g_mutex_unlock(&shared->lock);
}

static gpointer scan(gpointer data, GCancellable *cancellable, GError **error) {
  static const UnparkSummaryOpener opener = {open_file, close_file};
  Shared *shared = data;
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

  if (!unpark_paths_add(paths, shared->path, cancellable, error))
    return NULL;
  g_mutex_lock(&shared->lock);
  shared->n_files = paths->len;
  wake(shared);
  g_mutex_unlock(&shared->lock);
  unpark_summary_run(paths, &opener, on_done, shared, cancellable);
  return NULL;
}

static void on_scanned(gpointer owner, gpointer data, gpointer result, const GError *error) {
  Shared *shared = data;

  tell(shared);
  if (shared->owner)
    shared->handler->ended(shared->owner, error);
}

/* ---- Beginning and end
 * ------------------------------------------------------------------------------ */

UnparkFolderScan *unpark_folder_scan_new(const char *path, const UnparkFolderScanHandler *handler,
                                         gpointer owner) {
  static const UnparkWork scanning = {scan, on_scanned, shared_unref, NULL};
  UnparkFolderScan *self = g_new0(UnparkFolderScan, 1);
  Shared *shared = g_atomic_rc_box_new0(Shared);

  shared->path = g_strdup(path);
  g_mutex_init(&shared->lock);
  shared->summaries = g_ptr_array_new_with_free_func(unpark_folder_summary_unref);
  shared->failures = g_ptr_array_new_with_free_func(g_free);
  shared->handler = handler;
  shared->owner = owner;
  self->shared = g_atomic_rc_box_acquire(shared);
  unpark_worker_run(&self->worker, self, &scanning, shared);
  return self;
}

void unpark_folder_scan_free(UnparkFolderScan *self) {
  if (!self)
    return;
  self->shared->owner = NULL;
  unpark_worker_cancel(&self->worker);
  shared_unref(self->shared);
  g_free(self);
}
