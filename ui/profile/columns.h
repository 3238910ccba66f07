/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the table of functions. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/profile-table.h"

/* What the items of a profile's list point to; atomically reference-counted. */
typedef struct {
  UnparkProfileTable *table;
  char *type, *unit;
} UnparkProfileData;

/* Takes a reference of the table. Any thread. */
UnparkProfileData *unpark_profile_data_new(UnparkProfileTable *table, const char *type,
                                           const char *unit);
UnparkProfileData *unpark_profile_data_ref(UnparkProfileData *data);
void unpark_profile_data_unref(UnparkProfileData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkProfileData, unpark_profile_data_unref)

void unpark_profile_view_columns(GtkColumnView *view);
/* Whether the function or file holds every word. */
gboolean unpark_profile_row_matches(const UnparkProfileRow *row, char **folded_words);
