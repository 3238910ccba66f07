/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person types to go somewhere. No GTK; any thread. */
#pragma once

#include <glib.h>

/* "14:03", "14:03:27", "14:03:27.12": the first moment of that name, on the clock that is shown,
 * that is not before `start_wall_ns` (Unix time of the trace's start); ns from the start. */
gboolean unpark_go_to_parse_wall(const char *text, gint64 start_wall_ns, gint64 *ns);

/* "1:23", "1:23.2", "1:02:03": from the start of the trace. */
gboolean unpark_go_to_parse_since_start(const char *text, gint64 *ns);

/* "1,203 s" as "1.203 s" where numbers are shown with a comma. Free with g_free(). */
char *unpark_go_to_with_point(const char *text);

/* "41", "G 41", "g41" with letter 'G'; "P 2" with 'P', "m7" with 'M'. A bare number is a
 * goroutine's. */
gboolean unpark_go_to_parse_number(const char *text, char letter, gint64 *number);
