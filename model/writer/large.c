/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/writer/large.h"

#include <stdlib.h>
#include <sys/mman.h>

gpointer unpark_large_new(gsize size) {
  gsize whole = (size + UNPARK_LARGE_UNIT - 1) & ~(UNPARK_LARGE_UNIT - 1);
  void *memory = NULL;
  if (whole < size || posix_memalign(&memory, UNPARK_LARGE_UNIT, whole) != 0)
    g_error("out of memory: %" G_GSIZE_FORMAT " bytes", size);
#ifdef MADV_HUGEPAGE
  madvise(memory, whole, MADV_HUGEPAGE);
#endif
  return memory;
}
