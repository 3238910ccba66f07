/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/record/watch-columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/format.h"
#include "ui/kit/profile-item.h"
#include "ui/record/watch-data.h"
#include "ui/text/format.h"

static const UnparkWatchRow *row_of(UnparkProfileItem *item) {
  return unpark_profile_item_get_data(item);
}

static void bind_growth(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkWatchRow *row = row_of(item);
  char count[UNPARK_FORMAT_SIZE];
  g_autofree char *text =
      g_strdup_printf("%s%s", row->growth > 0 ? "+" : "", unpark_format_count(row->growth, count));

  unpark_profile_cell_set_text(cell, text, NULL);
  if (row->only_grows)
    gtk_widget_add_css_class(cell, "error");
  else
    gtk_widget_remove_css_class(cell, "error");
}

static int compare_growth(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(row_of(a)->growth, row_of(b)->growth);
}

static void bind_now(GtkWidget *cell, UnparkProfileItem *item) {
  char count[UNPARK_FORMAT_SIZE];

  unpark_profile_cell_set_text(cell, unpark_format_count(row_of(item)->now, count), NULL);
}

static int compare_now(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(row_of(a)->now, row_of(b)->now);
}

static void bind_trend(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkWatchRow *row = row_of(item);

  unpark_profile_cell_set_text(cell, row->only_grows ? _("only grows") : "",
                               row->only_grows
                                   ? _("At no sample were there fewer than at the one before: this "
                                       "is what a leak looks like")
                                   : NULL);
}

static int compare_trend(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(row_of(a)->only_grows, row_of(b)->only_grows);
}

static void bind_state(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_text(cell, row_of(item)->state, NULL);
}

static int compare_state(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(row_of(a)->state, row_of(b)->state);
}

static void bind_function(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkWatchRow *row = row_of(item);

  unpark_profile_cell_set_text(cell, row->function, row->stack);
}

static int compare_function(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(row_of(a)->function, row_of(b)->function);
}

static void bind_place(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkWatchRow *row = row_of(item);

  unpark_profile_cell_set_text(cell, unpark_format_basename(row->place), row->place);
}

static int compare_place(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(row_of(a)->place, row_of(b)->place);
}

static const UnparkProfileColumn columns[] = {
    {"growth", N_("Growth"), 90, unpark_profile_cell_number, bind_growth, compare_growth, FALSE},
    {"now", N_("Now"), 90, unpark_profile_cell_number, bind_now, compare_now, FALSE},
    {"trend", N_("Trend"), 110, unpark_profile_cell_text, bind_trend, compare_trend, FALSE},
    {"state", N_("State"), 140, unpark_profile_cell_text, bind_state, compare_state, FALSE},
    {"function", N_("Function"), 0, unpark_profile_cell_text, bind_function, compare_function,
     FALSE},
    {"place", N_("Place"), 180, unpark_profile_cell_text, bind_place, compare_place, FALSE},
};

void unpark_watch_columns_add(GtkColumnView *view) {
  unpark_profile_columns_add(view, "watch", columns, G_N_ELEMENTS(columns), "growth");
}
