/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The view, for the files that are parts of it. Main thread only. */
#pragma once

#include "ui/session/together.h"
#include "ui/timeline/pane.h"
#include "ui/timeline/timeline.h"
#include "ui/timeline/view.h"

#define MIN_INSPECTOR_WIDTH 240

#define UNPARK_TYPE_TIMELINE_VIEW (unpark_timeline_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkTimelineView, unpark_timeline_view, UNPARK, TIMELINE_VIEW, GtkWidget)

struct _UnparkTimelineView {
  GtkWidget parent_instance;

  UnparkSession *session;    /* of the first file */
  GPtrArray *panes;          /* UnparkTimelinePane: of each trace */
  UnparkTimelinePane *spans; /* of all files; NULL: no file has any */
  GHashTable *inspectors;    /* of files without a pane, by session */
  UnparkTogether *together;  /* NULL: not followed yet */
  UnparkTimelinePane *at;    /* whose inspector, overview and sums are on screen; NULL: none is */
  GtkWidget *box, *top, *paned, *head, *corner, *sort, *lanes, *inspector_button;
  GtkWidget *ruler, *no_match;
  UnparkTimelinePane *ruled; /* whose lanes the ruler is above */
  int wanted_width;          /* of the inspector, until the pane has a size; then 0 */
  guint folding;             /* a frame callback */
  gboolean folded;           /* too narrow for lanes and inspector */
  gboolean syncing;          /* what one pane tells is on its way to the others */
};

/* ---- view.c ------------------------------------------------------------------- */

/* The lanes of the pane number `i`. */
UnparkTimeline *unpark_timeline_view_nth(UnparkTimelineView *self, guint i);

/* ---- view-looks.c ------------------------------------------------------------- */

/* Actions for how the lanes of all panes look, as those of the current one do. */
void unpark_timeline_view_add_looks(UnparkTimelineView *self);

/* ---- view-inspector.c --------------------------------------------------------- */

/* The inspector that is on screen; NULL before the first. */
GtkWidget *unpark_timeline_view_inspector(UnparkTimelineView *self);
/* Puts another one in its place. */
void unpark_timeline_view_show_inspector(UnparkTimelineView *self, GtkWidget *inspector);
/* From now on button, divider and width decide whether it is shown. */
void unpark_timeline_view_place_inspector(UnparkTimelineView *self);
/* As it was when the program ended. */
void unpark_timeline_view_restore_inspector(UnparkTimelineView *self);
/* The view has another width: in the next frame the inspector goes or comes back, if it has to. */
void unpark_timeline_view_fold(UnparkTimelineView *self);
/* "pick-changed" of a session. */
void unpark_timeline_view_on_pick(UnparkSession *session, UnparkTimelineView *self);
