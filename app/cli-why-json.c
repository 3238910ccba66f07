#include "app/cli-why.h"

/* A member with its comma; NULL and UNPARK_NONE are null. */
static void put_text(GString *to, const char *name, const char *text) {
  g_string_append_printf(to, "\"%s\":\"", name);
  for (const char *p = text; *p; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_printf(to, "\\%c", *p);
    else if ((guint8)*p < 0x20 || *p == 0x7f)
      g_string_append_printf(to, "\\u%04x", (guint)(guint8)*p);
    else
      g_string_append_c(to, *p);
  }
  g_string_append(to, "\",");
}

static void put_number(GString *to, const char *name, gint64 n) {
  if (n == UNPARK_NONE)
    g_string_append_printf(to, "\"%s\":null,", name);
  else
    g_string_append_printf(to, "\"%s\":%" G_GINT64_FORMAT ",", name, n);
}

static void put_flag(GString *to, const char *name, gboolean flag) {
  g_string_append_printf(to, "\"%s\":%s,", name, flag ? "true" : "false");
}

/* Ends an object or array that may have a comma before its end. */
static void close_with(GString *to, const char *end) {
  if (to->len > 0 && to->str[to->len - 1] == ',')
    g_string_truncate(to, to->len - 1);
  g_string_append(to, end);
}

static void put_stack(const CliWhy *why, GString *to, const char *name, guint32 stack) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(why->store, stack, 0, &n);
  g_string_append_printf(to, "\"%s\":[", name);
  for (guint i = 0; i < n; i++) {
    g_string_append_c(to, '{');
    put_text(to, "function", frames[i].function);
    put_text(to, "file", frames[i].file);
    put_number(to, "line", frames[i].line ? frames[i].line : UNPARK_NONE);
    close_with(to, "},");
  }
  close_with(to, "],");
}

/* The innermost frame. */
static void put_frame(const CliWhy *why, GString *to, guint32 stack) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(why->store, stack, 1, &n);
  put_number(to, "stack", stack ? stack : UNPARK_NONE);
  if (n == 0)
    return;
  put_text(to, "function", frames[0].function);
  put_text(to, "file", frames[0].file);
  put_number(to, "line", frames[0].line ? frames[0].line : UNPARK_NONE);
}

static void put_goroutine(const CliWhy *why, GString *to, gint64 id) {
  const UnparkGoroutine *g = id == UNPARK_NONE ? NULL : unpark_store_goroutine(why->store, id);
  put_number(to, "goroutine", id);
  put_text(to, "name", g ? unpark_store_string(why->store, g->name_id) : "");
}

static void put_link(const CliWhy *why, GString *to, const UnparkLink *link) {
  const UnparkKind *kind = unpark_store_kind(why->store, link->span.kind);
  g_string_append(to, "\n  {");
  put_text(to, "kind", unpark_link_kind_name(link->kind));
  put_number(to, "depth", link->depth);
  put_goroutine(why, to, link->goroutine);
  put_number(to, "from_ns", link->from_ns);
  put_number(to, "to_ns", link->to_ns);
  put_number(to, "share_ns", link->share_ns);
  put_text(to, "reason", kind ? kind->reason : "");
  put_number(to, "other", link->other);
  put_frame(why, to, link->stack);
  close_with(to, "},");
}

static void put_links(const CliWhy *why, GString *to) {
  guint n = why->limit ? MIN(why->limit, why->chain->n_links) : why->chain->n_links;
  g_string_append(to, "\n \"links\":[");
  for (guint i = 0; i < n; i++)
    put_link(why, to, &why->chain->links[i]);
  close_with(to, "],");
  put_flag(to, "cut", why->chain->cut || n < why->chain->n_links);
  put_flag(to, "cycle", why->chain->cycle);
}

static void put_place(const UnparkPlaceStats *s, GString *to) {
  char percentile[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(to, "\n \"place\":{");
  put_number(to, "count", (gint64)s->count);
  put_number(to, "total_ns", s->total_ns);
  put_number(to, "p50_ns", s->p50_ns);
  put_number(to, "p90_ns", s->p90_ns);
  put_number(to, "p99_ns", s->p99_ns);
  put_number(to, "most_ns", s->most_ns);
  g_string_append_printf(to, "\"percentile\":%s,",
                         g_ascii_formatd(percentile, sizeof percentile, "%.4f", s->percentile));
  close_with(to, "},");
}

static void put_late(const CliWhy *why, GString *to) {
  const UnparkLate *late = why->late;
  g_string_append(to, "\n \"late\":{");
  put_text(to, "cause", unpark_cause_name(late->cause));
  put_number(to, "procs", late->procs);
  put_number(to, "capacity_ns", late->capacity_ns);
  put_number(to, "held_ns", late->held_ns);
  put_number(to, "idle_ns", late->idle_ns);
  put_number(to, "stopped_ns", late->stopped_ns);
  put_number(to, "gc_ns", late->gc_ns);
  put_number(to, "stw_ns", late->stw_ns);
  g_string_append(to, "\"holders\":[");
  for (guint i = 0; i < late->n_holders; i++) {
    g_string_append(to, "\n  {");
    put_goroutine(why, to, late->holders[i].goroutine);
    put_number(to, "held_ns", late->holders[i].held_ns);
    close_with(to, "},");
  }
  close_with(to, "]},");
}

void cli_why_json(const CliWhy *why, GString *to) {
  const UnparkSpan *span = &why->chain->span;
  const UnparkKind *kind = unpark_store_kind(why->store, span->kind);
  g_string_append_c(to, '{');
  put_goroutine(why, to, span->goroutine);
  put_text(to, "state", unpark_state_name(why->state));
  put_text(to, "reason", kind ? kind->reason : "");
  put_number(to, "start_ns", span->start_ns);
  put_number(to, "end_ns", span->end_ns);
  put_number(to, "duration_ns", span->end_ns - span->start_ns);
  put_stack(why, to, "stack", span->stack);
  put_number(to, "waker", why->late ? why->late->waker : span->waker);
  put_stack(why, to, "waker_stack", why->late ? why->late->waker_stack : span->waker_stack);
  if (why->state == UNPARK_STATE_WAITING)
    put_number(to, "then_runnable_ns", why->delay_ns);
  if (why->has_place)
    put_place(&why->place, to);
  if (why->late)
    put_late(why, to);
  put_links(why, to);
  close_with(to, "}\n");
}
