/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/profile/columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/text/profile-format.h"
#include "ui/kit/profile-item.h"
#include "ui/page/table-menu.h"

UnparkProfileData *unpark_profile_data_new(UnparkProfileTable *table, const char *type,
                                           const char *unit) {
  UnparkProfileData *data = g_atomic_rc_box_new0(UnparkProfileData);
  data->table = unpark_profile_table_ref(table);
  data->type = g_strdup(type);
  data->unit = g_strdup(unit);
  return data;
}

UnparkProfileData *unpark_profile_data_ref(UnparkProfileData *data) {
  return g_atomic_rc_box_acquire(data);
}

static void data_clear(gpointer box) {
  UnparkProfileData *data = box;
  unpark_profile_table_unref(data->table);
  g_free(data->type);
  g_free(data->unit);
}

void unpark_profile_data_unref(UnparkProfileData *data) {
  if (data)
    g_atomic_rc_box_release_full(data, data_clear);
}

/* ---- Cells ------------------------------------------------------------------------------- */

static const UnparkProfileRow *row_of(UnparkProfileItem *item) {
  const UnparkProfileData *data = unpark_profile_item_get_data(item);
  return &data->table->rows[unpark_profile_item_get_row(item)];
}

static void bind_value(GtkWidget *cell, UnparkProfileItem *item, gint64 value) {
  const UnparkProfileData *data = unpark_profile_item_get_data(item);
  char text[UNPARK_FORMAT_SIZE];
  gtk_label_set_text(GTK_LABEL(cell), unpark_profile_format_value(value, data->unit, text));
}

static void bind_share(GtkWidget *cell, UnparkProfileItem *item, gint64 value) {
  const UnparkProfileData *data = unpark_profile_item_get_data(item);
  char text[UNPARK_FORMAT_SIZE];
  gint64 whole = data->table->magnitude;
  unpark_profile_format_share(value, whole, text);
  unpark_profile_cell_set_share(cell, whole > 0 ? (double)value / (double)whole : 0, text);
}

static void bind_flat(GtkWidget *cell, UnparkProfileItem *item) {
  bind_value(cell, item, row_of(item)->flat);
}

static void bind_flat_share(GtkWidget *cell, UnparkProfileItem *item) {
  bind_share(cell, item, row_of(item)->flat);
}

static void bind_cumulative(GtkWidget *cell, UnparkProfileItem *item) {
  bind_value(cell, item, row_of(item)->cumulative);
}

static void bind_cumulative_share(GtkWidget *cell, UnparkProfileItem *item) {
  bind_share(cell, item, row_of(item)->cumulative);
}

static void bind_function(GtkWidget *cell, UnparkProfileItem *item) {
  const char *function = unpark_profile_function_name(row_of(item)->function);
  unpark_profile_cell_set_text(cell, function, function);
  if (!unpark_profile_is_own(function))
    gtk_widget_add_css_class(cell, "dim-label");
  else
    gtk_widget_remove_css_class(cell, "dim-label");
}

static void bind_file(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_text(cell, row_of(item)->file, row_of(item)->file);
}

/* ---- Order ---------------------------------------------------------------------------------- */

static int compare_flat(UnparkProfileItem *a, UnparkProfileItem *b) {
  const UnparkProfileRow *x = row_of(a), *y = row_of(b);
  int order = unpark_profile_compare_numbers(x->flat, y->flat);
  return order ? order : unpark_profile_compare_numbers(x->cumulative, y->cumulative);
}

static int compare_cumulative(UnparkProfileItem *a, UnparkProfileItem *b) {
  const UnparkProfileRow *x = row_of(a), *y = row_of(b);
  int order = unpark_profile_compare_numbers(x->cumulative, y->cumulative);
  return order ? order : unpark_profile_compare_numbers(x->flat, y->flat);
}

static int compare_function(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(row_of(a)->function, row_of(b)->function);
}

static int compare_file(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(row_of(a)->file, row_of(b)->file);
}

static const char *function_of(UnparkProfileItem *item) {
  return row_of(item)->function;
}

void unpark_profile_view_columns(GtkColumnView *view) {
  static const UnparkTableMenu menu = {.function = function_of};
  static const UnparkProfileColumn columns[] = {
      {"flat", N_("Self"), 90, unpark_profile_cell_number, bind_flat, compare_flat},
      {"flat-share", N_("Self %"), 130, unpark_profile_cell_share, bind_flat_share, compare_flat},
      {"cumulative", N_("Total"), 110, unpark_profile_cell_number, bind_cumulative,
       compare_cumulative},
      {"cumulative-share", N_("Total %"), 130, unpark_profile_cell_share, bind_cumulative_share,
       compare_cumulative},
      {"function", N_("Function"), 0, unpark_profile_cell_text, bind_function, compare_function},
      {"file", N_("File"), 250, unpark_profile_cell_text, bind_file, compare_file},
  };
  unpark_profile_columns_add(view, "profile", columns, G_N_ELEMENTS(columns), "flat");
  unpark_table_menu_attach(view, &menu);
}

gboolean unpark_profile_row_matches(const UnparkProfileRow *row, char **folded_words) {
  g_autofree char *function = NULL, *file = NULL;
  if (!folded_words || !folded_words[0])
    return TRUE;
  function = g_utf8_casefold(row->function, -1);
  file = g_utf8_casefold(row->file, -1);
  for (guint i = 0; folded_words[i]; i++)
    if (!strstr(function, folded_words[i]) && !strstr(file, folded_words[i]))
      return FALSE;
  return TRUE;
}
