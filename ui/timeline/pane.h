/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lanes of one file in the Timeline, and what goes with them: its overview, bookmarks,
 * inspector and sums, of which those of the file one is at are on screen. A plain struct of the
 * view. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

typedef struct {
  UnparkSession *session;
  GtkWidget *group;  /* the header above the lanes */
  GtkWidget *header; /* of several files: opens and closes the lanes */
  GtkWidget *arrow, *title;
  GtkWidget *lanes;                                     /* GtkOverlay */
  GtkWidget *timeline;                                  /* NULL: the lanes are those of spans, */
  GtkWidget *spans;                                     /* else NULL */
  GtkWidget *overview, *bookmarks, *inspector, *status; /* owned: they come and go */
} UnparkTimelinePane;

UnparkTimelinePane *unpark_timeline_pane_new(UnparkSession *session);
/* The spans of all files that are open with the session; without what goes with lanes. */
UnparkTimelinePane *unpark_timeline_pane_new_spans(UnparkSession *session);
void unpark_timeline_pane_free(UnparkTimelinePane *pane);
/* NULL: the file is alone, and there is no header. */
void unpark_timeline_pane_set_title(UnparkTimelinePane *pane, const char *title);
gboolean unpark_timeline_pane_is_open(UnparkTimelinePane *pane);
void unpark_timeline_pane_set_open(UnparkTimelinePane *pane, gboolean open);
