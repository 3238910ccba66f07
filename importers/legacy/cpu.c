/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/legacy/cpu.h"

#include "importers/legacy/java.h"

#define HEADER_WORDS 5
#define CHECK_EVERY 65536

typedef struct {
  guint size; /* bytes of a word: 4 or 8 */
  gboolean big;
  gboolean java;
  guint64 period_us;
} Form;

static guint64 word_at(const Form *form, const guint8 *bytes, gsize i) {
  const guint8 *p = bytes + i * form->size;
  guint64 v = 0;

  for (guint k = 0; k < form->size; k++)
    v = v << 8 | p[form->big ? k : form->size - 1 - k];
  return v;
}

static gboolean find_form(const guint8 *head, gsize size, Form *form) {
  for (guint which = 0; which < 4; which++) {
    *form = (Form){.size = which < 2 ? 4 : 8, .big = which % 2};
    if (size < (gsize)form->size * HEADER_WORDS)
      continue;
    form->java = word_at(form, head, 2) == 1;
    form->period_us = word_at(form, head, 3);
    if (word_at(form, head, 0) == 0 && word_at(form, head, 1) == 3 && word_at(form, head, 2) <= 1 &&
        form->period_us > 0 && form->period_us < G_MAXINT64 / 1000 && word_at(form, head, 4) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean unpark_legacy_cpu_sniff(const guint8 *head, gsize size) {
  Form form;

  return find_form(head, size, &form);
}

static gboolean next_words(UnparkLegacy *l, const Form *form, guint n, guint64 *words,
                           GError **error) {
  gsize have, want = (gsize)form->size * n;
  const guint8 *bytes = unpark_input_window(l->input, want, &have, error);

  if (!bytes)
    return FALSE;
  if (have < want) {
    l->cut = TRUE;
    return FALSE;
  }
  for (guint i = 0; i < n; i++)
    words[i] = word_at(form, bytes, i);
  unpark_input_consume(l->input, want);
  return TRUE;
}

/* FALSE: the end, or an error. */
static gboolean read_sample(UnparkLegacy *l, const Form *form, GError **error) {
  guint64 head[3], address; /* count, depth, innermost address */
  gint64 values[2];

  if (!next_words(l, form, 2, head, error))
    return FALSE;
  if (head[1] > 0 && !next_words(l, form, 1, &head[2], error))
    return FALSE;
  if (head[0] == 0 && head[1] == 1 && head[2] == 0)
    return FALSE;
  values[0] = (gint64)MIN(head[0], (guint64)G_MAXINT64);
  if (__builtin_mul_overflow(values[0], l->profile.period, &values[1]))
    values[1] = G_MAXINT64;
  unpark_legacy_stacks_sample(&l->stacks, values, UNPARK_NONE);
  if (head[1] > 0)
    unpark_legacy_stacks_address(&l->stacks, head[2]);
  for (guint64 i = 1; i < head[1]; i++) {
    if (!next_words(l, form, 1, &address, error))
      return FALSE;
    unpark_legacy_stacks_address(&l->stacks, address - !form->java);
  }
  return TRUE;
}

static gboolean read_samples(UnparkLegacy *l, const Form *form, GError **error) {
  g_autoptr(GError) failure = NULL;
  guint n = 0;

  while (read_sample(l, form, &failure))
    if (++n % CHECK_EVERY == 0 && (g_cancellable_set_error_if_cancelled(l->cancellable, &failure) ||
                                   !unpark_writer_check(l->writer, &failure)))
      break;
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}

static gboolean read_text(UnparkLegacy *l, const Form *form, GError **error) {
  g_autoptr(GError) failure = NULL;
  UnparkLines lines;
  UnparkText line;

  unpark_lines_init(&lines, l->input, l->writer, l->cancellable);
  if (form->java)
    return unpark_java_names_read(l, &lines, error);
  while (unpark_lines_next(&lines, &line, &failure))
    unpark_maps_line(l->maps, line);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  unpark_maps_end(l->maps);
  return TRUE;
}

gboolean unpark_legacy_cpu_read(UnparkLegacy *l, GError **error) {
  guint64 header[HEADER_WORDS];
  const guint8 *head;
  gsize have;
  Form form;

  head = unpark_input_window(l->input, sizeof header, &have, error);
  if (!head)
    return FALSE;
  /* Found by its sniff. */
  g_return_val_if_fail(find_form(head, have, &form), FALSE);
  unpark_input_consume(l->input, (gsize)form.size * HEADER_WORDS);
  l->profile = (UnparkTextProfile){.kind = "cpu",
                                   .period = (gint64)form.period_us * 1000,
                                   .period_type = "cpu",
                                   .period_unit = "nanoseconds",
                                   .duration_ns = UNPARK_NONE};
  l->types[0] = "samples";
  l->units[0] = "count";
  l->types[1] = "cpu";
  l->units[1] = "nanoseconds";
  unpark_legacy_stacks_init(&l->stacks, l->writer, l->maps, 2);
  l->stacks.strip_handler = l->stacks.strip_leaf = !form.java;
  return read_samples(l, &form, error) && read_text(l, &form, error);
}
