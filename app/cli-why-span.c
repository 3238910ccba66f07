/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a span of a distributed trace to the wait that made it slow. */
#include <glib/gi18n.h>
#include <string.h>

#include "app/cli-why.h"
#include "model/base/times.h"
#include "model/spans/traces.h"

static gboolean parse_id(const char *text, guint64 *id) {
  return strlen(text) <= 16 && g_ascii_string_to_unsigned(text, 16, 1, G_MAXUINT64, id, NULL);
}

/* Of halves that share an id, the one whose goroutine is known. NULL: no span has it. */
static const UnparkTraceSpan *find_span(const UnparkTraces *traces, guint64 id) {
  const UnparkTraceSpan *found = NULL;

  for (guint i = 0; i < traces->n_spans; i++) {
    const UnparkTraceSpan *span = &traces->spans[i];

    if (span->ids.span == id && (!found || found->join.certainty == UNPARK_TRACE_NOT_JOINED))
      found = span;
  }
  return found;
}

/* A wait is better than a system call, and that than being ready to run. */
static int rank(UnparkStore *store, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(store, span->kind);

  if (!kind || kind->state == UNPARK_STATE_RUNNING)
    return 0;
  return kind->state == UNPARK_STATE_WAITING ? 3 : kind->state == UNPARK_STATE_SYSCALL ? 2 : 1;
}

/* When the goroutine's longest wait between these times of the trace was; UNPARK_NONE: it only
 * ran. */
static gboolean find_wait(UnparkStore *store, gint64 goroutine, gint64 from_ns, gint64 to_ns,
                          gint64 *at_ns, GCancellable *cancellable, GError **error) {
  GError *failure = NULL;
  guint n = 0;
  g_autofree UnparkSpan *spans =
      unpark_store_spans(store, goroutine, from_ns, to_ns, 0, &n, cancellable, &failure);
  gint64 longest_ns = -1;
  int best = 0;

  *at_ns = UNPARK_NONE;
  for (guint i = 0; i < n; i++) {
    gint64 start = MAX(spans[i].start_ns, from_ns), length = MIN(spans[i].end_ns, to_ns) - start;
    int own = rank(store, &spans[i]);

    if (own == 0 || length < 0 || own < best || (own == best && length <= longest_ns))
      continue;
    best = own;
    longest_ns = length;
    *at_ns = start;
  }
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}

static gboolean not_joined(const char *id) {
  cli_complain(_("No goroutine is known for span %s: none of the execution traces logs its ID or "
                 "has a task of its name and time"),
               id);
  return FALSE;
}

gboolean cli_why_find_span(const UnparkSources *sources, const char *text, UnparkStore **store,
                           gint64 *goroutine, gint64 *at_ns, CliContext *context, int *status) {
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n);
  g_autoptr(UnparkTraces) traces = NULL;
  g_autoptr(GError) error = NULL;
  guint64 id;

  *status = CLI_USAGE;
  if (!parse_id(text, &id)) {
    cli_complain(_("--span: invalid span ID “%s”: expected up to 16 hexadecimal digits"), text);
    return FALSE;
  }
  *status = CLI_FAILED;
  traces = unpark_traces_load(entries, n, &error);
  if (!traces) {
    *status = cli_fail(error);
    return FALSE;
  }
  const UnparkTraceSpan *span = find_span(traces, id);
  if (!span) {
    cli_complain(_("None of the files has a span with the ID %s"), text);
    return FALSE;
  }
  if (span->join.certainty <= UNPARK_TRACE_JOINED_BY_LABEL)
    return not_joined(text);
  const UnparkSourceEntry *entry = &entries[span->join.source];
  *store = entry->store;
  *goroutine = span->join.goroutine;
  if (!find_wait(*store, *goroutine, unpark_time_subtract(span->start_ns, entry->offset_ns),
                 unpark_time_subtract(span->end_ns, entry->offset_ns), at_ns, context->cancellable,
                 &error)) {
    *status = cli_fail(error);
    return FALSE;
  }
  if (*at_ns == UNPARK_NONE) {
    cli_complain(_("The goroutine of span %s never waited while the span lasted"), text);
    return FALSE;
  }
  return TRUE;
}
