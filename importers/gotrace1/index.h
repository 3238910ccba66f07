/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first pass over a version 1 trace: where the batches are, and everything that the
 * second pass needs before the first event: strings, stacks, the clock's frequency, CPU
 * samples, and when syscalls really returned.
 *
 * Batches have no length: one ends where the next begins. After a fault the pass goes on at
 * the next byte that begins a believable batch, or a believable row of stacks and strings;
 * what lies between is counted as lost. */
#pragma once

#include "importers/gotrace1/spool.h"
#include "importers/gotrace1/tables.h"

/* Events of one processor that follow each other. */
typedef struct {
  guint64 from, to; /* bytes behind the batch's head */
  gint64 ticks;     /* time that the first event's time counts from */
  gint64 end_ticks; /* of its last event */
  guint32 proc;     /* index into procs */
  gboolean stray;   /* its time was far from all others */
  gboolean broken;  /* a fault ends it: what followed on the processor is not known */
} UnparkV1Batch;

typedef struct {
  gint32 pid; /* UNPARK_V1_NO_PROC: without a processor */
  guint32 first, n_batches;
} UnparkV1ProcBatches;

typedef struct {
  gint64 ticks;
  guint64 g; /* 0: none */
  gint32 pid;
  guint32 stack; /* the file's id */
} UnparkV1Sample;

/* A blocked syscall's return is written down when the goroutine has got a processor again;
 * the event says when it really was. */
typedef struct {
  gint64 real, written; /* ticks; real < written */
  guint64 g;
} UnparkV1Exit;

typedef struct {
  const UnparkV1Spool *spool;
  UnparkV1Tables *tables;
  guint version;
  guint64 ticks_per_second; /* 0: the file does not say */
  GArray *batches;          /* UnparkV1Batch, by processor, then as in the file */
  GArray *procs;            /* UnparkV1ProcBatches, by pid */
  GArray *samples;          /* by time */
  GArray *exits;            /* by real time */
  gint64 last_head_ticks;   /* the latest batch's head; no event is later if `complete` */
  guint64 n_records;        /* events and samples */
  guint64 n_faults, lost_bytes;
  guint64 dropped; /* events beyond this program's limits */
  gboolean cut;    /* the file ends inside a record */
} UnparkV1Index;

/* Fills `index`; faults become notes of the writer. Errors: cancelled, the writer's. */
gboolean unpark_v1_index_build(UnparkV1Index *index, const UnparkV1Spool *spool,
                               UnparkV1Tables *tables, guint version, GCancellable *cancellable,
                               GError **error);
void unpark_v1_index_clear(UnparkV1Index *index);
