/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the list of groups. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/dump-groups.h"

/* Items point to an UnparkDumpGroups and are numbered by group. */
void unpark_dump_view_columns(GtkColumnView *view);
/* Hides the columns that would be empty, and gives the states the width they need. */
void unpark_dump_view_fit_columns(GtkColumnView *view, const UnparkDumpGroups *groups);
