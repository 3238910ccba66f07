/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Open From a Running Service": asks for an address, shows what the service offers, records it and
 * opens the files. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* Opens what was recorded by the action "win.open-uri" of `parent`. The dialog, which is not the
 * caller's, has a signal "watch" (UnparkWatchView): a service is to be watched in a tab, and here
 * is what the tab holds. `address` NULL: the last one that was used; else it is connected to. */
GtkWidget *unpark_record_show(GtkWindow *parent, const char *address);
