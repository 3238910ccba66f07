/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One generation of a v2 trace: its batches by thread, and its tables.
 *
 * A generation is self-contained: strings, stacks, clock and the threads' event
 * batches. Its memory is reused for the next one, so an import's memory is bounded by
 * the largest generation (the runtime ends one every second or so).
 *
 * Source: internal/trace/{batch,generation}.go (Go 1.27).
 */
#pragma once

#include <gio/gio.h>

#include "importers/input/input.h"
#include "model/base/times.h"
#include "model/writer/writer.h"

typedef struct _GotraceBatch GotraceBatch;
struct _GotraceBatch {
  guint64 time; /* ticks */
  const guint8 *data;
  guint size;
  guint64 offset;     /* in the unpacked file, for messages */
  GotraceBatch *next; /* of the same thread */
};

#define GOTRACE_KNOWN_STACKS 2048

/* The batches of one thread, in the order of the file. */
typedef struct {
  guint64 thread;
  GotraceBatch *first, *last;
} GotraceThreadBatches;

typedef struct {
  gint64 time; /* ns */
  guint64 ticks;
  gint64 thread, proc, goroutine; /* -1: none */
  guint64 stack;
} GotraceSample;

/* How ticks of the generation become nanoseconds, and its place in the time of day. */
typedef struct {
  double tick_ns;        /* nanoseconds a tick; 0: not known yet */
  double tick_ns_before; /* of the generation before; 0: none told */
  guint32 whole_tick;    /* the same if it is a small whole number, else 0 */
  guint64 min_ticks;
  gboolean has_snapshot;
  guint64 snapshot_ticks;
  gint64 snapshot_wall_ns, snapshot_mono_ns; /* UNPARK_NONE: cannot be */
} GotraceClock;

typedef struct {
  UnparkWriter *writer;
  UnparkInput *input;
  guint version; /* 22, 23, 25, 26 */
  guint64 number;
  GotraceClock clock;
  GArray *threads; /* GotraceThreadBatches, in order of first batch */
  GArray *samples; /* GotraceSample, by time once closed */
  guint64 experimental_batches;
  guint64 bytes;     /* of its batches in memory */
  guint64 n_batches; /* of this generation */

  /* private */
  GHashTable *thread_index; /* thread id -> index + 1 */
  GPtrArray *holds;         /* of the input's windows that have its bytes */
  GPtrArray *chunks;        /* memory of GotraceBatch */
  guint chunk, chunk_used;
  struct {
    guint64 id; /* 0: free */
    guint32 stack;
  } known_stacks[GOTRACE_KNOWN_STACKS]; /* looked at before the table */
  struct _GotraceTable *strings, *stacks, *pcs;
  GArray *frames; /* guint64: pcs of stacks */
  GArray *scratch_frames;
} GotraceGeneration;

/* `input` must outlive it. */
GotraceGeneration *gotrace_generation_new(UnparkInput *input, UnparkWriter *writer, guint version);
void gotrace_generation_free(GotraceGeneration *g);
/* Forgets everything and begins again. */
void gotrace_generation_reset(GotraceGeneration *g);

/* A batch as it stands in the file. */
typedef struct {
  gboolean end_of_generation; /* no batch: the 1.26 mark */
  guint8 experiment;
  guint64 generation, thread, time;
  const guint8 *data; /* in the input's window */
  guint size;
  guint64 offset;
  gsize length; /* header and data */
} GotraceRawBatch;

/* Looks at the next batch without consuming it. */
typedef enum {
  GOTRACE_BATCH_OK,
  GOTRACE_BATCH_END, /* the file ends here */
  GOTRACE_BATCH_CUT, /* the file ends inside this batch; raw.data/size are what is there, or size
                        0 */
  GOTRACE_BATCH_DAMAGED, /* this is no batch */
  GOTRACE_BATCH_ERROR    /* I/O: *error is set */
} GotraceBatchResult;
GotraceBatchResult gotrace_peek_batch(UnparkInput *input, GotraceRawBatch *raw, GError **error);

/* Takes a batch in that lies in the input's last window, whose bytes it holds. Faults in tables
 * become notes and lose only themselves. */
void gotrace_generation_add(GotraceGeneration *g, const GotraceRawBatch *raw);
/* All batches are in: computes times. A missing frequency is guessed, with a note. */
void gotrace_generation_close(GotraceGeneration *g);

static inline gint64 gotrace_ns(double tick_ns, guint64 ticks) {
  double ns = (double)ticks * tick_ns;
  /* Times over 36 years are nonsense of a damaged file. */
  return G_LIKELY(ns < (double)UNPARK_TIME_MAX) ? (gint64)ns : UNPARK_TIME_MAX;
}

/* Ids of this generation as the store's; 0 for id 0 and for ids that are not there, which are
 * counted as a note. */
guint32 gotrace_string(GotraceGeneration *g, guint64 id);
guint32 gotrace_stack_slowly(GotraceGeneration *g, guint64 id);
static inline guint32 gotrace_stack(GotraceGeneration *g, guint64 id) {
  guint slot = id % GOTRACE_KNOWN_STACKS;
  if (G_LIKELY(g->known_stacks[slot].id == id)) /* 0, too */
    return g->known_stacks[slot].stack;
  return gotrace_stack_slowly(g, id);
}
/* FALSE if there is no such string. The text is not terminated. */
gboolean gotrace_string_text(GotraceGeneration *g, guint64 id, const char **text, guint *len);
