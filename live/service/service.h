/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running Go program with net/http/pprof, and what it offers. Blocks; any thread but the main. */
#pragma once

#include "live/http/address.h"
#include "live/http/fetch.h"

typedef struct {
  char *name;   /* "heap"; safe to show and to put in a path */
  gint64 count; /* as the service says; -1: not said */
} UnparkServiceKind;

typedef struct {
  char *base;          /* ".../debug/pprof/" */
  GPtrArray *kinds;    /* of UnparkServiceKind, known ones first; empty: it has no index */
  gboolean is_indexed; /* FALSE: there is no index, but there may be kinds */
} UnparkService;

/* Looks below the address for an index: at the path itself if it has "/debug/pprof" in it, else at
 * PATH/debug/pprof/ and then at PATH/. A service that answers 404 there is none with an error
 * UNPARK_LIVE_ERROR_NOT_FOUND, unless `may_lack_index`. `reach` has what `address` does not. */
UnparkService *unpark_service_find(const UnparkAddress *address, const UnparkReach *reach,
                                   gboolean may_lack_index, GCancellable *cancellable,
                                   GError **error);
UnparkService *unpark_service_copy(const UnparkService *service);
void unpark_service_free(UnparkService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkService, unpark_service_free)

/* Whether the index has it. */
gboolean unpark_service_offers(const UnparkService *service, const char *kind);

/* The kinds that an index page of Go 1.5 to 1.27 names. Pure. For tests, and the above. */
GPtrArray *unpark_service_parse_index(const char *html);
