/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/pushdown.h"

#include <string.h>

/* By what spans are counted. A single file has no column `source`: then the statement is not one
 * that can be prepared, and is asked as it was. */
#define COLUMNS "state|reason|source"

/* What an expression over span is over span_total. */
static const struct {
  const char *pattern, *instead;
} expressions[] = {
    {"count\\s*\\(\\s*(\\*|1|duration_ns|start_ns|end_ns|goroutine|state)?\\s*\\)", "sum(spans)"},
    {"time_sum\\s*\\(\\s*duration_ns\\s*\\)", "time_sum(total_ns)"},
    {"sum\\s*\\(\\s*duration_ns\\s*\\)", "sum(total_ns)"},
    {"sum\\s*\\(\\s*end_ns\\s*-\\s*start_ns\\s*\\)", "sum(total_ns)"},
    {"total\\s*\\(\\s*duration_ns\\s*\\)", "total(total_ns)"},
    {"min\\s*\\(\\s*duration_ns\\s*\\)", "min(least_ns)"},
    {"max\\s*\\(\\s*duration_ns\\s*\\)", "max(most_ns)"},
    {"avg\\s*\\(\\s*duration_ns\\s*\\)", "(total(total_ns)/sum(spans))"},
};

/* One item of the list: a grouping column or an aggregate, with or without a name. */
static gboolean push_item(const char *item, gboolean naming, GString *out) {
  for (guint i = 0; i < G_N_ELEMENTS(expressions) + 1; i++) {
    gboolean column = i == G_N_ELEMENTS(expressions);
    g_autofree char *pattern =
        g_strdup_printf(naming ? "^\\s*(?<e>%s)(\\s+(as\\s+)?(?<n>[A-Za-z_]\\w*))?\\s*$"
                               : "^\\s*(?<e>%s)(?<d>\\s+(asc|desc))?\\s*$",
                        column ? COLUMNS : expressions[i].pattern);
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(regex, item, 0, &match))
      continue;
    g_autofree char *text = g_match_info_fetch_named(match, "e");
    g_autofree char *name = naming ? g_match_info_fetch_named(match, "n") : NULL;
    g_autofree char *direction = naming ? NULL : g_match_info_fetch_named(match, "d");
    g_string_append(out, column ? text : expressions[i].instead);
    if (naming)
      g_string_append_printf(out, " AS \"%s\"", name && *name ? name : text);
    else if (direction)
      g_string_append(out, direction);
    return TRUE;
  }
  return FALSE;
}

/* Names given to items may be used for ordering. */
static gboolean push_order(const char *item, const char *list, GString *out) {
  if (push_item(item, FALSE, out))
    return TRUE;
  g_autoptr(GRegex) plain =
      g_regex_new("^\\s*(\\d+|[A-Za-z_]\\w*)(\\s+(asc|desc))?\\s*$", G_REGEX_CASELESS, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  if (!g_regex_match(plain, item, 0, &match))
    return FALSE;
  g_autofree char *word = g_match_info_fetch(match, 1);
  g_autofree char *quoted = g_strdup_printf(" AS \"%s\"", word);
  if (!g_ascii_isdigit(*word) && !strstr(list, quoted))
    return FALSE;
  g_string_append(out, item);
  return TRUE;
}

static gboolean push_list(const char *items, gboolean naming, const char *list, GString *out) {
  g_auto(GStrv) parts = g_strsplit(items, ",", -1); /* no item has a comma in it */
  for (guint i = 0; parts[i]; i++) {
    if (i)
      g_string_append(out, ", ");
    if (!(naming ? push_item(parts[i], TRUE, out) : push_order(parts[i], list, out)))
      return FALSE;
  }
  return TRUE;
}

char *unpark_pushdown(const char *sql) {
  static const char shape[] =
      "^\\s*select\\s+(?<items>[^;]*?)\\s+from\\s+span"
      "\\s+group\\s+by\\s+(?<groups>(" COLUMNS ")(\\s*,\\s*(" COLUMNS "))*)"
      "(\\s+order\\s+by\\s+(?<order>[^;]*?))?(?<limit>\\s+limit\\s+\\d+)?\\s*;?\\s*$";
  g_autoptr(GRegex) regex = g_regex_new(shape, G_REGEX_CASELESS | G_REGEX_DOTALL, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  if (!g_regex_match(regex, sql, 0, &match))
    return NULL;
  g_autofree char *items = g_match_info_fetch_named(match, "items");
  g_autofree char *groups = g_match_info_fetch_named(match, "groups");
  g_autofree char *order = g_match_info_fetch_named(match, "order");
  g_autofree char *limit = g_match_info_fetch_named(match, "limit");
  g_autoptr(GString) list = g_string_new(NULL);
  GString *out = g_string_new("SELECT ");
  gboolean ok = push_list(items, TRUE, NULL, list);
  g_string_append_printf(out, "%s FROM span_total GROUP BY %s", list->str, groups);
  if (ok && order && *order) {
    g_string_append(out, " ORDER BY ");
    ok = push_list(order, FALSE, list->str, out);
  }
  if (limit)
    g_string_append(out, limit);
  return g_string_free(out, !ok);
}
