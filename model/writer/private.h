/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writer's own files share; nobody else includes it. */
#pragma once

#include "model/store/facts.h"
#include "model/writer/writer.h"
#include "model/writer/sink.h"

/* ---- rows.c: rows of every fact but spans --------------------------------- */

typedef struct {
  gint64 *values; /* row-major, UNPARK_BLOCK_ROWS rows */
  guint n;
  gint64 next_id; /* numbered facts: id of the first row in `values` */
} UnparkRowBuffer;

/* Appends a row; a full buffer becomes a job. */
void unpark_rows_append(UnparkWriter *w, UnparkFact fact, const gint64 *values);
void unpark_rows_flush(UnparkWriter *w, UnparkFact fact);
/* Gives the memory of buffers that nobody uses back. Any thread. */
void unpark_rows_empty_pool(void);
/* Frees a buffer's values, or keeps them for the next buffer. Any thread. */
void unpark_rows_free(gint64 *values);

/* ---- intern.c ---------------------------------------------------------------- */

typedef struct _UnparkIntern UnparkIntern;
UnparkIntern *unpark_intern_new(void);
void unpark_intern_free(UnparkIntern *intern);
/* Gives the strings that are not in the file yet to the sink. */
void unpark_intern_flush(UnparkWriter *w);
/* The text of a string id that is still known (names, reasons); "" if it is not. */
const char *unpark_intern_text(UnparkWriter *w, guint32 id);

/* ---- lane.c, segment.c --------------------------------------------------- */

/* One stretch of a goroutine on a processor and thread. */
typedef struct {
  gint64 start, duration, goroutine;
  guint32 place;
} UnparkExecRecord;

typedef struct {
  gint64 id, start; /* of its first span in the segment */
  guint32 name;     /* string id when the segment was closed */
  guint32 group;    /* of that name, for the zoomed-out rows */
  guint32 first, count;
} UnparkSegmentLane;

/* A state that was open when the segment was closed. */
typedef struct {
  gint64 id, start;
  guint32 name;
  gint32 lane; /* index into the segment's lanes; -1: no span in it */
  guint16 kind;
} UnparkOpenSpan;

#define UNPARK_SEGMENT_SPANS (128 * 1024)

/* Spans that were closed one after another, in the order of closing. */
typedef struct {
  UnparkPackedSpan *spans;
  GArray *wide;        /* UnparkSpanRecord */
  guint32 *span_lanes; /* index into lanes, by span; behind the spans, in their memory */
  UnparkExecRecord *execs;
  UnparkExecRecord *more_execs; /* NULL: those are behind the lanes */
  guint n_spans, n_execs, execs_capacity;
  GArray *lanes; /* UnparkSegmentLane */
  GArray *open;  /* UnparkOpenSpan */
  gint64 from_ns, to_ns;
  guint8 *kind_state; /* state of every kind so far */
  GArray *places;     /* snapshot, UnparkPlace */
} UnparkSegment;

typedef struct {
  gint64 proc, thread;
} UnparkPlace;

/* In the order of use: every switch touches the first 64 bytes, and every closed span the next. */
struct _UnparkLane {
  gint64 id;
  gint64 open_ns; /* start of the open span */
  gint64 exec_ns; /* since when on exec_place */
  gint64 last_waker;
  guint32 exec_place, place, stack;
  guint32 segment, segment_lane; /* where its spans go in the segment of that number */
  guint32 name;
  guint16 kind;
  guint8 state;
  gboolean has_run;

  gint64 total_ns[UNPARK_N_STATES];
  gint64 longest_wait_ns;
  guint32 span_count;
  guint slot; /* in writer->open */
  gint64 parent, create_ns;

  gint64 first_run_ns;
  guint32 create_stack;
  UnparkLane *next_free;
};

void unpark_segment_job(UnparkForge *forge, gpointer segment);
/* Segments are large: they come from and go back to a small pool, of any thread. */
UnparkSegment *unpark_segment_new(gint64 from_ns);
void unpark_segment_free(UnparkSegment *segment);

/* Zoomed-out rows of a segment, in lod.c: `n` spans of one lane from `start` on (lanes one
 * after another; gives their end), then finish, which frees. `execs`: by processor. */
typedef struct _UnparkLod UnparkLod;
UnparkLod *unpark_lod_new(UnparkForge *forge, UnparkSegment *segment);
gint64 unpark_lod_add(UnparkLod *lod, guint lane_number, const UnparkPackedSpan *spans, guint n,
                      gint64 start);
void unpark_lod_finish(UnparkLod *lod, const UnparkExecRecord *execs);
/* Closes all open spans and emits all goroutines. */
void unpark_lanes_finish(UnparkWriter *w, gint64 end_ns);
void unpark_lanes_free(UnparkWriter *w);

/* ---- writer.c ------------------------------------------------------------------------------ */

typedef struct {
  UnparkSeverity severity;
  char *name, *detail;
  guint64 count;
} UnparkWriterNote;

/* The row of the table `source`, but for what unpark_writer_finish() is told. */
typedef struct {
  UnparkSourceKind kind;
  char *importer, *format, *go_version, *path;
  gint64 start_wall_ns;
  gint64 start_ns; /* the first time of a span, if that is before 0 */
  guint64 byte_count, event_count;
} UnparkWriterSource;

/* Commits for live readers; in writer.c. */
void unpark_writer_commit(UnparkWriter *w, gint64 now_ns);

struct _UnparkWriter {
  char *path, *temp_path;
  UnparkSink *sink;
  gboolean live, finished;
  gboolean lost_stacks;  /* unpark_writer_lost_stacks() */
  gint64 last_commit_us; /* monotonic */
  guint generation;      /* atomic */

  UnparkWriterSource source;
  GPtrArray *notes; /* UnparkWriterNote */

  UnparkRowBuffer rows[UNPARK_N_FACTS];
  UnparkIntern *intern;
  guint64 bad_utf8;

  GHashTable *kind_ids; /* packed (state, reason, cause) -> id */
  UnparkState *kind_states;
  guint n_kinds;
  GHashTable *place_ids; /* UnparkPlace -> id */
  GArray *places;        /* UnparkPlace; index 0 unused */

  UnparkSegment *segment;
  guint segment_number;
  GPtrArray *open;    /* UnparkLane */
  GHashTable *parked; /* goroutine id -> UnparkLane that ended in a syscall */
  UnparkLane *free_lanes;
  GPtrArray *lane_slabs; /* memory of lanes, free ones included */
};
