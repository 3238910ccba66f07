/* What the inspector says, line by line: made in a worker from the store, shown by ui/inspector.c
 * and copied as text. No GTK. */
#pragma once

#include <gio/gio.h>

#include "model/session.h"

typedef enum {
  UNPARK_LINE_TITLE,
  UNPARK_LINE_SENTENCE,
  UNPARK_LINE_PAIR, /* label and text; a link if `pick` has a type */
  UNPARK_LINE_HEADING,
  UNPARK_LINE_FRAME,   /* text: function; label: file and line */
  UNPARK_LINE_RUNTIME, /* a frame of the runtime, folded with its neighbours */
  UNPARK_LINE_STATES,  /* share of the states: total_ns */
} UnparkLineType;

typedef struct {
  UnparkLineType type;
  char *label, *text; /* never NULL */
  UnparkPick pick;    /* where a click goes; type NONE: nowhere */
  gint64 total_ns[UNPARK_N_STATES];
} UnparkLine;

/* Worker. What there is to say about the pick: an array of UnparkLine, freed with
 * g_ptr_array_unref(). NULL with an error. */
GPtrArray *unpark_inspector_lines(UnparkStore *store, const UnparkPick *pick,
                                  GCancellable *cancellable, GError **error);
/* All lines as plain text. Free with g_free(). */
char *unpark_inspector_text(GPtrArray *lines);

/* "Waited to acquire a lock for 7.2 ms." and the like. Free with g_free(). */
char *unpark_inspector_sentence(const UnparkKind *kind, gint64 duration_ns, gboolean open);
