/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/race-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/tables/race-list.h"
#include "ui/text/format.h"
#include "ui/text/profile-format.h"
#include "ui/kit/profile-item.h"
#include "ui/reports/race-detail.h"
#include "ui/reports/race-words.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"

#define DEFAULT_LIST_WIDTH 480
#define MIN_LIST_WIDTH 300
#define MIN_DETAIL_WIDTH 420

#define UNPARK_TYPE_RACE_VIEW (unpark_race_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkRaceView, unpark_race_view, UNPARK, RACE_VIEW, GtkWidget)

struct _UnparkRaceView {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkRaceList *races;
  GCancellable *loading, *searching;
  guint8 *matches; /* by race; NULL: all */

  GtkWidget *box, *title, *shown, *search, *pages, *empty, *list, *detail, *paned;
  GListStore *items;
  GtkFilter *filter;
  GtkSelectionModel *selection;
};

G_DEFINE_FINAL_TYPE(UnparkRaceView, unpark_race_view, GTK_TYPE_WIDGET)

/* ---- What is shown --------------------------------------------------------------------------- */

static void show_sentence(UnparkRaceView *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

static void update_shown(UnparkRaceView *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->selection));
  char shown[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE];
  if (!self->races)
    return;
  unpark_format_count(n, shown);
  unpark_format_count(self->races->n_races, all);
  g_autofree char *title =
      g_strdup_printf(ngettext("%s data race", "%s data races", self->races->n_races), all);
  g_autofree char *text =
      n == self->races->n_races ? g_strdup("") : g_strdup_printf(_("%s of %s races"), shown, all);
  gtk_label_set_text(GTK_LABEL(self->title), title);
  gtk_label_set_text(GTK_LABEL(self->shown), text);
  if (self->races->n_races == 0)
    show_sentence(self, _("No Races"), _("There is no data race in this report."));
  else if (n == 0)
    show_sentence(self, _("Nothing Found"),
                  _("No race has this function, file, goroutine or address."));
  else
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "list");
}

static void on_selected(UnparkRaceView *self) {
  UnparkProfileItem *item =
      gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(self->selection));
  if (item)
    unpark_race_detail_show(UNPARK_RACE_DETAIL(self->detail), unpark_profile_item_get_data(item),
                            unpark_profile_item_get_row(item));
  else
    unpark_race_detail_show(UNPARK_RACE_DETAIL(self->detail), NULL, 0);
}

static gboolean passes(gpointer item, gpointer user_data) {
  UnparkRaceView *self = user_data;
  return !self->matches || unpark_profile_item_get_data(item) != self->races ||
         self->matches[unpark_profile_item_get_row(item)];
}

/* ---- Rows ------------------------------------------------------------------------------------ */

/* A number, and two lines: the access and the one before it. */
static void on_setup(GtkListItemFactory *factory, GtkListItem *item, gpointer data) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *number = unpark_profile_cell_number();
  gtk_label_set_width_chars(GTK_LABEL(number), 3);
  gtk_widget_add_css_class(number, "dim-label");
  gtk_widget_set_valign(number, GTK_ALIGN_START);
  for (guint i = 0; i < 2; i++) {
    GtkWidget *line = unpark_profile_cell_text();
    gtk_label_set_ellipsize(GTK_LABEL(line), PANGO_ELLIPSIZE_END);
    gtk_box_append(GTK_BOX(texts), line);
  }
  gtk_widget_add_css_class(gtk_widget_get_last_child(texts), "dim-label");
  gtk_widget_set_hexpand(texts, TRUE);
  gtk_widget_add_css_class(row, "unpark-race-row");
  gtk_box_append(GTK_BOX(row), number);
  gtk_box_append(GTK_BOX(row), texts);
  gtk_list_item_set_child(item, row);
}

static char *line_of(const UnparkRaceAccess *access, gboolean previous) {
  g_autofree char *place = unpark_race_place(access);
  /* Translators: "Write: main.(*Cart).Add  cart.go:50" */
  return g_strdup_printf(_("%s: %s"), unpark_race_kind(access, previous), place);
}

