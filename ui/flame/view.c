/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/view.h"

#include <glib/gi18n.h>

#include "ui/flame/legend.h"
#include "ui/flame/view-private.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"
#include "ui/kit/toast.h"

#define DEFAULT_TABLE_WIDTH 460
#define MIN_TABLE_WIDTH 200
#define MIN_GRAPH_WIDTH 260
/* Quick work shows no spinner: it would only flash. */
#define BUSY_DELAY_MS 200

G_DEFINE_FINAL_TYPE(UnparkFlameView, unpark_flame_view, GTK_TYPE_WIDGET)

void unpark_flame_view_tell(UnparkFlameView *self, const char *text) {
  adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(self->toasts), unpark_toast_new(text));
}

/* ---- Busy ------------------------------------------------------------------------------ */

static gboolean show_busy(gpointer data) {
  UnparkFlameView *self = data;
  self->busy_source = 0;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), TRUE);
  gtk_widget_set_visible(self->stop, TRUE);
  return G_SOURCE_REMOVE;
}

static void set_busy(UnparkFlameView *self, gboolean busy) {
  g_clear_handle_id(&self->busy_source, g_source_remove);
  if (busy) {
    self->busy_source = g_timeout_add(BUSY_DELAY_MS, show_busy, self);
    return;
  }
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
  gtk_widget_set_visible(self->stop, FALSE);
}

static void on_stop(UnparkFlameView *self) {
  g_cancellable_cancel(self->loading);
  self->stale = FALSE;
  set_busy(self, FALSE);
  unpark_flame_view_tell(self, _("Stopped. The previous graph is still shown."));
}

/* ---- What is shown ----------------------------------------------------------------------- */

static void show_sentence(UnparkFlameView *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_widget_set_visible(self->empty_button, unpark_flame_view_has_patterns(self));
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

/* The importer lists the measures that are not 0 where the first one is. */
static void show_zero(UnparkFlameView *self) {
  const char *text = _("This measure is 0 in every sample. Choose another one above.");
  guint n;
  const UnparkNote *notes = unpark_store_notes(unpark_session_get_store(self->session), &n);
  for (guint i = 0; i < n; i++)
    if (g_str_equal(notes[i].name, "zero-measure"))
      text = notes[i].detail;
  show_sentence(self, _("Nothing Here"), text);
}

static void show_pages(UnparkFlameView *self) {
  const UnparkFlame *flame = self->result->flame;
  if (flame->nodes[0].weight > 0)
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "graph");
  else if (unpark_flame_view_has_patterns(self))
    show_sentence(self, _("Nothing Left"), _("The filters exclude every stack."));
  else if (unpark_store_source(unpark_session_get_store(self->session))->kind ==
           UNPARK_SOURCE_PROFILE)
    show_zero(self);
  else
    show_sentence(self, _("Nothing Here"),
                  _("The chosen part of the file has nothing of this kind."));
}

void unpark_flame_view_apply_colours(UnparkFlameView *self) {
  UnparkFlameColouring colouring = self->colouring;
  if (colouring == UNPARK_FLAME_COLOUR_CHANGE && !(self->result && self->result->whole->has_base))
    colouring = UNPARK_FLAME_COLOUR_PACKAGE;
  unpark_flame_graph_set_colouring(UNPARK_FLAME_GRAPH(self->graph), colouring);
  unpark_flame_graph_set_colouring(UNPARK_FLAME_GRAPH(self->callers), colouring);
  unpark_flame_legend_fill(GTK_BOX(self->legend),
                           self->result ? self->result->legends[colouring] : NULL);
}

static void update_status(UnparkFlameView *self) {
  const UnparkFlame *flame = unpark_flame_graph_get_flame(self->active);
  guint32 node = 0, n_folded = 0;
  g_autofree char *text = NULL;
  if (!flame)
    return;
  if (!unpark_flame_graph_get_hover(UNPARK_FLAME_GRAPH(self->graph), &node, &n_folded) &&
      !unpark_flame_graph_get_hover(self->active, &node, &n_folded)) {
    node = unpark_flame_graph_get_focus(self->active);
    n_folded = 0;
  } else if (unpark_flame_graph_get_hover(UNPARK_FLAME_GRAPH(self->graph), &node, &n_folded)) {
    flame = unpark_flame_graph_get_flame(UNPARK_FLAME_GRAPH(self->graph));
  }
  text = unpark_flame_graph_sentence(flame, node, n_folded);
  gtk_label_set_text(GTK_LABEL(self->status), text);
}

