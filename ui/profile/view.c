/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/profile/view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/kit/accessible.h"
#include "ui/text/profile-format.h"
#include "ui/kit/profile-item.h"
#include "ui/profile/peek.h"
#include "ui/profile/private.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"

#define DEFAULT_TABLE_HEIGHT 400
#define MIN_PEEK_HEIGHT 150

G_DEFINE_FINAL_TYPE(UnparkProfileView, unpark_profile_view, GTK_TYPE_WIDGET)

/* ---- What is shown ------------------------------------------------------------------------ */

guint32 *unpark_profile_view_rows(UnparkProfileView *self, guint *n) {
  GListModel *model = G_LIST_MODEL(self->selection);
  *n = g_list_model_get_n_items(model);
  guint32 *rows = g_new(guint32, (gsize)*n + 1);
  for (guint i = 0; i < *n; i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    rows[i] = unpark_profile_item_get_row(item);
  }
  return rows;
}

gboolean unpark_profile_view_selected(UnparkProfileView *self, guint32 *row) {
  UnparkProfileItem *item =
      gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(self->selection));
  if (item)
    *row = unpark_profile_item_get_row(item);
  return item != NULL;
}

static const UnparkProfileType *chosen_type(UnparkProfileView *self) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->types));
  return self->summary && i < self->summary->n_types ? &self->summary->types[i] : NULL;
}

static const UnparkProfileInfo *chosen_profile(UnparkProfileView *self) {
  const UnparkProfileType *type = chosen_type(self);
  for (guint i = 0; self->summary && i < self->summary->n_profiles; i++)
    if (!type || self->summary->profiles[i].id == type->profile)
      return &self->summary->profiles[i];
  return NULL;
}

static void show_sentence(UnparkProfileView *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

/* How many rows there are, and a sentence if there are none. */
static void update_shown(UnparkProfileView *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->selection));
  char shown[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE];
  if (!self->data)
    return;
  unpark_format_count(n, shown);
  unpark_format_count(self->data->table->n_rows, all);
  g_autofree char *text = n == self->data->table->n_rows
                              ? g_strdup_printf(ngettext("%s function", "%s functions", n), all)
                              : g_strdup_printf(_("%s of %s functions"), shown, all);
  gtk_label_set_text(GTK_LABEL(self->shown), text);
  if (self->data->table->n_rows == 0)
    show_sentence(self, _("No Samples"),
                  _("The profile has no samples with a value of this kind."));
  else if (n == 0)
    show_sentence(self, _("Nothing Found"), _("No function or file has this in its name."));
  else
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "table");
}

static void on_selected(UnparkProfileView *self) {
  guint32 row;
  if (self->data && unpark_profile_view_selected(self, &row))
    unpark_profile_peek_show(UNPARK_PROFILE_PEEK(self->peek), self->data->table, row,
                             self->data->unit);
  else
    unpark_profile_peek_show(UNPARK_PROFILE_PEEK(self->peek), NULL, 0, NULL);
}

static void select_first(UnparkProfileView *self) {
  if (g_list_model_get_n_items(G_LIST_MODEL(self->selection)) > 0) {
    gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->selection), 0);
    gtk_widget_activate_action(self->table, "list.scroll-to-item", "u", 0);
  }
  on_selected(self);
}

/* ---- Filter ---------------------------------------------------------------------------------- */

static gboolean passes(gpointer item, gpointer user_data) {
  UnparkProfileView *self = user_data;
  const UnparkProfileData *data = unpark_profile_item_get_data(item);
  return unpark_profile_row_matches(&data->table->rows[unpark_profile_item_get_row(item)],
                                    self->words);
}

static void on_search(UnparkProfileView *self) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->search));
  g_autofree char *folded = g_utf8_casefold(text, -1);
  g_auto(GStrv) parts = g_strsplit(folded, " ", -1);
  GPtrArray *words = g_ptr_array_new();
  for (guint i = 0; parts[i]; i++)
    if (*parts[i])
      g_ptr_array_add(words, g_strdup(parts[i]));
  g_ptr_array_add(words, NULL);
  g_strfreev(self->words);
  self->words = (char **)g_ptr_array_free(words, FALSE);
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* A caller or callee: shown even if the filter hid it. */
static void on_peek_activated(UnparkProfilePeekPane *peek, guint row, UnparkProfileView *self) {
  for (guint attempt = 0; attempt < 2; attempt++) {
    GListModel *model = G_LIST_MODEL(self->selection);
    for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
      g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
      if (unpark_profile_item_get_row(item) != row)
        continue;
      gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->selection), i);
      gtk_widget_activate_action(self->table, "list.scroll-to-item", "u", i);
      return;
    }
    gtk_editable_set_text(GTK_EDITABLE(self->search), "");
    on_search(self);
  }
}

