/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/goroutines/columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/filter/filter.h"
#include "ui/text/format.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/settings.h"
#include "ui/page/table-menu.h"
#include "ui/kit/tally-bar.h"

const char *unpark_goroutine_function_title(const UnparkFunctionRow *function) {
  return *function->name ? function->name : _("(unknown function)");
}

static const UnparkFunctionRow *function_of(UnparkProfileItem *item) {
  const UnparkGoroutineTable *table = unpark_profile_item_get_data(item);
  return &table->functions[unpark_profile_item_get_row(item)];
}

static const UnparkGoroutineRow *row_of(UnparkProfileItem *item) {
  const UnparkGoroutineTable *table = unpark_profile_item_get_data(item);
  return &table->rows[unpark_profile_item_get_row(item)];
}

static void set_number(GtkWidget *cell, gint64 n) {
  char text[UNPARK_FORMAT_SIZE];
  gtk_label_set_text(GTK_LABEL(cell), unpark_format_count(n, text));
}

static void set_duration(GtkWidget *cell, gint64 ns) {
  char text[UNPARK_FORMAT_SIZE];
  /* Nothing is said more quietly than "0 ns". */
  gtk_label_set_text(GTK_LABEL(cell), ns > 0 ? unpark_format_duration(ns, text) : "–");
}

/* ---- Bars --------------------------------------------------------------------------------- */

#define WAITS "goroutines.waits"

gboolean unpark_goroutine_columns_get_waits(void) {
  return unpark_settings_get_bool(WAITS, FALSE);
}

void unpark_goroutine_columns_set_waits(gboolean waits) {
  unpark_settings_set_bool(WAITS, waits);
}

static void set_bar(GtkWidget *cell, const UnparkTally *tally) {
  unpark_tally_bar_set(UNPARK_TALLY_BAR(cell), tally);
  unpark_tally_bar_set_waits(UNPARK_TALLY_BAR(cell), unpark_goroutine_columns_get_waits());
}

/* Cells and orders of both tables alike: `of` gives the row, `what` the number. */
#define TIME(name, of, what)                                                                       \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    set_duration(cell, of(item)->tally.what);                                                      \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    return unpark_profile_compare_numbers(of(a)->tally.what, of(b)->tally.what);                   \
  }

TIME(f_running, function_of, state_ns[UNPARK_STATE_RUNNING])
TIME(f_runnable, function_of, state_ns[UNPARK_STATE_RUNNABLE])
TIME(f_waiting, function_of, state_ns[UNPARK_STATE_WAITING])
TIME(f_syscall, function_of, state_ns[UNPARK_STATE_SYSCALL])
TIME(f_longest, function_of, longest_wait_ns)
TIME(g_running, row_of, state_ns[UNPARK_STATE_RUNNING])
TIME(g_runnable, row_of, state_ns[UNPARK_STATE_RUNNABLE])
TIME(g_waiting, row_of, state_ns[UNPARK_STATE_WAITING])
TIME(g_syscall, row_of, state_ns[UNPARK_STATE_SYSCALL])
TIME(g_longest, row_of, longest_wait_ns)

TIME(f_sync, function_of, wait_ns[UNPARK_WAIT_SYNC])
TIME(f_channel, function_of, wait_ns[UNPARK_WAIT_CHANNEL])
TIME(f_select, function_of, wait_ns[UNPARK_WAIT_SELECT])
TIME(f_network, function_of, wait_ns[UNPARK_WAIT_NETWORK])
TIME(f_sleep, function_of, wait_ns[UNPARK_WAIT_SLEEP])
TIME(f_wait_syscall, function_of, wait_ns[UNPARK_WAIT_SYSCALL])
TIME(f_gc, function_of, wait_ns[UNPARK_WAIT_GC])
TIME(f_system, function_of, wait_ns[UNPARK_WAIT_SYSTEM])
TIME(f_forever, function_of, wait_ns[UNPARK_WAIT_FOREVER])
TIME(f_other, function_of, wait_ns[UNPARK_WAIT_OTHER])

