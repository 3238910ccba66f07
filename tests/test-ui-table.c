/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of rows that are made when they are asked for. */
#include <check.h>
#include <gtk/gtk.h>
#include <stdlib.h>

#include "ui/kit/data-table.h"
#include "ui/kit/row-list.h"
#include "tests/support.h"

typedef struct {
  gatomicrefcount refs;
  int values[100];
} Numbers;

static gpointer numbers_ref(gpointer data) {
  g_atomic_ref_count_inc(&((Numbers *)data)->refs);
  return data;
}

static void numbers_unref(gpointer data) {
  if (g_atomic_ref_count_dec(&((Numbers *)data)->refs))
    g_free(data);
}

static Numbers *numbers_new(void) {
  Numbers *numbers = g_new0(Numbers, 1);
  g_atomic_ref_count_init(&numbers->refs);
  for (int i = 0; i < (int)G_N_ELEMENTS(numbers->values); i++)
    numbers->values[i] = i * 37 % 100;
  return numbers;
}

static int value_of(UnparkProfileItem *item) {
  return ((Numbers *)unpark_profile_item_get_data(item))->values[unpark_profile_item_get_row(item)];
}

static int compare_values(UnparkProfileItem *a, UnparkProfileItem *b) {
  return value_of(a) - value_of(b);
}

static int compare_rows(UnparkProfileItem *a, UnparkProfileItem *b) {
  return (int)unpark_profile_item_get_row(a) - (int)unpark_profile_item_get_row(b);
}

static void bind(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *text = g_strdup_printf("%d", value_of(item));
  unpark_profile_cell_set_text(cell, text, NULL);
}

static void add_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"value", "Value", 100, unpark_profile_cell_number, bind, compare_values},
      {"row", "Row", 100, unpark_profile_cell_number, bind, compare_rows}};
  unpark_profile_columns_add(view, "test-table", columns, G_N_ELEMENTS(columns), "value");
}

static void settle(void) {
  for (guint i = 0; i < 200; i++)
    g_main_context_iteration(NULL, FALSE);
}

static guint32 selected_row(GtkSelectionModel *selection) {
  UnparkProfileItem *item = gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(selection));
  ck_assert(item != NULL);
  return unpark_profile_item_get_row(item);
}

START_TEST(sorting_keeps_what_is_selected) {
  GtkWidget *view;
  GtkSelectionModel *selection;
  Numbers *numbers = numbers_new();
  UnparkRowList *list = unpark_row_list_new();
  unpark_row_list_set(list, numbers, 0, 100, numbers_ref, numbers_unref);
  GtkWidget *table = g_object_ref_sink(unpark_data_table_new(
      "numbers", add_columns, g_object_ref(G_LIST_MODEL(list)), _i == 1, &view, &selection));
  settle();
  gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(selection), 20);
  guint32 row = selected_row(selection);
  GListModel *columns = gtk_column_view_get_columns(GTK_COLUMN_VIEW(view));
  for (guint i = 0; i < 4; i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i % 2);
    gtk_column_view_sort_by_column(GTK_COLUMN_VIEW(view), column,
                                   i < 2 ? GTK_SORT_ASCENDING : GTK_SORT_DESCENDING);
    settle();
    ck_assert_uint_eq(selected_row(selection), row);
    guint at = gtk_single_selection_get_selected(GTK_SINGLE_SELECTION(selection));
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(G_LIST_MODEL(selection), at);
    ck_assert_uint_eq(unpark_profile_item_get_row(item), row);
  }
  /* Other data: nothing of the old one is given out. */
  Numbers *others = numbers_new();
  unpark_row_list_set(list, others, 0, 100, numbers_ref, numbers_unref);
  settle();
  g_autoptr(UnparkProfileItem) item = g_list_model_get_item(G_LIST_MODEL(list), row);
  ck_assert_ptr_eq(unpark_profile_item_get_data(item), others);
  g_object_unref(table);
  g_object_unref(selection);
  g_object_unref(list);
  numbers_unref(others);
  numbers_unref(numbers);
}
END_TEST

int main(void) {
  if (!gtk_init_check())
    return 77;
  Suite *suite = suite_create("table");
  TCase *tests = tcase_create("table");
  tcase_add_loop_test(tests, sorting_keeps_what_is_selected, 0, 2);
  suite_add_tcase(suite, tests);
  return test_run_unforked(suite);
}
