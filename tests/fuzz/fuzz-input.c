/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The input: packed and plain bytes in windows of many sizes. */
#include <stdint.h>

#include "importers/registry/describe.h"
#include "importers/input/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A few bytes can unpack to terabytes; so many are enough to know. */
#define UNPACKED_MAX ((guint64)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(UnparkInput) in = unpark_input_from_memory(data, size);
  g_autofree char *what = unpark_describe_bytes(data, size);
  gsize want = 1, have;

  if (!g_utf8_validate(what, -1, NULL))
    g_error("the description is not UTF-8");
  while (unpark_input_offset(in) < UNPACKED_MAX) {
    g_autoptr(GError) error = NULL;
    const guint8 *p = unpark_input_window(in, want, &have, &error);
    guint sum = 0;

    if (!p != (error != NULL))
      g_error("window and error disagree");
    if (!p && !unpark_input_window(in, 0, &have, NULL))
      g_error("what was unpacked before a fault is gone");
    if (!p || have == 0)
      break;
    for (gsize i = 0; i < MIN(have, want); i++)
      sum += p[i];
    /* sometimes all, sometimes a part */
    unpark_input_consume(in, sum % 3 ? MIN(have, want) : (have + 1) / 2);
    want = want * 5 % 99991 + 1;
  }
  if (unpark_input_packed_done(in) > size)
    g_error("more was read than there is");
  return 0;
}
