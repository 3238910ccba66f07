/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pane that tells about what is picked, in words. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

#define UNPARK_TYPE_INSPECTOR (unpark_inspector_get_type())
G_DECLARE_FINAL_TYPE(UnparkInspector, unpark_inspector, UNPARK, INSPECTOR, GtkWidget)

GtkWidget *unpark_inspector_new(UnparkSession *session);
/* The keys go to the wait chain, at once or as soon as it is known. */
void unpark_inspector_show_why(UnparkInspector *self);
/* What it tells goes to the clipboard as text; nothing while nothing is picked. */
void unpark_inspector_copy(UnparkInspector *self);
