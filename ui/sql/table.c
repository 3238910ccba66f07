/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/table.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/row-list.h"
#include "ui/sql/place.h"
#include "ui/sql/time-text.h"

#define MAX_WIDTH 420
#define MAX_CHARS 300
#define PADDING 28
#define ARROW 20 /* beside the title, when it sorts */
#define SAMPLE_ROWS 200

struct _UnparkSqlTable {
  GtkWidget parent_instance;
  UnparkSession *session;
  UnparkSqlResult *result;
  GtkWidget *scrolled, *view;
  UnparkRowList *list;
  gboolean readable; /* times as people read them */
};

G_DEFINE_FINAL_TYPE(UnparkSqlTable, unpark_sql_table, GTK_TYPE_WIDGET)

/* ---- Cells ------------------------------------------------------------------------------ */

static void on_setup(GtkListItemFactory *factory, GtkListItem *item, gpointer column) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "numeric");
  gtk_list_item_set_child(item, label);
}

/* What a cell shows; `buf` is used for times. */
static const char *shown(const UnparkSqlTable *self, const UnparkSqlResult *result, guint row,
                         guint column, char buf[UNPARK_FORMAT_SIZE]) {
  const char *text = unpark_sql_result_cell(result, row, column);
  UnparkSqlTime time = self->readable && result->numeric[column]
                           ? unpark_sql_time_of(result->columns[column])
                           : UNPARK_SQL_NO_TIME;
  if (!text)
    return "NULL";
  return time == UNPARK_SQL_NO_TIME ? text
                                    : unpark_sql_time_text(time, g_ascii_strtod(text, NULL), buf);
}

static void on_bind(GtkListItemFactory *factory, GtkListItem *item, gpointer column) {
  UnparkProfileItem *row = gtk_list_item_get_item(item);
  const UnparkSqlResult *result = unpark_profile_item_get_data(row);
  GtkWidget *label = gtk_list_item_get_child(item);
  UnparkSqlTable *self = g_object_get_data(G_OBJECT(factory), "table");
  guint i = GPOINTER_TO_UINT(column);
  char buf[UNPARK_FORMAT_SIZE];
  const char *text = unpark_sql_result_cell(result, unpark_profile_item_get_row(row), i);
  const char *told = shown(self, result, unpark_profile_item_get_row(row), i, buf);
  gtk_label_set_text(GTK_LABEL(label), told);
  gtk_label_set_xalign(GTK_LABEL(label), result->numeric[i] ? 1 : 0);
  gtk_widget_set_tooltip_text(label, text && (told != text || strlen(text) > 40) ? text : NULL);
  if (text)
    gtk_widget_remove_css_class(label, "dim-label");
  else
    gtk_widget_add_css_class(label, "dim-label");
}

static int compare(gconstpointer a, gconstpointer b, gpointer column) {
  const UnparkSqlResult *result = unpark_profile_item_get_data((gpointer)a);
  return unpark_sql_result_compare(result, unpark_profile_item_get_row((gpointer)a),
                                   unpark_profile_item_get_row((gpointer)b),
                                   GPOINTER_TO_UINT(column));
}

/* As wide as the first rows need, in the font that they have. */
static int width_of(UnparkSqlTable *self, const UnparkSqlResult *result, guint column) {
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), NULL);
  char buf[UNPARK_FORMAT_SIZE];
  int width, most;
  pango_layout_set_text(layout, result->columns[column], -1);
  pango_layout_get_pixel_size(layout, &most, NULL);
  most += ARROW;
  for (guint row = 0; row < MIN(result->n_rows, SAMPLE_ROWS); row++) {
    const char *text = shown(self, result, row, column, buf);
    if (strlen(text) > MAX_CHARS)
      return MAX_WIDTH;
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_pixel_size(layout, &width, NULL);
    most = MAX(most, width);
  }
  return MIN(most + PADDING, MAX_WIDTH);
}

static GtkListItemFactory *make_factory(UnparkSqlTable *self, guint i) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_object_set_data(G_OBJECT(factory), "table", self);
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), GUINT_TO_POINTER(i));
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), GUINT_TO_POINTER(i));
  return factory;
}

