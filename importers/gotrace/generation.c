/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/generation.h"

#include <string.h>

#include "importers/gotrace/table.h"
#include "importers/gotrace/wire.h"

#define BATCHES_PER_CHUNK 512
/* Batch header: type, experiment and four numbers. */
#define MAX_HEADER (2 + 4 * 10)

GotraceGeneration *gotrace_generation_new(UnparkInput *input, UnparkWriter *writer, guint version) {
  GotraceGeneration *g = g_new0(GotraceGeneration, 1);
  g->input = input;
  g->writer = writer;
  g->version = version;
  g->threads = g_array_new(FALSE, FALSE, sizeof(GotraceThreadBatches));
  g->samples = g_array_new(FALSE, FALSE, sizeof(GotraceSample));
  g->thread_index = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  g->holds = g_ptr_array_new();
  g->chunks = g_ptr_array_new_with_free_func(g_free);
  g->strings = gotrace_table_new();
  g->stacks = gotrace_table_new();
  g->pcs = gotrace_table_new();
  g->frames = g_array_new(FALSE, FALSE, sizeof(guint64));
  g->scratch_frames = g_array_new(FALSE, FALSE, sizeof(guint32));
  return g;
}

static void release(GotraceGeneration *g) {
  for (guint i = 0; i < g->holds->len; i++)
    unpark_input_release(g->input, g->holds->pdata[i]);
  g_ptr_array_set_size(g->holds, 0);
}

void gotrace_generation_free(GotraceGeneration *g) {
  if (!g)
    return;
  release(g);
  g_ptr_array_unref(g->holds);
  g_array_unref(g->threads);
  g_array_unref(g->samples);
  g_hash_table_unref(g->thread_index);
  g_ptr_array_unref(g->chunks);
  gotrace_table_free(g->strings);
  gotrace_table_free(g->stacks);
  gotrace_table_free(g->pcs);
  g_array_unref(g->frames);
  g_array_unref(g->scratch_frames);
  g_free(g);
}

void gotrace_generation_reset(GotraceGeneration *g) {
  g->number = 0;
  g->clock.tick_ns = 0;
  g->clock.min_ticks = 0;
  g->clock.has_snapshot = FALSE;
  memset(g->known_stacks, 0, sizeof g->known_stacks);
  g->chunk = g->chunk_used = 0;
  g->bytes = g->n_batches = 0;
  release(g);
  g_array_set_size(g->threads, 0);
  g_array_set_size(g->samples, 0);
  g_array_set_size(g->frames, 0);
  g_hash_table_remove_all(g->thread_index);
  gotrace_table_reset(g->strings);
  gotrace_table_reset(g->stacks);
  gotrace_table_reset(g->pcs);
}

/* ---- batches ------------------------------------------------------------------ */

GotraceBatchResult gotrace_peek_batch(UnparkInput *input, GotraceRawBatch *raw, GError **error) {
  gsize have;
  guint64 numbers[4];
  const guint8 *start = unpark_input_window(input, MAX_HEADER + GOTRACE_MAX_BATCH, &have, error);
  if (!start)
    return GOTRACE_BATCH_ERROR;
  *raw = (GotraceRawBatch){.offset = unpark_input_offset(input)};
  if (have == 0)
    return GOTRACE_BATCH_END;
  const guint8 *p = start, *end = start + have;
  guint8 type = *p++;
  if (type == EV_END_OF_GENERATION) {
    raw->end_of_generation = TRUE;
    raw->length = 1;
    return GOTRACE_BATCH_OK;
  }
  if (type != EV_EVENT_BATCH && type != EV_EXPERIMENTAL_BATCH)
    return GOTRACE_BATCH_DAMAGED;
  if (type == EV_EXPERIMENTAL_BATCH) {
    if (p == end)
      return GOTRACE_BATCH_CUT;
    raw->experiment = *p++;
  }
  for (guint i = 0; i < 4; i++)
    if (!gotrace_varint(&p, end, &numbers[i]))
      return (gsize)(end - start) < MAX_HEADER ? GOTRACE_BATCH_CUT : GOTRACE_BATCH_DAMAGED;
  if (numbers[3] > GOTRACE_MAX_BATCH || numbers[0] == 0)
    return GOTRACE_BATCH_DAMAGED;
  raw->generation = numbers[0];
  raw->thread = numbers[1];
  raw->time = numbers[2];
  raw->data = p;
  raw->size = (guint)MIN(numbers[3], (guint64)(end - p));
  raw->length = (gsize)(p - start) + raw->size;
  return raw->size < numbers[3] ? GOTRACE_BATCH_CUT : GOTRACE_BATCH_OK;
}

