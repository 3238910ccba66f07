/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of rows of something immutable whose items are made only when asked for: for tables of
 * hundreds of thousands. Main thread only. */
#pragma once

#include "ui/kit/profile-item.h"

#define UNPARK_TYPE_ROW_LIST (unpark_row_list_get_type())
G_DECLARE_FINAL_TYPE(UnparkRowList, unpark_row_list, UNPARK, ROW_LIST, GObject)

/* Empty. Its items are UnparkProfileItem. */
UnparkRowList *unpark_row_list_new(void);

/* Rows first .. first + n - 1 of `data`, to which the list takes references with `ref`; told to
 * listeners as one change. */
void unpark_row_list_set(UnparkRowList *self, gpointer data, guint32 first, guint n,
                         gpointer (*ref)(gpointer), GDestroyNotify unref);

/* This item is given out for its row until the data is another: whoever compares items finds it
 * again after sorting. One at a time; NULL: none. */
void unpark_row_list_keep(UnparkRowList *self, UnparkProfileItem *item);
