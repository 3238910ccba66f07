/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the views of one document share: the store, the visible time, the selected time, what is
 * picked, the filter, and the way back. Views read and write it; no view knows another.
 *
 * Main thread only. Times are nanoseconds from the start of the trace.
 */
#pragma once

#include <glib-object.h>

#include "model/filter/filter.h"
#include "model/findings/findings.h"
#include "model/sources/sources.h"
#include "model/why/why.h"
#include "ui/session/other.h"

typedef enum {
  UNPARK_PICK_NONE,
  UNPARK_PICK_GOROUTINE,  /* id */
  UNPARK_PICK_GROUP,      /* id: name_id of the function the goroutines started in */
  UNPARK_PICK_SPAN,       /* id: goroutine; start_ns: the span's exact start */
  UNPARK_PICK_PROC,       /* id */
  UNPARK_PICK_THREAD,     /* id */
  UNPARK_PICK_ROW,        /* id: row of `table`; start_ns, end_ns: its time */
  UNPARK_PICK_HEAP,       /* live bytes at start_ns */
  UNPARK_PICK_GOMAXPROCS, /* that at start_ns */
  UNPARK_PICK_STATES,     /* all goroutines by state */
  UNPARK_PICK_GC,         /* all collections */
  UNPARK_PICK_STW,        /* all pauses */
  UNPARK_PICK_TASKS       /* id: name_id of all tasks of that name */
} UnparkPickType;

/* A span as it was read, with what the goroutine did right before and after; kind 0: nothing. */
typedef struct {
  UnparkSpan span, before, after;
} UnparkPickSpan;

/* The span at `at` of spans that follow each other. */
UnparkPickSpan unpark_pick_span(const UnparkSpan *spans, guint n, guint at);

/* One thing in the document. */
typedef struct {
  UnparkPickType type;
  int table; /* of a ROW: an UnparkTable */
  gint64 id;
  gint64 start_ns, end_ns; /* the time it covers; UNPARK_NONE if it has none */
  gint64 goroutine;        /* of a ROW: in whose lane it is; 0: in none, or not known */
  guint16 kind;            /* of a SPAN; 0: not known */
  UnparkPickSpan hit;      /* of a SPAN: what was hit, so that nobody reads it again; kind 0: its
                                time is all that is known */
} UnparkPick;

/* A metric at a point in time. */
gboolean unpark_pick_is_metric(const UnparkPick *pick);
gboolean unpark_pick_equal(const UnparkPick *a, const UnparkPick *b);
/* What to pick to see the link: its span; its goroutine where it has none. FALSE: nothing (CUT). */
gboolean unpark_pick_of_link(const UnparkLink *link, UnparkPick *pick);

/* What to pick to see the longest of a finding. */
UnparkPick unpark_pick_of_finding(const UnparkFinding *finding);

#define UNPARK_TYPE_SESSION (unpark_session_get_type())
G_DECLARE_FINAL_TYPE(UnparkSession, unpark_session, UNPARK, SESSION, GObject)

/* Signals, all without arguments but "reveal":
 *   "store-changed"     another store (the import went on, or ended)
 *   "sources-changed"   other files are open together, or at other times
 *   "visible-changed"   the visible time
 *   "selection-changed" the selected time
 *   "pick-changed"      what the inspector shows
 *   "pick-settled"      the exact time of the same pick
 *   "filter-changed"    the filter text, and with it what passes: known, or being looked for
 *   "filter-ready"      what passes has been looked for, and is known now or cannot be
 *   "history-changed"   whether there is a way back or forward
 *   "chain-changed"     the wait chain that is shown, or the link one stands at
 *   "other-changed"     what the document is compared with
 *   "finding-count-changed"  how many findings there are
 *   "marks-changed"     what is drawn over the lanes: arrows, bookmarks
 *   "reveal" (view)     somebody asks to see the pick in the view of that name (or in any that
 *                       can show it if NULL), scrolled to and, if it has a time, zoomed to */
UnparkSession *unpark_session_new(void);

/* The session keeps its own reference. Without a visible time of its own, all is shown. */
void unpark_session_set_store(UnparkSession *self, UnparkStore *store);
/* Owned by the session; NULL before the first. */
UnparkStore *unpark_session_get_store(UnparkSession *self);
/* Everything that is open together, the session's store among it; of one file, that alone. The
 * times of their stores are those of the session. Owned by the session: a worker takes a
 * reference. NULL before the first store. */
UnparkSources *unpark_session_get_sources(UnparkSession *self);
/* Which of them the session's store is: UnparkSourceEntry.id. */
gint64 unpark_session_get_source(UnparkSession *self);
/* The session of the source of that id (UnparkSourceEntry.id): to go to something in its store, go
 * there. NULL: there is no such source. Not owned. */
