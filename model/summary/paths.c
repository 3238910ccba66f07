/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/summary/paths.h"

#include <string.h>

#define MOST_LEVELS 64

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean add_folder(GPtrArray *paths, const char *folder, guint level,
                           GCancellable *cancellable, GError **error) {
  g_autoptr(GDir) listing = g_dir_open(folder, 0, error);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  gboolean ok = listing != NULL;

  while (listing && (name = g_dir_read_name(listing)))
    if (name[0] != '.')
      g_ptr_array_add(names, g_build_filename(folder, name, NULL));
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len && ok; i++) {
    const char *path = names->pdata[i];

    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
      g_ptr_array_add(paths, g_strdup(path));
    else if (level < MOST_LEVELS && g_file_test(path, G_FILE_TEST_IS_DIR) &&
             !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
      ok = add_folder(paths, path, level + 1, cancellable, error);
  }
  return ok;
}

gboolean unpark_paths_add(GPtrArray *paths, const char *path, GCancellable *cancellable,
                          GError **error) {
  if (strcmp(path, "-") != 0 && g_file_test(path, G_FILE_TEST_IS_DIR))
    return add_folder(paths, path, 0, cancellable, error);
  g_ptr_array_add(paths, g_strdup(path));
  return TRUE;
}