/* ---- Loading ---------------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  gint64 profile, index;
  char *type, *unit;
  GPtrArray *items; /* result, beside the data */
} Request;

static void request_free(gpointer data) {
  Request *request = data;
  unpark_store_unref(request->store);
  g_clear_pointer(&request->items, g_ptr_array_unref);
  g_free(request->type);
  g_free(request->unit);
  g_free(request);
}

static void table_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Request *request = data;
  GError *error = NULL;
  g_autoptr(UnparkProfileTable) table = unpark_profile_table_new(
      request->store, request->profile, request->index, cancellable, &error);
  if (!table) {
    g_task_return_error(task, error);
    return;
  }
  UnparkProfileData *result = unpark_profile_data_new(table, request->type, request->unit);
  request->items = unpark_profile_items_new(result, table->n_rows,
                                            (gpointer(*)(gpointer))unpark_profile_data_ref,
                                            (GDestroyNotify)unpark_profile_data_unref);
  g_task_return_pointer(task, result, (GDestroyNotify)unpark_profile_data_unref);
}

static gboolean is_newest(UnparkProfileView *self, GAsyncResult *result) {
  return self->toasts && g_task_get_cancellable(G_TASK(result)) == self->loading;
}

static void show_failure(UnparkProfileView *self, const GError *error) {
  if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_sentence(self, _("Cannot Be Shown"), error->message);
}

static void on_table(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkProfileView *self = UNPARK_PROFILE_VIEW(source);
  Request *request = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkProfileData) data = g_task_propagate_pointer(G_TASK(result), &error);
  if (!is_newest(self, result))
    return;
  if (!data) {
    show_failure(self, error);
    return;
  }
  unpark_profile_data_unref(self->data);
  self->data = unpark_profile_data_ref(data);
  g_autofree char *facts = unpark_profile_facts(chosen_profile(self), data->table, data->unit);
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
  unpark_profile_store_replace(self->items, request->items);
  update_shown(self);
  select_first(self);
}

static GTask *new_task(UnparkProfileView *self, GAsyncReadyCallback done, UnparkStore *store,
                       Request **request) {
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  self->loading = g_cancellable_new();
  GTask *task = g_task_new(self, self->loading, done, NULL);
  *request = g_new0(Request, 1);
  (*request)->store = unpark_store_ref(store);
  g_task_set_task_data(task, *request, request_free);
  return task;
}

static void load_table(UnparkProfileView *self) {
  const UnparkProfileType *type = chosen_type(self);
  const UnparkProfileInfo *profile = chosen_profile(self);
  Request *request;
  gtk_label_set_text(GTK_LABEL(self->title),
                     unpark_profile_kind_title(profile ? profile->kind : ""));
  if (!type) {
    gtk_label_set_text(GTK_LABEL(self->facts), "");
    show_sentence(self, _("No Samples"), _("The profile says nothing about what it measured."));
    return;
  }
  g_autoptr(GTask) task = new_task(self, on_table, self->summary_store, &request);
  request->profile = type->profile;
  request->index = type->index;
  request->type = g_strdup(type->type);
  request->unit = g_strdup(type->unit);
  g_task_run_in_thread(task, table_thread);
}

static void on_type(UnparkProfileView *self) {
  const UnparkProfileType *type = chosen_type(self);
  if (self->filling || !type)
    return;
  g_free(self->wanted_type);
  self->wanted_type = g_strdup(type->type);
  load_table(self);
}

static void fill_types(UnparkProfileView *self) {
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint chosen = 0;
  for (guint i = 0; i < self->summary->n_types; i++) {
    const UnparkProfileType *type = &self->summary->types[i];
    gtk_string_list_append(names, *type->type ? type->type : _("values"));
    if (g_strcmp0(type->type, self->wanted_type) == 0)
      chosen = i;
  }
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->types), G_LIST_MODEL(names));
  if (self->summary->n_types > 0)
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->types), chosen);
  gtk_widget_set_visible(self->types, self->summary->n_types > 1);
  self->filling = FALSE;
}

static void summary_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Request *request = data;
  GError *error = NULL;
  UnparkProfileSummary *summary = unpark_profile_summary_new(request->store, cancellable, &error);
  if (summary)
    g_task_return_pointer(task, summary, (GDestroyNotify)unpark_profile_summary_free);
  else
    g_task_return_error(task, error);
}

