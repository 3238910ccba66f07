/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beside the list of races: one race, both accesses side by side, each with its stack and the
 * stack that created its goroutine. Main thread only; reads in workers. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/race-list.h"

#define UNPARK_TYPE_RACE_DETAIL (unpark_race_detail_get_type())
G_DECLARE_FINAL_TYPE(UnparkRaceDetail, unpark_race_detail, UNPARK, RACE_DETAIL, GtkWidget)

/* Has the action "race-detail.copy" for what is shown. */
GtkWidget *unpark_race_detail_new(void);
/* `list` NULL: nothing is chosen. */
void unpark_race_detail_show(UnparkRaceDetail *self, UnparkRaceList *list, guint32 race);
