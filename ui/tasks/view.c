/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tasks/view.h"

#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "ui/kit/data-table.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/row-list.h"
#include "ui/kit/save-text.h"
#include "ui/page/divider.h"
#include "ui/page/page.h"
#include "ui/session/scope-request.h"
#include "ui/tasks/columns.h"
#include "ui/tasks/pane.h"
#include "ui/tasks/text.h"
#include "ui/text/format.h"

#define DEFAULT_KINDS_HEIGHT 180
#define DEFAULT_TASKS_WIDTH 660
/* More kinds, or tasks of a kind, than a person looks through: those that took longest. What is
 * copied or saved has all. */
#define MAX_SHOWN 10000

#define UNPARK_TYPE_TASK_VIEW (unpark_task_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkTaskView, unpark_task_view, UNPARK, TASK_VIEW, UnparkPage)

struct _UnparkTaskView {
  UnparkPage page;

  UnparkTaskTable *table;
  gboolean filling;

  GtkWidget *paned, *halves, *kinds, *title, *lists, *tasks, *regions, *pane, *explanation;
  UnparkRowList *kind_list, *task_list, *region_list;
  GtkSelectionModel *kind_selection, *task_selection;
};

G_DEFINE_FINAL_TYPE(UnparkTaskView, unpark_task_view, UNPARK_TYPE_PAGE)

/* ---- What is shown ------------------------------------------------------------------------- */

static int chosen(UnparkTaskView *self, GtkSelectionModel *selection) {
  UnparkProfileItem *item = gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(selection));
  if (!item || !self->table || unpark_profile_item_get_data(item) != self->table)
    return -1;
  return (int)unpark_profile_item_get_row(item);
}

static void set_rows(UnparkTaskView *self, UnparkRowList *list, guint32 first, guint n) {
  unpark_row_list_set(list, self->table, first, n, (gpointer(*)(gpointer))unpark_task_table_ref,
                      (GDestroyNotify)unpark_task_table_unref);
}

/* Row -1, or one that is not there: the first. */
static void select_row(GtkSelectionModel *selection, int row) {
  GListModel *model = G_LIST_MODEL(selection);
  guint select = 0, n = g_list_model_get_n_items(model);
  for (guint i = 0; row >= 0 && i < n; i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    if (unpark_profile_item_get_row(item) == (guint32)row) {
      select = i;
      break;
    }
  }
  gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(selection), select);
}

static void on_task(UnparkTaskView *self) {
  if (self->filling || !self->table)
    return;
  int row = chosen(self, self->task_selection);
  unpark_task_pane_show(UNPARK_TASK_PANE(self->pane), row < 0 ? NULL : self->table,
                        (guint32)MAX(row, 0));
}

static void show_title(UnparkTaskView *self, const UnparkTaskKind *kind) {
  char count[UNPARK_FORMAT_SIZE], shown[UNPARK_FORMAT_SIZE];
  unpark_format_count(kind->count, count);
  unpark_format_count(MIN(kind->count, MAX_SHOWN), shown);
  const char *name = unpark_task_kind_title(kind);
  g_autofree char *text =
      kind->count > MAX_SHOWN
          /* Translators: the name, how many are shown, of how many */
          ? g_strdup_printf(_("%s · slowest %s of %s tasks"), name, shown, count)
          : g_strdup_printf(ngettext("%s · %s task", "%s · %s tasks", kind->count), name, count);
  gtk_label_set_text(GTK_LABEL(self->title), text);
  gtk_widget_set_tooltip_text(self->title, text);
}

/* `task`: row to be selected; -1: the slowest. */
static void show_kind(UnparkTaskView *self, int number, int task) {
  const UnparkTaskKind *kind = number < 0 ? NULL : &self->table->kinds[number];
  gboolean filling = self->filling;
  self->filling = TRUE;
  set_rows(self, self->task_list, kind ? kind->first : 0, kind ? MIN(kind->count, MAX_SHOWN) : 0);
  set_rows(self, self->region_list, kind ? kind->first_region : 0, kind ? kind->n_regions : 0);
  select_row(self->task_selection, task);
  self->filling = filling;
  if (kind)
    show_title(self, kind);
  else
    gtk_label_set_text(GTK_LABEL(self->title), "");
  on_task(self);
}

static void on_kind(UnparkTaskView *self) {
  if (!self->filling && self->table)
    show_kind(self, chosen(self, self->kind_selection), -1);
}

static void update_pages(UnparkTaskView *self) {
  if (self->table->n_rows == 0)
    unpark_page_say(&self->page, _("No Tasks"),
                    *unpark_session_get_filter(self->page.session)
                        ? _("No task in this time has a goroutine that matches the filter.")
                        : _("There are no tasks in this time."));
  else
    unpark_page_show_content(&self->page);
}

