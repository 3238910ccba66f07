/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of files with commas between them (RFC 4180), for people and their spreadsheets. Names of
 * functions and tasks are not ours: one that a spreadsheet would take for a formula gets an
 * apostrophe before it, which it hides. Pure; any thread.
 *
 * A table for a warehouse (model/export) keeps every byte as it is: nothing computes there. */
#pragma once

#include <glib.h>

/* Whether `size` bytes of text cannot stand in a file as they are. */
gboolean unpark_csv_is_special(const char *text, gsize size);
/* Appends `text`, in quotes only where it needs them. size -1: to its end. */
void unpark_csv_cell(GString *to, const char *text, gssize size);
/* Appends `text` in quotes. */
void unpark_csv_append(GString *to, const char *text);
