/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which spans a person looks for. A span is found that fits every word of the text:
 *
 *   word       the name, service, message, an id or the value of an attribute contains it
 *   key=value  the attribute is exactly that; key!=value: it is there, and is not
 *   key~part   it contains that
 *   key>n      it is a number above that; key<n: below
 *   key=       there is such an attribute
 *
 * Keys are those of attributes of the span, its events, its links and its resource, and "service",
 * "name", "kind", "status", "host", "message", "trace", "span", and "duration", whose numbers have
 * a unit ("duration>10ms"). Letters of either case are equal; quotes hold blanks together.
 */
#pragma once

#include "model/spans/traces.h"

typedef struct _UnparkTraceSearch UnparkTraceSearch;

/* Worker; one thread at a time. `traces` must outlive it. NULL: a number cannot be read. */
UnparkTraceSearch *unpark_trace_search_new(const UnparkTraces *traces, const char *text,
                                           GError **error);
void unpark_trace_search_free(UnparkTraceSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkTraceSearch, unpark_trace_search_free)

/* There are no words: every span fits. */
gboolean unpark_trace_search_is_empty(const UnparkTraceSearch *search);
/* FALSE, too, with `error`: a store is damaged, or the disk failed. Quickest in the order of the
 * spans. */
gboolean unpark_trace_search_fits(UnparkTraceSearch *search, guint span, GError **error);
