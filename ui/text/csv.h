/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of files with comma-separated values. Pure; any thread. */
#pragma once

#include <glib.h>

/* Appends `text` in quotes. One that a spreadsheet would take for a formula is kept from being one:
 * names of functions and tasks are not ours. */
void unpark_csv_append(GString *to, const char *text);
