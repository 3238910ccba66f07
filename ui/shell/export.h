/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving what a view shows as SVG, PDF or PNG. Main thread only. */
#pragma once

#include "ui/shell/document.h"

/* Asks for a file and writes; says in `toasts` how it went. */
void unpark_export_run(GtkWindow *parent, UnparkDocument *document, AdwToastOverlay *toasts);
