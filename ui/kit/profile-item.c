/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/profile-item.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/profile-bar.h"
#include "ui/kit/settings.h"
#include "ui/text/format.h"

#define SHARE_CHARS 7
#define NAME_CHARS 18
#define COLUMN "unpark-column"
#define LIST_ITEM "unpark-list-item"

struct _UnparkProfileItem {
  GObject parent_instance;
  gpointer data;
  GDestroyNotify unref;
  guint32 row;
};

G_DEFINE_FINAL_TYPE(UnparkProfileItem, unpark_profile_item, G_TYPE_OBJECT)

static void unpark_profile_item_finalize(GObject *object) {
  UnparkProfileItem *self = UNPARK_PROFILE_ITEM(object);
  if (self->unref)
    self->unref(self->data);
  G_OBJECT_CLASS(unpark_profile_item_parent_class)->finalize(object);
}

static void unpark_profile_item_class_init(UnparkProfileItemClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_profile_item_finalize;
}

static void unpark_profile_item_init(UnparkProfileItem *self) {
}

gpointer unpark_profile_item_get_data(UnparkProfileItem *self) {
  return self->data;
}

guint32 unpark_profile_item_get_row(UnparkProfileItem *self) {
  return self->row;
}

UnparkProfileItem *unpark_profile_item_new(gpointer data, guint32 row, GDestroyNotify unref) {
  UnparkProfileItem *item = g_object_new(UNPARK_TYPE_PROFILE_ITEM, NULL);
  item->data = data;
  item->unref = unref;
  item->row = row;
  return item;
}

GPtrArray *unpark_profile_items_new(gpointer data, guint n, gpointer (*ref)(gpointer),
                                    GDestroyNotify unref) {
  GPtrArray *items = g_ptr_array_new_full(n, g_object_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(items, unpark_profile_item_new(ref(data), i, unref));
  return items;
}

void unpark_profile_store_replace(GListStore *store, GPtrArray *items) {
  guint before = g_list_model_get_n_items(G_LIST_MODEL(store));
  g_list_store_splice(store, 0, before, items->pdata, items->len);
}

/* ---- Cells ------------------------------------------------------------------------------- */

GtkWidget *unpark_profile_cell_number(void) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 1);
  gtk_widget_add_css_class(label, "numeric");
  return label;
}

GtkWidget *unpark_profile_cell_share(void) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *bar = unpark_profile_bar_new(), *label = unpark_profile_cell_number();
  gtk_label_set_width_chars(GTK_LABEL(label), SHARE_CHARS);
  gtk_widget_set_hexpand(bar, TRUE);
  gtk_box_append(GTK_BOX(box), bar);
  gtk_box_append(GTK_BOX(box), label);
  return box;
}

void unpark_profile_cell_set_share(GtkWidget *cell, double share, const char *text) {
  GtkWidget *bar = gtk_widget_get_first_child(cell);
  unpark_profile_bar_set_share(UNPARK_PROFILE_BAR(bar), share);
  gtk_label_set_text(GTK_LABEL(gtk_widget_get_next_sibling(bar)), text);
}

GtkWidget *unpark_profile_cell_text(void) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_START);
  return label;
}

void unpark_profile_cell_set_text(GtkWidget *cell, const char *text, const char *tip) {
  gtk_label_set_text(GTK_LABEL(cell), text);
  gtk_widget_set_tooltip_text(cell, tip && *tip ? tip : NULL);
}

void unpark_profile_cell_set_count(GtkWidget *cell, gint64 n) {
  char text[UNPARK_FORMAT_SIZE];
  gtk_label_set_text(GTK_LABEL(cell), n > 0 ? unpark_format_count(n, text) : "–");
}

void unpark_profile_cell_set_bad(GtkWidget *cell, gint64 n) {
  unpark_profile_cell_set_count(cell, n);
  if (n > 0)
    gtk_widget_add_css_class(cell, "error");
  else
    gtk_widget_remove_css_class(cell, "error");
}

void unpark_profile_cell_set_duration(GtkWidget *cell, gint64 ns) {
  char text[UNPARK_FORMAT_SIZE];
  gtk_label_set_text(GTK_LABEL(cell), unpark_format_duration(ns, text));
}

/* ---- Columns -------------------------------------------------------------------------------- */

static void on_setup(GtkListItemFactory *factory, GtkListItem *item,
                     const UnparkProfileColumn *column) {
  GtkWidget *cell = column->create();
  /* What is left may be nothing: the table scrolls before names cannot be read. */
  if (column->width == 0 && GTK_IS_LABEL(cell))
    gtk_label_set_width_chars(GTK_LABEL(cell), NAME_CHARS);
  g_object_set_data(G_OBJECT(cell), LIST_ITEM, item);
  gtk_list_item_set_child(item, cell);
}

static void on_teardown(GtkListItemFactory *factory, GtkListItem *item) {
  if (gtk_list_item_get_child(item))
    g_object_set_data(G_OBJECT(gtk_list_item_get_child(item)), LIST_ITEM, NULL);
}

GtkListItem *unpark_profile_cell_get_item(GtkWidget *cell) {
  return g_object_get_data(G_OBJECT(cell), LIST_ITEM);
}

const UnparkProfileColumn *unpark_profile_column_of(GtkColumnViewColumn *column) {
  return g_object_get_data(G_OBJECT(column), COLUMN);
}

/* The row is what has the focus; it is called what its widest column says. */
static void name_row(GtkWidget *child, const char *name) {
  GtkWidget *cell = gtk_widget_get_parent(child);
  GtkWidget *row = cell ? gtk_widget_get_parent(cell) : NULL;
  if (row)
    unpark_accessible_name(row, name);
}

