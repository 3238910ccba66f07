/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a file that could not be opened, with buttons for what helps. Main thread only. */
#pragma once

#include <adwaita.h>

/* An AdwStatusPage. */
GtkWidget *unpark_failure_new(void);
/* `error` NULL: the file is a trace in which nothing was recorded. */
void unpark_failure_show(GtkWidget *page, GFile *file, const GError *error);
