/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beside the list of a dump: one group with its stack, its goroutines and who created them.
 * Main thread only; reads in workers. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/dump-groups.h"

#define UNPARK_TYPE_DUMP_DETAIL (unpark_dump_detail_get_type())
G_DECLARE_FINAL_TYPE(UnparkDumpDetail, unpark_dump_detail, UNPARK, DUMP_DETAIL, GtkWidget)

/* Has the action "detail.copy" for what is shown. */
GtkWidget *unpark_dump_detail_new(void);
/* `groups` NULL: nothing is chosen. */
void unpark_dump_detail_show(UnparkDumpDetail *self, UnparkDumpGroups *groups, guint32 group);
/* What is shown as text; NULL if nothing is. Free with g_free(). */
char *unpark_dump_detail_text(UnparkDumpDetail *self);
