/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much a profile's stacks may hold, whatever its format. Without limits, a few kilobytes could
 * ask for years of work: many samples of a stack that is written once. */
#pragma once

#include <glib.h>

/* Frames of one stack. */
#define UNPARK_PPROF_STACK_MAX 65536u
/* Frames of all together: so many to begin with, so many more for each byte of samples (real
 * profiles stay under 10, most under 2), and in sum. */
#define UNPARK_PPROF_FRAMES_FLOOR ((guint64)1024 * 1024)
#define UNPARK_PPROF_FRAMES_PER_BYTE 16
#define UNPARK_PPROF_FRAMES_MAX ((guint64)1 << 30)