static void show_result(UnparkFlameView *self, UnparkFlameResult *result, GPtrArray *items) {
  UnparkFlameResult *old = self->result;
  const char *title = result->flame->title;
  gboolean sandwich = result->callers != NULL;
  self->result = unpark_flame_result_ref(result);
  unpark_flame_graph_set_upwards(UNPARK_FLAME_GRAPH(self->graph), self->upwards && !sandwich);
  unpark_flame_graph_set_rootless(UNPARK_FLAME_GRAPH(self->graph), sandwich);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(self->graph), result->flame);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(self->callers), result->callers);
  gtk_widget_set_visible(self->callers_box, sandwich);
  if (!sandwich)
    self->active = UNPARK_FLAME_GRAPH(self->graph);
  g_autofree char *name = g_strdup_printf(_("Flame graph: %s"), title);
  unpark_flame_graph_set_title(UNPARK_FLAME_GRAPH(self->graph), name);
  unpark_flame_table_set(UNPARK_FLAME_TABLE(self->table), result, items);
  unpark_flame_view_apply_colours(self);
  show_pages(self);
  unpark_flame_view_update_summary(self, NULL);
  unpark_flame_view_search(self);
  update_status(self);
  unpark_flame_result_unref(old);
}

/* ---- Making ----------------------------------------------------------------------------- */

typedef struct {
  UnparkFlameResult *result;
  GPtrArray *items;
} Made;

static void made_free(gpointer data) {
  Made *made = data;
  unpark_flame_result_unref(made->result);
  g_ptr_array_unref(made->items);
  g_free(made);
}

static void make_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  UnparkFlameResult *result = unpark_flame_query_run(data, cancellable, &error);
  if (!result) {
    g_task_return_error(task, error);
    return;
  }
  Made *made = g_new0(Made, 1);
  made->result = result;
  made->items = unpark_flame_table_items(result);
  g_task_return_pointer(task, made, made_free);
}

static void on_made(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(source);
  g_autoptr(GError) error = NULL;
  Made *made = g_task_propagate_pointer(G_TASK(result), &error);
  /* Something else is wanted by now. */
  if (!self->toasts || g_task_get_cancellable(G_TASK(result)) != self->loading) {
    g_clear_pointer(&made, made_free);
    return;
  }
  set_busy(self, FALSE);
  if (made) {
    g_free(self->scope_text);
    g_clear_pointer(&self->hint, g_free);
    self->scope_text = unpark_flame_view_scope_text(self, &self->hint);
    show_result(self, made->result, made->items);
  } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    show_sentence(self, _("Cannot Be Shown"), error->message);
  }
  g_clear_pointer(&made, made_free);
}

void unpark_flame_view_reload(UnparkFlameView *self) {
  if (!self->session || !unpark_session_get_store(self->session) || !self->offers || self->filling)
    return;
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  self->loading = g_cancellable_new();
  unpark_flame_view_fill_side(self, &self->query.side);
  set_busy(self, TRUE);
  gboolean filters = self->query.side.who == UNPARK_FLAME_WHO_FILTER;
  const GError *error = filters ? unpark_session_get_filter_error(self->session) : NULL;
  self->stale = filters && unpark_session_is_filtering(self->session);
  if (self->stale)
    return;
  g_autoptr(GTask) task = g_task_new(self, self->loading, on_made, NULL);
  g_task_set_task_data(task, unpark_flame_query_copy(&self->query),
                       (GDestroyNotify)unpark_flame_query_free);
  if (error)
    g_task_return_error(task, g_error_copy(error));
  else
    g_task_run_in_thread(task, make_thread);
}

