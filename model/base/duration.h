/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A duration, or a time from the start of the trace, as a person writes it. Pure; any thread. */
#pragma once

#include <glib.h>

/* What a number without a unit is. */
typedef enum {
  UNPARK_BARE_REFUSED, /* nothing: somebody would take it for another unit */
  UNPARK_BARE_NS       /* nanoseconds, as in every column called _ns */
} UnparkBareNumber;

/* "1.203 s", "1.203s", "120ms", "15 us", "2min", ".5h": a number that is not negative, then ns, us
 * (µs with either of the two letters that look like it), ms, s, m or min, h; blanks around either.
 * Rounded to a nanosecond. FALSE: it is none, or does not fit; *ns is as it was. */
gboolean unpark_duration_parse(const char *text, UnparkBareNumber bare, gint64 *ns);
