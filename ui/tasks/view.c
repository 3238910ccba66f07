/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tasks/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/data-table.h"
#include "ui/text/format.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/row-list.h"
#include "ui/kit/save-text.h"
#include "ui/page/scope-bar.h"
#include "ui/session/scope-request.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"
#include "model/base/tables.h"
#include "ui/tasks/columns.h"
#include "ui/tasks/pane.h"
#include "ui/tasks/text.h"

#define DEFAULT_KINDS_HEIGHT 180
#define DEFAULT_TASKS_WIDTH 600
/* More kinds, or tasks of a kind, than a person looks through: those that took longest. What is
 * copied or saved has all. */
#define MAX_SHOWN 10000

#define UNPARK_TYPE_TASK_VIEW (unpark_task_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkTaskView, unpark_task_view, UNPARK, TASK_VIEW, GtkWidget)

struct _UnparkTaskView {
  GtkWidget parent_instance;

  UnparkSession *session;
  GCancellable *loading;
  UnparkTaskTable *table;
  gboolean stale, filling;

  GtkWidget *box, *scope, *facts, *spinner, *pages, *empty, *paned, *halves;
  GtkWidget *kinds, *title, *lists, *tasks, *regions, *pane;
  UnparkRowList *kind_list, *task_list, *region_list;
  GtkSelectionModel *kind_selection, *task_selection;
};

G_DEFINE_FINAL_TYPE(UnparkTaskView, unpark_task_view, GTK_TYPE_WIDGET)

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
          ? g_strdup_printf(_("%s · the slowest %s of %s tasks"), name, shown, count)
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

static void show_sentence(UnparkTaskView *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

static void update_pages(UnparkTaskView *self) {
  if (self->table->n_rows == 0)
    show_sentence(self, _("No Tasks"),
                  *unpark_session_get_filter(self->session)
                      ? _("No task in this time has a goroutine that passes the filter.")
                      : _("There is no task in this time."));
  else
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "tables");
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
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
}

/* What was looked at stays, if it is there again. */
static void show_table(UnparkTaskView *self, UnparkTaskTable *table) {
  int kind = chosen(self, self->kind_selection), task = chosen(self, self->task_selection);
  g_autofree char *name = kind < 0 ? NULL : g_strdup(self->table->kinds[kind].name);
  gint64 id = task < 0 ? UNPARK_NONE : self->table->rows[task].id;
  unpark_task_pane_show(UNPARK_TASK_PANE(self->pane), NULL, 0);
  g_clear_pointer(&self->table, unpark_task_table_unref);
  self->table = unpark_task_table_ref(table);
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
}

/* ---- Loading ------------------------------------------------------------------------------- */

static void fail(UnparkTaskView *self, const GError *error) {
  if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_sentence(self, _("Cannot Be Shown"), error->message);
}

static void count_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  if (unpark_task_table_count(data, cancellable, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void on_counted(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(source);
  g_autoptr(GError) error = NULL;
  gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->loading)
    return;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
  if (!ok) {
    fail(self, error);
    return;
  }
  unpark_task_columns_refresh(GTK_COLUMN_VIEW(self->kinds));
  unpark_task_columns_refresh(GTK_COLUMN_VIEW(self->tasks));
  unpark_task_pane_refresh(UNPARK_TASK_PANE(self->pane));
}

/* The lengths are shown at once; the states take a scan over all spans. */
static void count_states(UnparkTaskView *self) {
  g_autoptr(GTask) task = g_task_new(self, self->loading, on_counted, NULL);
  g_task_set_task_data(task, unpark_task_table_ref(self->table),
                       (GDestroyNotify)unpark_task_table_unref);
  g_task_run_in_thread(task, count_thread);
}

static void load_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  UnparkScopeRequest *request = data;
  UnparkTaskSpec spec = {.from_ns = request->from_ns, .to_ns = request->to_ns};
  GError *error = NULL;
  if (request->filtered && request->filtered->has_tasks) {
    spec.tasks = request->filtered->tasks.ids;
    spec.n_tasks = request->filtered->tasks.n;
  } else {
    spec.goroutines = request->ids;
    spec.n_goroutines = request->n_ids;
  }
  UnparkTaskTable *table = unpark_task_table_new(request->store, &spec, cancellable, &error);
  if (table)
    g_task_return_pointer(task, table, (GDestroyNotify)unpark_task_table_unref);
  else
    g_task_return_error(task, error);
}

static void on_loaded(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkTaskTable) table = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->loading)
    return;
  if (table) {
    show_table(self, table);
    count_states(self);
    return;
  }
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
  fail(self, error);
}

