/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may come next in a filter. No GTK; any thread. */
#pragma once

#include "model/store/store.h"

/* What can be named in one trace. It never changes. */
typedef struct {
  gatomicrefcount refs;
  GPtrArray *functions, *reasons, *tasks, *ranges; /* char *, those of most goroutines first */
} UnparkFilterWords;

/* Worker. NULL with `error`. */
UnparkFilterWords *unpark_filter_words_read(UnparkStore *store, GCancellable *cancellable,
                                            GError **error);
UnparkFilterWords *unpark_filter_words_ref(UnparkFilterWords *words);
void unpark_filter_words_unref(UnparkFilterWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFilterWords, unpark_filter_words_unref)

typedef struct {
  char *text;       /* the whole filter if this is taken */
  int cursor;       /* then the caret is at this character */
  char *label;      /* the word itself */
  const char *hint; /* translated: what it means; "" */
} UnparkFilterOffer;

/* At most `limit` ways to complete the word that ends at character `cursor` of `text`; `words`
 * may be NULL. Elements are UnparkFilterOffer, owned by the array. */
GPtrArray *unpark_filter_offers(const UnparkFilterWords *words, const char *text, int cursor,
                                guint limit);
