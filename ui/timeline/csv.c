/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spans of lanes as CSV. */
#include "ui/text/csv.h"
#include "ui/timeline/export.h"

static void add_number(GString *out, gint64 value) {
  g_string_append_c(out, ',');
  if (value != UNPARK_NONE)
    g_string_append_printf(out, "%" G_GINT64_FORMAT, value);
}

static void add_span(GString *out, UnparkStore *store, const UnparkSpan *span, const char *name) {
  const UnparkKind *kind = unpark_store_kind(store, span->kind);
  g_string_append_printf(out, "%" G_GINT64_FORMAT ",", span->goroutine);
  unpark_csv_append(out, name);
  add_number(out, span->start_ns);
  add_number(out, span->end_ns);
  add_number(out, span->end_ns - span->start_ns);
  g_string_append_printf(out, ",%s,", kind ? unpark_state_name(kind->state) : "");
  unpark_csv_append(out, kind ? kind->reason : "");
  add_number(out, span->proc);
  add_number(out, span->thread);
  add_number(out, span->waker);
  g_string_append(out, "\r\n");
}

char *unpark_timeline_export_csv(UnparkStore *store, const gint64 *goroutines, guint n,
                                 gint64 from_ns, gint64 to_ns, GCancellable *cancellable,
                                 GError **error) {
  g_autoptr(GString) out = g_string_new(
      "goroutine,function,start_ns,end_ns,duration_ns,state,reason,proc,thread,waker\r\n");
  for (guint i = 0; i < n; i++) {
    guint n_spans;
    g_autoptr(GError) failure = NULL;
    const UnparkGoroutine *g = unpark_store_goroutine(store, goroutines[i]);
    const char *name = g ? g->name : "";
    g_autofree UnparkSpan *spans = unpark_store_spans(store, goroutines[i], from_ns, to_ns, 0,
                                                      &n_spans, cancellable, &failure);
    if (failure) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return NULL;
    }
    for (guint s = 0; s < n_spans; s++)
      add_span(out, store, &spans[s], name);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}
