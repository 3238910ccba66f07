/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is painted, in words. */
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/requests/private.h"
#include "ui/text/format.h"

#define MAX_TOLD 120

const char *unpark_waterfall_service_name(const UnparkWaterfall *w, guint32 node) {
  const char *name = unpark_traces_text(w->traces, w->services[w->nodes[node].service].text);
  return *name ? name : _("(service without a name)");
}

char *unpark_waterfall_title(const UnparkWaterfall *w, guint32 node) {
  const UnparkWaterfallNode *n = &w->nodes[node];
  const char *name = unpark_traces_text(w->traces, w->traces->spans[n->span].name);
  char count[UNPARK_FORMAT_SIZE];
  if (!*name)
    name = _("(unnamed)");
  return n->n > 0 ? g_strdup_printf("%s × %s", unpark_format_count(n->n, count), name)
                  : g_strdup(name);
}

/* Of the node alone, or with all that is below it. */
static gint64 path_ns(const UnparkWaterfall *w, guint32 node, gboolean below) {
  gint64 sum = 0;
  guint32 end = w->nodes[below ? w->nodes[node].end : node + 1].stretch;
  for (guint32 i = w->nodes[node].stretch; i < end; i++)
    sum += w->path[w->by_node[i]].to_ns - w->path[w->by_node[i]].from_ns; /* within the trace */
  return sum;
}

static void append_line(GString *text, char *line) {
  g_string_append_c(text, '\n');
  g_string_append(text, line);
  g_free(line);
}

static void append_path(GString *text, const UnparkWaterfall *w, guint32 node) {
  const UnparkTraceSpan *top = &w->traces->spans[w->top];
  char time[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
  gint64 ns = path_ns(w, node, w->nodes[node].n > 0);
  if (ns > 0)
    append_line(text,
                g_strdup_printf(
                    _("On the critical path for %s (%s)"), unpark_format_duration(ns, time),
                    unpark_format_share((double)ns, (double)(top->end_ns - top->start_ns), share)));
}

static void append_span(GString *text, const UnparkWaterfall *w, guint32 node) {
  const UnparkTraceSpan *span = &w->traces->spans[w->nodes[node].span];
  char self[UNPARK_FORMAT_SIZE];
  if (span->n_children > 0)
    append_line(text,
                g_strdup_printf(_("%s of its own"), unpark_format_duration(span->self_ns, self)));
  append_path(text, w, node);
  if (span->status == UNPARK_TRACE_ERROR)
    append_line(text, span->message ? g_strdup_printf(_("Error: %s"),
                                                      unpark_traces_text(w->traces, span->message))
                                    : g_strdup(_("Error")));
  if (span->parent < 0 && span->ids.parent != 0)
    append_line(text, g_strdup(_("Its parent is not in these files")));
}

static void append_repeats(GString *text, const UnparkWaterfall *w, guint32 node) {
  char count[UNPARK_FORMAT_SIZE];
  guint32 errors = unpark_waterfall_n_errors(w, node, TRUE);
  append_path(text, w, node);
  if (errors > 0)
    append_line(text,
                g_strdup_printf(ngettext("%s span with an error", "%s spans with errors", errors),
                                unpark_format_count(errors, count)));
}

char *unpark_waterfall_describe(const UnparkWaterfall *w, guint32 node) {
  const UnparkWaterfallNode *n = &w->nodes[node];
  g_autofree char *title = unpark_waterfall_title(w, node);
  GString *text = g_string_new(title);
  char length[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE];
  gint64 fine = MAX((n->end_ns - n->start_ns) / 100, 1000);
  g_string_append_printf(text, "\n%s", unpark_waterfall_service_name(w, node));
  append_line(text, g_strdup_printf(n->n > 0 ? _("All within %s, from %s on") : _("%s, from %s on"),
                                    unpark_format_duration(n->end_ns - n->start_ns, length),
                                    unpark_format_time(n->start_ns - w->start_ns, fine, at)));
  if (n->n > 0)
    append_repeats(text, w, node);
  else
    append_span(text, w, node);
  return g_string_free(text, FALSE);
}

/* ---- Assistive technology ----------------------------------------------------------------- */

static char *sentence(const UnparkWaterfall *w, guint32 node) {
  g_autofree char *text = unpark_waterfall_describe(w, node);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autofree char *joined = g_strjoinv(", ", lines);
  char level[UNPARK_FORMAT_SIZE];
  unpark_format_number((guint64)w->nodes[node].depth + 1, level);
  if (!unpark_waterfall_has_below(w, node))
    return g_strdup_printf(_("%s, level %s"), joined, level);
  return g_strdup_printf(w->nodes[node].open ? _("%s, level %s, expanded")
                                             : _("%s, level %s, collapsed"),
                         joined, level);
}

void unpark_waterfall_chart_announce(UnparkWaterfallChart *self) {
  g_autofree char *name = NULL;
  if (self->waterfall && gtk_widget_has_focus(GTK_WIDGET(self)))
    name = sentence(self->waterfall, self->focus);
  unpark_accessible_name(GTK_WIDGET(self), name ? name : _("Waterfall"));
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
}

void unpark_waterfall_chart_tell(UnparkCanvas *canvas) {
  UnparkWaterfallChart *self = UNPARK_WATERFALL_CHART(canvas);
  guint32 first, last;
  unpark_waterfall_chart_rows_in_sight(self, &first, &last);
  for (guint32 row = first; row < MIN(last, first + MAX_TOLD); row++) {
    g_autofree char *name = sentence(self->waterfall, self->waterfall->rows[row]);
    double y = MAX(unpark_waterfall_chart_row_y(self, row), WATERFALL_SCALE);
    GdkRectangle area = {0, (int)y, self->width, WATERFALL_ROW};
    unpark_canvas_tell(canvas, name, &area);
  }
}
