/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the dialog makes the view. */
#pragma once

#include "ui/record/watch-data.h"
#include "ui/record/watch-view.h"

/* Takes `watching`. Begins at once. */
GtkWidget *unpark_watch_view_new(UnparkWatching *watching);