/* ---- What the store has ----------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  GPtrArray *offers;
  guint first;
  char **label_keys;
} Offers;

static void offers_free(gpointer data) {
  Offers *offers = data;
  unpark_store_unref(offers->store);
  g_clear_pointer(&offers->offers, g_ptr_array_unref);
  g_strfreev(offers->label_keys);
  g_free(offers);
}

static void offers_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Offers *offers = data;
  GError *error = NULL;
  offers->offers = unpark_flame_offers(offers->store, &offers->first, cancellable, &error);
  if (offers->offers)
    offers->label_keys = unpark_flame_label_keys(offers->store, cancellable, &error);
  if (offers->label_keys)
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

/* Dumps are read by state. */
static void choose_first(UnparkFlameView *self, guint first) {
  const UnparkFlameOffer *offer = g_ptr_array_index(self->offers, first);
  if (self->query.source)
    return;
  self->query.source = g_strdup(offer->title);
  self->query.source_name = g_strdup(offer->name);
  if (offer->source.kind == UNPARK_FLAME_GOROUTINES)
    self->query.grouping = UNPARK_FLAME_BY_STATE;
}

static void on_offers(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(source);
  Offers *offers = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
  if (!self->toasts || g_task_get_cancellable(G_TASK(result)) != self->offering)
    return;
  if (!ok || offers->offers->len == 0) {
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      show_sentence(self, _("Cannot Be Shown"),
                    error ? error->message : _("This file has no stacks"));
    return;
  }
  g_clear_pointer(&self->offers, g_ptr_array_unref);
  g_clear_pointer(&self->label_keys, g_strfreev);
  self->offers = g_ptr_array_ref(offers->offers);
  self->label_keys = g_strdupv(offers->label_keys);
  choose_first(self, offers->first);
  unpark_flame_view_fill_sources(self);
  unpark_flame_view_update_options(self);
  unpark_flame_view_reload(self);
}

static void on_store(UnparkFlameView *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  if (!store || !gtk_widget_get_mapped(GTK_WIDGET(self)) || store == self->offers_of)
    return;
  g_clear_pointer(&self->offers_of, unpark_store_unref);
  self->offers_of = unpark_store_ref(store);
  g_cancellable_cancel(self->offering);
  g_clear_object(&self->offering);
  self->offering = g_cancellable_new();
  Offers *offers = g_new0(Offers, 1);
  offers->store = unpark_store_ref(store);
  g_autoptr(GTask) task = g_task_new(self, self->offering, on_offers, NULL);
  g_task_set_task_data(task, offers, offers_free);
  g_task_run_in_thread(task, offers_thread);
  set_busy(self, TRUE);
}

/* ---- The session --------------------------------------------------------------------------- */

/* Nobody sees it: it is made when it comes to sight. */
static void reload_or_later(UnparkFlameView *self) {
  if (gtk_widget_get_mapped(GTK_WIDGET(self)))
    unpark_flame_view_reload(self);
  else
    self->stale = TRUE;
}

static void on_map(UnparkFlameView *self) {
  gboolean stale = self->stale;
  self->stale = FALSE;
  on_store(self);
  if (stale)
    unpark_flame_view_reload(self);
}

static void on_selection(UnparkFlameView *self) {
  if (self->follow_time)
    reload_or_later(self);
}

static void on_pick(UnparkFlameView *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  if (pick->type == UNPARK_PICK_ROW && pick->table == UNPARK_TABLE_TASK) {
    unpark_flame_view_take_task(self);
  } else if (self->who == UNPARK_FLAME_WHO_GOROUTINE || self->who == UNPARK_FLAME_WHO_ENTRY) {
    reload_or_later(self);
  }
}

/* Somebody asks for a function's stacks. */
static void on_reveal(UnparkFlameView *self) {
  g_autofree char *function = unpark_session_take_function(self->session, "flame");
  g_autofree char *escaped = function ? g_regex_escape_string(function, -1) : NULL;
  g_autofree char *pattern = escaped ? g_strdup_printf("^%s$", escaped) : NULL;
  if (pattern)
    unpark_flame_view_set_pattern(self, UNPARK_FLAME_FOCUS, pattern);
}

static void on_filter(UnparkFlameView *self) {
  if (!unpark_session_get_store(self->session))
    return;
  if (self->who == UNPARK_FLAME_WHO_FILTER)
    reload_or_later(self);
}