static void add_column(UnparkSqlTable *self, guint i) {
  g_autoptr(GtkColumnViewColumn) column =
      gtk_column_view_column_new(self->result->columns[i], make_factory(self, i));
  g_autoptr(GtkSorter) sorter =
      GTK_SORTER(gtk_custom_sorter_new(compare, GUINT_TO_POINTER(i), NULL));
  gtk_column_view_column_set_sorter(column, sorter);
  gtk_column_view_column_set_resizable(column, TRUE);
  gtk_column_view_column_set_fixed_width(column, width_of(self, self->result, i));
  gtk_column_view_append_column(GTK_COLUMN_VIEW(self->view), column);
}

/* ---- To the timeline ----------------------------------------------------------------------- */

static void on_activate(GtkColumnView *view, guint position, UnparkSqlTable *self) {
  g_autoptr(UnparkProfileItem) item =
      g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(view)), position);
  if (item)
    unpark_sql_go_to_row(self->session, unpark_profile_item_get_data(item),
                         unpark_profile_item_get_row(item));
}

/* ---- Widget -------------------------------------------------------------------------------- */

static void unpark_sql_table_dispose(GObject *object) {
  UnparkSqlTable *self = UNPARK_SQL_TABLE(object);
  g_clear_pointer(&self->scrolled, gtk_widget_unparent);
  g_clear_object(&self->list);
  g_clear_object(&self->session);
  g_clear_pointer(&self->result, unpark_sql_result_unref);
  G_OBJECT_CLASS(unpark_sql_table_parent_class)->dispose(object);
}

static void unpark_sql_table_class_init(UnparkSqlTableClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_sql_table_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_sql_table_init(UnparkSqlTable *self) {
  self->scrolled = gtk_scrolled_window_new();
  gtk_widget_set_parent(self->scrolled, GTK_WIDGET(self));
  self->list = unpark_row_list_new();
}

/* A view of its own for every result: columns and sorters are those of the query. */
static void make_view(UnparkSqlTable *self) {
  self->view = gtk_column_view_new(NULL);
  for (guint i = 0; i < self->result->n_columns; i++)
    add_column(self, i);
  GtkSorter *sorter = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->view));
  GtkSortListModel *sorted =
      gtk_sort_list_model_new(g_object_ref(G_LIST_MODEL(self->list)), g_object_ref(sorter));
  gtk_sort_list_model_set_incremental(sorted, TRUE);
  g_autoptr(GtkSelectionModel) selection =
      GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(sorted)));
  gtk_column_view_set_model(GTK_COLUMN_VIEW(self->view), selection);
  gtk_column_view_set_show_column_separators(GTK_COLUMN_VIEW(self->view), TRUE);
  gtk_widget_add_css_class(self->view, "data-table");
  unpark_accessible_name(self->view, _("Rows of the query"));
  g_signal_connect(self->view, "activate", G_CALLBACK(on_activate), self);
}

static void fill(UnparkSqlTable *self) {
  unpark_row_list_set(self->list, self->result, 0, self->result->n_rows,
                      (gpointer(*)(gpointer))unpark_sql_result_ref,
                      (GDestroyNotify)unpark_sql_result_unref);
}

void unpark_sql_table_show(UnparkSqlTable *self, UnparkSqlResult *result) {
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), NULL);
  self->view = NULL;
  g_clear_pointer(&self->result, unpark_sql_result_unref);
  if (!result)
    return;
  self->result = unpark_sql_result_ref(result);
  fill(self);
  make_view(self);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), self->view);
}

void unpark_sql_table_set_readable(UnparkSqlTable *self, gboolean readable) {
  self->readable = readable;
  for (guint i = 0; self->result && i < self->result->n_columns; i++) {
    g_autoptr(GtkColumnViewColumn) column =
        g_list_model_get_item(gtk_column_view_get_columns(GTK_COLUMN_VIEW(self->view)), i);
    if (unpark_sql_time_of(self->result->columns[i]) != UNPARK_SQL_NO_TIME)
      gtk_column_view_column_set_fixed_width(column, width_of(self, self->result, i));
  }
  /* The same rows anew: their cells are bound again, in the order that they have. */
  if (self->result)
    fill(self);
}

GtkWidget *unpark_sql_table_new(UnparkSession *session) {
  UnparkSqlTable *self = g_object_new(UNPARK_TYPE_SQL_TABLE, NULL);
  self->session = g_object_ref(session);
  return GTK_WIDGET(self);
}