static void load(UnparkTaskView *self) {
  self->stale = !gtk_widget_get_mapped(GTK_WIDGET(self));
  if (!unpark_session_get_store(self->session) || self->stale)
    return;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), TRUE);
  unpark_scope_request_start(GTK_WIDGET(self), self->session, self->scope, NULL, &self->loading,
                             load_thread, on_loaded);
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
  unpark_session_go_to(self->session, &pick, "timeline");
}

/* ---- Copying ------------------------------------------------------------------------------- */

/* The names in their order on screen, for a spreadsheet. */
static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(widget);
  GListModel *model = G_LIST_MODEL(self->kind_selection);
  g_autoptr(GString) text = g_string_new(NULL);
  if (!self->table)
    return;
  unpark_task_text_head(text, '\t');
  for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    unpark_task_text_kind(text, self->table, unpark_profile_item_get_row(item), '\t');
  }
  gtk_widget_activate_action(widget, "win.copy", "s", text->str);
}

static void export(GtkWidget *widget) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(widget);
  if (self->table)
    unpark_save_text(widget, _("Save the Table"), "tasks.csv", unpark_task_text_csv,
                     unpark_task_table_ref(self->table), (GDestroyNotify)unpark_task_table_unref);
}

/* ---- Widget -------------------------------------------------------------------------------- */

/* What the states are, also for those who have no pointer to hover with. */
static GtkWidget *make_explanation(void) {
  GtkWidget *button = gtk_menu_button_new(), *popover = gtk_popover_new();
  GtkWidget *label = gtk_label_new(unpark_task_states_words());
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 60);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_margin_top(label, 6);
  gtk_widget_set_margin_bottom(label, 6);
  gtk_widget_set_margin_start(label, 6);
  gtk_widget_set_margin_end(label, 6);
  gtk_popover_set_child(GTK_POPOVER(popover), label);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), popover);
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "dialog-information-symbolic");
  gtk_widget_set_tooltip_text(button, _("Whose time counts for a task"));
  unpark_accessible_name(button, _("Whose time counts for a task"));
  return button;
}

static GtkWidget *make_bar(UnparkTaskView *self) {
  UnparkScopeBar bar;
  unpark_scope_bar_init(&bar, self->session, _("Copy the table of tasks by name"), "tasks.copy");
  self->scope = bar.scope;
  self->facts = bar.facts;
  self->spinner = bar.spinner;
  gtk_box_append(GTK_BOX(bar.bar), make_explanation());
  g_signal_connect_swapped(self->scope, "changed", G_CALLBACK(load), self);
  return bar.bar;
}

static void describe(GtkWidget *view, const char *text) {
  gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                 -1);
}

/* The tasks of a name, or their regions. */
static GtkWidget *make_lists(UnparkTaskView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *switcher = gtk_stack_switcher_new();
  GtkSelectionModel *selection;
  self->title = gtk_label_new(NULL);
  self->lists = gtk_stack_new();
  gtk_label_set_xalign(GTK_LABEL(self->title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(self->title, "heading");
  gtk_widget_set_hexpand(self->title, TRUE);
  gtk_widget_set_margin_start(self->title, 6);
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), GTK_STACK(self->lists));
  gtk_widget_add_css_class(head, "toolbar");
  gtk_box_append(GTK_BOX(head), self->title);
  gtk_box_append(GTK_BOX(head), switcher);
  gtk_box_append(GTK_BOX(box), head);
  GtkWidget *tasks = unpark_data_table_new(_("Tasks of the name"), unpark_task_row_columns,
                                           g_object_ref(G_LIST_MODEL(self->task_list)), FALSE,
                                           &self->tasks, &self->task_selection);
  GtkWidget *regions = unpark_data_table_new(_("Regions of the tasks"), unpark_task_region_columns,
                                             g_object_ref(G_LIST_MODEL(self->region_list)), FALSE,
                                             &self->regions, &selection);
  g_object_unref(selection);
  describe(self->tasks, _("Enter shows it on the timeline"));
  describe(self->regions, _("Enter shows the longest on the timeline"));
  gtk_column_view_set_single_click_activate(GTK_COLUMN_VIEW(self->regions), TRUE);
  gtk_stack_add_titled(GTK_STACK(self->lists), tasks, "tasks", _("Tasks"));
  gtk_stack_add_titled(GTK_STACK(self->lists), regions, "regions", _("Regions"));
  gtk_widget_set_vexpand(self->lists, TRUE);
  gtk_box_append(GTK_BOX(box), self->lists);
  g_signal_connect_swapped(self->task_selection, "notify::selected-item", G_CALLBACK(on_task),
                           self);
  g_signal_connect_swapped(self->tasks, "activate", G_CALLBACK(on_task_activated), self);
  g_signal_connect(self->regions, "activate", G_CALLBACK(on_region), self);
  return box;
}

