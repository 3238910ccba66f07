/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pattern-defeating quicksort (arxiv.org/abs/2106.05123) of cursors by time, with the
 * choices of Go's slices.SortFunc, so that equal times end up in the same order. */
#pragma once

#include "importers/gotrace/frontier.h"

void gotrace_sort_cursors(GotraceNext *cursors, guint n);
