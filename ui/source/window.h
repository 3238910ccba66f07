/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window with the source of a function, what each line cost beside it. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/store/store.h"

/* Shows it above `parent`, which may be NULL. `file` "": wherever the function is; `line` 0: its
 * costliest one. All texts are copied, the store is held. */
void unpark_source_window_present(GtkWindow *parent, UnparkStore *store, const char *function,
                                  const char *file, guint line);