static void on_paned(UnparkTaskView *self) {
  unpark_settings_set_int("tasks.kinds-height", gtk_paned_get_position(GTK_PANED(self->paned)));
  unpark_settings_set_int("tasks.tasks-width", gtk_paned_get_position(GTK_PANED(self->halves)));
}

static GtkWidget *make_halves(UnparkTaskView *self) {
  GtkWidget *lists = make_lists(self);
  self->halves = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
  self->pane = unpark_task_pane_new(self->session);
  gtk_widget_set_size_request(lists, 320, -1);
  gtk_widget_set_size_request(self->pane, 320, 160);
  gtk_paned_set_start_child(GTK_PANED(self->halves), lists);
  gtk_paned_set_end_child(GTK_PANED(self->halves), self->pane);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->halves), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->halves), FALSE);
  gtk_paned_set_position(GTK_PANED(self->halves),
                         unpark_settings_get_int("tasks.tasks-width", DEFAULT_TASKS_WIDTH));
  g_signal_connect_swapped(self->halves, "notify::position", G_CALLBACK(on_paned), self);
  return self->halves;
}

static GtkWidget *make_pages(UnparkTaskView *self) {
  self->paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  self->pages = gtk_stack_new();
  self->empty = adw_status_page_new();
  GtkWidget *kinds = unpark_data_table_new(_("Tasks by name"), unpark_task_kind_columns,
                                           g_object_ref(G_LIST_MODEL(self->kind_list)), FALSE,
                                           &self->kinds, &self->kind_selection);
  gtk_widget_set_size_request(kinds, -1, 100);
  gtk_paned_set_start_child(GTK_PANED(self->paned), kinds);
  gtk_paned_set_end_child(GTK_PANED(self->paned), make_halves(self));
  gtk_paned_set_resize_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_position(GTK_PANED(self->paned),
                         unpark_settings_get_int("tasks.kinds-height", DEFAULT_KINDS_HEIGHT));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->empty), "edit-find-symbolic");
  gtk_stack_add_named(GTK_STACK(self->pages), self->paned, "tables");
  gtk_stack_add_named(GTK_STACK(self->pages), self->empty, "empty");
  gtk_widget_set_vexpand(self->pages, TRUE);
  describe(self->kinds, _("Enter goes to the tasks of the name"));
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->kind_selection, "notify::selected-item", G_CALLBACK(on_kind),
                           self);
  g_signal_connect_swapped(self->kinds, "activate", G_CALLBACK(on_kind_activated), self);
  return self->pages;
}

static void on_map(UnparkTaskView *self) {
  if (self->stale)
    load(self);
}

static void forget(gpointer object, UnparkTaskView *self) {
  if (object)
    g_signal_handlers_disconnect_by_data(object, self);
}

static void unpark_task_view_dispose(GObject *object) {
  UnparkTaskView *self = UNPARK_TASK_VIEW(object);
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  forget(self->kind_selection, self);
  forget(self->task_selection, self);
  forget(self->paned, self);
  forget(self->halves, self);
  self->paned = self->halves = NULL;
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->kind_selection);
  g_clear_object(&self->task_selection);
  g_clear_object(&self->kind_list);
  g_clear_object(&self->task_list);
  g_clear_object(&self->region_list);
  g_clear_object(&self->session);
  g_clear_pointer(&self->table, unpark_task_table_unref);
  G_OBJECT_CLASS(unpark_task_view_parent_class)->dispose(object);
}

static void unpark_task_view_class_init(UnparkTaskViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_task_view_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "tasks.copy", NULL, on_copy);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "tasks.copy",
                                      NULL);
}

static void unpark_task_view_init(UnparkTaskView *self) {
  self->stale = TRUE;
}

static GtkWidget *create(UnparkSession *session) {
  UnparkTaskView *self = g_object_new(UNPARK_TYPE_TASK_VIEW, NULL);
  self->session = g_object_ref(session);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->kind_list = unpark_row_list_new();
  self->task_list = unpark_row_list_new();
  self->region_list = unpark_row_list_new();
  GtkWidget *pages = make_pages(self);
  gtk_box_append(GTK_BOX(self->box), make_bar(self));
  gtk_box_append(GTK_BOX(self->box), pages);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-ready", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_TASK_VIEW(widget)->kinds);
}

const UnparkView unpark_task_view = {
    .name = "tasks",
    .title = N_("Tasks"),
    .icon = "object-select-symbolic",
    .applies = unpark_tasks_apply,
    .create = create,
    .focus = focus,
    .export = export,
};
