/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels as runtime/pprof prints them in debug=1: {"key":"value", "key2":"value2"}, both in Go's
 * quoted form (strconv.Quote). */
#pragma once

#include "importers/text/lines.h"

/* `text`: after the opening brace. Writes a label row for each pair of the sample; stops at what
 * is none. */
void unpark_text_labels(UnparkWriter *writer, gint64 sample, UnparkText text);

/* Takes a quoted string off the beginning and appends what it means to `to`. FALSE if it does not
 * begin with a quote or has no end. */
gboolean unpark_text_unquote(UnparkText *text, GString *to);

/* "job": "re index", "\u043a": "7" -> job: "re index", к: 7
 * What the quoted words in a line mean; quotes stay around those that would be misread without. */
GString *unpark_text_readable(UnparkText text);
