/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/window-private.h"

#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "ui/compare/dialog.h"
#include "ui/desktop/clipboard.h"
#include "ui/desktop/print.h"
#include "ui/desktop/recent.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/settings.h"
#include "ui/kit/toast.h"
#include "ui/record/dialog.h"
#include "ui/record/watch-view.h"
#include "ui/report/dialog.h"
#include "ui/shell/empty-page.h"
#include "ui/shell/export.h"
#include "ui/shell/filter-box.h"
#include "ui/shell/go-to.h"
#include "ui/shell/help.h"
#include "ui/shell/session-save.h"
#include "ui/shell/tab-names.h"
#include "ui/source/window.h"

#define DEFAULT_WIDTH 1280
#define DEFAULT_HEIGHT 800

G_DEFINE_FINAL_TYPE(UnparkWindow, unpark_window, ADW_TYPE_APPLICATION_WINDOW)

static UnparkSession *current_session(UnparkWindow *self) {
  return self->document ? unpark_document_get_session(self->document) : NULL;
}

static void leave_session(UnparkWindow *self) {
  if (self->followed) {
    g_clear_signal_handler(&self->history_handler, self->followed);
    g_clear_signal_handler(&self->filter_handler, self->followed);
  }
  g_clear_object(&self->followed);
}

static void leave_document(UnparkWindow *self) {
  leave_session(self);
  self->document = NULL;
  self->folder = NULL;
}

static void set_enabled(UnparkWindow *self, const char *name, gboolean enabled) {
  GAction *action = g_action_map_lookup_action(G_ACTION_MAP(self), name);
  g_simple_action_set_enabled(G_SIMPLE_ACTION(action), enabled);
}

static void update_history(UnparkWindow *self) {
  UnparkSession *session = current_session(self);
  set_enabled(self, "back", session && unpark_session_can_go_back(session));
  set_enabled(self, "forward", session && unpark_session_can_go_forward(session));
}

/* The field that the view on screen searches with, if it has one of its own. */
static GtkWidget *own_search(UnparkWindow *self) {
  GtkWidget *widget = NULL;
  if (self->folder)
    return unpark_folder_view_get_search(self->folder);
  const UnparkView *view =
      self->document ? unpark_document_get_view(self->document, &widget) : NULL;
  return view && view->search ? view->search(widget) : NULL;
}

static gboolean can_export(UnparkWindow *self) {
  const UnparkView *view = self->document ? unpark_document_get_view(self->document, NULL) : NULL;
  return view && (view->export || view->picture);
}

static gboolean can_compare(UnparkSession *session) {
  return unpark_store_source(unpark_session_get_store(session))->kind != UNPARK_SOURCE_RACE;
}

static const char *view_name(UnparkWindow *self) {
  const UnparkView *view = self->document ? unpark_document_get_view(self->document, NULL) : NULL;
  return view ? view->name : NULL;
}

static void update_title(UnparkWindow *self) {
  gboolean ready = current_session(self) && unpark_session_get_store(current_session(self));
  g_autofree char *title = NULL;
  if (self->document || self->folder) {
    GFile *file = self->folder ? unpark_folder_view_get_folder(self->folder)
                               : unpark_document_get_file(self->document);
    g_autofree char *path = g_file_get_path(file);
    g_autofree char *folder = path ? g_path_get_dirname(path) : NULL;
    g_autofree char *display = folder ? unpark_printable_file_name(folder) : NULL;
    title = self->folder ? unpark_window_folder_title(self->folder)
                         : unpark_document_dup_title(self->document);
    adw_window_title_set_subtitle(self->title, display ? display : "");
  } else {
    AdwTabPage *page = adw_tab_view_get_selected_page(self->tabs);
    title = g_strdup(page ? adw_tab_page_get_title(page) : "Unpark");
    adw_window_title_set_subtitle(self->title, "");
  }
  adw_window_title_set_title(self->title, title);
  gtk_window_set_title(GTK_WINDOW(self), title);
  set_enabled(self, "export", self->folder || (ready && can_export(self)));
  gtk_widget_set_tooltip_text(self->export_button, self->folder || can_export(self)
                                                       ? _("Export this view (Ctrl+E)")
                                                       : _("This view has nothing to export"));
  set_enabled(self, "save-session", ready);
  set_enabled(self, "add-files", self->document != NULL);
  set_enabled(self, "report", ready);
  set_enabled(self, "compare", ready && can_compare(current_session(self)));
  set_enabled(self, "go-to", ready);
  gtk_widget_set_visible(GTK_WIDGET(self->search), ready && !own_search(self));
  gtk_widget_set_visible(self->export_button, ready || self->folder);
  gtk_widget_set_visible(self->history_box, ready);
  gtk_stack_set_visible_child_name(self->pages,
                                   adw_tab_view_get_selected_page(self->tabs) ? "tabs" : "empty");
}

