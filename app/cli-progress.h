/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Reading webshop.trace: 45 % of 45.2 MB" on standard error while something runs, if that is a
 * terminal and it takes long enough to wonder. */
#pragma once

#include "importers/registry/registry.h"

typedef struct _CliProgress CliProgress;

/* Of an import. `progress` must outlive the display. */
CliProgress *cli_progress_start(const char *path, UnparkProgress *progress);
/* Of anything else: `line` gives it anew each time, on a thread of the display's own; its result is
 * freed with g_free(). `data` must outlive the display. */
CliProgress *cli_progress_start_line(char *(*line)(gpointer data), gpointer data);
/* Takes the line away. */
void cli_progress_stop(CliProgress *display);
