/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the lines of source files cost: the values of samples by line, as in `go tool pprof -list`.
 *
 * A line's flat value is that of the samples in which it is innermost, its cumulative value that of
 * all samples whose stacks have it, each sample once. A line may be in several functions: those
 * within it, and generic functions by instance.
 */
#pragma once

#include "model/tables/profile-table.h"

/* What a row is of: a line of one function, or a line of a file in whatever function. */
typedef enum { UNPARK_LINES_BY_FUNCTION, UNPARK_LINES_BY_FILE } UnparkLinesBy;

typedef struct {
  /* Belong to the store. By file: one of the functions. */
  const char *function, *file;
  guint32 line; /* 0: not known */
  gint64 flat, cumulative;
} UnparkLineRow;

typedef struct {
  UnparkLineRow *rows; /* by file, then function (not of lines by file), then line */
  guint n_rows;
  UnparkProfileTable *table; /* what they are of, with the whole; a reference */
} UnparkLineTable;

/* Any thread. Whether the frame's line is wanted; called once for each function and file. */
typedef gboolean (*UnparkLineWanted)(const char *function, const char *file, gpointer data);

/* Worker. The lines of wanted frames that have values. NULL only when cancelled. Free with
 * unpark_line_table_free(). */
UnparkLineTable *unpark_line_table_new(UnparkProfileTable *table, UnparkLinesBy by,
                                       UnparkLineWanted wanted, gpointer data,
                                       GCancellable *cancellable, GError **error);
void unpark_line_table_free(UnparkLineTable *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkLineTable, unpark_line_table_free)
