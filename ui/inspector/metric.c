/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heap, or GOMAXPROCS, at a point in time. */
#include <glib/gi18n.h>

#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/lanes/series.h"
#include "model/base/tables.h"

typedef struct {
  double value, goal;
  gboolean known, has_goal;
  gint64 from_ns, to_ns; /* of the sums: the selected, else the visible time */
  UnparkSeriesStats stats;
  gboolean has_stats;
  UnparkStretch gc; /* that ended last before */
  double after_gc;  /* the value at its end */
  gboolean has_gc;
} Answer;

static gpointer find_metric(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSeries) series = unpark_series_read(q->store, cancellable, error);
  gboolean heap = q->pick.type == UNPARK_PICK_HEAP;
  gint64 at = q->pick.start_ns;
  if (!series)
    return NULL;
  const GArray *samples = heap ? series->heap : series->gomaxprocs;
  Answer *a = g_new0(Answer, 1);
  a->known = unpark_series_at(samples, at, &a->value);
  a->has_goal = heap && unpark_series_at(series->goal, at, &a->goal);
  a->from_ns = q->selected ? q->from_ns : q->seen_from_ns;
  a->to_ns = q->selected ? q->to_ns : q->seen_to_ns;
  a->has_stats = unpark_series_stats(samples, a->from_ns, a->to_ns, &a->stats);
  const UnparkStretch *gc = heap ? unpark_series_last_gc(series, at) : NULL;
  if (gc) {
    a->gc = *gc;
    a->has_gc = unpark_series_at(samples, gc->end_ns, &a->after_gc);
  }
  return a;
}

/* ---- telling --------------------------------------------------------------------------------- */

static const char *format_value(const UnparkQuestion *q, double value,
                                char buf[UNPARK_FORMAT_SIZE]) {
  if (q->pick.type == UNPARK_PICK_HEAP)
    return unpark_format_bytes((gint64)value, buf);
  /* A mean is seldom whole. */
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "%.3g", value);
  return buf;
}

/* "+1.2 MB" */
static char *format_change(const UnparkQuestion *q, double change) {
  char buf[UNPARK_FORMAT_SIZE];
  return g_strconcat(change < 0 ? "−" : "+", format_value(q, ABS(change), buf), NULL);
}

static void tell_value(UnparkParts *p, const UnparkQuestion *q, const Answer *a) {
  char value[UNPARK_FORMAT_SIZE], goal[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
  gboolean heap = q->pick.type == UNPARK_PICK_HEAP;
  if (!a->known) {
    unpark_parts_sentence(p,
                          heap ? _("The heap size at this time is not known.")
                               : _("GOMAXPROCS at this time is not known."),
                          NULL);
    unpark_parts_time(p, _("At"), q->pick.start_ns);
    return;
  }
  format_value(q, a->value, value);
  g_autofree char *text =
      heap ? g_strdup_printf(_("Heap: %s live"), value)
           : g_strdup_printf(ngettext("GOMAXPROCS %s: one goroutine can run at a time",
                                      "GOMAXPROCS %s: that many goroutines can run at a time",
                                      (gulong)a->value),
                             value);
  unpark_parts_sentence(p, text, NULL);
  unpark_parts_time(p, _("At"), q->pick.start_ns);
  unpark_parts_fact(p, _("Value"), value);
  if (!a->has_goal)
    return;
  unpark_parts_fact(p, _("Goal"), format_value(q, a->goal, goal));
  unpark_parts_fact(p, _("Share of the goal"), unpark_format_share(a->value, a->goal, share));
  unpark_parts_dim(p, _("The next collection should end before the heap reaches the goal."));
}

/* Leads to when it was so. */
static void tell_extreme(UnparkParts *p, const UnparkQuestion *q, const char *name, double value,
                         gint64 at_ns) {
  char buf[UNPARK_FORMAT_SIZE];
  const UnparkPick target = {.type = q->pick.type, .start_ns = at_ns, .end_ns = at_ns};
  unpark_parts_link(p, name, format_value(q, value, buf), NULL, &target);
}

static void tell_sums(UnparkParts *p, const UnparkQuestion *q, const Answer *a) {
  char buf[UNPARK_FORMAT_SIZE];
  if (!a->has_stats)
    return;
  unpark_parts_heading(p, q->selected ? _("In the selected time") : _("In the visible time"));
  unpark_parts_duration(p, _("Length"), a->to_ns - a->from_ns);
  tell_extreme(p, q, _("Minimum"), a->stats.least, a->stats.least_ns);
  tell_extreme(p, q, _("Maximum"), a->stats.most, a->stats.most_ns);
  unpark_parts_fact(p, _("Mean"), format_value(q, a->stats.mean, buf));
  unpark_parts_fact(p, _("Measurements"), unpark_format_count(a->stats.n, buf));
}

static void tell_collection(UnparkParts *p, const UnparkQuestion *q, const Answer *a) {
  char buf[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE];
  gint64 since = q->pick.start_ns - a->gc.end_ns;
  if (!a->has_gc || !a->known)
    return;
  const UnparkPick target = {.type = UNPARK_PICK_ROW,
                             .table = UNPARK_TABLE_RANGE,
                             .id = a->gc.row,
                             .start_ns = a->gc.start_ns,
                             .end_ns = a->gc.end_ns};
  unpark_parts_heading(p, _("Since the last collection"));
  g_autofree char *change = format_change(q, a->value - a->after_gc);
  unpark_parts_link(p, _("Ended"), unpark_format_time(a->gc.end_ns, 1000, at), NULL, &target);
  unpark_parts_duration(p, _("Time since then"), since);
  unpark_parts_fact(p, _("Live at its end"), format_value(q, a->after_gc, buf));
  unpark_parts_fact(p, _("Change"), change);
  if (since > 0) {
    g_autofree char *rate = format_change(q, (a->value - a->after_gc) / (double)since * 1e9);
    unpark_parts_fact(p, _("Change per second"), rate);
  }
}

static void tell_metric(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  tell_value(p, q, answer);
  tell_collection(p, q, answer);
  tell_sums(p, q, answer);
}

const UnparkAsk unpark_ask_metric = {
    .busy = N_("Reading…"), .find = find_metric, .tell = tell_metric, .answer_free = g_free};
