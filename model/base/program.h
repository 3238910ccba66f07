/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our other programs. Any thread. */
#pragma once

#include <glib.h>

/* The program of that name in the folder of this one, as in a build folder or where both are
 * installed together; NULL: there is none. Free with g_free(). */
char *unpark_program_beside(const char *name);
