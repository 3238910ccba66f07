/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a document is compared with: a second file, opened beside the document and kept as long as
 * its store is used, or another time of the same file. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "model/store/store.h"

#define UNPARK_TYPE_OTHER (unpark_other_get_type())
G_DECLARE_FINAL_TYPE(UnparkOther, unpark_other, UNPARK, OTHER, GObject)

/* Asks for a file and opens it in a worker. `done` gets the base, or NULL and the error (a closed
 * dialog: neither). `widget`: is kept alive meanwhile. */
typedef void (*UnparkOtherDone)(GtkWidget *widget, UnparkOther *base, const GError *error);
void unpark_other_choose(GtkWidget *widget, GCancellable *cancellable, UnparkOtherDone done);
/* The same with a file that is known. */
void unpark_other_open(GtkWidget *widget, GFile *file, GCancellable *cancellable,
                       UnparkOtherDone done);
UnparkStore *unpark_other_get_store(UnparkOther *self);
const char *unpark_other_get_name(UnparkOther *self);

/* Another time of a file that is open: `store` is that file's. */
UnparkOther *unpark_other_new_time(UnparkStore *store, const char *name, gint64 from_ns,
                                   gint64 to_ns);
/* FALSE: all of it. */
gboolean unpark_other_get_time(UnparkOther *self, gint64 *from_ns, gint64 *to_ns);
