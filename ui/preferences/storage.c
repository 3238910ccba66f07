/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/preferences/storage.h"

#include "model/store/cache.h"

UnparkStorageJob *unpark_storage_job_new(char *folder, guint64 size) {
  UnparkStorageJob *job = g_new0(UnparkStorageJob, 1);
  job->folder = folder;
  job->size = size;
  return job;
}

void unpark_storage_job_free(UnparkStorageJob *job) {
  g_free(job->folder);
  g_free(job);
}

gpointer unpark_storage_run(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkStorageJob *job = data;
  g_autoptr(UnparkCache) cache = unpark_cache_open(job->folder, job->size, error);
  if (!cache)
    return NULL;
  if (job->size != G_MAXUINT64)
    unpark_cache_trim(cache, job->size);
  job->used = unpark_cache_used(cache);
  return job;
}
