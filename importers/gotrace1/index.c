/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/index.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/gotrace1/heads.h"
#include "importers/gotrace1/resync.h"
#include "model/base/format.h"

/* Limits that no real trace comes near: a batch is a buffer of 64 KiB, a processor a core,
 * a sample 10 ms of one core. */
#define BATCHES_MAX 1000000u
#define PROCS_MAX 4096u
#define SAMPLES_MAX 4000000u
#define EXITS_MAX 16000000u
#define TICKS_PER_SECOND_MAX G_GUINT64_CONSTANT(1000000000000)
/* Between looks at the cancellable; bytes are given back as often. */
#define PIECE ((gsize)4 * 1024 * 1024)

typedef struct {
  UnparkV1Index *index;
  UnparkWriter *writer;
  const guint8 *start, *p, *end;
  UnparkV1Map proc_of_pid;
  UnparkV1Batch batch; /* the open one */
  gint64 ticks;
  gint64 first_head_ticks;
  gint64 last_ticks; /* latest event */
  guint64 n_timed;   /* ordered events in the open batch */
  gint64 batch_pid;
  gsize batch_at;    /* its head */
  gboolean in_batch; /* FALSE: before the first head, or behind a fault */
} Scan;

static gsize offset_of(const Scan *scan, const guint8 *p) {
  return (gsize)(p - scan->start);
}

/* G_MAXUINT32: too many. */
static guint32 find_proc(Scan *scan, gint32 pid) {
  GArray *procs = scan->index->procs;
  UnparkV1ProcBatches proc = {.pid = pid};
  guint32 at;

  if (unpark_v1_map_get(&scan->proc_of_pid, (guint64)pid, &at))
    return at;
  if (procs->len >= PROCS_MAX)
    return G_MAXUINT32;
  at = procs->len;
  g_array_append_val(procs, proc);
  unpark_v1_map_set(&scan->proc_of_pid, (guint64)pid, at);
  return at;
}

static void close_batch(Scan *scan, const guint8 *to, gboolean broken) {
  UnparkV1Index *index = scan->index;

  if (scan->in_batch && scan->n_timed > 0) {
    scan->batch.to = offset_of(scan, to);
    scan->batch.broken = broken;
    scan->batch.end_ticks = scan->ticks;
    scan->batch.proc = find_proc(scan, (gint32)scan->batch_pid);
    if (scan->batch.proc == G_MAXUINT32 || index->batches->len >= BATCHES_MAX) {
      index->dropped += scan->n_timed;
    } else {
      g_array_append_val(index->batches, scan->batch);
      g_array_index(index->procs, UnparkV1ProcBatches, scan->batch.proc).n_batches++;
    }
  }
  scan->in_batch = FALSE;
  scan->n_timed = 0;
}

static gboolean open_batch(Scan *scan, const UnparkV1Record *head, const guint8 *at) {
  guint64 pid = head->values[0], ticks = head->values[1];

  if ((pid != G_MAXUINT64 && pid > G_MAXINT32) || ticks > G_MAXINT64 / 2)
    return FALSE;
  close_batch(scan, at, FALSE);
  scan->in_batch = TRUE;
  scan->batch_pid = pid == G_MAXUINT64 ? UNPARK_V1_NO_PROC : (gint64)pid;
  scan->batch_at = offset_of(scan, at);
  scan->batch = (UnparkV1Batch){.from = offset_of(scan, scan->p), .ticks = (gint64)ticks};
  scan->ticks = (gint64)ticks;
  if (scan->first_head_ticks == 0)
    scan->first_head_ticks = (gint64)ticks;
  scan->index->last_head_ticks = MAX(scan->index->last_head_ticks, (gint64)ticks);
  return TRUE;
}

static void add_sample(UnparkV1Index *index, const UnparkV1Record *record) {
  const guint64 *values = record->values;
  UnparkV1Sample sample = {.ticks = (gint64)MIN(values[1], G_MAXINT64 / 2),
                           .pid = (gint32)values[2],
                           .g = values[3],
                           .stack = (guint32)values[4]};

  if (index->samples->len >= SAMPLES_MAX)
    index->dropped++;
  else
    g_array_append_val(index->samples, sample);
}

/* An ordinary event. FALSE: its time cannot be. */
static gboolean add_timed(Scan *scan, const UnparkV1Record *record) {
  UnparkV1Index *index = scan->index;

  if (record->values[0] > (guint64)(G_MAXINT64 / 2 - scan->ticks))
    return FALSE;
  scan->ticks += (gint64)record->values[0];
  scan->last_ticks = MAX(scan->last_ticks, scan->ticks);
  scan->n_timed++;
  if (record->type == UNPARK_V1_GO_SYS_EXIT && record->values[3] != 0 &&
      record->values[3] < (guint64)scan->ticks && index->exits->len < EXITS_MAX) {
    UnparkV1Exit exit = {
        .real = (gint64)record->values[3], .written = scan->ticks, .g = record->values[1]};
    g_array_append_val(index->exits, exit);
  }
  return TRUE;
}

