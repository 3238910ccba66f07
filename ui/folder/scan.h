/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summaries of the files below a folder, as they come. Main thread only. */
#pragma once

#include "model/summary/summary.h"

typedef struct _UnparkFolderScan UnparkFolderScan;

typedef struct {
  /* How many files there are; once, when they have been found. */
  void (*found)(gpointer owner, guint n);
  /* Some of them: UnparkSummary * in g_atomic_rc_box, to which the receiver takes references; and
   * sentences on those that could not be read. */
  void (*took)(gpointer owner, const GPtrArray *summaries, const GPtrArray *failures);
  /* No more come. `error`: the folder could not be read. */
  void (*ended)(gpointer owner, const GError *error);
} UnparkFolderScanHandler;

/* Begins at once. `owner` has to outlive it, or stop it. */
UnparkFolderScan *unpark_folder_scan_new(const char *path, const UnparkFolderScanHandler *handler,
                                         gpointer owner);
/* Stops what runs; the owner hears nothing any more. */
void unpark_folder_scan_free(UnparkFolderScan *scan);

/* Of a summary in a box. */
void unpark_folder_summary_unref(gpointer summary);
