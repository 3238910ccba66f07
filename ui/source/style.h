/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all text with coloured syntax shares. Main thread only. */
#pragma once

#include <gtksourceview/gtksource.h>

/* Colours of the language with that id ("sql", "go"), which follow light and dark as long as the
 * buffer lives. Unknown ids leave the text plain. */
void unpark_source_style_follow(GtkSourceBuffer *buffer, const char *language);