void unpark_window_on_title(UnparkDocument *document, UnparkWindow *self) {
  AdwTabPage *page = adw_tab_view_get_page(self->tabs, GTK_WIDGET(document));
  unpark_tab_names_update(self->tabs);
  unpark_window_tell_files(self);
  adw_tab_page_set_loading(page, unpark_document_is_busy(document));
  if (document == self->document)
    update_title(self);
}

static void on_document_opened(UnparkDocument *document, UnparkWindow *self) {
  unpark_window_on_title(document, self);
  unpark_recent_add(unpark_document_get_file(document));
}

/* Replacing a text empties the field first, which it tells at once: that is no wish of anybody. */
static void show_filter(UnparkWindow *self, const char *filter) {
  self->showing_filter = TRUE;
  gtk_editable_set_text(GTK_EDITABLE(self->search), filter);
  self->showing_filter = FALSE;
}

/* Others than the person typing change the filter, too. */
static void on_filter(UnparkSession *session, UnparkWindow *self) {
  const char *filter = unpark_session_get_filter(session);
  if (session == current_session(self) &&
      !g_str_equal(gtk_editable_get_text(GTK_EDITABLE(self->search)), filter))
    show_filter(self, filter);
}

static void follow_session(UnparkWindow *self) {
  leave_session(self);
  if (current_session(self)) {
    self->followed = g_object_ref(current_session(self));
    self->history_handler = g_signal_connect_swapped(self->followed, "history-changed",
                                                     G_CALLBACK(update_history), self);
    self->filter_handler =
        g_signal_connect(self->followed, "filter-changed", G_CALLBACK(on_filter), self);
    show_filter(self, unpark_session_get_filter(self->followed));
  }
  unpark_filter_box_set_session(self->search, current_session(self));
  update_history(self);
}

/* Views of a single file show another one of the document's. */
static void on_document_session(UnparkDocument *document, UnparkWindow *self) {
  if (document == self->document && self->followed != current_session(self))
    follow_session(self);
}

void unpark_window_follow(UnparkWindow *self, UnparkDocument *document) {
  g_signal_connect_object(document, "title-changed", G_CALLBACK(unpark_window_on_title), self, 0);
  g_signal_connect_object(document, "failed", G_CALLBACK(unpark_window_on_title), self, 0);
  g_signal_connect_object(document, "view-changed", G_CALLBACK(unpark_window_on_title), self, 0);
  g_signal_connect_object(document, "opened", G_CALLBACK(on_document_opened), self, 0);
  g_signal_connect_object(document, "session-changed", G_CALLBACK(on_document_session), self, 0);
}

static void on_selected_page(UnparkWindow *self) {
  AdwTabPage *page = adw_tab_view_get_selected_page(self->tabs);
  GtkWidget *child = page ? adw_tab_page_get_child(page) : NULL;
  leave_document(self);
  self->document = UNPARK_IS_DOCUMENT(child) ? UNPARK_DOCUMENT(child) : NULL;
  self->folder = UNPARK_IS_FOLDER_VIEW(child) ? UNPARK_FOLDER_VIEW(child) : NULL;
  follow_session(self);
  if (self->document)
    unpark_document_look_at(self->document);
  if (self->folder)
    unpark_folder_view_enter(self->folder);
  if (child && UNPARK_IS_WATCH_VIEW(child))
    unpark_watch_view_enter(UNPARK_WATCH_VIEW(child));
  unpark_window_tell_files(self);
  update_title(self);
}

/* The document may go away in the middle of a tab's closing. */
static gboolean on_close_page(AdwTabView *tabs, AdwTabPage *page, UnparkWindow *self) {
  GtkWidget *child = adw_tab_page_get_child(page);
  if (UNPARK_IS_FOLDER_VIEW(child))
    unpark_folder_view_stop(UNPARK_FOLDER_VIEW(child));
  else if (UNPARK_IS_WATCH_VIEW(child))
    unpark_watch_view_stop(UNPARK_WATCH_VIEW(child));
  else
    unpark_document_cancel(UNPARK_DOCUMENT(child));
  if (child == (GtkWidget *)self->document || child == (GtkWidget *)self->folder)
    leave_document(self);
  adw_tab_view_close_page_finish(tabs, page, TRUE);
  return GDK_EVENT_STOP;
}

