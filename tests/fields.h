/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damage that knows the format: single fields (lengths, counts, ids, sequence numbers, times,
 * values) become others that such a field can hold, above all the ends of its range, while the
 * frame around them stays whole, so that what reads the file gets to them. */
#pragma once

#include <glib.h>

/* A copy of `seed` with one to a few changed fields. The same `rand` gives the same. */
GByteArray *test_mutate_fields(const GByteArray *seed, GRand *rand);