/* Of a function alone: `set` is set_number() or set_duration(). */
#define MEMBER(name, what, set)                                                                    \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    set(cell, function_of(item)->what);                                                            \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    return unpark_profile_compare_numbers(function_of(a)->what, function_of(b)->what);             \
  }

MEMBER(count, count, set_number)
MEMBER(created, created, set_number)
MEMBER(ended, ended, set_number)
MEMBER(alive, alive, set_number)
MEMBER(assist, assist_ns, set_duration)
MEMBER(mean, mean_ns, set_duration)
MEMBER(p50, p50_ns, set_duration)
MEMBER(p90, p90_ns, set_duration)
MEMBER(p99, p99_ns, set_duration)

/* ---- Functions -------------------------------------------------------------------------- */

static void bind_name(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkFunctionRow *function = function_of(item);
  unpark_profile_cell_set_text(cell, unpark_goroutine_function_title(function), function->name);
  if (function->system)
    gtk_widget_add_css_class(cell, "dim-label");
  else
    gtk_widget_remove_css_class(cell, "dim-label");
}

static int compare_name(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(function_of(a)->name, function_of(b)->name);
}

static void bind_function_bar(GtkWidget *cell, UnparkProfileItem *item) {
  set_bar(cell, &function_of(item)->tally);
}

static int compare_function_bar(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_tally_compare(&function_of(a)->tally, &function_of(b)->tally);
}

static char *filter_function(UnparkProfileItem *item) {
  return unpark_filter_of_word("", function_of(item)->name);
}

static const char *function_name(UnparkProfileItem *item) {
  return function_of(item)->name;
}

static const UnparkProfileColumn function_columns[] = {
    {"name", N_("Started In"), 0, unpark_profile_cell_text, bind_name, compare_name},
    {"count", N_("Goroutines"), 104, unpark_profile_cell_number, bind_count, compare_count},
    {"created", N_("Created"), 88, unpark_profile_cell_number, bind_created, compare_created, TRUE},
    {"ended", N_("Ended"), 88, unpark_profile_cell_number, bind_ended, compare_ended, TRUE},
    {"alive", N_("Alive"), 88, unpark_profile_cell_number, bind_alive, compare_alive, TRUE},
    {"bar", N_("Breakdown"), 140, unpark_tally_bar_new, bind_function_bar, compare_function_bar},
    {"running", N_("Running"), 88, unpark_profile_cell_number, bind_f_running, compare_f_running},
    {"runnable", N_("Runnable"), 94, unpark_profile_cell_number, bind_f_runnable,
     compare_f_runnable},
    {"waiting", N_("Waiting"), 88, unpark_profile_cell_number, bind_f_waiting, compare_f_waiting},
    {"syscall", N_("System Calls"), 118, unpark_profile_cell_number, bind_f_syscall,
     compare_f_syscall},
    {"longest", N_("Longest Wait"), 118, unpark_profile_cell_number, bind_f_longest,
     compare_f_longest},
    {"wait-sync", N_("Waiting for Sync"), 118, unpark_profile_cell_number, bind_f_sync,
     compare_f_sync, TRUE},
    {"wait-channel", N_("Waiting for Channels"), 118, unpark_profile_cell_number, bind_f_channel,
     compare_f_channel, TRUE},
    {"wait-select", N_("Waiting in Select"), 118, unpark_profile_cell_number, bind_f_select,
     compare_f_select, TRUE},
    {"wait-network", N_("Waiting for Network"), 118, unpark_profile_cell_number, bind_f_network,
     compare_f_network, TRUE},
    {"wait-sleep", N_("Sleeping"), 94, unpark_profile_cell_number, bind_f_sleep, compare_f_sleep,
     TRUE},
    {"wait-syscall", N_("Waiting in System Calls"), 118, unpark_profile_cell_number,
     bind_f_wait_syscall, compare_f_wait_syscall, TRUE},
    {"wait-gc", N_("Waiting for GC"), 118, unpark_profile_cell_number, bind_f_gc, compare_f_gc,
     TRUE},
    {"wait-system", N_("System Waits"), 118, unpark_profile_cell_number, bind_f_system,
     compare_f_system, TRUE},
    {"wait-forever", N_("Waiting Forever"), 118, unpark_profile_cell_number, bind_f_forever,
     compare_f_forever, TRUE},
    {"wait-other", N_("Other Waits"), 118, unpark_profile_cell_number, bind_f_other,
     compare_f_other, TRUE},
    {"assist", N_("Mark Assist"), 104, unpark_profile_cell_number, bind_assist, compare_assist,
     TRUE},
    {"mean", N_("Mean Life"), 94, unpark_profile_cell_number, bind_mean, compare_mean, TRUE},
    {"p50", N_("Median Life"), 104, unpark_profile_cell_number, bind_p50, compare_p50, TRUE},
    {"p90", N_("p90 Life"), 94, unpark_profile_cell_number, bind_p90, compare_p90, TRUE},
    {"p99", N_("p99 Life"), 94, unpark_profile_cell_number, bind_p99, compare_p99, TRUE},
};

