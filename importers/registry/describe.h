/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file that no importer knows looks like, for the one sentence that says so. */
#pragma once

#include <glib.h>

/* The first bytes of a file, after unpacking: "an ELF program", "a PNG image", "Go source
 * code", "text that begins with “...”", "binary data". Translated; free with g_free(). Never
 * NULL, never reads outside `head`, never repeats control characters. */
char *unpark_describe_bytes(const guint8 *head, gsize size);

/* TRUE for text in UTF-8; the head may end in the middle of a character. */
gboolean unpark_describe_is_text(const guint8 *head, gsize size);
