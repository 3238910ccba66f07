/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Good files of every format, below tests/data: what damage is made of. */
#pragma once

#include <glib.h>

extern const char *const test_seeds[];
extern const gsize test_n_seeds;

/* One of them, unpacked; of larger files the first part. Fails the test if it is not there. */
GByteArray *test_read_seed(const char *name);