static void on_summary(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkProfileView *self = UNPARK_PROFILE_VIEW(source);
  Request *request = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkProfileSummary) summary = g_task_propagate_pointer(G_TASK(result), &error);
  if (!is_newest(self, result))
    return;
  if (!summary) {
    show_failure(self, error);
    return;
  }
  unpark_profile_summary_free(self->summary);
  g_clear_pointer(&self->summary_store, unpark_store_unref);
  self->summary = g_steal_pointer(&summary);
  self->summary_store = unpark_store_ref(request->store);
  fill_types(self);
  load_table(self);
}

static void load(UnparkProfileView *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  Request *request;
  if (!store)
    return;
  g_autoptr(GTask) task = new_task(self, on_summary, store, &request);
  g_task_run_in_thread(task, summary_thread);
}

/* ---- Widget -------------------------------------------------------------------------------- */

static void on_copy_action(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_profile_copy(UNPARK_PROFILE_VIEW(widget), g_str_equal(name, "profile.copy-all"));
}

static void on_save_action(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_profile_save_csv(UNPARK_PROFILE_VIEW(widget));
}

static GtkWidget *make_button(const char *icon, const char *label, const char *tip,
                              const char *action) {
  GtkWidget *button = icon ? gtk_button_new_from_icon_name(icon) : gtk_button_new_with_label(label);
  gtk_widget_set_tooltip_text(button, tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

static GtkWidget *make_facts(UnparkProfileView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->title = unpark_profile_cell_text();
  self->facts = unpark_profile_cell_text();
  gtk_label_set_ellipsize(GTK_LABEL(self->facts), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(self->title, "heading");
  gtk_widget_add_css_class(self->facts, "dim-label");
  gtk_widget_add_css_class(self->facts, "numeric");
  gtk_widget_set_hexpand(box, TRUE);
  gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), self->title);
  gtk_box_append(GTK_BOX(box), self->facts);
  return box;
}

static GtkWidget *make_bar(UnparkProfileView *self) {
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->types = gtk_drop_down_new(NULL, NULL);
  self->search = gtk_search_entry_new();
  self->shown = unpark_profile_cell_number();
  gtk_widget_add_css_class(self->shown, "dim-label");
  gtk_widget_set_tooltip_text(self->types, _("What was measured"));
  unpark_accessible_name(self->types, _("What was measured"));
  g_object_set(self->search, "placeholder-text", _("Function or file"), NULL);
  gtk_editable_set_width_chars(GTK_EDITABLE(self->search), 8);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(self->search), 24);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Filter functions"), -1);
  gtk_search_entry_set_key_capture_widget(GTK_SEARCH_ENTRY(self->search), self->table);
  gtk_widget_add_css_class(bar, "toolbar");
  gtk_box_append(GTK_BOX(bar), make_facts(self));
  gtk_box_append(GTK_BOX(bar), self->shown);
  gtk_box_append(GTK_BOX(bar), self->types);
  gtk_box_append(GTK_BOX(bar), self->search);
  gtk_box_append(GTK_BOX(bar), make_button("edit-copy-symbolic", NULL, _("Copy the table as text"),
                                           "profile.copy-all"));
  gtk_box_append(GTK_BOX(bar), make_button("document-save-symbolic", NULL,
                                           _("Save the table as CSV"), "profile.save-csv"));
  gtk_widget_set_margin_start(bar, 6);
  gtk_widget_set_margin_top(bar, 6);
  g_signal_connect_swapped(self->types, "notify::selected", G_CALLBACK(on_type), self);
  g_signal_connect_swapped(self->search, "search-changed", G_CALLBACK(on_search), self);
  return bar;
}

static void make_table(UnparkProfileView *self) {
  self->table = gtk_column_view_new(NULL);
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->filter = GTK_FILTER(gtk_custom_filter_new(passes, self, NULL));
  unpark_profile_view_columns(GTK_COLUMN_VIEW(self->table));
  GtkSorter *sorter = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->table));
  GtkFilterListModel *filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)),
                                                           g_object_ref(self->filter));
  GtkSortListModel *sorted = gtk_sort_list_model_new(G_LIST_MODEL(filtered), g_object_ref(sorter));
  gtk_filter_list_model_set_incremental(filtered, FALSE);
  self->selection = GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(sorted)));
  gtk_column_view_set_model(GTK_COLUMN_VIEW(self->table), self->selection);
  gtk_column_view_set_show_row_separators(GTK_COLUMN_VIEW(self->table), FALSE);
  gtk_widget_add_css_class(self->table, "data-table");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->table), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Functions"), -1);
  g_signal_connect_swapped(self->selection, "notify::selected-item", G_CALLBACK(on_selected), self);
  g_signal_connect_swapped(self->selection, "items-changed", G_CALLBACK(update_shown), self);
}

