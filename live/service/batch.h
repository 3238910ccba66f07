/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several recordings of one service at the same time: what one asks of a service in trouble is
 * about the same moments. */
#pragma once

#include "live/service/capture.h"

typedef struct {
  UnparkCapture capture; /* its path and progress are those below */
  char *path;
  UnparkCaptureProgress progress;
  gboolean ok;
  guint64 kept;              /* bytes in the file, if it is not complete */
  GError *error;             /* why it is not */
  GCancellable *cancellable; /* not owned */
} UnparkBatchJob;

/* `seconds` 0: the recommended length. Takes `path`; the rest of `capture` is copied, and what it
 * points to has to outlive the job. */
UnparkBatchJob *unpark_batch_job_new(const UnparkCapture *capture, char *path);
void unpark_batch_job_free(UnparkBatchJob *job);

/* Returns when all are done; each job says how it went. At least one of UnparkBatchJob. */
void unpark_batch_run(GPtrArray *jobs, GCancellable *cancellable);

typedef struct {
  guint64 bytes;   /* of all */
  guint elapsed_s; /* of the longest */
  guint length_s;  /* 0: all are snapshots */
} UnparkBatchProgress;

/* Any thread, while it runs. */
UnparkBatchProgress unpark_batch_progress(const GPtrArray *jobs);
