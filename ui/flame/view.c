/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/view.h"

#include <glib/gi18n.h>

#include "ui/flame/legend.h"
#include "ui/flame/view-private.h"
#include "ui/page/divider.h"
#include "ui/kit/settings.h"
#include "ui/kit/toast.h"

#define DEFAULT_TABLE_WIDTH 460

G_DEFINE_FINAL_TYPE(UnparkFlameView, unpark_flame_view, UNPARK_TYPE_PAGE)

void unpark_flame_view_tell(UnparkFlameView *self, const char *text) {
  adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(self->toasts), unpark_toast_new(text));
}

/* ---- What is shown ----------------------------------------------------------------------- */

/* The importer lists the measures that are not 0 where the first one is. */
static void show_zero(UnparkFlameView *self) {
  const char *text = _("This measure is 0 in every sample. Choose another one above.");
  guint n;
  const UnparkNote *notes = unpark_store_notes(unpark_session_get_store(self->page.session), &n);
  for (guint i = 0; i < n; i++)
    if (g_str_equal(notes[i].name, "zero-measure"))
      text = notes[i].detail;
  unpark_page_say(&self->page, _("Nothing Here"), text);
}

static void show_pages(UnparkFlameView *self) {
  UnparkStore *store = unpark_session_get_store(self->page.session);
  if (self->job.result->flame->nodes[0].weight > 0)
    unpark_page_show_content(&self->page);
  else if (unpark_flame_options_has_patterns(&self->options))
    unpark_page_say(&self->page, _("Nothing Left"), _("The filters exclude every stack."));
  else if (unpark_store_source(store)->kind == UNPARK_SOURCE_PROFILE)
    show_zero(self);
  else
    unpark_page_say(&self->page, _("Nothing Here"),
                    _("The chosen part of the file has nothing of this kind."));
}

void unpark_flame_view_apply_colours(UnparkFlameView *self) {
  UnparkFlameColouring colouring = self->options.colouring;
  UnparkFlameResult *result = self->job.result;
  if (colouring == UNPARK_FLAME_COLOUR_CHANGE && !(result && result->whole->has_base))
    colouring = UNPARK_FLAME_COLOUR_KIND;
  unpark_flame_graph_set_colouring(UNPARK_FLAME_GRAPH(self->graph), colouring);
  unpark_flame_graph_set_colouring(UNPARK_FLAME_GRAPH(self->callers), colouring);
  unpark_flame_legend_fill(GTK_BOX(self->legend), result ? result->legends[colouring] : NULL);
}

static void update_status(UnparkFlameView *self) {
  const UnparkFlame *flame = unpark_flame_graph_get_flame(self->active);
  guint32 node = 0, n_folded = 0;
  g_autofree char *text = NULL;
  if (!flame)
    return;
  if (unpark_flame_graph_get_hover(UNPARK_FLAME_GRAPH(self->graph), &node, &n_folded)) {
    flame = unpark_flame_graph_get_flame(UNPARK_FLAME_GRAPH(self->graph));
  } else if (!unpark_flame_graph_get_hover(self->active, &node, &n_folded)) {
    node = unpark_flame_graph_get_focus(self->active);
    n_folded = 0;
  }
  text = unpark_flame_graph_sentence(flame, node, n_folded);
  gtk_label_set_text(GTK_LABEL(self->status), text);
}

void unpark_flame_view_show_result(UnparkFlameView *self, GPtrArray *items) {
  UnparkFlameResult *result = self->job.result;
  UnparkFlameGraph *graph = UNPARK_FLAME_GRAPH(self->graph);
  gboolean sandwich = result->callers != NULL;
  unpark_flame_graph_set_upwards(graph, self->options.upwards && !sandwich);
  unpark_flame_graph_set_skipped(graph, sandwich ? 1 : 0);
  unpark_flame_graph_set_flame(graph, result->flame);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(self->callers), result->callers);
  gboolean callers = sandwich && result->callers->max_depth >= 2;
  gtk_widget_set_visible(self->callers_box, callers);
  if (!callers)
    self->active = graph;
  g_autofree char *name = g_strdup_printf(_("Flame graph: %s"), result->flame->title);
  unpark_flame_graph_set_title(graph, name);
  unpark_flame_table_set(UNPARK_FLAME_TABLE(self->table), result, items);
  unpark_flame_view_apply_colours(self);
  show_pages(self);
  unpark_flame_view_update_summary(self, NULL);
  unpark_flame_view_search(self);
  update_status(self);
}

/* ---- The session ------------------------------------------------------------------------- */

void unpark_flame_view_reload(UnparkFlameView *self) {
  if (self->page.session && !self->filling)
    unpark_page_reload(&self->page);
}

