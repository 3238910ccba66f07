/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison in words: what the window, unpark-cli and reports say. Translated, valid UTF-8. Any
 * thread. Unless said otherwise, free with g_free(). */
#pragma once

#include "model/compare/compare.h"

/* Its name, with its kind in front where that is not obvious: "region: compute". */
char *unpark_compare_row_name(const UnparkCompareRow *row);
/* In the row's unit: "1.2 ms", "340", "4.2 MiB". */
char *unpark_compare_value_text(double value, const char *unit);
/* A change or an end of its interval: "+12.3 %", "−5 %"; "–" if it is not known. */
char *unpark_compare_change_text(double change);
/* "+2.1 % … +4 %"; "–" if it is not known. */
char *unpark_compare_interval_text(const UnparkCompareRow *row);
/* "more", "less", "new", "gone", "unclear"; static. */
const char *unpark_compare_verdict_title(const UnparkCompareRow *row);
/* "Of 120 figures 3 changed by more than noise." */
char *unpark_compare_sum(const UnparkComparison *comparison);
/* The answer in one sentence: "3 places take more, 1 takes less; the other 210 cannot be told apart
 * from noise." */
char *unpark_compare_answer(const UnparkComparison *comparison);
