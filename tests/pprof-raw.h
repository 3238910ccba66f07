/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holding an imported profile against what "go tool pprof -raw" prints of the same file.
 *
 * Both become one text: value types, period, then every sample with its values, its frames
 * (function|file|line, innermost first) and its labels, then the mappings. What the public tables
 * do not have (numbers of locations, columns, first lines of functions) is left out. */
#pragma once

#include "model/store/store.h"

/* `stacks`: FALSE for debug=1 text, of which pprof reads no names: frames and mappings are left
 * out, and of labels those that it does not read. Free with g_free(). */
char *raw_expected(const char *raw, gboolean stacks);
char *raw_of_store(UnparkStore *store, gboolean stacks);
