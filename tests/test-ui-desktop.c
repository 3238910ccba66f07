/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desktop gives and takes: paper, and what was copied elsewhere. */
#include <adwaita.h>
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/sql/schema.h"
#include "ui/desktop/clipboard.h"
#include "ui/desktop/print.h"
#include "ui/help/pages.h"
#include "tests/support.h"

START_TEST(addresses_are_told_from_texts) {
  static const char *const addresses[] = {"localhost:6060",
                                          ":6060",
                                          " http://shop/debug/pprof/\n",
                                          "unix:/run/app.sock",
                                          "dlv://127.0.0.1:2345",
                                          "shop.example:80/api"};
  static const char *const texts[] = {"",
                                      "main.go:41 +0x1d",
                                      "goroutine 1 [running]:\nmain.main()",
                                      "/tmp/a.trace",
                                      "std::vector",
                                      "http://a b",
                                      "main.(*T).f:12"};
  for (guint i = 0; i < G_N_ELEMENTS(addresses); i++)
    ck_assert_msg(unpark_clipboard_is_address(addresses[i]), "%s", addresses[i]);
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    ck_assert_msg(!unpark_clipboard_is_address(texts[i]), "%s", texts[i]);
}
END_TEST

START_TEST(a_view_is_printed) {
  g_autofree char *folder = g_dir_make_tmp("unpark-print-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "view.pdf", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr(GError) error = NULL;
  GtkWidget *window = gtk_window_new(), *label = gtk_label_new("■ running");
  gsize size;
  gtk_window_set_default_size(GTK_WINDOW(window), 400, 200);
  gtk_window_set_child(GTK_WINDOW(window), label);
  gtk_window_present(GTK_WINDOW(window));
  while (gtk_widget_get_width(label) == 0)
    g_main_context_iteration(NULL, TRUE);
  ck_assert_msg(unpark_print(GTK_WINDOW(window), label, "view", path, &error), "%s",
                error ? error->message : "");
  ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
  ck_assert_uint_gt(size, 800);
  ck_assert_int_eq(strncmp(bytes, "%PDF", 4), 0);
  ck_assert_ptr_nonnull(g_strstr_len(bytes, (gssize)size, "/Font")); /* text stays text */
  gtk_window_destroy(GTK_WINDOW(window));
  g_unlink(path);
  g_rmdir(folder);
}
END_TEST

START_TEST(every_table_is_explained) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  for (guint i = 0; i < n; i++)
    ck_assert_msg(unpark_help_table(tables[i].name) != NULL, "%s", tables[i].name);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("desktop");
  TCase *tests = tcase_create("desktop");
  adw_init();
  tcase_add_test(tests, addresses_are_told_from_texts);
  tcase_add_test(tests, a_view_is_printed);
  tcase_add_test(tests, every_table_is_explained);
  suite_add_tcase(suite, tests);
  return test_run_unforked(suite);
}
