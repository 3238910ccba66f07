/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars that go on in a further row where the window is narrow. */
#include <check.h>
#include <gtk/gtk.h>
#include <stdlib.h>

#include "ui/kit/wrap-box.h"
#include "tests/support.h"

#define HEIGHT 20
#define SPACING 10

static GtkWidget *part(GtkWidget *box, int width) {
  GtkWidget *widget = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_size_request(widget, width, HEIGHT);
  unpark_wrap_box_append(UNPARK_WRAP_BOX(box), widget);
  return widget;
}

static void expect_place(GtkWidget *box, GtkWidget *widget, int x, int y, int width) {
  graphene_rect_t at;
  ck_assert(gtk_widget_compute_bounds(widget, box, &at));
  ck_assert_int_eq((int)at.origin.x, x);
  ck_assert_int_eq((int)at.origin.y, y);
  ck_assert_int_eq((int)at.size.width, width);
}

static void allocate(GtkWidget *box, int width) {
  int least, height;
  gtk_widget_measure(box, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  ck_assert_int_le(least, width);
  gtk_widget_measure(box, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  gtk_widget_size_allocate(box, &(GtkAllocation){0, 0, width, height}, -1);
}

static int height_for(GtkWidget *box, int width) {
  int height;
  gtk_widget_measure(box, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

START_TEST(rows) {
  GtkWidget *box = g_object_ref_sink(unpark_wrap_box_new(SPACING));
  GtkWidget *a = part(box, 100), *space = part(box, 0), *b = part(box, 60), *c = part(box, 50);
  GtkWidget *hidden = part(box, 500);
  int least, natural;
  gtk_widget_set_hexpand(space, TRUE);
  gtk_widget_set_visible(hidden, FALSE);
  gtk_widget_measure(box, GTK_ORIENTATION_HORIZONTAL, -1, &least, &natural, NULL, NULL);
  ck_assert_int_eq(least, 100);
  ck_assert_int_eq(natural, 100 + 60 + 50 + 3 * SPACING);
  ck_assert_int_eq(height_for(box, 300), HEIGHT);
  ck_assert_int_eq(height_for(box, 239), 2 * HEIGHT + SPACING / 2);
  ck_assert_int_eq(height_for(box, 100), 3 * HEIGHT + 2 * (SPACING / 2));

  allocate(box, 300); /* what is left goes to the one that expands */
  expect_place(box, a, 0, 0, 100);
  expect_place(box, b, 180, 0, 60);
  expect_place(box, c, 250, 0, 50);
  allocate(box, 200);
  expect_place(box, b, 140, 0, 60);
  expect_place(box, c, 0, HEIGHT + SPACING / 2, 50);

  gtk_widget_set_direction(box, GTK_TEXT_DIR_RTL);
  allocate(box, 200);
  expect_place(box, a, 100, 0, 100);
  expect_place(box, c, 150, HEIGHT + SPACING / 2, 50);
  g_object_unref(box);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("ui-wrap-box");
  TCase *tests = tcase_create("rows");
  gtk_init();
  tcase_add_test(tests, rows);
  suite_add_tcase(suite, tests);
  return test_run_unforked(suite);
}
