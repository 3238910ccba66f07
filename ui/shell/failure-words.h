/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a file that could not be opened: briefly what it is, then why it may have come to
 * that, and what helps. No GTK; any thread. */
#pragma once

#include <glib.h>

typedef struct {
  const char *title, *text; /* translated */
  gboolean try_again;       /* the same may succeed later */
  gboolean show_folder;     /* the reason is where the file is */
  gboolean details;         /* the error says more than the text */
} UnparkFailureWords;

/* `size` of the file in bytes; negative: not known. */
UnparkFailureWords unpark_failure_words(const GError *error, gint64 size);
/* Of a trace that has a header and nothing else. */
UnparkFailureWords unpark_failure_words_nothing(void);
