/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tables/cli-states.h"

#include <glib/gi18n.h>

/* In the order of UnparkState and UnparkWait. */
static const CliColumn states[UNPARK_N_STATES] = {
    {"running_ns", N_("Running"), CLI_CELL_TIME},
    {"runnable_ns", N_("Runnable"), CLI_CELL_TIME},
    {"waiting_ns", N_("Waiting"), CLI_CELL_TIME},
    {"syscall_ns", N_("System Calls"), CLI_CELL_TIME},
};
static const CliColumn waits[UNPARK_N_WAITS] = {
    [UNPARK_WAIT_OTHER] = {"wait_other_ns", N_("Other"), CLI_CELL_TIME},
    [UNPARK_WAIT_SYNC] = {"wait_sync_ns", N_("Sync"), CLI_CELL_TIME},
    [UNPARK_WAIT_CHANNEL] = {"wait_channel_ns", N_("Channel"), CLI_CELL_TIME},
    [UNPARK_WAIT_SELECT] = {"wait_select_ns", N_("Select"), CLI_CELL_TIME},
    [UNPARK_WAIT_NETWORK] = {"wait_network_ns", N_("Network"), CLI_CELL_TIME},
    [UNPARK_WAIT_SLEEP] = {"wait_sleep_ns", N_("Sleep"), CLI_CELL_TIME},
    [UNPARK_WAIT_SYSCALL] = {"wait_syscall_ns", N_("System Call"), CLI_CELL_TIME},
    [UNPARK_WAIT_GC] = {"wait_gc_ns", N_("GC"), CLI_CELL_TIME},
    [UNPARK_WAIT_SYSTEM] = {"wait_system_ns", N_("System"), CLI_CELL_TIME},
    [UNPARK_WAIT_FOREVER] = {"wait_forever_ns", N_("Forever"), CLI_CELL_TIME},
};

void cli_states_columns(GArray *columns, const UnparkTally *all) {
  g_array_append_vals(columns, states, G_N_ELEMENTS(states));
  for (guint i = 0; i < UNPARK_N_WAITS; i++) {
    CliColumn column = waits[i];
    if (all->wait_ns[i] == 0)
      column.title = NULL;
    g_array_append_val(columns, column);
  }
}

void cli_states_cells(CliRows *rows, const UnparkTally *tally) {
  for (guint i = 0; i < UNPARK_N_STATES; i++)
    cli_rows_int(rows, tally ? tally->state_ns[i] : UNPARK_NONE);
  for (guint i = 0; i < UNPARK_N_WAITS; i++)
    cli_rows_int(rows, tally ? tally->wait_ns[i] : UNPARK_NONE);
}
