/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Below the table: who calls the chosen function, what it calls, the heaviest stacks through it.
 * Main thread only; reads in workers. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/profile-table.h"

#define UNPARK_TYPE_PROFILE_PEEK (unpark_profile_peek_get_type())
G_DECLARE_FINAL_TYPE(UnparkProfilePeekPane, unpark_profile_peek, UNPARK, PROFILE_PEEK, GtkWidget)

/* Signal: "activated" (guint row): somebody wants to go to that function. */
/* `table` NULL: nothing is chosen. `unit` is copied. */
void unpark_profile_peek_show(UnparkProfilePeekPane *self, UnparkProfileTable *table, guint32 row,
                              const char *unit);
