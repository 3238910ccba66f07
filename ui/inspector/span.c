/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A span: what it was, where it stopped, who ended it. */
#include <glib/gi18n.h>

#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/text/words.h"

typedef struct {
  gboolean found;
  UnparkPickSpan hit;
  gint64 ran_after_ns; /* from the end of a wait until it ran; UNPARK_NONE */
  gboolean open;       /* it had not ended when the trace did */
  UnparkStackFrames stack, waker_stack;
  UnparkStackFrames until; /* of a running span: where it stopped */
} Answer;

static void answer_free(gpointer data) {
  Answer *a = data;
  g_free(a->stack.frames);
  g_free(a->waker_stack.frames);
  g_free(a->until.frames);
  g_free(a);
}

/* ---- finding out, in a worker ----------------------------------------------------------- */

/* Of spans that touch the time the last one that begins there or covers it: a span of no length
 * may begin where the next one does. */
static int choose(const UnparkSpan *spans, guint n, gint64 start_ns) {
  int best = -1;
  for (guint i = 0; i < n; i++)
    if (spans[i].start_ns == start_ns ||
        (spans[i].start_ns < start_ns && spans[i].end_ns > start_ns))
      best = (int)i;
  /* The last one of a goroutine also at its end. */
  if (best < 0 && n > 0 && spans[n - 1].end_ns == start_ns)
    best = (int)n - 1;
  return best;
}

