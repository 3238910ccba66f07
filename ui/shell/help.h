/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1: how to read the timeline, on one page. Main thread only. */
#pragma once

#include <gtk/gtk.h>

void unpark_help_show(GtkWindow *parent);