static void on_filter_ready(UnparkFlameView *self) {
  if (self->stale)
    reload_or_later(self);
}

/* ---- Links between graph and table --------------------------------------------------------- */

static void on_zoom(UnparkFlameView *self) {
  unpark_flame_view_update_crumbs(self);
}

static void on_focus(UnparkFlameGraph *graph, UnparkFlameView *self) {
  const UnparkFlame *flame = unpark_flame_graph_get_flame(graph);
  guint32 node = unpark_flame_graph_get_focus(graph);
  self->active = graph;
  update_status(self);
  if (!flame || !self->result || node == 0 || !gtk_widget_has_focus(GTK_WIDGET(graph)))
    return;
  /* Names are numbered by tree. */
  guint32 name = flame->nodes[node].name;
  if (flame != self->result->whole) {
    const char *text = flame->names[name].text;
    name = G_MAXUINT32;
    for (guint i = 0; i < self->result->n_rows && name == G_MAXUINT32; i++)
      if (g_str_equal(self->result->whole->names[self->result->rows[i].name].text, text))
        name = self->result->rows[i].name;
  }
  unpark_flame_table_select(UNPARK_FLAME_TABLE(self->table), name);
}

static void mark(UnparkFlameGraph *graph, const char *text) {
  const UnparkFlame *flame = unpark_flame_graph_get_flame(graph);
  guint32 name = G_MAXUINT32;
  for (guint32 i = 0; flame && text && i < flame->n_names; i++)
    if (g_str_equal(flame->names[i].text, text))
      name = i;
  unpark_flame_graph_set_marked(graph, name);
}

static void on_chosen(UnparkFlameTable *table, guint name, UnparkFlameView *self) {
  const char *text =
      self->result && name != G_MAXUINT ? self->result->whole->names[name].text : NULL;
  mark(UNPARK_FLAME_GRAPH(self->graph), text);
  mark(UNPARK_FLAME_GRAPH(self->callers), text);
}

static void on_activated(UnparkFlameTable *table, guint name, UnparkFlameView *self) {
  const UnparkFlameName *chosen = &self->result->whole->names[name];
  if (chosen->kind < UNPARK_NAME_GROUP)
    unpark_flame_view_set_sandwich(self, chosen->text);
}

static void on_graph_focus(GtkEventControllerFocus *controller, UnparkFlameView *self) {
  self->active =
      UNPARK_FLAME_GRAPH(gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller)));
}

/* ---- Widget -------------------------------------------------------------------------------- */

static GtkWidget *make_graph(UnparkFlameView *self, GtkWidget **graph) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  GtkEventController *focus = gtk_event_controller_focus_new();
  g_autoptr(GMenuModel) menu = unpark_flame_view_menu();
  *graph = unpark_flame_graph_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), *graph);
  unpark_flame_graph_set_menu(UNPARK_FLAME_GRAPH(*graph), menu);
  gtk_widget_add_controller(*graph, focus);
  g_signal_connect(focus, "enter", G_CALLBACK(on_graph_focus), self);
  g_signal_connect(*graph, "focus-changed", G_CALLBACK(on_focus), self);
  g_signal_connect_swapped(*graph, "hover-changed", G_CALLBACK(update_status), self);
  return scrolled;
}

static void on_paned(UnparkFlameView *self) {
  unpark_settings_set_int("flame.table-width", gtk_paned_get_position(GTK_PANED(self->paned)));
}

static GtkWidget *make_halves(UnparkFlameView *self) {
  GtkWidget *below = make_graph(self, &self->graph);
  self->callers_box = make_graph(self, &self->callers);
  self->halves = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  gtk_paned_set_start_child(GTK_PANED(self->halves), self->callers_box);
  gtk_paned_set_end_child(GTK_PANED(self->halves), below);
  gtk_paned_set_resize_start_child(GTK_PANED(self->halves), TRUE);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->halves), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->halves), FALSE);
  gtk_widget_set_visible(self->callers_box, FALSE);
  gtk_widget_set_size_request(self->halves, MIN_GRAPH_WIDTH, -1);
  unpark_flame_graph_set_upwards(UNPARK_FLAME_GRAPH(self->callers), TRUE);
  unpark_flame_graph_set_rootless(UNPARK_FLAME_GRAPH(self->callers), TRUE);
  unpark_flame_graph_set_title(UNPARK_FLAME_GRAPH(self->callers), _("Callers"));
  self->active = UNPARK_FLAME_GRAPH(self->graph);
  g_signal_connect_swapped(self->graph, "zoom-changed", G_CALLBACK(on_zoom), self);
  return self->halves;
}

