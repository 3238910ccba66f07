/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a task, region, range, log or CPU sample. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/times.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/rows.h"
#include "model/base/tables.h"

#define ROWS_KEPT 10

typedef struct {
  UnparkRowFacts row;
  gint64 from_ns, to_ns;
  UnparkRowFacts task; /* that it belongs to, or the parent task; number -1: none */
  /* Of a task: its longest regions and first logs, and how many there are. */
  UnparkRowFacts regions[ROWS_KEPT], logs[ROWS_KEPT];
  guint n_regions, n_logs;
  gint64 members[ROWS_KEPT]; /* others than its beginner who took part */
  guint n_members;           /* kept of them */
  gboolean more_members;
  /* Of a region: what the goroutine did meanwhile. */
  gint64 total_ns[UNPARK_N_STATES];
  UnparkStackFrames stack;
  UnparkStore *store; /* not owned; for the visits */
} Answer;

static void answer_free(gpointer data) {
  g_free(((Answer *)data)->stack.frames);
  g_free(data);
}

/* ---- finding out, in a worker ---------------------------------------------------------------- */

static gint64 length_of(UnparkStore *store, const UnparkRowFacts *row) {
  gint64 from, to;
  unpark_row_time(store, row, &from, &to);
  return to - from;
}

static void take_member(Answer *a, gint64 goroutine) {
  if (goroutine == UNPARK_NONE || goroutine == a->row.values[TASK_GOROUTINE])
    return;
  for (guint i = 0; i < a->n_members; i++)
    if (a->members[i] == goroutine)
      return;
  if (a->n_members < ROWS_KEPT)
    a->members[a->n_members++] = goroutine;
  else
    a->more_members = TRUE;
}

static gboolean take_region(gint64 number, const gint64 *values, gpointer data) {
  Answer *a = data;
  UnparkRowFacts row = {.table = UNPARK_TABLE_REGION, .number = number};
  if (values[REGION_TASK] != a->row.values[TASK_ID])
    return TRUE;
  a->n_regions++;
  take_member(a, values[REGION_GOROUTINE]);
  memcpy(row.values, values, sizeof row.values);
  for (guint i = 0; i < MIN(a->n_regions, ROWS_KEPT); i++) {
    if (i + 1 < a->n_regions && length_of(a->store, &a->regions[i]) >= length_of(a->store, &row))
      continue;
    UnparkRowFacts moved = a->regions[i];
    a->regions[i] = row;
    row = moved;
  }
  return TRUE;
}

static gboolean take_log(gint64 number, const gint64 *values, gpointer data) {
  Answer *a = data;
  if (values[LOG_TASK] != a->row.values[TASK_ID])
    return TRUE;
  take_member(a, values[LOG_GOROUTINE]);
  if (a->n_logs < ROWS_KEPT) {
    a->logs[a->n_logs] = (UnparkRowFacts){.table = UNPARK_TABLE_LOG, .number = number};
    memcpy(a->logs[a->n_logs].values, values, sizeof a->logs->values);
  }
  a->n_logs++;
  return TRUE;
}

static gboolean read_task(Answer *a, UnparkStore *store, GCancellable *cancellable,
                          GError **error) {
  a->store = store;
  return unpark_store_visit_rows(store, UNPARK_TABLE_REGION, UNPARK_NONE, a->from_ns, a->to_ns,
                                 take_region, a, cancellable, error) &&
         unpark_store_visit_rows(store, UNPARK_TABLE_LOG, UNPARK_NONE, a->from_ns, a->to_ns,
                                 take_log, a, cancellable, error);
}

static gboolean read_region(Answer *a, UnparkStore *store, GCancellable *cancellable,
                            GError **error) {
  guint n;
  GError *failure = NULL;
  g_autofree UnparkSpan *spans = unpark_store_spans(
      store, a->row.values[REGION_GOROUTINE], a->from_ns, a->to_ns, 0, &n, cancellable, &failure);
  for (guint i = 0; i < n; i++) {
    const UnparkKind *kind = unpark_store_kind(store, spans[i].kind);
    gint64 part = MIN(spans[i].end_ns, a->to_ns) - MAX(spans[i].start_ns, a->from_ns);
    if (kind && part > 0)
      unpark_time_sum(&a->total_ns[kind->state], part);
  }
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}

/* The task that the row names. */
static gboolean read_owner(Answer *a, UnparkStore *store, GCancellable *cancellable,
                           GError **error) {
  GError *failure = NULL;
  const gint64 *v = a->row.values;
  gint64 id = a->row.table == UNPARK_TABLE_TASK     ? v[TASK_PARENT]
              : a->row.table == UNPARK_TABLE_REGION ? v[REGION_TASK]
              : a->row.table == UNPARK_TABLE_LOG    ? v[LOG_TASK]
                                                    : 0;
  unpark_row_find_task(store, id, &a->task, cancellable, &failure);
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}

