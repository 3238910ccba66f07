/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Save Session": the store with its bookmarks as a file of its own. Main thread only. */
#pragma once

#include <adwaita.h>

#include "ui/shell/document.h"

/* Asks for a name and saves in the background; `toasts` tell how it went. */
void unpark_session_save_run(GtkWindow *parent, UnparkDocument *document, AdwToastOverlay *toasts);