/* FALSE: the record is well-formed, but cannot stand there. */
static gboolean take(Scan *scan, const UnparkV1Record *record, const guint8 *at) {
  UnparkV1Index *index = scan->index;

  switch (record->type) {
  case UNPARK_V1_BATCH:
    return open_batch(scan, record, at);
  case UNPARK_V1_FREQUENCY:
    if (record->values[0] == 0 || record->values[0] > TICKS_PER_SECOND_MAX)
      return FALSE;
    index->ticks_per_second = record->values[0];
    return TRUE;
  case UNPARK_V1_STRING:
    unpark_v1_tables_add_string(index->tables, record);
    return TRUE;
  case UNPARK_V1_STACK:
    unpark_v1_tables_add_stack(index->tables, record);
    return TRUE;
  case UNPARK_V1_TIMER_GOROUTINE: /* until Go 1.13; says nothing about states */
    return TRUE;
  case UNPARK_V1_CPU_SAMPLE:
    index->n_records++;
    add_sample(index, record);
    return TRUE;
  default:
    index->n_records++;
    return scan->in_batch && add_timed(scan, record);
  }
}

/* Where another trace begins: a file that was opened to append to. Looked for before anything is
 * read, as the last record of a trace that was cut off may reach into it. NULL: nowhere. */
static const guint8 *find_second_trace(const UnparkV1Spool *spool, const guint8 *from) {
  static const char mark[] = " trace\0\0";
  const gsize mark_at = strlen("go 1.21");
  const guint8 *end = spool->data + spool->size, *p = from;

  while ((gsize)(end - p) > UNPARK_V1_HEADER_SIZE) {
    gsize size = MIN((gsize)(end - p), PIECE + UNPARK_V1_HEADER_SIZE);
    const guint8 *found = memmem(p, size, mark, sizeof mark);
    if (found && (gsize)(found - from) >= mark_at &&
        unpark_v1_header_version(found - mark_at, (gsize)(end - found) + mark_at) >= 5)
      return found - mark_at;
    unpark_v1_spool_forget(spool, (gsize)(p - spool->data), (gsize)(p - spool->data) + size);
    p = found ? found + 1 : p + size - UNPARK_V1_HEADER_SIZE;
  }
  return NULL;
}

static void note_second_trace(Scan *scan, const guint8 *file_end) {
  char at[UNPARK_FORMAT_SIZE];

  scan->index->lost_bytes += (guint64)(file_end - scan->end);
  unpark_writer_note(
      scan->writer, UNPARK_NOTE_WARNING, "second-trace", 1,
      _("A second trace begins at offset %s; only the first is shown. To see the other "
        "one, save what follows the first %s bytes as a file of its own."),
      unpark_format_number(offset_of(scan, scan->end), at), at);
}

/* `at`: the record that cannot be. Goes on behind the fault. */
static void skip_fault(Scan *scan, const guint8 *at, UnparkV1Status status) {
  UnparkV1Index *index = scan->index;
  UnparkV1Resync resync = {.end = scan->end,
                           .version = index->version,
                           .first_ticks = scan->first_head_ticks,
                           .last_ticks = MAX(scan->last_ticks, index->last_head_ticks),
                           .in_batch = scan->in_batch};
  const guint8 *found = at + 1;
  UnparkV1Found what = unpark_v1_resync(&resync, &found);
  guint64 lost = (guint64)(found - at);
  char size[UNPARK_FORMAT_SIZE], begin[UNPARK_FORMAT_SIZE], batch[UNPARK_FORMAT_SIZE];
  char end[UNPARK_FORMAT_SIZE];

  unpark_format_number(lost, size);
  unpark_format_number(offset_of(scan, at), begin);
  index->lost_bytes += lost;
  if (what == UNPARK_V1_FOUND_NOTHING && status == UNPARK_V1_CUT) {
    index->cut = TRUE;
    unpark_writer_note(
        scan->writer, UNPARK_NOTE_WARNING, "cut-off", 1,
        _("The file ends inside a record: its last %s bytes, from byte %s, could not be read"),
        size, begin);
  } else {
    index->n_faults++;
    unpark_writer_note(scan->writer, UNPARK_NOTE_WARNING, "damaged-batch", 1,
                       _("The batch that begins at byte %s is invalid from byte %s on (%s); %s "
                         "bytes up to byte %s were skipped"),
                       unpark_format_number(scan->batch_at, batch), begin,
                       unpark_v1_type_name(*at & 0x3f), size,
                       unpark_format_number(offset_of(scan, found), end));
  }
  close_batch(scan, at, TRUE);
  scan->p = found;
  if (what == UNPARK_V1_FOUND_EVENTS) { /* some time later, which is not known */
    scan->batch = (UnparkV1Batch){.from = offset_of(scan, found), .ticks = scan->ticks};
    scan->in_batch = TRUE;
  }
}