static GotraceBatch *new_batch(GotraceGeneration *g) {
  if (g->chunk == 0 || g->chunk_used == BATCHES_PER_CHUNK) {
    if (g->chunk == g->chunks->len)
      g_ptr_array_add(g->chunks, g_new(GotraceBatch, BATCHES_PER_CHUNK));
    g->chunk++;
    g->chunk_used = 0;
  }
  return (GotraceBatch *)g->chunks->pdata[g->chunk - 1] + g->chunk_used++;
}

/* The bytes of the input's window stay as long as this generation. */
static void hold(GotraceGeneration *g) {
  UnparkInputBlock *block = unpark_input_hold(g->input);
  if (g->holds->len > 0 && g->holds->pdata[g->holds->len - 1] == block)
    unpark_input_release(g->input, block);
  else
    g_ptr_array_add(g->holds, block);
}

static void add_events(GotraceGeneration *g, const GotraceRawBatch *raw, const guint8 *data) {
  GotraceBatch *batch = new_batch(g);
  *batch = (GotraceBatch){.time = raw->time,
                          .data = data,
                          .size = raw->size,
                          .offset = raw->offset + raw->length - raw->size};
  gpointer known = g_hash_table_lookup(g->thread_index, &raw->thread);
  if (!known) {
    GotraceThreadBatches thread = {raw->thread, batch, batch};
    g_array_append_val(g->threads, thread);
    g_hash_table_insert(g->thread_index, g_memdup2(&raw->thread, sizeof raw->thread),
                        GUINT_TO_POINTER(g->threads->len));
    return;
  }
  GotraceThreadBatches *thread =
      &g_array_index(g->threads, GotraceThreadBatches, GPOINTER_TO_UINT(known) - 1);
  thread->last->next = batch;
  thread->last = batch;
}

/* ---- tables --------------------------------------------------------------------- */

/* A table batch that cannot be read further loses its rest only. */
static void note_table(GotraceGeneration *g, const GotraceRawBatch *raw, const char *what,
                       const guint8 *at, const guint8 *end) {
  unpark_writer_note(g->writer, UNPARK_NOTE_WARNING, "damaged-table", 1,
                     "A batch of %s at offset %" G_GUINT64_FORMAT
                     " is damaged; bytes left out at its end: %d.",
                     what, raw->offset, (int)(end - at));
}

static void add_strings(GotraceGeneration *g, const GotraceRawBatch *raw, const guint8 *data) {
  const guint8 *p = data + 1, *end = data + raw->size;
  while (p < end) {
    const guint8 *at = p;
    guint64 id, len;
    if (*p++ != EV_STRING || !gotrace_varint(&p, end, &id) || !gotrace_varint(&p, end, &len) ||
        len > GOTRACE_MAX_STRING || len > (guint64)(end - p)) {
      note_table(g, raw, "strings", at, end);
      return;
    }
    GotraceEntry *entry = gotrace_table_add(g->strings, id);
    if (entry->used)
      unpark_writer_note(g->writer, UNPARK_NOTE_WARNING, "duplicate-id", 1,
                         "String %" G_GUINT64_FORMAT " is there twice; the first was kept.", id);
    else
      *entry = (GotraceEntry){.id = id, .data = p, .a = (guint32)len, .used = TRUE};
    p += len;
  }
}

/* Function and file ids of frames fit 32 bits in every sane file; others become 0. */
static guint32 small_id(guint64 v) {
  return v < G_MAXUINT32 ? (guint32)v : 0;
}

