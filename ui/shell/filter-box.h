/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What helps to write a filter: offers below the entry, and a mark where it cannot be understood.
 * Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

/* Makes the entry help; once. */
void unpark_filter_box_attach(GtkSearchEntry *entry);
/* Whose filter is being written; NULL: none. */
void unpark_filter_box_set_session(GtkSearchEntry *entry, UnparkSession *session);