void unpark_goroutine_function_columns(GtkColumnView *view) {
  static const UnparkTableMenu menu = {N_("Show on the _Timeline"), filter_function, function_name};
  unpark_profile_columns_add(view, "goroutines", function_columns, G_N_ELEMENTS(function_columns),
                             "waiting");
  unpark_table_menu_attach(view, &menu);
}

/* ---- Goroutines ---------------------------------------------------------------------------- */

static void bind_id(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *text = g_strdup_printf("G %" G_GINT64_FORMAT, row_of(item)->id);
  unpark_profile_cell_set_text(cell, text, NULL);
}

static int compare_id(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(row_of(a)->id, row_of(b)->id);
}

static void bind_bar(GtkWidget *cell, UnparkProfileItem *item) {
  set_bar(cell, &row_of(item)->tally);
}

static int compare_bar(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_tally_compare(&row_of(a)->tally, &row_of(b)->tally);
}

static void bind_spans(GtkWidget *cell, UnparkProfileItem *item) {
  set_number(cell, (gint64)row_of(item)->tally.n_spans);
}

static int compare_spans(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers((gint64)row_of(a)->tally.n_spans,
                                        (gint64)row_of(b)->tally.n_spans);
}

static char *filter_row(UnparkProfileItem *item) {
  return g_strdup_printf("G%" G_GINT64_FORMAT, row_of(item)->id);
}

void unpark_goroutine_row_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"id", N_("Goroutine"), 0, unpark_profile_cell_text, bind_id, compare_id},
      {"spans", N_("Spans"), 104, unpark_profile_cell_number, bind_spans, compare_spans},
      {"bar", N_("Breakdown"), 140, unpark_tally_bar_new, bind_bar, compare_bar},
      {"running", N_("Running"), 88, unpark_profile_cell_number, bind_g_running, compare_g_running},
      {"runnable", N_("Runnable"), 94, unpark_profile_cell_number, bind_g_runnable,
       compare_g_runnable},
      {"waiting", N_("Waiting"), 88, unpark_profile_cell_number, bind_g_waiting, compare_g_waiting},
      {"syscall", N_("System Calls"), 118, unpark_profile_cell_number, bind_g_syscall,
       compare_g_syscall},
      {"longest", N_("Longest Wait"), 118, unpark_profile_cell_number, bind_g_longest,
       compare_g_longest},
  };
  static const UnparkTableMenu menu = {N_("Show on the _Timeline"), filter_row};
  unpark_profile_columns_add(view, "goroutine-rows", columns, G_N_ELEMENTS(columns), "waiting");
  unpark_table_menu_attach(view, &menu);
}
