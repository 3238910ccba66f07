/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache of stores, as the preferences look at it: work for a worker. */
#pragma once

#include <gio/gio.h>

/* What is to be done with a folder. Zero-initialise `used`. */
typedef struct {
  char *folder; /* NULL: the default */
  guint64 size; /* what may stay; G_MAXUINT64: all */
  guint64 used; /* afterwards */
} UnparkStorageJob;

/* Takes `folder`. */
UnparkStorageJob *unpark_storage_job_new(char *folder, guint64 size);
void unpark_storage_job_free(UnparkStorageJob *job);

/* Worker: an UnparkWork's run(). Removes what is beyond the size, least recently used first, and
 * nothing that is in use. Gives the job itself. */
gpointer unpark_storage_run(gpointer job, GCancellable *cancellable, GError **error);