static gboolean read_stack(GotraceGeneration *g, const guint8 **p, const guint8 *end) {
  guint64 id, n, frame[4];
  if (*(*p)++ != EV_STACK || !gotrace_varint(p, end, &id) || !gotrace_varint(p, end, &n) ||
      n > GOTRACE_MAX_FRAMES)
    return FALSE;
  guint first = g->frames->len;
  for (guint64 i = 0; i < n; i++) {
    for (guint k = 0; k < 4; k++)
      if (!gotrace_varint(p, end, &frame[k])) {
        g_array_set_size(g->frames, first);
        return FALSE;
      }
    g_array_append_val(g->frames, frame[0]);
    /* As the reference does: what a pc is, its first frame says. */
    GotraceEntry *pc = gotrace_table_add(g->pcs, frame[0]);
    if (!pc->used)
      *pc = (GotraceEntry){.id = frame[0],
                           .a = small_id(frame[1]),
                           .b = small_id(frame[2]),
                           .c = small_id(frame[3]),
                           .used = TRUE};
  }
  GotraceEntry *entry = gotrace_table_add(g->stacks, id);
  if (!entry->used)
    *entry = (GotraceEntry){.id = id, .a = first, .b = (guint32)n, .used = TRUE};
  return TRUE;
}

static void add_stacks(GotraceGeneration *g, const GotraceRawBatch *raw, const guint8 *data) {
  const guint8 *p = data + 1, *end = data + raw->size;
  while (p < end) {
    const guint8 *at = p;
    if (!read_stack(g, &p, end)) {
      note_table(g, raw, "stacks", at, end);
      return;
    }
  }
}

static void add_samples(GotraceGeneration *g, const GotraceRawBatch *raw, const guint8 *data) {
  const guint8 *p = data + 1, *end = data + raw->size;
  while (p < end) {
    const guint8 *at = p;
    guint64 v[5];
    gboolean ok = *p++ == EV_CPU_SAMPLE;
    for (guint i = 0; ok && i < 5; i++)
      ok = gotrace_varint(&p, end, &v[i]);
    if (!ok) {
      note_table(g, raw, "CPU samples", at, end);
      return;
    }
    GotraceSample sample = {.ticks = v[0],
                            .thread = (gint64)v[1],
                            .proc = (gint64)v[2],
                            .goroutine = v[3] ? (gint64)v[3] : -1,
                            .stack = v[4]};
    g_array_append_val(g->samples, sample);
  }
}

static gboolean read_sync_event(GotraceGeneration *g, const GotraceRawBatch *raw, const guint8 **p,
                                const guint8 *end) {
  guint64 v[4];
  guint8 type = *(*p)++;
  guint n = type == EV_FREQUENCY ? 1 : type == EV_CLOCK_SNAPSHOT && g->version >= 25 ? 4 : 0;
  for (guint i = 0; i < n; i++)
    if (!gotrace_varint(p, end, &v[i]))
      return FALSE;
  if (n == 0 || (type == EV_FREQUENCY && v[0] == 0))
    return FALSE;
  if (type == EV_FREQUENCY) {
    if (g->clock.tick_ns == 0)
      g->clock.tick_ns = 1.0 / ((double)v[0] / 1e9);
  } else if (!g->clock.has_snapshot) {
    g->clock.has_snapshot = TRUE;
    g->clock.snapshot_ticks = raw->time + v[0];
    g->clock.snapshot_mono_ns = v[1] <= G_MAXINT64 ? (gint64)v[1] : UNPARK_NONE;
    g->clock.snapshot_wall_ns =
        v[2] < 9000000000u && v[3] < 1000000000u ? (gint64)(v[2] * 1000000000 + v[3]) : UNPARK_NONE;
  }
  return TRUE;
}

static void add_sync(GotraceGeneration *g, const GotraceRawBatch *raw, const guint8 *data) {
  const guint8 *p = data + (g->version >= 25 ? 1 : 0), *end = data + raw->size;
  while (p < end) {
    const guint8 *at = p;
    if (!read_sync_event(g, raw, &p, end)) {
      note_table(g, raw, "clock data", at, end);
      return;
    }
  }
}

void gotrace_generation_add(GotraceGeneration *g, const GotraceRawBatch *raw) {
  if (g->number == 0)
    g->number = raw->generation;
  if (g->clock.min_ticks == 0 || raw->time < g->clock.min_ticks)
    g->clock.min_ticks = raw->time;
  if (raw->experiment != 0) {
    g->experimental_batches++;
    return;
  }
  hold(g);
  g->bytes += raw->size + sizeof(GotraceBatch);
  g->n_batches++;
  const guint8 *data = raw->data;
  guint8 type = raw->size > 0 ? data[0] : EV_NONE;
  if (type == EV_STRINGS)
    add_strings(g, raw, data);
  else if (type == EV_STACKS)
    add_stacks(g, raw, data);
  else if (type == EV_CPU_SAMPLES)
    add_samples(g, raw, data);
  else if (type == (g->version >= 25 ? EV_SYNC : EV_FREQUENCY))
    add_sync(g, raw, data);
  else
    add_events(g, raw, data);
}

