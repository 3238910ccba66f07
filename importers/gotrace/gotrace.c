/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/gotrace.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/gotrace/order.h"
#include "importers/gotrace/wire.h"
#include "model/base/error.h"

/* Batches of one generation beyond this: the file is no trace that a runtime wrote. */
#define MAX_GENERATION_BYTES ((guint64)2 << 30)
/* The same for batches of a few bytes: what is kept of each takes more than they do. A runtime's
 * are as large as they can be, up to 64 KiB, but for the last of each thread. */
#define MAX_TINY_BATCHES (1u << 20)
#define TINY_BATCH (128 + sizeof(GotraceBatch))
/* Of a header, the bytes before " trace". */
#define MARK_AT 7

typedef struct {
  UnparkInput *input;
  UnparkWriter *writer;
  GotraceGeneration *generation;
  GotraceOrder *order;
  guint version;
  gboolean damaged;
  gboolean ended;              /* another trace begins */
  gboolean generation_damaged; /* parts of the one being read are missing */
  guint64 generations;
  guint64 experimental;
} Import;

/* The N of "go 1.N trace\0\0\0"; 0 if it is no such header. */
static guint header_version(const guint8 *head, gsize size) {
  guint n = 0;
  if (size < GOTRACE_HEADER_SIZE || memcmp(head, "go 1.", 5) != 0 ||
      memcmp(head + 7, " trace\0\0\0", 9) != 0 || !g_ascii_isdigit(head[5]) ||
      !g_ascii_isdigit(head[6]))
    return 0;
  n = (guint)(head[5] - '0') * 10 + (guint)(head[6] - '0');
  return n;
}

static gboolean sniff(const guint8 *head, gsize size) {
  return header_version(head, size) >= 22;
}

static gboolean is_known(guint version) {
  return version == 22 || version == 23 || version == 25 || version == 26;
}

/* Whether a trace begins here, of this format or of the one before it: a file that was opened to
 * append to, or traces that were written one after another. */
static gboolean begins_trace(const guint8 *p, const guint8 *end) {
  gsize size = (gsize)(end - p);
  return size >= GOTRACE_HEADER_SIZE &&
         (header_version(p, size) >= 5 ||
          (memcmp(p, "go 1.", 5) == 0 && memcmp(p + 6, " trace\0\0\0\0", 10) == 0));
}

/* The trace that is read has ended, and its times say nothing of the one that begins here. */
static void note_second_trace(Import *im) {
  im->damaged = im->ended = TRUE;
  unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "second-trace", 1,
                     "A second trace begins at offset %" G_GUINT64_FORMAT
                     "; only the first is shown. To see the other one, save what follows the "
                     "first %" G_GUINT64_FORMAT " bytes as a file of its own.",
                     unpark_input_offset(im->input), unpark_input_offset(im->input));
}

/* Whether " trace\0\0\0" may be in [p, end): wherever it lies, four bytes of it that stand side by
 * side in the file's words are "race", "ace\0", "ce\0\0" or "e\0\0\0". Without a branch in the
 * loop, so that the compiler compares many words at once. */
static gboolean may_have_mark(const guint8 *p, const guint8 *end) {
  static const char words[4][4] = {"race", {'a', 'c', 'e', 0}, {'c', 'e', 0, 0}, {'e', 0, 0, 0}};
  guint32 w[4], word, found = 0;
  memcpy(w, words, sizeof w);
  for (; end - p >= 4; p += 4) {
    memcpy(&word, p, 4);
    found |=
        (guint32) - (gint32)((word == w[0]) | (word == w[1]) | (word == w[2]) | (word == w[3]));
  }
  return found != 0;
}

/* The first " trace\0\0" of [p, end), or NULL. */
static const guint8 *find_mark(const guint8 *p, const guint8 *end) {
  static const char mark[] = " trace\0\0";
  if (!may_have_mark(p, end))
    return NULL;
  p++;
  while (end - p >= (gssize)sizeof mark - 1 &&
         (p = memchr(p, mark[1], (gsize)(end - p) - (sizeof mark - 2)))) {
    if (memcmp(p - 1, mark, sizeof mark) == 0)
      return p - 1;
    p++;
  }
  return NULL;
}

/* What was appended to a file that had been cut off begins within its last batch, which claims more
 * bytes than there were: the batch ends there. Looked for in all of them: whether the next one is
 * where it should be depends on the second trace's bytes. */
static gboolean cut_at_second_trace(GotraceRawBatch *raw) {
  const guint8 *end = raw->data + raw->size, *start = end - raw->length;
  const guint8 *p = raw->length < GOTRACE_HEADER_SIZE ? NULL : find_mark(start, end);
  if (!p || p - start < MARK_AT || !begins_trace(p - MARK_AT, end))
    return FALSE;
  raw->length = (gsize)(p - MARK_AT - start);
  raw->size = p - MARK_AT > raw->data ? (guint)(p - MARK_AT - raw->data) : 0;
  return TRUE;
}

