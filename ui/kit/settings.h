/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program remembers between runs: window size, pane widths, the colour scheme, choices.
 *
 * One key file, $XDG_CONFIG_HOME/unpark/settings.ini, written a moment after the last change and
 * by unpark_settings_save(). Main thread only. Keys are "group.name".
 */
#pragma once

#include <glib.h>

int unpark_settings_get_int(const char *key, int fallback);
void unpark_settings_set_int(const char *key, int value);
gboolean unpark_settings_get_bool(const char *key, gboolean fallback);
void unpark_settings_set_bool(const char *key, gboolean value);
/* Free with g_free(). */
char *unpark_settings_get_string(const char *key, const char *fallback);
void unpark_settings_set_string(const char *key, const char *value);

/* A list of texts; empty if there is none. NULL-terminated; free with g_strfreev(). */
char **unpark_settings_get_strings(const char *key);
/* An empty list takes the key away. */
void unpark_settings_set_strings(const char *key, const char *const *values);

/* Writes now what is not yet written. A failure is logged: settings are no reason to stop. */
void unpark_settings_save(void);
