/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holding an imported trace against what the Go project's own reader says of it. */
#pragma once

#include "model/store/store.h"

/* NULL: as expected. Else every difference, one a line; free with g_free(). */

/* `tsv`: goroutine, start, end, state, reason of every span, in order. */
char *expected_compare_spans(UnparkStore *store, const char *tsv);
/* `json`: per goroutine and whole-trace figures. */
char *expected_compare_summary(UnparkStore *store, const char *json);
