/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Good files of every format, below tests/data: what damage is made of. */
#pragma once

#include <glib.h>

extern const char *const test_seeds[];
extern const gsize test_n_seeds;
