/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for rows and for what lanes show. Texts are to be freed with g_free(). Main thread only. */
#pragma once

#include "ui/scene/scene.h"

/* For the header of a row: about so many characters. */
char *unpark_scene_row_label(const UnparkRow *row, guint max_chars);
/* The whole, for whoever listens. */
char *unpark_scene_row_name(const UnparkRow *row);
char *unpark_scene_item_name(UnparkStore *store, const UnparkRow *row, const UnparkItem *item);
/* What a plot says of a time; NULL: nothing is known of it. */
char *unpark_scene_plot_text(const UnparkScene *scene, const UnparkRow *row, gint64 ns);
/* What a plot, or a lane of many goroutines, is at x, in few words; NULL: the row is neither. */
char *unpark_scene_value_text(const UnparkScene *scene, guint row, double x);
/* Of what is at that point; NULL: nothing. */
char *unpark_scene_tooltip(const UnparkScene *scene, double x, double y);
