/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Large things are given back where nobody waits for it: a hundred thousand entries take
 * milliseconds, which the main loop has better use for. */
#pragma once

#include <glib.h>

/* Calls `destroy` with `data` on another thread if the caller is the thread of the main loop, or
 * else at once. `destroy` must not touch widgets. Any thread. */
void unpark_free_later(gpointer data, GDestroyNotify destroy);
