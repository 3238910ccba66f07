/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small things that are words or arithmetic: names of tabs, pages of errors, what dumps say once,
 * what slow tasks did longer, rows as text. */
#include <gio/gio.h>
#include <gtk/gtk.h>
#include <stdlib.h>

#include "model/base/error.h"
#include "tests/support.h"
#include "ui/kit/profile-item.h"
#include "ui/page/table-menu.h"
#include "ui/reports/dump-words.h"
#include "ui/reports/export.h"
#include "ui/shell/failure-words.h"
#include "ui/shell/tab-names.h"
#include "ui/tasks/compare.h"

START_TEST(tabs_of_one_name) {
  static const char *const open[] = {"/a/before/t.trace", "/a/after/t.trace", "/b/after/t.trace",
                                     "/a/u.trace", NULL};
  static const char *const folders[] = {"before", "a/after", "b/after", NULL};
  for (guint i = 0; open[i]; i++) {
    g_autofree char *folder = unpark_tab_names_folder(open[i], open);
    ck_assert_pstr_eq(folder, i < 3 ? folders[i] : NULL);
  }
  static const char *const rooted[] = {"/t.trace", "/a/t.trace", NULL};
  g_autofree char *root = unpark_tab_names_folder(rooted[0], rooted);
  ck_assert_str_eq(root, "/");
}
END_TEST

START_TEST(errors_say_what_helps) {
  g_autoptr(GError) gone = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");
  g_autoptr(GError) odd =
      g_error_new_literal(UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT, "looks like a picture");
  g_autoptr(GError) other = g_error_new_literal(UNPARK_ERROR, UNPARK_ERROR_STORE, "no such page");
  ck_assert_str_eq(unpark_failure_words(gone, -1).title, "File Not Found");
  ck_assert(unpark_failure_words(gone, -1).try_again);
  ck_assert_str_eq(unpark_failure_words(odd, 0).title, "This File Is Empty");
  ck_assert_str_eq(unpark_failure_words(odd, 10).title, "Unknown Kind of File");
  ck_assert(unpark_failure_words(odd, 10).details);
  ck_assert_str_eq(unpark_failure_words(other, 10).text, "no such page");
}
END_TEST

START_TEST(dumps_say_once) {
  UnparkDumpMember members[] = {
      {.id = 4, .count = 1, .wait_minutes = 12, .creator = 1},
      {.id = 5, .count = 2, .wait_minutes = 12, .creator = 1},
      {.id = 6, .count = 1, .wait_minutes = 3, .creator = 1},
  };
  g_autofree char *common = unpark_dump_common_text(members, 2);
  g_autofree char *numbers = unpark_dump_numbers(members, 2);
  g_autofree char *none = unpark_dump_common_text(members, 3);
  ck_assert_str_eq(common, "12 min, created by G 1");
  ck_assert_str_eq(numbers, "G 4, G 5 × 2");
  ck_assert_str_eq(none, "");
  ck_assert_ptr_null(unpark_dump_numbers(members, 3));
  UnparkDumpGroup nil = {.state = "chan receive (nil chan)", .wait = UNPARK_WAIT_FOREVER};
  UnparkDumpGroup leaked = {.state = "chan send (leaked)", .wait = UNPARK_WAIT_CHANNEL};
  UnparkDumpGroup usual = {.state = "chan send", .wait = UNPARK_WAIT_CHANNEL};
  ck_assert(unpark_dump_is_leak(&nil) && unpark_dump_is_leak(&leaked));
  ck_assert(!unpark_dump_is_leak(&usual));
}
END_TEST

START_TEST(reports_as_files) {
  UnparkDumpGroups none = {.n_groups = 0};
  UnparkRaceList races = {.n_races = 0};
  g_autofree char *csv = unpark_export_dump(&none, "x.CSV"),
                  *json = unpark_export_dump(&none, "x.json");
  g_autofree char *text = unpark_export_races(&races, "x.txt"),
                  *rows = unpark_export_races(&races, "x.csv");
  ck_assert(g_str_has_prefix(csv, "goroutines,state,longest_wait_minutes,"));
  ck_assert_str_eq(json, "[\n]\n");
  ck_assert_str_eq(text, "");
  ck_assert(g_str_has_prefix(rows, "race,address,kind,"));
}
END_TEST

