/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timelines of both sides under each other. They show the same time from a common zero: who
 * moves or zooms one moves both. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

#define UNPARK_TYPE_COMPARE_TIMELINES (unpark_compare_timelines_get_type())
G_DECLARE_FINAL_TYPE(UnparkCompareTimelines, unpark_compare_timelines, UNPARK, COMPARE_TIMELINES,
                     GtkWidget)

/* Of these sessions, which are kept; NULL: of none. */
void unpark_compare_timelines_show(UnparkCompareTimelines *self, UnparkSession *a,
                                   UnparkSession *b);
/* Times that stand under each other. */
void unpark_compare_timelines_set_zero(UnparkCompareTimelines *self, gint64 a_ns, gint64 b_ns);