static gboolean scan_all(Scan *scan, GCancellable *cancellable, GError **error) {
  const guint8 *piece = scan->p;
  UnparkV1Record record;

  while (scan->p < scan->end) {
    const guint8 *at = scan->p;
    UnparkV1Status status = unpark_v1_decode(&scan->p, scan->end, scan->index->version, &record);
    if (status == UNPARK_V1_OK && !take(scan, &record, at))
      status = UNPARK_V1_BROKEN;
    if (G_UNLIKELY(status != UNPARK_V1_OK))
      skip_fault(scan, at, status);
    if (G_UNLIKELY((gsize)(scan->p - piece) > PIECE)) {
      if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
          !unpark_writer_check(scan->writer, error))
        return FALSE;
      unpark_v1_spool_forget(scan->index->spool, offset_of(scan, piece), offset_of(scan, scan->p));
      piece = scan->p;
    }
  }
  close_batch(scan, scan->end, FALSE);
  return TRUE;
}

static gint by_ticks(gconstpointer a, gconstpointer b) {
  const UnparkV1Sample *x = a, *y = b;
  return x->ticks < y->ticks ? -1 : x->ticks > y->ticks;
}

static gint by_real(gconstpointer a, gconstpointer b) {
  const UnparkV1Exit *x = a, *y = b;
  if (x->real != y->real)
    return x->real < y->real ? -1 : 1;
  return x->written < y->written ? -1 : x->written > y->written;
}

/* Batches in the file's order to batches by processor. */
static void group_batches(UnparkV1Index *index) {
  GArray *grouped = g_array_sized_new(FALSE, FALSE, sizeof(UnparkV1Batch), index->batches->len);
  guint32 first = 0;

  g_array_set_size(grouped, index->batches->len);
  for (guint i = 0; i < index->procs->len; i++) {
    UnparkV1ProcBatches *proc = &g_array_index(index->procs, UnparkV1ProcBatches, i);
    proc->first = first;
    first += proc->n_batches;
    proc->n_batches = 0;
  }
  for (guint i = 0; i < index->batches->len; i++) {
    const UnparkV1Batch *batch = &g_array_index(index->batches, UnparkV1Batch, i);
    UnparkV1ProcBatches *proc = &g_array_index(index->procs, UnparkV1ProcBatches, batch->proc);
    g_array_index(grouped, UnparkV1Batch, proc->first + proc->n_batches++) = *batch;
  }
  g_array_unref(index->batches);
  index->batches = grouped;
}

static void note_totals(UnparkV1Index *index, UnparkWriter *writer) {
  if (index->lost_bytes > 0)
    unpark_writer_note(writer, UNPARK_NOTE_WARNING, "lost-bytes", index->lost_bytes,
                       _("Bytes of the file that could not be read as events"));
  if (index->tables->bad_strings > 0)
    unpark_writer_note(writer, UNPARK_NOTE_WARNING, "bad-string", index->tables->bad_strings,
                       _("Strings with an impossible or repeated number were left out"));
  if (index->tables->bad_stacks > 0)
    unpark_writer_note(writer, UNPARK_NOTE_WARNING, "bad-stack", index->tables->bad_stacks,
                       _("Inconsistent stacks were left out; frames whose function is not in the "
                         "file have no name"));
  if (index->dropped > 0)
    unpark_writer_note(writer, UNPARK_NOTE_ERROR, "too-much", index->dropped,
                       _("The file has more processors, batches or CPU samples than can be read; "
                         "the rest of them were left out"));
}

gboolean unpark_v1_index_build(UnparkV1Index *index, const UnparkV1Spool *spool,
                               UnparkV1Tables *tables, guint version, GCancellable *cancellable,
                               GError **error) {
  Scan scan = {.index = index,
               .writer = tables->writer,
               .start = spool->data,
               .p = spool->data + MIN(spool->size, UNPARK_V1_HEADER_SIZE),
               .end = spool->data + spool->size};
  const guint8 *second = find_second_trace(spool, scan.p);
  gboolean ok;

  if (second)
    scan.end = second;
  *index = (UnparkV1Index){.spool = spool, .tables = tables, .version = version};
  index->batches = g_array_new(FALSE, FALSE, sizeof(UnparkV1Batch));
  index->procs = g_array_new(FALSE, FALSE, sizeof(UnparkV1ProcBatches));
  index->samples = g_array_new(FALSE, FALSE, sizeof(UnparkV1Sample));
  index->exits = g_array_new(FALSE, FALSE, sizeof(UnparkV1Exit));
  ok = scan_all(&scan, cancellable, error);
  unpark_v1_map_clear(&scan.proc_of_pid);
  if (!ok)
    return FALSE;
  if (second)
    note_second_trace(&scan, spool->data + spool->size);
  group_batches(index);
  unpark_v1_heads_repair(index);
  g_array_sort(index->samples, by_ticks);
  g_array_sort(index->exits, by_real);
  note_totals(index, tables->writer);
  return TRUE;
}

void unpark_v1_index_clear(UnparkV1Index *index) {
  g_clear_pointer(&index->batches, g_array_unref);
  g_clear_pointer(&index->procs, g_array_unref);
  g_clear_pointer(&index->samples, g_array_unref);
  g_clear_pointer(&index->exits, g_array_unref);
}
