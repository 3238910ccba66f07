/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a text source, one after another, in bounded memory.
 *
 *   while (unpark_lines_next(&lines, &line, &error)) ...;
 *   if (error) ...;   // cancelled, or nothing at all could be read
 *
 * A line comes without its end ("\n" or "\r\n"), without zeros at its ends and without a byte order
 * mark; it may hold any bytes, NUL included. Of a line
 * longer than UNPARK_LINE_MAX only that much comes; such lines are counted. */
#pragma once

#include "importers/input/input.h"
#include "model/writer/writer.h"

#define UNPARK_LINE_MAX ((gsize)16 * 1024 * 1024)

typedef struct {
  const char *text;
  gsize len;
} UnparkText;

typedef struct {
  UnparkInput *input;
  UnparkWriter *writer;
  GCancellable *cancellable;
  const char *window;
  gsize have, at; /* bytes in window; position of the next line in it */
  gboolean last;  /* the window reaches to the end of the source */
  gboolean again; /* unpark_lines_again() was called */
  gboolean cut;   /* the rest of the line that came last is still to be passed over */
  UnparkText line;
  guint64 number;  /* of the line that came last, from 1 */
  guint64 n_long;  /* lines that were cut */
  gboolean broken; /* the packing is damaged: the source goes on, but unreadably */
} UnparkLines;

void unpark_lines_init(UnparkLines *lines, UnparkInput *input, UnparkWriter *writer,
                       GCancellable *cancellable);

/* FALSE at the end or with an error. The line is valid until the next call. */
gboolean unpark_lines_next(UnparkLines *lines, UnparkText *line, GError **error);
/* The next call gives the same line once more. */
void unpark_lines_again(UnparkLines *lines);

/* At the end: notes of what was lost. TRUE if nothing was. */
gboolean unpark_lines_note(const UnparkLines *lines);

/* The lines of a sniff's head, without the last one if it has no end and the head is full. */
gboolean unpark_lines_of_head(const guint8 *head, gsize size, gsize *at, UnparkText *line);

/* Lines that could not be read: how many, and the first. */
typedef struct {
  guint64 count, number;
  char text[84];
} UnparkTextUnread;

/* `line`: the one that came last, or a part of it. */
void unpark_text_unread_add(UnparkTextUnread *unread, const UnparkLines *lines, UnparkText line);
/* A warning "unknown-line" that says what is wrong with them and names the first. TRUE if there is
 * none. */
gboolean unpark_text_unread_note(const UnparkTextUnread *unread, UnparkWriter *writer,
                                 const char *what);

/* ---- Small things on text ------------------------------------------------------------ */

/* G_STRINGIFY-like literal to compare with. */
#define UNPARK_TEXT(literal) ((UnparkText){(literal), sizeof(literal) - 1})

gboolean unpark_text_equal(UnparkText a, UnparkText b);
gboolean unpark_text_starts(UnparkText text, UnparkText start);
gboolean unpark_text_ends(UnparkText text, UnparkText end);
/* Takes `start` off the beginning. */
gboolean unpark_text_take(UnparkText *text, UnparkText start);
/* Without blanks and tabs at both ends. */
UnparkText unpark_text_strip(UnparkText text);
UnparkText unpark_text_from(UnparkText text, gsize at); /* at <= len */
/* Position of the first `needle`; -1. */
gssize unpark_text_find(UnparkText text, UnparkText needle);

/* Takes a decimal number off the beginning; values over 2^63 - 1 become that. FALSE if there is
 * no digit. `sign`: a leading minus is taken too. */
gboolean unpark_text_take_number(UnparkText *text, gboolean sign, gint64 *value);
/* Takes hexadecimal digits, with or without "0x"; FALSE if there is none or more than 16. */
gboolean unpark_text_take_hex(UnparkText *text, guint64 *value);
/* Takes blanks and tabs; FALSE if there is none. */
gboolean unpark_text_take_blanks(UnparkText *text);

guint32 unpark_text_string(UnparkWriter *writer, UnparkText text);
