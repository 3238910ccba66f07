/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writer's back end: jobs that make blocks run on threads of its own, and their
 * blocks enter the SQLite file in the order in which the jobs were given, so that
 * one source always gives one store. The number of waiting jobs is bounded: giving
 * another one blocks, which holds the importer to the speed of the disk.
 *
 * Given to by one thread, the importer's.
 */
#pragma once

#include "model/store/span-codec.h"

typedef struct _UnparkSink UnparkSink;

/* A finished block. `data` is compressed. */
typedef struct {
  UnparkFact fact;
  guint count;
  gint64 lane_min, lane_max, time_min, time_max;
  UnparkBytes data;
} UnparkBlock;

/* What a job has to make blocks with; one a thread. */
typedef struct {
  struct ZSTD_CCtx_s *zstd;
  UnparkBytes plain, scratch, packed, sorted;
  gint64 *columns[UNPARK_MAX_COLUMNS]; /* UNPARK_BLOCK_ROWS each */
  GArray *blocks;                      /* UnparkBlock: the job's output */
} UnparkForge;

/* Runs on a sink thread; fills forge->blocks; frees `data`. */
typedef void (*UnparkJob)(UnparkForge *forge, gpointer data);

/* Creates the file (it must not exist) and its tables.
 * `live`: others read between commits. Pages that SQLite writes before a commit would lock them
 * out until then, so it keeps them. */
UnparkSink *unpark_sink_new(const char *path, guint page_size, gboolean live, GError **error);
/* Waits for the jobs, then closes. */
void unpark_sink_free(UnparkSink *sink);

/* `data` is handed over. After a failure jobs are still run but their blocks dropped. */
void unpark_sink_give(UnparkSink *sink, UnparkJob job, gpointer data);
/* The first failure, if any. */
gboolean unpark_sink_check(UnparkSink *sink, GError **error);

/* Commits what is in the file so far, and starts the next transaction. Drains. */
gboolean unpark_sink_commit(UnparkSink *sink, GError **error);
/* Runs plain SQL in the open transaction; drains first. */
gboolean unpark_sink_exec(UnparkSink *sink, const char *sql, GError **error);
/* One row into meta-like tables: up to 16 columns; for every column either a text, or NULL in
 * `texts` and a number. */
gboolean unpark_sink_row(UnparkSink *sink, const char *sql, const char *const *texts,
                         const gint64 *numbers, guint n, GError **error);

/* Packs forge->columns (n rows) as one block of `fact` into forge->blocks, making the zone
 * from the spec. `first_id`: zone lane for facts whose rows are numbered, else -1. */
void unpark_forge_pack(UnparkForge *forge, UnparkFact fact, guint n, gint64 first_id);
/* Packs spans, which stand by lane, as one block into forge->blocks. */
void unpark_forge_spans(UnparkForge *forge, const UnparkSpanRows *rows);
/* Compresses raw bytes into a block with the given zone lanes. */
void unpark_forge_bytes(UnparkForge *forge, UnparkFact fact, const guint8 *data, gsize size,
                        guint count, gint64 lane_min, gint64 lane_max);
