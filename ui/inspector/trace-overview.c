/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is picked, in a file of spans: what all spans that are open say together. */
#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "model/spans/findings.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"

#define FINDINGS_SHOWN 6

typedef struct {
  const UnparkTraces *traces; /* of the question's sources */
  guint n_services, n_errors, n_joined, n_requests;
  gint64 from_ns, to_ns;
  GPtrArray *findings;
} Answer;

static void answer_free(gpointer data) {
  Answer *a = data;
  g_ptr_array_unref(a->findings);
  g_free(a);
}

static gpointer find_all(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  const UnparkTraces *traces = unpark_sources_traces(q->data, error);
  if (!traces)
    return NULL;
  Answer *a = g_new0(Answer, 1);
  a->traces = traces;
  g_free(unpark_traces_services(traces, &a->n_services));
  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[i];
    a->n_errors += span->status == UNPARK_TRACE_ERROR;
    a->n_joined += span->join.certainty != UNPARK_TRACE_NOT_JOINED;
    a->n_requests += span->parent < 0;
    a->from_ns = i == 0 ? span->start_ns : MIN(a->from_ns, span->start_ns);
    a->to_ns = i == 0 ? span->end_ns : MAX(a->to_ns, span->end_ns);
  }
  a->findings = unpark_trace_findings(traces);
  return a;
}

static void tell_count(UnparkParts *p, const char *name, guint n) {
  char text[UNPARK_FORMAT_SIZE];
  unpark_parts_fact(p, name, unpark_format_count(n, text));
}

static void tell_example(UnparkParts *p, const UnparkTraces *traces, gint32 number) {
  const UnparkTraceSpan *span = &traces->spans[number];
  UnparkSession *session = unpark_session_of_source(p->session, span->source + 1);
  const UnparkPick target = {.type = UNPARK_PICK_ROW,
                             .table = UNPARK_TABLE_TRACE_SPAN,
                             .id = span->row,
                             .start_ns = span->start_ns,
                             .end_ns = span->end_ns};
  char length[UNPARK_FORMAT_SIZE];
  g_autofree char *text = g_strdup_printf(_("Example: %s"), unpark_traces_text(traces, span->name));
  unpark_format_duration(span->end_ns - span->start_ns, length);
  if (session)
    unpark_parts_link_in(p, session, text, length, NULL, &target);
}

static void tell_all(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  unpark_parts_sentence(p, _("Spans of distributed traces"), NULL);
  unpark_parts_dim(p, _("Click a span to see what it did and what it waited for."));
  tell_count(p, _("Requests"), a->n_requests);
  tell_count(p, _("Spans"), a->traces->n_spans);
  tell_count(p, _("Spans with errors"), a->n_errors);
  tell_count(p, _("Services"), a->n_services);
  unpark_parts_duration(p, _("From first to last"), a->to_ns - a->from_ns);
  if (a->n_joined > 0)
    tell_count(p, _("Spans whose goroutine is known"), a->n_joined);
  unpark_parts_heading(p, _("Findings"));
  if (a->findings->len == 0)
    unpark_parts_dim(p, _("Nothing stands out."));
  for (guint i = 0; i < MIN(a->findings->len, FINDINGS_SHOWN); i++) {
    const UnparkTraceFinding *finding = a->findings->pdata[i];
    unpark_parts_plain(p, finding->sentence);
    unpark_parts_dim(p, finding->advice);
    for (guint e = 0; e < finding->n_examples; e++)
      tell_example(p, a->traces, finding->examples[e]);
  }
  if (a->findings->len > 0)
    unpark_parts_view_link(p, _("Show the services"), "services");
}

static const UnparkAsk ask_all = {
    .busy = N_("Reading…"), .find = find_all, .tell = tell_all, .answer_free = answer_free};

/* The page's session knows what is open; the worker does not. */
static gpointer find_nothing(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  return g_strdup("");
}

static void tell_nothing(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  unpark_pick_page_ask(p->page, &ask_all,
                       unpark_sources_ref(unpark_session_get_sources(p->session)),
                       (GDestroyNotify)unpark_sources_unref);
}

const UnparkAsk unpark_ask_trace_overview = {
    .find = find_nothing, .tell = tell_nothing, .answer_free = g_free};
