/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/dump-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "model/tables/dump-groups.h"
#include "ui/reports/dump-columns.h"
#include "ui/reports/dump-detail.h"
#include "ui/text/format.h"
#include "ui/text/profile-format.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"

#define DEFAULT_LIST_WIDTH 800
#define MIN_DETAIL_WIDTH 280
#define MIN_LIST_WIDTH 360

#define UNPARK_TYPE_DUMP_VIEW (unpark_dump_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkDumpView, unpark_dump_view, UNPARK, DUMP_VIEW, GtkWidget)

struct _UnparkDumpView {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkDumpGroups *groups;
  GCancellable *loading, *searching;
  guint8 *matches; /* by group; NULL: all */

  GtkWidget *box, *crash, *facts, *shown, *search, *pages, *empty, *table, *detail, *paned;
  GListStore *items;
  GtkFilter *filter;
  GtkSelectionModel *selection;
};

G_DEFINE_FINAL_TYPE(UnparkDumpView, unpark_dump_view, GTK_TYPE_WIDGET)

/* ---- What is shown -------------------------------------------------------------------------- */

static void show_sentence(UnparkDumpView *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

static void update_shown(UnparkDumpView *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->selection));
  char shown[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE];
  if (!self->groups)
    return;
  unpark_format_count(n, shown);
  unpark_format_count(self->groups->n_groups, all);
  g_autofree char *text = n == self->groups->n_groups
                              ? g_strdup("")
                              : g_strdup_printf(_("%s of %s groups"), shown, all);
  gtk_label_set_text(GTK_LABEL(self->shown), text);
  if (self->groups->n_groups == 0)
    show_sentence(self, _("No Goroutines"), _("There is no goroutine in this dump."));
  else if (n == 0)
    show_sentence(self, _("Nothing Found"),
                  _("No goroutine has this state, number, function or file."));
  else
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "table");
}

/* "panic: assignment to entry in nil map": what the program said when it printed the dump. */
static void show_crash(UnparkDumpView *self) {
  guint n;
  const UnparkNote *notes = unpark_store_notes(self->groups->store, &n);
  const char *said = NULL;
  for (guint i = 0; i < n && !said; i++)
    if (strcmp(notes[i].name, "crash") == 0)
      said = notes[i].detail;
  gtk_label_set_text(GTK_LABEL(self->crash), said ? said : "");
  gtk_widget_set_tooltip_text(self->crash, said);
  gtk_widget_set_visible(self->crash, said != NULL);
}

static void show_facts(UnparkDumpView *self) {
  char goroutines[UNPARK_FORMAT_SIZE], groups[UNPARK_FORMAT_SIZE];
  gint64 longest = UNPARK_NONE;
  for (guint i = 0; i < self->groups->n_groups; i++)
    longest = MAX(longest, self->groups->groups[i].wait_minutes);
  unpark_format_count(self->groups->n_goroutines, goroutines);
  unpark_format_count(self->groups->n_groups, groups);
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text,
                         ngettext("%s group of equal state and stack",
                                  "%s groups of equal state and stack", self->groups->n_groups),
                         groups);
  if (longest != UNPARK_NONE && longest > 0) {
    char minutes[UNPARK_FORMAT_SIZE];
    g_autofree char *wait = g_strdup_printf(
        ngettext("longest wait %s minute", "longest wait %s minutes", (gulong)longest),
        unpark_format_count(longest, minutes));
    g_string_append_printf(text, " · %s", wait);
  }
  g_autofree char *title = g_strdup_printf(
      ngettext("%s goroutine", "%s goroutines", (gulong)self->groups->n_goroutines), goroutines);
  GtkWidget *heading = gtk_widget_get_prev_sibling(self->facts);
  gtk_label_set_text(GTK_LABEL(heading), title);
  gtk_label_set_text(GTK_LABEL(self->facts), text->str);
  show_crash(self);
}

static void on_selected(UnparkDumpView *self) {
  UnparkProfileItem *item =
      gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(self->selection));
  if (item)
    unpark_dump_detail_show(UNPARK_DUMP_DETAIL(self->detail), unpark_profile_item_get_data(item),
                            unpark_profile_item_get_row(item));
  else
    unpark_dump_detail_show(UNPARK_DUMP_DETAIL(self->detail), NULL, 0);
}

static gboolean passes(gpointer item, gpointer user_data) {
  UnparkDumpView *self = user_data;
  return !self->matches || unpark_profile_item_get_data(item) != self->groups ||
         self->matches[unpark_profile_item_get_row(item)];
}

/* ---- Searching -------------------------------------------------------------------------- */

typedef struct {
  UnparkDumpGroups *groups;
  char *text;
} Search;

static void search_free(gpointer data) {
  Search *search = data;
  unpark_dump_groups_unref(search->groups);
  g_free(search->text);
  g_free(search);
}