static void on_bind(GtkListItemFactory *factory, GtkListItem *item, gpointer data) {
  UnparkProfileItem *object = gtk_list_item_get_item(item);
  const UnparkRaceList *list = unpark_profile_item_get_data(object);
  const UnparkRace *race = &list->races[unpark_profile_item_get_row(object)];
  GtkWidget *row = gtk_list_item_get_child(item);
  GtkWidget *number = gtk_widget_get_first_child(row);
  GtkWidget *texts = gtk_widget_get_next_sibling(number);
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, race->id);
  g_autofree char *now = line_of(&race->now, FALSE), *previous = line_of(&race->previous, TRUE);
  gtk_label_set_text(GTK_LABEL(number), id);
  unpark_profile_cell_set_text(gtk_widget_get_first_child(texts), now, now);
  unpark_profile_cell_set_text(gtk_widget_get_last_child(texts), previous, previous);
}

/* ---- Searching ------------------------------------------------------------------------------- */

typedef struct {
  UnparkRaceList *races;
  char *text;
} Search;

static void search_free(gpointer data) {
  Search *search = data;
  unpark_race_list_unref(search->races);
  g_free(search->text);
  g_free(search);
}

static void search_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Search *search = data;
  GError *error = NULL;
  guint8 *matches = unpark_race_list_match(search->races, search->text, cancellable, &error);
  if (matches)
    g_task_return_pointer(task, matches, g_free);
  else
    g_task_return_error(task, error);
}

static void apply_matches(UnparkRaceView *self, guint8 *matches) {
  g_free(self->matches);
  self->matches = matches;
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_shown(self);
}

static void on_found(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkRaceView *self = UNPARK_RACE_VIEW(source);
  g_autoptr(GError) error = NULL;
  guint8 *matches = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->searching)
    g_free(matches);
  else if (matches)
    apply_matches(self, matches);
  else
    show_sentence(self, _("Cannot Be Searched"), error->message);
}

static void on_search(UnparkRaceView *self) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->search));
  g_cancellable_cancel(self->searching);
  g_clear_object(&self->searching);
  if (!self->races)
    return;
  if (!*text) {
    apply_matches(self, NULL);
    return;
  }
  Search *search = g_new0(Search, 1);
  search->races = unpark_race_list_ref(self->races);
  search->text = g_strdup(text);
  self->searching = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(self, self->searching, on_found, NULL);
  g_task_set_task_data(task, search, search_free);
  g_task_run_in_thread(task, search_thread);
}

/* ---- Loading --------------------------------------------------------------------------------- */

static void load_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  UnparkRaceList *races = unpark_race_list_new(data, unpark_profile_is_own, cancellable, &error);
  if (races)
    g_task_return_pointer(task, races, (GDestroyNotify)unpark_race_list_unref);
  else
    g_task_return_error(task, error);
}

static void on_loaded(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkRaceView *self = UNPARK_RACE_VIEW(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkRaceList) races = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->loading)
    return;
  if (!races) {
    show_sentence(self, _("Cannot Be Shown"), error->message);
    return;
  }
  unpark_race_list_unref(self->races);
  g_clear_pointer(&self->matches, g_free);
  self->races = g_steal_pointer(&races);
  g_autoptr(GPtrArray) items = unpark_profile_items_new(self->races, self->races->n_races,
                                                        (gpointer(*)(gpointer))unpark_race_list_ref,
                                                        (GDestroyNotify)unpark_race_list_unref);
  unpark_profile_store_replace(self->items, items);
  update_shown(self);
  on_selected(self);
  on_search(self);
}

static void load(UnparkRaceView *self) {
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

/* ---- Widget ---------------------------------------------------------------------------------- */

static GtkWidget *make_bar(UnparkRaceView *self) {
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  self->title = unpark_profile_cell_text();
  self->shown = unpark_profile_cell_number();
  self->search = gtk_search_entry_new();
  gtk_widget_add_css_class(self->title, "heading");
  gtk_widget_add_css_class(self->shown, "dim-label");
  gtk_widget_set_hexpand(self->title, TRUE);
  g_object_set(self->search, "placeholder-text", _("Function, file, goroutine or address"), NULL);
  gtk_editable_set_width_chars(GTK_EDITABLE(self->search), 8);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(self->search), 30);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Search races"), -1);
  gtk_search_entry_set_key_capture_widget(GTK_SEARCH_ENTRY(self->search), self->list);
  gtk_widget_add_css_class(bar, "toolbar");
  gtk_widget_set_margin_start(bar, 6);
  gtk_widget_set_margin_top(bar, 6);
  gtk_box_append(GTK_BOX(bar), self->title);
  gtk_box_append(GTK_BOX(bar), self->shown);
  gtk_box_append(GTK_BOX(bar), self->search);
  g_signal_connect_swapped(self->search, "search-changed", G_CALLBACK(on_search), self);
  return bar;
}

