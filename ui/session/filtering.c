/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/filtering.h"

#include <string.h>

struct _UnparkFiltering {
  void (*done)(gpointer data); /* NULL: freed, but a run has not ended yet */
  gpointer data;
  GCancellable *running; /* NULL: nothing runs */
  UnparkFilterResult *result;
  GError *error;
  /* Tasks and who took part in them, kept for the next text. */
  UnparkStore *tracks_of;
  UnparkTrackIndex *tracks;
};

typedef struct {
  UnparkStore *store;
  char *text;
  UnparkTrackIndex *tracks; /* NULL: to be read */
} Job;

static void job_free(gpointer data) {
  Job *job = data;
  unpark_store_unref(job->store);
  g_clear_pointer(&job->tracks, unpark_track_index_unref);
  g_free(job->text);
  g_free(job);
}

static void clear(gpointer data) {
  UnparkFiltering *self = data;
  g_clear_object(&self->running);
  g_clear_pointer(&self->result, unpark_filter_result_unref);
  g_clear_error(&self->error);
  g_clear_pointer(&self->tracks, unpark_track_index_unref);
  g_clear_pointer(&self->tracks_of, unpark_store_unref);
}

static void release(UnparkFiltering *self) {
  g_rc_box_release_full(self, clear);
}

UnparkFiltering *unpark_filtering_new(void (*done)(gpointer data), gpointer data) {
  UnparkFiltering *self = g_rc_box_new0(UnparkFiltering);
  self->done = done;
  self->data = data;
  return self;
}

static void stop(UnparkFiltering *self) {
  if (self->running)
    g_cancellable_cancel(self->running);
  g_clear_object(&self->running);
}

void unpark_filtering_free(UnparkFiltering *self) {
  stop(self);
  self->done = NULL;
  release(self);
}

static void run_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Job *job = data;
  GError *error = NULL;
  UnparkFilterResult *result = NULL;
  if (!job->tracks)
    job->tracks = unpark_track_index_read(job->store, cancellable, &error);
  /* Of a store that is still being written, tasks are not known. */
  if (job->tracks)
    result = unpark_filter_apply(
        job->store, job->text, job->tracks->n_tasks > 0 ? job->tracks : NULL, cancellable, &error);
  if (result)
    g_task_return_pointer(task, result, (GDestroyNotify)unpark_filter_result_unref);
  else
    g_task_return_error(task, error);
}

static void keep_tracks(UnparkFiltering *self, const Job *job) {
  if (job->tracks == self->tracks || !job->tracks)
    return;
  g_clear_pointer(&self->tracks, unpark_track_index_unref);
  g_clear_pointer(&self->tracks_of, unpark_store_unref);
  self->tracks = unpark_track_index_ref(job->tracks);
  self->tracks_of = unpark_store_ref(job->store);
}

static void on_run(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkFiltering *self = data;
  g_autoptr(GError) error = NULL;
  UnparkFilterResult *found = g_task_propagate_pointer(G_TASK(result), &error);
  if (self->done && g_task_get_cancellable(G_TASK(result)) == self->running) {
    g_clear_object(&self->running);
    keep_tracks(self, g_task_get_task_data(G_TASK(result)));
    self->result = g_steal_pointer(&found);
    self->error = g_steal_pointer(&error);
    self->done(self->data);
  }
  g_clear_pointer(&found, unpark_filter_result_unref);
  release(self);
}

void unpark_filtering_start(UnparkFiltering *self, UnparkStore *store, const char *text) {
  stop(self);
  g_clear_pointer(&self->result, unpark_filter_result_unref);
  g_clear_error(&self->error);
  if (text[strspn(text, " \t\n")] == 0 ||
      (store && unpark_store_source(store)->kind != UNPARK_SOURCE_TRACE))
    return;
  g_autoptr(UnparkFilter) filter = unpark_filter_parse(text, NULL, &self->error);
  if (!filter || !store)
    return;
  Job *job = g_new0(Job, 1);
  job->store = unpark_store_ref(store);
  job->text = g_strdup(text);
  if (store == self->tracks_of)
    job->tracks = unpark_track_index_ref(self->tracks);
  self->running = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(NULL, self->running, on_run, g_rc_box_acquire(self));
  g_task_set_task_data(task, job, job_free);
  g_task_run_in_thread(task, run_thread);
}

gboolean unpark_filtering_is_running(UnparkFiltering *self) {
  return self->running != NULL;
}

UnparkFilterResult *unpark_filtering_get_result(UnparkFiltering *self) {
  return self->result;
}

const GError *unpark_filtering_get_error(UnparkFiltering *self) {
  return self->error;
}
