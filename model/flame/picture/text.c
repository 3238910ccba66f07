/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values and frames as people read them. */
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "model/base/format.h"
#include "model/base/times.h"
#include "model/flame/graph/private.h"

/* Three significant digits. */
static void number(double n, const char *unit, char *buf) {
  int digits = fabs(n) < 10 ? 2 : fabs(n) < 100 ? 1 : 0;
  g_snprintf(buf, UNPARK_FLAME_TEXT_SIZE, "%.*f %s", digits, n, unit);
}

static void duration(double ns, char *buf) {
  double n = fabs(ns);
  if (n < 1e3)
    g_snprintf(buf, UNPARK_FLAME_TEXT_SIZE, "%.0f ns", ns);
  else if (n < 1e6)
    number(ns / 1e3, "µs", buf);
  else if (n < 1e9)
    number(ns / 1e6, "ms", buf);
  else if (n < 120e9)
    number(ns / 1e9, "s", buf);
  else if (n < 7200e9)
    number(ns / 60e9, "min", buf);
  else
    number(ns / 3600e9, "h", buf);
}

static void bytes(double n, char *buf) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  guint i = 0;
  while (fabs(n) >= 1024 && i + 1 < G_N_ELEMENTS(units)) {
    n /= 1024;
    i++;
  }
  if (i == 0)
    g_snprintf(buf, UNPARK_FLAME_TEXT_SIZE, "%.0f B", n);
  else
    number(n, units[i], buf);
}

static void count(gint64 value, const char *unit, char *buf) {
  g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, value);
  gsize n = strlen(digits);
  g_autoptr(GString) text = g_string_new(NULL);
  for (gsize i = 0; i < n; i++) {
    if (i > 0 && digits[i - 1] != '-' && (n - i) % 3 == 0)
      g_string_append_c(text, ',');
    g_string_append_c(text, digits[i]);
  }
  if (*unit && strcmp(unit, "count") != 0)
    g_string_append_printf(text, " %s", _(unit));
  g_strlcpy(buf, text->str, UNPARK_FLAME_TEXT_SIZE);
  /* A unit is the file's text: nothing is cut in the middle of a character. */
  const char *end;
  if (!g_utf8_validate(buf, -1, &end))
    buf[end - buf] = 0;
}

const char *unpark_flame_format(gint64 value, const char *unit, char buf[UNPARK_FLAME_TEXT_SIZE]) {
  static const struct {
    const char *unit;
    double ns;
  } times[] = {{"nanoseconds", 1}, {"microseconds", 1e3}, {"milliseconds", 1e6}, {"seconds", 1e9}};
  for (gsize i = 0; unit && i < G_N_ELEMENTS(times); i++)
    if (strcmp(unit, times[i].unit) == 0) {
      duration((double)value * times[i].ns, buf);
      return buf;
    }
  if (unit && strcmp(unit, "bytes") == 0)
    bytes((double)value, buf);
  else
    count(value, unit ? unit : "", buf);
  return buf;
}

const char *unpark_flame_format_share(gint64 part, gint64 whole, char buf[UNPARK_FLAME_TEXT_SIZE]) {
  double share = whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
  if (whole == 0)
    g_strlcpy(buf, "–", UNPARK_FLAME_TEXT_SIZE);
  else if (part != 0 && fabs(share) < 0.1)
    g_strlcpy(buf, "<0.1 %", UNPARK_FLAME_TEXT_SIZE);
  else
    g_snprintf(buf, UNPARK_FLAME_TEXT_SIZE, share == 100 ? "%.0f %%" : "%.1f %%", share);
  return buf;
}

/* Unit names that other parts make; here for the translators. */
G_GNUC_UNUSED static const char *const unit_names[] = {N_("samples"), N_("goroutines")};

static void append_change(GString *text, const UnparkFlame *flame, const UnparkFlameNode *node) {
  char before[UNPARK_FLAME_TEXT_SIZE], change[UNPARK_FLAME_TEXT_SIZE];
  char share[UNPARK_FLAME_TEXT_SIZE];
  gint64 delta = unpark_time_add(node->total, -node->base_total);
  unpark_flame_format(node->base_total, flame->unit, before);
  unpark_flame_format(delta, flame->unit, change);
  unpark_flame_format_share(delta, node->base_total, share);
  g_string_append_c(text, '\n');
  if (node->base_total == 0)
    g_string_append(text, _("new: nothing before"));
  else
    g_string_append_printf(text, _("before %s, change %s%s (%s)"), before, delta > 0 ? "+" : "",
                           change, share);
}

char *unpark_flame_describe(const UnparkFlame *flame, guint32 index) {
  const UnparkFlameNode *node = &flame->nodes[index];
  const UnparkFlameNode *parent = &flame->nodes[node->parent];
  const UnparkFlameName *name = unpark_flame_name(flame, index);
  char value[UNPARK_FLAME_TEXT_SIZE], all[UNPARK_FLAME_TEXT_SIZE], of[UNPARK_FLAME_TEXT_SIZE];
  GString *text = g_string_new(name->text);
  unpark_flame_format(node->total, flame->unit, value);
  unpark_flame_format_share(node->total, flame->nodes[0].total, all);
  unpark_flame_format_share(node->total, parent->total, of);
  g_string_append_c(text, '\n');
  if (node->depth > 1)
    g_string_append_printf(text, _("%s, %s of all, %s of the frame around it"), value, all, of);
  else
    g_string_append_printf(text, _("%s, %s of all"), value, all);
  if (node->self != node->total && node->self != 0) {
    char self[UNPARK_FLAME_TEXT_SIZE];
    g_string_append_printf(text, _("\n%s self"),
                           unpark_flame_format(node->self, flame->unit, self));
  }
  if (flame->has_base)
    append_change(text, flame, node);
  if (flame->times && node->depth > 0) {
    char at[UNPARK_FORMAT_SIZE];
    /* Translators: a time of the trace: "first seen at 1.203 s" */
    g_string_append_printf(text, _("\nfirst seen at %s"),
                           unpark_format_time(flame->times[index], 1000, at));
  }
  if (*name->file && strcmp(name->file, name->text) != 0)
    g_string_append_printf(text, "\n%s", name->file);
  if (name->line > 0)
    g_string_append_printf(text, ":%u", name->line);
  return g_string_free(text, FALSE);
}
