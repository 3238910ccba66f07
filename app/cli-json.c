/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-json.h"

#include <math.h>

#include "app/cli-output.h"
#include "model/base/json.h"

void cli_json_text(GString *to, const char *name, const char *text) {
  g_string_append_printf(to, "\"%s\":", name);
  unpark_json_append(to, text, -1);
  g_string_append_c(to, ',');
}

void cli_json_number(GString *to, const char *name, gint64 n) {
  if (n == UNPARK_NONE)
    g_string_append_printf(to, "\"%s\":null,", name);
  else
    g_string_append_printf(to, "\"%s\":%" G_GINT64_FORMAT ",", name, n);
}

void cli_json_flag(GString *to, const char *name, gboolean flag) {
  g_string_append_printf(to, "\"%s\":%s,", name, flag ? "true" : "false");
}

void cli_json_close(GString *to, const char *end) {
  if (to->len > 0 && to->str[to->len - 1] == ',')
    g_string_truncate(to, to->len - 1);
  g_string_append(to, end);
}

void cli_json_real(GString *to, const char *name, double n) {
  char text[CLI_NUMBER_SIZE] = "null";
  if (isfinite(n))
    cli_print_real(text, n);
  g_string_append_printf(to, "\"%s\":%s,", name, text);
}

void cli_json_stack(GString *to, UnparkStore *store, const char *name, guint32 stack) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, stack, 0, &n);
  g_string_append_printf(to, "\"%s\":[", name);
  for (guint i = 0; i < n; i++) {
    g_string_append_c(to, '{');
    cli_json_text(to, "function", frames[i].function);
    cli_json_text(to, "file", frames[i].file);
    cli_json_number(to, "line", frames[i].line ? frames[i].line : UNPARK_NONE);
    cli_json_close(to, "},");
  }
  cli_json_close(to, "],");
}
