/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of functions beside a flame graph: in themselves, with what they call, and with a base
 * what changed. Main thread only.
 *
 * Signals: "chosen" (name: uint, G_MAXUINT: none) when a row is selected by a person,
 * "activated" (name: uint) on a double click or Enter. */
#pragma once

#include <gtk/gtk.h>

#include "ui/flame/query.h"

#define UNPARK_TYPE_FLAME_TABLE (unpark_flame_table_get_type())
G_DECLARE_FINAL_TYPE(UnparkFlameTable, unpark_flame_table, UNPARK, FLAME_TABLE, GtkWidget)

GtkWidget *unpark_flame_table_new(void);
/* `items`: of unpark_flame_table_items(); NULL: empty. */
void unpark_flame_table_set(UnparkFlameTable *self, UnparkFlameResult *result, GPtrArray *items);
/* Worker: the list's items of a result. */
GPtrArray *unpark_flame_table_items(UnparkFlameResult *result);
/* Only rows of names that are flagged; NULL: all. Copied. */
void unpark_flame_table_set_matches(UnparkFlameTable *self, const guint8 *names);
/* Without "chosen". G_MAXUINT32: none. */
void unpark_flame_table_select(UnparkFlameTable *self, guint32 name);
/* The rows as shown, with a heading, values exact; free with g_free(). */
char *unpark_flame_table_text(UnparkFlameTable *self);
