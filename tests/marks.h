/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Included before every suite, by the compiler's command line.
 *
 * Check notes where each assertion that holds stands, and sends that to the process which waits for
 * the test: some 10 µs, and a thousand times as much memory, for what is only told when the test
 * crashes. Loops over millions of values spend most of their time so. Here each place is noted once
 * in a test: a crash is told to be after the last place that was new.
 */
#pragma once

#include <check.h>

static inline void test_mark_point(const char *file, int line) {
  static unsigned char noted[2048]; /* of this file; a line beyond them is noted each time */
  if (line < 0 || line >= (int)sizeof noted || !noted[line])
    _mark_point(file, line);
  if (line >= 0 && line < (int)sizeof noted)
    noted[line] = 1;
}

#define _mark_point(file, line) test_mark_point(file, line)
