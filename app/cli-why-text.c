/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "app/cli-table.h"
#include "app/cli-units.h"
#include "app/cli-why.h"
#include "model/base/format.h"
#include "model/why/words.h"

#define LINKS_SHOWN 40
#define SUMS_SHOWN 10
#define MAX_INDENT 20

gboolean cli_why_began_before(const CliWhy *why) {
  return why->chain->span.start_ns <= 0 && why->goroutine->parent == UNPARK_NONE;
}

/* ---- names -------------------------------------------------------------------------------- */

static void append_clean(GString *to, const char *text) {
  cli_append_printable(to, text, strlen(text));
}

static void append_goroutine(const CliWhy *why, GString *to, gint64 id) {
  const UnparkGoroutine *g = unpark_store_goroutine(why->store, id);
  const char *name = g ? unpark_store_string(why->store, g->name_id) : "";
  g_string_append_printf(to, "G %" G_GINT64_FORMAT, id);
  if (*name) {
    g_string_append_c(to, ' ');
    append_clean(to, unpark_format_function_short(name));
  }
}

static void append_frame(GString *to, const UnparkFrame *frame) {
  append_clean(to, unpark_format_function_short(frame->function));
  if (*frame->file) {
    const char *slash = strrchr(frame->file, '/');
    g_string_append(to, " (");
    append_clean(to, slash ? slash + 1 : frame->file);
    if (frame->line)
      g_string_append_printf(to, ":%u", frame->line);
    g_string_append_c(to, ')');
  }
}

/* "sync.(*Mutex).Lock (mutex.go:90) < main.handle (orders.go:88)"; nothing for stack 0. */
static gboolean append_place(const CliWhy *why, GString *to, const char *before, guint32 stack) {
  guint n, inner, own;
  g_autofree UnparkFrame *frames = unpark_store_stack(why->store, stack, 0, &n);
  if (n == 0)
    return FALSE;
  g_string_append(to, before);
  unpark_words_frames(frames, n, &inner, &own);
  append_frame(to, &frames[inner]);
  if (own != inner) {
    g_string_append(to, " < ");
    append_frame(to, &frames[own]);
  }
  return TRUE;
}

/* ---- what it waited for ---- */

static void append_waited(const CliWhy *why, GString *to, const UnparkSpan *span) {
  const UnparkKind *kind = unpark_store_kind(why->store, span->kind);
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(why->store, span->stack, 0, &n);
  const char *words = unpark_words_wait(kind, frames, n);
  if (*words)
    g_string_append_printf(to, " %s", words);
  else if (kind && *kind->reason) {
    g_string_append(to, " (");
    append_clean(to, kind->reason);
    g_string_append_c(to, ')');
  }
}

/* ---- the span asked about ---- */

static void append_stack(const CliWhy *why, GString *to, guint32 stack) {
  guint n, inner, own;
  g_autofree UnparkFrame *frames = unpark_store_stack(why->store, stack, 0, &n);
  if (n == 0)
    return;
  unpark_words_frames(frames, n, &inner, &own);
  for (guint i = inner; i < n && i < inner + 12; i++) {
    g_string_append(to, i == inner ? _("  at ") : "     ");
    append_frame(to, &frames[i]);
    g_string_append_c(to, '\n');
  }
  if (n > inner + 12)
    g_string_append_printf(to, _("     and %u more\n"), n - inner - 12);
}

static void append_place_stats(const CliWhy *why, GString *to) {
  const UnparkPlaceStats *s = &why->place;
  g_autofree char *count = cli_format_count((gint64)s->count);
  g_autofree char *p50 = cli_format_duration(s->p50_ns), *most = cli_format_duration(s->most_ns);
  if (s->count < 2) {
    g_string_append(to, _("  the only wait here\n"));
    return;
  }
  g_string_append_printf(
      to, _("  at least as long as %.1f %% of the %s waits here (median %s, longest %s)\n"),
      s->percentile, count, p50, most);
}

