/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address of a command line and how to get there. */
#pragma once

#include "app/cli.h"
#include "live/http/address.h"
#include "live/http/fetch.h"

typedef struct {
  UnparkAddress *address;
  UnparkReach reach; /* points into what is here and into the command line */
  char *secret;      /* overwritten when cleared */
} CliReach;

/* FALSE: *status is the exit status, and it was said why. To be cleared in either case. */
gboolean cli_reach_parse(CliReach *reach, const CliArgs *args, int *status);
void cli_reach_clear(CliReach *reach);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliReach, cli_reach_clear)
