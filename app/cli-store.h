/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening for the commands: progress and warnings on standard error. */
#pragma once

#include "app/cli.h"
#include "app/open.h"

/* NULL with *status after the reason was printed. Warnings of the source are printed unless
 * `quiet`. */
UnparkOpened *cli_open(const char *path, gboolean no_cache, gboolean quiet, CliContext *context,
                       int *status);

/* The same of one of several files: what is complained of begins with its name. */
UnparkOpened *cli_open_one(const char *path, gboolean no_cache, gboolean quiet,
                           gboolean one_of_many, CliContext *context, int *status);

/* The notes of severity warning and error. `path`: the file, where there are several; NULL. */
void cli_print_warnings(UnparkStore *store, const char *path);

/* The types of a profile's samples that are not 0 everywhere, as "alloc_objects, alloc_space"; free
 * with g_free(). */
char *cli_store_types_with_values(UnparkStore *store);
