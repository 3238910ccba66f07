/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Characters that a terminal obeys or that make text read as another: control characters of C0 and
 * C1, bidirectional marks, embeddings, overrides and isolates, and line and paragraph separators.
 * Names in traces and names of files may hold any of them. Any thread.
 */
#pragma once

#include <glib.h>

/* Whether `c` is such a character; '\n' and '\t', too. */
gboolean unpark_printable_is_unsafe(gunichar c);

/* Replaces those beyond ASCII by others of the same number of bytes (U+FFFD, or "¿"), so that every
 * text of a store is safe to show; C0 stays, as it is data. `text` is valid UTF-8. */
void unpark_printable_clean(char *text, gsize size);

/* A copy on one line in which each of them is U+FFFD; invalid UTF-8 as well. Free with g_free(). */
char *unpark_printable_dup(const char *text);
/* The same, but line feeds stay: for messages, which may have several lines. */
char *unpark_printable_dup_lines(const char *text);
/* A file's name, or path, as it may be shown: for titles, labels and messages. `name` is as the
 * system has it, in whatever encoding. Free with g_free(). */
char *unpark_printable_file_name(const char *name);
