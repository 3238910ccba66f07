/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/chain/text.h"

#include <glib/gi18n.h>

#include "model/why/words.h"
#include "ui/text/format.h"

#define MAX_FRAMES 64
#define MAX_INDENT 20
/* More links than a person reads: their sums come first. */
#define SUMS_FROM 12

typedef struct {
  char *where;      /* "main.handle (orders.go:88)" */
  const char *what; /* "for a mutex": as a wait; a static text */
} Place;

struct _UnparkChainPlaces {
  GHashTable *places; /* stack id -> Place */
};

static void place_free(gpointer data) {
  g_free(((Place *)data)->where);
  g_free(data);
}

/* ---- places, in a worker ------------------------------------------------------------------- */

static void append_frame(GString *to, const UnparkFrame *frame) {
  g_string_append(to, unpark_format_function_short(frame->function));
  if (*frame->file && frame->line > 0)
    g_string_append_printf(to, " (%s:%u)", unpark_format_basename(frame->file), frame->line);
}

static Place *read_place(UnparkStore *store, guint32 stack, const UnparkKind *kind) {
  guint n, inner, own;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, stack, MAX_FRAMES, &n);
  Place *place = g_new0(Place, 1);
  GString *where = g_string_new(NULL);
  place->what =
      kind && kind->state == UNPARK_STATE_WAITING ? unpark_words_wait(kind, frames, n) : "";
  if (n > 0) {
    unpark_words_frames(frames, n, &inner, &own);
    append_frame(where, &frames[own]);
  }
  place->where = g_string_free(where, FALSE);
  return place;
}

UnparkChainPlaces *unpark_chain_places_read(UnparkStore *store, UnparkChain *chain,
                                            GCancellable *cancellable, GError **error) {
  UnparkChainPlaces *self = g_atomic_rc_box_new0(UnparkChainPlaces);
  self->places = g_hash_table_new_full(NULL, NULL, NULL, place_free);
  for (guint i = 0; i < chain->n_links; i++) {
    const UnparkLink *link = &chain->links[i];
    gpointer key = GUINT_TO_POINTER(link->stack);
    if (link->stack == 0 || g_hash_table_contains(self->places, key))
      continue;
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
      unpark_chain_places_unref(self);
      return NULL;
    }
    g_hash_table_insert(self->places, key,
                        read_place(store, link->stack, unpark_store_kind(store, link->span.kind)));
  }
  return self;
}

UnparkChainPlaces *unpark_chain_places_ref(UnparkChainPlaces *places) {
  return g_atomic_rc_box_acquire(places);
}

static void places_clear(gpointer box) {
  g_hash_table_unref(((UnparkChainPlaces *)box)->places);
}

void unpark_chain_places_unref(UnparkChainPlaces *places) {
  g_atomic_rc_box_release_full(places, places_clear);
}

/* ---- words ------------------------------------------------------------------------------ */

static void append_goroutine(UnparkStore *store, GString *to, gint64 id) {
  const UnparkGoroutine *g = unpark_store_goroutine(store, id);
  const char *name = g ? g->name : "";
  g_string_append_printf(to, "G %" G_GINT64_FORMAT, id);
  if (*name)
    g_string_append_printf(to, " %s", unpark_format_function_short(name));
}

static gboolean is_wait(UnparkLinkKind kind) {
  return kind == UNPARK_LINK_WAITED || kind == UNPARK_LINK_NOBODY || kind == UNPARK_LINK_OPEN ||
         kind == UNPARK_LINK_TIMER;
}

char *unpark_chain_words(UnparkStore *store, const UnparkChainPlaces *places, UnparkLinkKind kind,
                         guint16 span_kind, guint32 stack) {
  const UnparkKind *span = unpark_store_kind(store, span_kind);
  const Place *place =
      places && stack ? g_hash_table_lookup(places->places, GUINT_TO_POINTER(stack)) : NULL;
  GString *text = g_string_new(unpark_words_link(kind, span));
  const char *what = is_wait(kind) ? (place ? place->what : unpark_words_wait(span, NULL, 0)) : "";
  if (*what)
    g_string_append_printf(text, " %s", what);
  else if (is_wait(kind) && span && *span->reason)
    g_string_append_printf(text, " (%s)", span->reason);
  if (place && *place->where && kind != UNPARK_LINK_LATE)
    g_string_append_printf(text, kind == UNPARK_LINK_RAN ? _(" until %s") : _(" at %s"),
                           place->where);
  return g_string_free(text, FALSE);
}

char *unpark_chain_link_words(UnparkStore *store, const UnparkChainPlaces *places,
                              const UnparkLink *link) {
  g_autofree char *words =
      unpark_chain_words(store, places, link->kind, link->span.kind, link->stack);
  GString *text = g_string_new(words);
  if (link->other != UNPARK_NONE) {
    GString *other = g_string_new(NULL);
    append_goroutine(store, other, link->other);
    g_string_append_printf(
        text, link->kind == UNPARK_LINK_CREATED ? _(", by %s") : _(", woken by %s"), other->str);
    g_string_free(other, TRUE);
  }
  return g_string_free(text, FALSE);
}

