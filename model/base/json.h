/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as JSON, for everything the programs write in that format. Any thread. */
#pragma once

#include <glib.h>

/* Appends `text` in quotation marks. `size` in bytes; -1: up to its end. What is not UTF-8 becomes
 * U+FFFD; quotation marks, backslashes and what unpark_printable_is_unsafe() names are escaped. */
void unpark_json_append(GString *to, const char *text, gssize size);
