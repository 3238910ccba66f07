/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/text/format.h"

#include <string.h>

#include "model/base/types.h"

GDateTime *unpark_format_date_time(gint64 unix_s) {
  return unpark_format_get_style().utc ? g_date_time_new_from_unix_utc(unix_s)
                                       : g_date_time_new_from_unix_local(unix_s);
}

const char *unpark_format_wall(gint64 unix_ns, char buf[UNPARK_FORMAT_SIZE]) {
  gint64 seconds = unix_ns / G_GINT64_CONSTANT(1000000000);
  gint64 rest = unix_ns % G_GINT64_CONSTANT(1000000000);
  if (unix_ns == UNPARK_NONE) {
    g_strlcpy(buf, "–", UNPARK_FORMAT_SIZE);
    return buf;
  }
  if (rest < 0) {
    rest += G_GINT64_CONSTANT(1000000000);
    seconds--;
  }
  g_autoptr(GDateTime) when = unpark_format_date_time(seconds);
  g_autofree char *clock = when ? g_date_time_format(when, "%H:%M:%S") : NULL;
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "%s%s%06d", clock ? clock : "?", unpark_format_point(),
             (int)(rest / 1000));
  return buf;
}

static gboolean begins_with_unit(const char *text) {
  static const char *const units[] = {"ns", "µs", "ms", "s", "min", "h", "d", "%"};
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (g_str_has_prefix(text, units[i]) && !g_ascii_isalnum(text[strlen(units[i])]))
      return TRUE;
  return FALSE;
}

char *unpark_format_unbroken(const char *text) {
  GString *out = g_string_new(NULL);
  for (const char *p = text; *p; p++)
    if (*p == ' ' && p > text && g_ascii_isdigit(p[-1]) && begins_with_unit(p + 1))
      g_string_append(out, "\u00a0");
    else
      g_string_append_c(out, *p);
  return g_string_free(out, FALSE);
}

const char *unpark_format_basename(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}
