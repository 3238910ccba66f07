/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/desktop/sample.h"

static GFile *existing(const char *path) {
  return path && g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_file_new_for_path(path) : NULL;
}

GFile *unpark_sample_find(void) {
  GFile *file = existing(g_getenv("UNPARK_SAMPLE"));
  if (!file)
    file = existing(UNPARK_DATADIR "/unpark/sample.trace");
  for (const char *const *dir = g_get_system_data_dirs(); !file && *dir; dir++) {
    g_autofree char *path = g_build_filename(*dir, "unpark", "sample.trace", NULL);
    file = existing(path);
  }
  return file;
}
