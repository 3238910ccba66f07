/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for a file and writing a text into it. Main thread only. */
#pragma once

#include <gtk/gtk.h>

/* Asks with a dialog titled `title` that proposes `name`; `make` gives the text (it runs in a
 * worker) of `data`, which is freed with `destroy` in any case. The window of `widget` says how it
 * went. */
void unpark_save_text(GtkWidget *widget, const char *title, const char *name,
                      char *(*make)(gpointer data), gpointer data, GDestroyNotify destroy);
/* The same of a text whose form depends on the chosen name: on its file extension. */
void unpark_save_text_as(GtkWidget *widget, const char *title, const char *name,
                         char *(*make)(gpointer data, const char *name), gpointer data,
                         GDestroyNotify destroy);
/* The same with what writes the file itself, at `path`; it runs in a worker. FALSE: *error. */
typedef gboolean (*UnparkSaveWrite)(const char *path, gpointer data, GCancellable *cancellable,
                                    GError **error);
void unpark_save_file(GtkWidget *widget, const char *title, const char *name, UnparkSaveWrite write,
                      gpointer data, GDestroyNotify destroy);

/* Whether the name of a file asks for that form: its end is `extension`, such as ".csv", in
 * letters of either case. Any thread. */
gboolean unpark_save_is(const char *name, const char *extension);
