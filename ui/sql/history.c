/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/history.h"

#include <string.h>

#include "ui/kit/settings.h"

#define KEY "sql.history"
/* What no person wrote is not kept. */
#define MAX_BYTES (16 << 10)

char **unpark_sql_history_list(void) {
  return unpark_settings_get_strings(KEY);
}

static void replace(const char *first, const char *without) {
  g_auto(GStrv) before = unpark_sql_history_list();
  g_autoptr(GPtrArray) now = g_ptr_array_new();
  if (first)
    g_ptr_array_add(now, (gpointer)first);
  for (guint i = 0; before[i] && now->len < UNPARK_SQL_HISTORY_MAX; i++)
    if (!g_str_equal(before[i], without))
      g_ptr_array_add(now, before[i]);
  g_ptr_array_add(now, NULL);
  unpark_settings_set_strings(KEY, (const char *const *)now->pdata);
}

void unpark_sql_history_add(const char *sql) {
  if (*sql && strlen(sql) <= MAX_BYTES && g_utf8_validate(sql, -1, NULL))
    replace(sql, sql);
}

void unpark_sql_history_remove(const char *sql) {
  replace(NULL, sql);
}

void unpark_sql_history_clear(void) {
  unpark_settings_set_strings(KEY, (const char *const[]){NULL});
}

/* ---- Walking ------------------------------------------------------------------------------ */

char *unpark_sql_walk_step(UnparkSqlWalk *walk, int direction, const char *text) {
  g_auto(GStrv) list = unpark_sql_history_list();
  guint n = g_strv_length(list), back = walk->back;
  if (direction < 0) {
    if (back == 0)
      return NULL;
    walk->back = --back;
    return back == 0 ? g_steal_pointer(&walk->draft) : g_strdup(list[MIN(back, n) - 1]);
  }
  g_autofree char *shown = g_strstrip(g_strdup(text));
  /* What is shown is not what one goes back to. */
  while (back < n && g_str_equal(list[back], shown))
    back++;
  if (back >= n)
    return NULL;
  if (walk->back == 0)
    walk->draft = g_strdup(text);
  walk->back = back + 1;
  return g_strdup(list[back]);
}

void unpark_sql_walk_end(UnparkSqlWalk *walk) {
  walk->back = 0;
  g_clear_pointer(&walk->draft, g_free);
}