static void on_selection(UnparkFlameView *self) {
  unpark_flame_view_tell_scope(self);
  if (self->options.follow_time)
    unpark_flame_view_reload(self);
}

static void on_pick(UnparkFlameView *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->page.session);
  UnparkFlameWho who = self->options.who;
  if (pick->type == UNPARK_PICK_ROW && pick->table == UNPARK_TABLE_TASK)
    unpark_flame_view_take_task(self);
  else if (who == UNPARK_FLAME_WHO_GOROUTINE || who == UNPARK_FLAME_WHO_ENTRY)
    unpark_flame_view_reload(self);
}

/* Somebody asks for a function's stacks. */
static void on_reveal(UnparkFlameView *self) {
  g_autofree char *function = unpark_session_take_function(self->page.session, "flame");
  g_autofree char *escaped = function ? g_regex_escape_string(function, -1) : NULL;
  g_autofree char *pattern = escaped ? g_strdup_printf("^%s$", escaped) : NULL;
  if (pattern)
    unpark_flame_view_set_pattern(self, UNPARK_FLAME_FOCUS, pattern);
}

static void on_filter(UnparkFlameView *self) {
  unpark_flame_view_tell_scope(self);
  if (self->options.who == UNPARK_FLAME_WHO_FILTER)
    unpark_flame_view_reload(self);
}

static void on_filter_ready(UnparkFlameView *self) {
  if (self->job.waiting)
    unpark_flame_view_reload(self);
}

static void begin(UnparkPage *page) {
  static const struct {
    const char *signal;
    void (*callback)(UnparkFlameView *);
  } signals[] = {{"selection-changed", on_selection},
                 {"filter-changed", on_filter},
                 {"filter-ready", on_filter_ready},
                 {"pick-changed", on_pick},
                 {"reveal", on_reveal}};
  UnparkFlameView *self = UNPARK_FLAME_VIEW(page);
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(page->session, signals[i].signal, G_CALLBACK(signals[i].callback), self,
                            G_CONNECT_SWAPPED);
  /* Of before the view was there. */
  unpark_flame_view_tell_scope(self);
  on_pick(self);
  on_reveal(self);
}

/* ---- Links between graph and table ------------------------------------------------------- */

static void on_focus(UnparkFlameGraph *graph, UnparkFlameView *self) {
  const UnparkFlame *flame = unpark_flame_graph_get_flame(graph);
  const UnparkFlameResult *result = self->job.result;
  guint32 node = unpark_flame_graph_get_focus(graph);
  self->active = graph;
  update_status(self);
  if (!flame || !result || node == 0 || !gtk_widget_has_focus(GTK_WIDGET(graph)))
    return;
  /* Names are numbered by tree. */
  guint32 name = flame->nodes[node].name;
  if (flame != result->whole) {
    const char *text = flame->names[name].text;
    name = G_MAXUINT32;
    for (guint i = 0; i < result->n_rows && name == G_MAXUINT32; i++)
      if (g_str_equal(result->whole->names[result->rows[i].name].text, text))
        name = result->rows[i].name;
  }
  unpark_flame_table_select(UNPARK_FLAME_TABLE(self->table), name);
}

static void mark(GtkWidget *graph, const char *text) {
  const UnparkFlame *flame = unpark_flame_graph_get_flame(UNPARK_FLAME_GRAPH(graph));
  guint32 name = G_MAXUINT32;
  for (guint32 i = 0; flame && text && i < flame->n_names; i++)
    if (g_str_equal(flame->names[i].text, text))
      name = i;
  unpark_flame_graph_set_marked(UNPARK_FLAME_GRAPH(graph), name);
}

static void on_chosen(UnparkFlameTable *table, guint name, UnparkFlameView *self) {
  const UnparkFlameResult *result = self->job.result;
  const char *text = result && name != G_MAXUINT ? result->whole->names[name].text : NULL;
  mark(self->graph, text);
  mark(self->callers, text);
}

static void on_activated(UnparkFlameTable *table, guint name, UnparkFlameView *self) {
  const UnparkFlameName *chosen = &self->job.result->whole->names[name];
  if (chosen->kind < UNPARK_NAME_GROUP)
    unpark_flame_view_set_sandwich(self, chosen->text);
}

static void on_graph_focus(GtkEventControllerFocus *controller, UnparkFlameView *self) {
  self->active =
      UNPARK_FLAME_GRAPH(gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller)));
}

static void on_table_toggled(GtkToggleButton *button, UnparkFlameView *self) {
  gboolean shown = gtk_toggle_button_get_active(button);
  gtk_widget_set_visible(self->table, shown);
  unpark_settings_set_bool("flame.table", shown);
}

/* ---- Widget ------------------------------------------------------------------------------ */

static void export(UnparkPage *page) {
  unpark_flame_export_show(UNPARK_FLAME_VIEW(page));
}

