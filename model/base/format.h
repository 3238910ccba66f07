/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, durations, times, shares and function names as people read them: what the window and
 * unpark-cli both say.
 *
 * Every function that fills `buf` returns it; UNPARK_FORMAT_SIZE is always enough. Any thread.
 */
#pragma once

#include <glib.h>

#define UNPARK_FORMAT_SIZE 48

/* How a person wants them. All zero is what unpark-cli prints. */
typedef struct {
  enum {
    UNPARK_NUMBERS_LOCALE,  /* marks of the locale, or as in English where it has none */
    UNPARK_NUMBERS_ENGLISH, /* 1,234.5 */
    UNPARK_NUMBERS_GERMAN,  /* 1.234,5 */
    UNPARK_NUMBERS_FRENCH,  /* 1 234,5 with narrow no-break spaces */
    UNPARK_NUMBERS_SI       /* 1 234.5 */
  } numbers;
  enum {
    UNPARK_TIMES_SECONDS, /* 83.2 s */
    UNPARK_TIMES_CLOCK    /* 1:23.2, from a minute on */
  } times;
  enum {
    UNPARK_NAMES_PACKAGE, /* order.(*Server).handle */
    UNPARK_NAMES_PATH,    /* github.com/acme/shop/order.(*Server).handle, where there is room */
    UNPARK_NAMES_FUNCTION /* (*Server).handle */
  } names;
  gboolean utc; /* the time of day: not that of the local time zone */
} UnparkFormatStyle;

/* Of everything below, in the whole process, from now on. */
void unpark_format_set_style(const UnparkFormatStyle *style);
UnparkFormatStyle unpark_format_get_style(void);
/* The decimal point: "." or ",". Static. */
const char *unpark_format_point(void);

/* Three significant digits and a unit: "950 ns", "7.20 ms", "12.3 s", "16.7 min". UNPARK_NONE
 * gives "–". */
const char *unpark_format_duration(gint64 ns, char buf[UNPARK_FORMAT_SIZE]);

/* A point in time, precise enough to tell apart points `resolution_ns` from each other:
 * "1.203 s", "12.0305 ms"; with UNPARK_TIMES_CLOCK "1:23.203". */
const char *unpark_format_time(gint64 ns, gint64 resolution_ns, char buf[UNPARK_FORMAT_SIZE]);

/* With thousands separators: "306,000". */
const char *unpark_format_count(gint64 n, char buf[UNPARK_FORMAT_SIZE]);

/* Digits only: a position, a line or an id, which people look for elsewhere. In a text that is
 * translated it stands for "%s": a macro such as G_GUINT64_FORMAT would cut the text off for
 * xgettext. */
const char *unpark_format_number(guint64 n, char buf[UNPARK_FORMAT_SIZE]);

/* "950 B", "4.2 MiB". */
const char *unpark_format_bytes(gint64 n, char buf[UNPARK_FORMAT_SIZE]);

/* "12 %", "0.3 %", "<0.1 %": `part` of `whole`; "–" if the whole is 0. */
const char *unpark_format_share(double part, double whole, char buf[UNPARK_FORMAT_SIZE]);

/* The longest ending of `function` that is at most `max_chars` characters and begins where a
 * package path, package or receiver begins; the shortest such ending if none fits. Points into
 * `function`. "github.com/acme/shop/order.(*Server).handle.func1" may become
 * "order.(*Server).handle.func1", "(*Server).handle.func1" or "handle.func1". */
const char *unpark_format_function(const char *function, guint max_chars);

/* As above, with the package's own name and without its path, or as the style has it: what lists
 * show. */
const char *unpark_format_function_short(const char *function);
