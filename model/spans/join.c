/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spans/join.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/store/decode.h"

/* ---- Tasks ------------------------------------------------------------------------------- */

typedef struct {
  GHashTable *names; /* text -> its id, of all names of spans */
  GHashTable *known; /* string id of the store -> id of the text + 1, 0: no span has it */
  GArray *tasks;
} Reading;

static guint32 name_of(Reading *r, UnparkStore *store, gint64 string) {
  gpointer known, id;

  if (string <= 0 || string > G_MAXUINT32)
    return 0;
  if (g_hash_table_lookup_extended(r->known, GUINT_TO_POINTER(string), NULL, &known))
    return GPOINTER_TO_UINT(known);
  id = g_hash_table_lookup(r->names, unpark_store_string(store, (guint32)string));
  g_hash_table_insert(r->known, GUINT_TO_POINTER(string), id);
  return GPOINTER_TO_UINT(id);
}

static gboolean read_tasks(Reading *r, const UnparkSourceEntry *source, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(source->store, (UnparkFact)UNPARK_TABLE_TASK);

  for (guint b = 0; b < list->n; b++) {
    g_autoptr(UnparkDecoded) d = unpark_store_decode(source->store, (UnparkFact)UNPARK_TABLE_TASK,
                                                     &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      gint64 start = d->columns[TASK_START][i], end = d->columns[TASK_END][i];
      const UnparkJoinTask task = {
          .name = name_of(r, source->store, d->columns[TASK_NAME][i]),
          .id = d->columns[TASK_ID][i],
          .parent = d->columns[TASK_PARENT][i],
          .goroutine = d->columns[TASK_GOROUTINE][i],
          .start_ns = start == UNPARK_NONE ? start : unpark_time_add(start, source->add_ns),
          .end_ns = end == UNPARK_NONE ? end : unpark_time_add(end, source->add_ns)};

      /* One that began before the trace did has no name. */
      if (task.name != 0 && start != UNPARK_NONE)
        g_array_append_val(r->tasks, task);
    }
  }
  return TRUE;
}

static int compare(gint64 a, gint64 b) {
  return a < b ? -1 : a > b;
}

static int by_name(const void *a, const void *b) {
  const UnparkJoinTask *x = a, *y = b;

  if (x->name != y->name)
    return compare(x->name, y->name);
  return x->start_ns != y->start_ns ? compare(x->start_ns, y->start_ns) : compare(x->id, y->id);
}

static int by_id(const void *a, const void *b, void *tasks) {
  const UnparkJoinTask *all = tasks;

  return compare(all[*(const guint *)a].id, all[*(const guint *)b].id);
}

static int by_parent(const void *a, const void *b, void *tasks) {
  const UnparkJoinTask *all = tasks;
  guint x = *(const guint *)a, y = *(const guint *)b;

  /* Numbers ascend by name and start. */
  return all[x].parent != all[y].parent ? compare(all[x].parent, all[y].parent) : compare(x, y);
}

static void index_tasks(UnparkJoinTrace *trace) {
  trace->by_id = g_new(guint, trace->n + 1);
  trace->by_parent = g_new(guint, trace->n + 1);
  if (trace->n > 1)
    qsort(trace->tasks, trace->n, sizeof *trace->tasks, by_name);
  for (guint i = 0; i < trace->n; i++)
    trace->by_id[i] = trace->by_parent[i] = i;
  g_qsort_with_data(trace->by_id, (gint)trace->n, sizeof(guint), by_id, trace->tasks);
  g_qsort_with_data(trace->by_parent, (gint)trace->n, sizeof(guint), by_parent, trace->tasks);
}

