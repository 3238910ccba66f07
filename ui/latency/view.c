/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/latency/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/data-table.h"
#include "ui/text/format.h"
#include "ui/latency/chart.h"
#include "ui/latency/columns.h"
#include "ui/kit/profile-item.h"
#include "ui/session/scope-request.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"
#include "ui/kit/wrap-box.h"

#define DEFAULT_CHART_HEIGHT 380
#define DEFAULT_SERIES_WIDTH 820

#define UNPARK_TYPE_LATENCY_VIEW (unpark_latency_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkLatencyView, unpark_latency_view, UNPARK, LATENCY_VIEW, GtkWidget)

struct _UnparkLatencyView {
  GtkWidget parent_instance;

  UnparkSession *session;
  GCancellable *loading;
  UnparkLatency *latency;
  guint32 row; /* what the chart shows: 0 everything, else a series */
  gboolean stale, filling;

  UnparkLatencyMeasure offered[UNPARK_N_LATENCIES];
  guint n_offered;

  GtkWidget *box, *measures, *grouping, *scope, *log_counts, *over_time;
  GtkWidget *facts, *spinner, *pages, *empty, *chart, *paned, *lists, *series, *cases;
  GListStore *series_items, *case_items;
  GtkSelectionModel *series_selection;
};

G_DEFINE_FINAL_TYPE(UnparkLatencyView, unpark_latency_view, GTK_TYPE_WIDGET)

/* ---- What is shown ---------------------------------------------------------------------- */

static void fill_cases(UnparkLatencyView *self) {
  UnparkLatencyCases *cases = unpark_latency_cases_new(self->latency, self->row);
  guint n = unpark_latency_row_series(self->latency, self->row)->n_cases;
  g_autoptr(GPtrArray) items =
      unpark_profile_items_new(cases, n, (gpointer(*)(gpointer))unpark_latency_cases_ref,
                               (GDestroyNotify)unpark_latency_cases_unref);
  unpark_profile_store_replace(self->case_items, items);
  unpark_latency_cases_unref(cases);
}

static char *summary_of(UnparkLatencyView *self) {
  const UnparkHistogram *h = &unpark_latency_row_series(self->latency, self->row)->histogram;
  char count[UNPARK_FORMAT_SIZE], median[UNPARK_FORMAT_SIZE], p99[UNPARK_FORMAT_SIZE];
  char most[UNPARK_FORMAT_SIZE], total[UNPARK_FORMAT_SIZE];
  unpark_format_count((gint64)h->count, count);
  unpark_format_duration(h->total_ns, total);
  unpark_format_duration(unpark_histogram_percentile(h, 0.5), median);
  unpark_format_duration(unpark_histogram_percentile(h, 0.99), p99);
  unpark_format_duration(h->most_ns, most);
  g_autofree char *text = g_strdup_printf(
      _("%s times, %s in all · median %s · p99 %s · longest %s"), count, total, median, p99, most);
  const char *filter = unpark_session_get_filter(self->session);
  return *filter ? g_strdup_printf("%s · %s", filter, text) : g_steal_pointer(&text);
}

/* What the chart does not tell. */
static char *facts_of(UnparkLatencyView *self) {
  const UnparkHistogram *h = &unpark_latency_row_series(self->latency, self->row)->histogram;
  char count[UNPARK_FORMAT_SIZE], total[UNPARK_FORMAT_SIZE];
  unpark_format_count((gint64)h->count, count);
  return g_strdup_printf(ngettext("%s time, %s in all", "%s times, %s in all", (gulong)h->count),
                         count, unpark_format_duration(h->total_ns, total));
}

static char *title_of(UnparkLatencyView *self) {
  g_autofree char *row = unpark_latency_row_title(self->latency, self->row);
  const char *measure = unpark_latency_measure_title(self->latency->measure);
  return self->row == 0 ? g_strdup(measure) : g_strdup_printf("%s: %s", measure, row);
}

static void show_row(UnparkLatencyView *self, guint32 row) {
  self->row = row;
  g_autofree char *title = title_of(self);
  g_autofree char *summary = summary_of(self);
  g_autofree char *words = g_strdup_printf("%s. %s", title, summary);
  unpark_latency_chart_show(UNPARK_LATENCY_CHART(self->chart), self->latency,
                            unpark_latency_row_series(self->latency, row),
                            unpark_latency_row_class(self->latency, row), words);
  g_autofree char *facts = facts_of(self);
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
  fill_cases(self);
}

static void on_selected(UnparkLatencyView *self) {
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION(self->series_selection);
  UnparkProfileItem *item = gtk_single_selection_get_selected_item(selection);
  if (item && self->latency && !self->filling)
    show_row(self, unpark_profile_item_get_row(item));
}

