/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was copied elsewhere: files, the address of a service, or a text such as a dump. Main thread
 * only. */
#pragma once

#include <gtk/gtk.h>

typedef struct {
  void (*file)(gpointer data, GFile *file);            /* one that was copied, or with the text */
  void (*address)(gpointer data, const char *address); /* of a service */
  void (*nothing)(gpointer data, const char *reason);  /* a translated sentence */
} UnparkClipboardTakers;

/* Reads the clipboard and calls one of `takers` later, file() for each file; none if `widget` is
 * gone by then. `data` is the widget's. */
void unpark_clipboard_open(GtkWidget *widget, const UnparkClipboardTakers *takers, gpointer data);

/* What a text is: the address of a service on one line. Pure. */
gboolean unpark_clipboard_is_address(const char *text);
