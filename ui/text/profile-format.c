/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/text/profile-format.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "model/base/go-name.h"
#include "ui/text/csv.h"

/* How many of the base unit (nanoseconds, bytes) one is: the spellings that pprof takes. */
static const struct {
  const char *unit;
  double size;
  gboolean is_time;
} units[] = {
    {"nanoseconds", 1, TRUE},
    {"nanosecond", 1, TRUE},
    {"ns", 1, TRUE},
    {"microseconds", 1e3, TRUE},
    {"microsecond", 1e3, TRUE},
    {"us", 1e3, TRUE},
    {"milliseconds", 1e6, TRUE},
    {"millisecond", 1e6, TRUE},
    {"ms", 1e6, TRUE},
    {"seconds", 1e9, TRUE},
    {"second", 1e9, TRUE},
    {"s", 1e9, TRUE},
    {"bytes", 1, FALSE},
    {"byte", 1, FALSE},
    {"b", 1, FALSE},
    {"kilobytes", 1024, FALSE},
    {"kilobyte", 1024, FALSE},
    {"kb", 1024, FALSE},
    {"megabytes", 1048576, FALSE},
    {"megabyte", 1048576, FALSE},
    {"mb", 1048576, FALSE},
    {"gigabytes", 1073741824, FALSE},
    {"gb", 1073741824, FALSE},
};

static gint64 scaled(gint64 value, double size) {
  double product = (double)value * size;
  return product >= 9e18 ? G_MAXINT64 : product <= -9e18 ? -G_MAXINT64 : (gint64)product;
}

const char *unpark_profile_format_value(gint64 value, const char *unit,
                                        char buf[UNPARK_FORMAT_SIZE]) {
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (g_ascii_strcasecmp(unit, units[i].unit) == 0) {
      gint64 base = units[i].size > 1 ? scaled(value, units[i].size) : value;
      return units[i].is_time ? unpark_format_duration(base, buf) : unpark_format_bytes(base, buf);
    }
  unpark_format_count(value, buf);
  if (*unit && g_ascii_strcasecmp(unit, "count") != 0 && strlen(unit) < 16) {
    g_strlcat(buf, " ", UNPARK_FORMAT_SIZE);
    g_strlcat(buf, unit, UNPARK_FORMAT_SIZE);
  }
  return buf;
}

const char *unpark_profile_format_share(gint64 part, gint64 whole, char buf[UNPARK_FORMAT_SIZE]) {
  char positive[UNPARK_FORMAT_SIZE];
  if (part >= 0)
    return unpark_format_share((double)part, (double)whole, buf);
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "-%s",
             unpark_format_share(-(double)part, (double)whole, positive));
  return buf;
}

const char *unpark_profile_kind_title(const char *kind) {
  static const char *const titles[][2] = {
      {"cpu", N_("CPU profile")},
      {"heap", N_("Heap profile")},
      {"allocs", N_("Allocation profile")},
      {"goroutine", N_("Goroutine profile")},
      {"goroutineleak", N_("Goroutine leak profile")},
      {"mutex", N_("Mutex contention profile")},
      {"block", N_("Blocking profile")},
      {"threadcreate", N_("Thread creation profile")},
  };
  for (guint i = 0; i < G_N_ELEMENTS(titles); i++)
    if (strcmp(kind, titles[i][0]) == 0)
      return _(titles[i][1]);
  return _("Profile");
}

const char *unpark_profile_function_name(const char *function) {
  return *function ? function : _("(unknown function)");
}

gboolean unpark_profile_is_own(const char *function) {
  return strchr(function, '.') && !unpark_go_is_standard(function);
}