static void select_row(UnparkLatencyView *self, guint32 row) {
  GListModel *model = G_LIST_MODEL(self->series_selection);
  for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    if (unpark_profile_item_get_row(item) == row)
      gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->series_selection), i);
  }
}

static void show_sentence(UnparkLatencyView *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
  gtk_label_set_text(GTK_LABEL(self->facts), "");
}

static void show_latency(UnparkLatencyView *self, UnparkLatency *latency) {
  g_autofree char *before = NULL;
  guint32 row = 0;
  /* What was looked at stays, if it is there again. */
  if (self->latency && self->latency->measure == latency->measure &&
      self->latency->grouping == latency->grouping && self->row > 0)
    before = g_strdup(unpark_latency_row_series(self->latency, self->row)->name);
  for (guint i = 0; before && i < latency->n_series; i++)
    if (g_str_equal(latency->series[i].name, before))
      row = i + 1;
  unpark_latency_chart_show(UNPARK_LATENCY_CHART(self->chart), NULL, NULL, 0, NULL);
  g_clear_pointer(&self->latency, unpark_latency_unref);
  self->latency = unpark_latency_ref(latency);
  self->filling = TRUE;
  g_autoptr(GPtrArray) items = unpark_profile_items_new(latency, latency->n_series + 1,
                                                        (gpointer(*)(gpointer))unpark_latency_ref,
                                                        (GDestroyNotify)unpark_latency_unref);
  unpark_profile_store_replace(self->series_items, items);
  select_row(self, row);
  self->filling = FALSE;
  if (latency->all.histogram.count == 0) {
    show_sentence(self, _("Nothing of This Kind"),
                  _("In this part of the trace there is nothing to measure."));
    return;
  }
  show_row(self, row);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "charts");
}

/* ---- Loading ---------------------------------------------------------------------------- */

static void load_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  UnparkScopeRequest *request = data;
  UnparkLatencySpec *spec = request->what;
  GError *error = NULL;
  spec->from_ns = request->from_ns;
  spec->to_ns = request->to_ns;
  spec->goroutines = request->ids;
  spec->n_goroutines = request->n_ids;
  UnparkLatency *latency = unpark_latency_new(request->store, spec, cancellable, &error);
  if (latency)
    g_task_return_pointer(task, latency, (GDestroyNotify)unpark_latency_unref);
  else
    g_task_return_error(task, error);
}

static void on_loaded(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkLatencyView *self = UNPARK_LATENCY_VIEW(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkLatency) latency = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->loading)
    return;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
  if (latency)
    show_latency(self, latency);
  else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_sentence(self, _("Cannot Be Shown"), error->message);
}

static UnparkLatencyMeasure chosen_measure(UnparkLatencyView *self) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measures));
  return i < self->n_offered ? self->offered[i] : UNPARK_LATENCY_SCHED;
}

static void load(UnparkLatencyView *self) {
  self->stale = !gtk_widget_get_mapped(GTK_WIDGET(self));
  if (!unpark_session_get_store(self->session) || self->stale || self->filling)
    return;
  UnparkLatencySpec spec = {.measure = chosen_measure(self),
                            .grouping =
                                gtk_drop_down_get_selected(GTK_DROP_DOWN(self->grouping)) == 1
                                    ? UNPARK_LATENCY_BY_ENTRY
                                    : UNPARK_LATENCY_BY_NAME};
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), TRUE);
  unpark_scope_request_start(GTK_WIDGET(self), self->session, self->scope,
                             g_memdup2(&spec, sizeof spec), &self->loading, load_thread, on_loaded);
}

/* What the trace has anything of. It may become more while an import runs. */
static void on_store(UnparkLatencyView *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  UnparkLatencyMeasure chosen = chosen_measure(self);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint select = 0, before = self->n_offered;
  if (!store)
    return;
  self->n_offered = 0;
  for (guint i = 0; i < UNPARK_N_LATENCIES; i++) {
    if (!unpark_latency_applies(store, i))
      continue;
    if (i == chosen)
      select = self->n_offered;
    self->offered[self->n_offered++] = i;
    gtk_string_list_append(names, unpark_latency_measure_title(i));
  }
  if (self->n_offered != before) {
    self->filling = TRUE;
    gtk_drop_down_set_model(GTK_DROP_DOWN(self->measures), G_LIST_MODEL(names));
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measures), select);
    self->filling = FALSE;
  }
  load(self);
}

/* ---- To the timeline -------------------------------------------------------------------- */

