/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Per function over all of its frames; and search. */
#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/flame/graph/private.h"

static int by_total(const void *a, const void *b) {
  const UnparkFlameRow *x = a, *y = b;
  gint64 p = MAX(unpark_flame_abs(x->total), unpark_flame_abs(x->base_total));
  gint64 q = MAX(unpark_flame_abs(y->total), unpark_flame_abs(y->base_total));
  if (p != q)
    return p > q ? -1 : 1;
  if (x->self != y->self)
    return x->self > y->self ? -1 : 1;
  return x->name < y->name ? -1 : x->name > y->name;
}

/* Depth first, so a name's outermost frame is open until its end: what lies before that is
 * inside of it. */
UnparkFlameRow *unpark_flame_table(const UnparkFlame *flame, guint *n) {
  UnparkFlameRow *rows = g_new0(UnparkFlameRow, (gsize)flame->n_names + 1);
  g_autofree guint32 *open_until = g_new0(guint32, (gsize)flame->n_names + 1);
  guint kept = 0;
  for (guint32 i = 1; i < flame->n_nodes; i++) {
    const UnparkFlameNode *node = &flame->nodes[i];
    UnparkFlameRow *row = &rows[node->name];
    row->n_frames++;
    row->self = unpark_time_add(row->self, node->self);
    row->base_self = unpark_time_add(row->base_self, node->base_self);
    if (i < open_until[node->name])
      continue;
    open_until[node->name] = node->end;
    row->total = unpark_time_add(row->total, node->total);
    row->base_total = unpark_time_add(row->base_total, node->base_total);
  }
  for (guint32 i = 0; i < flame->n_names; i++) {
    if (rows[i].n_frames == 0)
      continue;
    rows[kept] = rows[i];
    rows[kept++].name = i;
  }
  if (kept > 1)
    qsort(rows, kept, sizeof *rows, by_total);
  *n = kept;
  return rows;
}

/* Any letter case: both sides folded, as Unicode has it. */
static void match_text(const UnparkFlame *flame, const char *pattern, guint8 *names) {
  g_autofree char *folded = g_utf8_casefold(pattern, -1);
  for (guint32 i = 0; i < flame->n_names; i++) {
    g_autofree char *text = g_utf8_casefold(flame->names[i].text, -1);
    names[i] = strstr(text, folded) != NULL;
  }
}

gboolean unpark_flame_search(const UnparkFlame *flame, const char *pattern, gboolean regex,
                             UnparkFlameMatches *matches, GError **error) {
  g_autoptr(GRegex) expression = NULL;
  guint32 open_until = 0;
  if (regex && !(expression = g_regex_new(pattern, G_REGEX_OPTIMIZE, 0, error)))
    return FALSE;
  *matches = (UnparkFlameMatches){.names = g_new0(guint8, (gsize)flame->n_names + 1),
                                  .before = g_new0(guint32, (gsize)flame->n_nodes + 1)};
  if (!regex)
    match_text(flame, pattern, matches->names);
  for (guint32 i = 0; regex && i < flame->n_names; i++)
    matches->names[i] = g_regex_match(expression, flame->names[i].text, 0, NULL);
  for (guint32 i = 1; i < flame->n_nodes; i++) {
    const UnparkFlameNode *node = &flame->nodes[i];
    matches->before[i + 1] = matches->before[i] + matches->names[node->name];
    if (!matches->names[node->name])
      continue;
    matches->n_frames++;
    if (i < open_until)
      continue;
    open_until = node->end;
    matches->total = unpark_time_add(matches->total, node->total);
    matches->weight = unpark_time_add(matches->weight, node->weight);
  }
  return TRUE;
}

void unpark_flame_matches_clear(UnparkFlameMatches *matches) {
  g_clear_pointer(&matches->names, g_free);
  g_clear_pointer(&matches->before, g_free);
  *matches = (UnparkFlameMatches){0};
}
