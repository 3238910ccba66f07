/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A span of a distributed trace, with what its goroutine did; and the way back from a goroutine to
 * the spans that it worked for. */
#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "model/base/times.h"
#include "model/spans/attributes.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/kit/tally-bar.h"
#include "ui/text/words.h"

#define MAX_WAITS 5
#define MAX_CHILDREN 6
#define MAX_ATTRIBUTES 60
#define MAX_BACK 6
/* Of unpark_tally_part_name(): after running, runnable and system calls. */
#define FIRST_WAIT 3

/* What is asked of everything that is open. */
typedef struct {
  UnparkSources *sources;
  guint source; /* index of the page's */
} Together;

static void together_free(gpointer data) {
  unpark_sources_unref(((Together *)data)->sources);
  g_free(data);
}

static Together *together_new(UnparkSession *session) {
  Together *together = g_new(Together, 1);
  *together = (Together){unpark_sources_ref(unpark_session_get_sources(session)),
                         (guint)unpark_session_get_source(session) - 1};
  return together;
}

typedef struct {
  UnparkSources *sources;
  const UnparkTraces *traces;
  gint32 span;
  gint64 total_ns[UNPARK_N_STATES]; /* of its goroutine */
  gint64 wait_ns[UNPARK_N_WAITS];   /* of that, by what it waited for */
  gboolean any_trace;               /* an execution trace is open */
  UnparkSpan waits[MAX_WAITS];      /* the longest first */
  guint n_waits;
  gint32 children[MAX_CHILDREN]; /* the longest first */
  guint n_children;
  GPtrArray *attributes; /* key, value, key, value ... */
} Answer;

static void answer_free(gpointer data) {
  Answer *a = data;
  g_ptr_array_unref(a->attributes);
  unpark_sources_unref(a->sources);
  g_free(a);
}

/* ---- finding out, in a worker ---------------------------------------------------------------- */

static gint64 length_of(const UnparkTraces *traces, gint32 span) {
  return traces->spans[span].end_ns - traces->spans[span].start_ns;
}

static void take_wait(Answer *a, UnparkSpan wait) {
  for (guint i = 0; i < MAX_WAITS; i++) {
    if (i == a->n_waits) {
      a->waits[a->n_waits++] = wait;
      return;
    }
    if (a->waits[i].end_ns - a->waits[i].start_ns >= wait.end_ns - wait.start_ns)
      continue;
    UnparkSpan shorter = a->waits[i];
    a->waits[i] = wait;
    wait = shorter;
  }
}

static gboolean read_goroutine(Answer *a, const UnparkTraceSpan *span, GCancellable *cancellable,
                               GError **error) {
  guint n, n_spans = 0;
  GError *failure = NULL;
  if (span->join.certainty <= UNPARK_TRACE_JOINED_BY_LABEL)
    return TRUE;
  UnparkStore *store = unpark_sources_entries(a->sources, &n)[span->join.source].store;
  if (!unpark_store_goroutines(store, NULL, error))
    return FALSE;
  g_autofree UnparkSpan *spans =
      unpark_store_spans(store, span->join.goroutine, span->start_ns, span->end_ns, 0, &n_spans,
                         cancellable, &failure);
  for (guint i = 0; i < n_spans; i++) {
    const UnparkKind *kind = unpark_store_kind(store, spans[i].kind);
    gint64 part = MIN(spans[i].end_ns, span->end_ns) - MAX(spans[i].start_ns, span->start_ns);
    if (!kind || part <= 0)
      continue;
    unpark_time_sum(&a->total_ns[kind->state], part);
    if (kind->state != UNPARK_STATE_WAITING)
      continue;
    if (kind->wait < UNPARK_N_WAITS)
      unpark_time_sum(&a->wait_ns[kind->wait], part);
    take_wait(a, spans[i]);
  }
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}

static void read_children(Answer *a) {
  const UnparkTraces *traces = a->traces;
  for (gint32 c = traces->spans[a->span].first_child; c >= 0; c = traces->spans[c].next_sibling) {
    gint32 child = c;
    for (guint i = 0; i < MAX_CHILDREN; i++) {
      if (i == a->n_children) {
        a->children[a->n_children++] = child;
        break;
      }
      if (length_of(traces, a->children[i]) >= length_of(traces, child))
        continue;
      gint32 shorter = a->children[i];
      a->children[i] = child;
      child = shorter;
    }
  }
}

