/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a store: what was imported, in plain structs.
 *
 * An UnparkStore may be used from any number of threads at once (the small tables
 * and the block index are immutable after opening; decoded blocks live in a cache
 * with a byte budget under a lock). Every function that may touch the disk or decode
 * says "worker": never call it on the main thread.
 */
#pragma once

#include <gio/gio.h>

#include "model/base/types.h"

#define UNPARK_SCHEMA_VERSION 3

typedef struct _UnparkStore UnparkStore; /* atomically reference-counted */

/* Worker. UNPARK_ERROR_STORE if it is not a complete store of this schema version. */
UnparkStore *unpark_store_open(const char *path, GError **error);
/* Worker. The same, with all times later by `shift_ns` than in the file: where several files are on
 * one axis of time. Bookmarks, too, are read and written so. */
UnparkStore *unpark_store_open_shifted(const char *path, gint64 shift_ns, GError **error);
/* Any thread. 0 of a store that is not moved. */
gint64 unpark_store_shift(const UnparkStore *store);
/* Worker. Opens what a running import has committed so far (writer with `live`). Open
 * again when the progress' generation has grown: a snapshot never changes. */
UnparkStore *unpark_store_open_live(const char *temp_path, GError **error);
/* Any thread. The import was still running when the store was opened: there will be more. */
gboolean unpark_store_is_live(const UnparkStore *store);
UnparkStore *unpark_store_ref(UnparkStore *store);
void unpark_store_unref(UnparkStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkStore, unpark_store_unref)

/* Any thread. How much of each open store is kept unpacked, in MiB; 40 unless something else was
 * said. Less slows down what reads the same again. */
#define UNPARK_STORE_MEMORY_MIB 40
void unpark_store_set_memory(guint mib);

/* TRUE if the file at `path` is a store of any schema version (cheap look at its head). */
gboolean unpark_store_is_store_file(const char *path);

/* ---- What the source is (any thread) ---------------------------------------- */

typedef struct {
  UnparkSourceKind kind;
  const char *path;       /* as given when imported */
  const char *importer;   /* "gotrace" ... */
  const char *format;     /* "go 1.26 trace" ... */
  const char *go_version; /* "" if not known */
  gint64 start_wall_ns;   /* Unix time of time 0; UNPARK_NONE */
  gint64 duration_ns;
  gint64 start_ns, end_ns; /* of the trace; it begins at 0, or a little before (Go 1.11 to 1.21) */
  gint64 byte_count, event_count;
  gboolean complete;
} UnparkSource;

const UnparkSource *unpark_store_source(UnparkStore *store);
const char *unpark_store_path(UnparkStore *store);

typedef struct {
  UnparkSeverity severity;
  const char *name, *detail;
  gint64 count;
} UnparkNote;

const UnparkNote *unpark_store_notes(UnparkStore *store, guint *n);

/* ---- Dictionaries ------------------------------------------------------------ */

/* Worker (may decode a string block). "" for id 0 and ids out of range. The text lives as
 * long as the store. */
const char *unpark_store_string(UnparkStore *store, guint32 id);

typedef struct {
  UnparkState state;
  UnparkCause cause; /* runnable kinds */
  UnparkWait wait;   /* waiting kinds */
  guint32 reason_id;
  const char *reason; /* "" if none */
} UnparkKind;

/* Any thread. Kind ids are dense from 1; id 0 and others give NULL. */
const UnparkKind *unpark_store_kind(UnparkStore *store, guint16 kind);
guint unpark_store_n_kinds(UnparkStore *store); /* highest id + 1 */

typedef struct {
  const char *function, *file;
  guint32 function_id; /* string ids */
  guint32 file_id;
  guint32 line; /* 0: not known */
  gboolean inlined;
} UnparkFrame;

/* Worker. Innermost frame first; *n 0 and NULL for stack 0. Free with g_free();
 * the texts belong to the store. `limit`: at most so many frames (0: all). */
UnparkFrame *unpark_store_stack(UnparkStore *store, guint32 stack, guint limit, guint *n);

/* ---- Goroutines ---------------------------------------------------------------- */

typedef struct {
  gint64 id;
  gint64 parent;                      /* UNPARK_NONE */
  gint64 create_ns, start_ns, end_ns; /* start_ns, end_ns may be UNPARK_NONE */
  gint64 total_ns[UNPARK_N_STATES];
  gint64 longest_wait_ns;
  guint32 name_id;  /* string id; the group of the lane */
  const char *name; /* of the function it started in; "" if not known. Lives as long as the store */
  guint32 create_stack;
  guint32 span_count;
  gboolean system;
} UnparkGoroutine;

