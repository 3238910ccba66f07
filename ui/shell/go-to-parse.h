/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person types to go somewhere. No GTK; any thread. */
#pragma once

#include <glib.h>

/* "14:03", "14:03:27", "14:03:27.12": the first moment of that name, on the local clock, that is
 * not before `start_wall_ns` (Unix time of the trace's start); ns from the start. */
gboolean unpark_go_to_parse_wall(const char *text, gint64 start_wall_ns, gint64 *ns);

/* "41", "G 41", "g41" with letter 'G'; "P 2" with 'P', "m7" with 'M'. A bare number is a
 * goroutine's. */
gboolean unpark_go_to_parse_number(const char *text, char letter, gint64 *number);
