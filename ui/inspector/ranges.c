/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the runtime had a goroutine or a processor do: mark assists, sweeps. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/times.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/rows.h"
#include "model/base/tables.h"

#define LONGEST_SHOWN 5
/* Go has a handful of such names. */
#define MAX_NAMES 8

typedef struct {
  gint64 scope, id; /* UnparkScope, and of which */
  gint64 from_ns, to_ns;
} Scope;

typedef struct {
  gint64 name_id;
  guint count;
  gint64 total_ns;
} Sum;

typedef struct {
  UnparkStore *store; /* not owned */
  const Scope *scope;
  Sum sums[MAX_NAMES];
  guint n_names, n;
  UnparkRowFacts longest[LONGEST_SHOWN];
} Answer;

static gint64 length_of(const Answer *a, const UnparkRowFacts *row) {
  gint64 from, to;
  unpark_row_time(a->store, row, &from, &to);
  return to - from;
}

static void add_up(Answer *a, const UnparkRowFacts *row) {
  guint i = 0;
  while (i < a->n_names && a->sums[i].name_id != row->values[RANGE_NAME])
    i++;
  if (i == MAX_NAMES)
    return;
  if (i == a->n_names)
    a->sums[a->n_names++].name_id = row->values[RANGE_NAME];
  a->sums[i].count++;
  unpark_time_sum(&a->sums[i].total_ns, length_of(a, row));
}

static void keep_longest(Answer *a, UnparkRowFacts row) {
  for (guint i = 0; i < MIN(a->n, LONGEST_SHOWN); i++) {
    if (i + 1 < a->n && length_of(a, &a->longest[i]) >= length_of(a, &row))
      continue;
    UnparkRowFacts moved = a->longest[i];
    a->longest[i] = row;
    row = moved;
  }
}

static gboolean take_range(gint64 number, const gint64 *values, gpointer data) {
  Answer *a = data;
  UnparkRowFacts row = {.table = UNPARK_TABLE_RANGE, .number = number};
  if (values[RANGE_SCOPE] != a->scope->scope || values[RANGE_SCOPE_ID] != a->scope->id)
    return TRUE;
  memcpy(row.values, values, sizeof row.values);
  a->n++;
  add_up(a, &row);
  keep_longest(a, row);
  return TRUE;
}

static gpointer find_ranges(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  g_autofree Answer *a = g_new0(Answer, 1);
  a->store = q->store;
  a->scope = q->data;
  if (!unpark_store_visit_rows(q->store, UNPARK_TABLE_RANGE, UNPARK_NONE, a->scope->from_ns,
                               a->scope->to_ns, take_range, a, cancellable, error))
    return NULL;
  return a->n > 0 ? g_steal_pointer(&a) : NULL;
}

static void tell_ranges(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  char total[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
  unpark_parts_heading(p, _("Runtime work"));
  for (guint i = 0; i < a->n_names && a->n > 1; i++) {
    g_autofree char *value =
        g_strdup_printf("%s  ·  %s×", unpark_format_duration(a->sums[i].total_ns, total),
                        unpark_format_count(a->sums[i].count, count));
    unpark_parts_fact(p, unpark_store_string(p->store, (guint32)a->sums[i].name_id), value);
  }
  if (a->n > LONGEST_SHOWN)
    unpark_parts_dim(p, _("Longest:"));
  for (guint i = 0; i < MIN(a->n, LONGEST_SHOWN); i++)
    unpark_parts_row(p, NULL, &a->longest[i]);
}

static const UnparkAsk ask_ranges = {
    .find = find_ranges, .tell = tell_ranges, .answer_free = g_free};

void unpark_parts_ask_ranges(UnparkParts *p, gint64 scope, gint64 id, gint64 from_ns,
                             gint64 to_ns) {
  const Scope data = {scope, id, from_ns, to_ns};
  unpark_pick_page_ask(p->page, &ask_ranges, g_memdup2(&data, sizeof data), g_free);
}