void unpark_window_show_again(UnparkWindow *self) {
  for (int i = 0; i < adw_tab_view_get_n_pages(self->tabs); i++) {
    GtkWidget *child = adw_tab_page_get_child(adw_tab_view_get_nth_page(self->tabs, i));
    if (UNPARK_IS_DOCUMENT(child))
      unpark_document_show_again(UNPARK_DOCUMENT(child));
    else if (UNPARK_IS_FOLDER_VIEW(child))
      unpark_folder_view_show_again(UNPARK_FOLDER_VIEW(child));
  }
}

static void add_watch(UnparkWindow *self, GtkWidget *view) {
  g_autofree char *title = unpark_watch_view_dup_title(UNPARK_WATCH_VIEW(view));
  AdwTabPage *page = adw_tab_view_append(self->tabs, view);
  adw_tab_page_set_title(page, title);
  adw_tab_view_set_selected_page(self->tabs, page);
  update_title(self);
}

/* ---- Actions --------------------------------------------------------------------- */

/* Of the file, or of its store where there is no such file: bookmarks are in that. */
static void show_report(UnparkWindow *self, UnparkSession *session) {
  GFile *file = unpark_document_get_file(self->document);
  UnparkStore *store = unpark_session_get_store(session);
  g_autofree char *path = g_file_get_path(file);
  g_autofree char *base = g_file_get_basename(file);
  g_autofree char *name = unpark_printable_file_name(base);
  gboolean there = path && g_file_test(path, G_FILE_TEST_IS_REGULAR);
  if (store)
    unpark_report_dialog_show(GTK_WINDOW(self), session, name,
                              there ? path : unpark_store_path(store));
}

static void record_from(gpointer data, const char *address) {
  g_signal_connect_object(unpark_record_show(GTK_WINDOW(data), address), "watch",
                          G_CALLBACK(add_watch), data, G_CONNECT_SWAPPED);
}

static void open_one(gpointer data, GFile *file) {
  unpark_window_open(data, file);
}

static void say(gpointer data, const char *text) {
  adw_toast_overlay_add_toast(UNPARK_WINDOW(data)->toasts, unpark_toast_new(text));
}

static const UnparkClipboardTakers takers = {open_one, record_from, say};

/* What the tab shows. */
static void print_view(UnparkWindow *self) {
  AdwTabPage *page = adw_tab_view_get_selected_page(self->tabs);
  g_autoptr(GError) error = NULL;
  if (page && !unpark_print(GTK_WINDOW(self), adw_tab_page_get_child(page),
                            adw_tab_page_get_title(page), NULL, &error))
    say(self, error->message);
}

static void show_compare(UnparkWindow *self, UnparkSession *session) {
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self), "open-files");
  g_autofree const char **uris = g_variant_get_strv(state, NULL);
  g_autofree char *base = g_file_get_basename(unpark_document_get_file(self->document));
  g_autofree char *name = unpark_printable_file_name(base);
  if (unpark_session_get_store(session))
    unpark_compare_dialog_show(GTK_WINDOW(self), session, name, uris);
}

