/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/source/mappings.h"

#include <string.h>

#include "ui/kit/settings.h"

/* Each as "FROM=TO": what a path begins with has no "=" here, or it is not remembered. */
#define KEY "source.mappings"
#define MAX_MAPPINGS 50

GArray *unpark_source_mappings_get(void) {
  g_auto(GStrv) texts = unpark_settings_get_strings(KEY);
  GArray *mappings = g_array_new(TRUE, TRUE, sizeof(UnparkSourceMapping));
  g_array_set_clear_func(mappings, (GDestroyNotify)unpark_source_mapping_clear);
  for (guint i = 0; texts[i]; i++) {
    const char *equals = strchr(texts[i], '=');
    if (!equals || !equals[1])
      continue;
    UnparkSourceMapping mapping = {g_strndup(texts[i], (gsize)(equals - texts[i])),
                                   g_strdup(equals + 1)};
    g_array_append_val(mappings, mapping);
  }
  return mappings;
}

/* Without `text`, and then with it as the first if `first`. */
static void put(const char *text, gboolean first) {
  g_auto(GStrv) old = unpark_settings_get_strings(KEY);
  g_autoptr(GPtrArray) texts = g_ptr_array_new();
  if (first)
    g_ptr_array_add(texts, (gpointer)text);
  for (guint i = 0; old[i] && texts->len < MAX_MAPPINGS; i++)
    if (!g_str_equal(old[i], text))
      g_ptr_array_add(texts, old[i]);
  g_ptr_array_add(texts, NULL);
  unpark_settings_set_strings(KEY, (const char *const *)texts->pdata);
}

gboolean unpark_source_mappings_add_pair(const char *from, const char *to) {
  g_autofree char *text = g_strdup_printf("%s=%s", from, to);
  if (!*from || !*to || strchr(from, '='))
    return FALSE;
  put(text, TRUE);
  return TRUE;
}

void unpark_source_mappings_remove(const char *from, const char *to) {
  g_autofree char *text = g_strdup_printf("%s=%s", from, to);
  put(text, FALSE);
}

gboolean unpark_source_mappings_add(const char *file, const char *folder) {
  UnparkSourceMapping mapping = {NULL, NULL};
  if (!unpark_source_mapping_of(file, folder, &mapping))
    return FALSE;
  unpark_source_mappings_add_pair(mapping.from, mapping.to);
  unpark_source_mapping_clear(&mapping);
  return TRUE;
}
