/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Off-CPU time, scheduling latency and wakers: from the spans of goroutines. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/flame/graph/idle.h"
#include "model/flame/graph/private.h"

/* The last wait of a goroutine that was seen: a runnable span after it has its waker. */
typedef struct {
  gint64 goroutine, end_ns;
  guint32 waker_stack;
} LastWait;

typedef struct {
  UnparkFlameCollector *c;
  gboolean *counts; /* by kind: the source wants it */
  GHashTable *waits;
  GArray *orphans;       /* UnparkSpan: runnable spans whose wait was not seen */
  GArray *open;          /* UnparkSpan: touch the end of the trace */
  UnparkFlameIdle *idle; /* NULL: idle waits count */
  GHashTable *goes_on;   /* goroutines with a span that starts at the end of the trace */
} Spans;

/* ---- Which kinds ------------------------------------------------------------------------ */

static gboolean wants_stop(const UnparkFlameSource *source, const UnparkKind *kind) {
  gboolean syscall = kind->state == UNPARK_STATE_SYSCALL;
  if (!syscall && kind->state != UNPARK_STATE_WAITING)
    return FALSE;
  switch (source->stops) {
  case UNPARK_STOPS_WAIT:
    return source->wait == UNPARK_WAIT_SYSCALL ? syscall : !syscall && kind->wait == source->wait;
  case UNPARK_STOPS_GO_SYNC:
    return !syscall && (strstr(kind->reason, "chan") || strstr(kind->reason, "sync") ||
                        strstr(kind->reason, "select"));
  case UNPARK_STOPS_GO_NET:
    return !syscall && strcmp(kind->reason, "network") == 0;
  default:
    return TRUE;
  }
}

static gboolean *wanted_kinds(UnparkFlameCollector *c) {
  guint n = unpark_store_n_kinds(c->store);
  gboolean *counts = g_new0(gboolean, n + 1);
  for (guint i = 1; i < n; i++) {
    const UnparkKind *kind = unpark_store_kind(c->store, (guint16)i);
    if (!kind)
      continue;
    switch (c->spec->source.kind) {
    case UNPARK_FLAME_OFF_CPU:
      counts[i] = wants_stop(&c->spec->source, kind);
      break;
    case UNPARK_FLAME_SCHED:
      counts[i] = kind->state == UNPARK_STATE_RUNNABLE;
      break;
    default:
      counts[i] = kind->state == UNPARK_STATE_WAITING;
      break;
    }
  }
  return counts;
}

/* ---- Counting ------------------------------------------------------------------------------ */

static const char *state_text(const UnparkKind *kind) {
  if (kind->state == UNPARK_STATE_RUNNABLE && kind->cause != UNPARK_CAUSE_NONE)
    return unpark_cause_name(kind->cause);
  return *kind->reason ? kind->reason : unpark_state_name(kind->state);
}

/* `go tool trace` counts nothing before a goroutine's first run in the trace, or all of a
 * goroutine that never ran. */
static void clip_as_go(UnparkFlameCollector *c, gint64 goroutine, gint64 *start, gint64 *end) {
  const UnparkGoroutine *g = unpark_store_goroutine(c->store, goroutine);
  if (g && g->start_ns != UNPARK_NONE)
    *start = MAX(*start, g->start_ns);
  if (g && g->end_ns != UNPARK_NONE)
    *end = MIN(*end, g->end_ns);
}

static void count_span(Spans *s, const UnparkSpan *span, guint32 stack) {
  UnparkFlameCollector *c = s->c;
  const UnparkFlameSource *source = &c->spec->source;
  gint64 start = span->start_ns, end = span->end_ns, overlap;
  guint32 group = 0;
  if (source->as_go)
    clip_as_go(c, span->goroutine, &start, &end);
  if (end < start || (overlap = unpark_flame_overlap(c, span->goroutine, start, end)) < 0)
    return;
  if (overlap == 0 && source->as_go)
    return;
  if (c->spec->grouping != UNPARK_FLAME_BY_NOTHING)
    group = unpark_flame_group_of(c, span->goroutine,
                                  state_text(unpark_store_kind(c->store, span->kind)));
  gint64 value = source->count ? 1 : overlap;
  if (!s->idle || !unpark_flame_idle_takes(s->idle, span, group, value))
    unpark_flame_add(c, group, stack, span->start_ns, value);
}

static void remember_wait(Spans *s, const UnparkSpan *span) {
  LastWait *wait = g_hash_table_lookup(s->waits, &span->goroutine);
  if (!wait) {
    wait = g_new(LastWait, 1);
    wait->goroutine = span->goroutine;
    g_hash_table_add(s->waits, wait);
  }
  wait->end_ns = span->end_ns;
  wait->waker_stack = span->waker_stack;
}

