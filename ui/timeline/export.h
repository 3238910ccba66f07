/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving what the timeline shows: a picture with title, ruler and legend (SVG, PDF, PNG), or the
 * spans of the goroutine lanes on screen (CSV). Main thread only. */
#pragma once

#include "ui/timeline/timeline.h"

typedef enum {
  UNPARK_EXPORT_SVG,
  UNPARK_EXPORT_PDF,
  UNPARK_EXPORT_PNG,
  UNPARK_EXPORT_CSV,
  UNPARK_N_EXPORTS
} UnparkExportFormat;

/* Asks for format, title and file, and writes; a toast says how it went. `ruler`: the time scale
 * above the lanes. */
void unpark_timeline_export_run(UnparkTimeline *timeline, GtkWidget *ruler, UnparkSession *session);

/* The picture as a file of that format (not CSV). NULL with `error`. */
GBytes *unpark_timeline_export_picture(UnparkTimeline *timeline, GtkWidget *ruler,
                                       const char *title, gboolean legend,
                                       UnparkExportFormat format, GError **error);

/* Worker. The spans of those goroutines that touch the time, with a header line:
 * goroutine, function, start_ns, end_ns, duration_ns, state, reason, proc, thread, waker. NULL with
 * `error`. */
char *unpark_timeline_export_csv(UnparkStore *store, const gint64 *goroutines, guint n,
                                 gint64 from_ns, gint64 to_ns, GCancellable *cancellable,
                                 GError **error);
