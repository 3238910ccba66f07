/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trace to try the program with, which is installed beside it. Main thread only. */
#pragma once

#include <gio/gio.h>

/* NULL: it is not there. The variable UNPARK_SAMPLE names it for a program that is not installed.
 */
GFile *unpark_sample_find(void);
