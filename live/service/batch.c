/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/service/batch.h"

#include "live/service/kinds.h"

/* Of a snapshot 0; a URL is recorded for as long as it sends. */
static guint length_of(const UnparkCapture *capture) {
  const UnparkServiceKindFacts *facts =
      capture->kind ? unpark_service_kind_facts(capture->kind) : NULL;
  gboolean is_recorded = facts && facts->seconds > 0;

  if (capture->kind && !is_recorded && !capture->difference)
    return 0;
  if (capture->seconds > 0 || !capture->kind)
    return capture->seconds;
  return is_recorded ? facts->seconds : UNPARK_SERVICE_DIFFERENCE_S;
}

UnparkBatchJob *unpark_batch_job_new(const UnparkCapture *capture, char *path) {
  UnparkBatchJob *job = g_new0(UnparkBatchJob, 1);

  job->capture = *capture;
  job->capture.seconds = length_of(capture);
  job->capture.path = job->path = path;
  job->capture.progress = &job->progress;
  return job;
}

void unpark_batch_job_free(UnparkBatchJob *job) {
  g_free(job->path);
  g_clear_error(&job->error);
  g_free(job);
}

static gpointer run(gpointer data) {
  UnparkBatchJob *job = data;

  job->ok = unpark_capture_run(&job->capture, &job->kept, job->cancellable, &job->error);
  return NULL;
}

void unpark_batch_run(GPtrArray *jobs, GCancellable *cancellable) {
  g_autoptr(GPtrArray) threads = g_ptr_array_new();

  for (guint i = 0; i < jobs->len; i++)
    ((UnparkBatchJob *)jobs->pdata[i])->cancellable = cancellable;
  for (guint i = 1; i < jobs->len; i++)
    g_ptr_array_add(threads, g_thread_new("capture", run, jobs->pdata[i]));
  run(jobs->pdata[0]);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join(threads->pdata[i]);
}

UnparkBatchProgress unpark_batch_progress(const GPtrArray *jobs) {
  UnparkBatchProgress sum = {0};

  for (guint i = 0; i < jobs->len; i++) {
    const UnparkBatchJob *job = jobs->pdata[i];
    gint64 started = __atomic_load_n(&job->progress.started_us, __ATOMIC_RELAXED);
    gint64 s = started ? (g_get_monotonic_time() - started) / G_USEC_PER_SEC : 0;

    sum.bytes += __atomic_load_n(&job->progress.bytes, __ATOMIC_RELAXED);
    if (i == 0 || job->capture.seconds > sum.length_s) {
      sum.length_s = job->capture.seconds;
      sum.elapsed_s = (guint)s;
    }
  }
  return sum;
}