static gboolean read_attributes(Answer *a, GError **error) {
  g_autoptr(UnparkTraceRows) rows = unpark_trace_rows_new(a->traces);
  UnparkTraceAttribute attribute;
  GError *failure = NULL;
  guint at = 0;
  while (a->attributes->len < 2 * MAX_ATTRIBUTES &&
         unpark_trace_rows_attribute(rows, (guint)a->span, &at, &attribute, &failure)) {
    char buffer[UNPARK_TRACE_VALUE_SIZE];
    if (attribute.item != 0) /* of an event or a link */
      continue;
    g_ptr_array_add(a->attributes, g_strdup(attribute.key));
    g_ptr_array_add(a->attributes, g_strdup(unpark_trace_value_text(&attribute, buffer)));
  }
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}

/* The number of the span that is row `row` of the source; -1: there is none. */
static gint32 number_of(const UnparkTraces *traces, guint source, gint64 row) {
  if (source >= traces->sources->len || row < 0 || row > G_MAXINT32)
    return -1;
  gint64 number = (gint64)unpark_traces_source(traces, source)->first + row;
  return number < traces->n_spans && traces->spans[number].source == source ? (gint32)number : -1;
}

static gpointer find_details(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  const Together *together = q->data;
  const UnparkTraces *traces = unpark_sources_traces(together->sources, error);
  gint32 span = traces ? number_of(traces, together->source, q->pick.id) : -1;
  if (span < 0)
    return NULL;
  Answer *a = g_new0(Answer, 1);
  a->sources = unpark_sources_ref(together->sources);
  a->traces = traces;
  a->span = span;
  a->attributes = g_ptr_array_new_with_free_func(g_free);
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(a->sources, &n);
  for (guint i = 0; i < n; i++)
    a->any_trace |= unpark_store_source(entries[i].store)->kind == UNPARK_SOURCE_TRACE;
  read_children(a);
  if (read_goroutine(a, &traces->spans[span], cancellable, error) && read_attributes(a, error))
    return a;
  answer_free(a);
  return NULL;
}

/* ---- telling --------------------------------------------------------------------------------- */

/* "GET /stock of order" */
static char *span_name(const UnparkTraces *traces, gint32 number) {
  const UnparkTraceSpan *span = &traces->spans[number];
  const char *service = unpark_traces_text(traces, unpark_traces_resource(traces, span)->service);
  const char *name = unpark_traces_text(traces, span->name);
  return *service ? g_strdup_printf(_("%s of %s"), name, service) : g_strdup(name);
}

static void link_span(UnparkParts *p, const UnparkTraces *traces, gint32 number) {
  const UnparkTraceSpan *span = &traces->spans[number];
  UnparkSession *session = unpark_session_of_source(p->session, span->source + 1);
  g_autofree char *name = span_name(traces, number);
  char length[UNPARK_FORMAT_SIZE];
  const UnparkPick target = {.type = UNPARK_PICK_ROW,
                             .table = UNPARK_TABLE_TRACE_SPAN,
                             .id = span->row,
                             .start_ns = span->start_ns,
                             .end_ns = span->end_ns};
  unpark_format_duration(span->end_ns - span->start_ns, length);
  if (session)
    unpark_parts_link_in(p, session, name, length, NULL, &target);
}

static const char *certainty_words(UnparkTraceCertainty certainty) {
  switch (certainty) {
  case UNPARK_TRACE_JOINED_BY_ID:
    return _("Known by the span’s ID in the log of the execution trace.");
  case UNPARK_TRACE_JOINED_BY_TASK:
    return _("Known by its task, the only one of that name at that time.");
  case UNPARK_TRACE_JOINED_BY_TIME:
    return _("Probably: its task is the nearest of several of that name.");
  case UNPARK_TRACE_JOINED_BY_LABEL:
    return _("Known by the labels of the goroutine in a dump.");
  case UNPARK_TRACE_NOT_JOINED:
  default:
    return _("Not known: no execution trace that is open has the span’s ID, or a task of its name "
             "and time.");
  }
}

