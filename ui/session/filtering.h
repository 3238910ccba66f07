/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's filter, run once for all views: in a worker, whenever the text or the store is
 * another. A result that comes late never takes the place of a newer one. Main thread only.
 */
#pragma once

#include "model/filter/filter.h"

typedef struct _UnparkFiltering UnparkFiltering;

/* `done` is called with `data` when a run that unpark_filtering_start() began has ended, unless
 * another was begun meanwhile. */
UnparkFiltering *unpark_filtering_new(void (*done)(gpointer data), gpointer data);
/* Stops what runs; `done` is not called any more. */
void unpark_filtering_free(UnparkFiltering *self);

/* `store` may be NULL: nothing can pass yet. What cannot be understood, an empty text, and anything
 * but an execution trace, where nothing is filtered, need no run. */
void unpark_filtering_start(UnparkFiltering *self, UnparkStore *store, const char *text);
gboolean unpark_filtering_is_running(UnparkFiltering *self);
/* NULL: nothing is filtered, it is not known yet, or there is an error. */
UnparkFilterResult *unpark_filtering_get_result(UnparkFiltering *self);
const GError *unpark_filtering_get_error(UnparkFiltering *self);
