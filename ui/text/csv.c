/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/text/csv.h"

#include <string.h>

void unpark_csv_append(GString *to, const char *text) {
  g_string_append_c(to, '"');
  if (*text && strchr("=+-@\t\r", *text))
    g_string_append_c(to, '\'');
  for (; *text; text++) {
    if (*text == '"')
      g_string_append_c(to, '"');
    g_string_append_c(to, *text);
  }
  g_string_append_c(to, '"');
}
