/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-units.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <string.h>

#include "app/cli-output.h"
#include "model/base/types.h"

char *cli_format_duration(gint64 ns) {
  double n = (double)ns;

  if (ns == UNPARK_NONE)
    return g_strdup("");
  if (ns < 0) {
    g_autofree char *positive = cli_format_duration(-ns);

    return g_strconcat("-", positive, NULL);
  }
  if (ns < 1000)
    return g_strdup_printf(_("%d ns"), (int)ns);
  if (n < 1e5)
    return g_strdup_printf(_("%.2f µs"), n / 1e3);
  if (n < 1e6)
    return g_strdup_printf(_("%.1f µs"), n / 1e3);
  if (n < 1e8)
    return g_strdup_printf(_("%.2f ms"), n / 1e6);
  if (n < 1e9)
    return g_strdup_printf(_("%.1f ms"), n / 1e6);
  if (n < 120e9)
    return g_strdup_printf(_("%.3f s"), n / 1e9);
  if (n < 7200e9)
    return g_strdup_printf(_("%d min %d s"), (int)(n / 60e9), (int)(ns / 1000000000 % 60));
  return g_strdup_printf(_("%d h %d min"), (int)(n / 3600e9), (int)(ns / 60000000000 % 60));
}

char *cli_format_count(gint64 n) {
  char digits[CLI_NUMBER_SIZE];
  gsize size = cli_print_int(digits, n);
  const char *separator = nl_langinfo(THOUSEP);
  g_autofree char *utf8 = g_locale_to_utf8(separator, -1, NULL, NULL, NULL);
  GString *text = g_string_new(NULL);

  for (gsize i = 0; i < size; i++) {
    if (i > 0 && digits[i - 1] != '-' && (size - i) % 3 == 0 && utf8)
      g_string_append(text, utf8);
    g_string_append_c(text, digits[i]);
  }
  return g_string_free(text, FALSE);
}

char *cli_format_value(gint64 n, const char *unit) {
  g_autofree char *count = NULL;

  if (strcmp(unit, "nanoseconds") == 0)
    return cli_format_duration(n);
  if (strcmp(unit, "bytes") == 0 && n >= 0)
    return g_format_size((guint64)n);
  count = cli_format_count(n);
  if (!*unit || strcmp(unit, "count") == 0)
    return g_steal_pointer(&count);
  return g_strdup_printf("%s %s", count, unit);
}

char *cli_format_wall(gint64 unix_ns) {
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(unix_ns / 1000000000);

  return time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S %Z") : g_strdup("");
}
