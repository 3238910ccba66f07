/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs every file of a corpus folder through a fuzz target, without libFuzzer.
 *
 * Usage: fuzz-NAME FILE-OR-FOLDER...
 *
 * Empty input and every prefix length up to 64 bytes of each file run as well: the cheapest
 * truncations find the cheapest mistakes. A folder that does not exist counts as empty, so that a
 * new target needs no corpus. */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_PREFIX 64

/* Copies into a block of exactly `size` bytes, so that a read past the end is caught. */
static void run_bytes(const char *bytes, size_t size) {
  uint8_t *copy = g_malloc(size ? size : 1);

  if (size)
    memcpy(copy, bytes, size);
  LLVMFuzzerTestOneInput(copy, size);
  g_free(copy);
}

static int run_file(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  size_t size = 0;

  if (!g_file_get_contents(path, &bytes, &size, &error)) {
    g_printerr("%s\n", error->message);
    exit(EXIT_FAILURE);
  }
  for (size_t prefix = 1; prefix <= MIN(size, MAX_PREFIX); prefix++)
    run_bytes(bytes, prefix);
  run_bytes(bytes, size);
  return 1;
}

static int run_path(const char *path) {
  g_autoptr(GDir) dir = NULL;
  const char *name;
  int count = 0;

  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return 0;
  if (!g_file_test(path, G_FILE_TEST_IS_DIR))
    return run_file(path);
  dir = g_dir_open(path, 0, NULL);
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);

    count += run_path(child);
  }
  return count;
}

int main(int argc, char **argv) {
  int count = 0;

  run_bytes("", 0);
  for (int i = 1; i < argc; i++)
    count += run_path(argv[i]);
  g_print("%d inputs replayed\n", count);
  return EXIT_SUCCESS;
}
