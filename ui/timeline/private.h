/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the timeline widget share; nobody else includes this. */
#pragma once

#include "model/filter/filter.h"
#include "ui/lanes/lane-cache.h"
#include "ui/lanes/series.h"
#include "ui/kit/text-cache.h"
#include "ui/timeline/tile-cache.h"
#include "ui/lanes/time-axis.h"
#include "ui/lanes/timeline-panes.h"
#include "ui/timeline/timeline.h"

#define UNPARK_N_FALLBACK_ZOOMS 4
/* The header column's divider can be dragged within so many pixels. */
#define UNPARK_DIVIDER_PX 5

struct _UnparkTimeline {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkRows *rows;
  UnparkSeries *series;
  UnparkLaneCache *lanes;
  UnparkTileCache *tiles;
  UnparkTextCache *texts;

  /* What the rows are built from. */
  UnparkSort sort;
  GHashTable *open, *pinned;
  gboolean all_open;
  UnparkLaneHeight lane_height;
  gboolean show_regions, show_stacks;
  GCancellable *rows_cancellable; /* of the running build */
  char *build_error;              /* why the rows are not as they should be; NULL */
  UnparkFilterResult *filtered;   /* what the rows are of; NULL: nothing is filtered */
  gboolean finding;               /* a match, in a worker */
  gboolean reveal_pending;        /* show the pick when its row has come */
  gboolean focus_pending;         /* the focus goes to the first lane when the filter has run */
  int match_pending;              /* to the next (1) or previous (-1) match when it has; 0: no */

  GtkAdjustment *hadjustment, *vadjustment;
  GtkScrollablePolicy hscroll_policy, vscroll_policy;
  gboolean syncing;     /* we move the adjustments ourselves */
  double hvalue;        /* of hadjustment, when we last looked */
  double pinned_scroll; /* how far what is pinned is scrolled up */
  guint hsync_source;   /* hadjustment is to follow */
  double header_width;
  double pointer_x, pointer_y; /* -1: outside */

  /* Keyboard focus. */
  int focus_row; /* -1: none */
  gint64 focus_ns;

  /* Of the span that was picked here last: lanes may show it merged with others. */
  gint64 picked_goroutine, picked_ns;
  guint16 picked_kind;

  /* Drawing. */
  double zooms[UNPARK_N_FALLBACK_ZOOMS]; /* at which lanes were painted lately, newest first */
  gint64 frame_deadline_us;
  gboolean incomplete; /* the frame ended before everything was sharp */
  gboolean in_full;    /* a picture for a file: everything sharp, shapes instead of pixels */
  guint texts_before;  /* laid out before this frame */
  guint n_painted;     /* lanes that were drawn in this frame */

  /* Input. */
  double drag_from_ns, drag_to_ns, drag_y; /* when the drag began */
  double drag_header_width;
  gboolean dragging, drag_divider, drag_pinned;
  double zoom_from_ns, zoom_to_ns;

  /* Accessibility: stand-ins for lanes and spans. */
  GPtrArray *proxies;
  guint proxies_source;
};

/* timeline.c */
void unpark_timeline_sync_adjustments(UnparkTimeline *self);
void unpark_timeline_view_moved(UnparkTimeline *self);
void unpark_timeline_show_pick(UnparkTimeline *self);
/* Shows the pick's row. A closed group, or the filter, may keep a goroutine's lane away: the one is
 * opened, then the other cleared, and the row shown when it has come. */
void unpark_timeline_reveal_pick(UnparkTimeline *self);
/* Opens what hides the goroutine's row; TRUE if something was opened (the row comes later). */
gboolean unpark_timeline_open_group_of(UnparkTimeline *self, gint64 goroutine);
UnparkTimeAxis unpark_timeline_axis(UnparkTimeline *self);
void unpark_timeline_set_axis(UnparkTimeline *self, const UnparkTimeAxis *axis);
UnparkPanes unpark_timeline_panes(UnparkTimeline *self);
/* Scrolls what is pinned up to there, as far as it goes. */
void unpark_timeline_scroll_pinned(UnparkTimeline *self, double to);
/* The lane of the goroutine that is shown to who asks for it: the focused one if it is, the pinned
 * one if there is one; -1: there is none. */
int unpark_timeline_lane_row(UnparkTimeline *self, gint64 goroutine);
void unpark_timeline_show_row(UnparkTimeline *self, guint row);
void unpark_timeline_want_lanes(UnparkTimeline *self);
/* The item at that point of the widget; NULL if there is none. */
const UnparkItem *unpark_timeline_item_at(UnparkTimeline *self, guint row, double x,
                                          const UnparkLaneData **data);