static void show_facts(UnparkTaskView *self) {
  char tasks[UNPARK_FORMAT_SIZE], kinds[UNPARK_FORMAT_SIZE];
  unpark_format_count(self->table->n_rows, tasks);
  unpark_format_count(self->table->n_kinds, kinds);
  g_autofree char *count =
      g_strdup_printf(ngettext("%s task", "%s tasks", self->table->n_rows), tasks);
  g_autofree char *names =
      g_strdup_printf(ngettext("%s name", "%s names", self->table->n_kinds), kinds);
  g_autofree char *facts = g_strdup_printf("%s · %s", count, names);
  unpark_page_set_facts(&self->page, NULL, facts);
}

/* Takes the table. What was looked at stays, if it is there again. */
static void show_table(UnparkTaskView *self, UnparkTaskTable *table) {
  int kind = chosen(self, self->kind_selection), task = chosen(self, self->task_selection);
  g_autofree char *name = kind < 0 ? NULL : g_strdup(self->table->kinds[kind].name);
  gint64 id = task < 0 ? UNPARK_NONE : self->table->rows[task].id;
  unpark_task_pane_show(UNPARK_TASK_PANE(self->pane), NULL, 0);
  g_clear_pointer(&self->table, unpark_task_table_unref);
  self->table = table;
  kind = -1;
  for (guint k = 0; name && k < MIN(table->n_kinds, MAX_SHOWN); k++)
    if (g_str_equal(table->kinds[k].name, name))
      kind = (int)k;
  self->filling = TRUE;
  set_rows(self, self->kind_list, 0, MIN(table->n_kinds, MAX_SHOWN));
  select_row(self->kind_selection, kind);
  self->filling = FALSE;
  const UnparkTaskRow *row = kind < 0 ? NULL : unpark_task_table_find(table, id);
  show_kind(self, chosen(self, self->kind_selection), row ? (int)(row - table->rows) : -1);
  show_facts(self);
  update_pages(self);
  unpark_divider_fit(GTK_PANED(self->paned), self->kinds);
}

/* ---- Loading ------------------------------------------------------------------------------- */

static gpointer count(gpointer table, GCancellable *cancellable, GError **error) {
  unpark_task_table_count(table, cancellable, error);
  return NULL;
}

static void on_counted(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkTaskView *self = owner;
  unpark_task_columns_refresh(GTK_COLUMN_VIEW(self->kinds));
  unpark_task_columns_refresh(GTK_COLUMN_VIEW(self->tasks));
  unpark_task_pane_refresh(UNPARK_TASK_PANE(self->pane));
}

static gpointer make_table(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkScopeRequest *request = data;
  UnparkTaskSpec spec = {.from_ns = request->from_ns, .to_ns = request->to_ns};
  if (request->filtered && request->filtered->has_tasks) {
    spec.tasks = request->filtered->tasks.ids;
    spec.n_tasks = request->filtered->tasks.n;
  } else {
    spec.goroutines = request->ids;
    spec.n_goroutines = request->n_ids;
  }
  return unpark_task_table_new(request->store, &spec, cancellable, error);
}

/* The lengths are shown at once; the states take a scan over all spans. */
static void on_loaded(gpointer owner, gpointer data, gpointer result, const GError *error) {
  static const UnparkWork counting = {count, on_counted, (GDestroyNotify)unpark_task_table_unref,
                                      NULL};
  UnparkTaskView *self = owner;
  show_table(self, result);
  unpark_page_run(&self->page, &counting, unpark_task_table_ref(self->table));
}

static void load(UnparkPage *page) {
  static const UnparkWork loading = {make_table, on_loaded, unpark_scope_request_free,
                                     (GDestroyNotify)unpark_task_table_unref};
  unpark_page_run_scoped(page, &loading, NULL);
}

/* ---- To the timeline ----------------------------------------------------------------------- */

static void on_kind_activated(UnparkTaskView *self) {
  gtk_stack_set_visible_child_name(GTK_STACK(self->lists), "tasks");
  gtk_widget_grab_focus(self->tasks);
}

static void on_task_activated(UnparkTaskView *self) {
  unpark_task_pane_go(UNPARK_TASK_PANE(self->pane));
}