UnparkSession *unpark_session_of_source(UnparkSession *self, gint64 source);
/* The ends of the axis: of all files that are open together. 0 and 1 when there is no store. */
gint64 unpark_session_get_start(UnparkSession *self);
gint64 unpark_session_get_end(UnparkSession *self);
/* The ends of the session's own file. */
void unpark_session_get_own_time(UnparkSession *self, gint64 *from_ns, gint64 *to_ns);
/* The time of the trace that is nearest to `ns`. */
gint64 unpark_session_nearest(UnparkSession *self, double ns);

void unpark_session_set_visible(UnparkSession *self, double from_ns, double to_ns);
void unpark_session_get_visible(UnparkSession *self, double *from_ns, double *to_ns);

void unpark_session_select_time(UnparkSession *self, gint64 from_ns, gint64 to_ns);
void unpark_session_clear_selected_time(UnparkSession *self);
/* FALSE (and the whole time of the file) if nothing is selected. */
gboolean unpark_session_get_selected_time(UnparkSession *self, gint64 *from_ns, gint64 *to_ns);

void unpark_session_set_pick(UnparkSession *self, const UnparkPick *pick);
const UnparkPick *unpark_session_get_pick(UnparkSession *self);

/* What is picked turned out to be this: the same thing, by its exact time. "pick-settled" is
 * emitted if that is news. */
void unpark_session_settle_pick(UnparkSession *self, const UnparkPick *pick);

/* Picks it, remembers where we were and asks the view (or NULL) to show it. An instant (start_ns
 * equals end_ns) is brought into sight without zooming. */
void unpark_session_go_to(UnparkSession *self, const UnparkPick *pick, const char *view);
/* The same for a stretch of time, without picking anything. */
void unpark_session_go_to_time(UnparkSession *self, double from_ns, double to_ns);
/* Shows the view of that name; the way back leads here. */
void unpark_session_go_to_view(UnparkSession *self, const char *view);
/* The same of a view that can show a function: it asks which one. */
void unpark_session_go_to_function(UnparkSession *self, const char *function, const char *view);
/* The function that the view was asked to show since it asked last; NULL: none. Free with
 * g_free(). */
char *unpark_session_take_function(UnparkSession *self, const char *view);
/* During "reveal": the visible time is to stay as it is, for what is asked for can be seen. */
gboolean unpark_session_keeps_visible(UnparkSession *self);

/* The wait chain of what is picked, or was before one began to walk along the chain. It goes when
 * something else is picked. The session keeps its own reference; NULL: there is none. */
void unpark_session_set_chain(UnparkSession *self, UnparkChain *chain);
UnparkChain *unpark_session_get_chain(UnparkSession *self);
/* Another number for another chain. */
guint unpark_session_get_chain_serial(UnparkSession *self);
/* Which link of the chain is picked; -1: none (the chain explains a range of time). */
int unpark_session_get_chain_link(UnparkSession *self);
/* Picks that link and asks the timeline to show it. The chain stays. The way back leads to where
 * the walk began. */
void unpark_session_go_to_link(UnparkSession *self, guint link);
/* To the next (1) or previous (-1) link that something can be shown of. FALSE: there is none. */
gboolean unpark_session_step_chain(UnparkSession *self, int direction);

/* Which view is on screen, by its name: the way back leads to it. */
void unpark_session_set_view(UnparkSession *self, const char *view);

/* How many findings the whole trace has, once somebody has looked; -1 before. Goes with the store.
 * Emits "finding-count-changed". */
void unpark_session_set_finding_count(UnparkSession *self, guint n);
int unpark_session_get_finding_count(UnparkSession *self);

/* What the document is compared with; NULL: nothing. Emits "other-changed", also for the same: it
 * is asked for again. The session keeps its own reference. */
void unpark_session_set_other(UnparkSession *self, UnparkOther *other);
UnparkOther *unpark_session_get_other(UnparkSession *self);

/* Emits "marks-changed". */
void unpark_session_tell_marks(UnparkSession *self);

void unpark_session_set_filter(UnparkSession *self, const char *filter);
const char *unpark_session_get_filter(UnparkSession *self); /* never NULL */
/* A worker looks for what passes, of the text and the store there are now: wait for "filter-ready".
 */
gboolean unpark_session_is_filtering(UnparkSession *self);
/* What passes, of the text and the store there are now. Owned by the session; NULL: nothing is
 * filtered, it is not known yet, or the filter has an error. */
UnparkFilterResult *unpark_session_get_filtered(UnparkSession *self);
/* Why it is not known what passes: the text cannot be understood, or the store not be read. NULL:
 * no error. Owned by the session. */
const GError *unpark_session_get_filter_error(UnparkSession *self);

gboolean unpark_session_can_go_back(UnparkSession *self);
gboolean unpark_session_can_go_forward(UnparkSession *self);
void unpark_session_go_back(UnparkSession *self);
void unpark_session_go_forward(UnparkSession *self);
