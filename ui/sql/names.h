/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Examples, and the tables with their columns, as buttons. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/base/types.h"

typedef struct {
  void (*example)(gpointer data, const char *sql);
  void (*name)(gpointer data, const char *name);
} UnparkSqlNamesCalls;

/* Fills a vertical box with what a file of that kind has. `calls` is static; `data` lives as long
 * as the box. */
void unpark_sql_names_fill(GtkBox *box, UnparkSourceKind kind, const UnparkSqlNamesCalls *calls,
                           gpointer data);
