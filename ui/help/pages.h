/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of the help that are about the whole program. Main thread only. */
#pragma once

#include <adwaita.h>

/* How to record, with lines to copy. */
GtkWidget *unpark_help_recording_page(void);
/* The language of the filter. */
GtkWidget *unpark_help_filter_page(void);
/* Every table of SQL with its columns. */
GtkWidget *unpark_help_sql_page(void);

/* What the table has; NULL: nothing is said of it. Translated. */
const char *unpark_help_table(const char *name);
