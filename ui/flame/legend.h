/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the colours of a flame graph mean: swatches and words in a row. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* Replaces the children of a horizontal box. `legend`: UnparkFlameLegend; may be NULL. */
void unpark_flame_legend_fill(GtkBox *box, GPtrArray *legend);
