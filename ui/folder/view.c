/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/folder/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "ui/folder/columns.h"
#include "ui/folder/scan.h"
#include "ui/kit/data-table.h"
#include "ui/kit/save-text.h"
#include "ui/text/format.h"

struct _UnparkFolderView {
  GtkWidget parent_instance;

  GFile *folder;
  UnparkFolderScan *scan; /* NULL: nothing is read */
  GListStore *rows;       /* UnparkProfileItem */
  GtkFilter *filter;
  char *needle; /* folded; "" for all */
  guint n_files, n_done;
  GString *failed; /* a line for each */
  guint n_failed;

  GtkWidget *box, *facts, *progress, *stop, *search, *save, *pages, *table, *empty, *failures,
      *failure_text;
};

G_DEFINE_FINAL_TYPE(UnparkFolderView, unpark_folder_view, GTK_TYPE_WIDGET)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- What is shown -----------------------------------------------------------------------------
 */

static void show_empty(UnparkFolderView *self, const char *title, const char *text) {
  g_autofree char *markup = g_markup_escape_text(text, -1);

  adw_status_page_set_title(ADW_STATUS_PAGE(self->empty), title);
  adw_status_page_set_description(ADW_STATUS_PAGE(self->empty), markup);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

static void update(UnparkFolderView *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->rows));
  char done[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE];
  g_autofree char *facts = NULL;

  unpark_format_count(self->n_done, done);
  unpark_format_count(self->n_files, all);
  facts = self->scan ? g_strdup_printf(_("%s of %s files read"), done, all)
                     : g_strdup_printf(ngettext("%s file", "%s files", self->n_done), done);
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->progress),
                                self->n_files ? (double)self->n_done / self->n_files : 0);
  gtk_widget_set_visible(self->progress, self->scan != NULL);
  gtk_widget_set_visible(self->stop, self->scan != NULL);
  gtk_widget_set_sensitive(self->save, n > 0);
  if (n > 0)
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "table");
  else if (self->scan)
    show_empty(self, _("Reading…"), "");
  else
    show_empty(self, _("No Traces"), _("No file in this folder could be read."));
}

void unpark_folder_view_show_again(UnparkFolderView *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->rows));
  g_list_model_items_changed(G_LIST_MODEL(self->rows), 0, n, n);
  update(self);
}

static void show_failures(UnparkFolderView *self) {
  char count[UNPARK_FORMAT_SIZE];
  g_autofree char *title = g_strdup_printf(
      ngettext("%s file could not be read", "%s files could not be read", self->n_failed),
      unpark_format_count(self->n_failed, count));

  gtk_expander_set_label(GTK_EXPANDER(self->failures), title);
  gtk_label_set_text(GTK_LABEL(self->failure_text), self->failed->str);
  gtk_widget_set_visible(self->failures, self->n_failed > 0);
}

/* ---- Reading
 * --------------------------------------------------------------------------------------- */

static void on_found(gpointer owner, guint n) {
  UnparkFolderView *self = owner;

  self->n_files = n;
  update(self);
}

static void on_took(gpointer owner, const GPtrArray *summaries, const GPtrArray *failures) {
  UnparkFolderView *self = owner;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);

  for (guint i = 0; i < summaries->len; i++)
    g_ptr_array_add(items, unpark_profile_item_new(g_atomic_rc_box_acquire(summaries->pdata[i]), 0,
                                                   unpark_folder_summary_unref));
  g_list_store_splice(self->rows, g_list_model_get_n_items(G_LIST_MODEL(self->rows)), 0,
                      items->pdata, items->len);
  for (guint i = 0; i < failures->len; i++)
    g_string_append_printf(self->failed, "%s%s", self->failed->len > 0 ? "\n" : "",
                           (const char *)failures->pdata[i]);
  self->n_failed += failures->len;
  self->n_done += summaries->len + failures->len;
  if (failures->len > 0)
    show_failures(self);
  update(self);
}

static void on_ended(gpointer owner, const GError *error) {
  UnparkFolderView *self = owner;

  g_clear_pointer(&self->scan, unpark_folder_scan_free);
  update(self);
  if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_empty(self, _("The Folder Cannot Be Read"), error->message);
  g_signal_emit(self, signals[CHANGED], 0);
}

gboolean unpark_folder_view_is_busy(UnparkFolderView *self) {
  return self->scan != NULL;
}

void unpark_folder_view_stop(UnparkFolderView *self) {
  if (!self->scan)
    return;
  g_clear_pointer(&self->scan, unpark_folder_scan_free);
  update(self);
  g_signal_emit(self, signals[CHANGED], 0);
}

/* ---- Filter, opening, saving
 * -------------------------------------------------------------------------- */

static gboolean contains(const char *text, const char *needle) {
  g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;
  g_autofree char *folded = valid ? g_utf8_casefold(valid, -1) : NULL;

  return folded && strstr(folded, needle);
}

static gboolean passes(gpointer item, gpointer data) {
  const UnparkFolderView *self = data;
  const UnparkSummary *s = unpark_folder_summary(item);

  return *self->needle == '\0' || contains(s->path, self->needle) ||
         contains(s->program, self->needle) || contains(s->go_version, self->needle) ||
         contains(unpark_summary_kind_name(s->kind), self->needle);
}

