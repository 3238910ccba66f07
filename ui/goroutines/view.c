/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/goroutines/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/text/csv.h"
#include "ui/kit/data-table.h"
#include "ui/text/format.h"
#include "ui/goroutines/columns.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/row-list.h"
#include "ui/kit/save-text.h"
#include "ui/page/scope-bar.h"
#include "ui/session/scope-request.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"

#define DEFAULT_FUNCTIONS_HEIGHT 340

#define UNPARK_TYPE_GOROUTINE_VIEW (unpark_goroutine_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkGoroutineView, unpark_goroutine_view, UNPARK, GOROUTINE_VIEW, GtkWidget)

struct _UnparkGoroutineView {
  GtkWidget parent_instance;

  UnparkSession *session;
  GCancellable *loading;
  UnparkGoroutineTable *table;
  gboolean stale, filling;

  GtkWidget *box, *scope, *facts, *spinner, *pages, *empty, *paned;
  GtkWidget *functions, *rows, *rows_title, *show;
  UnparkRowList *function_list, *row_list;
  GtkSelectionModel *function_selection, *row_selection;
};

G_DEFINE_FINAL_TYPE(UnparkGoroutineView, unpark_goroutine_view, GTK_TYPE_WIDGET)

/* ---- What is shown --------------------------------------------------------------------------- */

static const UnparkFunctionRow *chosen_function(UnparkGoroutineView *self) {
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION(self->function_selection);
  UnparkProfileItem *item = gtk_single_selection_get_selected_item(selection);
  if (!item || !self->table || unpark_profile_item_get_data(item) != self->table)
    return NULL;
  return &self->table->functions[unpark_profile_item_get_row(item)];
}

static void set_rows(UnparkGoroutineView *self, guint32 first, guint n) {
  unpark_row_list_set(self->row_list, self->table, first, n,
                      (gpointer(*)(gpointer))unpark_goroutine_table_ref,
                      (GDestroyNotify)unpark_goroutine_table_unref);
}

static void on_function(UnparkGoroutineView *self) {
  const UnparkFunctionRow *function = chosen_function(self);
  if (self->filling || !self->table)
    return;
  gtk_widget_set_sensitive(self->show, function != NULL);
  if (!function) {
    set_rows(self, 0, 0);
    gtk_label_set_text(GTK_LABEL(self->rows_title), "");
    return;
  }
  char count[UNPARK_FORMAT_SIZE];
  unpark_format_count(function->count, count);
  g_autofree char *text = g_strdup_printf(
      ngettext("%s goroutine started in %s", "%s goroutines started in %s", function->count), count,
      unpark_goroutine_function_title(function));
  gtk_label_set_text(GTK_LABEL(self->rows_title), text);
  set_rows(self, function->first, function->count);
}

static void show_sentence(UnparkGoroutineView *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

static void update_pages(UnparkGoroutineView *self) {
  if (!self->table)
    return;
  if (self->table->n_rows == 0)
    show_sentence(self, _("No Goroutines"),
                  *unpark_session_get_filter(self->session)
                      ? _("No goroutine that passes the filter did anything in this time.")
                      : _("No goroutine did anything in this time."));
  else
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "tables");
}

static void show_table(UnparkGoroutineView *self, UnparkGoroutineTable *table) {
  char goroutines[UNPARK_FORMAT_SIZE], functions[UNPARK_FORMAT_SIZE];
  const UnparkFunctionRow *before = chosen_function(self);
  g_autofree char *name = before ? g_strdup(before->name) : NULL;
  g_clear_pointer(&self->table, unpark_goroutine_table_unref);
  self->table = unpark_goroutine_table_ref(table);
  self->filling = TRUE;
  unpark_row_list_set(self->function_list, table, 0, table->n_functions,
                      (gpointer(*)(gpointer))unpark_goroutine_table_ref,
                      (GDestroyNotify)unpark_goroutine_table_unref);
  GListModel *model = G_LIST_MODEL(self->function_selection);
  guint select = 0;
  for (guint i = 0; name && i < g_list_model_get_n_items(model); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    if (g_str_equal(table->functions[unpark_profile_item_get_row(item)].name, name))
      select = i;
  }
  gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->function_selection), select);
  self->filling = FALSE;
  unpark_format_count(table->n_rows, goroutines);
  unpark_format_count(table->n_functions, functions);
  g_autofree char *facts =
      g_strdup_printf(_("%s goroutines, started in %s functions"), goroutines, functions);
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
  on_function(self);
  update_pages(self);
}

/* ---- Loading ---------------------------------------------------------------------------- */

static void load_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  UnparkScopeRequest *request = data;
  GError *error = NULL;
  UnparkGoroutineTable *table =
      unpark_goroutine_table_new(request->store, request->from_ns, request->to_ns, request->ids,
                                 request->n_ids, cancellable, &error);
  if (table)
    g_task_return_pointer(task, table, (GDestroyNotify)unpark_goroutine_table_unref);
  else
    g_task_return_error(task, error);
}