static void on_case(GtkColumnView *view, guint position, UnparkLatencyView *self) {
  g_autoptr(UnparkProfileItem) item =
      g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(view)), position);
  if (!item)
    return;
  const UnparkLatencyCases *cases = unpark_profile_item_get_data(item);
  const UnparkLatencyCase *one = &unpark_latency_row_series(cases->latency, cases->row)
                                      ->cases[unpark_profile_item_get_row(item)];
  UnparkPick pick = {.type = UNPARK_PICK_SPAN,
                     .id = one->goroutine,
                     .start_ns = one->start_ns,
                     .end_ns = one->end_ns};
  switch (cases->latency->measure) {
  case UNPARK_LATENCY_RANGE:
  case UNPARK_LATENCY_REGION:
  case UNPARK_LATENCY_TASK:
    /* Not spans: the time is shown, and whose it was. */
    pick.type = one->goroutine == UNPARK_NONE ? UNPARK_PICK_NONE : UNPARK_PICK_GOROUTINE;
    break;
  default:
    break;
  }
  unpark_session_go_to(self->session, &pick, "timeline");
}

static void on_time_activated(UnparkLatencyChart *chart, gint64 from, gint64 to,
                              UnparkLatencyView *self) {
  UnparkPick pick = {.type = UNPARK_PICK_NONE, .start_ns = from, .end_ns = to};
  unpark_session_go_to(self->session, &pick, "timeline");
}

/* ---- Widget ----------------------------------------------------------------------------- */

static GtkWidget *name_it(GtkWidget *widget, const char *name) {
  unpark_accessible_name(widget, name);
  gtk_widget_set_tooltip_text(widget, name);
  return widget;
}

static void on_log_counts(UnparkLatencyView *self) {
  gboolean on = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->log_counts));
  unpark_latency_chart_set_log_counts(UNPARK_LATENCY_CHART(self->chart), on);
  unpark_settings_set_bool("latency.log-counts", on);
}

static void on_over_time(UnparkLatencyView *self) {
  gboolean on = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->over_time));
  unpark_latency_chart_set_mode(UNPARK_LATENCY_CHART(self->chart),
                                on ? UNPARK_LATENCY_HEAT : UNPARK_LATENCY_HISTOGRAM);
  gtk_widget_set_sensitive(self->log_counts, !on);
}

static GtkWidget *make_mode(UnparkLatencyView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *histogram = gtk_toggle_button_new_with_label(_("Histogram"));
  self->over_time = gtk_toggle_button_new_with_label(_("Over Time"));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(histogram), TRUE);
  gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(self->over_time), GTK_TOGGLE_BUTTON(histogram));
  gtk_widget_add_css_class(box, "linked");
  gtk_box_append(GTK_BOX(box), histogram);
  gtk_box_append(GTK_BOX(box), self->over_time);
  g_signal_connect_swapped(self->over_time, "toggled", G_CALLBACK(on_over_time), self);
  return box;
}

static GtkWidget *make_bar(UnparkLatencyView *self) {
  static const char *const none[] = {NULL};
  const char *const groupings[] = {_("By kind"), _("By function"), NULL};
  GtkWidget *bar = unpark_wrap_box_new(12);
  self->measures = name_it(gtk_drop_down_new_from_strings(none), _("What is measured"));
  self->grouping = name_it(gtk_drop_down_new_from_strings(groupings), _("How it is divided"));
  self->scope = unpark_time_scope_new(self->session);
  self->log_counts = gtk_toggle_button_new_with_label(_("Logarithmic"));
  gtk_widget_set_tooltip_text(self->log_counts, _("Counts on a logarithmic scale: rare ones show"));
  self->facts = gtk_label_new(NULL);
  self->spinner = gtk_spinner_new();
  gtk_label_set_xalign(GTK_LABEL(self->facts), 0);
  gtk_widget_add_css_class(self->facts, "dim-label");
  gtk_widget_add_css_class(self->facts, "numeric");
  gtk_widget_set_hexpand(self->facts, TRUE);
  gtk_widget_set_margin_start(self->facts, 6);
  gtk_widget_add_css_class(bar, "toolbar");
  GtkWidget *parts[] = {self->measures, self->grouping,   self->scope,    self->facts,
                        self->spinner,  self->log_counts, make_mode(self)};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    unpark_wrap_box_append(UNPARK_WRAP_BOX(bar), parts[i]);
  g_signal_connect_swapped(self->measures, "notify::selected", G_CALLBACK(load), self);
  g_signal_connect_swapped(self->grouping, "notify::selected", G_CALLBACK(load), self);
  g_signal_connect_swapped(self->scope, "changed", G_CALLBACK(load), self);
  g_signal_connect_swapped(self->log_counts, "toggled", G_CALLBACK(on_log_counts), self);
  return bar;
}

static void on_paned(UnparkLatencyView *self) {
  unpark_settings_set_int("latency.chart-height", gtk_paned_get_position(GTK_PANED(self->paned)));
  unpark_settings_set_int("latency.series-width", gtk_paned_get_position(GTK_PANED(self->lists)));
}