static void search_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Search *search = data;
  GError *error = NULL;
  guint8 *matches = unpark_dump_groups_match(search->groups, search->text, cancellable, &error);
  if (matches)
    g_task_return_pointer(task, matches, g_free);
  else
    g_task_return_error(task, error);
}

static void apply_matches(UnparkDumpView *self, guint8 *matches) {
  g_free(self->matches);
  self->matches = matches;
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_shown(self);
}

static void on_found(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkDumpView *self = UNPARK_DUMP_VIEW(source);
  g_autoptr(GError) error = NULL;
  guint8 *matches = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->searching)
    g_free(matches);
  else if (matches)
    apply_matches(self, matches);
  else
    show_sentence(self, _("Cannot Be Searched"), error->message);
}

static void on_search(UnparkDumpView *self) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->search));
  g_cancellable_cancel(self->searching);
  g_clear_object(&self->searching);
  if (!self->groups)
    return;
  if (!*text) {
    apply_matches(self, NULL);
    return;
  }
  Search *search = g_new0(Search, 1);
  search->groups = unpark_dump_groups_ref(self->groups);
  search->text = g_strdup(text);
  self->searching = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(self, self->searching, on_found, NULL);
  g_task_set_task_data(task, search, search_free);
  g_task_run_in_thread(task, search_thread);
}

/* ---- Loading ------------------------------------------------------------------------------- */

typedef struct {
  UnparkDumpGroups *groups;
  GPtrArray *items;
} Loaded;

static void loaded_free(gpointer data) {
  Loaded *loaded = data;
  unpark_dump_groups_unref(loaded->groups);
  g_ptr_array_unref(loaded->items);
  g_free(loaded);
}

static void load_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  UnparkDumpGroups *groups =
      unpark_dump_groups_new(data, unpark_profile_is_own, cancellable, &error);
  if (!groups) {
    g_task_return_error(task, error);
    return;
  }
  Loaded *loaded = g_new0(Loaded, 1);
  loaded->groups = groups;
  loaded->items = unpark_profile_items_new(groups, groups->n_groups,
                                           (gpointer(*)(gpointer))unpark_dump_groups_ref,
                                           (GDestroyNotify)unpark_dump_groups_unref);
  g_task_return_pointer(task, loaded, loaded_free);
}

static void on_loaded(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkDumpView *self = UNPARK_DUMP_VIEW(source);
  g_autoptr(GError) error = NULL;
  Loaded *loaded = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->loading) {
    g_clear_pointer(&loaded, loaded_free);
    return;
  }
  if (!loaded) {
    show_sentence(self, _("Cannot Be Shown"), error->message);
    return;
  }
  unpark_dump_groups_unref(self->groups);
  g_clear_pointer(&self->matches, g_free);
  self->groups = unpark_dump_groups_ref(loaded->groups);
  show_facts(self);
  unpark_profile_store_replace(self->items, loaded->items);
  if (loaded->groups->n_groups > 0)
    gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->selection), 0);
  update_shown(self);
  on_selected(self);
  on_search(self);
  loaded_free(loaded);
}

static void load(UnparkDumpView *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  if (!store)
    return;
  self->loading = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(self, self->loading, on_loaded, NULL);
  g_task_set_task_data(task, unpark_store_ref(store), (GDestroyNotify)unpark_store_unref);
  g_task_run_in_thread(task, load_thread);
}

/* ---- Widget -------------------------------------------------------------------------------- */

static GtkWidget *make_bar(UnparkDumpView *self) {
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *facts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = unpark_profile_cell_text();
  self->crash = unpark_profile_cell_text();
  self->facts = unpark_profile_cell_text();
  self->shown = unpark_profile_cell_number();
  self->search = gtk_search_entry_new();
  gtk_widget_add_css_class(title, "heading");
  gtk_widget_add_css_class(self->facts, "dim-label");
  gtk_widget_add_css_class(self->shown, "dim-label");
  gtk_widget_set_hexpand(facts, TRUE);
  gtk_widget_set_valign(facts, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(self->crash, "heading");
  gtk_widget_hide(self->crash);
  gtk_box_append(GTK_BOX(facts), self->crash);
  gtk_box_append(GTK_BOX(facts), title);
  gtk_box_append(GTK_BOX(facts), self->facts);
  g_object_set(self->search, "placeholder-text", _("State, function, file or number"), NULL);
  gtk_editable_set_width_chars(GTK_EDITABLE(self->search), 8);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(self->search), 30);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Search goroutines"), -1);
  gtk_search_entry_set_key_capture_widget(GTK_SEARCH_ENTRY(self->search), self->table);
  gtk_widget_add_css_class(bar, "toolbar");
  gtk_widget_set_margin_start(bar, 6);
  gtk_widget_set_margin_top(bar, 6);
  gtk_widget_set_margin_bottom(bar, 4);
  gtk_box_append(GTK_BOX(bar), facts);
  gtk_box_append(GTK_BOX(bar), self->shown);
  gtk_box_append(GTK_BOX(bar), self->search);
  g_signal_connect_swapped(self->search, "search-changed", G_CALLBACK(on_search), self);
  return bar;
}