/* Does a batch that could belong here begin at `p`? For finding the way after a fault. */
static gboolean plausible(const guint8 *p, const guint8 *end, guint64 generation) {
  guint64 v[4];
  if (p == end)
    return TRUE;
  if (*p == EV_END_OF_GENERATION)
    return TRUE;
  if (*p != EV_EVENT_BATCH && *p != EV_EXPERIMENTAL_BATCH)
    return FALSE;
  p += *p == EV_EXPERIMENTAL_BATCH ? 2 : 1;
  for (guint i = 0; i < 4; i++)
    if (p >= end || !gotrace_varint(&p, end, &v[i]))
      return FALSE;
  return v[3] <= GOTRACE_MAX_BATCH && v[0] != 0 &&
         (generation == 0 || v[0] == generation || v[0] == generation + 1);
}

/* Skips to the next place where two batches follow each other, or another trace begins. FALSE on
 * I/O errors. */
static gboolean resync(Import *im, guint64 generation, GError **error) {
  guint64 from = unpark_input_offset(im->input);
  gsize size;
  const guint8 *here = unpark_input_window(im->input, GOTRACE_HEADER_SIZE, &size, error);
  if (!here)
    return FALSE;
  if (begins_trace(here, here + size)) {
    note_second_trace(im);
    return TRUE;
  }
  im->damaged = im->generation_damaged = TRUE;
  unpark_input_consume(im->input, 1);
  for (;;) {
    gsize have;
    const guint8 *start = unpark_input_window(im->input, 4 * GOTRACE_MAX_BATCH, &have, error);
    if (!start)
      return FALSE;
    if (have == 0)
      break;
    gsize skip = 0, usable = have > 2 * GOTRACE_MAX_BATCH ? have - 2 * GOTRACE_MAX_BATCH : have;
    for (; skip < usable; skip++) {
      const guint8 *p = start + skip, *q = p, *end = start + have;
      guint64 v[4];
      if (*p == 'g' && begins_trace(p, end))
        break;
      if (*p != EV_EVENT_BATCH || !plausible(p, end, generation))
        continue;
      q++;
      for (guint i = 0; i < 4; i++)
        gotrace_varint(&q, end, &v[i]);
      if (v[3] <= (guint64)(end - q) && plausible(q + v[3], end, generation))
        break;
    }
    unpark_input_consume(im->input, skip);
    if (skip < usable)
      break;
  }
  unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "damaged-file",
                     unpark_input_offset(im->input) - from,
                     "At offset %" G_GUINT64_FORMAT
                     " there is no batch of events where one should be; bytes were skipped "
                     "(counted here) up to the next.",
                     from);
  return TRUE;
}

static gboolean finish_generation(Import *im, GCancellable *cancellable, GError **error) {
  GotraceGeneration *g = im->generation;
  if (g->number == 0)
    return TRUE;
  gotrace_generation_close(g);
  im->generations++;
  im->experimental += g->experimental_batches;
  g->experimental_batches = 0;
  /* A program that dies leaves the head of a generation without events: no time passes in it. */
  gboolean head_only = im->generation_damaged && g->threads->len == 0 && g->samples->len == 0;
  gboolean ok =
      head_only || gotrace_order_run(im->order, g, im->generation_damaged, cancellable, error);
  im->generation_damaged = FALSE;
  gotrace_generation_reset(g);
  return ok;
}

static void note_cut(Import *im, const GotraceRawBatch *raw) {
  im->damaged = im->generation_damaged = TRUE;
  unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "truncated", 1,
                     "The file ends in the middle of a batch of events that begins at offset "
                     "%" G_GUINT64_FORMAT ", of which %u bytes are there; they and what came "
                     "before are shown.",
                     raw->offset, raw->size);
}

/* A batch of another generation than the one being read. TRUE if it begins a new one. */
static gboolean begins_generation(Import *im, const GotraceRawBatch *raw) {
  guint64 current = im->generation->number;
  if (current == 0 || raw->generation == current)
    return FALSE;
  if (raw->generation != current + 1 || im->version >= 26) {
    im->damaged = im->generation_damaged = TRUE;
    unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "generation-order", 1,
                       "At offset %" G_GUINT64_FORMAT " generation %" G_GUINT64_FORMAT
                       " follows generation %" G_GUINT64_FORMAT " without its end.",
                       raw->offset, raw->generation, current);
  }
  return TRUE;
}

/* The generation's memory must not grow without end in a crafted file. */
static gboolean too_big(Import *im) {
  guint64 batches = im->generation->n_batches;
  return im->generation->bytes > MAX_GENERATION_BYTES ||
         (batches > MAX_TINY_BATCHES && im->generation->bytes / batches < TINY_BATCH);
}

