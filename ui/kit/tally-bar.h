/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bar that is divided by state, waiting by what for: the breakdown of a goroutine's time.
 * Follows light and dark. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/goroutine-table.h"

#define UNPARK_TYPE_TALLY_BAR (unpark_tally_bar_get_type())
G_DECLARE_FINAL_TYPE(UnparkTallyBar, unpark_tally_bar, UNPARK, TALLY_BAR, GtkWidget)

GtkWidget *unpark_tally_bar_new(void);
/* Copied. The tooltip lists the parts. */
void unpark_tally_bar_set(UnparkTallyBar *self, const UnparkTally *tally);
/* Whether waiting is drawn, too, as it is at first: most goroutines wait most of the time, and the
 * rest is not to be seen beside it. The tooltip lists it in any case. */
void unpark_tally_bar_set_waits(UnparkTallyBar *self, gboolean waits);
/* "running 12 ms (3 %)" by line, greatest first; free with g_free(). */
char *unpark_tally_words(const UnparkTally *tally);
/* The same of what the bar shows. */
char *unpark_tally_bar_words(UnparkTallyBar *self);
/* "running", "waiting for a lock": of the parts in the order running, runnable, in system calls,
 * then waiting by what for. Translated. */
const char *unpark_tally_part_name(guint part);
/* The class of palette.h of such a part. */
guint unpark_tally_part_class(guint part);
/* For sorting: by the share that is not waiting, which a breakdown is looked at for. */
int unpark_tally_compare(const UnparkTally *a, const UnparkTally *b);
