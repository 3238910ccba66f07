/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar of a tab with several files: whether the view on screen is about all of them or about
 * one, which one that is, what is being added, and the way to the panel of sources. Main thread
 * only. */
#pragma once

#include "ui/session/view.h"
#include "ui/sources/bundle.h"

#define UNPARK_TYPE_SOURCE_BAR (unpark_source_bar_get_type())
G_DECLARE_FINAL_TYPE(UnparkSourceBar, unpark_source_bar, UNPARK, SOURCE_BAR, GtkWidget)

/* Hidden until there is more than one file, or one is being added. */
GtkWidget *unpark_source_bar_new(UnparkBundle *bundle);
/* The view on screen; NULL: none is. */
void unpark_source_bar_set_view(UnparkSourceBar *self, const UnparkView *view);