static void on_loaded(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkGoroutineView *self = UNPARK_GOROUTINE_VIEW(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkGoroutineTable) table = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->loading)
    return;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
  if (table)
    show_table(self, table);
  else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_sentence(self, _("Cannot Be Shown"), error->message);
}

static void load(UnparkGoroutineView *self) {
  self->stale = !gtk_widget_get_mapped(GTK_WIDGET(self));
  if (!unpark_session_get_store(self->session) || self->stale)
    return;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), TRUE);
  unpark_scope_request_start(GTK_WIDGET(self), self->session, self->scope, NULL, &self->loading,
                             load_thread, on_loaded);
}

/* ---- To the timeline -------------------------------------------------------------------- */

static void on_row(GtkColumnView *view, guint position, UnparkGoroutineView *self) {
  g_autoptr(UnparkProfileItem) item =
      g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(view)), position);
  if (!item)
    return;
  const UnparkGoroutineTable *table = unpark_profile_item_get_data(item);
  UnparkPick pick = {.type = UNPARK_PICK_GOROUTINE,
                     .id = table->rows[unpark_profile_item_get_row(item)].id,
                     .start_ns = UNPARK_NONE,
                     .end_ns = UNPARK_NONE};
  unpark_session_go_to(self->session, &pick, "timeline");
}

static void go_to_function(UnparkGoroutineView *self) {
  const UnparkFunctionRow *function = chosen_function(self);
  if (!function)
    return;
  UnparkPick pick = {.type = UNPARK_PICK_GROUP,
                     .id = function->name_id,
                     .start_ns = UNPARK_NONE,
                     .end_ns = UNPARK_NONE};
  unpark_session_go_to(self->session, &pick, "timeline");
}

/* ---- Copying ---------------------------------------------------------------------------- */

static void append_tally(GString *text, const UnparkTally *tally, char separator) {
  for (guint i = 0; i < UNPARK_N_STATES; i++)
    g_string_append_printf(text, "%c%" G_GINT64_FORMAT, separator, tally->state_ns[i]);
  g_string_append_printf(text, "%c%" G_GINT64_FORMAT "\n", separator, tally->longest_wait_ns);
}

static GString *begin_table(char separator) {
  GString *text = g_string_new("function,goroutines,running_ns,runnable_ns,waiting_ns,syscall_ns,"
                               "longest_wait_ns\n");
  g_strdelimit(text->str, ",", separator);
  return text;
}

/* The functions in their order on screen, for a spreadsheet. */
static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkGoroutineView *self = UNPARK_GOROUTINE_VIEW(widget);
  GListModel *model = G_LIST_MODEL(self->function_selection);
  g_autoptr(GString) text = begin_table('\t');
  for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    const UnparkGoroutineTable *table = unpark_profile_item_get_data(item);
    const UnparkFunctionRow *function = &table->functions[unpark_profile_item_get_row(item)];
    g_string_append_printf(text, "%s\t%u", function->name, function->count);
    append_tally(text, &function->tally, '\t');
  }
  gtk_widget_activate_action(widget, "win.copy", "s", text->str);
}

/* Worker. Every function, and below each its goroutines. */
static char *to_csv(gpointer data) {
  const UnparkGoroutineTable *table = data;
  GString *text = begin_table(',');
  for (guint f = 0; f < table->n_functions; f++) {
    const UnparkFunctionRow *function = &table->functions[f];
    unpark_csv_append(text, function->name);
    g_string_append_printf(text, ",%u", function->count);
    append_tally(text, &function->tally, ',');
    for (guint i = 0; i < function->count; i++) {
      const UnparkGoroutineRow *row = &table->rows[function->first + i];
      g_string_append_printf(text, "\"G %" G_GINT64_FORMAT "\",1", row->id);
      append_tally(text, &row->tally, ',');
    }
  }
  return g_string_free(text, FALSE);
}

static void export(GtkWidget *widget) {
  UnparkGoroutineView *self = UNPARK_GOROUTINE_VIEW(widget);
  if (self->table)
    unpark_save_text(widget, _("Save the Table"), "goroutines.csv", to_csv,
                     unpark_goroutine_table_ref(self->table),
                     (GDestroyNotify)unpark_goroutine_table_unref);
}

/* ---- Widget ----------------------------------------------------------------------------- */

static GtkWidget *make_bar(UnparkGoroutineView *self) {
  UnparkScopeBar bar;
  unpark_scope_bar_init(&bar, self->session, _("Copy the table of functions"), "goroutines.copy");
  self->scope = bar.scope;
  self->facts = bar.facts;
  self->spinner = bar.spinner;
  g_signal_connect_swapped(self->scope, "changed", G_CALLBACK(load), self);
  return bar.bar;
}