static void make_list(UnparkRaceView *self) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->filter = GTK_FILTER(gtk_custom_filter_new(passes, self, NULL));
  GtkFilterListModel *filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)),
                                                           g_object_ref(self->filter));
  self->selection = GTK_SELECTION_MODEL(gtk_single_selection_new(G_LIST_MODEL(filtered)));
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), NULL);
  self->list = gtk_list_view_new(g_object_ref(self->selection), factory);
  gtk_list_view_set_show_separators(GTK_LIST_VIEW(self->list), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Data races"), -1);
  g_signal_connect_swapped(self->selection, "notify::selected-item", G_CALLBACK(on_selected), self);
}

static void on_paned(UnparkRaceView *self) {
  unpark_settings_set_int("race.list-width", gtk_paned_get_position(GTK_PANED(self->paned)));
}

/* Enter: on to the accesses. */
static void on_activate(UnparkRaceView *self) {
  gtk_widget_child_focus(self->detail, GTK_DIR_TAB_FORWARD);
}

static GtkWidget *make_pages(UnparkRaceView *self) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  self->paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
  self->detail = unpark_race_detail_new();
  self->pages = gtk_stack_new();
  self->empty = adw_status_page_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->list);
  gtk_widget_set_size_request(scrolled, MIN_LIST_WIDTH, -1);
  gtk_widget_set_size_request(self->detail, MIN_DETAIL_WIDTH, -1);
  gtk_paned_set_start_child(GTK_PANED(self->paned), scrolled);
  gtk_paned_set_end_child(GTK_PANED(self->paned), self->detail);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_resize_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_position(GTK_PANED(self->paned),
                         unpark_settings_get_int("race.list-width", DEFAULT_LIST_WIDTH));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->empty), "edit-find-symbolic");
  gtk_stack_add_named(GTK_STACK(self->pages), self->paned, "list");
  gtk_stack_add_named(GTK_STACK(self->pages), self->empty, "empty");
  gtk_widget_set_vexpand(self->pages, TRUE);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->list, "activate", G_CALLBACK(on_activate), self);
  return self->pages;
}

static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkRaceView *self = UNPARK_RACE_VIEW(widget);
  gtk_widget_activate_action(self->detail, "race-detail.copy", NULL);
}

static void unpark_race_view_dispose(GObject *object) {
  UnparkRaceView *self = UNPARK_RACE_VIEW(object);
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
  g_clear_pointer(&self->races, unpark_race_list_unref);
  g_clear_pointer(&self->matches, g_free);
  G_OBJECT_CLASS(unpark_race_view_parent_class)->dispose(object);
}

static void unpark_race_view_class_init(UnparkRaceViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_race_view_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "race.copy", NULL, on_copy);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "race.copy", NULL);
}

static void unpark_race_view_init(UnparkRaceView *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  make_list(self);
  gtk_box_append(GTK_BOX(self->box), make_bar(self));
  gtk_box_append(GTK_BOX(self->box), make_pages(self));
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

static GtkWidget *create(UnparkSession *session) {
  UnparkRaceView *self = g_object_new(UNPARK_TYPE_RACE_VIEW, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  load(self);
  return GTK_WIDGET(self);
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_RACE_VIEW(widget)->list);
}

static GtkWidget *search(GtkWidget *widget) {
  return UNPARK_RACE_VIEW(widget)->search;
}

const UnparkView unpark_race_view = {
    .name = "races",
    .title = N_("Races"),
    .icon = "dialog-warning-symbolic",
    .applies = unpark_race_exists,
    .create = create,
    .search = search,
    .focus = focus,
};
