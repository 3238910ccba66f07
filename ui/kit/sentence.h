/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page that says in a sentence why there is nothing else to see. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* `page`: an AdwStatusPage. `text` is plain, whatever it holds. */
void unpark_sentence_set(GtkWidget *page, const char *title, const char *text);
