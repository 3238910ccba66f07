/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view on paper, as it is on screen. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* Asks for a printer, and prints `widget` on one page, as large as it gets; `title` names the job.
 * `file`, which may be NULL: into this PDF instead, without asking. FALSE with an error. */
gboolean unpark_print(GtkWindow *parent, GtkWidget *widget, const char *title, const char *file,
                      GError **error);
