/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command "query": rows of a statement, or of a template. */
#pragma once

#include "app/cli.h"

int cli_query(const CliArgs *args, CliContext *context);
