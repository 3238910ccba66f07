/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector's section that compares a span with all at the same place. */
#include <glib/gi18n.h>

#include "model/why/wait-stats.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"

static gpointer find_place(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  UnparkPlaceStats *stats = g_new0(UnparkPlaceStats, 1);
  if (unpark_place_stats(q->store, q->data, stats, cancellable, error))
    return stats;
  g_free(stats);
  return NULL;
}

static void tell_wait(UnparkParts *p, const char *name, const UnparkPlaceWait *wait) {
  char at[UNPARK_FORMAT_SIZE], duration[UNPARK_FORMAT_SIZE];
  if (wait->goroutine == UNPARK_NONE)
    return;
  gint64 length = wait->end_ns - wait->start_ns;
  unpark_format_time(wait->start_ns, MAX(length / 20, 1000), at);
  /* Translators: "Next: G 17 at 1.203 s". */
  g_autofree char *who = g_strdup_printf("G %" G_GINT64_FORMAT, wait->goroutine);
  g_autofree char *text = g_strdup_printf(_("%s: %s at %s"), name, who, at);
  const UnparkPick target = {.type = UNPARK_PICK_SPAN,
                             .id = wait->goroutine,
                             .start_ns = wait->start_ns,
                             .end_ns = wait->end_ns};
  unpark_parts_link(p, text, unpark_format_duration(length, duration), NULL, &target);
}

static gboolean same(const UnparkPlaceWait *a, const UnparkPlaceWait *b) {
  return a->goroutine == b->goroutine && a->start_ns == b->start_ns;
}

static void tell_neighbours(UnparkParts *p, const UnparkPlaceStats *s) {
  tell_wait(p, _("Longest"), &s->longest);
  tell_wait(p, _("Previous here"), &s->previous);
  tell_wait(p, _("Next here"), &s->next);
  if (!same(&s->own_previous, &s->previous))
    tell_wait(p, _("Previous in its lane"), &s->own_previous);
  if (!same(&s->own_next, &s->next))
    tell_wait(p, _("Next in its lane"), &s->own_next);
}

/* How the span ranks among all there: the ends of the row are said in words, not as 0 %. */
static char *rank_text(const UnparkPlaceStats *s, gboolean waits) {
  char share[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
  unpark_format_count((gint64)s->count, count);
  if (s->least_ns == s->most_ns)
    return g_strdup_printf(waits ? _("All %s waits at this stack took the same time.")
                                 : _("All %s spans of this kind at this stack took the same time."),
                           count);
  if (s->shorter == 0)
    return g_strdup_printf(waits ? _("The shortest of the %s waits at this stack.")
                                 : _("The shortest of the %s spans of this kind at this stack."),
                           count);
  if (s->shorter + s->equal == s->count)
    return g_strdup_printf(waits ? _("The longest of the %s waits at this stack.")
                                 : _("The longest of the %s spans of this kind at this stack."),
                           count);
  unpark_format_share((double)s->shorter, (double)s->count, share);
  return g_strdup_printf(waits ? _("Longer than %s of the %s waits at this stack.")
                               : _("Longer than %s of the %s spans of this kind at this stack."),
                         share, count);
}

static void tell_place(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const UnparkPlaceStats *s = answer;
  const UnparkSpan *span = q->data;
  const UnparkKind *kind = unpark_store_kind(p->store, span->kind);
  gboolean waits = kind && kind->state == UNPARK_STATE_WAITING;
  unpark_parts_heading(p, waits ? _("All waits here") : _("At the same place"));
  if (s->count < 2) {
    unpark_parts_dim(p, waits ? _("This is the only wait at this stack.")
                              : _("This is the only span at this stack."));
    return;
  }
  g_autofree char *text = rank_text(s, waits);
  unpark_parts_plain(p, text);
  unpark_parts_histogram(p, s->buckets, s->first_bucket, s->last_bucket,
                         unpark_wait_bucket_of(span->end_ns - span->start_ns), text);
  char least[UNPARK_FORMAT_SIZE], most[UNPARK_FORMAT_SIZE], p50[UNPARK_FORMAT_SIZE],
      p90[UNPARK_FORMAT_SIZE], p99[UNPARK_FORMAT_SIZE];
  g_autofree char *range = g_strdup_printf("%s – %s", unpark_format_duration(s->least_ns, least),
                                           unpark_format_duration(s->most_ns, most));
  g_autofree char *percentiles = g_strdup_printf(
      "%s · %s · %s", unpark_format_duration(s->p50_ns, p50),
      unpark_format_duration(s->p90_ns, p90), unpark_format_duration(s->p99_ns, p99));
  unpark_parts_fact(p, _("Shortest – longest"), range);
  unpark_parts_fact(p, _("p50 · p90 · p99"), percentiles);
  unpark_parts_duration(p, _("Total"), s->total_ns);
  tell_neighbours(p, s);
}

const UnparkAsk unpark_ask_place = {.busy = N_("Comparing with the others here…"),
                                    .find = find_place,
                                    .tell = tell_place,
                                    .answer_free = g_free};
