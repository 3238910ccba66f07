/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one interface through which importers fill a store.
 *
 * An importer decodes, orders and validates; the writer closes spans, keeps
 * totals, builds zoomed-out levels, encodes column blocks and writes SQLite.
 * All functions are called from one thread, the importer's; encoding, compression
 * and the disk happen on the writer's own threads. A failure there (disk full) is
 * sticky: the next unpark_writer_check(), or unpark_writer_finish(), reports it.
 *
 * Life: unpark_writer_new() creates a file under a temporary name beside `path`;
 * unpark_writer_finish() completes it and renames it; unpark_writer_free() of an
 * unfinished writer removes the temporary file. A killed process leaves only a
 * temporary file, which nothing takes for a store.
 *
 * Times are clamped to what model/base/times.h allows.
 *
 * Ids handed out here (strings, frames, stacks, kinds, places) are dense, start
 * at 1 and mean nothing outside this store; 0 is "none".
 *
 *   w = unpark_writer_new(path, FALSE, &error);
 *   unpark_writer_set_source(w, UNPARK_SOURCE_TRACE, "gotrace", "go1.26", ...);
 *   lane = unpark_writer_lane_new(w, goid, NULL);
 *   unpark_lane_begin(w, lane, t, kind_runnable, stack);
 *   unpark_lane_switch(w, lane, t2, kind_running, 0, place);
 *   ...
 *   unpark_writer_finish(w, end_ns, complete, &error);
 */
#pragma once

#include <gio/gio.h>

#include "model/base/tables.h"
#include "model/base/types.h"

typedef struct _UnparkWriter UnparkWriter;

/* `live`: commit now and then, so that unpark_store_open_live() of
 * unpark_writer_temp_path() sees what has been imported so far. */
UnparkWriter *unpark_writer_new(const char *path, gboolean live, GError **error);
const char *unpark_writer_temp_path(UnparkWriter *w);

/* Number of committed states; grows when a live reader could see more. Any thread. */
guint unpark_writer_generation(UnparkWriter *w);

/* Reports a failure of the writer's threads. Cheap: call it once a batch. */
gboolean unpark_writer_check(UnparkWriter *w, GError **error);

/* Completes and renames. `end_ns`: last event's time; open spans close there. The trace is
 * as long as from 0, or the first span if that begins before, to there.
 * `complete`: FALSE if something of the source was lost. The writer can only be
 * freed afterwards. */
gboolean unpark_writer_finish(UnparkWriter *w, gint64 end_ns, gboolean complete, GError **error);
void unpark_writer_free(UnparkWriter *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkWriter, unpark_writer_free)

/* What the file is. Strings are copied; any may be NULL. `format`: as the file
 * names it ("go 1.26 trace", "pprof protobuf"); `go_version`: the toolchain where
 * known. `start_wall_ns`: Unix time of trace time 0, or UNPARK_NONE. May be called
 * again when more is known; NULL and UNPARK_NONE leave what was said before. */
void unpark_writer_set_source(UnparkWriter *w, UnparkSourceKind kind, const char *importer,
                              const char *format, const char *go_version, gint64 start_wall_ns);
void unpark_writer_set_path(UnparkWriter *w, const char *path, guint64 byte_count);
/* Events of the source that were understood; shown to the user, adds up. */
void unpark_writer_count_events(UnparkWriter *w, guint64 n);

/* A tolerated fault. Notes of one name are one row: counts add up, the first
 * `detail` is kept. `detail` names place and consequence, in one sentence. */
void unpark_writer_note(UnparkWriter *w, UnparkSeverity severity, const char *name, guint64 count,
                        const char *detail_format, ...) G_GNUC_PRINTF(5, 6);

/* Interned text. `len` in bytes; need not be NUL-terminated. Invalid UTF-8 is
 * replaced by U+FFFD (and counted as a note); NUL bytes too. The empty string is
 * id 0. */
guint32 unpark_writer_string(UnparkWriter *w, const char *text, gsize len);
/* The message of a log. Of the category "datadog.uint64_span_id" it is a number in 8 bytes, the
 * least significant first, which is no text: it is kept as 16 hexadecimal digits. */
