/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/filtering.h"

#include <string.h>

#include "ui/kit/worker.h"

struct _UnparkFiltering {
  void (*done)(gpointer data);
  gpointer data;
  UnparkWorker worker;
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

UnparkFiltering *unpark_filtering_new(void (*done)(gpointer data), gpointer data) {
  UnparkFiltering *self = g_new0(UnparkFiltering, 1);
  self->done = done;
  self->data = data;
  return self;
}

/* The result is to be forgotten. */
static void clear(UnparkFiltering *self) {
  unpark_worker_cancel(&self->worker);
  g_clear_pointer(&self->result, unpark_filter_result_unref);
  g_clear_error(&self->error);
}

void unpark_filtering_free(UnparkFiltering *self) {
  clear(self);
  g_clear_pointer(&self->tracks, unpark_track_index_unref);
  g_clear_pointer(&self->tracks_of, unpark_store_unref);
  g_free(self);
}

static gpointer run(gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;
  if (!job->tracks && !(job->tracks = unpark_track_index_read(job->store, cancellable, error)))
    return NULL;
  /* Of a store that is still being written, tasks are not known. */
  return unpark_filter_apply(job->store, job->text, job->tracks->n_tasks > 0 ? job->tracks : NULL,
                             cancellable, error);
}

static void keep_tracks(UnparkFiltering *self, const Job *job) {
  if (job->tracks == self->tracks || !job->tracks)
    return;
  g_clear_pointer(&self->tracks, unpark_track_index_unref);
  g_clear_pointer(&self->tracks_of, unpark_store_unref);
  self->tracks = unpark_track_index_ref(job->tracks);
  self->tracks_of = unpark_store_ref(job->store);
}

static void on_run(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkFiltering *self = owner;
  keep_tracks(self, data);
  self->result = result;
  self->error = error ? g_error_copy(error) : NULL;
  self->done(self->data);
}

static const UnparkWork filtering = {run, on_run, job_free,
                                     (GDestroyNotify)unpark_filter_result_unref};

void unpark_filtering_start(UnparkFiltering *self, UnparkStore *store, const char *text) {
  clear(self);
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
  unpark_worker_run(&self->worker, self, &filtering, job);
}

gboolean unpark_filtering_is_running(UnparkFiltering *self) {
  return unpark_worker_is_running(&self->worker);
}

UnparkFilterResult *unpark_filtering_get_result(UnparkFiltering *self) {
  return self->result;
}

const GError *unpark_filtering_get_error(UnparkFiltering *self) {
  return self->error;
}