static GtkWidget *make_lists(UnparkLatencyView *self) {
  GtkSelectionModel *case_selection;
  self->series_items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->case_items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  GtkWidget *series = unpark_data_table_new(_("Distributions"), unpark_latency_series_columns,
                                            g_object_ref(G_LIST_MODEL(self->series_items)), FALSE,
                                            &self->series, &self->series_selection);
  GtkWidget *cases = unpark_data_table_new(_("The longest"), unpark_latency_case_columns,
                                           g_object_ref(G_LIST_MODEL(self->case_items)), FALSE,
                                           &self->cases, &case_selection);
  g_object_unref(case_selection);
  self->lists = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_size_request(series, 360, -1);
  gtk_widget_set_size_request(cases, 240, -1);
  gtk_paned_set_start_child(GTK_PANED(self->lists), series);
  gtk_paned_set_end_child(GTK_PANED(self->lists), cases);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->lists), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->lists), FALSE);
  gtk_paned_set_position(GTK_PANED(self->lists),
                         unpark_settings_get_int("latency.series-width", DEFAULT_SERIES_WIDTH));
  gtk_column_view_set_single_click_activate(GTK_COLUMN_VIEW(self->cases), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->cases), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                 _("Enter shows it on the timeline"), -1);
  g_signal_connect_swapped(self->series_selection, "notify::selected-item", G_CALLBACK(on_selected),
                           self);
  g_signal_connect(self->cases, "activate", G_CALLBACK(on_case), self);
  return self->lists;
}

static GtkWidget *make_pages(UnparkLatencyView *self) {
  self->paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  self->chart = unpark_latency_chart_new();
  self->pages = gtk_stack_new();
  self->empty = adw_status_page_new();
  gtk_paned_set_start_child(GTK_PANED(self->paned), self->chart);
  gtk_paned_set_end_child(GTK_PANED(self->paned), make_lists(self));
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_position(GTK_PANED(self->paned),
                         unpark_settings_get_int("latency.chart-height", DEFAULT_CHART_HEIGHT));
  gtk_stack_add_named(GTK_STACK(self->pages), self->paned, "charts");
  gtk_stack_add_named(GTK_STACK(self->pages), self->empty, "empty");
  gtk_widget_set_vexpand(self->pages, TRUE);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->lists, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect(self->chart, "time-activated", G_CALLBACK(on_time_activated), self);
  return self->pages;
}

static void on_map(UnparkLatencyView *self) {
  if (self->stale)
    load(self);
}

static void unpark_latency_view_dispose(GObject *object) {
  UnparkLatencyView *self = UNPARK_LATENCY_VIEW(object);
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  if (self->series_selection)
    g_signal_handlers_disconnect_by_data(self->series_selection, self);
  if (self->paned) {
    g_signal_handlers_disconnect_by_data(self->paned, self);
    g_signal_handlers_disconnect_by_data(self->lists, self);
    unpark_latency_chart_show(UNPARK_LATENCY_CHART(self->chart), NULL, NULL, 0, NULL);
  }
  self->paned = NULL;
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->series_selection);
  g_clear_object(&self->series_items);
  g_clear_object(&self->case_items);
  g_clear_object(&self->session);
  g_clear_pointer(&self->latency, unpark_latency_unref);
  G_OBJECT_CLASS(unpark_latency_view_parent_class)->dispose(object);
}

static void unpark_latency_view_class_init(UnparkLatencyViewClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_latency_view_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_latency_view_init(UnparkLatencyView *self) {
  self->stale = TRUE;
}

static void build(UnparkLatencyView *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(self->box), make_bar(self));
  gtk_box_append(GTK_BOX(self->box), make_pages(self));
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->log_counts),
                               unpark_settings_get_bool("latency.log-counts", FALSE));
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static GtkWidget *create(UnparkSession *session) {
  UnparkLatencyView *self = g_object_new(UNPARK_TYPE_LATENCY_VIEW, NULL);
  self->session = g_object_ref(session);
  build(self);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(on_store), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-ready", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  on_store(self);
  return GTK_WIDGET(self);
}

static GskRenderNode *picture(GtkWidget *widget, double *width, double *height) {
  UnparkLatencyView *self = UNPARK_LATENCY_VIEW(widget);
  if (!self->latency)
    return NULL;
  g_autofree char *title = title_of(self);
  g_autofree char *summary = summary_of(self);
  g_autofree char *all = g_strdup_printf("%s · %s", title, summary);
  return unpark_latency_chart_picture(UNPARK_LATENCY_CHART(self->chart), all, width, height);
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_LATENCY_VIEW(widget)->chart);
}

const UnparkView unpark_latency_view = {
    .name = "latency",
    .title = N_("Latency"),
    .icon = "power-profile-performance-symbolic",
    .applies = applies,
    .create = create,
    .picture = picture,
    .focus = focus,
};
