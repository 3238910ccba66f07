/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What preferences look like. Any thread. */
#pragma once

#include <glib.h>

/* A number, a duration, a time, a time of day and a function, as they are written now. Free with
 * g_free(). */
char *unpark_preferences_sample(void);
