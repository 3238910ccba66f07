/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Reading webshop.trace: 45 % of 45.2 MB" on standard error while an import runs, if
 * that is a terminal and the import takes long enough to wonder. */
#pragma once

#include "importers/registry/registry.h"

typedef struct _CliProgress CliProgress;

/* `progress` must outlive the display. */
CliProgress *cli_progress_start(const char *path, UnparkProgress *progress);
/* Takes the line away. */
void cli_progress_stop(CliProgress *display);