static void make_table(UnparkDumpView *self) {
  self->table = gtk_column_view_new(NULL);
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->filter = GTK_FILTER(gtk_custom_filter_new(passes, self, NULL));
  unpark_dump_view_columns(GTK_COLUMN_VIEW(self->table));
  GtkSorter *sorter = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->table));
  GtkFilterListModel *filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)),
                                                           g_object_ref(self->filter));
  GtkSortListModel *sorted = gtk_sort_list_model_new(G_LIST_MODEL(filtered), g_object_ref(sorter));
  self->selection = GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(sorted)));
  gtk_column_view_set_model(GTK_COLUMN_VIEW(self->table), self->selection);
  gtk_widget_add_css_class(self->table, "data-table");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->table), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Groups of goroutines"), -1);
  g_signal_connect_swapped(self->selection, "notify::selected-item", G_CALLBACK(on_selected), self);
}

static void on_paned(UnparkDumpView *self) {
  unpark_settings_set_int("dump.list-width", gtk_paned_get_position(GTK_PANED(self->paned)));
}

/* Enter: on to the stack. */
static void on_activate(UnparkDumpView *self) {
  gtk_widget_child_focus(self->detail, GTK_DIR_TAB_FORWARD);
}

static GtkWidget *make_pages(UnparkDumpView *self) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  self->paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
  self->detail = unpark_dump_detail_new();
  self->pages = gtk_stack_new();
  self->empty = adw_status_page_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->table);
  gtk_widget_set_size_request(scrolled, MIN_LIST_WIDTH, -1);
  gtk_widget_set_size_request(self->detail, MIN_DETAIL_WIDTH, -1);
  gtk_paned_set_start_child(GTK_PANED(self->paned), scrolled);
  gtk_paned_set_end_child(GTK_PANED(self->paned), self->detail);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_position(GTK_PANED(self->paned),
                         unpark_settings_get_int("dump.list-width", DEFAULT_LIST_WIDTH));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->empty), "edit-find-symbolic");
  gtk_stack_add_named(GTK_STACK(self->pages), self->paned, "table");
  gtk_stack_add_named(GTK_STACK(self->pages), self->empty, "empty");
  gtk_widget_set_vexpand(self->pages, TRUE);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->table, "activate", G_CALLBACK(on_activate), self);
  return self->pages;
}

static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkDumpView *self = UNPARK_DUMP_VIEW(widget);
  g_autofree char *text = unpark_dump_detail_text(UNPARK_DUMP_DETAIL(self->detail));
  if (text)
    gtk_widget_activate_action(widget, "win.copy", "s", text);
}

static void unpark_dump_view_dispose(GObject *object) {
  UnparkDumpView *self = UNPARK_DUMP_VIEW(object);
  g_cancellable_cancel(self->loading);
  g_cancellable_cancel(self->searching);
  g_clear_object(&self->loading);
  g_clear_object(&self->searching);
  if (self->selection)
    g_signal_handlers_disconnect_by_data(self->selection, self);
  if (self->paned)
    g_signal_handlers_disconnect_by_data(self->paned, self);
  self->paned = NULL;
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->selection);
  g_clear_object(&self->items);
  g_clear_object(&self->filter);
  g_clear_object(&self->session);
  g_clear_pointer(&self->groups, unpark_dump_groups_unref);
  g_clear_pointer(&self->matches, g_free);
  G_OBJECT_CLASS(unpark_dump_view_parent_class)->dispose(object);
}

static void unpark_dump_view_class_init(UnparkDumpViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_dump_view_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "dump.copy", NULL, on_copy);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "dump.copy", NULL);
}

static void unpark_dump_view_init(UnparkDumpView *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  make_table(self);
  gtk_box_append(GTK_BOX(self->box), make_bar(self));
  gtk_box_append(GTK_BOX(self->box), make_pages(self));
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

static GtkWidget *create(UnparkSession *session) {
  UnparkDumpView *self = g_object_new(UNPARK_TYPE_DUMP_VIEW, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  load(self);
  return GTK_WIDGET(self);
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_DUMP_VIEW(widget)->table);
}

static GtkWidget *search(GtkWidget *widget) {
  return UNPARK_DUMP_VIEW(widget)->search;
}

const UnparkView unpark_dump_view = {
    .name = "dump",
    .title = N_("Goroutines"),
    .icon = "view-list-symbolic",
    .applies = unpark_dump_exists,
    .create = create,
    .focus = focus,
    .search = search,
};