static gboolean read_trace(UnparkJoin *join, guint source, GHashTable *names, GError **error) {
  const UnparkSourceEntry *entry = &join->sources[source];
  const UnparkSource *what = unpark_store_source(entry->store);
  UnparkJoinTrace *trace = &join->of[source];
  Reading r = {names, g_hash_table_new(NULL, NULL),
               g_array_new(FALSE, FALSE, sizeof(UnparkJoinTask))};
  gboolean ok = read_tasks(&r, entry, error);

  g_hash_table_unref(r.known);
  trace->n = r.tasks->len;
  trace->tasks = (UnparkJoinTask *)(gpointer)g_array_free(r.tasks, FALSE);
  trace->from_ns = unpark_time_add(what->start_ns, entry->add_ns);
  trace->to_ns = unpark_time_add(what->end_ns, entry->add_ns);
  if (ok)
    index_tasks(trace);
  return ok;
}

gboolean unpark_join_read(UnparkJoin *join, GError **error) {
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  gboolean ok = TRUE;

  for (guint i = 0; i < join->traces->n_spans; i++) {
    guint32 name = join->traces->spans[i].name;
    g_hash_table_insert(names, (gpointer)unpark_traces_text(join->traces, name),
                        GUINT_TO_POINTER(name));
  }
  join->of = g_new0(UnparkJoinTrace, join->n_sources + 1);
  for (guint i = 0; i < join->n_sources && ok; i++) {
    join->of[i].process = -1;
    if (unpark_store_source(join->sources[i].store)->kind == UNPARK_SOURCE_TRACE)
      ok = read_trace(join, i, names, error);
  }
  return ok;
}

void unpark_join_clear(UnparkJoin *join) {
  for (guint i = 0; join->of && i < join->n_sources; i++) {
    g_free(join->of[i].tasks);
    g_free(join->of[i].by_id);
    g_free(join->of[i].by_parent);
  }
  g_free(join->of);
  g_free(join->process);
  g_free(join->votes);
}

UnparkJoinTask *unpark_join_task(const UnparkJoinTrace *trace, gint64 id) {
  guint low = 0, high = trace->n;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (trace->tasks[trace->by_id[middle]].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == trace->n || trace->tasks[trace->by_id[low]].id != id)
    return NULL;
  return &trace->tasks[trace->by_id[low]];
}

/* Whether the task comes before those of this parent and name. */
static gboolean is_before(const UnparkJoinTask *task, gint64 parent, guint32 name) {
  return task->parent != parent ? task->parent < parent : task->name < name;
}

void unpark_join_children(const UnparkJoinTrace *trace, gint64 parent, guint32 name, guint *first,
                          guint *last) {
  guint low = 0, high = trace->n;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (is_before(&trace->tasks[trace->by_parent[middle]], parent, name))
      low = middle + 1;
    else
      high = middle;
  }
  *first = *last = low;
  while (*last < trace->n && trace->tasks[trace->by_parent[*last]].parent == parent &&
         trace->tasks[trace->by_parent[*last]].name == name)
    ++*last;
}

void unpark_join_named(const UnparkJoinTrace *trace, guint32 name, guint *first, guint *last) {
  guint bounds[2];

  for (guint k = 0; k < 2; k++) {
    guint low = 0, high = trace->n;
    while (low < high) {
      guint middle = low + (high - low) / 2;
      if (trace->tasks[middle].name < name + k)
        low = middle + 1;
      else
        high = middle;
    }
    bounds[k] = low;
  }
  *first = bounds[0];
  *last = bounds[1];
}

guint unpark_join_from(const UnparkJoinTrace *trace, guint first, guint last, gint64 time_ns) {
  while (first < last) {
    guint middle = first + (last - first) / 2;
    if (trace->tasks[middle].start_ns < time_ns)
      first = middle + 1;
    else
      last = middle;
  }
  return first;
}

/* ---- Times ------------------------------------------------------------------------------- */

/* What is usual; earlier than the span is as bad as so many times later. */
#define USUAL_NS 5000.0
#define EARLIER 4

static double lateness(gint64 task_ns, gint64 span_ns) {
  double late = (double)unpark_time_subtract(task_ns, span_ns);

  return log1p((late < 0 ? -EARLIER * late : late) / USUAL_NS);
}

