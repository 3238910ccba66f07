/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damage as it can come: flipped bytes, pieces removed, repeated and overwritten, numbers blown
 * up. */
#pragma once

#include <glib.h>

/* A copy of `seed` with one to some dozens of changes; the same number gives the same. Half of
 * them keep the first bytes: what is behind a header is of interest. */
GByteArray *test_mutate(const GByteArray *seed, guint32 number);
