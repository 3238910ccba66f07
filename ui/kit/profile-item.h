/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items and columns of tables: what GTK's lists need around plain rows. Main thread only, but for
 * unpark_profile_items_new(). */
#pragma once

#include <gtk/gtk.h>

/* One row of something immutable and reference-counted. */
#define UNPARK_TYPE_PROFILE_ITEM (unpark_profile_item_get_type())
G_DECLARE_FINAL_TYPE(UnparkProfileItem, unpark_profile_item, UNPARK, PROFILE_ITEM, GObject)

gpointer unpark_profile_item_get_data(UnparkProfileItem *self);
guint32 unpark_profile_item_get_row(UnparkProfileItem *self);

/* Takes the caller's reference to `data`. */
UnparkProfileItem *unpark_profile_item_new(gpointer data, guint32 row, GDestroyNotify unref);

/* Any thread. Items of rows 0 to n - 1 of `data`, each with a reference; the array is
 * NULL-terminated beyond its length. Free with g_ptr_array_unref(). */
GPtrArray *unpark_profile_items_new(gpointer data, guint n, gpointer (*ref)(gpointer),
                                    GDestroyNotify unref);

/* A column. The first click on its title sorts ascending; all are resizable, widths that a
 * person gives are kept in the settings under "GROUP.width-NAME". */
typedef struct {
  const char *name;
  const char *title; /* translatable */
  int width;         /* in a text of usual size, and not less than the title; 0: what is left */
  GtkWidget *(*create)(void);
  void (*bind)(GtkWidget *cell, UnparkProfileItem *item);
  /* As for sorting; both items are of the same table. NULL: it does not sort. */
  int (*compare)(UnparkProfileItem *a, UnparkProfileItem *b);
  gboolean optional; /* shown only when a person chose it */
} UnparkProfileColumn;

/* Adds columns; returns the one called `sorted`, by which the view is sorted (descending); NULL if
 * there is none, or `sorted` is NULL: rows then stand as they come. */
GtkColumnViewColumn *unpark_profile_columns_add(GtkColumnView *view, const char *group,
                                                const UnparkProfileColumn *columns, guint n,
                                                const char *sorted);

/* For `compare`: the least first. */
int unpark_profile_compare_numbers(gint64 a, gint64 b);

/* Of a text in the font of the widget, in pixels. */
int unpark_profile_text_width(GtkWidget *widget, const char *text);
/* A width from what the column shows, until a person gives it another. */
void unpark_profile_column_fit(GtkColumnViewColumn *column, int width);
/* GTK 4.8 leaves the width of a column that is only invisible free. */
void unpark_profile_column_show(GtkColumnViewColumn *column, gboolean shown);
/* What a column was made from; NULL: of something else. */
const UnparkProfileColumn *unpark_profile_column_of(GtkColumnViewColumn *column);
/* The item that a cell of such a column shows; NULL: it is none. */
GtkListItem *unpark_profile_cell_get_item(GtkWidget *cell);

/* Cells: a number; a bar with a share; a text that loses its beginning, not its end. */
GtkWidget *unpark_profile_cell_number(void);
GtkWidget *unpark_profile_cell_share(void);
void unpark_profile_cell_set_share(GtkWidget *cell, double share, const char *text);
GtkWidget *unpark_profile_cell_text(void);
/* `tip` may be NULL. */
void unpark_profile_cell_set_text(GtkWidget *cell, const char *text, const char *tip);
/* Of cells with a number: a dash for none; the same, and any seen in the colour, too; a duration in
 * ns, a dash for UNPARK_NONE. */
void unpark_profile_cell_set_count(GtkWidget *cell, gint64 n);
void unpark_profile_cell_set_bad(GtkWidget *cell, gint64 n);
void unpark_profile_cell_set_duration(GtkWidget *cell, gint64 ns);

/* Empties and fills in one step. */
void unpark_profile_store_replace(GListStore *store, GPtrArray *items);
