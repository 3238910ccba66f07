/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses used before, newest first, and where recordings are saved; kept in the settings,
 * without what could be a secret. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* Newest first; NULL-terminated; free with g_strfreev(). */
char **unpark_record_history_get(void);
/* Without its query, which may have a token in it. */
void unpark_record_history_add(const char *address);

/* Origins whose credentials are in the keyring: for all others it is not asked. */
gboolean unpark_record_history_is_kept(const char *origin);
void unpark_record_history_set_kept(const char *origin);

/* A folder that exists; free with g_free(). */
char *unpark_record_history_get_folder(void);
void unpark_record_history_set_folder(const char *folder);

/* "FOLDER/localhost-6060-trace-20261130-194500.trace"; `kind` NULL: of a URL. Free with g_free().
 */
char *unpark_record_history_path(const char *folder, const char *title, const char *kind,
                                 gboolean difference);
