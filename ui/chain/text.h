/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wait chain in words: its rows, and all of it as text. No GTK.
 *
 * Places (functions and lines) are read in a worker, for each stack of the chain once; texts are
 * then made of what is in memory. */
#pragma once

#include "model/why/why.h"

typedef struct _UnparkChainPlaces UnparkChainPlaces; /* immutable; atomically counted */

/* Worker. NULL with *error: cancelled. */
UnparkChainPlaces *unpark_chain_places_read(UnparkStore *store, UnparkChain *chain,
                                            GCancellable *cancellable, GError **error);
UnparkChainPlaces *unpark_chain_places_ref(UnparkChainPlaces *places);
void unpark_chain_places_unref(UnparkChainPlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkChainPlaces, unpark_chain_places_unref)

/* "waited for a mutex at main.handle (orders.go:88)", "ran until main.flush (ship.go:12)". Free
 * with g_free(). `span_kind` 0: none; `stack` 0: no place. */
char *unpark_chain_words(UnparkStore *store, const UnparkChainPlaces *places, UnparkLinkKind kind,
                         guint16 span_kind, guint32 stack);
/* The same of a link, with who ended or created it: ", woken by G 17  main.ship". */
char *unpark_chain_link_words(UnparkStore *store, const UnparkChainPlaces *places,
                              const UnparkLink *link);

/* "Why G 41 waited 7.2 ms": what the chain is about. */
char *unpark_chain_title(UnparkStore *store, const UnparkChain *chain);

/* What explains most of it, in a sentence: "78 %: G 14  main.ship was ready but had no processor".
 * NULL: nothing is known to. Free with g_free(). */
char *unpark_chain_answer(UnparkStore *store, const UnparkChainPlaces *places,
                          const UnparkChain *chain);

/* All of it, or of a very long one the first `limit` links (0: all), as lines. */
char *unpark_chain_text(UnparkStore *store, const UnparkChainPlaces *places,
                        const UnparkChain *chain, guint limit);