/* The stack of the event that made it runnable. */
static void count_runnable(Spans *s, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(s->c->store, span->kind);
  const UnparkGoroutine *g;
  const LastWait *wait;
  switch (kind->cause) {
  case UNPARK_CAUSE_WOKEN:
    wait = g_hash_table_lookup(s->waits, &span->goroutine);
    if (wait && wait->end_ns == span->start_ns)
      count_span(s, span, wait->waker_stack);
    else
      g_array_append_val(s->orphans, *span);
    return;
  case UNPARK_CAUSE_CREATED:
    g = unpark_store_goroutine(s->c->store, span->goroutine);
    count_span(s, span, g && g->create_stack ? g->create_stack : span->stack);
    return;
  default:
    count_span(s, span, span->stack);
  }
}

static void count(Spans *s, const UnparkSpan *span) {
  switch (s->c->spec->source.kind) {
  case UNPARK_FLAME_SCHED:
    count_runnable(s, span);
    break;
  case UNPARK_FLAME_WAKER:
    if (span->waker_stack)
      count_span(s, span, span->waker_stack);
    break;
  default:
    count_span(s, span, span->stack);
  }
}

/* ---- Walking --------------------------------------------------------------------------------- */

static gboolean on_spans(const UnparkSpan *spans, guint n, gpointer data) {
  Spans *s = data;
  gint64 trace_end = s->c->trace_end_ns;
  gboolean sched = s->c->spec->source.kind == UNPARK_FLAME_SCHED;
  gboolean as_go = s->c->spec->source.as_go;
  for (guint i = 0; i < n; i++) {
    const UnparkSpan *span = &spans[i];
    const UnparkKind *kind = unpark_store_kind(s->c->store, span->kind);
    if (!kind)
      continue;
    if (sched && kind->state == UNPARK_STATE_WAITING)
      remember_wait(s, span);
    if (as_go && span->start_ns >= trace_end)
      g_hash_table_add(s->goes_on, g_memdup2(&span->goroutine, sizeof(gint64)));
    if (!s->counts[span->kind])
      continue;
    if (as_go && span->end_ns >= trace_end)
      g_array_append_val(s->open, *span);
    else
      count(s, span);
  }
  return TRUE;
}

/* A span that touches the end of the trace has ended there if its goroutine did, or went on. */
static void count_open(Spans *s) {
  for (guint i = 0; i < s->open->len; i++) {
    const UnparkSpan *span = &g_array_index(s->open, UnparkSpan, i);
    const UnparkGoroutine *g = unpark_store_goroutine(s->c->store, span->goroutine);
    if ((g && g->end_ns != UNPARK_NONE) || (span->start_ns < s->c->trace_end_ns &&
                                            g_hash_table_contains(s->goes_on, &span->goroutine)))
      count(s, span);
  }
}

/* Their waits end before the scope begins. */
static gboolean count_orphans(Spans *s) {
  for (guint i = 0; i < s->orphans->len; i++) {
    const UnparkSpan *span = &g_array_index(s->orphans, UnparkSpan, i);
    guint32 stack = 0;
    guint n;
    GError *error = NULL;
    g_autofree UnparkSpan *near =
        unpark_store_spans(s->c->store, span->goroutine, span->start_ns, span->start_ns, 0, &n,
                           s->c->cancellable, &error);
    if (error) {
      g_propagate_error(s->c->error, error);
      return FALSE;
    }
    for (guint k = 0; k < n; k++) {
      const UnparkKind *kind = unpark_store_kind(s->c->store, near[k].kind);
      if (kind && kind->state == UNPARK_STATE_WAITING && near[k].end_ns == span->start_ns)
        stack = near[k].waker_stack;
    }
    count_span(s, span, stack);
  }
  return TRUE;
}

static void describe(UnparkFlameCollector *c) {
  const UnparkFlameSource *source = &c->spec->source;
  c->input->unit = g_strdup(source->count ? "count" : "nanoseconds");
  c->input->title = unpark_flame_source_title(source);
  c->input->are_delays = TRUE;
}

gboolean unpark_flame_collect_spans(UnparkFlameCollector *c) {
  const UnparkFlameScope *scope = &c->spec->scope;
  Spans s = {.c = c,
             .counts = wanted_kinds(c),
             .waits = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
             .orphans = g_array_new(FALSE, FALSE, sizeof(UnparkSpan)),
             .open = g_array_new(FALSE, FALSE, sizeof(UnparkSpan)),
             .goes_on = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL)};
  if (c->spec->source.kind == UNPARK_FLAME_OFF_CPU && c->spec->source.no_idle)
    s.idle = unpark_flame_idle_new(c);
  gboolean ok = unpark_store_visit_spans(c->store, scope->from_ns, scope->to_ns, on_spans, &s,
                                         c->cancellable, c->error);
  if (ok) {
    count_open(&s);
    ok = count_orphans(&s);
  }
  if (ok && s.idle)
    unpark_flame_idle_release(s.idle);
  unpark_flame_idle_free(s.idle);
  describe(c);
  g_free(s.counts);
  g_hash_table_unref(s.waits);
  g_array_unref(s.orphans);
  g_array_unref(s.open);
  g_hash_table_unref(s.goes_on);
  return ok;
}