/* Worker the first time, then cached: all goroutines, ascending id. Owned by the store. */
const UnparkGoroutine *unpark_store_goroutines(UnparkStore *store, guint *n, GError **error);
/* NULL if there is none; unpark_store_goroutines() must have succeeded before. */
const UnparkGoroutine *unpark_store_goroutine(UnparkStore *store, gint64 id);

typedef struct {
  gint64 goroutine;
  gint64 start_ns, end_ns;
  guint16 kind;
  guint32 stack;       /* where it stopped */
  gint64 proc, thread; /* UNPARK_NONE */
  gint64 waker;        /* UNPARK_NONE */
  guint32 waker_stack;
} UnparkSpan;

/* Worker. The spans of one goroutine that touch [from_ns, to_ns], in order, at most `limit`
 * (0: all). Free with g_free(). NULL and *error on failure; NULL and *n 0 for none. */
UnparkSpan *unpark_store_spans(UnparkStore *store, gint64 goroutine, gint64 from_ns, gint64 to_ns,
                               guint limit, guint *n, GCancellable *cancellable, GError **error);

/* Worker. Every span that touches [from_ns, to_ns], of every goroutine, in no order, handed to
 * `visit` in arrays (parallel over blocks is up to the store: `visit` runs on the calling
 * thread only). Stops when visit returns FALSE. */
typedef gboolean (*UnparkSpanVisit)(const UnparkSpan *spans, guint n, gpointer data);
gboolean unpark_store_visit_spans(UnparkStore *store, gint64 from_ns, gint64 to_ns,
                                  UnparkSpanVisit visit, gpointer data, GCancellable *cancellable,
                                  GError **error);

/* ---- Rows of the other tables ---------------------------------------------------- */

/* Worker. Columns as listed in model/writer/writer.h, row-major, rows that touch
 * [from_ns, to_ns] (pass G_MININT64+1, G_MAXINT64 for all; tables without time ignore it).
 * Free with g_free(). */
gint64 *unpark_store_rows(UnparkStore *store, int table, gint64 from_ns, gint64 to_ns,
                          guint *n_rows, guint *n_columns, GCancellable *cancellable,
                          GError **error);
/* Number of rows; any thread. */
guint64 unpark_store_count(UnparkStore *store, int table);
guint64 unpark_store_span_count(UnparkStore *store);

/* ---- Lanes for drawing ------------------------------------------------------------- */

typedef enum {
  UNPARK_LANE_GOROUTINE, /* id: goroutine */
  UNPARK_LANE_GROUP,     /* id: name_id: all goroutines that started in this function */
  UNPARK_LANE_PROC,      /* id: proc: which goroutine it ran */
  UNPARK_LANE_THREAD,    /* id: thread */
  UNPARK_LANE_ALL,       /* id ignored: every goroutine */
  UNPARK_LANE_TASK,      /* id: task: has tracks only, see model/lanes/tracks.h */
} UnparkLaneType;

typedef struct {
  UnparkLaneType type;
  gint64 id;
} UnparkLaneKey;

/* One thing to draw: a span, or a stretch in which many spans share few pixels. */
typedef struct {
  gint64 start_ns, end_ns;
  guint32 count;     /* spans in it; 1: exactly one */
  guint16 kind;      /* of the (longest) span; 0 on proc and thread lanes without state */
  gint64 goroutine;  /* whose span it is: proc, thread lanes (the longest) and goroutine lanes */
  gint64 longest_ns; /* length of the longest span in it (not clipped) */
  gint64 longest_start_ns; /* when that began (not clipped); UNPARK_NONE: not known */
  /* Mean number of goroutines in each state over the stretch: at most 1 in sum for a
   * goroutine, proc or thread lane; up to the group's size for groups. */
  float mean[UNPARK_N_STATES];
} UnparkItem;

typedef struct {
  UnparkLaneKey key;
  UnparkItem *items; /* ascending, not overlapping */
  guint n_items;
} UnparkLaneItems;

/* Worker. What to draw of `keys` over [from_ns, to_ns] when nothing finer than
 * `resolution_ns` can be seen: spans at least that long come as themselves, shorter
 * ones merged into stretches of at most 2 * resolution_ns; gaps stay gaps. Group and
 * ALL lanes come as equal buckets of about resolution_ns. Cost: by pixels, not by spans.
 * The result is an array of n_keys; free with unpark_lane_items_free(). */
UnparkLaneItems *unpark_store_lanes(UnparkStore *store, const UnparkLaneKey *keys, guint n_keys,
                                    gint64 from_ns, gint64 to_ns, gint64 resolution_ns,
                                    GCancellable *cancellable, GError **error);
void unpark_lane_items_free(UnparkLaneItems *lanes, guint n);

/* Any thread. Ids of processors and threads that ran anything, ascending. */
const gint64 *unpark_store_procs(UnparkStore *store, guint *n);
const gint64 *unpark_store_threads(UnparkStore *store, guint *n);
