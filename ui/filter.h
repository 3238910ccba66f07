/* The filter language: which goroutines pass.
 *
 *   text            function it started in, or number: "handleOrder", "41", "G 41"
 *   state:waiting   has such a span          reason:mutex    a span's reason holds the text
 *   dur>5ms dur<1s  a span so long           woken-by:41     a wait ended by G 41
 *   fn:handle       a frame of any stack     task:checkout   works for such a task
 *   and, or, not, ( ) join them; side by side is "and". What stands side by side about spans
 *   (state, reason, dur, woken-by, fn) is asked of one and the same span.
 *
 * No GTK. Parsing is pure; running is for workers.
 */
#pragma once

#include "model/store.h"

typedef struct _UnparkFilter UnparkFilter;

/* NULL with `error` (UNPARK_ERROR_SQL) if it cannot be understood; the message says where. */
UnparkFilter *unpark_filter_parse(const char *text, GError **error);
void unpark_filter_free(UnparkFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFilter, unpark_filter_free)
/* As it was understood: "(and (text handle) (span state = 'waiting'))"; for tests. Free with
 * g_free(). */
char *unpark_filter_describe(const UnparkFilter *filter);

/* Worker. The ids (gint64 *) of the goroutines that pass. */
GHashTable *unpark_filter_run(UnparkStore *store, const char *text, GCancellable *cancellable,
                              GError **error);
