/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A panel beside the content, which gives its place to the content where there is too little for
 * both, and then lies over it while it is open. In a template, a child of type "side" is the panel,
 * the other one the content. Property "folded" (gboolean, read): there is too little. Property
 * "open" (gboolean): the panel is seen although it is folded. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#define UNPARK_TYPE_FOLD_BOX (unpark_fold_box_get_type())
G_DECLARE_FINAL_TYPE(UnparkFoldBox, unpark_fold_box, UNPARK, FOLD_BOX, GtkWidget)

void unpark_fold_box_set_open(UnparkFoldBox *self, gboolean open);