/* FALSE: it failed. kind 0: there is no such span, or not yet. */
static gboolean read_hit(const UnparkQuestion *q, UnparkPickSpan *hit, GCancellable *cancellable,
                         GError **error) {
  guint n;
  g_autoptr(GError) failure = NULL;
  g_autofree UnparkSpan *spans = unpark_store_spans(q->store, q->pick.id, q->pick.start_ns,
                                                    G_MAXINT64, 4, &n, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  int at = choose(spans, n, q->pick.start_ns);
  if (at >= 0)
    *hit = unpark_pick_span(spans, n, (guint)at);
  return TRUE;
}

static gboolean read_span(Answer *a, const UnparkQuestion *q, GCancellable *cancellable,
                          GError **error) {
  const UnparkPickSpan *hit = &a->hit;
  a->hit = q->pick.hit;
  if (hit->span.kind == 0 && !read_hit(q, &a->hit, cancellable, error))
    return FALSE;
  a->found = hit->span.kind != 0;
  if (!a->found)
    return TRUE;
  const UnparkKind *kind = unpark_store_kind(q->store, hit->span.kind);
  const UnparkKind *next_kind = unpark_store_kind(q->store, hit->after.kind);
  const UnparkGoroutine *g = unpark_store_goroutine(q->store, q->pick.id);
  a->open = hit->after.kind == 0 && (!g || g->end_ns == UNPARK_NONE) &&
            hit->span.end_ns >= unpark_store_source(q->store)->end_ns;
  if (kind && kind->state == UNPARK_STATE_WAITING && next_kind &&
      next_kind->state == UNPARK_STATE_RUNNABLE)
    a->ran_after_ns = hit->after.end_ns - hit->after.start_ns;
  return TRUE;
}

static gpointer find_span(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  Answer *a = g_new0(Answer, 1);
  a->ran_after_ns = UNPARK_NONE;
  if (!unpark_store_goroutines(q->store, NULL, error) || !read_span(a, q, cancellable, error)) {
    answer_free(a);
    return NULL;
  }
  unpark_parts_read_stack(q->store, a->hit.span.stack, &a->stack);
  unpark_parts_read_stack(q->store, a->hit.span.waker_stack, &a->waker_stack);
  const UnparkKind *kind = unpark_store_kind(q->store, a->hit.span.kind);
  if (kind && kind->state == UNPARK_STATE_RUNNING)
    unpark_parts_read_stack(q->store, a->hit.after.stack, &a->until);
  return a;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void tell_waker(UnparkParts *p, const Answer *a) {
  if (a->open) {
    unpark_parts_dim(p, _("It was still waiting when the trace ended."));
    return;
  }
  unpark_parts_heading(p, _("Woken by"));
  if (a->hit.span.waker == UNPARK_NONE)
    unpark_parts_dim(p, _("the runtime: a timer, the network poller or similar"));
  else
    unpark_parts_goroutine(p, a->hit.span.waker, a->hit.span.end_ns, NULL);
  unpark_parts_duration(p, _("Then waited to run"), a->ran_after_ns);
  if (a->waker_stack.n > 0)
    unpark_parts_stack(p, _("Woken at"), &a->waker_stack);
}

/* What the goroutine did just before or after: "Before: runnable". */
static void tell_neighbour(UnparkParts *p, const char *name, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(p->store, span->kind);
  const UnparkPick target = {.type = UNPARK_PICK_SPAN,
                             .id = span->goroutine,
                             .start_ns = span->start_ns,
                             .end_ns = span->end_ns};
  char duration[UNPARK_FORMAT_SIZE];
  if (!kind)
    return;
  g_autofree char *state = unpark_words_state(kind);
  g_autofree char *text = g_strdup_printf("%s: %s", name, state);
  unpark_parts_link(p, text, unpark_format_duration(span->end_ns - span->start_ns, duration), NULL,
                    &target);
}

static void ask_more(UnparkParts *p, const Answer *a, const UnparkKind *kind) {
  if (kind->state == UNPARK_STATE_WAITING && !unpark_session_get_chain(p->session))
    unpark_pick_page_ask(p->page, &unpark_ask_chain, NULL, NULL);
  unpark_parts_ask_requests(p);
  if (a->hit.span.stack != 0)
    unpark_pick_page_ask(p->page, &unpark_ask_place, g_memdup2(&a->hit.span, sizeof a->hit.span),
                         g_free);
  unpark_pick_page_ask(p->page, &unpark_ask_context, g_memdup2(&a->hit.span, sizeof a->hit.span),
                       g_free);
  unpark_parts_ask_ranges(p, UNPARK_SCOPE_GOROUTINE, a->hit.span.goroutine, a->hit.span.start_ns,
                          a->hit.span.end_ns);
}

/* What was found out is passed on: nothing is read again. */
static gpointer pass_on(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  return q->data;
}

static void passed_on(gpointer answer) {
  /* It is the question's, which frees it. */
}

static void tell_details(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Answer *a = answer;
  const UnparkKind *kind = unpark_store_kind(p->store, a->hit.span.kind);
  unpark_parts_time(p, _("From"), a->hit.span.start_ns);
  unpark_parts_time(p, _("To"), a->hit.span.end_ns);
  if (*kind->reason)
    unpark_parts_fact(p, _("Reason"), unpark_words_reason(kind));
  unpark_parts_lane(p, _("Processor"), UNPARK_PICK_PROC, a->hit.span.proc);
  unpark_parts_lane(p, _("Thread"), UNPARK_PICK_THREAD, a->hit.span.thread);
  tell_neighbour(p, _("Before"), &a->hit.before);
  tell_neighbour(p, _("After"), &a->hit.after);
  unpark_parts_stack(p, unpark_words_place(kind), &a->stack);
  unpark_parts_stack(p, _("Ran until"), &a->until);
  if (kind->state == UNPARK_STATE_WAITING)
    tell_waker(p, a);
  ask_more(p, a, kind);
}

static const UnparkAsk ask_details = {
    .find = pass_on, .tell = tell_details, .answer_free = passed_on};

static void tell_span(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  Answer *a = answer;
  const UnparkKind *kind = a->found ? unpark_store_kind(p->store, a->hit.span.kind) : NULL;
  if (!kind) {
    unpark_parts_dim(p, _("This span has not been read yet."));
    return;
  }
  const UnparkPick exact = {.type = UNPARK_PICK_SPAN,
                            .id = a->hit.span.goroutine,
                            .start_ns = a->hit.span.start_ns,
                            .end_ns = a->hit.span.end_ns,
                            .kind = a->hit.span.kind,
                            .hit = a->hit};
  gint64 duration = a->hit.span.end_ns - a->hit.span.start_ns;
  unpark_session_settle_pick(p->session, &exact);
  g_autofree char *words = unpark_words_span(kind, duration, a->stack.frames, a->stack.n);
  unpark_parts_sentence(p, words, kind);
  unpark_parts_goroutine(p, a->hit.span.goroutine, UNPARK_NONE, NULL);
  /* Why it was late comes before all else that is known of it. */
  if (kind->state == UNPARK_STATE_RUNNABLE)
    unpark_pick_page_ask(p->page, &unpark_ask_late, NULL, NULL);
  unpark_pick_page_ask(p->page, &ask_details, g_memdup2(a, sizeof *a), answer_free);
  *a = (Answer){0};
}

const UnparkAsk unpark_ask_span = {
    .busy = N_("Reading…"), .find = find_span, .tell = tell_span, .answer_free = answer_free};
