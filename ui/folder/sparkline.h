/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of small bars: how something went over the time of a trace. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/summary/summary.h"

#define UNPARK_TYPE_FOLDER_SPARKLINE (unpark_folder_sparkline_get_type())
G_DECLARE_FINAL_TYPE(UnparkFolderSparkline, unpark_folder_sparkline, UNPARK, FOLDER_SPARKLINE,
                     GtkWidget)

GtkWidget *unpark_folder_sparkline_new(void);
/* Copied: UNPARK_SUMMARY_BUCKETS of them; NULL: nothing is drawn. `tip` says it in words; NULL:
 * none. */
void unpark_folder_sparkline_set(UnparkFolderSparkline *self, const float *values, const char *tip);
