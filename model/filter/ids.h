/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The goroutines that pass a filter, as model queries take them. No GTK. */
#pragma once

#include "model/store/store.h"

/* Worker. Ascending ids in *ids (free with g_free()); NULL and 0 if `text` is empty: all pass.
 * FALSE with *error: what unpark_filter_run() says. */
gboolean unpark_filter_ids(UnparkStore *store, const char *text, gint64 **ids, guint *n,
                           GCancellable *cancellable, GError **error);

/* Worker. The same of tasks: *tasks are the ascending ids of those in which somebody took part who
 * passes, and of which what is asked of tasks is true. Of a store that is still being written they
 * are not known: *tasks is NULL, and the goroutines that pass are in *goroutines; else that is
 * NULL. */
gboolean unpark_filter_task_ids(UnparkStore *store, const char *text, gint64 **goroutines,
                                guint *n_goroutines, gint64 **tasks, guint *n_tasks,
                                GCancellable *cancellable, GError **error);
