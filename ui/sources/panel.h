/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a tab: where each is on the axis of time, what that is known by, and ways to move
 * one by hand, to take one out, and to take that back. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/sources/bundle.h"

GtkWidget *unpark_source_panel_new(UnparkBundle *bundle);
