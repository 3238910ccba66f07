/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/table.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/kit/accessible.h"
#include "ui/text/format.h"
#include "ui/kit/profile-item.h"
#include "ui/page/table-menu.h"

struct _UnparkFlameTable {
  GtkWidget parent_instance;

  GtkWidget *scrolled, *view;
  GListStore *items;
  GtkFilter *filter;
  GtkSelectionModel *selection;
  UnparkFlameResult *result;
  guint8 *matches;                 /* by name; NULL: all */
  GtkColumnViewColumn *changes[2]; /* in the view with a base */
  GtkColumnViewColumn *share;      /* without one */
  GtkColumnViewColumn *self;
  gboolean has_changes;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE(UnparkFlameTable, unpark_flame_table, GTK_TYPE_WIDGET)

enum { CHOSEN, ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Cells --------------------------------------------------------------------------- */

static const UnparkFlameRow *row_of(UnparkProfileItem *item) {
  const UnparkFlameResult *result = unpark_profile_item_get_data(item);
  return &result->rows[unpark_profile_item_get_row(item)];
}

static const UnparkFlame *flame_of(UnparkProfileItem *item) {
  return ((const UnparkFlameResult *)unpark_profile_item_get_data(item))->whole;
}

static const UnparkFlameName *name_of(UnparkProfileItem *item) {
  return &flame_of(item)->names[row_of(item)->name];
}

static void bind_value(GtkWidget *cell, UnparkProfileItem *item, gint64 value, gboolean sign) {
  char text[UNPARK_FLAME_TEXT_SIZE];
  const char *unit = flame_of(item)->unit;
  /* "12 goroutines" in every cell would be read once and never again. */
  gboolean said = g_str_has_suffix(unit, "seconds") || g_str_equal(unit, "bytes");
  unpark_flame_format(value, said ? unit : "count", text);
  g_autofree char *full = g_strconcat(sign && value > 0 ? "+" : "", text, NULL);
  gtk_label_set_text(GTK_LABEL(cell), full);
}

static void bind_share(GtkWidget *cell, UnparkProfileItem *item, gint64 value) {
  gint64 all = flame_of(item)->nodes[0].total;
  char text[UNPARK_FLAME_TEXT_SIZE];
  unpark_flame_format_share(value, all, text);
  unpark_profile_cell_set_share(cell, all != 0 ? (double)value / (double)all : 0, text);
}

static void bind_self(GtkWidget *cell, UnparkProfileItem *item) {
  bind_value(cell, item, row_of(item)->self, FALSE);
}

static void bind_total(GtkWidget *cell, UnparkProfileItem *item) {
  bind_value(cell, item, row_of(item)->total, FALSE);
}

static void bind_total_share(GtkWidget *cell, UnparkProfileItem *item) {
  bind_share(cell, item, row_of(item)->total);
}

static void bind_before(GtkWidget *cell, UnparkProfileItem *item) {
  bind_value(cell, item, row_of(item)->base_total, FALSE);
}

static gint64 change_of(const UnparkFlameRow *row) {
  return row->total - row->base_total;
}

static void bind_change(GtkWidget *cell, UnparkProfileItem *item) {
  gint64 change = change_of(row_of(item));
  bind_value(cell, item, change, TRUE);
  gtk_widget_remove_css_class(cell, "unpark-more");
  gtk_widget_remove_css_class(cell, "unpark-less");
  if (change != 0)
    gtk_widget_add_css_class(cell, change > 0 ? "unpark-more" : "unpark-less");
}

static void bind_name(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkFlameName *name = name_of(item);
  g_autofree char *tip = *name->file ? g_strdup_printf("%s\n%s", name->text, name->file) : NULL;
  /* A file keeps its end, a function its own name. */
  unpark_profile_cell_set_text(
      cell, *name->function ? unpark_format_function_short(name->text) : name->text,
      tip ? tip : name->text);
  gtk_label_set_ellipsize(GTK_LABEL(cell),
                          *name->function ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_START);
  if (name->kind == UNPARK_NAME_USER)
    gtk_widget_remove_css_class(cell, "dim-label");
  else
    gtk_widget_add_css_class(cell, "dim-label");
}

/* ---- Order ------------------------------------------------------------------------------ */

static int compare_self(UnparkProfileItem *a, UnparkProfileItem *b) {
  int order = unpark_profile_compare_numbers(row_of(a)->self, row_of(b)->self);
  return order ? order : unpark_profile_compare_numbers(row_of(a)->total, row_of(b)->total);
}

static int compare_total(UnparkProfileItem *a, UnparkProfileItem *b) {
  int order = unpark_profile_compare_numbers(row_of(a)->total, row_of(b)->total);
  return order ? order : unpark_profile_compare_numbers(row_of(a)->self, row_of(b)->self);
}

static int compare_before(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(row_of(a)->base_total, row_of(b)->base_total);
}

static int compare_change(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(change_of(row_of(a)), change_of(row_of(b)));
}

static int compare_name(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(name_of(a)->text, name_of(b)->text);
}

static const UnparkProfileColumn columns[] = {
    {"self", N_("Self"), 78, unpark_profile_cell_number, bind_self, compare_self},
    {"total", N_("Total"), 78, unpark_profile_cell_number, bind_total, compare_total},
    {"total-share", N_("Total %"), 122, unpark_profile_cell_share, bind_total_share, compare_total},
    {"before", N_("Before"), 84, unpark_profile_cell_number, bind_before, compare_before},
    {"change", N_("Change"), 92, unpark_profile_cell_number, bind_change, compare_change},
    {"function", N_("Function"), 0, unpark_profile_cell_text, bind_name, compare_name},
};
#define COLUMN_SHARE 2u  /* or in its place before and change */
#define COLUMN_BEFORE 3u /* and the change after it */

/* ---- What is shown ------------------------------------------------------------------------ */

static gboolean passes(gpointer item, gpointer data) {
  UnparkFlameTable *self = data;
  /* While another result comes in, rows of the old one are still there. */
  return !self->matches || unpark_profile_item_get_data(item) != self->result ||
         self->matches[row_of(item)->name];
}

/* Taken out, not hidden: hidden columns keep their room. */
static void show_changes(UnparkFlameTable *self, gboolean shown) {
  GtkColumnView *view = GTK_COLUMN_VIEW(self->view);
  self->has_changes = shown;
  gtk_column_view_sort_by_column(view, NULL, GTK_SORT_ASCENDING); /* one order, not two */
  if (!shown) {
    gtk_column_view_remove_column(view, self->changes[0]);
    gtk_column_view_remove_column(view, self->changes[1]);
    gtk_column_view_insert_column(view, COLUMN_SHARE, self->share);
    gtk_column_view_sort_by_column(view, self->self, GTK_SORT_DESCENDING);
    return;
  }
  gtk_column_view_remove_column(view, self->share);
  gtk_column_view_insert_column(view, COLUMN_SHARE, self->changes[0]);
  gtk_column_view_insert_column(view, COLUMN_SHARE + 1, self->changes[1]);
  gtk_column_view_sort_by_column(view, self->changes[1], GTK_SORT_DESCENDING);
}

GPtrArray *unpark_flame_table_items(UnparkFlameResult *result) {
  return unpark_profile_items_new(result, result->n_rows,
                                  (gpointer(*)(gpointer))unpark_flame_result_ref,
                                  (GDestroyNotify)unpark_flame_result_unref);
}

void unpark_flame_table_set(UnparkFlameTable *self, UnparkFlameResult *result, GPtrArray *items) {
  UnparkFlameResult *old = self->result;
  gboolean base = result && result->whole->has_base;
  self->filling = TRUE;
  self->result = result ? unpark_flame_result_ref(result) : NULL;
  g_clear_pointer(&self->matches, g_free);
  if (items)
    unpark_profile_store_replace(self->items, items);
  else
    g_list_store_remove_all(self->items);
  unpark_flame_result_unref(old);
  if (base != self->has_changes)
    show_changes(self, base);
  gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->selection),
                                    GTK_INVALID_LIST_POSITION);
  self->filling = FALSE;
}

