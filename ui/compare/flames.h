/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The difference as two flame graphs above each other, one as wide as A, one as wide as B: colours
 * say what became more and less. Made when they are looked at. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/compare/result.h"

#define UNPARK_TYPE_COMPARE_FLAMES (unpark_compare_flames_get_type())
G_DECLARE_FINAL_TYPE(UnparkCompareFlames, unpark_compare_flames, UNPARK, COMPARE_FLAMES, GtkWidget)

/* Of what the request compares; NULL: of nothing. Takes it. */
void unpark_compare_flames_show(UnparkCompareFlames *self, UnparkCompareRequest *request);