/* The widget's row at y, or -1 below the last. */
int unpark_timeline_row_at(UnparkTimeline *self, double y);

/* build.c */
void unpark_timeline_rebuild(UnparkTimeline *self);
void unpark_timeline_store_changed(UnparkTimeline *self);
void unpark_timeline_filter_changed(UnparkTimeline *self);
/* The lanes are not yet those of the session's filter. */
gboolean unpark_timeline_is_filtering(UnparkTimeline *self);
void unpark_timeline_recall_open(UnparkTimeline *self);
/* Opens or closes it; the rows are to be built anew. */
void unpark_timeline_flip_open(UnparkTimeline *self, UnparkRowType type, UnparkSection section,
                               gint64 id, const char *name);
void unpark_timeline_toggle_row(UnparkTimeline *self, guint row);

/* pin.c */
void unpark_timeline_toggle_pin(UnparkTimeline *self, guint row);
gboolean unpark_timeline_is_pinned(UnparkTimeline *self, gint64 goroutine);

/* hit.c: what lies under a point beside states. Pointers are valid until the main loop
 * runs. */
typedef enum {
  UNPARK_HIT_NOTHING,
  UNPARK_HIT_REGION,
  UNPARK_HIT_FRAME,
  UNPARK_HIT_MARK,
  UNPARK_HIT_TASK,
  UNPARK_HIT_RANGE,
  UNPARK_HIT_BAND /* a range on the lane of whom it concerned */
} UnparkHitType;

typedef struct {
  UnparkHitType type;
  const UnparkTrackSpan *span; /* REGION, FRAME, BAND */
  const UnparkMark *mark;
  const UnparkTask *task;
  const UnparkStretch *stretch; /* RANGE */
} UnparkHit;

/* FALSE and NOTHING if there is nothing; x, y are the widget's. */
gboolean unpark_timeline_hit(UnparkTimeline *self, guint row, double x, double y, UnparkHit *hit);
/* FALSE if it cannot be picked. */
gboolean unpark_timeline_hit_pick(const UnparkHit *hit, UnparkPick *pick);
/* Free with g_free(); NULL for NOTHING. */
char *unpark_timeline_hit_text(UnparkTimeline *self, const UnparkHit *hit);

/* names.c: words for rows and spans; free with g_free(). */
char *unpark_timeline_row_name(UnparkTimeline *self, const UnparkRow *row);
char *unpark_timeline_row_label(UnparkTimeline *self, const UnparkRow *row, guint max_chars);
char *unpark_timeline_item_name(UnparkTimeline *self, const UnparkRow *row, const UnparkItem *item);
/* What a plot says of a time; NULL: nothing is known of it. */
char *unpark_timeline_plot_text(UnparkTimeline *self, const UnparkRow *row, gint64 ns);
char *unpark_timeline_tooltip(UnparkTimeline *self, double x, double y);

/* paint.c */
void unpark_timeline_paint(UnparkTimeline *self, GtkSnapshot *snapshot);

/* menu.c */
void unpark_timeline_install_actions(GtkWidgetClass *class);
/* "pressed" of the secondary button's gesture. */
void unpark_timeline_menu_pressed(GtkGestureClick *gesture, int n_press, double x, double y,
                                  UnparkTimeline *self);
void unpark_timeline_show_menu_at_focus(UnparkTimeline *self);

/* input.c */
void unpark_timeline_init_input(UnparkTimeline *self);
void unpark_timeline_zoom_to_selection(UnparkTimeline *self);

/* pick.c */
void unpark_timeline_pick_row(UnparkTimeline *self, const UnparkRow *row);
/* What the metric's row shows at that time; FALSE if the row is of none. */
gboolean unpark_timeline_pick_metric(UnparkTimeline *self, guint row, double ns);
/* The row that shows the metric that is picked; -1: there is none. */
int unpark_timeline_metric_row(UnparkTimeline *self, const UnparkPick *pick);
/* The span itself is looked up by a worker. */
void unpark_timeline_pick_item(UnparkTimeline *self, guint row, const UnparkItem *item,
                               gboolean zoom);
void unpark_timeline_show_all(UnparkTimeline *self);

/* a11y.c */
void unpark_timeline_update_proxies_later(UnparkTimeline *self);
void unpark_timeline_allocate_proxies(UnparkTimeline *self);
void unpark_timeline_announce(UnparkTimeline *self);