static void unpark_flame_view_dispose(GObject *object) {
  unpark_flame_job_cancel(&UNPARK_FLAME_VIEW(object)->job);
  G_OBJECT_CLASS(unpark_flame_view_parent_class)->dispose(object);
}

static void unpark_flame_view_finalize(GObject *object) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(object);
  unpark_flame_options_clear(&self->options);
  unpark_flame_job_clear(&self->job);
  G_OBJECT_CLASS(unpark_flame_view_parent_class)->finalize(object);
}

static void bind(GtkWidgetClass *class) {
  gtk_widget_class_bind_template_child(class, UnparkFlameView, toasts);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, chips);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, crumbs);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, summary);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, stop);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, paned);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, table);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, table_button);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, graph);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, callers);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, callers_box);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, legend);
  gtk_widget_class_bind_template_child(class, UnparkFlameView, status);
  gtk_widget_class_bind_template_callback(class, unpark_flame_view_stop);
  gtk_widget_class_bind_template_callback(class, unpark_flame_view_update_crumbs);
  gtk_widget_class_bind_template_callback(class, on_table_toggled);
  gtk_widget_class_bind_template_callback(class, on_chosen);
  gtk_widget_class_bind_template_callback(class, on_activated);
  gtk_widget_class_bind_template_callback(class, on_focus);
  gtk_widget_class_bind_template_callback(class, on_graph_focus);
  gtk_widget_class_bind_template_callback(class, update_status);
}

static void unpark_flame_view_class_init(UnparkFlameViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  UnparkPageClass *page_class = &class->parent_class;
  G_OBJECT_CLASS(class)->dispose = unpark_flame_view_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_flame_view_finalize;
  page_class->begin = begin;
  page_class->load = unpark_flame_view_load;
  page_class->copy = unpark_flame_view_copy;
  page_class->export = export;
  g_type_ensure(UNPARK_TYPE_FLAME_GRAPH);
  g_type_ensure(UNPARK_TYPE_FLAME_TABLE);
  unpark_page_class_set_template(class, "flame/view.ui");
  bind(widget_class);
  unpark_flame_view_bind_bar(widget_class);
  unpark_flame_view_bind_arrangement(widget_class);
  unpark_flame_view_bind_options(widget_class);
  unpark_flame_view_bind_compare(widget_class);
  unpark_flame_view_bind_filters(widget_class);
  unpark_flame_view_install_actions(widget_class);
}

static void init_graphs(UnparkFlameView *self) {
  UnparkFlameGraph *graph = UNPARK_FLAME_GRAPH(self->graph);
  UnparkFlameGraph *callers = UNPARK_FLAME_GRAPH(self->callers);
  g_autoptr(GMenuModel) menu = unpark_flame_view_menu();
  unpark_flame_graph_set_menu(graph, menu);
  unpark_flame_graph_set_menu(callers, menu);
  unpark_flame_graph_set_upwards(graph, self->options.upwards);
  unpark_flame_graph_set_upwards(callers, TRUE);
  unpark_flame_graph_set_skipped(callers, 2); /* its own frame is on top of its callees */
  unpark_flame_graph_set_title(callers, _("Callers"));
  self->active = graph;
}

static void unpark_flame_view_init(UnparkFlameView *self) {
  UnparkPage *page = &self->page;
  gboolean table = unpark_settings_get_bool("flame.table", TRUE);
  self->filling = TRUE;
  unpark_flame_options_init(&self->options);
  gtk_widget_init_template(GTK_WIDGET(self));
  adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(self->toasts), page->box);
  g_object_unref(page->box); /* the frame took its place */
  page->first = self->graph;
  g_object_bind_property(page->spinner, "visible", self->stop, "visible", G_BINDING_DEFAULT);
  init_graphs(self);
  gtk_widget_set_visible(self->table, table);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->table_button), table);
  unpark_divider_remember(GTK_PANED(self->paned), "flame.table-width", DEFAULT_TABLE_WIDTH);
  unpark_flame_view_init_bar(self);
  unpark_flame_view_init_options(self);
  unpark_flame_view_init_compare(self);
  unpark_flame_view_init_filters(self);
  self->filling = FALSE;
}

/* ---- For UnparkView ---------------------------------------------------------------------- */

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_FLAME_VIEW, session);
}

/* Spans of distributed traces have no stacks. */
static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind != UNPARK_SOURCE_SPANS;
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(GTK_WIDGET(UNPARK_FLAME_VIEW(widget)->active));
}

/* Traces have lanes to filter. */
static GtkWidget *search(GtkWidget *widget) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  UnparkStore *store = unpark_session_get_store(self->page.session);
  gboolean trace = store && unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
  return trace ? NULL : self->bar.search;
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
    .export = unpark_page_export,
    .match = match,
};
