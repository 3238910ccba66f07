/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard output in large pieces: millions of rows without a call per cell. */
#pragma once

#include <glib.h>

typedef struct {
  int fd;
  char *buffer;
  gsize size;
  int failure; /* errno of the first failed write; everything after it is dropped */
} CliOutput;

void cli_output_init(CliOutput *output, int fd);
/* Writes what is left and frees the buffer. FALSE: some write failed, see `failure`. */
gboolean cli_output_finish(CliOutput *output);

/* Writes what there is: for rows that come one at a time. FALSE as above. */
gboolean cli_output_flush(CliOutput *output);

void cli_output_bytes(CliOutput *output, const char *bytes, gsize size);
void cli_output_text(CliOutput *output, const char *text);
void cli_output_char(CliOutput *output, char c);
void cli_output_repeat(CliOutput *output, const char *text, gsize times);
void cli_output_int(CliOutput *output, gint64 n);
/* The shortest decimal that reads back as the same number; always with a point, an
 * exponent or a name (inf, nan). */
void cli_output_real(CliOutput *output, double n);

/* The texts of the two above; `to` needs CLI_NUMBER_SIZE bytes. Return the length. */
#define CLI_NUMBER_SIZE 40
gsize cli_print_int(char *to, gint64 n);
gsize cli_print_real(char *to, double n);
