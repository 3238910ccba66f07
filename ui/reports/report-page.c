/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/report-page.h"

#include <glib/gi18n.h>

#include "ui/kit/profile-item.h"
#include "ui/kit/save-text.h"

#define CLASS(self)                                                                                \
  (G_TYPE_INSTANCE_GET_CLASS((self), UNPARK_TYPE_REPORT_PAGE, UnparkReportPageClass))

G_DEFINE_ABSTRACT_TYPE(UnparkReportPage, unpark_report_page, UNPARK_TYPE_PAGE)

static void tell(UnparkReportPage *self) {
  CLASS(self)->tell(self, g_list_model_get_n_items(G_LIST_MODEL(self->selection)));
}

static void on_selected(UnparkReportPage *self) {
  UnparkProfileItem *item =
      gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(self->selection));
  CLASS(self)->select(self, item ? unpark_profile_item_get_data(item) : NULL,
                      item ? unpark_profile_item_get_row(item) : 0);
}

static gboolean passes(gpointer item, gpointer user_data) {
  UnparkReportPage *self = user_data;
  return !self->matches || unpark_profile_item_get_data(item) != self->report ||
         self->matches[unpark_profile_item_get_row(item)];
}

/* ---- Searching -------------------------------------------------------------------------- */

typedef struct {
  UnparkReportPageClass *class;
  gpointer report;
  char *text;
} Search;

static void search_free(gpointer data) {
  Search *search = data;
  search->class->unref(search->report);
  g_free(search->text);
  g_free(search);
}

static gpointer search_run(gpointer data, GCancellable *cancellable, GError **error) {
  const Search *search = data;
  return search->class->match(search->report, search->text, cancellable, error);
}

static void apply(UnparkReportPage *self, guint8 *matches) {
  g_free(self->matches);
  self->matches = matches;
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  tell(self);
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  if (error)
    unpark_page_say(owner, _("Cannot Be Searched"), error->message);
  else
    apply(owner, result);
}

static void unpark_report_page_find(UnparkPage *page, const char *text) {
  static const UnparkWork searching = {search_run, on_found, search_free, g_free};
  UnparkReportPage *self = UNPARK_REPORT_PAGE(page);
  unpark_worker_cancel(&self->searching);
  if (!self->report)
    return;
  if (!*text) {
    apply(self, NULL);
    return;
  }
  Search *search = g_new(Search, 1);
  *search = (Search){CLASS(self), CLASS(self)->ref(self->report), g_strdup(text)};
  unpark_worker_run(&self->searching, self, &searching, search);
}

/* ---- Loading ---------------------------------------------------------------------------- */

typedef struct {
  UnparkReportPageClass *class;
  UnparkStore *store;
  gpointer report;
} Read;

static void read_free(gpointer data) {
  Read *read = data;
  unpark_store_unref(read->store);
  if (read->report)
    read->class->unref(read->report);
  g_free(read);
}

static gpointer read_run(gpointer data, GCancellable *cancellable, GError **error) {
  Read *read = data;
  read->report = read->class->read(read->store, cancellable, error);
  return read->report ? unpark_profile_items_new(read->report, read->class->count(read->report),
                                                 read->class->ref, read->class->unref)
                      : NULL;
}

static void on_read(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkReportPage *self = owner;
  Read *read = data;
  g_autoptr(GPtrArray) items = result;
  if (self->report)
    read->class->unref(self->report);
  self->report = g_steal_pointer(&read->report);
  g_clear_pointer(&self->matches, g_free);
  unpark_profile_store_replace(self->items, items);
  if (items->len > 0)
    gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->selection), 0);
  if (read->class->fit)
    read->class->fit(self);
  tell(self);
  on_selected(self);
  unpark_report_page_find(UNPARK_PAGE(self),
                          gtk_editable_get_text(GTK_EDITABLE(self->page.search)));
}

static void unpark_report_page_load(UnparkPage *page) {
  static const UnparkWork reading = {read_run, on_read, read_free,
                                     (GDestroyNotify)g_ptr_array_unref};
  Read *read = g_new(Read, 1);
  *read = (Read){CLASS(page), unpark_store_ref(unpark_session_get_store(page->session)), NULL};
  unpark_page_run(page, &reading, read);
}

/* ---- Exporting --------------------------------------------------------------------------- */

static void unpark_report_page_save(UnparkPage *page) {
  const UnparkReportPageClass *class = CLASS(page);
  gpointer report = UNPARK_REPORT_PAGE(page)->report;
  if (report)
    unpark_save_text_as(GTK_WIDGET(page), _(class->save_title), class->save_name, class->text,
                        class->ref(report), class->unref);
}

/* ---- Widget ----------------------------------------------------------------------------- */

void unpark_report_page_fill(UnparkReportPage *self, GtkColumnView *view) {
  GListModel *entries = G_LIST_MODEL(gtk_filter_list_model_new(
      g_object_ref(G_LIST_MODEL(self->items)), g_object_ref(self->filter)));
  if (view)
    entries = G_LIST_MODEL(
        gtk_sort_list_model_new(entries, g_object_ref(gtk_column_view_get_sorter(view))));
  self->selection = GTK_SELECTION_MODEL(gtk_single_selection_new(entries));
  g_signal_connect_object(self->selection, "notify::selected-item", G_CALLBACK(on_selected), self,
                          G_CONNECT_SWAPPED);
}

static void unpark_report_page_dispose(GObject *object) {
  UnparkReportPage *self = UNPARK_REPORT_PAGE(object);
  unpark_worker_cancel(&self->searching);
  G_OBJECT_CLASS(unpark_report_page_parent_class)->dispose(object);
}

static void unpark_report_page_finalize(GObject *object) {
  UnparkReportPage *self = UNPARK_REPORT_PAGE(object);
  g_clear_object(&self->selection);
  g_clear_object(&self->items);
  g_clear_object(&self->filter);
  g_free(self->matches);
  if (self->report)
    CLASS(self)->unref(self->report);
  G_OBJECT_CLASS(unpark_report_page_parent_class)->finalize(object);
}

static void unpark_report_page_class_init(UnparkReportPageClass *class) {
  UnparkPageClass *page_class = (UnparkPageClass *)class;
  G_OBJECT_CLASS(class)->dispose = unpark_report_page_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_report_page_finalize;
  page_class->load = unpark_report_page_load;
  page_class->find = unpark_report_page_find;
  page_class->export = unpark_report_page_save;
}

static void unpark_report_page_init(UnparkReportPage *self) {
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->filter = GTK_FILTER(gtk_custom_filter_new(passes, self, NULL));
}
