/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-output.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE ((gsize)256 * 1024)

void cli_output_init(CliOutput *output, int fd) {
  output->fd = fd;
  output->buffer = g_malloc(BUFFER_SIZE);
  output->size = 0;
  output->failure = 0;
}

static void write_all(CliOutput *output, const char *bytes, gsize size) {
  while (size > 0 && !output->failure) {
    gssize n = write(output->fd, bytes, size);

    if (n >= 0) {
      bytes += n;
      size -= (gsize)n;
    } else if (errno != EINTR) {
      output->failure = errno;
    }
  }
}

gboolean cli_output_flush(CliOutput *output) {
  write_all(output, output->buffer, output->size);
  output->size = 0;
  return output->failure == 0;
}

gboolean cli_output_finish(CliOutput *output) {
  gboolean ok = cli_output_flush(output);

  g_clear_pointer(&output->buffer, g_free);
  return ok;
}

void cli_output_bytes(CliOutput *output, const char *bytes, gsize size) {
  if (size > BUFFER_SIZE - output->size) {
    cli_output_flush(output);
    if (size > BUFFER_SIZE) {
      write_all(output, bytes, size);
      return;
    }
  }
  memcpy(output->buffer + output->size, bytes, size);
  output->size += size;
}

void cli_output_text(CliOutput *output, const char *text) {
  cli_output_bytes(output, text, strlen(text));
}

void cli_output_char(CliOutput *output, char c) {
  if (output->size == BUFFER_SIZE)
    cli_output_flush(output);
  output->buffer[output->size++] = c;
}

void cli_output_repeat(CliOutput *output, const char *text, gsize times) {
  gsize n = strlen(text);

  while (times-- > 0)
    cli_output_bytes(output, text, n);
}

gsize cli_print_int(char *to, gint64 n) {
  static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233"
                              "34353637383940414243444546474849505152535455565758596061626364656667"
                              "6869707172737475767778798081828384858687888990919293949596979899";
  char digits[24];
  gsize at = sizeof digits, size;
  guint64 rest = n < 0 ? 0 - (guint64)n : (guint64)n;

  /* Two digits a division: there may be a hundred million numbers. */
  while (rest >= 100) {
    at -= 2;
    memcpy(digits + at, pairs + 2 * (rest % 100), 2);
    rest /= 100;
  }
  if (rest >= 10) {
    at -= 2;
    memcpy(digits + at, pairs + 2 * rest, 2);
  } else {
    digits[--at] = (char)('0' + rest);
  }
  if (n < 0)
    digits[--at] = '-';
  size = sizeof digits - at;
  memcpy(to, digits + at, size);
  to[size] = '\0';
  return size;
}

gsize cli_print_real(char *to, double n) {
  if (isnan(n) || isinf(n)) {
    g_strlcpy(to, isnan(n) ? "nan" : n < 0 ? "-inf" : "inf", CLI_NUMBER_SIZE);
    return strlen(to);
  }
  g_ascii_formatd(to, CLI_NUMBER_SIZE, "%.15g", n);
  if (g_ascii_strtod(to, NULL) < n || g_ascii_strtod(to, NULL) > n)
    g_ascii_formatd(to, CLI_NUMBER_SIZE, "%.17g", n);
  if (!strpbrk(to, ".e"))
    g_strlcat(to, ".0", CLI_NUMBER_SIZE);
  return strlen(to);
}

void cli_output_int(CliOutput *output, gint64 n) {
  char text[CLI_NUMBER_SIZE];

  cli_output_bytes(output, text, cli_print_int(text, n));
}

void cli_output_real(CliOutput *output, double n) {
  char text[CLI_NUMBER_SIZE];

  cli_output_bytes(output, text, cli_print_real(text, n));
}
