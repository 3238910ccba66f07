/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-json.h"
#include "app/cli-why.h"

/* The innermost frame. */
static void put_frame(const CliWhy *why, GString *to, guint32 stack) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(why->store, stack, 1, &n);
  cli_json_number(to, "stack", stack ? stack : UNPARK_NONE);
  if (n == 0)
    return;
  cli_json_text(to, "function", frames[0].function);
  cli_json_text(to, "file", frames[0].file);
  cli_json_number(to, "line", frames[0].line ? frames[0].line : UNPARK_NONE);
}

static void put_goroutine(const CliWhy *why, GString *to, gint64 id) {
  const UnparkGoroutine *g = id == UNPARK_NONE ? NULL : unpark_store_goroutine(why->store, id);
  cli_json_number(to, "goroutine", id);
  cli_json_text(to, "name", g ? unpark_store_string(why->store, g->name_id) : "");
}

static void put_link(const CliWhy *why, GString *to, const UnparkLink *link) {
  const UnparkKind *kind = unpark_store_kind(why->store, link->span.kind);
  g_string_append(to, "\n  {");
  cli_json_text(to, "kind", unpark_link_kind_name(link->kind));
  cli_json_number(to, "depth", link->depth);
  put_goroutine(why, to, link->goroutine);
  cli_json_number(to, "from_ns", link->from_ns);
  cli_json_number(to, "to_ns", link->to_ns);
  cli_json_number(to, "share_ns", link->share_ns);
  cli_json_text(to, "reason", kind ? kind->reason : "");
  cli_json_number(to, "other", link->other);
  put_frame(why, to, link->stack);
  cli_json_close(to, "},");
}

static void put_links(const CliWhy *why, GString *to) {
  guint n = why->limit ? MIN(why->limit, why->chain->n_links) : why->chain->n_links;
  g_string_append(to, "\n \"links\":[");
  for (guint i = 0; i < n; i++)
    put_link(why, to, &why->chain->links[i]);
  cli_json_close(to, "],");
  cli_json_flag(to, "cut", why->chain->cut || n < why->chain->n_links);
  cli_json_flag(to, "cycle", why->chain->cycle);
}

static void put_place(const UnparkPlaceStats *s, GString *to) {
  char percentile[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(to, "\n \"place\":{");
  cli_json_number(to, "count", (gint64)s->count);
  cli_json_number(to, "total_ns", s->total_ns);
  cli_json_number(to, "p50_ns", s->p50_ns);
  cli_json_number(to, "p90_ns", s->p90_ns);
  cli_json_number(to, "p99_ns", s->p99_ns);
  cli_json_number(to, "most_ns", s->most_ns);
  g_string_append_printf(to, "\"percentile\":%s,",
                         g_ascii_formatd(percentile, sizeof percentile, "%.4f", s->percentile));
  cli_json_close(to, "},");
}

static void put_late(const CliWhy *why, GString *to) {
  const UnparkLate *late = why->late;
  g_string_append(to, "\n \"late\":{");
  cli_json_text(to, "cause", unpark_cause_name(late->cause));
  cli_json_number(to, "procs", late->procs);
  cli_json_number(to, "procs_last", late->procs_last);
  cli_json_number(to, "capacity_ns", late->capacity_ns);
  cli_json_number(to, "held_ns", late->held_ns);
  cli_json_number(to, "idle_ns", late->idle_ns);
  cli_json_number(to, "stopped_ns", late->stopped_ns);
  cli_json_number(to, "gc_ns", late->gc_ns);
  cli_json_number(to, "stw_ns", late->stw_ns);
  g_string_append(to, "\"holders\":[");
  for (guint i = 0; i < late->n_holders; i++) {
    g_string_append(to, "\n  {");
    put_goroutine(why, to, late->holders[i].goroutine);
    cli_json_number(to, "held_ns", late->holders[i].held_ns);
    cli_json_close(to, "},");
  }
  cli_json_close(to, "]},");
}

void cli_why_json(const CliWhy *why, GString *to) {
  const UnparkSpan *span = &why->chain->span;
  const UnparkKind *kind = unpark_store_kind(why->store, span->kind);
  g_string_append_c(to, '{');
  put_goroutine(why, to, span->goroutine);
  cli_json_text(to, "state", unpark_state_name(why->state));
  cli_json_text(to, "reason", kind ? kind->reason : "");
  cli_json_number(to, "start_ns", span->start_ns);
  cli_json_number(to, "end_ns", span->end_ns);
  cli_json_number(to, "duration_ns", span->end_ns - span->start_ns);
  cli_json_stack(to, why->store, "stack", span->stack);
  cli_json_number(to, "waker", why->late ? why->late->waker : span->waker);
  cli_json_stack(to, why->store, "waker_stack",
                 why->late ? why->late->waker_stack : span->waker_stack);
  if (why->state == UNPARK_STATE_WAITING)
    cli_json_number(to, "then_runnable_ns", why->delay_ns);
  cli_json_flag(to, "began_before_trace", cli_why_began_before(why));
  if (why->has_place && span->stack && !cli_why_began_before(why))
    put_place(&why->place, to);
  if (why->late)
    put_late(why, to);
  put_links(why, to);
  cli_json_close(to, "}\n");
}