static void tell_waits(UnparkParts *p, const Answer *a, UnparkStore *store,
                       UnparkSession *session) {
  if (a->n_waits > 0)
    unpark_parts_heading(p, _("Longest Waits"));
  for (guint i = 0; i < a->n_waits; i++) {
    const UnparkSpan *wait = &a->waits[i];
    const UnparkKind *kind = unpark_store_kind(store, wait->kind);
    char length[UNPARK_FORMAT_SIZE];
    const UnparkPick target = {.type = UNPARK_PICK_SPAN,
                               .id = wait->goroutine,
                               .start_ns = wait->start_ns,
                               .end_ns = wait->end_ns};
    g_autofree char *state = unpark_words_state(kind);
    unpark_format_duration(wait->end_ns - wait->start_ns, length);
    unpark_parts_link_in(p, session, state, length, _("Show why it waited"), &target);
  }
}

static void tell_goroutine(UnparkParts *p, const Answer *a) {
  guint n;
  const UnparkTraceSpan *span = &a->traces->spans[a->span];
  const UnparkSourceEntry *entry = &unpark_sources_entries(a->sources, &n)[span->join.source];
  UnparkSession *session = unpark_session_of_source(p->session, span->join.source + 1);
  unpark_parts_heading(p, _("Goroutine"));
  if (span->join.certainty != UNPARK_TRACE_NOT_JOINED && session) {
    gboolean timed = span->join.certainty > UNPARK_TRACE_JOINED_BY_LABEL;
    const UnparkPick target = {.type = timed ? UNPARK_PICK_SPAN : UNPARK_PICK_GOROUTINE,
                               .id = span->join.goroutine,
                               .start_ns = timed ? span->start_ns : UNPARK_NONE,
                               .end_ns = timed ? span->end_ns : UNPARK_NONE};
    g_autofree char *name = unpark_parts_goroutine_name(entry->store, span->join.goroutine, 40);
    unpark_parts_link_in(p, session, name, entry->path, NULL, &target);
  }
  unpark_parts_dim(p, span->join.certainty == UNPARK_TRACE_NOT_JOINED && !a->any_trace
                          ? _("Add the execution trace of this service to this view to see which "
                              "goroutine served the span, and what it waited for.")
                          : certainty_words(span->join.certainty));
  if (span->join.certainty <= UNPARK_TRACE_JOINED_BY_LABEL || !session)
    return;
  unpark_parts_totals(p, a->total_ns);
  for (guint w = 0; w < UNPARK_N_WAITS; w++)
    if (a->wait_ns[w] > 0)
      unpark_parts_duration(p, unpark_tally_part_name(FIRST_WAIT + w), a->wait_ns[w]);
  tell_waits(p, a, entry->store, session);
}

