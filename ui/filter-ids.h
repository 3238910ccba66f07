/* The goroutines that pass a filter, as model queries take them. No GTK. */
#pragma once

#include "model/store.h"

/* Worker. Ascending ids in *ids (free with g_free()); NULL and 0 if `text` is empty: all pass.
 * FALSE with *error: what unpark_filter_run() says. */
gboolean unpark_filter_ids(UnparkStore *store, const char *text, gint64 **ids, guint *n,
                           GCancellable *cancellable, GError **error);