char *unpark_profile_facts(const UnparkProfileInfo *profile, const UnparkProfileTable *table,
                           const char *unit) {
  char total[UNPARK_FORMAT_SIZE], stacks[UNPARK_FORMAT_SIZE], number[UNPARK_FORMAT_SIZE];
  GString *out = g_string_new(NULL);
  /* A file has one record for all samples of a stack: "29 samples, one each 10 ms" would be wrong.
   */
  unpark_format_count((gint64)table->n_samples, stacks);
  unpark_profile_format_value(table->total, unit, total);
  g_string_append_printf(
      out, ngettext("Total %s in %s stack", "Total %s in %s stacks", (gulong)table->n_samples),
      total, stacks);
  if (profile && profile->duration_ns > 0) {
    g_autofree char *part = g_strdup_printf(_("recorded over %s"),
                                            unpark_format_duration(profile->duration_ns, number));
    g_string_append_printf(out, " · %s", part);
  }
  if (profile && profile->period > 0 && *profile->period_unit) {
    g_autofree char *part =
        g_strdup_printf(_("one sample every %s"),
                        unpark_profile_format_value(profile->period, profile->period_unit, number));
    if (profile->period > 1)
      g_string_append_printf(out, " · %s", part);
  }
  if (profile && profile->time_wall_ns != UNPARK_NONE && profile->time_wall_ns > 0) {
    g_autoptr(GDateTime) when =
        unpark_format_date_time(profile->time_wall_ns / G_GINT64_CONSTANT(1000000000));
    g_autofree char *text = when ? g_date_time_format(when, "%Y-%m-%d %H:%M:%S") : NULL;
    if (text)
      g_string_append_printf(out, " · %s", text);
  }
  return g_string_free(out, FALSE);
}

char *unpark_profile_to_text(const UnparkProfileTable *table, const guint32 *rows, guint n,
                             const char *type, const char *unit) {
  GString *out = g_string_new(NULL);
  char flat[UNPARK_FORMAT_SIZE], flat_share[UNPARK_FORMAT_SIZE], cumulative[UNPARK_FORMAT_SIZE],
      share[UNPARK_FORMAT_SIZE];
  g_string_append_printf(out, "# %s\n%12s %8s %12s %8s  %s\n", type, "flat", "flat %", "cumulative",
                         "cum. %", "function");
  for (guint i = 0; i < n; i++) {
    const UnparkProfileRow *row = &table->rows[rows[i]];
    unpark_profile_format_value(row->flat, unit, flat);
    unpark_profile_format_value(row->cumulative, unit, cumulative);
    unpark_profile_format_share(row->flat, table->magnitude, flat_share);
    unpark_profile_format_share(row->cumulative, table->magnitude, share);
    /* Pads by characters, not bytes: there is "µs". */
    int extra_flat = (int)(strlen(flat) - (gsize)g_utf8_strlen(flat, -1));
    int extra_cumulative = (int)(strlen(cumulative) - (gsize)g_utf8_strlen(cumulative, -1));
    g_string_append_printf(out, "%*s %8s %*s %8s  %s%s%s%s\n", 12 + extra_flat, flat, flat_share,
                           12 + extra_cumulative, cumulative, share,
                           unpark_profile_function_name(row->function), *row->file ? " (" : "",
                           row->file, *row->file ? ")" : "");
  }
  return g_string_free(out, FALSE);
}

static void append_percent(GString *out, gint64 part, gint64 whole) {
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double percent = whole > 0 ? 100 * (double)part / (double)whole : 0;
  g_string_append(out, g_ascii_formatd(number, sizeof number, "%.4f", percent));
}

char *unpark_profile_to_csv(const UnparkProfileTable *table, const guint32 *rows, guint n,
                            const char *type, const char *unit) {
  GString *out = g_string_new("function,file,type,unit,flat,flat_percent,cumulative,"
                              "cumulative_percent\r\n");
  for (guint i = 0; i < n; i++) {
    const UnparkProfileRow *row = &table->rows[rows[i]];
    unpark_csv_append(out, row->function);
    g_string_append_c(out, ',');
    unpark_csv_append(out, row->file);
    g_string_append_c(out, ',');
    unpark_csv_append(out, type);
    g_string_append_c(out, ',');
    unpark_csv_append(out, unit);
    g_string_append_printf(out, ",%" G_GINT64_FORMAT ",", row->flat);
    append_percent(out, row->flat, table->magnitude);
    g_string_append_printf(out, ",%" G_GINT64_FORMAT ",", row->cumulative);
    append_percent(out, row->cumulative, table->magnitude);
    g_string_append(out, "\r\n");
  }
  return g_string_free(out, FALSE);
}