static void on_action(GSimpleAction *action, GVariant *parameter, gpointer data) {
  UnparkWindow *self = data;
  const char *name = g_action_get_name(G_ACTION(action));
  UnparkSession *session = current_session(self);
  AdwTabPage *page = adw_tab_view_get_selected_page(self->tabs);
  if (g_str_equal(name, "open"))
    unpark_window_choose_files(self);
  else if (g_str_equal(name, "open-folder"))
    unpark_window_choose_folder(self);
  else if (g_str_equal(name, "add-files") && self->document)
    unpark_window_choose_files_to_add(self);
  else if (g_str_equal(name, "open-together") && self->folder)
    unpark_window_open_together(self, (GFile *[]){unpark_folder_view_get_folder(self->folder)}, 1);
  else if (g_str_equal(name, "record"))
    record_from(self, NULL);
  else if (g_str_equal(name, "open-clipboard"))
    unpark_clipboard_open(GTK_WIDGET(self), &takers, self);
  else if (g_str_equal(name, "print"))
    print_view(self);
  else if (g_str_equal(name, "close-tab") && page)
    adw_tab_view_close_page(self->tabs, page);
  else if (g_str_equal(name, "close-tab"))
    gtk_window_close(GTK_WINDOW(self));
  else if (g_str_equal(name, "search") && (session || self->folder))
    gtk_widget_grab_focus(own_search(self) ? own_search(self) : GTK_WIDGET(self->search));
  else if (g_str_equal(name, "menu"))
    gtk_menu_button_popup(self->menu_button);
  else if (g_str_equal(name, "help"))
    unpark_help_show(GTK_WINDOW(self), view_name(self));
  else if (g_str_equal(name, "export") && self->folder)
    unpark_folder_view_export(self->folder);
  else if (g_str_equal(name, "export") && self->document)
    unpark_export_run(GTK_WINDOW(self), self->document, self->toasts);
  else if (g_str_equal(name, "save-session") && self->document)
    unpark_session_save_run(GTK_WINDOW(self), self->document, self->toasts);
  else if (g_str_equal(name, "report") && self->document && session)
    show_report(self, session);
  else if (g_str_equal(name, "compare") && self->document && session)
    show_compare(self, session);
  else if (g_str_equal(name, "go-to") && session)
    unpark_go_to_show(GTK_WINDOW(self), session);
  else if (g_str_equal(name, "back") && session)
    unpark_session_go_back(session);
  else if (g_str_equal(name, "forward") && session)
    unpark_session_go_forward(session);
  else if (g_str_equal(name, "view") && self->document)
    unpark_document_show_view(self->document, (guint)g_variant_get_int32(parameter) - 1);
}

static void on_match(GSimpleAction *action, GVariant *parameter, gpointer data) {
  UnparkWindow *self = data;
  GtkWidget *widget = NULL;
  const UnparkView *view =
      self->document ? unpark_document_get_view(self->document, &widget) : NULL;
  if (view && view->match)
    view->match(widget, g_variant_get_int32(parameter));
}

/* A function, its file or "", and a line or 0. */
static void on_source(GSimpleAction *action, GVariant *parameter, gpointer data) {
  UnparkSession *session = current_session(data);
  UnparkStore *store = session ? unpark_session_get_store(session) : NULL;
  const char *function, *file;
  guint32 line;
  g_variant_get(parameter, "(&s&su)", &function, &file, &line);
  if (store)
    unpark_source_window_present(GTK_WINDOW(data), store, function, file, line);
}

static void on_open_uri(GSimpleAction *action, GVariant *parameter, gpointer data) {
  g_autoptr(GFile) file = g_file_new_for_uri(g_variant_get_string(parameter, NULL));
  unpark_window_open(data, file);
}

static void on_copy(GSimpleAction *action, GVariant *parameter, gpointer data) {
  UnparkWindow *self = data;
  GdkClipboard *clipboard = gtk_widget_get_clipboard(GTK_WIDGET(self));
  gdk_clipboard_set_text(clipboard, g_variant_get_string(parameter, NULL));
  adw_toast_overlay_add_toast(self->toasts, unpark_toast_new(_("Copied")));
}

static void on_toast(GSimpleAction *action, GVariant *parameter, gpointer data) {
  adw_toast_overlay_add_toast(UNPARK_WINDOW(data)->toasts,
                              unpark_toast_new(g_variant_get_string(parameter, NULL)));
}

static void on_search_changed(GtkSearchEntry *entry, UnparkWindow *self) {
  if (current_session(self) && !self->showing_filter)
    unpark_session_set_filter(current_session(self), gtk_editable_get_text(GTK_EDITABLE(entry)));
}

/* Enter: on to what passes the filter. */
static void on_search_activate(GtkSearchEntry *entry, UnparkWindow *self) {
  GtkWidget *widget = NULL;
  on_search_changed(entry, self); /* which the entry tells some time after the last key */
  const UnparkView *view =
      self->document ? unpark_document_get_view(self->document, &widget) : NULL;
  if (view && view->focus)
    view->focus(widget);
}

static void on_stop_search(GtkSearchEntry *entry, UnparkWindow *self) {
  gtk_editable_set_text(GTK_EDITABLE(entry), "");
  if (self->document)
    unpark_document_enter(self->document);
}

/* ---- Widget ---------------------------------------------------------------------- */

static gboolean unpark_window_close_request(GtkWindow *window) {
  int width, height;
  gtk_window_get_default_size(window, &width, &height);
  unpark_settings_set_bool("window.maximized", gtk_window_is_maximized(window));
  unpark_settings_set_int("window.width", width);
  unpark_settings_set_int("window.height", height);
  return GTK_WINDOW_CLASS(unpark_window_parent_class)->close_request(window);
}

