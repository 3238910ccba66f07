/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/legacy/jemalloc.h"

#include "importers/text/debug1-head.h"

#define ALL_THREADS (-1)

typedef struct {
  UnparkLegacy *legacy;
  UnparkDebug1Head head; /* HEAP */
  gboolean begun;        /* what follows belongs to a stack */
  GArray *addresses;     /* guint64: of the stack at hand */
  gint64 all[4];         /* its values of all threads, until one's own come */
  gboolean has_all;
} Jemalloc;

gboolean unpark_jemalloc_head(UnparkText line, gint64 *rate) {
  gint64 number;

  line = unpark_text_strip(line);
  if (!unpark_text_take(&line, UNPARK_TEXT("heap_v2/")) ||
      !unpark_text_take_number(&line, FALSE, &number) || line.len > 0)
    return FALSE;
  if (rate)
    *rate = number;
  return TRUE;
}

static gboolean take_value(UnparkText *line, gint64 *value, UnparkText end) {
  unpark_text_take_blanks(line);
  return unpark_text_take_number(line, FALSE, value) && unpark_text_take(line, end);
}

/* "t12: 20: 1311120 [25: 2000000]" */
static gboolean take_thread(UnparkText line, gint64 *thread, gint64 v[4]) {
  if (!unpark_text_take(&line, UNPARK_TEXT("t")))
    return FALSE;
  *thread = ALL_THREADS;
  if (!unpark_text_take(&line, UNPARK_TEXT("*")) && !unpark_text_take_number(&line, FALSE, thread))
    return FALSE;
  if (!unpark_text_take(&line, UNPARK_TEXT(":")) || !take_value(&line, &v[0], UNPARK_TEXT(":")) ||
      !take_value(&line, &v[1], UNPARK_TEXT("")))
    return FALSE;
  unpark_text_take_blanks(&line);
  return unpark_text_take(&line, UNPARK_TEXT("[")) && take_value(&line, &v[2], UNPARK_TEXT(":")) &&
         take_value(&line, &v[3], UNPARK_TEXT("]"));
}

static void emit(Jemalloc *j, gint64 thread, const gint64 v[4]) {
  gint64 values[UNPARK_DEBUG1_VALUES_MAX + 1], block_size = 0;
  guint n = 0;

  if (v[0] == 0 && v[2] == 0)
    return;
  for (int pair = j->head.has_alloc ? 2 : 0; pair >= 0; pair -= 2) {
    gint64 count = v[pair], size = v[pair + 1];
    if (count > 0)
      block_size = size / count;
    unpark_debug1_scale_heap(j->head.period, &count, &size);
    values[n++] = count;
    values[n++] = size;
  }
  values[n] = thread == ALL_THREADS ? UNPARK_NONE : thread;
  unpark_legacy_stacks_sample(&j->legacy->stacks, values, block_size);
  for (guint i = 0; i < j->addresses->len; i++)
    unpark_legacy_stacks_address(&j->legacy->stacks, g_array_index(j->addresses, guint64, i));
}

/* A stack that no thread's line follows. */
static void end_stack(Jemalloc *j) {
  if (j->has_all)
    emit(j, ALL_THREADS, j->all);
  j->has_all = FALSE;
}

static void begin_stack(Jemalloc *j, UnparkText line) {
  guint64 address;

  end_stack(j);
  j->begun = TRUE;
  g_array_set_size(j->addresses, 0);
  while (unpark_text_take_blanks(&line) && unpark_text_take_hex(&line, &address))
    if (address != 0 && j->addresses->len <= UNPARK_LEGACY_DEPTH_MAX) {
      address--; /* the call, not where it returns */
      g_array_append_val(j->addresses, address);
    }
  j->legacy->n_unknown += unpark_text_strip(line).len > 0;
}

/* The totals, which come first, tell whether allocations are counted apart. */
static void begin_samples(Jemalloc *j, const gint64 totals[4]) {
  UnparkLegacy *l = j->legacy;
  guint n;

  j->head.has_alloc =
      (totals[2] != totals[0] && totals[2] != 0) || (totals[3] != totals[1] && totals[3] != 0);
  n = unpark_debug1_types(&j->head, "", l->types, l->units);
  unpark_legacy_stacks_init(&l->stacks, l->writer, l->maps, n);
  unpark_legacy_stacks_threads(&l->stacks);
}

static void take_counts(Jemalloc *j, gint64 thread, const gint64 v[4]) {
  if (!j->begun) {
    if (thread == ALL_THREADS && !j->legacy->stacks.samples)
      begin_samples(j, v);
    return;
  }
  if (thread != ALL_THREADS) {
    j->has_all = FALSE;
    emit(j, thread, v);
    return;
  }
  end_stack(j);
  for (guint i = 0; i < 4; i++)
    j->all[i] = v[i];
  j->has_all = TRUE;
}

/* FALSE: the samples are over. */
static gboolean take_line(Jemalloc *j, UnparkText line) {
  static const gint64 nothing[4] = {0};
  gint64 thread, v[4];

  if (line.len == 0 || line.text[0] == '#')
    return TRUE;
  if (unpark_maps_begin(line))
    return FALSE;
  if (unpark_text_take(&line, UNPARK_TEXT("@"))) {
    if (!j->legacy->stacks.samples)
      begin_samples(j, nothing);
    begin_stack(j, line);
  } else if (take_thread(line, &thread, v)) {
    take_counts(j, thread, v);
  } else {
    j->legacy->n_unknown++;
  }
  return TRUE;
}

gboolean unpark_jemalloc_read(UnparkLegacy *l, UnparkLines *lines, gint64 rate, UnparkText *line,
                              GError **error) {
  static const gint64 nothing[4] = {0};
  Jemalloc j = {.legacy = l,
                .head = {.form = UNPARK_DEBUG1_HEAP, .scale = TRUE, .period = rate},
                .addresses = g_array_new(FALSE, FALSE, sizeof(guint64))};
  g_autoptr(GError) failure = NULL;
  gboolean more;

  while ((more = unpark_lines_next(lines, line, &failure)) &&
         take_line(&j, unpark_text_strip(*line)))
    ;
  if (!more)
    *line = UNPARK_TEXT("");
  if (!l->stacks.samples)
    begin_samples(&j, nothing);
  end_stack(&j);
  g_array_unref(j.addresses);
  l->profile = (UnparkTextProfile){.kind = "heap",
                                   .period = rate,
                                   .period_type = "space",
                                   .period_unit = "bytes",
                                   .duration_ns = UNPARK_NONE};
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}
