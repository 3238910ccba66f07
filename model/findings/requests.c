/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks that take far longer than most of their name: a service makes one for each request. What
 * the slowest twentieth did longer than the fifth in the middle is what made them slow. */
#include "model/base/times.h"
#include "model/findings/private.h"
#include "model/tables/task-table.h"

#define LEAST_TASKS 20
#define SLOW_TIMES 3 /* than the median */
#define SLOW_NS 1000000
#define SLOW_SHARE 0.05
#define TYPICAL_FROM 0.4
#define TYPICAL_TO 0.6

/* In the order of UNPARK_TASK_PARTS. */
static void name_part(guint part, UnparkFindingTasks *tasks) {
  static const UnparkState states[] = {UNPARK_STATE_RUNNING, UNPARK_STATE_RUNNABLE,
                                       UNPARK_STATE_SYSCALL};
  tasks->state = part < G_N_ELEMENTS(states) ? states[part] : UNPARK_STATE_WAITING;
  tasks->wait =
      part < G_N_ELEMENTS(states) ? UNPARK_WAIT_OTHER : (UnparkWait)(part - G_N_ELEMENTS(states));
}

static UnparkFindingTasks explain(const UnparkTaskTable *table, guint32 kind) {
  UnparkTaskMean slow, typical;
  UnparkFindingTasks tasks = {0};
  unpark_task_mean_of(table, kind, 0, SLOW_SHARE, &slow);
  unpark_task_mean_of(table, kind, TYPICAL_FROM, TYPICAL_TO, &typical);
  tasks.extra_ns = slow.length_ns - typical.length_ns;
  for (guint p = 0; p < UNPARK_TASK_PARTS; p++) {
    gint64 gap = slow.parts_ns[p] - typical.parts_ns[p];
    if (gap > tasks.part_ns) {
      tasks.part_ns = gap;
      name_part(p, &tasks);
    }
  }
  return tasks;
}

/* Where the slowest task was for longest in the state that made it slow. */
static gboolean find_place(UnparkFindingSearch *s, UnparkFinding *found, GError **error) {
  guint n;
  gint64 longest = 0;
  GError *failure = NULL;
  if (found->goroutine == UNPARK_NONE)
    return TRUE;
  g_autofree UnparkSpan *spans = unpark_store_spans(s->store, found->goroutine, found->start_ns,
                                                    found->end_ns, 0, &n, s->cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const UnparkKind *kind = unpark_store_kind(s->store, spans[i].kind);
    gint64 length = MIN(spans[i].end_ns, found->end_ns) - MAX(spans[i].start_ns, found->start_ns);
    if (!kind || kind->state != found->tasks.state || length <= longest ||
        (kind->state == UNPARK_STATE_WAITING && kind->wait != found->tasks.wait))
      continue;
    longest = length;
    found->stack = spans[i].stack;
  }
  return TRUE;
}

static gboolean find_slow(UnparkFindingSearch *s, const UnparkTaskTable *table, guint32 number,
                          GError **error) {
  const UnparkTaskKind *kind = &table->kinds[number];
  const UnparkTaskRow *longest = NULL;
  UnparkFinding found = {.type = UNPARK_FINDING_TASK,
                         .holder = UNPARK_NONE,
                         .count = kind->count - kind->n_unfinished,
                         .p50_ns = kind->p50_ns,
                         .p99_ns = kind->p99_ns,
                         .longest_ns = kind->longest_ns,
                         .name_id = kind->name_id};
  if (found.count < LEAST_TASKS || kind->p99_ns / SLOW_TIMES < kind->p50_ns ||
      kind->p99_ns - kind->p50_ns < SLOW_NS)
    return TRUE;
  for (guint i = kind->first; i < kind->first + kind->count; i++) {
    const UnparkTaskRow *row = &table->rows[i];
    gint64 lost = row->length_ns - kind->p50_ns;
    if (!unpark_task_row_finished(row))
      continue;
    longest = longest ? longest : row;
    if (lost > 0) {
      guint bucket = unpark_place_bucket(s->from_ns, s->to_ns, row->start_ns);
      unpark_time_sum(&found.total_ns, lost);
      unpark_time_sum(&found.when_ns[bucket], lost);
    }
  }
  found.goroutine = longest->goroutine;
  found.start_ns = longest->start_ns;
  found.end_ns = longest->end_ns;
  found.tasks = explain(table, number);
  found.level = unpark_finding_level_of((double)(kind->p99_ns - kind->p50_ns), 10e6, 100e6);
  if (!find_place(s, &found, error))
    return FALSE;
  g_array_append_val(s->found, found);
  return TRUE;
}

static void weigh_delays(UnparkFindingSearch *s, const UnparkTaskTable *table) {
  const UnparkTaskStates *states = unpark_task_table_states(table);
  double all = 0, runnable = 0;
  for (guint k = 0; states && k < table->n_kinds; k++) {
    all += (double)unpark_tally_total(&states->kinds[k]);
    runnable += (double)states->kinds[k].state_ns[UNPARK_STATE_RUNNABLE];
  }
  if (table->n_rows >= LEAST_TASKS && all > 0)
    s->tasks_runnable = runnable / all;
}

gboolean unpark_findings_tasks(UnparkFindingSearch *s, const gint64 *ids, guint n_ids,
                               GError **error) {
  UnparkTaskSpec spec = {s->from_ns, s->to_ns, ids, n_ids, NULL, 0};
  s->tasks_runnable = -1;
  if (!unpark_tasks_apply(s->store))
    return TRUE;
  g_autoptr(UnparkTaskTable) table = unpark_task_table_new(s->store, &spec, s->cancellable, error);
  if (!table || !unpark_task_table_count(table, s->cancellable, error))
    return FALSE;
  weigh_delays(s, table);
  for (guint k = 0; k < table->n_kinds; k++)
    if (!find_slow(s, table, k, error))
      return FALSE;
  return TRUE;
}
