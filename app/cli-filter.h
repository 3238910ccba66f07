/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option --filter: the language of the window's field, see FILTERS in unpark-cli(1). */
#pragma once

#include <glib/gi18n.h>

#include "app/cli.h"
#include "model/filter/filter.h"

#define CLI_FILTER_OPTION                                                                          \
  {                                                                                                \
    "filter", 0, N_("EXPRESSION"),                                                                 \
        N_("Show only what matches this filter, as in the window; see FILTERS in unpark-cli(1)")   \
  }

/* Before a file is opened: FALSE with a sentence in *message if the expression cannot be
 * understood. */
gboolean cli_filter_check(const CliArgs *args, char **message);

/* Whether the expression asks for anything; one without any text filters nothing. */
gboolean cli_filter_given(const CliArgs *args);

/* What passes in the store, and with `tasks` which tasks do, for which all regions and logs are
 * read; *result is NULL without a filter. FALSE with *status after the reason was printed: only
 * execution traces have goroutines that can pass. */
gboolean cli_filter_apply(const CliArgs *args, UnparkStore *store, gboolean tasks,
                          CliContext *context, UnparkFilterResult **result, int *status);
