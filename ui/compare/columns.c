/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/columns.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "model/compare/words.h"
#include "ui/compare/change-bar.h"
#include "ui/page/table-menu.h"
#include "ui/text/format.h"

const UnparkCompareRow *unpark_compare_columns_row(UnparkProfileItem *item) {
  const UnparkCompareResult *result = unpark_profile_item_get_data(item);
  return &result->comparison->rows[unpark_profile_item_get_row(item)];
}

char *unpark_compare_columns_measure(const char *measure) {
  static const struct {
    const char *name, *title;
  } titles[] = {{"time_per_second", N_("time per second")},
                {"time_per_task", N_("time per task")},
                {"time_per_goroutine", N_("time per goroutine")},
                {"count_per_second", N_("count per second")},
                {"count_per_task", N_("count per task")},
                {"count_per_goroutine", N_("count per goroutine")},
                {"samples_per_second", N_("samples per second")},
                {"samples_per_task", N_("samples per task")},
                {"samples_per_goroutine", N_("samples per goroutine")},
                {"mean_ns", N_("mean")},
                {"p50_ns", N_("median")},
                {"p90_ns", N_("p90")},
                {"p99_ns", N_("p99")},
                {"goroutines", N_("goroutines")}};
  for (guint i = 0; i < G_N_ELEMENTS(titles); i++)
    if (strcmp(titles[i].name, measure) == 0)
      return g_strdup(_(titles[i].title));
  return g_strdup(measure);
}

static void bind_name(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkCompareRow *row = unpark_compare_columns_row(item);
  g_autofree char *name = unpark_compare_row_name(row);
  unpark_profile_cell_set_text(cell, name, *row->stack ? row->stack : name);
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_MIDDLE);
}

static void bind_measure(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *text = unpark_compare_columns_measure(unpark_compare_columns_row(item)->measure);
  unpark_profile_cell_set_text(cell, text, NULL);
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_END);
}

static void set_value(GtkWidget *cell, double value, const char *unit) {
  g_autofree char *text = unpark_compare_value_text(value, unit);
  gtk_label_set_text(GTK_LABEL(cell), text);
}

static void bind_a(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkCompareRow *row = unpark_compare_columns_row(item);
  set_value(cell, row->a, row->unit);
}

static void bind_b(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkCompareRow *row = unpark_compare_columns_row(item);
  set_value(cell, row->b, row->unit);
}

static void bind_change(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *text = unpark_compare_change_text(unpark_compare_columns_row(item)->change);
  gtk_label_set_text(GTK_LABEL(cell), text);
}

static void bind_bar(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkCompareRow *row = unpark_compare_columns_row(item);
  g_autofree char *interval = unpark_compare_interval_text(row);
  g_autofree char *tip = g_strdup_printf(_("With 95 %% certainty: %s"), interval);
  unpark_change_bar_set(UNPARK_CHANGE_BAR(cell), row);
  gtk_widget_set_tooltip_text(cell, isnan(row->low) ? NULL : tip);
}

static void bind_interval(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *text = unpark_compare_interval_text(unpark_compare_columns_row(item));
  gtk_label_set_text(GTK_LABEL(cell), text);
}

static void set_count(GtkWidget *cell, guint64 n) {
  char text[UNPARK_FORMAT_SIZE];
  gtk_label_set_text(GTK_LABEL(cell), unpark_format_count((gint64)n, text));
}

static void bind_count_a(GtkWidget *cell, UnparkProfileItem *item) {
  set_count(cell, unpark_compare_columns_row(item)->n_a);
}

static void bind_count_b(GtkWidget *cell, UnparkProfileItem *item) {
  set_count(cell, unpark_compare_columns_row(item)->n_b);
}

static void bind_verdict(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkCompareRow *row = unpark_compare_columns_row(item);
  unpark_profile_cell_set_text(cell, unpark_compare_verdict_title(row), NULL);
  if (row->verdict == UNPARK_VERDICT_UNCLEAR)
    gtk_widget_add_css_class(cell, "dim-label");
  else
    gtk_widget_remove_css_class(cell, "dim-label");
}

static int by_number(double a, double b) {
  double x = isnan(a) ? INFINITY : a, y = isnan(b) ? INFINITY : b;
  return (x > y) - (x < y);
}

static int compare_name(UnparkProfileItem *a, UnparkProfileItem *b) {
  return g_utf8_collate(unpark_compare_columns_row(a)->name, unpark_compare_columns_row(b)->name);
}

static int compare_measure(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(unpark_compare_columns_row(a)->measure, unpark_compare_columns_row(b)->measure);
}

static int compare_a(UnparkProfileItem *a, UnparkProfileItem *b) {
  return by_number(unpark_compare_columns_row(a)->a, unpark_compare_columns_row(b)->a);
}

static int compare_b(UnparkProfileItem *a, UnparkProfileItem *b) {
  return by_number(unpark_compare_columns_row(a)->b, unpark_compare_columns_row(b)->b);
}

static int compare_change(UnparkProfileItem *a, UnparkProfileItem *b) {
  return by_number(unpark_compare_columns_row(a)->change, unpark_compare_columns_row(b)->change);
}

/* What is certain is what comes first when it descends. */
static int compare_verdict(UnparkProfileItem *a, UnparkProfileItem *b) {
  const UnparkCompareRow *x = unpark_compare_columns_row(a), *y = unpark_compare_columns_row(b);
  gboolean p = x->verdict != UNPARK_VERDICT_UNCLEAR, q = y->verdict != UNPARK_VERDICT_UNCLEAR;
  return p != q ? p - q : by_number(x->certainty, y->certainty);
}

void unpark_compare_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"name", N_("Place"), 0, unpark_profile_cell_text, bind_name, compare_name},
      {"measure", N_("Figure"), 130, unpark_profile_cell_text, bind_measure, compare_measure},
      {"a", N_("A"), 78, unpark_profile_cell_number, bind_a, compare_a},
      {"b", N_("B"), 78, unpark_profile_cell_number, bind_b, compare_b},
      {"change", N_("Change"), 78, unpark_profile_cell_number, bind_change, compare_change},
      {"bar", N_("Less – More"), 126, unpark_change_bar_new, bind_bar, NULL},
      {"interval", N_("95 % Interval"), 150, unpark_profile_cell_number, bind_interval, NULL, TRUE},
      {"count-a", N_("Cases in A"), 90, unpark_profile_cell_number, bind_count_a, NULL, TRUE},
      {"count-b", N_("Cases in B"), 90, unpark_profile_cell_number, bind_count_b, NULL, TRUE},
      {"verdict", N_("Verdict"), 76, unpark_profile_cell_text, bind_verdict, compare_verdict},
  };
  unpark_profile_columns_add(view, "compare", columns, G_N_ELEMENTS(columns), NULL);
  unpark_table_menu_attach(view, NULL);
}
