/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All tasks of one name: how long they took, and which took longest. */
#include <glib/gi18n.h>
#include <stdlib.h>

#include "model/base/tables.h"
#include "model/base/times.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/lanes/series.h"

#define LONGEST_SHOWN 8

typedef struct {
  const char *name; /* the store's; NULL: there is no such task */
  guint n;
  UnparkTask *tasks; /* the longest first */
  gint64 total_ns;
} Answer;

static void answer_free(gpointer data) {
  g_free(((Answer *)data)->tasks);
  g_free(data);
}

static gint64 length_of(const UnparkTask *task) {
  return task->end_ns - task->start_ns;
}

static int by_length(const void *a, const void *b) {
  gint64 x = length_of(a), y = length_of(b);
  return (x < y) - (x > y);
}

/* Those that touch the selected time and pass the filter. */
static gboolean counts(const UnparkQuestion *q, const UnparkTask *task) {
  if ((gint64)task->name_id != q->pick.id || task->end_ns < q->from_ns || task->start_ns > q->to_ns)
    return FALSE;
  return !q->filtered || !q->filtered->has_tasks ||
         unpark_id_set_has(&q->filtered->tasks, task->id);
}

static gpointer find_tasks(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSeries) series = unpark_series_read(q->store, cancellable, error);
  if (!series)
    return NULL;
  const UnparkTrackIndex *index = series->tracks;
  Answer *a = g_new0(Answer, 1);
  a->tasks = g_new(UnparkTask, index->n_tasks + 1);
  a->name = unpark_store_string(q->store, (guint32)q->pick.id);
  for (guint i = 0; i < index->n_tasks; i++) {
    if (!counts(q, &index->tasks[i]))
      continue;
    a->tasks[a->n++] = index->tasks[i];
    unpark_time_sum(&a->total_ns, length_of(&index->tasks[i]));
  }
  if (a->n > 1)
    qsort(a->tasks, a->n, sizeof *a->tasks, by_length);
  return a;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void tell_lengths(UnparkParts *p, const Answer *a) {
  const struct {
    const char *name;
    gint64 ns;
  } facts[] = {{_("Longest"), length_of(&a->tasks[0])},
               {_("99 % were shorter than"), length_of(&a->tasks[a->n / 100])},
               {_("Median"), length_of(&a->tasks[a->n / 2])},
               {_("Shortest"), length_of(&a->tasks[a->n - 1])},
               {_("Total"), a->total_ns}};
  for (guint i = 0; i < G_N_ELEMENTS(facts); i++)
    unpark_parts_duration(p, facts[i].name, facts[i].ns);
}

static void tell_tasks(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  char count[UNPARK_FORMAT_SIZE], duration[UNPARK_FORMAT_SIZE];
  unpark_format_count(a->n, count);
  unpark_parts_sentence(p, *a->name ? a->name : _("unnamed task"), NULL);
  g_autofree char *members = g_strdup_printf(
      q->selected ? ngettext("%s task of this name in the selected time.",
                             "%s tasks of this name in the selected time.", a->n)
                  : ngettext("%s task of this name.", "%s tasks of this name.", a->n),
      count);
  unpark_parts_plain(p, members);
  if (a->n == 0)
    return;
  tell_lengths(p, a);
  unpark_parts_heading(p, _("Longest tasks"));
  for (guint i = 0; i < MIN(a->n, LONGEST_SHOWN); i++) {
    const UnparkTask *task = &a->tasks[i];
    const UnparkPick target = {.type = UNPARK_PICK_ROW,
                               .table = UNPARK_TABLE_TASK,
                               .id = task->row,
                               .start_ns = task->start_ns,
                               .end_ns = task->end_ns};
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, task->id);
    g_autofree char *text = g_strdup_printf(_("Task %s"), id);
    unpark_parts_link(p, text, unpark_format_duration(length_of(task), duration), NULL, &target);
  }
  unpark_parts_view_link(p, _("Show all tasks"), "tasks");
}

const UnparkAsk unpark_ask_tasks = {
    .busy = N_("Reading…"), .find = find_tasks, .tell = tell_tasks, .answer_free = answer_free};
