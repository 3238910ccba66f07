/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person prefers, from the settings to where it has effect. Main thread only. */
#pragma once

#include <glib.h>

/* How numbers, times and names are written, the colours of states, and how much memory a file
 * takes. At the start of the program, and whenever one of them was changed. */
void unpark_preferences_apply(void);

/* The folder of the cache that was chosen; NULL: the default. Free with g_free(). */
char *unpark_preferences_cache_folder(void);
/* Bytes; what was chosen, else $UNPARK_CACHE_SIZE, else the default. 0: nothing is kept. */
guint64 unpark_preferences_cache_size(void);
