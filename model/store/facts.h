/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that a store keeps as column blocks: their columns, codecs and zones.
 *
 * This is the physical schema; the public SQL names over it are in model/sql/views.c.
 * A block of a fact holds up to UNPARK_BLOCK_ROWS rows and sits in one row of
 * the SQLite table `block` beside its zone: the least and greatest lane and time,
 * by which readers skip it.
 *
 * The first UNPARK_N_ROW_TABLES facts are the row tables of model/base/tables.h, with the
 * columns listed there.
 */
#pragma once

#include "model/store/codec.h"
#include "model/base/tables.h"
#include "model/base/types.h"

typedef enum {
  /* lane(goroutine), start_ns, duration_ns, kind, stack, place, waker, waker_stack.
   * Ascending by (lane, start) within a segment; segments follow each other in time.
   * Runnable spans leave out what their neighbours tell: waker (the wait before),
   * place (the run after). */
  UNPARK_FACT_SPAN = UNPARK_N_ROW_TABLES,
  /* proc(-1: none), start_ns, duration_ns, goroutine, thread: who ran where, ascending by
   * (proc, start) within a segment. */
  UNPARK_FACT_EXEC,
  /* id, parent, create_ns, start_ns, end_ns, create_stack, running_ns, runnable_ns,
   * waiting_ns, syscall_ns, longest_wait_ns, name, span_count, system */
  UNPARK_FACT_GOROUTINE,
  /* The same of goroutines that have not ended: only in live stores. */
  UNPARK_FACT_GOROUTINE_OPEN,
  /* key (see UNPARK_LOD_KEY), start_ns, width_ns, running_ns, runnable_ns, waiting_ns,
   * syscall_ns, longest_ns, kind, count, goroutine */
  UNPARK_FACT_LOD,
  /* node: the innermost node of stack number zone.lane_min + row */
  UNPARK_FACT_STACK,
  /* parent(node, 0: outermost), frame, depth: node number zone.lane_min + row */
  UNPARK_FACT_NODE,
  /* function, file, line, inlined: frame number zone.lane_min + row */
  UNPARK_FACT_FRAME,
  /* state, reason, cause: kind number zone.lane_min + row */
  UNPARK_FACT_KIND,
  /* proc, thread: place number zone.lane_min + row */
  UNPARK_FACT_PLACE,
  /* Not columns: texts of string ids lane_min..lane_max, each a varint length and bytes */
  UNPARK_FACT_STRING,
  UNPARK_N_FACTS
} UnparkFact;

/* What a zoomed-out row is about: its lane type (UnparkLaneType) and id in one number. */
#define UNPARK_LOD_KEY(type, id) ((gint64)(((guint64)(id) << 3) | (guint64)(type)))

#define UNPARK_MAX_COLUMNS 16

typedef struct {
  const char *name;
  UnparkCodec codec;
  gint8 lane;     /* column that CHAIN, GAP and NEAR refer to; -1 */
  gint8 duration; /* column that CHAIN and GAP refer to; -1 */
  gboolean plain; /* zstd does not make it much smaller: left out of it */
} UnparkFactColumn;

typedef struct {
  const char *name;
  guint n_columns;
  /* Columns that make the zone; -1: none. end or duration may be given, or neither
   * (then start is an instant). */
  gint8 lane, start, end, duration;
  UnparkFactColumn columns[UNPARK_MAX_COLUMNS];
} UnparkFactSpec;

extern const UnparkFactSpec unpark_facts[UNPARK_N_FACTS];

/* Columns of SPAN and EXEC by name. */
enum {
  SPAN_LANE,
  SPAN_START,
  SPAN_DURATION,
  SPAN_KIND,
  SPAN_STACK,
  SPAN_PLACE,
  SPAN_WAKER,
  SPAN_WAKER_STACK
};
enum { EXEC_PROC, EXEC_START, EXEC_DURATION, EXEC_GOROUTINE, EXEC_THREAD };
enum {
  G_ID,
  G_PARENT,
  G_CREATE,
  G_START,
  G_END,
  G_CREATE_STACK,
  G_RUNNING,
  G_RUNNABLE,
  G_WAITING,
  G_SYSCALL,
  G_LONGEST_WAIT,
  G_NAME,
  G_SPAN_COUNT,
  G_SYSTEM
};
enum {
  LOD_KEY,
  LOD_START,
  LOD_WIDTH,
  LOD_RUNNING,
  LOD_RUNNABLE,
  LOD_WAITING,
  LOD_SYSCALL,
  LOD_LONGEST,
  LOD_KIND,
  LOD_COUNT,
  LOD_GOROUTINE
};
