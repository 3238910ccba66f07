/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A button whose popover lists the queries that were run, to search, to take up again and to
 * delete. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* `button` shows its popover; `chosen` gets the query that was clicked, and `data`, which lives as
 * long as the button. */
void unpark_sql_history_button_init(GtkMenuButton *button,
                                    void (*chosen)(gpointer data, const char *sql), gpointer data);
