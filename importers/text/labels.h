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
