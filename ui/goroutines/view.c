/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/goroutines/view.h"

#include <glib/gi18n.h>

#include "ui/goroutines/columns.h"
#include "ui/kit/data-table.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/row-list.h"
#include "ui/kit/save-text.h"
#include "ui/kit/settings.h"
#include "ui/page/columns-menu.h"
#include "ui/page/divider.h"
#include "ui/page/page.h"
#include "ui/session/scope-request.h"
#include "ui/text/csv.h"
#include "ui/text/format.h"

#define DEFAULT_FUNCTIONS_HEIGHT 340
#define RUNTIME "goroutines.runtime"

#define UNPARK_TYPE_GOROUTINE_VIEW (unpark_goroutine_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkGoroutineView, unpark_goroutine_view, UNPARK, GOROUTINE_VIEW, UnparkPage)

struct _UnparkGoroutineView {
  UnparkPage page;

  UnparkGoroutineTable *table;
  gboolean filling;

  GtkWidget *paned, *functions, *rows, *rows_title, *show, *waits, *runtime, *columns;
  UnparkRowList *function_list, *row_list;
  GtkSelectionModel *function_selection, *row_selection;
};

G_DEFINE_FINAL_TYPE(UnparkGoroutineView, unpark_goroutine_view, UNPARK_TYPE_PAGE)

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

/* Those of the runtime come last, and are shown on request, or where there is nothing else. */
static guint shown_functions(UnparkGoroutineView *self) {
  const UnparkGoroutineTable *table = self->table;
  guint n = 0;
  while (n < table->n_functions && !table->functions[n].system)
    n++;
  gboolean all = gtk_check_button_get_active(GTK_CHECK_BUTTON(self->runtime));
  return all || n == 0 ? table->n_functions : n;
}

static void show_facts(UnparkGoroutineView *self, guint n) {
  char goroutines[UNPARK_FORMAT_SIZE], functions[UNPARK_FORMAT_SIZE];
  guint n_rows = 0, n_hidden = 0;
  for (guint i = 0; i < self->table->n_functions; i++)
    *(i < n ? &n_rows : &n_hidden) += self->table->functions[i].count;
  unpark_format_count(n_rows, goroutines);
  unpark_format_count(n, functions);
  g_autofree char *count =
      g_strdup_printf(ngettext("%s goroutine", "%s goroutines", n_rows), goroutines);
  g_autofree char *places =
      g_strdup_printf(ngettext("started in %s function", "started in %s functions", n), functions);
  g_autofree char *facts = g_strdup_printf("%s, %s", count, places);
  unpark_format_count(n_hidden, goroutines);
  g_autofree char *hidden =
      n_hidden > 0 ? g_strdup_printf(_("and %s of the runtime"), goroutines) : g_strdup("");
  unpark_page_set_facts(&self->page, NULL, facts);
  unpark_page_set_shown(&self->page, hidden);
}

static void update_pages(UnparkGoroutineView *self) {
  if (self->table->n_rows == 0)
    unpark_page_say(&self->page, _("No Goroutines"),
                    *unpark_session_get_filter(self->page.session)
                        ? _("No goroutine that matches the filter did anything in this time.")
                        : _("No goroutine did anything in this time."));
  else
    unpark_page_show_content(&self->page);
}

