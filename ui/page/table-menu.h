/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu of a table's rows: by the second button, the Menu key or Shift+F10. It copies a row or
 * the table as it is shown, and offers what the view says. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/kit/profile-item.h"

/* Each may be NULL. */
typedef struct {
  /* What Enter does to a row, with a mnemonic; translatable. */
  const char *activate;
  /* The filter that leaves what the row is about, for the action "page.filter"; NULL: there is
   * none. Free with g_free(). */
  char *(*filter)(UnparkProfileItem *item);
  /* The function that the row is about, whose source is shown; "": there is none. */
  const char *(*function)(UnparkProfileItem *item);
} UnparkTableMenu;

/* For a table whose columns unpark_profile_columns_add() made. `menu` is static; NULL: rows can
 * only be copied. */
void unpark_table_menu_attach(GtkColumnView *view, const UnparkTableMenu *menu);

/* Rows as text, cells as they are shown. */
typedef enum { UNPARK_TABLE_TABS, UNPARK_TABLE_CSV, UNPARK_TABLE_MARKDOWN } UnparkTableFormat;
/* The row at `position`, or -1: all of them below their titles. Free with g_free(). */
char *unpark_table_text(GtkColumnView *view, int position, UnparkTableFormat format);
