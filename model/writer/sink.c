/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/writer/sink.h"

#include <gio/gio.h>
#include <sqlite3.h>
#include <string.h>
#include <zstd.h>

#include "model/base/error.h"
#include "model/store/schema.h"
#include "model/writer/large.h"

#define MAX_JOBS 4
/* The importer's thread needs a processor of its own: on two, a second thread that packs only takes
 * it away (7 % slower). Three would have nothing to do. */
#define MAX_THREADS 2
/* Measured on a 118 MB trace: level 1 gives 79 MB, level -1 85 MB, level -2 94 MB, each about 15 %
 * faster than the one before. */
#define ZSTD_LEVEL -3

struct _UnparkSink {
  sqlite3 *db;
  sqlite3_stmt *insert_block, *insert_data;
  gint64 last_block;
  char *path;
  GThread *threads[MAX_THREADS];
  guint n_threads;
  GAsyncQueue *tasks; /* Task; one without a job ends a thread */
  GPtrArray *forges;  /* UnparkForge: those that no job has */
  GMutex lock;
  GCond changed;
  guint64 given, written; /* jobs */
  GArray *packed;         /* Packed: jobs that are done, whose blocks are not in the file yet */
  gboolean writing;       /* a thread is at the file, without the lock */
  GError *error;
};

typedef struct {
  UnparkJob run;
  gpointer data;
  guint64 ticket;
} Task;

/* What a job has made. */
typedef struct {
  guint64 ticket;
  GArray *blocks; /* UnparkBlock */
} Packed;