/* With its share of the request. */
static void tell_path(UnparkParts *p, const Answer *a) {
  const UnparkTraceSpan *span = &a->traces->spans[a->span], *top = span;
  char time[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
  while (top->parent >= 0)
    top = &a->traces->spans[top->parent];
  unpark_format_duration(span->critical_ns, time);
  unpark_format_share((double)span->critical_ns, (double)(top->end_ns - top->start_ns), share);
  g_autofree char *value = g_strdup_printf("%s  ·  %s", time, share);
  unpark_parts_fact(p, _("On the critical path"), value);
}

static void tell_details(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  const UnparkTraceSpan *span = &a->traces->spans[a->span];
  const UnparkTraceResource *resource = unpark_traces_resource(a->traces, span);
  char length[UNPARK_FORMAT_SIZE];
  unpark_format_duration(span->end_ns - span->start_ns, length);
  g_autofree char *name = span_name(a->traces, a->span);
  g_autofree char *sentence = g_strdup_printf(_("%s took %s"), name, length);
  unpark_parts_sentence(p, sentence, NULL);
  unpark_parts_fact(p, _("Kind"), unpark_trace_kind_name((UnparkTraceKind)span->kind));
  if (span->status == UNPARK_TRACE_ERROR)
    unpark_parts_fact(p, _("Error"), unpark_traces_text(a->traces, span->message));
  if (resource->host != 0)
    unpark_parts_fact(p, _("Host"), unpark_traces_text(a->traces, resource->host));
  unpark_parts_time(p, _("From"), span->start_ns);
  unpark_parts_time(p, _("To"), span->end_ns);
  unpark_parts_duration(p, _("Time of its own"), span->self_ns);
  tell_path(p, a);
  tell_goroutine(p, a);
  if (span->parent >= 0) {
    unpark_parts_heading(p, _("Called By"));
    link_span(p, a->traces, span->parent);
  } else if (span->ids.parent != 0) {
    unpark_parts_dim(p, _("The span that it was called by is in none of the open files."));
  }
  if (a->n_children > 0)
    unpark_parts_heading(p, _("Longest Calls"));
  for (guint i = 0; i < a->n_children; i++)
    link_span(p, a->traces, a->children[i]);
  if (a->attributes->len > 0)
    unpark_parts_heading(p, _("Attributes"));
  for (guint i = 0; i + 1 < a->attributes->len; i += 2)
    unpark_parts_fact(p, a->attributes->pdata[i], a->attributes->pdata[i + 1]);
  unpark_parts_ask_trace_more(p, a->span);
}

static const UnparkAsk ask_details = {
    .busy = N_("Reading…"), .find = find_details, .tell = tell_details, .answer_free = answer_free};

/* The page's session knows what is open; the worker does not. */
static gpointer find_nothing(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  return g_strdup("");
}

static void ask_all(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  unpark_pick_page_ask(p->page, &ask_details, together_new(p->session), together_free);
}

const UnparkAsk unpark_ask_trace_span = {
    .find = find_nothing, .tell = ask_all, .answer_free = g_free};

/* ---- the way back ---------------------------------------------------------------------------- */

typedef struct {
  UnparkSources *sources;
  const UnparkTraces *traces;
  gint32 spans[MAX_BACK]; /* the shortest first */
  guint n;
  gint32 top; /* of the first's trace; -1: it is the first */
} Back;

static void back_free(gpointer data) {
  unpark_sources_unref(((Back *)data)->sources);
  g_free(data);
}

static void take_back(Back *back, gint32 span) {
  for (guint i = 0; i < MAX_BACK; i++) {
    if (i == back->n) {
      back->spans[back->n++] = span;
      return;
    }
    if (length_of(back->traces, back->spans[i]) <= length_of(back->traces, span))
      continue;
    gint32 longer = back->spans[i];
    back->spans[i] = span;
    span = longer;
  }
}

static gpointer find_back(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  const Together *together = q->data;
  const UnparkTraces *traces = unpark_sources_traces(together->sources, error);
  gint64 from = q->pick.type == UNPARK_PICK_SPAN ? q->pick.start_ns : G_MININT64;
  gint64 to = q->pick.type == UNPARK_PICK_SPAN ? q->pick.end_ns : G_MAXINT64;
  if (!traces)
    return NULL;
  Back *back = g_new0(Back, 1);
  *back = (Back){.sources = unpark_sources_ref(together->sources), .traces = traces, .top = -1};
  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[i];
    if (span->join.certainty != UNPARK_TRACE_NOT_JOINED && span->join.source == together->source &&
        span->join.goroutine == q->pick.id && span->start_ns <= to && span->end_ns >= from)
      take_back(back, (gint32)i);
  }
  if (back->n == 0) {
    back_free(back);
    return NULL;
  }
  gint32 top = back->spans[0];
  while (traces->spans[top].parent >= 0)
    top = traces->spans[top].parent;
  for (guint i = 0; i < back->n; i++)
    if (back->spans[i] == top)
      return back;
  back->top = top;
  return back;
}

static void tell_back(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Back *back = answer;
  unpark_parts_heading(p, _("For the Request"));
  if (back->top >= 0)
    link_span(p, back->traces, back->top);
  for (guint i = back->n; i-- > 0;)
    link_span(p, back->traces, back->spans[i]);
}

static const UnparkAsk ask_back = {.find = find_back, .tell = tell_back, .answer_free = back_free};

void unpark_parts_ask_requests(UnparkParts *p) {
  UnparkSources *sources = unpark_session_get_sources(p->session);
  guint n = 0;
  const UnparkSourceEntry *entries = sources ? unpark_sources_entries(sources, &n) : NULL;
  for (guint i = 0; i < n; i++)
    if (unpark_store_count(entries[i].store, UNPARK_TABLE_TRACE_SPAN) > 0) {
      unpark_pick_page_ask(p->page, &ask_back, together_new(p->session), together_free);
      return;
    }
}