static gint by_time(gconstpointer a, gconstpointer b) {
  const GotraceSample *x = a, *y = b;
  return x->time < y->time ? -1 : x->time > y->time;
}

void gotrace_generation_close(GotraceGeneration *g) {
  if (g->clock.tick_ns == 0) {
    /* What the runtime uses on common machines; durations keep their proportions. */
    gboolean known = g->clock.tick_ns_before > 0;
    g->clock.tick_ns = known ? g->clock.tick_ns_before : 64;
    unpark_writer_note(g->writer, known ? UNPARK_NOTE_INFO : UNPARK_NOTE_WARNING, "no-frequency", 1,
                       "Generation %" G_GUINT64_FORMAT
                       " does not tell its clock's frequency; %g MHz was assumed%s.",
                       g->number, 1000 / g->clock.tick_ns, known ? ", as in the one before" : "");
  }
  g->clock.tick_ns_before = g->clock.tick_ns;
  gboolean whole = g->clock.tick_ns >= 1 && g->clock.tick_ns < 65536 &&
                   g->clock.tick_ns == (guint32)g->clock.tick_ns;
  g->clock.whole_tick = whole ? (guint32)g->clock.tick_ns : 0;
  for (guint i = 0; i < g->samples->len; i++) {
    GotraceSample *sample = &g_array_index(g->samples, GotraceSample, i);
    sample->time = gotrace_ns(g->clock.tick_ns, sample->ticks);
  }
  g_array_sort(g->samples, by_time);
}

/* ---- ids --------------------------------------------------------------------------- */

gboolean gotrace_string_text(GotraceGeneration *g, guint64 id, const char **text, guint *len) {
  GotraceEntry *entry = id ? gotrace_table_get(g->strings, id) : NULL;
  if (!entry)
    return FALSE;
  *text = (const char *)entry->data;
  *len = entry->a;
  return TRUE;
}

guint32 gotrace_string(GotraceGeneration *g, guint64 id) {
  if (id == 0)
    return 0;
  GotraceEntry *entry = gotrace_table_get(g->strings, id);
  if (!entry) {
    unpark_writer_note(g->writer, UNPARK_NOTE_WARNING, "unknown-string", 1,
                       "String %" G_GUINT64_FORMAT " of generation %" G_GUINT64_FORMAT
                       " is not in the file; it is shown as empty.",
                       id, g->number);
    return 0;
  }
  if (!entry->c)
    entry->c = unpark_writer_string(g->writer, (const char *)entry->data, entry->a) + 1;
  return entry->c - 1;
}

static guint32 intern_stack(GotraceGeneration *g, const GotraceEntry *entry) {
  g_array_set_size(g->scratch_frames, 0);
  for (guint i = 0; i < entry->b; i++) {
    guint64 pc = g_array_index(g->frames, guint64, entry->a + i);
    GotraceEntry *frame = gotrace_table_get(g->pcs, pc);
    if (!frame->frame) {
      guint32 function = gotrace_string(g, frame->a), file = gotrace_string(g, frame->b);
      frame->frame = unpark_writer_frame(g->writer, function, file, frame->c, FALSE);
    }
    g_array_append_val(g->scratch_frames, frame->frame);
  }
  return unpark_writer_stack(g->writer, (const guint32 *)g->scratch_frames->data,
                             g->scratch_frames->len);
}

guint32 gotrace_stack_slowly(GotraceGeneration *g, guint64 id) {
  guint slot = id % GOTRACE_KNOWN_STACKS;
  if (id == 0)
    return 0;
  GotraceEntry *entry = gotrace_table_get(g->stacks, id);
  if (!entry) {
    unpark_writer_note(g->writer, UNPARK_NOTE_WARNING, "unknown-stack", 1,
                       "Stack %" G_GUINT64_FORMAT " of generation %" G_GUINT64_FORMAT
                       " is not in the file; it is shown as unknown.",
                       id, g->number);
    unpark_writer_lost_stacks(g->writer);
    return 0;
  }
  if (!entry->c)
    entry->c = intern_stack(g, entry) + 1;
  g->known_stacks[slot].id = id;
  g->known_stacks[slot].stack = entry->c - 1;
  return entry->c - 1;
}