static void unpark_window_dispose(GObject *object) {
  UnparkWindow *self = UNPARK_WINDOW(object);
  leave_document(self);
  if (self->tabs)
    g_signal_handlers_disconnect_by_data(self->tabs, self);
  G_OBJECT_CLASS(unpark_window_parent_class)->dispose(object);
}

static void unpark_window_class_init(UnparkWindowClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  g_type_ensure(UNPARK_TYPE_EMPTY_PAGE);
  G_OBJECT_CLASS(class)->dispose = unpark_window_dispose;
  GTK_WINDOW_CLASS(class)->close_request = unpark_window_close_request;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/shell/window.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, title);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, tabs);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, tab_bar);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, toasts);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, pages);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, search);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, recent_button);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, menu_button);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, export_button);
  gtk_widget_class_bind_template_child(widget_class, UnparkWindow, history_box);
}

static void add_actions(UnparkWindow *self) {
  static const GActionEntry actions[] = {
      {.name = "open", .activate = on_action},
      {.name = "open-folder", .activate = on_action},
      {.name = "add-files", .activate = on_action},
      {.name = "open-clipboard", .activate = on_action},
      {.name = "print", .activate = on_action},
      {.name = "open-together", .activate = on_action},
      {.name = "record", .activate = on_action},
      {.name = "close-tab", .activate = on_action},
      {.name = "search", .activate = on_action},
      {.name = "export", .activate = on_action},
      {.name = "menu", .activate = on_action},
      {.name = "help", .activate = on_action},
      {.name = "save-session", .activate = on_action},
      {.name = "report", .activate = on_action},
      {.name = "compare", .activate = on_action},
      {.name = "go-to", .activate = on_action},
      {.name = "back", .activate = on_action},
      {.name = "forward", .activate = on_action},
      {.name = "view", .activate = on_action, .parameter_type = "i"},
      {.name = "open-uri", .activate = on_open_uri, .parameter_type = "s"},
      {.name = "copy", .activate = on_copy, .parameter_type = "s"},
      {.name = "source", .activate = on_source, .parameter_type = "(ssu)"},
      {.name = "match", .activate = on_match, .parameter_type = "i"},
      {.name = "toast", .activate = on_toast, .parameter_type = "s"},
  };
  g_autoptr(GSimpleAction) files =
      g_simple_action_new_stateful("open-files", NULL, g_variant_new_strv(NULL, 0));
  g_autoptr(GPropertyAction) fullscreen = g_property_action_new("fullscreen", self, "fullscreened");
  g_action_map_add_action_entries(G_ACTION_MAP(self), actions, G_N_ELEMENTS(actions), self);
  g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(fullscreen));
  g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(files));
}

static void unpark_window_init(UnparkWindow *self) {
  add_actions(self);
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_widget_add_css_class(GTK_WIDGET(self), UNPARK_COMPAT_HEADER_CLASS);
  gtk_window_set_default_size(GTK_WINDOW(self),
                              unpark_settings_get_int("window.width", DEFAULT_WIDTH),
                              unpark_settings_get_int("window.height", DEFAULT_HEIGHT));
  if (unpark_settings_get_bool("window.maximized", FALSE))
    gtk_window_maximize(GTK_WINDOW(self));
  unpark_recent_attach(self->recent_button);
  unpark_window_take_drops(self);
  g_signal_connect_swapped(self->tabs, "notify::selected-page", G_CALLBACK(on_selected_page), self);
  g_signal_connect(self->tabs, "close-page", G_CALLBACK(on_close_page), self);
  g_signal_connect(self->tabs, "page-detached", G_CALLBACK(unpark_tab_names_update), self);
  g_signal_connect_swapped(self->tabs, "page-detached", G_CALLBACK(unpark_window_remember_files),
                           self);
  unpark_filter_box_attach(self->search);
  g_signal_connect(self->search, "search-changed", G_CALLBACK(on_search_changed), self);
  g_signal_connect(self->search, "activate", G_CALLBACK(on_search_activate), self);
  g_signal_connect(self->search, "stop-search", G_CALLBACK(on_stop_search), self);
  unpark_accessible_name(GTK_WIDGET(self->search), _("Filter goroutines"));
  update_history(self);
  update_title(self);
}

UnparkWindow *unpark_window_new(UnparkApplication *application) {
  return g_object_new(UNPARK_TYPE_WINDOW, "application", application, NULL);
}