static void append_wait(const CliWhy *why, GString *to) {
  const UnparkSpan *span = &why->chain->span;
  if (span->waker != UNPARK_NONE) {
    g_string_append(to, _("  woken by "));
    append_goroutine(why, to, span->waker);
    guint n;
    g_autofree UnparkFrame *frames = unpark_store_stack(why->store, span->waker_stack, 1, &n);
    g_string_append(to, unpark_words_channel(frames, n));
    append_place(why, to, _(" at "), span->waker_stack);
    g_string_append_c(to, '\n');
  } else if (why->chain->n_links > 0 && why->chain->links[0].kind == UNPARK_LINK_TIMER) {
    g_string_append(to, _("  woken by a timer\n"));
  }
  if (why->delay_ns != UNPARK_NONE) {
    g_autofree char *delay = cli_format_duration(why->delay_ns);
    g_string_append_printf(to, _("  then runnable for %s before it ran\n"), delay);
  }
  /* A wait of unknown length, or at an unknown place, compares with nothing. */
  if (why->has_place && span->stack && !cli_why_began_before(why))
    append_place_stats(why, to);
}

static void append_header(const CliWhy *why, GString *to) {
  const UnparkSpan *span = &why->chain->span;
  g_autofree char *length = cli_format_duration(span->end_ns - span->start_ns);
  g_autofree char *from = cli_format_duration(span->start_ns);
  g_autofree char *end = cli_format_duration(span->end_ns);
  static const char *const did[] = {N_("ran for"), N_("was runnable for"), N_("waited"),
                                    N_("was in a system call for")};
  append_goroutine(why, to, span->goroutine);
  if (why->state == UNPARK_STATE_WAITING && cli_why_began_before(why))
    g_string_append_printf(to, " %s %s", _("waited at least"), length);
  else
    g_string_append_printf(to, " %s %s", _(did[MIN((guint)why->state, 3)]), length);
  if (why->state == UNPARK_STATE_WAITING)
    append_waited(why, to, span);
  if (cli_why_began_before(why))
    g_string_append_printf(to, _(", since before the trace, until %s\n"), end);
  else
    g_string_append_printf(to, _(", from %s to %s\n"), from, end);
  append_stack(why, to, span->stack);
  if (why->state == UNPARK_STATE_WAITING)
    append_wait(why, to);
}

/* ---- lateness ---- */

/* "   12.3 %   13.63 µs  ": columns that stay straight, though "µ" is two bytes long. */
static void append_part(GString *to, gint64 part, gint64 whole) {
  g_autofree char *length = cli_format_duration(part);
  double percent = whole > 0 ? 100.0 * (double)part / (double)whole : 0;
  int pad = 9 - (int)g_utf8_strlen(length, -1);
  if (part > 0 && percent < 0.05)
    g_string_append(to, "   <0.1 %");
  else
    g_string_append_printf(to, "  %5.1f %%", percent);
  g_string_append_printf(to, "  %*s%s  ", MAX(pad, 0), "", length);
}

/* The same without a share. */
static void append_length(GString *to, const char *length) {
  int pad = 9 - (int)g_utf8_strlen(length, -1);
  g_string_append_printf(to, "           %*s%s  ", MAX(pad, 0), "", length);
}

static void append_late(const CliWhy *why, GString *to) {
  const UnparkLate *late = why->late;
  g_string_append_printf(to, _("  how: %s"), unpark_words_cause(late->cause));
  if (late->waker != UNPARK_NONE) {
    g_string_append(to, _(", by "));
    append_goroutine(why, to, late->waker);
    append_place(why, to, _(" at "), late->waker_stack);
  }
  g_autofree char *title = unpark_words_processors(late);
  g_string_append_printf(to, "\n\n%s:\n", title);
  for (guint i = 0; i < late->n_holders && i < LINKS_SHOWN / 2; i++) {
    append_part(to, late->holders[i].held_ns, late->capacity_ns);
    append_goroutine(why, to, late->holders[i].goroutine);
    g_string_append_c(to, '\n');
  }
  if (late->n_holders > LINKS_SHOWN / 2)
    g_string_append_printf(to, _("           and %u more goroutines\n"),
                           late->n_holders - LINKS_SHOWN / 2);
  append_part(to, late->idle_ns, late->capacity_ns);
  g_string_append_printf(to, "%s\n", _("idle"));
  if (late->stopped_ns > 0) {
    append_part(to, late->stopped_ns, late->capacity_ns);
    g_string_append_printf(to, "%s\n", _("world stopped"));
  }
  for (guint i = 0; i < late->n_ranges; i++) {
    g_autofree char *overlap = cli_format_duration(late->ranges[i].overlap_ns);
    g_string_append_printf(to, _("  meanwhile, for %s: "), overlap);
    append_clean(to, unpark_store_string(why->store, (guint32)late->ranges[i].name_id));
    g_string_append_c(to, '\n');
  }
}