double unpark_join_misfit(const UnparkTraceSpan *span, const UnparkJoinTask *task) {
  double start = lateness(task->start_ns, span->start_ns);

  return start + (task->end_ns == UNPARK_NONE ? start : lateness(task->end_ns, span->end_ns));
}

/* ---- All of it ------------------------------------------------------------------------------ */

static int by_process(const void *a, const void *b, void *resources) {
  const UnparkTraceResource *all = resources;
  const UnparkTraceResource *x = &all[*(const guint *)a], *y = &all[*(const guint *)b];

  if (x->service != y->service)
    return compare(x->service, y->service);
  return x->host != y->host ? compare(x->host, y->host) : compare(x->pid, y->pid);
}

/* Spans of one process come in several files, each with a resource of its own. */
static void number_processes(UnparkJoin *join) {
  const UnparkTraces *traces = join->traces;
  g_autofree guint *sorted = g_new(guint, traces->n_resources + 1);

  join->process = g_new(guint32, traces->n_resources + 1);
  for (guint i = 0; i < traces->n_resources; i++)
    sorted[i] = i;
  g_qsort_with_data(sorted, (gint)traces->n_resources, sizeof *sorted, by_process,
                    traces->resources);
  for (guint i = 0; i < traces->n_resources; i++) {
    if (i == 0 || by_process(&sorted[i - 1], &sorted[i], traces->resources) != 0)
      join->n_processes++;
    join->process[sorted[i]] = join->n_processes - 1;
  }
  join->votes = g_new0(guint32, (gsize)join->n_processes * join->n_sources + 1);
}

/* What a trace's process is called, by the first resource of it. */
static void name_sources(UnparkJoin *join) {
  for (guint i = 0; i < join->n_sources; i++)
    for (guint r = 0; join->of[i].process >= 0 && r < join->traces->n_resources; r++)
      if ((gint32)join->process[r] == join->of[i].process) {
        g_array_index(join->traces->sources, UnparkTraceSource, i).resource = (gint32)r;
        break;
      }
}

/* A file of spans that are all of one process. */
static void name_files(UnparkJoin *join) {
  g_autofree gboolean *several = g_new0(gboolean, join->n_sources + 1);

  for (guint r = 0; r < join->traces->n_resources; r++) {
    guint source = join->traces->resources[r].source;
    UnparkTraceSource *file = &g_array_index(join->traces->sources, UnparkTraceSource, source);

    if (file->resource >= 0 && join->process[file->resource] != join->process[r])
      several[source] = TRUE;
    file->resource = (gint32)r;
  }
  for (guint i = 0; i < join->n_sources; i++)
    if (several[i])
      g_array_index(join->traces->sources, UnparkTraceSource, i).resource = -1;
}

static gboolean has_goroutines(const UnparkSourceEntry *sources, guint n) {
  for (guint i = 0; i < n; i++) {
    UnparkSourceKind kind = unpark_store_source(sources[i].store)->kind;
    if (kind == UNPARK_SOURCE_TRACE || kind == UNPARK_SOURCE_DUMP)
      return TRUE;
  }
  return FALSE;
}

gboolean unpark_traces_join_by(UnparkTraces *traces, const UnparkSourceEntry *sources, guint n,
                               gboolean ids, GError **error) {
  UnparkJoin join = {.traces = traces, .sources = sources, .n_sources = n};
  gboolean ok;

  if (traces->n_spans == 0)
    return TRUE;
  number_processes(&join);
  name_files(&join);
  if (!has_goroutines(sources, n)) {
    unpark_join_clear(&join);
    return TRUE;
  }
  ok = unpark_join_read(&join, error) && (!ids || unpark_join_ids(&join, error));
  if (ok) {
    unpark_join_processes(&join);
    unpark_join_tasks(&join);
    name_sources(&join);
    ok = !ids || unpark_join_labels(&join, error);
  }
  unpark_join_clear(&join);
  return ok;
}

gboolean unpark_traces_join(UnparkTraces *traces, const UnparkSourceEntry *sources, guint n,
                            GError **error) {
  return unpark_traces_join_by(traces, sources, n, TRUE, error);
}
