/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timeline widget and the parts of it that move it: timeline.c, focus.c, input.c, keys.c,
 * match.c, menu.c, pick.c, pin.c, reveal.c and tell.c; nobody else includes this. What only looks
 * (painting, hits, names, export) gets an UnparkScene instead. */
#pragma once

#include "ui/kit/canvas.h"
#include "ui/scene/frame.h"
#include "ui/timeline/input.h"
#include "ui/timeline/source.h"
#include "ui/timeline/timeline.h"

/* What waits for rows that are being built. */
typedef struct {
  gboolean reveal; /* show the pick when its row has come */
  gboolean focus;  /* the focus goes to the first lane when the filter has run */
  int match;       /* to the next (1) or previous (-1) match when it has; 0: no */
} UnparkTimelineWaiting;

struct _UnparkTimeline {
  UnparkCanvas parent_instance;

  UnparkSession *session; /* NULL once disposed of */
  UnparkTimelineSource source;
  UnparkLaneCache *lanes;
  UnparkFrameCache frame_cache;
  UnparkTimelineInput input;

  double header_width;
  double pinned_scroll; /* how far what is pinned is scrolled up */
  guint hsync_source;   /* the horizontal adjustment is to follow */

  double hover_ns;     /* at the pointer; NAN: it is nowhere */
  guint active_source; /* other rows are there in the visible time */

  int focus_row; /* of the keyboard; -1: none */
  gint64 focus_ns;

  UnparkTimelineWaiting waiting;
  UnparkWorker finding; /* a match */
  UnparkWorker looking; /* for the span of what is to be picked */
};

/* timeline.c */
void unpark_timeline_view_moved(UnparkTimeline *self);
void unpark_timeline_set_axis(UnparkTimeline *self, const UnparkTimeAxis *axis);
/* Scrolls what is pinned up to there, as far as it goes. */
void unpark_timeline_scroll_pinned(UnparkTimeline *self, double to);
void unpark_timeline_show_row(UnparkTimeline *self, guint row);
void unpark_timeline_toggle_row(UnparkTimeline *self, guint row);

/* focus.c */
/* NULL: no row has the focus. */
const UnparkRow *unpark_timeline_focused_row(UnparkTimeline *self);
/* Somebody chose something else: what was asked for before, and has not come yet, is not wanted any
 * more: the first lane or the next match of a filter that still runs, a span that is looked up. */
void unpark_timeline_forget_waiting(UnparkTimeline *self);
/* The lane of the goroutine that is shown to who asks for it: the focused one if it is, the pinned
 * one if there is one; -1: there is none. */
int unpark_timeline_lane_row(UnparkTimeline *self, gint64 goroutine);
/* There are other rows than `before`: the focus goes to where its row is now. `anew`: they are of
 * another filter. */
void unpark_timeline_follow_focus(UnparkTimeline *self, const UnparkRows *before, gboolean anew);

/* reveal.c */
void unpark_timeline_show_pick(UnparkTimeline *self);
/* Shows the pick's row. A closed group, or the filter, may keep a goroutine's lane away: the one is
 * opened, then the other cleared, and the row shown when it has come. */
void unpark_timeline_reveal_pick(UnparkTimeline *self);
/* Opens what hides the goroutine's row; TRUE if something was opened (the row comes later). */
gboolean unpark_timeline_open_group_of(UnparkTimeline *self, gint64 goroutine);
/* With dozens of processors, what passes would come below the window: it is brought into sight. */
void unpark_timeline_show_passing(UnparkTimeline *self);
/* The session's "reveal". */
void unpark_timeline_on_reveal(UnparkSession *session, const char *view, UnparkTimeline *self);

/* pin.c */
void unpark_timeline_toggle_pin(UnparkTimeline *self, guint row);

/* menu.c */
void unpark_timeline_install_actions(GtkWidgetClass *class);
/* "pressed" of the secondary button's gesture. */
void unpark_timeline_menu_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                                  UnparkTimeline *self);
void unpark_timeline_show_menu_at_focus(UnparkTimeline *self);

/* keys.c: a key was pressed; whether it meant something. `x`: of the pointer; -1: outside. */
gboolean unpark_timeline_key(UnparkTimeline *self, guint key, GdkModifierType state, double x);
/* Copies what is picked on the focused lane, else what the lane is. */
void unpark_timeline_copy(UnparkTimeline *self);
/* Zooms around x: closer if `factor` > 1. */
void unpark_timeline_zoom_at(UnparkTimeline *self, double x, double factor);
void unpark_timeline_zoom_to_selection(UnparkTimeline *self);

/* pick.c */
void unpark_timeline_pick_row(UnparkTimeline *self, const UnparkRow *row);
/* What the metric's row shows at that time; FALSE if the row is of none. */
gboolean unpark_timeline_pick_metric(UnparkTimeline *self, guint row, double ns);
/* The span itself is looked up by a worker. */
void unpark_timeline_pick_item(UnparkTimeline *self, guint row, const UnparkItem *item,
                               gboolean zoom);

/* tell.c */
/* The canvas's "tell". */
void unpark_timeline_tell(UnparkCanvas *canvas);
/* The name follows the row that has the focus, and what is picked on it. */
void unpark_timeline_announce(UnparkTimeline *self);