/* Running is as usual, the lock is not; what is next to nothing has no line. */
START_TEST(slow_and_typical) {
  UnparkTaskMean typical = {.n = 5, .length_ns = 1000};
  gint64 here[UNPARK_TASK_PARTS] = {900, 10, 0};
  guint parts[4];
  typical.parts_ns[0] = 800;
  here[3 + UNPARK_WAIT_SYNC] = 5000;
  typical.parts_ns[3 + UNPARK_WAIT_SYNC] = 100;
  ck_assert_uint_eq(unpark_task_compare_parts(here, &typical, 4, parts), 2);
  ck_assert_uint_eq(parts[0], 3 + UNPARK_WAIT_SYNC);
  ck_assert_uint_eq(parts[1], 0);
  ck_assert_uint_eq(unpark_task_compare_parts(here, &typical, 1, parts), 1);
}
END_TEST

/* ---- Rows as text ---------------------------------------------------------------------------- */

static void bind_name(GtkWidget *cell, UnparkProfileItem *item) {
  guint32 row = unpark_profile_item_get_row(item);
  unpark_profile_cell_set_text(cell, row ? "a|b" : "name", row ? NULL : "the whole \"name\"");
}

static void bind_share(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_share(cell, 0.5, "50 %");
}

START_TEST(rows_as_text) {
  static const UnparkProfileColumn columns[] = {
      {"name", "Name", 0, unpark_profile_cell_text, bind_name, NULL},
      {"share", "Share", 100, unpark_profile_cell_share, bind_share, NULL}};
  GListStore *items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  for (guint32 row = 0; row < 2; row++) {
    g_autoptr(UnparkProfileItem) item = unpark_profile_item_new(NULL, row, NULL);
    g_list_store_append(items, item);
  }
  GtkWidget *view = g_object_ref_sink(
      gtk_column_view_new(GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(items)))));
  unpark_profile_columns_add(GTK_COLUMN_VIEW(view), "habits", columns, 2, "");
  g_autofree char *row = unpark_table_text(GTK_COLUMN_VIEW(view), 0, UNPARK_TABLE_TABS);
  g_autofree char *csv = unpark_table_text(GTK_COLUMN_VIEW(view), -1, UNPARK_TABLE_CSV);
  g_autofree char *markdown = unpark_table_text(GTK_COLUMN_VIEW(view), 1, UNPARK_TABLE_MARKDOWN);
  ck_assert_str_eq(row, "the whole \"name\"\t50 %\n");
  ck_assert_str_eq(
      csv, "\"Name\",\"Share\"\r\n\"the whole \"\"name\"\"\",\"50 %\"\r\n\"a|b\",\"50 %\"\r\n");
  ck_assert_str_eq(markdown, "| a\\|b | 50 % |\n");
  /* A hidden column takes no room, and has its width again when it is shown. */
  GListModel *all = gtk_column_view_get_columns(GTK_COLUMN_VIEW(view));
  g_autoptr(GtkColumnViewColumn) share = g_list_model_get_item(all, 1);
  int width = gtk_column_view_column_get_fixed_width(share);
  ck_assert_int_ge(width, 100);
  unpark_profile_column_show(share, FALSE);
  ck_assert(!gtk_column_view_column_get_visible(share));
  ck_assert_int_eq(gtk_column_view_column_get_fixed_width(share), 0);
  unpark_profile_column_show(share, TRUE);
  ck_assert(gtk_column_view_column_get_visible(share));
  ck_assert_int_eq(gtk_column_view_column_get_fixed_width(share), width);
  g_object_unref(view);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("habits");
  TCase *tests = tcase_create("habits");
  tcase_add_test(tests, tabs_of_one_name);
  tcase_add_test(tests, errors_say_what_helps);
  tcase_add_test(tests, dumps_say_once);
  tcase_add_test(tests, reports_as_files);
  tcase_add_test(tests, slow_and_typical);
  if (gtk_init_check())
    tcase_add_test(tests, rows_as_text);
  suite_add_tcase(suite, tests);
  return test_run_unforked(suite);
}
