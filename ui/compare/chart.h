/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quantile curves of a row, A and B with their bands. The pointer and the arrow keys walk over
 * the quantiles; the accessible description says what is there. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/compare/result.h"

#define UNPARK_TYPE_COMPARE_CHART (unpark_compare_chart_get_type())
G_DECLARE_FINAL_TYPE(UnparkCompareChart, unpark_compare_chart, UNPARK, COMPARE_CHART, GtkWidget)

/* The row of the result (kept); NULL: nothing is shown. FALSE: the row has no curve. */
gboolean unpark_compare_chart_show(UnparkCompareChart *self, UnparkCompareResult *result,
                                   guint row);
