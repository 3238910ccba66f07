/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/compare/words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "model/base/format.h"

char *unpark_compare_row_name(const UnparkCompareRow *row) {
  static const char *const plain[] = {"wait", "profile", "dump", "span", NULL};
  return g_strv_contains(plain, row->kind) ? g_strdup(row->name)
                                           : g_strdup_printf("%s: %s", row->kind, row->name);
}

char *unpark_compare_value_text(double value, const char *unit) {
  char text[UNPARK_FORMAT_SIZE];
  if (strcmp(unit, "ns") == 0)
    return g_strdup(unpark_format_duration((gint64)value, text));
  if (strcmp(unit, "bytes") == 0)
    return g_strdup(unpark_format_bytes((gint64)value, text));
  return fabs(value) < 1000 ? g_strdup_printf("%.3g", value)
                            : g_strdup(unpark_format_count((gint64)value, text));
}

char *unpark_compare_change_text(double change) {
  if (isnan(change) || isinf(change))
    return g_strdup("–");
  double percent = fabs(change) * 100;
  int decimals = percent >= 99.95 ? 0 : percent >= 9.995 ? 1 : 2;
  return g_strdup_printf("%s%.*f\u202f%%", change < 0 ? "−" : "+", decimals, percent);
}

char *unpark_compare_interval_text(const UnparkCompareRow *row) {
  if (isnan(row->low))
    return g_strdup("–");
  g_autofree char *low = unpark_compare_change_text(row->low);
  g_autofree char *high = unpark_compare_change_text(row->high);
  return g_strdup_printf("%s … %s", low, high);
}

const char *unpark_compare_verdict_title(const UnparkCompareRow *row) {
  switch (row->verdict) {
  case UNPARK_VERDICT_MORE:
    return !(row->a > 0) ? _("new") : _("more");
  case UNPARK_VERDICT_LESS:
    return !(row->b > 0) ? _("gone") : _("less");
  case UNPARK_VERDICT_UNCLEAR:
  default:
    return _("unclear");
  }
}

char *unpark_compare_sum(const UnparkComparison *c) {
  g_autofree char *sum =
      c->n_certain == 0
          ? g_strdup_printf(_("Of %u figures none changed by more than noise.\n\n"), c->n_rows)
          : g_strdup_printf(_("Of %u figures %u changed by more than noise.\n\n"), c->n_rows,
                            c->n_certain);
  return g_strdup(g_strchomp(sum));
}

/* ---- The answer ----------------------------------------------------------------------------- */

static char *more_text(const UnparkComparison *c) {
  switch (c->kind) {
  case UNPARK_SOURCE_PROFILE:
    return g_strdup_printf(ngettext("%u function has more", "%u functions have more", c->n_more),
                           c->n_more);
  case UNPARK_SOURCE_DUMP:
    return g_strdup_printf(
        ngettext("%u stack has more goroutines", "%u stacks have more goroutines", c->n_more),
        c->n_more);
  default:
    return g_strdup_printf(ngettext("%u place takes more", "%u places take more", c->n_more),
                           c->n_more);
  }
}

static char *less_text(const UnparkComparison *c) {
  switch (c->kind) {
  case UNPARK_SOURCE_PROFILE:
    return g_strdup_printf(ngettext("%u function has less", "%u functions have less", c->n_less),
                           c->n_less);
  case UNPARK_SOURCE_DUMP:
    return g_strdup_printf(
        ngettext("%u stack has fewer goroutines", "%u stacks have fewer goroutines", c->n_less),
        c->n_less);
  default:
    return g_strdup_printf(ngettext("%u place takes less", "%u places take less", c->n_less),
                           c->n_less);
  }
}

char *unpark_compare_answer(const UnparkComparison *c) {
  g_autofree char *more = more_text(c), *less = less_text(c), *changed = NULL;
  guint rest = 0, told = c->n_changed;
  char count[UNPARK_FORMAT_SIZE];
  rest = c->n_places - MIN(told, c->n_places);
  if (told == 0)
    return g_strdup(_("Nothing changed by more than noise."));
  if (c->n_more > 0 && c->n_less > 0)
    changed = g_strdup_printf("%s, %s", more, less);
  else
    changed = g_strdup(c->n_more > 0 ? more : less);
  if (rest == 0)
    return g_strdup_printf("%s.", changed);
  return g_strdup_printf(_("%s; of the other %s nothing certain can be said."), changed,
                         unpark_format_count(rest, count));
}
