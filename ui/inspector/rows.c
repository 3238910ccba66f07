/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inspector/rows.h"

#include <glib/gi18n.h>

#include "ui/inspector/pages.h"
#include "model/base/tables.h"

void unpark_row_time(UnparkStore *store, const UnparkRowFacts *row, gint64 *from_ns,
                     gint64 *to_ns) {
  const gint64 *v = row->values;
  switch (row->table) {
  case UNPARK_TABLE_RANGE:
    *from_ns = v[RANGE_START], *to_ns = v[RANGE_END];
    break;
  case UNPARK_TABLE_TASK:
    *from_ns = v[TASK_START], *to_ns = v[TASK_END];
    break;
  case UNPARK_TABLE_REGION:
    *from_ns = v[REGION_START], *to_ns = v[REGION_END];
    break;
  case UNPARK_TABLE_LOG:
    *from_ns = *to_ns = v[LOG_TIME];
    break;
  default:
    *from_ns = *to_ns = v[SAMPLE_TIME];
  }
  if (*from_ns == UNPARK_NONE)
    *from_ns = unpark_store_source(store)->start_ns;
  if (*to_ns == UNPARK_NONE)
    *to_ns = unpark_store_source(store)->end_ns;
}

UnparkPick unpark_row_pick(UnparkStore *store, const UnparkRowFacts *row) {
  UnparkPick pick = {.type = UNPARK_PICK_ROW, .table = row->table, .id = row->number};
  unpark_row_time(store, row, &pick.start_ns, &pick.end_ns);
  if (row->table == UNPARK_TABLE_REGION)
    pick.goroutine = row->values[REGION_GOROUTINE];
  else if (row->table == UNPARK_TABLE_RANGE && row->values[RANGE_SCOPE] == UNPARK_SCOPE_GOROUTINE)
    pick.goroutine = row->values[RANGE_SCOPE_ID];
  else if (row->table == UNPARK_TABLE_LOG)
    pick.goroutine = row->values[LOG_GOROUTINE];
  return pick;
}

static gboolean take_first(gint64 number, const gint64 *values, gpointer data) {
  UnparkRowFacts *row = data;
  row->number = number;
  for (guint i = 0; i < UNPARK_ROW_COLUMNS; i++)
    row->values[i] = values[i];
  return FALSE;
}

gboolean unpark_row_find_task(UnparkStore *store, gint64 id, UnparkRowFacts *task,
                              GCancellable *cancellable, GError **error) {
  *task = (UnparkRowFacts){.table = UNPARK_TABLE_TASK, .number = -1};
  return id > 0 &&
         unpark_store_visit_rows(store, UNPARK_TABLE_TASK, id, G_MININT64 + 1, G_MAXINT64,
                                 take_first, task, cancellable, error) &&
         task->number >= 0;
}

void unpark_parts_row(UnparkParts *p, const char *before, const UnparkRowFacts *row) {
  static const int names[] = {-1, RANGE_NAME, TASK_NAME, REGION_NAME, LOG_MESSAGE, -1};
  int column = row->table < (int)G_N_ELEMENTS(names) ? names[row->table] : -1;
  const char *name = column >= 0 ? unpark_store_string(p->store, (guint32)row->values[column]) : "";
  UnparkPick pick = unpark_row_pick(p->store, row);
  char value[UNPARK_FORMAT_SIZE];
  g_autofree char *text = before ? g_strdup_printf("%s %s", before, name) : g_strdup(name);
  if (pick.end_ns > pick.start_ns)
    unpark_format_duration(pick.end_ns - pick.start_ns, value);
  else
    unpark_format_time(pick.start_ns, 1000, value);
  unpark_parts_link(p, text, value, *name ? name : NULL, &pick);
}

/* ---- what a span is part of ---------------------------------------------------------------- */

#define REGIONS_KEPT 6

typedef struct {
  UnparkRowFacts regions[REGIONS_KEPT];
  UnparkRowFacts tasks[REGIONS_KEPT];
  guint n_regions, n_tasks;
  gint64 from_ns, to_ns;
} Context;

/* Regions that hold the whole span. */
static gboolean take_region(gint64 number, const gint64 *v, gpointer data) {
  Context *context = data;
  gint64 start = v[REGION_START], end = v[REGION_END];
  if ((start != UNPARK_NONE && start > context->from_ns) ||
      (end != UNPARK_NONE && end < context->to_ns))
    return TRUE;
  context->regions[context->n_regions].table = UNPARK_TABLE_REGION;
  take_first(number, v, &context->regions[context->n_regions]);
  return ++context->n_regions < REGIONS_KEPT;
}

static gboolean has_task(const Context *context, gint64 id) {
  for (guint i = 0; i < context->n_tasks; i++)
    if (context->tasks[i].values[TASK_ID] == id)
      return TRUE;
  return FALSE;
}

static gpointer find_context(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  const UnparkSpan *span = q->data;
  g_autofree Context *context = g_new0(Context, 1);
  g_autoptr(GError) failure = NULL;
  context->from_ns = span->start_ns;
  context->to_ns = span->end_ns;
  if (!unpark_store_visit_rows(q->store, UNPARK_TABLE_REGION, span->goroutine, span->start_ns,
                               span->end_ns, take_region, context, cancellable, error))
    return NULL;
  for (guint i = 0; i < context->n_regions; i++) {
    gint64 id = context->regions[i].values[REGION_TASK];
    if (!has_task(context, id) &&
        unpark_row_find_task(q->store, id, &context->tasks[context->n_tasks], cancellable,
                             &failure))
      context->n_tasks++;
    if (failure) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return NULL;
    }
  }
  return context->n_regions > 0 ? g_steal_pointer(&context) : NULL;
}

static void tell_context(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Context *context = answer;
  unpark_parts_heading(p, _("Part of"));
  for (guint i = 0; i < context->n_tasks; i++)
    unpark_parts_row(p, _("task"), &context->tasks[i]);
  for (guint i = 0; i < context->n_regions; i++)
    unpark_parts_row(p, _("region"), &context->regions[i]);
}

const UnparkAsk unpark_ask_context = {
    .find = find_context, .tell = tell_context, .answer_free = g_free};
