/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of time by state, and of waiting by what for. */
#pragma once

#include "app/tables/cli-rows.h"
#include "model/tables/goroutine-table.h"

/* Appends one for each state and kind of wait to `columns` (CliColumn). A table has those kinds of
 * waits that `all` has any time of; CSV and JSON have all. */
void cli_states_columns(GArray *columns, const UnparkTally *all);
/* NULL: not known. */
void cli_states_cells(CliRows *rows, const UnparkTally *tally);