static GtkWidget *make_rows(UnparkGoroutineView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->rows_title = gtk_label_new(NULL);
  self->show = gtk_button_new_with_label(_("Show on the Timeline"));
  gtk_label_set_xalign(GTK_LABEL(self->rows_title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->rows_title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class(self->rows_title, "heading");
  gtk_widget_set_hexpand(self->rows_title, TRUE);
  gtk_widget_set_margin_start(self->rows_title, 6);
  gtk_widget_add_css_class(head, "toolbar");
  gtk_box_append(GTK_BOX(head), self->rows_title);
  gtk_box_append(GTK_BOX(head), self->show);
  gtk_box_append(GTK_BOX(box), head);
  /* A function may have started hundreds of thousands. */
  GtkWidget *rows = unpark_data_table_new(
      _("Goroutines of the function"), unpark_goroutine_row_columns,
      g_object_ref(G_LIST_MODEL(self->row_list)), TRUE, &self->rows, &self->row_selection);
  gtk_widget_set_vexpand(rows, TRUE);
  gtk_box_append(GTK_BOX(box), rows);
  gtk_column_view_set_single_click_activate(GTK_COLUMN_VIEW(self->rows), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->rows), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                 _("Enter shows it on the timeline"), -1);
  g_signal_connect_swapped(self->show, "clicked", G_CALLBACK(go_to_function), self);
  g_signal_connect(self->rows, "activate", G_CALLBACK(on_row), self);
  return box;
}

static void on_paned(UnparkGoroutineView *self) {
  unpark_settings_set_int("goroutines.functions-height",
                          gtk_paned_get_position(GTK_PANED(self->paned)));
}

static GtkWidget *make_pages(UnparkGoroutineView *self) {
  self->paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  self->pages = gtk_stack_new();
  self->empty = adw_status_page_new();
  GtkWidget *functions = unpark_data_table_new(_("Functions that goroutines started in"),
                                               unpark_goroutine_function_columns,
                                               g_object_ref(G_LIST_MODEL(self->function_list)),
                                               TRUE, &self->functions, &self->function_selection);
  gtk_widget_set_vexpand(functions, TRUE);
  gtk_widget_set_size_request(functions, -1, 120);
  gtk_paned_set_start_child(GTK_PANED(self->paned), functions);
  gtk_paned_set_end_child(GTK_PANED(self->paned), make_rows(self));
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_position(
      GTK_PANED(self->paned),
      unpark_settings_get_int("goroutines.functions-height", DEFAULT_FUNCTIONS_HEIGHT));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->empty), "edit-find-symbolic");
  gtk_stack_add_named(GTK_STACK(self->pages), self->paned, "tables");
  gtk_stack_add_named(GTK_STACK(self->pages), self->empty, "empty");
  gtk_widget_set_vexpand(self->pages, TRUE);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->function_selection, "notify::selected-item",
                           G_CALLBACK(on_function), self);
  g_signal_connect_swapped(self->functions, "activate", G_CALLBACK(go_to_function), self);
  return self->pages;
}

static void on_map(UnparkGoroutineView *self) {
  if (self->stale)
    load(self);
}

static void unpark_goroutine_view_dispose(GObject *object) {
  UnparkGoroutineView *self = UNPARK_GOROUTINE_VIEW(object);
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  if (self->function_selection)
    g_signal_handlers_disconnect_by_data(self->function_selection, self);
  if (self->paned)
    g_signal_handlers_disconnect_by_data(self->paned, self);
  self->paned = NULL;
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->function_selection);
  g_clear_object(&self->row_selection);
  g_clear_object(&self->function_list);
  g_clear_object(&self->row_list);
  g_clear_object(&self->session);
  g_clear_pointer(&self->table, unpark_goroutine_table_unref);
  G_OBJECT_CLASS(unpark_goroutine_view_parent_class)->dispose(object);
}

static void unpark_goroutine_view_class_init(UnparkGoroutineViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_goroutine_view_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "goroutines.copy", NULL, on_copy);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "goroutines.copy",
                                      NULL);
}

static void unpark_goroutine_view_init(UnparkGoroutineView *self) {
  self->stale = TRUE;
}

static void build(UnparkGoroutineView *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->function_list = unpark_row_list_new();
  self->row_list = unpark_row_list_new();
  GtkWidget *pages = make_pages(self);
  gtk_box_append(GTK_BOX(self->box), make_bar(self));
  gtk_box_append(GTK_BOX(self->box), pages);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static GtkWidget *create(UnparkSession *session) {
  UnparkGoroutineView *self = g_object_new(UNPARK_TYPE_GOROUTINE_VIEW, NULL);
  self->session = g_object_ref(session);
  build(self);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-ready", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_GOROUTINE_VIEW(widget)->functions);
}

const UnparkView unpark_goroutine_view = {
    .name = "goroutines",
    .title = N_("Goroutines"),
    .icon = "view-list-bullet-symbolic",
    .applies = applies,
    .create = create,
    .focus = focus,
    .export = export,
};
