/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store that can be given away: the same times, states and shape, without the program's own names
 * and texts.
 *
 * Kept: times and lengths, states, reasons, names of the runtime and the standard library, lines,
 * metrics, the Go version.
 * Replaced by pseudonyms: packages, types, functions and files of the program, names of tasks and
 * regions, what is not known among states and measures. "main.(*orderStore).add.func1" becomes
 * something like "main.(*Type4k2m7q).func9x3bza.func1".
 * Left out: logs, labels, mappings (files, build ids), details of notes, bookmarks, the file's
 * path, the wall clock, clocks of the host.
 *
 * Pseudonyms come from a key (HMAC-SHA256): the same key gives the same names, so that two redacted
 * files can be compared; without the key a name can only be guessed at if the key is guessed, too.
 */
#pragma once

#include <gio/gio.h>

#include "model/store/store.h"

#define UNPARK_REDACT_KEY_SIZE 32

/* From any bytes; the same bytes give the same key. */
void unpark_redact_key_from(const void *bytes, gsize size, guint8 key[UNPARK_REDACT_KEY_SIZE]);
/* One that nobody knows. */
void unpark_redact_key_random(guint8 key[UNPARK_REDACT_KEY_SIZE]);

/* The pseudonym of a function; names that are kept are given back. Pure; any thread. Free with
 * g_free(). */
char *unpark_redact_function(const guint8 key[UNPARK_REDACT_KEY_SIZE], const char *function);
/* That of a file with code of the function's package. */
char *unpark_redact_file(const guint8 key[UNPARK_REDACT_KEY_SIZE], const char *file,
                         const char *function);
/* "task" and some letters, for a name of that kind. */
char *unpark_redact_word(const guint8 key[UNPARK_REDACT_KEY_SIZE], const char *kind,
                         const char *text);
/* Whether the package is one of Go's own: by a list, because every path without a dot might be. */
gboolean unpark_redact_is_kept(const char *function);

/* Worker. Writes the redacted store to `path`, which appears when it is whole. Errors:
 * UNPARK_ERROR_STORE; UNPARK_ERROR_UNSUPPORTED_VERSION for stores of older versions and for spans
 * of distributed traces; G_IO_ERROR_CANCELLED. */
gboolean unpark_redact_store(UnparkStore *store, const char *path,
                             const guint8 key[UNPARK_REDACT_KEY_SIZE], GCancellable *cancellable,
                             GError **error);