static GtkWidget *make_empty(UnparkFlameView *self) {
  self->empty = adw_status_page_new();
  self->empty_button = gtk_button_new_with_mnemonic(_("_Remove the Filters"));
  gtk_widget_set_halign(self->empty_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(self->empty_button, "pill");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->empty_button), "flame.clear-filters");
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->empty), "edit-find-symbolic");
  adw_status_page_set_child(ADW_STATUS_PAGE(self->empty), self->empty_button);
  return self->empty;
}

static GtkWidget *make_pages(UnparkFlameView *self) {
  self->paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
  self->table = unpark_flame_table_new();
  self->pages = gtk_stack_new();
  gtk_widget_set_size_request(self->table, MIN_TABLE_WIDTH, -1);
  gtk_widget_set_visible(self->table, unpark_settings_get_bool("flame.table", TRUE));
  gtk_paned_set_start_child(GTK_PANED(self->paned), self->table);
  gtk_paned_set_end_child(GTK_PANED(self->paned), self->halves);
  gtk_paned_set_resize_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_position(GTK_PANED(self->paned),
                         unpark_settings_get_int("flame.table-width", DEFAULT_TABLE_WIDTH));
  gtk_stack_add_named(GTK_STACK(self->pages), gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), "nothing");
  gtk_stack_add_named(GTK_STACK(self->pages), self->paned, "graph");
  gtk_stack_add_named(GTK_STACK(self->pages), make_empty(self), "empty");
  gtk_widget_set_vexpand(self->pages, TRUE);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect(self->table, "chosen", G_CALLBACK(on_chosen), self);
  g_signal_connect(self->table, "activated", G_CALLBACK(on_activated), self);
  return self->pages;
}

/* Where we are in the tree, and what all of it is. */
static GtkWidget *make_path(UnparkFlameView *self) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->crumbs = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  self->summary = gtk_label_new(NULL);
  self->spinner = gtk_spinner_new();
  self->stop = gtk_button_new_with_mnemonic(_("_Stop"));
  gtk_label_set_ellipsize(GTK_LABEL(self->summary), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(self->summary), 1);
  gtk_widget_set_hexpand(self->summary, TRUE);
  gtk_widget_add_css_class(self->summary, "dim-label");
  gtk_widget_add_css_class(self->summary, "numeric");
  gtk_widget_add_css_class(self->stop, "unpark-crumb");
  gtk_widget_set_visible(self->stop, FALSE);
  gtk_widget_add_css_class(row, "unpark-flame-path");
  g_signal_connect_swapped(self->stop, "clicked", G_CALLBACK(on_stop), self);
  gtk_box_append(GTK_BOX(row), self->crumbs);
  gtk_box_append(GTK_BOX(row), self->summary);
  gtk_box_append(GTK_BOX(row), self->spinner);
  gtk_box_append(GTK_BOX(row), self->stop);
  return row;
}

static GtkWidget *make_status(UnparkFlameView *self) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  self->status = gtk_label_new(NULL);
  self->legend = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_label_set_ellipsize(GTK_LABEL(self->status), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(self->status), 0);
  gtk_widget_set_hexpand(self->status, TRUE);
  gtk_widget_add_css_class(self->status, "numeric");
  gtk_widget_add_css_class(row, "unpark-status");
  gtk_box_append(GTK_BOX(row), self->status);
  gtk_box_append(GTK_BOX(row), self->legend);
  return row;
}

static void drop(GCancellable **cancellable) {
  g_cancellable_cancel(*cancellable);
  g_clear_object(cancellable);
}

