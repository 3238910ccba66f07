/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Large memory that is filled from its start to its end, again and again.
 *
 * The kernel hands memory out in pages of 4 KiB, each at its first use, which takes longer than
 * filling it. This is made of huge pages where the system has them. Any thread. */
#pragma once

#include <glib.h>

#define UNPARK_LARGE_UNIT ((gsize)2 << 20)

/* At least `size` bytes, in whole units. Free with g_free(). Aborts where there is no memory. */
gpointer unpark_large_new(gsize size);