/* The longest of its name. */
static void on_region(GtkColumnView *view, guint position, UnparkTaskView *self) {
  g_autoptr(UnparkProfileItem) item =
      g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(view)), position);
  if (!item)
    return;
  const UnparkTaskTable *table = unpark_profile_item_get_data(item);
  const UnparkTaskRegion *region = &table->regions[unpark_profile_item_get_row(item)];
  if (region->count == 0)
    return;
  UnparkPick pick = {.type = UNPARK_PICK_ROW,
                     .table = UNPARK_TABLE_REGION,
                     .id = region->longest_number,
                     .start_ns = region->longest_start_ns,
                     .end_ns = region->longest_end_ns};
  if (region->longest_goroutine != UNPARK_NONE)
    pick.goroutine = region->longest_goroutine;
  unpark_session_go_to(self->page.session, &pick, "timeline");
}

/* ---- Copying ------------------------------------------------------------------------------- */

/* The names in their order on screen, for a spreadsheet. */
static void copy(UnparkPage *page) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(page);
  GListModel *model = G_LIST_MODEL(self->kind_selection);
  g_autoptr(GString) text = g_string_new(NULL);
  if (!self->table)
    return;
  unpark_task_text_head(text, '\t');
  for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    unpark_task_text_kind(text, self->table, unpark_profile_item_get_row(item), '\t');
  }
  gtk_widget_activate_action(GTK_WIDGET(page), "win.copy", "s", text->str);
}

static void export(UnparkPage *page) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(page);
  if (self->table)
    unpark_save_text(GTK_WIDGET(page), _("Save the Table"), "tasks.csv", unpark_task_text_csv,
                     unpark_task_table_ref(self->table), (GDestroyNotify)unpark_task_table_unref);
}

/* ---- Widget -------------------------------------------------------------------------------- */

static GtkSelectionModel *fill(GtkWidget *view, void (*columns)(GtkColumnView *view),
                               UnparkRowList *list) {
  return unpark_data_table_fill(view, columns, g_object_ref(G_LIST_MODEL(list)), FALSE);
}

static void begin(UnparkPage *page) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(page);
  unpark_page_use_scope(page, _("Copy the table of tasks by name"));
  unpark_task_pane_set_session(UNPARK_TASK_PANE(self->pane), page->session);
  self->kind_selection = fill(self->kinds, unpark_task_kind_columns, self->kind_list);
  self->task_selection = fill(self->tasks, unpark_task_row_columns, self->task_list);
  g_object_unref(fill(self->regions, unpark_task_region_columns, self->region_list));
  g_signal_connect_object(self->kind_selection, "notify::selected-item", G_CALLBACK(on_kind), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->task_selection, "notify::selected-item", G_CALLBACK(on_task), self,
                          G_CONNECT_SWAPPED);
}

static void unpark_task_view_finalize(GObject *object) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(object);
  g_clear_object(&self->kind_selection);
  g_clear_object(&self->task_selection);
  g_clear_object(&self->kind_list);
  g_clear_object(&self->task_list);
  g_clear_object(&self->region_list);
  g_clear_pointer(&self->table, unpark_task_table_unref);
  G_OBJECT_CLASS(unpark_task_view_parent_class)->finalize(object);
}

static void unpark_task_view_class_init(UnparkTaskViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = unpark_task_view_finalize;
  class->parent_class.begin = begin;
  class->parent_class.load = load;
  class->parent_class.copy = copy;
  class->parent_class.export = export;
  g_type_ensure(UNPARK_TYPE_TASK_PANE);
  unpark_page_class_set_template(class, "tasks/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, paned);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, halves);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, kinds);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, title);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, lists);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, tasks);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, regions);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, pane);
  gtk_widget_class_bind_template_child(widget_class, UnparkTaskView, explanation);
  gtk_widget_class_bind_template_callback(widget_class, on_kind_activated);
  gtk_widget_class_bind_template_callback(widget_class, on_task_activated);
  gtk_widget_class_bind_template_callback(widget_class, on_region);
}

static void unpark_task_view_init(UnparkTaskView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->kind_list = unpark_row_list_new();
  self->task_list = unpark_row_list_new();
  self->region_list = unpark_row_list_new();
  self->page.first = self->kinds;
  gtk_label_set_label(GTK_LABEL(self->explanation), unpark_task_states_words());
  unpark_divider_remember(GTK_PANED(self->paned), "tasks.kinds-height", DEFAULT_KINDS_HEIGHT);
  unpark_divider_remember(GTK_PANED(self->halves), "tasks.tasks-width", DEFAULT_TASKS_WIDTH);
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_TASK_VIEW, session);
}

const UnparkView unpark_task_view = {
    .name = "tasks",
    .title = N_("Tasks"),
    .icon = "object-select-symbolic",
    .applies = unpark_tasks_apply,
    .create = create,
    .focus = unpark_page_focus,
    .export = unpark_page_export,
};