static gboolean read_more(Answer *a, UnparkStore *store, GCancellable *cancellable,
                          GError **error) {
  if (!read_owner(a, store, cancellable, error))
    return FALSE;
  if (a->row.table == UNPARK_TABLE_TASK)
    return read_task(a, store, cancellable, error);
  if (a->row.table == UNPARK_TABLE_REGION)
    return read_region(a, store, cancellable, error);
  if (a->row.table == UNPARK_TABLE_RANGE)
    unpark_parts_read_stack(store, (guint32)a->row.values[RANGE_STACK], &a->stack);
  if (a->row.table == UNPARK_TABLE_CPU_SAMPLE)
    unpark_parts_read_stack(store, (guint32)a->row.values[SAMPLE_STACK], &a->stack);
  return TRUE;
}

static gpointer find_row(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  Answer *a = g_new0(Answer, 1);
  a->row = (UnparkRowFacts){.table = q->pick.table, .number = q->pick.id};
  if (unpark_store_goroutines(q->store, NULL, error) &&
      unpark_store_row(q->store, q->pick.table, q->pick.id, a->row.values, error)) {
    unpark_row_time(q->store, &a->row, &a->from_ns, &a->to_ns);
    if (read_more(a, q->store, cancellable, error))
      return a;
  }
  answer_free(a);
  return NULL;
}

/* ---- telling --------------------------------------------------------------------------------- */

static const char *string(UnparkParts *p, gint64 id) {
  return id > 0 ? unpark_store_string(p->store, (guint32)id) : "";
}

/* `format` holds a %s for the name, and one for how long it was. */
static void tell_named(UnparkParts *p, const Answer *a, const char *format, const char *name) {
  char duration[UNPARK_FORMAT_SIZE];
  g_auto(GStrv) parts = g_strsplit(format, "%s", 3);
  g_return_if_fail(g_strv_length(parts) == 3);
  g_autofree char *text =
      g_strconcat(parts[0], *name ? name : _("unnamed"), parts[1],
                  unpark_format_duration(a->to_ns - a->from_ns, duration), parts[2], NULL);
  unpark_parts_sentence(p, text, NULL);
}

/* What the runtime did, in words: "every goroutine was stopped, for 35 µs"; and what it calls it.
 */
static void tell_range_name(UnparkParts *p, const Answer *a, const char *name) {
  static const struct {
    const char *prefix, *words;
  } ranges[] = {
      {"stop-the-world", N_("all goroutines were stopped")},
      {"GC concurrent mark", N_("the garbage collector was marking")},
      {"GC mark assist", N_("assisted the garbage collector because it allocated heavily")},
      {"GC incremental sweep", N_("the garbage collector was sweeping")},
  };
  for (guint i = 0; i < G_N_ELEMENTS(ranges); i++)
    if (g_str_has_prefix(name, ranges[i].prefix)) {
      /* Translators: what happened, for how long */
      tell_named(p, a, _("%s, for %s"), _(ranges[i].words));
      unpark_parts_dim(p, name);
      return;
    }
  tell_named(p, a, _("%s for %s"), name);
}

static void tell_times(UnparkParts *p, gint64 start_ns, gint64 end_ns) {
  unpark_parts_time(p, _("From"), start_ns);
  unpark_parts_time(p, _("To"), end_ns);
  if (start_ns == UNPARK_NONE)
    unpark_parts_dim(p, _("It began before the trace."));
  if (end_ns == UNPARK_NONE)
    unpark_parts_dim(p, _("It had not ended when the trace did."));
}

static void tell_goroutine(UnparkParts *p, gint64 id, gint64 at_ns) {
  if (id != UNPARK_NONE && id > 0)
    unpark_parts_goroutine(p, id, at_ns, NULL);
}

/* The regions and tasks that the goroutine worked in then. */
static void ask_context(UnparkParts *p, const Answer *a, gint64 goroutine) {
  const UnparkSpan when = {.goroutine = goroutine, .start_ns = a->from_ns, .end_ns = a->to_ns};
  if (goroutine != UNPARK_NONE && goroutine > 0)
    unpark_pick_page_ask(p->page, &unpark_ask_context, g_memdup2(&when, sizeof when), g_free);
}

static void tell_range(UnparkParts *p, const Answer *a) {
  const gint64 *v = a->row.values;
  /* Zoomed out, several of them were one under the pointer. */
  const UnparkPick exact = unpark_row_pick(p->store, &a->row);
  unpark_session_settle_pick(p->session, &exact);
  tell_range_name(p, a, string(p, v[RANGE_NAME]));
  if (v[RANGE_SCOPE] == UNPARK_SCOPE_GOROUTINE)
    tell_goroutine(p, v[RANGE_SCOPE_ID], a->from_ns);
  else if (v[RANGE_SCOPE] == UNPARK_SCOPE_PROC)
    unpark_parts_lane(p, _("Processor"), UNPARK_PICK_PROC, v[RANGE_SCOPE_ID]);
  else
    unpark_parts_dim(p, _("It affected the whole program."));
  tell_times(p, v[RANGE_START], v[RANGE_END]);
  unpark_pick_page_ask(p->page, &unpark_ask_late, NULL, NULL);
  if (v[RANGE_SCOPE] == UNPARK_SCOPE_GOROUTINE)
    ask_context(p, a, v[RANGE_SCOPE_ID]);
  unpark_parts_stack(p, _("Where it began"), &a->stack);
}