char *unpark_chain_title(UnparkStore *store, const UnparkChain *chain) {
  char length[UNPARK_FORMAT_SIZE], from[UNPARK_FORMAT_SIZE];
  g_autofree char *who = g_strdup_printf("G %" G_GINT64_FORMAT, chain->goroutine);
  unpark_format_duration(chain->to_ns - chain->from_ns, length);
  if (chain->span.kind)
    return g_strdup_printf(_("Why %s waited %s"), who, length);
  unpark_format_time(chain->from_ns, MAX((chain->to_ns - chain->from_ns) / 20, 1000), from);
  return g_strdup_printf(_("What %s did for %s from %s"), who, length, from);
}

char *unpark_chain_answer(UnparkStore *store, const UnparkChainPlaces *places,
                          const UnparkChain *chain) {
  char share[UNPARK_FORMAT_SIZE];
  if (chain->n_sums == 0 || chain->sums[0].share_ns <= 0)
    return NULL;
  const UnparkLinkSum *sum = &chain->sums[0];
  g_autofree char *words = unpark_chain_words(store, places, sum->kind, sum->span_kind, sum->stack);
  GString *text = g_string_new(
      unpark_format_share((double)sum->share_ns, (double)(chain->to_ns - chain->from_ns), share));
  g_string_append(text, ": ");
  if (sum->goroutine != UNPARK_NONE) {
    append_goroutine(store, text, sum->goroutine);
    g_string_append_c(text, ' ');
  }
  g_string_append(text, words);
  return g_string_free(text, FALSE);
}

/* ---- all of it -------------------------------------------------------------------------- */

static void append_share(GString *to, gint64 share_ns, gint64 length_ns, gint64 whole_ns) {
  char share[UNPARK_FORMAT_SIZE] = "", length[UNPARK_FORMAT_SIZE];
  if (share_ns > 0)
    unpark_format_share((double)share_ns, (double)whole_ns, share);
  unpark_format_duration(length_ns, length);
  /* "µ" is two bytes long, which printf's width would count. */
  int pad = 10 - (int)g_utf8_strlen(length, -1);
  g_string_append_printf(to, "  %7s  %*s%s  ", share, MAX(pad, 0), "", length);
}

static void append_sums(UnparkStore *store, const UnparkChainPlaces *places,
                        const UnparkChain *chain, GString *to) {
  gint64 whole = chain->to_ns - chain->from_ns;
  g_string_append_printf(to, "\n%s\n", _("Summary:"));
  for (guint i = 0; i < MIN(chain->n_sums, SUMS_FROM); i++) {
    const UnparkLinkSum *sum = &chain->sums[i];
    g_autofree char *words =
        unpark_chain_words(store, places, sum->kind, sum->span_kind, sum->stack);
    append_share(to, sum->share_ns, sum->share_ns, whole);
    if (sum->goroutine != UNPARK_NONE) {
      append_goroutine(store, to, sum->goroutine);
      g_string_append_c(to, ' ');
    }
    g_string_append_printf(to, "%s", words);
    if (sum->count > 1)
      g_string_append_printf(to, "  ×%u", sum->count);
    g_string_append_c(to, '\n');
  }
}

char *unpark_chain_text(UnparkStore *store, const UnparkChainPlaces *places,
                        const UnparkChain *chain, guint limit) {
  g_autofree char *title = unpark_chain_title(store, chain);
  GString *to = g_string_new(NULL);
  gint64 whole = chain->to_ns - chain->from_ns;
  guint n = limit ? MIN(limit, chain->n_links) : chain->n_links;
  g_autofree char *answer = unpark_chain_answer(store, places, chain);
  g_string_append_printf(to, "\n%s\n", title);
  if (answer)
    g_string_append_printf(to, "%s\n", answer);
  if (chain->n_links > SUMS_FROM)
    append_sums(store, places, chain, to);
  g_string_append_printf(to, "\n%s\n", _("Step by step, from the end back:"));
  for (guint i = 0; i < n; i++) {
    const UnparkLink *link = &chain->links[i];
    g_autofree char *words = unpark_chain_link_words(store, places, link);
    append_share(to, link->share_ns, link->to_ns - link->from_ns, whole);
    g_string_append_printf(to, "%*s", (int)MIN(link->depth, MAX_INDENT) * 2, "");
    if (link->goroutine != UNPARK_NONE) {
      append_goroutine(store, to, link->goroutine);
      g_string_append_c(to, ' ');
    }
    g_string_append_printf(to, "%s\n", words);
  }
  if (n < chain->n_links) {
    char rest[UNPARK_FORMAT_SIZE];
    g_autofree char *more =
        g_strdup_printf(_("and %s more links"), unpark_format_count(chain->n_links - n, rest));
    g_string_append_printf(to, "  %s\n", more);
  }
  return g_string_free(to, FALSE);
}
