/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of a span of a distributed trace: its events with their attributes, its links and its ids. */
#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "model/spans/attributes.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"

#define MAX_SHOWN 60

typedef struct {
  UnparkSources *sources;
  gint32 span;
} Wanted;

typedef struct {
  const UnparkTraces *traces; /* of the question's sources */
  gint32 span;
  GPtrArray *events; /* name, when, name, when ... */
  GPtrArray *values; /* number and key, value ... of events' and links' attributes */
  GArray *links;     /* UnparkTraceIds */
  GArray *linked;    /* gint32, for each: its span; -1: it is in no file that is open */
} Answer;

static void answer_free(gpointer data) {
  Answer *a = data;
  g_ptr_array_unref(a->events);
  g_ptr_array_unref(a->values);
  g_array_unref(a->links);
  g_array_unref(a->linked);
  g_free(a);
}

static void wanted_free(gpointer data) {
  unpark_sources_unref(((Wanted *)data)->sources);
  g_free(data);
}

/* ---- finding out, in a worker ---------------------------------------------------------------- */

static gint32 find_linked(const UnparkTraces *traces, const UnparkTraceIds *ids) {
  for (gint32 i = 0; i < (gint32)traces->n_spans; i++) {
    const UnparkTraceIds *own = &traces->spans[i].ids;
    if (own->span == ids->span && own->low == ids->low && own->high == ids->high)
      return i;
  }
  return -1;
}

static void read_events(Answer *a, UnparkTraceRows *rows, GError **error) {
  UnparkTraceEvent event;
  guint at = 0;
  while (a->events->len < 2 * MAX_SHOWN &&
         unpark_trace_rows_event(rows, (guint)a->span, &at, &event, error)) {
    char time[UNPARK_FORMAT_SIZE];
    gint64 after = event.time_ns - a->traces->spans[a->span].start_ns;
    g_ptr_array_add(a->events, g_strdup(event.name));
    g_ptr_array_add(a->events, g_strdup_printf("+%s", unpark_format_duration(after, time)));
  }
}

static void read_values(Answer *a, UnparkTraceRows *rows, GError **error) {
  UnparkTraceAttribute attribute;
  guint at = 0;
  while (a->values->len < 2 * MAX_SHOWN &&
         unpark_trace_rows_attribute(rows, (guint)a->span, &at, &attribute, error)) {
    char buffer[UNPARK_TRACE_VALUE_SIZE], number[UNPARK_FORMAT_SIZE];
    if (attribute.scope != UNPARK_TRACE_OF_EVENT && attribute.scope != UNPARK_TRACE_OF_LINK)
      continue;
    unpark_format_number((guint64)MAX(attribute.item, 0), number);
    g_ptr_array_add(a->values, attribute.scope == UNPARK_TRACE_OF_EVENT
                                   /* Translators: its number, a key */
                                   ? g_strdup_printf(_("event %s  %s"), number, attribute.key)
                                   /* Translators: its number, a key */
                                   : g_strdup_printf(_("link %s  %s"), number, attribute.key));
    g_ptr_array_add(a->values, g_strdup(unpark_trace_value_text(&attribute, buffer)));
  }
}

static void read_links(Answer *a, UnparkTraceRows *rows, GError **error) {
  UnparkTraceIds ids;
  guint at = 0;
  while (a->links->len < MAX_SHOWN &&
         unpark_trace_rows_link(rows, (guint)a->span, &at, &ids, error)) {
    gint32 linked = find_linked(a->traces, &ids);
    g_array_append_val(a->links, ids);
    g_array_append_val(a->linked, linked);
  }
}

static gpointer find_more(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  const Wanted *wanted = q->data;
  const UnparkTraces *traces = unpark_sources_traces(wanted->sources, error);
  g_autoptr(GError) failure = NULL;
  if (!traces)
    return NULL;
  g_autoptr(UnparkTraceRows) rows = unpark_trace_rows_new(traces);
  Answer *a = g_new(Answer, 1);
  *a = (Answer){traces,
                wanted->span,
                g_ptr_array_new_with_free_func(g_free),
                g_ptr_array_new_with_free_func(g_free),
                g_array_new(FALSE, FALSE, sizeof(UnparkTraceIds)),
                g_array_new(FALSE, FALSE, sizeof(gint32))};
  read_events(a, rows, &failure);
  if (!failure)
    read_links(a, rows, &failure);
  if (!failure && (a->events->len > 0 || a->links->len > 0))
    read_values(a, rows, &failure);
  if (!failure)
    return a;
  answer_free(a);
  g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void tell_link(UnparkParts *p, const Answer *a, guint i) {
  const UnparkTraceIds *ids = &g_array_index(a->links, UnparkTraceIds, i);
  gint32 number = g_array_index(a->linked, gint32, i);
  char id[UNPARK_TRACE_ID_SIZE], length[UNPARK_FORMAT_SIZE];
  const UnparkTraceSpan *span = number < 0 ? NULL : &a->traces->spans[number];
  UnparkSession *session = span ? unpark_session_of_source(p->session, span->source + 1) : NULL;
  if (!session) {
    unpark_parts_fact(p, _("Trace in no open file"), unpark_trace_id_text(ids, FALSE, id));
    return;
  }
  const UnparkPick target = {.type = UNPARK_PICK_ROW,
                             .table = UNPARK_TABLE_TRACE_SPAN,
                             .id = span->row,
                             .start_ns = span->start_ns,
                             .end_ns = span->end_ns};
  unpark_parts_link_in(p, session, unpark_traces_text(a->traces, span->name),
                       unpark_format_duration(span->end_ns - span->start_ns, length), NULL,
                       &target);
}

static void tell_ids(UnparkParts *p, const UnparkTraceSpan *span) {
  char id[UNPARK_TRACE_ID_SIZE];
  unpark_parts_heading(p, _("IDs"));
  unpark_parts_fact(
      p, _("Trace"),
      unpark_trace_id_text(&span->ids, (span->flags & UNPARK_TRACE_SHORT_ID) != 0, id));
  g_snprintf(id, sizeof id, "%016" G_GINT64_MODIFIER "x", span->ids.span);
  unpark_parts_fact(p, _("Span"), id);
}

static void tell_more(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  if (a->events->len > 0)
    unpark_parts_heading(p, _("Events"));
  for (guint i = 0; i + 1 < a->events->len; i += 2)
    unpark_parts_fact(p, a->events->pdata[i], a->events->pdata[i + 1]);
  if (a->links->len > 0)
    unpark_parts_heading(p, _("Links"));
  for (guint i = 0; i < a->links->len; i++)
    tell_link(p, a, i);
  if (a->values->len > 0)
    unpark_parts_heading(p, _("Attributes of events and links"));
  for (guint i = 0; i + 1 < a->values->len; i += 2)
    unpark_parts_fact(p, a->values->pdata[i], a->values->pdata[i + 1]);
  tell_ids(p, &a->traces->spans[a->span]);
}

static const UnparkAsk ask_more = {
    .busy = N_("Reading…"), .find = find_more, .tell = tell_more, .answer_free = answer_free};

void unpark_parts_ask_trace_more(UnparkParts *p, gint32 span) {
  Wanted *wanted = g_new(Wanted, 1);
  *wanted = (Wanted){unpark_sources_ref(unpark_session_get_sources(p->session)), span};
  unpark_pick_page_ask(p->page, &ask_more, wanted, wanted_free);
}
