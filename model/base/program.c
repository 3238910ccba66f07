/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/program.h"

char *unpark_program_beside(const char *name) {
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
  g_autofree char *beside = folder ? g_build_filename(folder, name, NULL) : NULL;

  return beside && g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer(&beside) : NULL;
}
