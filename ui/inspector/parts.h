/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces the inspector's pages are made of. Each adds widgets to the section's box and the
 * same as lines of text. Main thread only. */
#pragma once

#include "ui/text/format.h"
#include "ui/inspector/page.h"

/* A stack that was read in a worker. */
typedef struct {
  UnparkFrame *frames; /* innermost first; texts belong to the store */
  guint n;
} UnparkStackFrames;

/* Worker. Frames are g_free()d by the caller. */
void unpark_parts_read_stack(UnparkStore *store, guint32 id, UnparkStackFrames *stack);

void unpark_parts_heading(UnparkParts *p, const char *text);
/* With a swatch of the kind's colour, if it is given. */
void unpark_parts_sentence(UnparkParts *p, const char *text, const UnparkKind *kind);
/* A remark. */
void unpark_parts_dim(UnparkParts *p, const char *text);
void unpark_parts_plain(UnparkParts *p, const char *text);
void unpark_parts_fact(UnparkParts *p, const char *name, const char *value);
void unpark_parts_duration(UnparkParts *p, const char *name, gint64 ns); /* nothing for NONE */
/* "3×  ·  2.1 ms  ·  1.0 %": how often something was, for how long, and the share of `whole_ns`. */
void unpark_parts_sum(UnparkParts *p, const char *name, guint n, gint64 total_ns, gint64 whole_ns);
/* From the start of the trace, and by the wall clock where that is known. */
void unpark_parts_time(UnparkParts *p, const char *name, gint64 ns);

/* "P 2" with `name` before it; a link to the lane. `type`: PROC or THREAD. Nothing for NONE. */
void unpark_parts_lane(UnparkParts *p, const char *name, UnparkPickType type, gint64 id);
/* Goes to `target` on the timeline when clicked. `value` (may be NULL) stands at the right. */
void unpark_parts_link(UnparkParts *p, const char *text, const char *value, const char *tooltip,
                       const UnparkPick *target);
/* The same of something in the store of another session. */
void unpark_parts_link_in(UnparkParts *p, UnparkSession *session, const char *text,
                          const char *value, const char *tooltip, const UnparkPick *target);
/* Shows the view of that name when clicked. */
void unpark_parts_view_link(UnparkParts *p, const char *text, const char *view);
/* "G 41  handleOrder": a link to it (at_ns UNPARK_NONE) or to what it did then. */
void unpark_parts_goroutine(UnparkParts *p, gint64 id, gint64 at_ns, const char *value);
/* The same as the page's title, no link. */
void unpark_parts_title(UnparkParts *p, gint64 id);
/* "G 41 main.handleOrder"; free with g_free(). */
char *unpark_parts_goroutine_name(UnparkStore *store, gint64 id, guint max_chars);

/* ---- stack.c -------------------------------------------------------------------- */

/* The reader's own frames first; the whole stack, with the runtime's, behind one line. Every frame
 * opens a menu: to the lanes, goroutines and flame graph that have its function; to copy it. */
void unpark_parts_stack(UnparkParts *p, const char *heading, const UnparkStackFrames *stack);

/* ---- charts.c ------------------------------------------------------------------- */

/* A part of a whole, in a bar and as a line below it. */
typedef struct {
  char *name; /* owned */
  gint64 ns;
  guint32 rgb;        /* of light or dark as the page is */
  gboolean free_room; /* left free in the bar: nobody used it */
  UnparkPick target;  /* type NONE: no link */
} UnparkPartsSegment;

/* An array for unpark_parts_segments(), which frees it. */
GArray *unpark_parts_segments_new(void);
void unpark_parts_segments_add(GArray *segments, char *name, gint64 ns, guint32 rgb);
void unpark_parts_segments(UnparkParts *p, GArray *segments, gint64 whole_ns, const char *label);
/* By state. */
void unpark_parts_totals(UnparkParts *p, const gint64 total_ns[UNPARK_N_STATES]);

/* How long each was, in buckets that grow by a factor of sqrt(10); `own` is marked. */
void unpark_parts_histogram(UnparkParts *p, const guint64 *buckets, guint first, guint last,
                            guint own, const char *label);
gboolean unpark_parts_dark(void);