guint32 unpark_writer_message(UnparkWriter *w, const char *category, gsize category_len,
                              const char *text, gsize len);
/* The text of such an id, for a note; "" if it was too long to be kept. Valid until the next
 * string is interned. */
const char *unpark_writer_text(UnparkWriter *w, guint32 string);

/* A line of code: interned. `function`, `file`: string ids; `line` 0 if unknown. */
guint32 unpark_writer_frame(UnparkWriter *w, guint32 function, guint32 file, guint32 line,
                            gboolean inlined);

/* `frames`: frame ids, innermost first; n 0 gives 0. Interned as a tree from the
 * outermost frame, so equal prefixes are stored once; no limit on depth. */
guint32 unpark_writer_stack(UnparkWriter *w, const guint32 *frames, gsize n);

/* Stacks of the source are missing: from here on a goroutine without a name is not taken for one of
 * the runtime's own. */
void unpark_writer_lost_stacks(UnparkWriter *w);

/* Number of frames of a stack, and the function (string id) of its outermost frame. */
guint32 unpark_writer_stack_root(UnparkWriter *w, guint32 stack);

/* One row: `values` in the order of the columns in model/base/tables.h. */
void unpark_writer_append(UnparkWriter *w, UnparkTable table, const gint64 *values);

/* ---- Goroutine lanes: execution traces ------------------------------------- */

/* (state, reason, cause) as one small number; at most 65535 per store, more share
 * the reason "". `reason`: string id. For runnable states the cause is given. */
guint16 unpark_writer_kind(UnparkWriter *w, UnparkState state, guint32 reason, UnparkCause cause);

/* (proc, thread) as one number; either may be -1. Hashed: keep the id. */
guint32 unpark_writer_place(UnparkWriter *w, gint64 proc, gint64 thread);

/* One goroutine's open span and totals. Importers embed nothing and change nothing
 * here; they keep the pointer. It is valid until unpark_lane_end(). */
typedef struct _UnparkLane UnparkLane;

/* The lane of a goroutine that was just created, or first heard of, at `time_ns`.
 * An id may come again after unpark_lane_end() (cgo callbacks reuse goroutines):
 * totals then go on. `parent`: creating goroutine or UNPARK_NONE. `create_stack`:
 * stack at which it was created. `id` must be >= 0. */
UnparkLane *unpark_writer_lane_new(UnparkWriter *w, gint64 id, gint64 time_ns, gint64 parent,
                                   guint32 create_stack);
gint64 unpark_lane_id(const UnparkLane *lane);

/* Whether a goroutine that has not ended started in `function`, and was not created in the trace.
 */
gboolean unpark_writer_has_older(UnparkWriter *w, const char *function);

/* A stack of the goroutine itself: the first one with frames names its lane. Called by
 * the functions below for their `stack`; needed alone only for other stacks. */
void unpark_lane_saw_stack(UnparkWriter *w, UnparkLane *lane, guint32 stack);

/* The goroutine enters the state of `kind` at `time_ns` (not before its previous
 * span's start; the open span, if any, closes there).
 * `stack`: the transition's stack (where it stopped; for a created goroutine its
 * starting stack), 0 if none. `place`: where it runs, for running and syscall; 0 else.
 * `waker`/`waker_stack`: when this ends a wait (or creates): the goroutine that did
 * it, UNPARK_NONE if nobody did; kept with the wait that ends. */
void unpark_lane_switch(UnparkWriter *w, UnparkLane *lane, gint64 time_ns, guint16 kind,
                        guint32 stack, guint32 place, gint64 waker, guint32 waker_stack);

/* In the middle of a running or syscall span, the processor or thread changes
 * (a syscall's processor is taken: proc -1). */
void unpark_lane_move(UnparkWriter *w, UnparkLane *lane, gint64 time_ns, guint32 place);

/* The goroutine has ended. The pointer is dead afterwards. */
void unpark_lane_end(UnparkWriter *w, UnparkLane *lane, gint64 time_ns);
