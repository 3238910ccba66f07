/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli capture of a debugger. */
#pragma once

#include "app/cli.h"
#include "live/http/address.h"

/* `path`: the file, or a folder. */
int cli_delve_capture(const UnparkAddress *address, const char *path, gboolean may_halt,
                      CliContext *context);
