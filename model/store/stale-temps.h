/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What processes that were killed left beside a store they were writing. */
#pragma once

#include <glib.h>

/* Removes the temporary files of unfinished writers of `path` (PATH.PID-N.tmp) whose process is
 * gone, and that nobody has locked: a number that means nobody here may be another container's
 * process, which writes into the same folder. Writers hold SQLite's lock from their first byte on.
 * Returns how many. Worker. */
guint unpark_remove_stale_temps(const char *path);
