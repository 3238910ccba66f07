/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program that this person edits sources with: remembered between runs. Main thread only. */
#pragma once

#include <glib.h>

typedef struct {
  const char *name;    /* translatable */
  const char *command; /* %f: the file, %l: the line; "": the desktop's program for the file */
} UnparkSourceEditor;

/* Those that are offered, the first of them the desktop's; ends with a NULL name. */
extern const UnparkSourceEditor unpark_source_editors[];

/* Never NULL; free with g_free(). */
char *unpark_source_editor_get_command(void);
/* FALSE: it is not a command, or does not name the file; nothing is changed. `reason`, which may
 * be NULL, is then a translated sentence, to be freed with g_free(). */
gboolean unpark_source_editor_set_command(const char *command, char **reason);

/* The words of a command, with %f and %l replaced; "%%" is "%". NULL: see above. Free with
 * g_strfreev(). For tests, and the below. */
char **unpark_source_editor_words(const char *command, const char *path, guint line,
                                  GError **error);

/* Begins the editor's command. FALSE with an error that says what could not be begun. An empty
 * command is for the caller. */
gboolean unpark_source_editor_open(const char *command, const char *path, guint line,
                                   GError **error);
