/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/record/history.h"

#include <string.h>

#include "live/service/capture.h"
#include "ui/kit/settings.h"

#define ADDRESSES "record.addresses"
#define KEPT "record.kept"
#define FOLDER "record.folder"
#define MOST 10

char **unpark_record_history_get(void) {
  return unpark_settings_get_strings(ADDRESSES);
}

/* To the front of a list that has it once and is not too long. */
static void put_first(const char *key, const char *text) {
  g_auto(GStrv) old = unpark_settings_get_strings(key);
  g_autoptr(GPtrArray) list = g_ptr_array_new();

  g_ptr_array_add(list, (gpointer)text);
  for (guint i = 0; old[i] && list->len < MOST; i++)
    if (strcmp(old[i], text) != 0)
      g_ptr_array_add(list, old[i]);
  g_ptr_array_add(list, NULL);
  unpark_settings_set_strings(key, (const char *const *)list->pdata);
}

void unpark_record_history_add(const char *address) {
  g_autofree char *text = g_strstrip(g_strdup(address));

  text[strcspn(text, "?#")] = '\0';
  if (*text)
    put_first(ADDRESSES, text);
}

gboolean unpark_record_history_is_kept(const char *origin) {
  g_auto(GStrv) kept = unpark_settings_get_strings(KEPT);

  return g_strv_contains((const char *const *)kept, origin);
}

void unpark_record_history_set_kept(const char *origin) {
  put_first(KEPT, origin);
}

char *unpark_record_history_get_folder(void) {
  g_autofree char *chosen = unpark_settings_get_string(FOLDER, "");
  const char *downloads = g_get_user_special_dir(G_USER_DIRECTORY_DOWNLOAD);

  if (g_file_test(chosen, G_FILE_TEST_IS_DIR))
    return g_steal_pointer(&chosen);
  if (downloads && g_file_test(downloads, G_FILE_TEST_IS_DIR))
    return g_strdup(downloads);
  return g_strdup(g_get_home_dir());
}

void unpark_record_history_set_folder(const char *folder) {
  unpark_settings_set_string(FOLDER, folder);
}

/* What any file system takes. */
static char *plain_name(const char *text) {
  g_autoptr(GString) name = g_string_new(NULL);

  for (const char *p = text; *p && name->len < 60; p++)
    if (g_ascii_isalnum(*p) || strchr("._", *p))
      g_string_append_c(name, *p);
    else if (name->len > 0 && name->str[name->len - 1] != '-')
      g_string_append_c(name, '-');
  return g_string_free(g_steal_pointer(&name), FALSE);
}

char *unpark_record_history_path(const char *folder, const char *title, const char *kind,
                                 gboolean difference) {
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *time = g_date_time_format(now, "%Y%m%d-%H%M%S");
  g_autofree char *of = plain_name(title);
  g_autofree char *file =
      kind ? unpark_capture_file_name(kind, difference) : g_strdup("recording.trace");
  char *extension = strrchr(file, '.');
  g_autofree char *name =
      g_strdup_printf("%s-%.*s-%s%s", of, (int)(extension - file), file, time, extension);

  return g_build_filename(folder, name, NULL);
}
