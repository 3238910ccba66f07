/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/opened.h"

#include "ui/kit/settings.h"

/* So many names are kept from run to run. */
#define MAX_REMEMBERED 400

static GHashTable *new_names(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

GHashTable *unpark_opened_copy_names(const UnparkOpenedRowsRows *self) {
  GHashTable *copy = new_names();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, self->names);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    g_hash_table_add(copy, g_strdup(key));
  return copy;
}

static gboolean is_remembered(const char *name) {
  return !g_str_has_prefix(name, "lane "); /* a number means nothing in another trace */
}

static void remember(const UnparkOpenedRowsRows *self) {
  g_autoptr(GString) text = g_string_new(NULL);
  GHashTableIter iter;
  gpointer name;
  guint n = 0;
  g_hash_table_iter_init(&iter, self->names);
  while (g_hash_table_iter_next(&iter, &name, NULL) && n < MAX_REMEMBERED)
    if (is_remembered(name)) {
      g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
      g_string_append_printf(text, "%s%s", n++ ? " " : "", escaped);
    }
  unpark_settings_set_string("timeline.open", text->str);
  unpark_settings_set_bool("timeline.all-open", self->all);
}

void unpark_opened_recall(UnparkOpenedRowsRows *self) {
  g_autofree char *text = unpark_settings_get_string("timeline.open", "");
  g_auto(GStrv) names = g_strsplit(text, " ", -1);
  self->names = new_names();
  self->all = unpark_settings_get_bool("timeline.all-open", FALSE);
  for (guint i = 0; names[i]; i++) {
    char *name = g_uri_unescape_string(names[i], NULL);
    if (name && *name)
      g_hash_table_add(self->names, name);
    else
      g_free(name);
  }
}

void unpark_opened_clear(UnparkOpenedRowsRows *self) {
  g_clear_pointer(&self->names, g_hash_table_unref);
}

void unpark_opened_flip(UnparkOpenedRowsRows *self, UnparkRowType type, UnparkSection section,
                        gint64 id, const char *name) {
  char *key = unpark_open_name(type, section, id, name);
  if (g_hash_table_remove(self->names, key))
    g_free(key);
  else
    g_hash_table_add(self->names, key);
  remember(self);
}

gboolean unpark_opened_open(UnparkOpenedRowsRows *self, UnparkRowType type, UnparkSection section,
                            gint64 id, const char *name) {
  const UnparkRowOptions options = {.open = self->names, .all_open = self->all};
  if (unpark_row_is_open(&options, type, section, id, name))
    return FALSE;
  unpark_opened_flip(self, type, section, id, name);
  return TRUE;
}

void unpark_opened_set_all(UnparkOpenedRowsRows *self, gboolean open) {
  GHashTableIter iter;
  gpointer name;
  self->all = open;
  g_hash_table_iter_init(&iter, self->names);
  while (g_hash_table_iter_next(&iter, &name, NULL))
    if (!g_str_has_prefix(name, "section "))
      g_hash_table_iter_remove(&iter);
  remember(self);
}