static void tell_task(UnparkParts *p, const Answer *a) {
  const gint64 *v = a->row.values;
  char count[UNPARK_FORMAT_SIZE];
  tell_named(p, a, _("the task %s took %s"), string(p, v[TASK_NAME]));
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, v[TASK_ID]);
  unpark_parts_fact(p, _("Task"), id);
  tell_times(p, v[TASK_START], v[TASK_END]);
  unpark_pick_page_ask(p->page, &unpark_ask_task_time, g_memdup2(&v[TASK_ID], sizeof(gint64)),
                       g_free);
  if (v[TASK_GOROUTINE] != UNPARK_NONE)
    unpark_parts_heading(p, _("Started by"));
  tell_goroutine(p, v[TASK_GOROUTINE], a->from_ns);
  if (a->n_members > 0)
    unpark_parts_heading(p, _("Also involved"));
  for (guint i = 0; i < a->n_members; i++)
    tell_goroutine(p, a->members[i], UNPARK_NONE);
  if (a->more_members)
    unpark_parts_dim(p, _("and others"));
  if (a->task.number >= 0) {
    unpark_parts_heading(p, _("Part of"));
    unpark_parts_row(p, _("task"), &a->task);
  }
  if (a->n_regions > 0) {
    g_autofree char *title =
        g_strdup_printf(ngettext("Its %s region", "The longest of its %s regions", a->n_regions),
                        unpark_format_count(a->n_regions, count));
    unpark_parts_heading(p, title);
  }
  for (guint i = 0; i < MIN(a->n_regions, ROWS_KEPT); i++)
    unpark_parts_row(p, NULL, &a->regions[i]);
  if (a->n_logs > 0) {
    g_autofree char *title =
        g_strdup_printf(ngettext("Its %s log", "The first of its %s logs", a->n_logs),
                        unpark_format_count(a->n_logs, count));
    unpark_parts_heading(p, title);
  }
  for (guint i = 0; i < MIN(a->n_logs, ROWS_KEPT); i++)
    unpark_parts_row(p, NULL, &a->logs[i]);
}

static void tell_owner(UnparkParts *p, const Answer *a) {
  if (a->task.number < 0)
    return;
  unpark_parts_heading(p, _("Part of"));
  unpark_parts_row(p, _("task"), &a->task);
}

static void tell_region(UnparkParts *p, const Answer *a) {
  const gint64 *v = a->row.values;
  tell_named(p, a, _("the region %s took %s"), string(p, v[REGION_NAME]));
  tell_goroutine(p, v[REGION_GOROUTINE], a->from_ns);
  tell_times(p, v[REGION_START], v[REGION_END]);
  unpark_parts_totals(p, a->total_ns);
  tell_owner(p, a);
}

static void tell_log(UnparkParts *p, const Answer *a) {
  const gint64 *v = a->row.values;
  const char *message = string(p, v[LOG_MESSAGE]);
  unpark_parts_sentence(p, *message ? message : _("an empty message"), NULL);
  unpark_parts_dim(p, _("A message logged by the program."));
  if (*string(p, v[LOG_CATEGORY]))
    unpark_parts_fact(p, _("Category"), string(p, v[LOG_CATEGORY]));
  unpark_parts_time(p, _("Logged at"), v[LOG_TIME]);
  tell_goroutine(p, v[LOG_GOROUTINE], v[LOG_TIME]);
  tell_owner(p, a);
}

static void tell_sample(UnparkParts *p, const Answer *a) {
  const gint64 *v = a->row.values;
  unpark_parts_sentence(p, _("A sample of the CPU profiler: this code was running"), NULL);
  unpark_parts_time(p, _("Taken at"), v[SAMPLE_TIME]);
  tell_goroutine(p, v[SAMPLE_GOROUTINE], v[SAMPLE_TIME]);
  unpark_parts_lane(p, _("Processor"), UNPARK_PICK_PROC, v[SAMPLE_PROC]);
  unpark_parts_lane(p, _("Thread"), UNPARK_PICK_THREAD, v[SAMPLE_THREAD]);
  unpark_parts_stack(p, _("Stack"), &a->stack);
  ask_context(p, a, v[SAMPLE_GOROUTINE]);
}

static void tell_row(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  switch (a->row.table) {
  case UNPARK_TABLE_RANGE:
    tell_range(p, a);
    break;
  case UNPARK_TABLE_TASK:
    tell_task(p, a);
    break;
  case UNPARK_TABLE_REGION:
    tell_region(p, a);
    break;
  case UNPARK_TABLE_LOG:
    tell_log(p, a);
    break;
  case UNPARK_TABLE_CPU_SAMPLE:
    tell_sample(p, a);
    break;
  default:
    break;
  }
}

const UnparkAsk unpark_ask_row = {
    .busy = N_("Reading…"), .find = find_row, .tell = tell_row, .answer_free = answer_free};
