/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The banner above the views: what a damaged file lost, or that its reading was stopped.
 * Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/store/store.h"

#define UNPARK_TYPE_NOTES (unpark_notes_get_type())
G_DECLARE_FINAL_TYPE(UnparkNotes, unpark_notes, UNPARK, NOTES, GtkWidget)

/* Hidden until there is something to say. */
GtkWidget *unpark_notes_new(void);
void unpark_notes_set_store(UnparkNotes *self, UnparkStore *store);
void unpark_notes_set_stopped(UnparkNotes *self);