static GError *sqlite_error(UnparkSink *sink) {
  int code = sqlite3_errcode(sink->db);
  if (code == SQLITE_FULL)
    return g_error_new(UNPARK_ERROR, UNPARK_ERROR_NO_SPACE,
                       "Cannot write “%s”: the disk is full. Free some space, or choose another "
                       "place for the store.",
                       sink->path);
  int reason = (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(sink->db) : 0;
  return g_error_new(UNPARK_ERROR, UNPARK_ERROR_STORE, "Cannot write the store “%s”: %s",
                     sink->path, reason ? g_strerror(reason) : sqlite3_errmsg(sink->db));
}

static void forge_free(gpointer data) {
  UnparkForge *forge = data;
  ZSTD_freeCCtx(forge->zstd);
  unpark_bytes_clear(&forge->plain);
  unpark_bytes_clear(&forge->scratch);
  unpark_bytes_clear(&forge->packed);
  unpark_bytes_clear(&forge->sorted);
  g_free(forge->columns[0]); /* of all */
  g_array_unref(forge->blocks);
  g_free(forge);
}

static UnparkForge *forge_new(void) {
  UnparkForge *forge = g_new0(UnparkForge, 1);
  forge->zstd = ZSTD_createCCtx();
  if (!forge->zstd)
    g_error("zstd: out of memory");
  ZSTD_CCtx_setParameter(forge->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
  ZSTD_CCtx_setParameter(forge->zstd, ZSTD_c_checksumFlag, 1);
  gint64 *columns = unpark_large_new(sizeof(gint64) * UNPARK_BLOCK_ROWS * UNPARK_MAX_COLUMNS);
  for (gsize i = 0; i < UNPARK_MAX_COLUMNS; i++)
    forge->columns[i] = columns + i * UNPARK_BLOCK_ROWS;
  forge->blocks = g_array_new(FALSE, FALSE, sizeof(UnparkBlock));
  return forge;
}

/* Makes the bytes of a block (model/store/blocks.h) of forge->plain and `size` bytes to be
 * compressed. */
static void add_block(UnparkForge *forge, UnparkBlock *block, const guint8 *data, gsize size) {
  const UnparkBytes *plain = &forge->plain;
  guint64 sum = GUINT64_TO_LE(unpark_checksum(plain->data, plain->size));
  size_t packed = 0;
  if (size > 0) {
    /* Into memory that is used again and again, then into as much as it takes. */
    forge->packed.size = 0;
    unpark_bytes_reserve(&forge->packed, ZSTD_compressBound(size));
    packed = ZSTD_compress2(forge->zstd, forge->packed.data, forge->packed.capacity, data, size);
    if (ZSTD_isError(packed))
      g_error("zstd: %s", ZSTD_getErrorName(packed)); /* only out of memory can fail here */
  }
  unpark_bytes_reserve(&block->data, 18 + plain->size + packed);
  guint8 *p = unpark_put_varint(block->data.data, plain->size);
  memcpy(p, &sum, 8);
  p += 8;
  if (plain->size > 0)
    memcpy(p, plain->data, plain->size);
  p += plain->size;
  if (packed > 0)
    memcpy(p, forge->packed.data, packed);
  block->data.size = (gsize)(p + packed - block->data.data);
  g_array_append_val(forge->blocks, *block);
}

void unpark_forge_bytes(UnparkForge *forge, UnparkFact fact, const guint8 *data, gsize size,
                        guint count, gint64 lane_min, gint64 lane_max) {
  UnparkBlock block = {.fact = fact, .count = count, .lane_min = lane_min, .lane_max = lane_max};
  forge->plain.size = 0;
  add_block(forge, &block, data, size);
}

void unpark_forge_spans(UnparkForge *forge, const UnparkSpanRows *rows) {
  UnparkBlock block = {.fact = UNPARK_FACT_SPAN,
                       .count = rows->n,
                       .lane_min = rows->runs[0].lane,
                       .lane_max = rows->runs[rows->n_runs - 1].lane};
  forge->plain.size = forge->scratch.size = 0;
  unpark_spans_pack(rows, &forge->plain, &forge->scratch, &block.time_min, &block.time_max);
  add_block(forge, &block, forge->scratch.data, forge->scratch.size);
}

/* Least and greatest end of rows whose ends may be unknown: then they are endless. */
static void zone_of_ends(const UnparkFactSpec *spec, gint64 *const *columns, guint n,
                         UnparkBlock *block) {
  const gint64 *start = columns[spec->start];
  const gint64 *end = columns[spec->end >= 0 ? spec->end : spec->start];
  for (guint i = 0; i < n; i++) {
    block->time_min = MIN(block->time_min, start[i]); /* NONE is the least number */
    block->time_max = MAX(block->time_max, end[i] == UNPARK_NONE ? G_MAXINT64 : end[i]);
  }
}

static void zone_of(const UnparkFactSpec *spec, gint64 *const *columns, guint n,
                    UnparkBlock *block) {
  gint64 least = G_MAXINT64, most = G_MININT64;
  for (guint i = 0; spec->lane >= 0 && i < n; i++) {
    least = MIN(least, columns[spec->lane][i]);
    most = MAX(most, columns[spec->lane][i]);
  }
  block->lane_min = spec->lane >= 0 ? least : 0;
  block->lane_max = spec->lane >= 0 ? most : 0;
  if (spec->start < 0)
    return;
  block->time_min = least = G_MAXINT64;
  block->time_max = most = G_MININT64;
  if (spec->duration < 0) {
    zone_of_ends(spec, columns, n, block);
    return;
  }
  const gint64 *start = columns[spec->start], *duration = columns[spec->duration];
  for (guint i = 0; i < n; i++) {
    least = MIN(least, start[i]);
    most = MAX(most, start[i] + duration[i]);
  }
  block->time_min = least;
  block->time_max = most;
}

void unpark_forge_pack(UnparkForge *forge, UnparkFact fact, guint n, gint64 first_id) {
  const UnparkFactSpec *spec = &unpark_facts[fact];
  gint64 **c = forge->columns;
  UnparkBlock block = {.fact = fact, .count = n};

  forge->plain.size = forge->scratch.size = 0;
  for (guint i = 0; i < spec->n_columns; i++) {
    const UnparkFactColumn *column = &spec->columns[i];
    unpark_codec_pack(column->plain ? &forge->plain : &forge->scratch, column->codec, c[i], n,
                      column->lane >= 0 ? c[column->lane] : NULL,
                      column->duration >= 0 ? c[column->duration] : NULL);
  }
  zone_of(spec, c, n, &block);
  if (first_id >= 0) {
    block.lane_min = first_id;
    block.lane_max = first_id + n - 1;
  }
  add_block(forge, &block, forge->scratch.data, forge->scratch.size);
}

static gboolean insert_block(UnparkSink *sink, const UnparkBlock *b) {
  sqlite3_stmt *block = sink->insert_block, *data = sink->insert_data;
  const gint64 numbers[] = {++sink->last_block, b->fact,     b->count,   b->lane_min,
                            b->lane_max,        b->time_min, b->time_max};
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    sqlite3_bind_int64(block, (int)i + 1, numbers[i]);
  sqlite3_bind_int64(data, 1, sink->last_block);
  sqlite3_bind_blob64(data, 2, b->data.data, b->data.size, SQLITE_STATIC);
  gboolean ok = sqlite3_step(block) == SQLITE_DONE && sqlite3_step(data) == SQLITE_DONE;
  sqlite3_reset(block);
  sqlite3_reset(data);
  sqlite3_clear_bindings(data);
  return ok;
}

/* By the thread that has the file. NULL, or what went wrong. Frees the blocks. */
static GError *insert_blocks(UnparkSink *sink, GArray *blocks, gboolean drop) {
  GError *error = NULL;
  for (guint i = 0; i < blocks->len; i++) {
    UnparkBlock *b = &g_array_index(blocks, UnparkBlock, i);
    if (!drop && !error && !insert_block(sink, b))
      error = sqlite_error(sink);
    unpark_bytes_clear(&b->data);
  }
  g_array_unref(blocks);
  return error;
}

static UnparkForge *take_forge(UnparkSink *sink) {
  UnparkForge *forge = NULL;
  g_mutex_lock(&sink->lock);
  if (sink->forges->len > 0)
    forge = g_ptr_array_steal_index_fast(sink->forges, sink->forges->len - 1);
  g_mutex_unlock(&sink->lock);
  return forge ? forge : forge_new();
}

/* The blocks of the job whose turn it is; NULL while it is not done. With the lock held. */
static GArray *next_packed(UnparkSink *sink) {
  for (guint i = 0; i < sink->packed->len; i++) {
    Packed packed = g_array_index(sink->packed, Packed, i);
    if (packed.ticket == sink->written) {
      g_array_remove_index_fast(sink->packed, i);
      return packed.blocks;
    }
  }
  return NULL;
}

/* Writes what is due, unless another thread is at it, which then writes that, too. With the lock
 * held, but for the writing itself: the importer must not wait for the disk. */
static void write_packed(UnparkSink *sink) {
  GArray *blocks;
  if (sink->writing)
    return;
  sink->writing = TRUE;
  while ((blocks = next_packed(sink))) {
    gboolean drop = sink->error != NULL;
    g_mutex_unlock(&sink->lock);
    GError *error = insert_blocks(sink, blocks, drop);
    g_mutex_lock(&sink->lock);
    if (error)
      sink->error = error;
    sink->written++;
    g_cond_broadcast(&sink->changed);
  }
  sink->writing = FALSE;
}

static void run_task(UnparkSink *sink, Task *task) {
  UnparkForge *forge = take_forge(sink);

  task->run(forge, task->data);

  Packed packed = {task->ticket, g_steal_pointer(&forge->blocks)};
  forge->blocks = g_array_new(FALSE, FALSE, sizeof(UnparkBlock));
  g_mutex_lock(&sink->lock);
  g_ptr_array_add(sink->forges, forge);
  g_array_append_val(sink->packed, packed);
  write_packed(sink);
  g_mutex_unlock(&sink->lock);
  g_free(task);
}

static gpointer work(gpointer data) {
  UnparkSink *sink = data;
  for (;;) {
    Task *task = g_async_queue_pop(sink->tasks);
    if (!task->run) {
      g_free(task);
      return NULL;
    }
    run_task(sink, task);
  }
}

static gboolean exec(UnparkSink *sink, const char *sql) {
  if (sqlite3_exec(sink->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  if (!sink->error)
    sink->error = sqlite_error(sink);
  return FALSE;
}

UnparkSink *unpark_sink_new(const char *path, guint page_size, gboolean live, GError **error) {
  UnparkSink *sink = g_new0(UnparkSink, 1);
  g_autofree char *pragmas =
      g_strdup_printf("PRAGMA page_size=%u; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                      "PRAGMA cache_size=-1024; PRAGMA application_id=%d; PRAGMA user_version=%d;"
                      "%s",
                      page_size, UNPARK_APPLICATION_ID, UNPARK_SCHEMA_VERSION,
                      live ? "PRAGMA cache_spill=OFF;" : "");

  g_mutex_init(&sink->lock);
  g_cond_init(&sink->changed);
  sink->path = g_strdup(path);
  sink->forges = g_ptr_array_new_with_free_func(forge_free);
  sink->tasks = g_async_queue_new();
  sink->packed = g_array_new(FALSE, FALSE, sizeof(Packed));
  sink->n_threads = CLAMP(g_get_num_processors(), 2, MAX_THREADS + 1) - 1;
  for (guint i = 0; i < sink->n_threads; i++)
    sink->threads[i] = g_thread_new("pack", work, sink);
  if (sqlite3_open_v2(path, &sink->db,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                      NULL) != SQLITE_OK)
    sink->error = sqlite_error(sink);
  else {
    sqlite3_busy_timeout(sink->db, 20000);
    if (exec(sink, pragmas) && exec(sink, unpark_schema_sql) && exec(sink, "BEGIN IMMEDIATE") &&
        (sqlite3_prepare_v2(sink->db, unpark_schema_insert_block, -1, &sink->insert_block, NULL) !=
             SQLITE_OK ||
         sqlite3_prepare_v2(sink->db, unpark_schema_insert_data, -1, &sink->insert_data, NULL) !=
             SQLITE_OK))
      sink->error = sqlite_error(sink);
  }
  if (!unpark_sink_check(sink, error)) {
    unpark_sink_free(sink);
    return NULL;
  }
  return sink;
}

/* With the lock held: until at most `left` jobs are not written yet. Who would wait helps: jobs
 * that nobody has begun are done here. */
static void wait_for_jobs(UnparkSink *sink, guint64 left) {
  while (sink->given - sink->written > left) {
    Task *task = g_async_queue_try_pop(sink->tasks);
    if (!task) {
      g_cond_wait(&sink->changed, &sink->lock);
      continue;
    }
    g_mutex_unlock(&sink->lock);
    run_task(sink, task);
    g_mutex_lock(&sink->lock);
  }
}

/* Waits until all jobs given are in the file. */
static void drain(UnparkSink *sink) {
  g_mutex_lock(&sink->lock);
  wait_for_jobs(sink, 0);
  g_mutex_unlock(&sink->lock);
}

void unpark_sink_free(UnparkSink *sink) {
  drain(sink);
  for (guint i = 0; i < sink->n_threads; i++)
    g_async_queue_push(sink->tasks, g_new0(Task, 1));
  for (guint i = 0; i < sink->n_threads; i++)
    g_thread_join(sink->threads[i]);
  g_async_queue_unref(sink->tasks);
  g_array_unref(sink->packed);
  g_ptr_array_unref(sink->forges);
  sqlite3_finalize(sink->insert_block);
  sqlite3_finalize(sink->insert_data);
  sqlite3_close(sink->db);
  g_clear_error(&sink->error);
  g_mutex_clear(&sink->lock);
  g_cond_clear(&sink->changed);
  g_free(sink->path);
  g_free(sink);
}

void unpark_sink_give(UnparkSink *sink, UnparkJob job, gpointer data) {
  Task *task = g_new(Task, 1);
  task->run = job;
  task->data = data;
  g_mutex_lock(&sink->lock);
  wait_for_jobs(sink, MAX_JOBS - 1);
  task->ticket = sink->given++;
  g_mutex_unlock(&sink->lock);
  g_async_queue_push(sink->tasks, task);
}

gboolean unpark_sink_check(UnparkSink *sink, GError **error) {
  g_mutex_lock(&sink->lock);
  gboolean ok = sink->error == NULL;
  if (!ok && error)
    *error = g_error_copy(sink->error);
  g_mutex_unlock(&sink->lock);
  return ok;
}

gboolean unpark_sink_exec(UnparkSink *sink, const char *sql, GError **error) {
  drain(sink);
  if (!unpark_sink_check(sink, error))
    return FALSE;
  exec(sink, sql);
  return unpark_sink_check(sink, error);
}

gboolean unpark_sink_commit(UnparkSink *sink, GError **error) {
  return unpark_sink_exec(sink, "COMMIT; BEGIN IMMEDIATE", error);
}

gboolean unpark_sink_row(UnparkSink *sink, const char *sql, const char *const *texts,
                         const gint64 *numbers, guint n, GError **error) {
  sqlite3_stmt *statement = NULL;
  drain(sink);
  if (!unpark_sink_check(sink, error))
    return FALSE;
  gboolean ok = sqlite3_prepare_v2(sink->db, sql, -1, &statement, NULL) == SQLITE_OK;
  for (guint i = 0; ok && i < n; i++) {
    int column = (int)i + 1;
    if (texts[i])
      ok = sqlite3_bind_text(statement, column, texts[i], -1, SQLITE_STATIC) == SQLITE_OK;
    else if (numbers[i] != UNPARK_NONE)
      ok = sqlite3_bind_int64(statement, column, numbers[i]) == SQLITE_OK;
  }
  ok = ok && sqlite3_step(statement) == SQLITE_DONE;
  if (!ok)
    sink->error = sqlite_error(sink);
  sqlite3_finalize(statement);
  return unpark_sink_check(sink, error);
}
