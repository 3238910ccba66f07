/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One source file with what each of its lines cost, read in a worker. No GTK. */
#pragma once

#include "model/source/source.h"
#include "model/store/store.h"

typedef struct {
  guint32 line;
  gint64 flat, cumulative;
} UnparkSourceCost;

typedef struct {
  UnparkStore *store;
  char *function, *file; /* as the recording names them; file "": that of the function */
  guint line;            /* 0: the function's costliest */
  guint measure;         /* which of the measures; beyond them: the recording's own */
  GArray *mappings;      /* UnparkSourceMapping, ends with one of NULL */
} UnparkSourceRequest;

typedef struct {
  char *file;
  char *path;      /* on this computer; NULL: not found */
  char *text;      /* NULL: it was not found, or cannot be read */
  char *error;     /* why it cannot be read; NULL */
  guint line;      /* to show; 0: the first */
  char **measures; /* translated; empty: lines have no costs */
  guint measure;   /* of `costs` */
  char *unit;
  gint64 total;  /* of the measure */
  GArray *costs; /* UnparkSourceCost by line, ascending; those with a value */
} UnparkSourceListing;

void unpark_source_request_free(UnparkSourceRequest *request);

/* Worker. NULL only if it was cancelled or the store cannot be read. */
UnparkSourceListing *unpark_source_listing_new(const UnparkSourceRequest *request,
                                               GCancellable *cancellable, GError **error);
void unpark_source_listing_free(UnparkSourceListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSourceListing, unpark_source_listing_free)

/* The line's cost; zeros if it has none. */
UnparkSourceCost unpark_source_listing_at(const UnparkSourceListing *listing, guint line);