static void on_paned(UnparkProfileView *self) {
  unpark_settings_set_int("profile.table-height", gtk_paned_get_position(GTK_PANED(self->paned)));
}

/* The table's activation: on to what is below it. */
static void on_activate(UnparkProfileView *self) {
  gtk_widget_child_focus(self->peek, GTK_DIR_TAB_FORWARD);
}

static GtkWidget *make_pages(UnparkProfileView *self) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  self->paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  self->peek = unpark_profile_peek_new();
  self->pages = gtk_stack_new();
  self->empty = adw_status_page_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->table);
  gtk_widget_set_size_request(self->peek, -1, MIN_PEEK_HEIGHT);
  gtk_paned_set_start_child(GTK_PANED(self->paned), scrolled);
  gtk_paned_set_end_child(GTK_PANED(self->paned), self->peek);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_position(GTK_PANED(self->paned),
                         unpark_settings_get_int("profile.table-height", DEFAULT_TABLE_HEIGHT));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->empty), "edit-find-symbolic");
  gtk_stack_add_named(GTK_STACK(self->pages), self->paned, "table");
  gtk_stack_add_named(GTK_STACK(self->pages), self->empty, "empty");
  gtk_widget_set_vexpand(self->pages, TRUE);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->table, "activate", G_CALLBACK(on_activate), self);
  g_signal_connect(self->peek, "activated", G_CALLBACK(on_peek_activated), self);
  return self->pages;
}

static void unpark_profile_view_dispose(GObject *object) {
  UnparkProfileView *self = UNPARK_PROFILE_VIEW(object);
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  if (self->selection)
    g_signal_handlers_disconnect_by_data(self->selection, self);
  if (self->paned)
    g_signal_handlers_disconnect_by_data(self->paned, self);
  self->paned = NULL;
  g_clear_pointer(&self->toasts, gtk_widget_unparent);
  g_clear_object(&self->selection);
  g_clear_object(&self->items);
  g_clear_object(&self->filter);
  g_clear_object(&self->session);
  g_clear_pointer(&self->summary, unpark_profile_summary_free);
  g_clear_pointer(&self->summary_store, unpark_store_unref);
  g_clear_pointer(&self->data, unpark_profile_data_unref);
  g_clear_pointer(&self->wanted_type, g_free);
  g_clear_pointer(&self->words, g_strfreev);
  G_OBJECT_CLASS(unpark_profile_view_parent_class)->dispose(object);
}

static void unpark_profile_view_class_init(UnparkProfileViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_profile_view_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "profile.copy", NULL, on_copy_action);
  gtk_widget_class_install_action(widget_class, "profile.copy-all", NULL, on_copy_action);
  gtk_widget_class_install_action(widget_class, "profile.save-csv", NULL, on_save_action);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "profile.copy",
                                      NULL);
}

static void unpark_profile_view_init(UnparkProfileView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->toasts = adw_toast_overlay_new();
  make_table(self);
  gtk_box_append(GTK_BOX(box), make_bar(self));
  gtk_box_append(GTK_BOX(box), make_pages(self));
  adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(self->toasts), box);
  gtk_widget_set_parent(self->toasts, GTK_WIDGET(self));
  unpark_profile_peek_show(UNPARK_PROFILE_PEEK(self->peek), NULL, 0, NULL);
}

static GtkWidget *create(UnparkSession *session) {
  UnparkProfileView *self = g_object_new(UNPARK_TYPE_PROFILE_VIEW, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  load(self);
  return GTK_WIDGET(self);
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_PROFILE_VIEW(widget)->table);
}

static GtkWidget *search(GtkWidget *widget) {
  return UNPARK_PROFILE_VIEW(widget)->search;
}

static void export(GtkWidget *widget) {
  unpark_profile_save_csv(UNPARK_PROFILE_VIEW(widget));
}

const UnparkView unpark_profile_view = {
    .name = "profile",
    .title = N_("Profile"),
    .icon = "view-list-symbolic",
    .applies = unpark_profile_exists,
    .create = create,
    .focus = focus,
    .search = search,
    .export = export,
};