static void on_search(UnparkFolderView *self) {
  g_free(self->needle);
  self->needle = g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(self->search)), -1);
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void on_activate(UnparkFolderView *self, guint position) {
  GListModel *model = G_LIST_MODEL(gtk_column_view_get_model(GTK_COLUMN_VIEW(self->table)));
  g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, position);
  g_autoptr(GFile) file = item ? g_file_new_for_path(unpark_folder_summary(item)->path) : NULL;
  g_autofree char *uri = file ? g_file_get_uri(file) : NULL;

  if (uri)
    gtk_widget_activate_action(GTK_WIDGET(self), "win.open-uri", "s", uri);
}

/* Runs in a worker; the summaries are immutable. */
static gboolean write_table(const char *path, gpointer data, GCancellable *cancellable,
                            GError **error) {
  GPtrArray *items = data;
  g_autoptr(GPtrArray) summaries = g_ptr_array_new();

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add(summaries, (gpointer)unpark_folder_summary(items->pdata[i]));
  if (unpark_save_is(path, ".parquet"))
    return unpark_summary_write((UnparkSummary *const *)summaries->pdata, summaries->len, path,
                                error);
  g_autofree char *text =
      unpark_summary_tsv((UnparkSummary *const *)summaries->pdata, summaries->len);
  return g_file_set_contents(path, text, -1, error);
}

void unpark_folder_view_export(UnparkFolderView *self) {
  GListModel *model = G_LIST_MODEL(gtk_column_view_get_model(GTK_COLUMN_VIEW(self->table)));
  GPtrArray *items = g_ptr_array_new_with_free_func(g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items(model); i++)
    g_ptr_array_add(items, g_list_model_get_item(model, i));
  unpark_save_file(GTK_WIDGET(self), _("Save the Table (.parquet or .tsv)"), "summary.parquet",
                   write_table, items, (GDestroyNotify)g_ptr_array_unref);
}

GFile *unpark_folder_view_get_folder(UnparkFolderView *self) {
  return self->folder;
}

GtkWidget *unpark_folder_view_get_search(UnparkFolderView *self) {
  return self->search;
}

void unpark_folder_view_enter(UnparkFolderView *self) {
  gtk_widget_grab_focus(self->table);
}

/* ---- Widget
 * ------------------------------------------------------------------------------------------ */

static void unpark_folder_view_dispose(GObject *object) {
  UnparkFolderView *self = UNPARK_FOLDER_VIEW(object);

  g_clear_pointer(&self->scan, unpark_folder_scan_free);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(unpark_folder_view_parent_class)->dispose(object);
}

static void unpark_folder_view_finalize(GObject *object) {
  UnparkFolderView *self = UNPARK_FOLDER_VIEW(object);

  g_clear_object(&self->folder);
  g_clear_object(&self->rows);
  g_free(self->needle);
  g_string_free(self->failed, TRUE);
  G_OBJECT_CLASS(unpark_folder_view_parent_class)->finalize(object);
}

static void unpark_folder_view_class_init(UnparkFolderViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = unpark_folder_view_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_folder_view_finalize;
  signals[CHANGED] = g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/folder/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, box);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, facts);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, progress);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, stop);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, search);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, save);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, pages);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, table);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, empty);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, failures);
  gtk_widget_class_bind_template_child(widget_class, UnparkFolderView, failure_text);
  gtk_widget_class_bind_template_callback(widget_class, on_search);
  gtk_widget_class_bind_template_callback(widget_class, on_activate);
  gtk_widget_class_bind_template_callback(widget_class, unpark_folder_view_stop);
  gtk_widget_class_bind_template_callback(widget_class, unpark_folder_view_export);
}

static void unpark_folder_view_init(UnparkFolderView *self) {
  GtkFilterListModel *filtered;
  g_autoptr(GtkSelectionModel) selection = NULL;

  self->failed = g_string_new(NULL);
  self->needle = g_strdup("");
  self->rows = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  gtk_widget_init_template(GTK_WIDGET(self));
  self->filter = GTK_FILTER(gtk_custom_filter_new(passes, self, NULL));
  filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->rows)), self->filter);
  selection =
      unpark_data_table_fill(self->table, unpark_folder_columns, G_LIST_MODEL(filtered), FALSE);
  /* Which row comes first is a matter of chance while files are read. */
  gtk_single_selection_set_autoselect(GTK_SINGLE_SELECTION(selection), FALSE);
}

GtkWidget *unpark_folder_view_new(GFile *folder) {
  static const UnparkFolderScanHandler handler = {on_found, on_took, on_ended};
  UnparkFolderView *self = g_object_new(UNPARK_TYPE_FOLDER_VIEW, NULL);
  g_autofree char *path = g_file_get_path(folder);

  self->folder = g_object_ref(folder);
  self->scan = path ? unpark_folder_scan_new(path, &handler, self) : NULL;
  update(self);
  return GTK_WIDGET(self);
}
