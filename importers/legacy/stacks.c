/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/legacy/stacks.h"

#include <string.h>

#include "importers/text/profile-rows.h"

/* Of so many samples one may differ from the others in its second innermost address. */
#define SIMILAR 32
#define HANDLER_FRAMES 2

void unpark_legacy_stacks_init(UnparkLegacyStacks *s, UnparkWriter *writer, UnparkMaps *maps,
                               guint n_values) {
  g_assert(n_values <= UNPARK_LEGACY_VALUES_MAX);
  *s = (UnparkLegacyStacks){.writer = writer,
                            .maps = maps,
                            .n_values = n_values,
                            .n_words = n_values,
                            .words = g_array_new(FALSE, FALSE, sizeof(guint64)),
                            .samples = g_array_new(FALSE, FALSE, sizeof(gsize))};
}

void unpark_legacy_stacks_threads(UnparkLegacyStacks *s) {
  s->n_words = s->n_values + 1;
}

void unpark_legacy_stacks_clear(UnparkLegacyStacks *s) {
  g_clear_pointer(&s->words, g_array_unref);
  g_clear_pointer(&s->samples, g_array_unref);
  g_clear_pointer(&s->names, g_hash_table_unref);
}

void unpark_legacy_stacks_sample(UnparkLegacyStacks *s, const gint64 *values, gint64 block_size) {
  gsize at;

  if (s->words->len > UNPARK_LEGACY_WORDS_MAX) {
    s->n_early += s->samples->len;
    unpark_legacy_stacks_flush(s);
  }
  at = s->words->len;
  g_array_append_val(s->samples, at);
  g_array_append_vals(s->words, values, s->n_words);
  g_array_append_val(s->words, block_size);
}

/* The words of a sample: values, block size, then `*n` addresses. */
static guint64 *sample_words(const UnparkLegacyStacks *s, guint i, gsize *n) {
  gsize from = g_array_index(s->samples, gsize, i);
  gsize to = i + 1 < s->samples->len ? g_array_index(s->samples, gsize, i + 1) : s->words->len;

  *n = to - from - s->n_words - 1;
  return &g_array_index(s->words, guint64, from);
}

gsize unpark_legacy_stacks_depth(const UnparkLegacyStacks *s) {
  gsize n = 0;

  if (s->samples->len > 0)
    sample_words(s, s->samples->len - 1, &n);
  return n;
}

void unpark_legacy_stacks_address(UnparkLegacyStacks *s, guint64 address) {
  gsize depth = unpark_legacy_stacks_depth(s);

  g_assert(s->samples->len > 0);
  if (depth < UNPARK_LEGACY_DEPTH_MAX)
    g_array_append_val(s->words, address);
  else if (depth == UNPARK_LEGACY_DEPTH_MAX)
    s->n_deep++;
}

gboolean unpark_legacy_stacks_repeat(UnparkLegacyStacks *s) {
  guint64 *words;
  gsize n;

  if (s->samples->len == 0)
    return FALSE;
  words = sample_words(s, s->samples->len - 1, &n);
  words[0]++;
  return TRUE;
}

/* ---- What the profiler put there itself --------------------------------------------------- */

/* The second address that all samples but a few have. FALSE if there is none. */
static gboolean common_second(const UnparkLegacyStacks *s, guint64 *common) {
  g_autoptr(GHashTable) counts = g_hash_table_new(g_int64_hash, g_int64_equal);
  guint enough = s->samples->len - s->samples->len / SIMILAR;

  for (guint i = 0; i < s->samples->len; i++) {
    gsize n;
    guint64 *second = sample_words(s, i, &n) + s->n_words + 2;
    guint count;
    if (n < 2)
      continue;
    count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, second)) + 1;
    g_hash_table_replace(counts, second, GUINT_TO_POINTER(count));
    if (count >= enough) {
      *common = *second;
      return TRUE;
    }
  }
  return FALSE;
}

/* Leaves out the second addresses that are `which` (or, with leaf, that tell the first again). */
static void drop_second(UnparkLegacyStacks *s, guint64 which, gboolean leaf) {
  gsize to = 0;

  for (guint i = 0; i < s->samples->len; i++) {
    gsize n, head = (gsize)s->n_words + 2, all;
    guint64 *words = sample_words(s, i, &n);
    guint64 *target = &g_array_index(s->words, guint64, to);
    gboolean drop;
    all = s->n_words + 1 + n;
    drop = n > 1 && (leaf ? words[head - 1] == words[head] + 1 : words[head] == which);
    /* Moves towards the beginning only; the bounds of the next sample are read before. */
    g_array_index(s->samples, gsize, i) = to;
    if (drop) {
      memmove(target, words, head * sizeof *words);
      memmove(target + head, words + head + 1, (all - head - 1) * sizeof *words);
      to += all - 1;
    } else {
      memmove(target, words, all * sizeof *words);
      to += all;
    }
  }
  g_array_set_size(s->words, (guint)to);
}

static void strip(UnparkLegacyStacks *s) {
  guint64 common;

  for (guint i = 0; s->strip_handler && i < HANDLER_FRAMES && common_second(s, &common); i++)
    drop_second(s, common, FALSE);
  if (s->strip_leaf)
    drop_second(s, 0, TRUE);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static guint32 frame_of(UnparkLegacyStacks *s, guint64 address) {
  gpointer frame;
  const char *file;

  if (s->names && g_hash_table_lookup_extended(s->names, &address, NULL, &frame))
    return GPOINTER_TO_UINT(frame);
  file = address ? unpark_maps_file(s->maps, address) : "";
  return unpark_text_address_frame(s->writer, address, (UnparkText){file, strlen(file)});
}

static void write_thread(UnparkLegacyStacks *s, gint64 sample, gint64 thread) {
  char text[24];

  g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, thread);
  unpark_text_label(s->writer, sample, UNPARK_TEXT("thread"), (UnparkText){text, strlen(text)});
}

static void write_sample(UnparkLegacyStacks *s, guint i, GArray *frames) {
  gsize n;
  guint64 *words = sample_words(s, i, &n);
  gint64 id = ++s->n_written, block_size = (gint64)words[s->n_words];

  g_array_set_size(frames, 0);
  for (gsize k = 0; k < n; k++) {
    guint32 frame = frame_of(s, words[s->n_words + 1 + k]);
    g_array_append_val(frames, frame);
  }
  unpark_text_sample(
      s->writer, id,
      unpark_writer_stack(s->writer, (const guint32 *)(const void *)frames->data, frames->len));
  for (guint v = 0; v < s->n_values; v++)
    unpark_text_value(s->writer, id, v, (gint64)words[v]);
  if (s->n_words > s->n_values && (gint64)words[s->n_values] != UNPARK_NONE)
    write_thread(s, id, (gint64)words[s->n_values]);
  if (block_size != UNPARK_NONE)
    unpark_text_number_label(s->writer, id, "bytes", block_size, NULL);
}

void unpark_legacy_stacks_flush(UnparkLegacyStacks *s) {
  g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(guint32));

  strip(s);
  for (guint i = 0; i < s->samples->len; i++)
    write_sample(s, i, frames);
  g_array_set_size(s->words, 0);
  g_array_set_size(s->samples, 0);
}