static gboolean read_all(Import *im, GCancellable *cancellable, GError **error) {
  GotraceGeneration *g = im->generation;
  for (;;) {
    GotraceRawBatch raw;
    switch (gotrace_peek_batch(im->input, &raw, error)) {
    case GOTRACE_BATCH_ERROR:
      return FALSE;
    case GOTRACE_BATCH_END:
      if (im->version >= 26 && g->number != 0) {
        im->damaged = im->generation_damaged = TRUE;
        unpark_writer_note(im->writer, UNPARK_NOTE_WARNING, "truncated", 1,
                           "The file ends before the end of generation %" G_GUINT64_FORMAT
                           ": did the program end without trace.Stop? What is there is shown.",
                           g->number);
      }
      return finish_generation(im, cancellable, error);
    case GOTRACE_BATCH_DAMAGED:
      if (!resync(im, g->number, error))
        return FALSE;
      if (im->ended)
        return finish_generation(im, cancellable, error);
      continue;
    case GOTRACE_BATCH_CUT:
      note_cut(im, &raw);
      if (raw.size > 0 && !begins_generation(im, &raw))
        gotrace_generation_add(g, &raw);
      return finish_generation(im, cancellable, error);
    case GOTRACE_BATCH_OK:
      break;
    }
    if (raw.end_of_generation || begins_generation(im, &raw) || too_big(im)) {
      if (!finish_generation(im, cancellable, error))
        return FALSE;
      if (raw.end_of_generation) {
        unpark_input_consume(im->input, raw.length);
        continue;
      }
      /* The window has not moved, but `raw` may point to memory that was looked at before the
       * generation was worked off: look again. */
      if (gotrace_peek_batch(im->input, &raw, error) == GOTRACE_BATCH_ERROR)
        return FALSE;
    }
    gboolean second = cut_at_second_trace(&raw);
    if (raw.size > 0 || !second)
      gotrace_generation_add(g, &raw);
    unpark_input_consume(im->input, raw.length);
    if (second) {
      im->generation_damaged = TRUE;
      note_second_trace(im);
      return finish_generation(im, cancellable, error);
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
  }
}

/* Damaged packing or a failing disk in the middle: what was read is shown. */
static gboolean keep_what_was_read(Import *im, GCancellable *cancellable, GError **error) {
  if (!*error || g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      !unpark_writer_check(im->writer, NULL) ||
      (im->generations == 0 && im->generation->number == 0))
    return FALSE;
  im->damaged = im->generation_damaged = TRUE;
  unpark_writer_note(im->writer, UNPARK_NOTE_ERROR, "unreadable", 1,
                     "The file could not be read to its end: %s", (*error)->message);
  g_clear_error(error);
  return finish_generation(im, cancellable, error);
}

/* trace.Start creates this goroutine in the trace that it begins. */
static void note_window(UnparkWriter *writer) {
  if (unpark_writer_has_older(writer, "runtime.(*traceAdvancerState).start.func1"))
    unpark_writer_note(writer, UNPARK_NOTE_INFO, "window", 1,
                       "The program was being traced before this trace begins: it is the window of "
                       "a flight recorder, or its beginning is missing.");
}

static gboolean import_trace(UnparkInput *input, UnparkWriter *writer, gint64 *duration_ns,
                             gboolean *complete, GCancellable *cancellable, GError **error) {
  gsize have;
  g_autoptr(GError) fault = NULL;
  const guint8 *head = unpark_input_window(input, GOTRACE_HEADER_SIZE, &have, error);
  if (!head)
    return FALSE;
  guint version = header_version(head, have);
  g_autofree char *format = g_strdup_printf("go 1.%u trace", version);
  g_autofree char *go_version = g_strdup_printf("go1.%u", version);
  if (!is_known(version)) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_UNSUPPORTED_VERSION,
                _("“%s” is a Go execution trace of format “%s”, which is newer than this program: "
                  "the newest it reads is “go 1.26 trace” (written by Go 1.26 and 1.27). Update "
                  "Unpark to open it."),
                unpark_input_name(input), format);
    return FALSE;
  }
  unpark_input_consume(input, GOTRACE_HEADER_SIZE);
  unpark_writer_set_source(writer, UNPARK_SOURCE_TRACE, "gotrace", format, go_version, UNPARK_NONE);

  Import im = {.input = input, .writer = writer, .version = version};
  im.generation = gotrace_generation_new(input, writer, version);
  im.order = gotrace_order_new(writer);
  gboolean ok = read_all(&im, cancellable, &fault) || keep_what_was_read(&im, cancellable, &fault);
  if (ok && im.generations == 0) {
    /* A program that was killed at once: an empty trace, not an unknown file. */
    im.damaged = TRUE;
    unpark_writer_note(writer, UNPARK_NOTE_WARNING, "no-events", 1,
                       "The file has the header of a trace, but no events: did the program end "
                       "without trace.Stop?");
  }
  if (ok) {
    *duration_ns = gotrace_order_finish(im.order);
    *complete = !im.damaged && im.order->counts.left_out == 0 && im.order->counts.forced == 0;
    note_window(writer);
    if (im.experimental > 0)
      unpark_writer_note(writer, UNPARK_NOTE_INFO, "experimental-batches", im.experimental,
                         "Batches of experimental data were read over.");
  } else {
    g_propagate_error(error, g_steal_pointer(&fault));
  }
  gotrace_generation_free(im.generation);
  gotrace_order_free(im.order);
  return ok;
}

const UnparkImporter unpark_importer_gotrace = {
    .name = "gotrace",
    .title = N_("Go execution trace"),
    .sniff = sniff,
    .import = import_trace,
};
