/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A processor, or a thread of the operating system: who ran on it. */
#include <glib/gi18n.h>

#include "model/why/late-exec.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/kit/palette.h"

#define HOLDERS_SHOWN 12

static const UnparkAsk ask_totals;

/* The head is known at once. */
static gpointer find_head(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  return unpark_store_goroutines(q->store, NULL, error) ? g_malloc0(1) : NULL;
}

static void tell_head(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  gboolean thread = q->pick.type == UNPARK_PICK_THREAD;
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, q->pick.id);
  g_autofree char *title =
      thread ? g_strdup_printf(_("M %s, an OS thread"), id)
             : g_strdup_printf(_("P %s, a processor: it runs one goroutine at a time"), id);
  unpark_parts_sentence(p, title, NULL);
  unpark_pick_page_ask(p->page, &ask_totals, NULL, NULL);
  if (!thread)
    unpark_parts_ask_ranges(p, UNPARK_SCOPE_PROC, q->pick.id, q->from_ns, q->to_ns);
}

const UnparkAsk unpark_ask_lane = {
    .busy = N_("Reading…"), .find = find_head, .tell = tell_head, .answer_free = g_free};

static gpointer find_totals(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  return unpark_exec_totals(q->store, q->pick.type == UNPARK_PICK_THREAD, q->pick.id, q->from_ns,
                            q->to_ns, cancellable, error);
}

static void tell_bar(UnparkParts *p, const UnparkExecTotals *t) {
  GArray *segments = unpark_parts_segments_new();
  gint64 whole = MAX(t->to_ns - t->from_ns, t->held_ns);
  unpark_parts_segments_add(segments, g_strdup(_("Busy")), t->held_ns,
                            unpark_palette_fill(UNPARK_CLASS_RUNNING, unpark_parts_dark()));
  unpark_parts_segments_add(segments, g_strdup(_("Idle")), whole - t->held_ns, 0);
  g_array_index(segments, UnparkPartsSegment, 1).free_room = TRUE;
  unpark_parts_segments(p, segments, whole, _("Busy and idle"));
}

static void tell_totals(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const UnparkExecTotals *t = answer;
  char count[UNPARK_FORMAT_SIZE], held[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
  gtk_widget_set_margin_top(GTK_WIDGET(p->box), 6);
  unpark_parts_dim(p, q->selected ? _("In the selected time:") : _("In the whole trace:"));
  tell_bar(p, t);
  unpark_parts_fact(p, _("Goroutine switches"), unpark_format_count((gint64)t->n_spans, count));
  unpark_parts_fact(p, _("Goroutines"), unpark_format_count(t->n_holders, count));
  if (t->n_holders > 0)
    unpark_parts_heading(p, _("Goroutines that ran here"));
  for (guint i = 0; i < MIN(t->n_holders, HOLDERS_SHOWN); i++) {
    const UnparkHolder *holder = &t->holders[i];
    g_autofree char *value =
        g_strdup_printf("%s  ·  %s", unpark_format_duration(holder->held_ns, held),
                        unpark_format_share((double)holder->held_ns, (double)t->held_ns, share));
    unpark_parts_goroutine(p, holder->goroutine, UNPARK_NONE, value);
  }
  if (t->n_holders > HOLDERS_SHOWN) {
    g_autofree char *more =
        g_strdup_printf(_("and %s more"), unpark_format_count(t->n_holders - HOLDERS_SHOWN, count));
    unpark_parts_dim(p, more);
  }
}

static void totals_free(gpointer answer) {
  unpark_exec_totals_free(answer);
}

static const UnparkAsk ask_totals = {.busy = N_("Adding up running goroutines…"),
                                     .find = find_totals,
                                     .tell = tell_totals,
                                     .answer_free = totals_free};
