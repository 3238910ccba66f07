/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/spinner.h"

GtkWidget *unpark_spinner_new(void) {
  GtkWidget *spinner = gtk_spinner_new();
  g_signal_connect(spinner, "map", G_CALLBACK(gtk_spinner_start), NULL);
  g_signal_connect(spinner, "unmap", G_CALLBACK(gtk_spinner_stop), NULL);
  return spinner;
}