/* ---- the chain ---- */

static const char *link_words(const CliWhy *why, UnparkLinkKind link, guint16 span_kind) {
  return unpark_words_link(link, unpark_store_kind(why->store, span_kind));
}

static void append_link(const CliWhy *why, GString *to, const UnparkLink *link) {
  g_autofree char *length = cli_format_duration(link->to_ns - link->from_ns);
  gint64 whole = why->chain->to_ns - why->chain->from_ns;
  if (link->share_ns > 0)
    append_part(to, link->share_ns, whole);
  else
    append_length(to, link->kind == UNPARK_LINK_CREATED ? "" : length);
  g_string_append_printf(to, "%*s", (int)MIN(link->depth, MAX_INDENT) * 2, "");
  if (link->goroutine != UNPARK_NONE) {
    append_goroutine(why, to, link->goroutine);
    g_string_append_c(to, ' ');
  }
  g_string_append(to, link_words(why, link->kind, link->span.kind));
  if (link->kind == UNPARK_LINK_WAITED || link->kind == UNPARK_LINK_NOBODY ||
      link->kind == UNPARK_LINK_OPEN || link->kind == UNPARK_LINK_TIMER)
    append_waited(why, to, &link->span);
  if (link->kind != UNPARK_LINK_LATE)
    append_place(why, to, link->kind == UNPARK_LINK_RAN ? _(" until ") : _(" at "), link->stack);
  if (link->other != UNPARK_NONE) {
    g_string_append(to, link->kind == UNPARK_LINK_CREATED ? _(", by ") : _(", woken by "));
    append_goroutine(why, to, link->other);
  }
  g_string_append_c(to, '\n');
}

static void append_sums(const CliWhy *why, GString *to) {
  const UnparkChain *chain = why->chain;
  g_string_append(to, _("\nSummary:\n"));
  for (guint i = 0; i < chain->n_sums && i < SUMS_SHOWN; i++) {
    const UnparkLinkSum *sum = &chain->sums[i];
    append_part(to, sum->share_ns, chain->to_ns - chain->from_ns);
    if (sum->goroutine != UNPARK_NONE) {
      append_goroutine(why, to, sum->goroutine);
      g_string_append_c(to, ' ');
    }
    g_string_append(to, link_words(why, sum->kind, sum->span_kind));
    if (sum->count > 1)
      g_string_append_printf(to, _(" (%u times)"), sum->count);
    append_place(why, to, sum->kind == UNPARK_LINK_RAN ? _(" until ") : _(" at "), sum->stack);
    g_string_append_c(to, '\n');
  }
  if (chain->n_sums > SUMS_SHOWN)
    g_string_append_printf(to, _("           and %u more\n"), chain->n_sums - SUMS_SHOWN);
}

/* The wait itself is told above; what is left is who did what meanwhile. */
static void append_chain(const CliWhy *why, GString *to) {
  const UnparkChain *chain = why->chain;
  guint first = chain->n_links > 0 && chain->links[0].share_ns == 0 ? 1 : 0;
  guint limit = why->limit ? why->limit : LINKS_SHOWN;
  guint last = MIN(chain->n_links, first + limit);
  if (chain->n_links == first)
    return;
  if (chain->n_links > SUMS_SHOWN)
    append_sums(why, to);
  g_string_append(to, _("\nWhy, back from the wake-up:\n"));
  for (guint i = first; i < last; i++)
    append_link(why, to, &chain->links[i]);
  if (last < chain->n_links)
    g_string_append_printf(to, _("           and %u more links (--limit)\n"),
                           chain->n_links - last);
}

void cli_why_text(const CliWhy *why, GString *to) {
  append_header(why, to);
  if (why->state == UNPARK_STATE_RUNNABLE)
    append_late(why, to);
  else if (why->state == UNPARK_STATE_WAITING)
    append_chain(why, to);
}
