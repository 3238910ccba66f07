/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that were open when the program ended, for the next start. Main thread only. */
#pragma once

#include <glib.h>

/* URIs, in the order of the tabs; remembered from now on. */
void unpark_restore_remember(const char *const *uris);
/* What to open now; empty where the user does not want it. Free with g_strfreev(). */
char **unpark_restore_get(void);