static void unpark_flame_view_dispose(GObject *object) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(object);
  drop(&self->offering);
  drop(&self->loading);
  drop(&self->searching);
  drop(&self->opening);
  drop(&self->copying);
  g_clear_handle_id(&self->busy_source, g_source_remove);
  if (self->paned)
    g_signal_handlers_disconnect_by_data(self->paned, self);
  self->paned = NULL;
  g_clear_pointer(&self->toasts, gtk_widget_unparent);
  g_clear_object(&self->session);
  g_clear_object(&self->base_file);
  G_OBJECT_CLASS(unpark_flame_view_parent_class)->dispose(object);
}

static void unpark_flame_view_finalize(GObject *object) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(object);
  unpark_flame_query_clear(&self->query);
  g_clear_pointer(&self->offers, g_ptr_array_unref);
  g_strfreev(self->label_keys);
  g_clear_pointer(&self->offers_of, unpark_store_unref);
  unpark_flame_result_unref(self->result);
  g_free(self->scope_text);
  g_free(self->hint);
  G_OBJECT_CLASS(unpark_flame_view_parent_class)->finalize(object);
}

static void unpark_flame_view_class_init(UnparkFlameViewClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_flame_view_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_flame_view_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  unpark_flame_view_install_actions(GTK_WIDGET_CLASS(class));
}

static void unpark_flame_view_init(UnparkFlameView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->follow_time = TRUE;
  self->no_system = TRUE;
  self->who = UNPARK_FLAME_WHO_FILTER;
  self->upwards = unpark_settings_get_bool("flame.upwards", FALSE);
  self->colouring = (UnparkFlameColouring)CLAMP(unpark_settings_get_int("flame.colour", 0), 0, 1);
  self->toasts = adw_toast_overlay_new();
  self->chips = gtk_flow_box_new();
  make_halves(self);
  unpark_flame_graph_set_upwards(UNPARK_FLAME_GRAPH(self->graph), self->upwards);
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(self->chips), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(self->chips), 8);
  gtk_widget_set_halign(self->chips, GTK_ALIGN_START);
  gtk_widget_set_visible(self->chips, FALSE);
  gtk_box_append(GTK_BOX(box), unpark_flame_view_make_bar(self));
  gtk_box_append(GTK_BOX(box), self->chips);
  gtk_box_append(GTK_BOX(box), make_path(self));
  gtk_box_append(GTK_BOX(box), make_pages(self));
  gtk_box_append(GTK_BOX(box), make_status(self));
  adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(self->toasts), box);
  gtk_widget_set_parent(self->toasts, GTK_WIDGET(self));
  unpark_flame_view_update_chips(self);
  self->filling = FALSE;
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
}

static GtkWidget *create(UnparkSession *session) {
  UnparkFlameView *self = g_object_new(UNPARK_TYPE_FLAME_VIEW, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(on_store), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "selection-changed", G_CALLBACK(on_selection), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-changed", G_CALLBACK(on_filter), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-ready", G_CALLBACK(on_filter_ready), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "pick-changed", G_CALLBACK(on_pick), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "reveal", G_CALLBACK(on_reveal), self, G_CONNECT_SWAPPED);
  /* Of before the view was there. */
  on_pick(self);
  on_reveal(self);
  return GTK_WIDGET(self);
}

static gboolean applies(UnparkStore *store) {
  return TRUE;
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(GTK_WIDGET(UNPARK_FLAME_VIEW(widget)->active));
}

/* Traces have lanes to filter. */
static GtkWidget *search(GtkWidget *widget) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  UnparkStore *store = unpark_session_get_store(self->session);
  return store && unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE ? NULL : self->search;
}

static void export(GtkWidget *widget) {
  unpark_flame_export_show(UNPARK_FLAME_VIEW(widget));
}

static void match(GtkWidget *widget, int direction) {
  unpark_flame_graph_step_match(UNPARK_FLAME_VIEW(widget)->active, direction < 0);
}

const UnparkView unpark_flame_view = {
    .name = "flame",
    .title = N_("Flame Graph"),
    .icon = "unpark-flame-symbolic",
    .applies = applies,
    .create = create,
    .focus = focus,
    .search = search,
    .export = export,
    .match = match,
};
