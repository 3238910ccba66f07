/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the table of changes. Main thread only. */
#pragma once

#include "ui/compare/result.h"
#include "ui/kit/profile-item.h"

/* Of items whose data are an UnparkCompareResult. */
void unpark_compare_columns(GtkColumnView *view);
const UnparkCompareRow *unpark_compare_columns_row(UnparkProfileItem *item);
/* "time per second" of "time_per_second"; translated; free with g_free(). */
char *unpark_compare_columns_measure(const char *measure);
