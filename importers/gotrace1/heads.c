/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace1/heads.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "model/base/format.h"

/* Two to four minutes. */
#define FAR (G_GINT64_CONSTANT(1) << 33)
#define BATCHES_ENOUGH 3u
#define FEW 64u
/* A group of batches is no stray if it holds more than the half of all events. */
#define SMALL_PART 2

static gint by_start(gconstpointer a, gconstpointer b) {
  const UnparkV1Batch *x = *(UnparkV1Batch *const *)a, *y = *(UnparkV1Batch *const *)b;
  return x->ticks < y->ticks ? -1 : x->ticks > y->ticks;
}

/* The batch before it in the file, which is of any processor. */
static const UnparkV1Batch *before_in_file(const UnparkV1Index *index, const UnparkV1Batch *of) {
  const UnparkV1Batch *before = NULL;

  for (guint i = 0; i < index->batches->len; i++) {
    const UnparkV1Batch *batch = &g_array_index(index->batches, UnparkV1Batch, i);
    if (batch->to <= of->from && (!before || batch->to > before->to))
      before = batch;
  }
  return before;
}

/* To the end of the processor's batch before it; or, if the head is an invention of the
 * damage, of the batch in which it was found; or where most are. */
static void move_batch(UnparkV1Index *index, UnparkV1Batch *batch, gint64 usual, gboolean few) {
  gint64 length = batch->end_ticks - batch->ticks;
  const UnparkV1Batch *before = NULL;

  if (batch > (UnparkV1Batch *)(gpointer)index->batches->data && batch[-1].proc == batch->proc)
    before = batch - 1;
  else if (few)
    before = before_in_file(index, batch);
  batch->ticks = before && !before->stray ? before->end_ticks : usual;
  batch->end_ticks = batch->ticks + length;
  batch->stray = FALSE;
  index->n_faults++;
  char at[UNPARK_FORMAT_SIZE];
  unpark_writer_note(index->tables->writer, UNPARK_NOTE_WARNING, "damaged-time", 1,
                     _("The batch after byte %s has a time that is minutes away from all others; "
                       "it is shown right after the batch before it"),
                     unpark_format_number(batch->from, at));
}

static guint64 bytes_of(UnparkV1Batch *const *batches, guint from, guint to) {
  guint64 bytes = 0;

  for (guint i = from; i < to; i++)
    bytes += batches[i]->to - batches[i]->from;
  return bytes;
}

/* Marks the batches of every small group that is far from what comes before and behind. */
static guint mark_strays(UnparkV1Batch *const *sorted, guint n) {
  guint64 all_bytes = bytes_of(sorted, 0, n);
  gint64 covered = sorted[0]->end_ticks;
  guint first = 0, n_strays = 0;

  for (guint i = 1; i <= n; i++) {
    if (i < n && sorted[i]->ticks - FAR <= covered) {
      covered = MAX(covered, sorted[i]->end_ticks);
      continue;
    }
    if (bytes_of(sorted, first, i) <= all_bytes / SMALL_PART)
      for (guint k = first; k < i; k++, n_strays++)
        sorted[k]->stray = TRUE;
    first = i;
    if (i < n)
      covered = sorted[i]->end_ticks;
  }
  return n_strays;
}

void unpark_v1_heads_repair(UnparkV1Index *index) {
  guint n = index->batches->len, n_strays;
  UnparkV1Batch **sorted;
  gint64 usual;

  if (n < BATCHES_ENOUGH)
    return;
  sorted = g_new(UnparkV1Batch *, n);
  for (guint i = 0; i < n; i++)
    sorted[i] = &g_array_index(index->batches, UnparkV1Batch, i);
  qsort(sorted, n, sizeof *sorted, by_start);
  usual = sorted[n / 2]->ticks;
  n_strays = mark_strays(sorted, n);
  g_free(sorted);
  for (guint i = 0; n_strays > 0 && i < n; i++)
    if (g_array_index(index->batches, UnparkV1Batch, i).stray)
      move_batch(index, &g_array_index(index->batches, UnparkV1Batch, i), usual, n_strays <= FEW);
}
