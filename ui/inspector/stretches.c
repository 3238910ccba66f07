/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All collections, or all pauses: a lane of the runtime as a whole. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/base/times.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/lanes/series.h"
#include "ui/text/words.h"

#define LONGEST_SHOWN 8
/* Go has about a dozen reasons to stop the world. */
#define MAX_NAMES 16

typedef struct {
  const char *name; /* the store's */
  guint n;
  gint64 total_ns;
} Sum;

typedef struct {
  Sum all, sums[MAX_NAMES];
  guint n_names;
  UnparkStretch longest[LONGEST_SHOWN];
} Answer;

static void add(Sum *sum, gint64 ns) {
  sum->n++;
  unpark_time_sum(&sum->total_ns, ns);
}

static void add_named(Answer *a, const char *name, gint64 ns) {
  guint i = 0;
  while (i < a->n_names && strcmp(a->sums[i].name, name) != 0)
    i++;
  if (i == MAX_NAMES)
    return;
  if (i == a->n_names)
    a->sums[a->n_names++].name = name;
  add(&a->sums[i], ns);
}

static gint64 length_of(const UnparkStretch *s) {
  return s->end_ns - s->start_ns;
}

static void keep_longest(Answer *a, UnparkStretch stretch) {
  for (guint i = 0; i < MIN(a->all.n, LONGEST_SHOWN); i++) {
    if (i + 1 < a->all.n && length_of(&a->longest[i]) >= length_of(&stretch))
      continue;
    UnparkStretch moved = a->longest[i];
    a->longest[i] = stretch;
    stretch = moved;
  }
}

static gpointer find_stretches(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSeries) series = unpark_series_read(q->store, cancellable, error);
  if (!series)
    return NULL;
  const GArray *list = q->pick.type == UNPARK_PICK_GC ? series->gc : series->stw;
  Answer *a = g_new0(Answer, 1);
  for (guint i = 0; i < list->len; i++) {
    const UnparkStretch *s = &g_array_index(list, UnparkStretch, i);
    gint64 part = MIN(s->end_ns, q->to_ns) - MAX(s->start_ns, q->from_ns);
    if (part < 0)
      continue;
    add(&a->all, part);
    add_named(a, s->name, part);
    keep_longest(a, *s);
  }
  return a;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void tell_longest(UnparkParts *p, const Answer *a, gboolean gc) {
  unpark_parts_heading(p, _("Longest"));
  for (guint i = 0; i < MIN(a->all.n, LONGEST_SHOWN); i++) {
    const UnparkStretch *s = &a->longest[i];
    const UnparkPick target = {.type = UNPARK_PICK_ROW,
                               .table = UNPARK_TABLE_RANGE,
                               .id = s->row,
                               .start_ns = s->start_ns,
                               .end_ns = s->end_ns};
    char at[UNPARK_FORMAT_SIZE], duration[UNPARK_FORMAT_SIZE];
    char buf[UNPARK_STRETCH_SIZE];
    const char *name = gc ? _("Collection") : unpark_words_stretch(s->name, buf);
    /* Translators: what, and when: "GC mark termination at 1.203 s". */
    g_autofree char *text =
        g_strdup_printf(_("%s at %s"), name, unpark_format_time(s->start_ns, 1000, at));
    unpark_parts_link(p, text, unpark_format_duration(length_of(s), duration), s->name, &target);
  }
}

static void tell_stretches(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  gboolean gc = q->pick.type == UNPARK_PICK_GC;
  char count[UNPARK_FORMAT_SIZE];
  unpark_format_count(a->all.n, count);
  g_autofree char *title =
      gc ? g_strdup_printf(ngettext("%s garbage collection", "%s garbage collections", a->all.n),
                           count)
         : g_strdup_printf(
               ngettext("%s stop-the-world pause", "%s stop-the-world pauses", a->all.n), count);
  unpark_parts_sentence(p, title, NULL);
  unpark_parts_dim(p, gc ? _("Each bar is the time in which a collection was marking; the program "
                             "runs meanwhile, with less of the processors.")
                         : _("In each of them no goroutine could run."));
  unpark_parts_dim(p, q->selected ? _("In the selected time:") : _("In the whole trace:"));
  if (a->all.n == 0)
    return;
  gint64 whole_ns = q->to_ns - q->from_ns;
  unpark_parts_sum(p, _("Total"), a->all.n, a->all.total_ns, whole_ns);
  for (guint i = 0; i < a->n_names && a->n_names > 1; i++) {
    const Sum *sum = &a->sums[i];
    char buf[UNPARK_STRETCH_SIZE];
    unpark_parts_sum(p, unpark_words_stretch(sum->name, buf), sum->n, sum->total_ns, whole_ns);
  }
  tell_longest(p, a, gc);
}

const UnparkAsk unpark_ask_stretches = {
    .busy = N_("Reading…"), .find = find_stretches, .tell = tell_stretches, .answer_free = g_free};
