/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second file to compare with: opened beside the document, kept as long as its store is used.
 * Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "model/store/store.h"

#define UNPARK_TYPE_FLAME_BASE (unpark_flame_base_get_type())
G_DECLARE_FINAL_TYPE(UnparkFlameBase, unpark_flame_base, UNPARK, FLAME_BASE, GObject)

/* Asks for a file and opens it in a worker. `done` gets the base, or NULL and the error (a closed
 * dialog: neither). `widget`: is kept alive meanwhile. */
typedef void (*UnparkFlameBaseDone)(GtkWidget *widget, UnparkFlameBase *base, const GError *error);
void unpark_flame_base_choose(GtkWidget *widget, GCancellable *cancellable,
                              UnparkFlameBaseDone done);
/* The same with a file that is known. */
void unpark_flame_base_open(GtkWidget *widget, GFile *file, GCancellable *cancellable,
                            UnparkFlameBaseDone done);
UnparkStore *unpark_flame_base_get_store(UnparkFlameBase *self);
const char *unpark_flame_base_get_name(UnparkFlameBase *self);