/* Takes the table. */
static void show_table(UnparkGoroutineView *self, UnparkGoroutineTable *table) {
  const UnparkFunctionRow *before = chosen_function(self);
  g_autofree char *name = before ? g_strdup(before->name) : NULL;
  g_clear_pointer(&self->table, unpark_goroutine_table_unref);
  self->table = table;
  self->filling = TRUE;
  guint n = shown_functions(self);
  unpark_row_list_set(self->function_list, table, 0, n,
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
  show_facts(self, n);
  on_function(self);
  update_pages(self);
  unpark_divider_fit(GTK_PANED(self->paned), self->functions);
}

/* Other rows of the same table, or other bars in them. */
static void show_again(UnparkGoroutineView *self) {
  unpark_goroutine_columns_set_waits(gtk_check_button_get_active(GTK_CHECK_BUTTON(self->waits)));
  unpark_settings_set_bool(RUNTIME, gtk_check_button_get_active(GTK_CHECK_BUTTON(self->runtime)));
  if (self->table)
    show_table(self, unpark_goroutine_table_ref(self->table));
}

/* ---- Loading ---------------------------------------------------------------------------- */

static gpointer make_table(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkScopeRequest *request = data;
  return unpark_goroutine_table_new(request->store, request->from_ns, request->to_ns, request->ids,
                                    request->n_ids, cancellable, error);
}

static void on_loaded(gpointer owner, gpointer data, gpointer result, const GError *error) {
  show_table(owner, result);
}

static void load(UnparkPage *page) {
  static const UnparkWork loading = {make_table, on_loaded, unpark_scope_request_free,
                                     (GDestroyNotify)unpark_goroutine_table_unref};
  unpark_page_run_scoped(page, &loading, NULL);
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
  unpark_session_go_to(self->page.session, &pick, "timeline");
}

static void go_to_function(UnparkGoroutineView *self) {
  const UnparkFunctionRow *function = chosen_function(self);
  if (!function)
    return;
  UnparkPick pick = {.type = UNPARK_PICK_GROUP,
                     .id = function->name_id,
                     .start_ns = UNPARK_NONE,
                     .end_ns = UNPARK_NONE};
  unpark_session_go_to(self->page.session, &pick, "timeline");
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
static void copy(UnparkPage *page) {
  UnparkGoroutineView *self = UNPARK_GOROUTINE_VIEW(page);
  GListModel *model = G_LIST_MODEL(self->function_selection);
  g_autoptr(GString) text = begin_table('\t');
  for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    const UnparkGoroutineTable *table = unpark_profile_item_get_data(item);
    const UnparkFunctionRow *function = &table->functions[unpark_profile_item_get_row(item)];
    g_string_append_printf(text, "%s\t%u", function->name, function->count);
    append_tally(text, &function->tally, '\t');
  }
  gtk_widget_activate_action(GTK_WIDGET(page), "win.copy", "s", text->str);
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

static void export(UnparkPage *page) {
  UnparkGoroutineView *self = UNPARK_GOROUTINE_VIEW(page);
  if (self->table)
    unpark_save_text(GTK_WIDGET(page), _("Save the Table"), "goroutines.csv", to_csv,
                     unpark_goroutine_table_ref(self->table),
                     (GDestroyNotify)unpark_goroutine_table_unref);
}

/* ---- Widget ----------------------------------------------------------------------------- */

static void begin(UnparkPage *page) {
  UnparkGoroutineView *self = UNPARK_GOROUTINE_VIEW(page);
  unpark_page_use_scope(page, _("Copy the table of functions"));
  /* A function may have started hundreds of thousands. */
  self->row_selection = unpark_data_table_fill(self->rows, unpark_goroutine_row_columns,
                                               g_object_ref(G_LIST_MODEL(self->row_list)), TRUE);
  self->function_selection =
      unpark_data_table_fill(self->functions, unpark_goroutine_function_columns,
                             g_object_ref(G_LIST_MODEL(self->function_list)), TRUE);
  unpark_columns_menu_attach(GTK_MENU_BUTTON(self->columns), GTK_COLUMN_VIEW(self->functions),
                             "goroutines");
  g_signal_connect_object(self->function_selection, "notify::selected-item",
                          G_CALLBACK(on_function), self, G_CONNECT_SWAPPED);
}

static void unpark_goroutine_view_finalize(GObject *object) {
  UnparkGoroutineView *self = UNPARK_GOROUTINE_VIEW(object);
  g_clear_object(&self->function_selection);
  g_clear_object(&self->row_selection);
  g_clear_object(&self->function_list);
  g_clear_object(&self->row_list);
  g_clear_pointer(&self->table, unpark_goroutine_table_unref);
  G_OBJECT_CLASS(unpark_goroutine_view_parent_class)->finalize(object);
}

static void unpark_goroutine_view_class_init(UnparkGoroutineViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = unpark_goroutine_view_finalize;
  class->parent_class.begin = begin;
  class->parent_class.load = load;
  class->parent_class.copy = copy;
  class->parent_class.export = export;
  unpark_page_class_set_template(class, "goroutines/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkGoroutineView, paned);
  gtk_widget_class_bind_template_child(widget_class, UnparkGoroutineView, functions);
  gtk_widget_class_bind_template_child(widget_class, UnparkGoroutineView, rows);
  gtk_widget_class_bind_template_child(widget_class, UnparkGoroutineView, rows_title);
  gtk_widget_class_bind_template_child(widget_class, UnparkGoroutineView, show);
  gtk_widget_class_bind_template_callback(widget_class, go_to_function);
  gtk_widget_class_bind_template_child(widget_class, UnparkGoroutineView, waits);
  gtk_widget_class_bind_template_child(widget_class, UnparkGoroutineView, columns);
  gtk_widget_class_bind_template_child(widget_class, UnparkGoroutineView, runtime);
  gtk_widget_class_bind_template_callback(widget_class, on_row);
  gtk_widget_class_bind_template_callback(widget_class, show_again);
}

static void unpark_goroutine_view_init(UnparkGoroutineView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  gboolean runtime = unpark_settings_get_bool(RUNTIME, FALSE);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(self->waits), unpark_goroutine_columns_get_waits());
  gtk_check_button_set_active(GTK_CHECK_BUTTON(self->runtime), runtime);
  self->function_list = unpark_row_list_new();
  self->row_list = unpark_row_list_new();
  self->page.first = self->functions;
  unpark_divider_remember(GTK_PANED(self->paned), "goroutines.functions-height",
                          DEFAULT_FUNCTIONS_HEIGHT);
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_GOROUTINE_VIEW, session);
}

const UnparkView unpark_goroutine_view = {
    .name = "goroutines",
    .title = N_("Goroutines"),
    .icon = "unpark-goroutines-symbolic",
    .applies = applies,
    .create = create,
    .focus = unpark_page_focus,
    .export = unpark_page_export,
};