void unpark_flame_table_set_matches(UnparkFlameTable *self, const guint8 *names) {
  g_clear_pointer(&self->matches, g_free);
  if (names && self->result)
    self->matches = g_memdup2(names, self->result->whole->n_names);
  self->filling = TRUE;
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  self->filling = FALSE;
}

void unpark_flame_table_select(UnparkFlameTable *self, guint32 name) {
  GListModel *model = G_LIST_MODEL(self->selection);
  guint n = g_list_model_get_n_items(model), at = GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < n && name != G_MAXUINT32 && at == GTK_INVALID_LIST_POSITION; i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    if (row_of(item)->name == name)
      at = i;
  }
  self->filling = TRUE;
  gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->selection), at);
  if (at != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action(self->view, "list.scroll-to-item", "u", at);
  self->filling = FALSE;
}

char *unpark_flame_table_text(UnparkFlameTable *self) {
  GListModel *model = G_LIST_MODEL(self->selection);
  gboolean base = self->result && self->result->whole->has_base;
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%s\t%s\t%s%s\n", _("Self"), _("Total"), base ? _("Before") : "",
                         base ? "\t" : "");
  g_string_truncate(text, text->len - 1);
  g_string_append_printf(text, "%s\n", _("Function"));
  for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    const UnparkFlameRow *row = row_of(item);
    g_string_append_printf(text, "%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t", row->self,
                           row->total);
    if (base)
      g_string_append_printf(text, "%" G_GINT64_FORMAT "\t", row->base_total);
    g_string_append_printf(text, "%s\n", name_of(item)->text);
  }
  return g_string_free(text, FALSE);
}

