/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a window opens: in which tab, how a person chooses it, and what is remembered of it. */
#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "ui/desktop/restore.h"
#include "ui/kit/compat.h"
#include "ui/kit/toast.h"
#include "ui/session/opener.h"
#include "ui/shell/window-private.h"
#include "ui/sources/files.h"

char *unpark_window_folder_title(UnparkFolderView *folder) {
  g_autofree char *name = g_file_get_basename(unpark_folder_view_get_folder(folder));
  return unpark_printable_file_name(name ? name : "");
}

void unpark_window_remember_files(UnparkWindow *self) {
  GtkApplication *application = gtk_window_get_application(GTK_WINDOW(self));
  g_autoptr(GStrvBuilder) uris = g_strv_builder_new();
  for (GList *l = application ? gtk_application_get_windows(application) : NULL; l; l = l->next) {
    AdwTabView *tabs = UNPARK_IS_WINDOW(l->data) ? UNPARK_WINDOW(l->data)->tabs : NULL;
    for (int i = 0; tabs && i < adw_tab_view_get_n_pages(tabs); i++) {
      GtkWidget *child = adw_tab_page_get_child(adw_tab_view_get_nth_page(tabs, i));
      UnparkDocument *document = UNPARK_IS_DOCUMENT(child) ? UNPARK_DOCUMENT(child) : NULL;
      GFile *file = UNPARK_IS_FOLDER_VIEW(child)
                        ? unpark_folder_view_get_folder(UNPARK_FOLDER_VIEW(child))
                    : document && unpark_session_get_store(unpark_document_get_session(document))
                        ? unpark_document_get_file(document)
                        : NULL;
      g_autofree char *uri = file ? g_file_get_uri(file) : NULL;
      if (uri)
        g_strv_builder_add(uris, uri);
    }
  }
  g_auto(GStrv) all = g_strv_builder_end(uris);
  unpark_restore_remember((const char *const *)all);
}

void unpark_window_tell_files(UnparkWindow *self) {
  GAction *action = g_action_map_lookup_action(G_ACTION_MAP(self), "open-files");
  GVariantBuilder uris;
  g_variant_builder_init(&uris, G_VARIANT_TYPE_STRING_ARRAY);
  for (int i = 0; i < adw_tab_view_get_n_pages(self->tabs); i++) {
    GtkWidget *child = adw_tab_page_get_child(adw_tab_view_get_nth_page(self->tabs, i));
    UnparkDocument *document = UNPARK_IS_DOCUMENT(child) ? UNPARK_DOCUMENT(child) : NULL;
    if (document && document != self->document &&
        unpark_session_get_store(unpark_document_get_session(document)))
      g_variant_builder_add_value(
          &uris, g_variant_new_take_string(g_file_get_uri(unpark_document_get_file(document))));
  }
  g_simple_action_set_state(G_SIMPLE_ACTION(action), g_variant_builder_end(&uris));
  unpark_window_remember_files(self);
}

/* ---- Tabs ------------------------------------------------------------------------ */

/* The document, or the folder's view, of the file; NULL: it is not open. */
static GtkWidget *find_child(UnparkWindow *self, GFile *file) {
  for (int i = 0; i < adw_tab_view_get_n_pages(self->tabs); i++) {
    AdwTabPage *page = adw_tab_view_get_nth_page(self->tabs, i);
    GtkWidget *child = adw_tab_page_get_child(page);
    GFile *of_child = UNPARK_IS_FOLDER_VIEW(child)
                          ? unpark_folder_view_get_folder(UNPARK_FOLDER_VIEW(child))
                      : UNPARK_IS_DOCUMENT(child) ? unpark_document_get_file(UNPARK_DOCUMENT(child))
                                                  : NULL;
    if (of_child && g_file_equal(of_child, file))
      return child;
  }
  return NULL;
}

static void on_folder_changed(UnparkFolderView *folder, UnparkWindow *self) {
  AdwTabPage *page = adw_tab_view_get_page(self->tabs, GTK_WIDGET(folder));
  adw_tab_page_set_loading(page, unpark_folder_view_is_busy(folder));
}

static void open_folder(UnparkWindow *self, GFile *file) {
  GtkWidget *folder = find_child(self, file);
  AdwTabPage *page;
  if (folder) {
    adw_tab_view_set_selected_page(self->tabs, adw_tab_view_get_page(self->tabs, folder));
    return;
  }
  folder = unpark_folder_view_new(file);
  page = adw_tab_view_append(self->tabs, folder);
  g_autofree char *title = unpark_window_folder_title(UNPARK_FOLDER_VIEW(folder));
  adw_tab_page_set_title(page, title);
  g_signal_connect_object(folder, "changed", G_CALLBACK(on_folder_changed), self, 0);
  on_folder_changed(UNPARK_FOLDER_VIEW(folder), self);
  adw_tab_view_set_selected_page(self->tabs, page);
}

