/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change as a bar from the middle, to the right if it is more, with its interval as a whisker.
 * Follows light and dark. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/compare/compare.h"

#define UNPARK_TYPE_CHANGE_BAR (unpark_change_bar_get_type())
G_DECLARE_FINAL_TYPE(UnparkChangeBar, unpark_change_bar, UNPARK, CHANGE_BAR, GtkWidget)

GtkWidget *unpark_change_bar_new(void);
/* Copied. */
void unpark_change_bar_set(UnparkChangeBar *self, const UnparkCompareRow *row);