/* ---- Widget --------------------------------------------------------------------------------- */

static void on_selected(UnparkFlameTable *self) {
  UnparkProfileItem *item =
      gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(self->selection));
  if (!self->filling)
    g_signal_emit(self, signals[CHOSEN], 0, item ? row_of(item)->name : G_MAXUINT);
}

static void on_activate(UnparkFlameTable *self, guint position) {
  g_autoptr(UnparkProfileItem) item =
      g_list_model_get_item(G_LIST_MODEL(self->selection), position);
  if (item)
    g_signal_emit(self, signals[ACTIVATED], 0, row_of(item)->name);
}

static void unpark_flame_table_dispose(GObject *object) {
  UnparkFlameTable *self = UNPARK_FLAME_TABLE(object);
  if (self->selection)
    g_signal_handlers_disconnect_by_data(self->selection, self);
  g_clear_pointer(&self->scrolled, gtk_widget_unparent);
  g_clear_object(&self->selection);
  g_clear_object(&self->changes[0]);
  g_clear_object(&self->changes[1]);
  g_clear_object(&self->share);
  g_clear_object(&self->self);
  g_clear_object(&self->items);
  g_clear_object(&self->filter);
  g_clear_pointer(&self->result, unpark_flame_result_unref);
  g_clear_pointer(&self->matches, g_free);
  G_OBJECT_CLASS(unpark_flame_table_parent_class)->dispose(object);
}

static void unpark_flame_table_class_init(UnparkFlameTableClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_flame_table_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  signals[CHOSEN] = g_signal_new("chosen", UNPARK_TYPE_FLAME_TABLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ACTIVATED] = g_signal_new("activated", UNPARK_TYPE_FLAME_TABLE, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void find_columns(UnparkFlameTable *self) {
  GListModel *all = gtk_column_view_get_columns(GTK_COLUMN_VIEW(self->view));
  for (guint i = 0; i < 2; i++)
    self->changes[i] = g_list_model_get_item(all, COLUMN_BEFORE + i);
  self->share = g_list_model_get_item(all, COLUMN_SHARE);
  self->self = g_list_model_get_item(all, 0);
  gtk_column_view_remove_column(GTK_COLUMN_VIEW(self->view), self->share);
  show_changes(self, FALSE);
}

static void unpark_flame_table_init(UnparkFlameTable *self) {
  self->view = gtk_column_view_new(NULL);
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->filter = GTK_FILTER(gtk_custom_filter_new(passes, self, NULL));
  unpark_profile_columns_add(GTK_COLUMN_VIEW(self->view), "flame", columns, G_N_ELEMENTS(columns),
                             "self");
  unpark_table_menu_attach(GTK_COLUMN_VIEW(self->view), NULL);
  find_columns(self);
  GtkSorter *sorter = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->view));
  GtkFilterListModel *filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)),
                                                           g_object_ref(self->filter));
  GtkSortListModel *sorted = gtk_sort_list_model_new(G_LIST_MODEL(filtered), g_object_ref(sorter));
  GtkSingleSelection *selection = gtk_single_selection_new(G_LIST_MODEL(sorted));
  gtk_single_selection_set_autoselect(selection, FALSE);
  gtk_single_selection_set_can_unselect(selection, TRUE);
  self->selection = GTK_SELECTION_MODEL(selection);
  gtk_column_view_set_model(GTK_COLUMN_VIEW(self->view), self->selection);
  gtk_widget_add_css_class(self->view, "data-table");
  unpark_accessible_name(self->view, _("Functions"));
  self->scrolled = gtk_scrolled_window_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), self->view);
  gtk_widget_set_parent(self->scrolled, GTK_WIDGET(self));
  g_signal_connect_swapped(self->selection, "notify::selected-item", G_CALLBACK(on_selected), self);
  g_signal_connect_swapped(self->view, "activate", G_CALLBACK(on_activate), self);
}

GtkWidget *unpark_flame_table_new(void) {
  return g_object_new(UNPARK_TYPE_FLAME_TABLE, NULL);
}