static void open_file(UnparkWindow *self, GFile *file) {
  GtkWidget *document;
  AdwTabPage *page;
  if (g_file_query_file_type(file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY) {
    open_folder(self, file);
    return;
  }
  document = find_child(self, file);
  /* One that failed is tried again. */
  if (document && !unpark_document_is_busy(UNPARK_DOCUMENT(document)) &&
      !unpark_session_get_store(unpark_document_get_session(UNPARK_DOCUMENT(document)))) {
    adw_tab_view_close_page(self->tabs, adw_tab_view_get_page(self->tabs, document));
    document = NULL;
  }
  if (document) {
    adw_tab_view_set_selected_page(self->tabs, adw_tab_view_get_page(self->tabs, document));
    return;
  }
  document = unpark_document_new(unpark_opener_get(), file);
  page = adw_tab_view_append(self->tabs, document);
  unpark_window_follow(self, UNPARK_DOCUMENT(document));
  adw_tab_view_set_selected_page(self->tabs, page);
  unpark_window_on_title(UNPARK_DOCUMENT(document), self);
}

/* The first in a tab of its own, the others beside it. */
static void open_list(GPtrArray *files, const GError *error, gpointer data) {
  g_autoptr(UnparkWindow) self = data;
  if (error)
    adw_toast_overlay_add_toast(self->toasts, unpark_toast_new(error->message));
  if (files->len == 0 || !gtk_widget_get_root(GTK_WIDGET(self->tabs)))
    return;
  open_file(self, files->pdata[0]);
  if (files->len > 1 && self->document)
    unpark_document_add(self->document, (GFile *const *)files->pdata + 1, files->len - 1);
}

void unpark_window_open(UnparkWindow *self, GFile *file) {
  g_autofree char *name = g_file_get_basename(file);
  /* A session may name several files; whether it does, a worker finds out. */
  if (name && g_str_has_suffix(name, ".unpark"))
    unpark_sources_find_files(&file, 1, open_list, g_object_ref(self));
  else
    open_file(self, file);
}

void unpark_window_open_together(UnparkWindow *self, GFile *const *files, guint n) {
  unpark_sources_find_files(files, n, open_list, g_object_ref(self));
}

/* ---- What a person chooses -------------------------------------------------------- */

static void on_files(GListModel *files, gpointer data) {
  g_autoptr(UnparkWindow) self = data;
  /* It may have been closed meanwhile. */
  if (!files || !gtk_widget_get_realized(GTK_WIDGET(self)))
    return;
  for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
    g_autoptr(GFile) file = g_list_model_get_item(files, i);
    unpark_window_open(self, file);
  }
}

void unpark_window_choose_files(UnparkWindow *self) {
  unpark_compat_open_files(GTK_WINDOW(self), _("Open File"), on_files, g_object_ref(self));
}

static void add_list(GPtrArray *files, const GError *error, gpointer data) {
  g_autoptr(UnparkDocument) document = data;
  if (error && gtk_widget_get_root(GTK_WIDGET(document)))
    unpark_toast_show(GTK_WIDGET(document), error->message);
  if (files->len > 0 && gtk_widget_get_root(GTK_WIDGET(document)))
    unpark_document_add(document, (GFile *const *)files->pdata, files->len);
}

/* Files, and those in folders, beside what is open. */
static void add_files(UnparkDocument *document, GFile *const *files, guint n) {
  unpark_sources_find_files(files, n, add_list, g_object_ref(document));
}

static void on_files_to_add(GListModel *files, gpointer data) {
  g_autoptr(UnparkDocument) document = data;
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; files && i < g_list_model_get_n_items(files); i++)
    g_ptr_array_add(list, g_list_model_get_item(files, i));
  if (list->len > 0 && gtk_widget_get_root(GTK_WIDGET(document)))
    add_files(document, (GFile *const *)list->pdata, list->len);
}

static void on_folder_chosen(GFile *folder, gpointer data) {
  g_autoptr(UnparkWindow) self = data;
  if (folder && gtk_widget_get_realized(GTK_WIDGET(self)))
    unpark_window_open(self, folder);
}

void unpark_window_choose_folder(UnparkWindow *self) {
  unpark_compat_open_folder(GTK_WINDOW(self), _("Open Folder"), on_folder_chosen,
                            g_object_ref(self));
}

void unpark_window_choose_files_to_add(UnparkWindow *self) {
  unpark_compat_open_files(GTK_WINDOW(self), _("Add to This View"), on_files_to_add,
                           g_object_ref(self->document));
}

/* ---- What is dropped -------------------------------------------------------------- */

/* Upon a tab: to what is open there. Upon the content they get tabs of their own. */
static gboolean on_tab_drop(AdwTabBar *bar, AdwTabPage *page, const GValue *value,
                            UnparkWindow *self) {
  GtkWidget *child = adw_tab_page_get_child(page);
  g_autoptr(GPtrArray) list = g_ptr_array_new();
  if (!G_VALUE_HOLDS(value, GDK_TYPE_FILE_LIST) || !UNPARK_IS_DOCUMENT(child))
    return FALSE;
  for (GSList *l = g_value_get_boxed(value); l; l = l->next)
    g_ptr_array_add(list, l->data);
  add_files(UNPARK_DOCUMENT(child), (GFile *const *)list->pdata, list->len);
  return TRUE;
}

static gboolean on_drop(GtkDropTarget *target, const GValue *value, double x, double y,
                        UnparkWindow *self) {
  if (!G_VALUE_HOLDS(value, GDK_TYPE_FILE_LIST))
    return FALSE;
  for (GSList *l = g_value_get_boxed(value); l; l = l->next)
    unpark_window_open(self, l->data);
  return TRUE;
}

void unpark_window_take_drops(UnparkWindow *self) {
  GtkDropTarget *drop = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GType files = GDK_TYPE_FILE_LIST;
  g_signal_connect(drop, "drop", G_CALLBACK(on_drop), self);
  adw_tab_bar_setup_extra_drop_target(self->tab_bar, GDK_ACTION_COPY, &files, 1);
  g_signal_connect(self->tab_bar, "extra-drag-drop", G_CALLBACK(on_tab_drop), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(drop));
}