static void on_bind(GtkListItemFactory *factory, GtkListItem *item,
                    const UnparkProfileColumn *column) {
  GtkWidget *child = gtk_list_item_get_child(item);
  column->bind(child, gtk_list_item_get_item(item));
  if (column->width == 0 && GTK_IS_LABEL(child))
    name_row(child, gtk_label_get_text(GTK_LABEL(child)));
}

int unpark_profile_compare_numbers(gint64 a, gint64 b) {
  return (a > b) - (a < b);
}

static int compare(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkProfileColumn *column = data;
  return column->compare((gpointer)a, (gpointer)b);
}

/* Of the arrow beside the title of the column that sorts, and of what is around a title. */
#define TITLE_REST 36
/* Widths of columns are for a text of so many pixels. */
#define TEXT_PX (11 * 96 / 72.0)
#define FITTING "unpark-fitting"
#define WIDTH_KEY "unpark-width-key"
#define SHOWN_WIDTH "unpark-shown-width"

static double text_px(GtkWidget *widget) {
  PangoContext *context = gtk_widget_get_pango_context(widget);
  const PangoFontDescription *font = pango_context_get_font_description(context);
  double size = (double)pango_font_description_get_size(font) / PANGO_SCALE;
  double dpi = pango_cairo_context_get_resolution(context);
  return pango_font_description_get_size_is_absolute(font) ? size
                                                           : size * (dpi > 0 ? dpi : 96) / 72;
}

int unpark_profile_text_width(GtkWidget *widget, const char *text) {
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(widget, text);
  int width;
  pango_layout_get_pixel_size(layout, &width, NULL);
  return width;
}

/* A larger text needs more, and a title is never cut. */
static int default_width(GtkWidget *view, const UnparkProfileColumn *column) {
  double scale = MAX(text_px(view) / TEXT_PX, 1);
  return column->width == 0 ? 0
                            : MAX((int)(column->width * scale),
                                  unpark_profile_text_width(view, _(column->title)) + TITLE_REST);
}

/* A width that no person gave: it is not kept. */
static void set_width(GtkColumnViewColumn *column, int width) {
  g_object_set_data(G_OBJECT(column), FITTING, GINT_TO_POINTER(TRUE));
  gtk_column_view_column_set_fixed_width(column, width);
  g_object_set_data(G_OBJECT(column), FITTING, NULL);
}

void unpark_profile_column_fit(GtkColumnViewColumn *column, int width) {
  const char *key = g_object_get_data(G_OBJECT(column), WIDTH_KEY);
  if (unpark_settings_get_int(key, 0) <= 0)
    set_width(column, width);
}

void unpark_profile_column_show(GtkColumnViewColumn *column, gboolean shown) {
  int width = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(column), SHOWN_WIDTH));
  if (shown == gtk_column_view_column_get_visible(column))
    return;
  if (!shown)
    g_object_set_data(G_OBJECT(column), SHOWN_WIDTH,
                      GINT_TO_POINTER(gtk_column_view_column_get_fixed_width(column)));
  set_width(column, shown ? width : 0);
  gtk_column_view_column_set_visible(column, shown);
}

static void on_width(GtkColumnViewColumn *column, GParamSpec *pspec, const char *key) {
  int width = gtk_column_view_column_get_fixed_width(column);
  if (width > 0 && !g_object_get_data(G_OBJECT(column), FITTING))
    unpark_settings_set_int(key, width);
}

static GtkColumnViewColumn *make_column(GtkWidget *view, const char *group,
                                        const UnparkProfileColumn *column) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  GtkColumnViewColumn *result = gtk_column_view_column_new(_(column->title), factory);
  g_autoptr(GtkSorter) sorter =
      column->compare ? GTK_SORTER(gtk_custom_sorter_new(compare, (gpointer)column, NULL)) : NULL;
  char *key = g_strdup_printf("%s.width-%s", group, column->name);
  int width = unpark_settings_get_int(key, default_width(view, column));
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), (gpointer)column);
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), (gpointer)column);
  g_signal_connect(factory, "teardown", G_CALLBACK(on_teardown), NULL);
  g_object_set_data(G_OBJECT(result), COLUMN, (gpointer)column);
  g_object_set_data(G_OBJECT(result), WIDTH_KEY, key);
  gtk_column_view_column_set_sorter(result, sorter);
  gtk_column_view_column_set_resizable(result, TRUE);
  gtk_column_view_column_set_expand(result, column->width == 0);
  if (width > 0)
    gtk_column_view_column_set_fixed_width(result, width);
  g_signal_connect_data(result, "notify::fixed-width", G_CALLBACK(on_width), key,
                        (GClosureNotify)(void (*)(void))g_free, 0);
  return result;
}

GtkColumnViewColumn *unpark_profile_columns_add(GtkColumnView *view, const char *group,
                                                const UnparkProfileColumn *columns, guint n,
                                                const char *sorted) {
  GtkColumnViewColumn *found = NULL;
  for (guint i = 0; i < n; i++) {
    g_autoptr(GtkColumnViewColumn) column = make_column(GTK_WIDGET(view), group, &columns[i]);
    gtk_column_view_append_column(view, column);
    if (sorted && g_str_equal(columns[i].name, sorted))
      found = column; /* the view holds it */
  }
  if (found)
    gtk_column_view_sort_by_column(view, found, GTK_SORT_DESCENDING);
  return found;
}
