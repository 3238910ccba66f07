/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/latency/view.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/data-table.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/settings.h"
#include "ui/latency/case-list.h"
#include "ui/latency/chart.h"
#include "ui/page/divider.h"
#include "ui/page/page.h"
#include "ui/session/scope-request.h"
#include "ui/text/format.h"

#define DEFAULT_CHART_HEIGHT 380
#define DEFAULT_SERIES_WIDTH 820

#define UNPARK_TYPE_LATENCY_VIEW (unpark_latency_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkLatencyView, unpark_latency_view, UNPARK, LATENCY_VIEW, UnparkPage)

struct _UnparkLatencyView {
  UnparkPage page;

  UnparkLatency *latency;
  guint32 row; /* what the chart shows: 0 everything, else a series */
  gboolean filling;

  UnparkLatencyMeasure offered[UNPARK_N_LATENCIES];
  guint n_offered;

  GtkWidget *measures, *grouping, *log_counts, *over_time, *chart, *paned, *lists, *series;
  UnparkLatencyCaseList list;
  GListStore *series_items;
  GtkSelectionModel *series_selection;
};

G_DEFINE_FINAL_TYPE(UnparkLatencyView, unpark_latency_view, UNPARK_TYPE_PAGE)

/* ---- What is shown ---------------------------------------------------------------------- */

static char *summary_of(UnparkLatencyView *self) {
  const UnparkHistogram *h = &unpark_latency_row(self->latency, self->row)->histogram;
  char count[UNPARK_FORMAT_SIZE], median[UNPARK_FORMAT_SIZE], p99[UNPARK_FORMAT_SIZE];
  char most[UNPARK_FORMAT_SIZE], total[UNPARK_FORMAT_SIZE];
  unpark_format_count((gint64)h->count, count);
  unpark_format_duration(h->total_ns, total);
  unpark_format_duration(unpark_histogram_percentile(h, 0.5), median);
  unpark_format_duration(unpark_histogram_percentile(h, 0.99), p99);
  unpark_format_duration(h->most_ns, most);
  g_autofree char *text = g_strdup_printf(_("%s times, %s total · median %s · p99 %s · longest %s"),
                                          count, total, median, p99, most);
  const char *filter = unpark_session_get_filter(self->page.session);
  return *filter ? g_strdup_printf("%s · %s", filter, text) : g_steal_pointer(&text);
}

/* What the chart does not tell. */
static char *facts_of(UnparkLatencyView *self) {
  const UnparkHistogram *h = &unpark_latency_row(self->latency, self->row)->histogram;
  char count[UNPARK_FORMAT_SIZE], total[UNPARK_FORMAT_SIZE];
  unpark_format_count((gint64)h->count, count);
  return g_strdup_printf(ngettext("%s time, %s total", "%s times, %s total", (gulong)h->count),
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
                            unpark_latency_row(self->latency, row),
                            unpark_latency_row_class(self->latency, row), words);
  g_autofree char *facts = facts_of(self);
  unpark_page_set_facts(&self->page, NULL, facts);
  unpark_latency_case_list_show(&self->list, self->latency, row);
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

/* Takes it. */
static void show_latency(UnparkLatencyView *self, UnparkLatency *latency) {
  g_autofree char *before = NULL;
  guint32 row = 0;
  /* What was looked at stays, if it is there again. */
  if (self->latency && self->latency->measure == latency->measure &&
      self->latency->grouping == latency->grouping && self->row > 0)
    before = g_strdup(unpark_latency_row(self->latency, self->row)->name);
  for (guint i = 0; before && i < latency->n_series; i++)
    if (g_str_equal(latency->series[i].name, before))
      row = i + 1;
  unpark_latency_chart_show(UNPARK_LATENCY_CHART(self->chart), NULL, NULL, 0, NULL);
  if (self->latency && self->latency->measure != latency->measure) {
    unpark_latency_chart_clear_range(UNPARK_LATENCY_CHART(self->chart));
    unpark_latency_case_list_pick(&self->list, 0, 0);
  }
  g_clear_pointer(&self->latency, unpark_latency_unref);
  self->latency = latency;
  self->filling = TRUE;
  g_autoptr(GPtrArray) items = unpark_profile_items_new(latency, latency->n_series + 1,
                                                        (gpointer(*)(gpointer))unpark_latency_ref,
                                                        (GDestroyNotify)unpark_latency_unref);
  unpark_profile_store_replace(self->series_items, items);
  select_row(self, row);
  self->filling = FALSE;
  if (latency->all.histogram.count == 0) {
    unpark_page_say(&self->page, _("Nothing to Measure"),
                    _("This part of the trace has nothing of this kind."));
    unpark_page_set_facts(&self->page, NULL, "");
    return;
  }
  show_row(self, row);
  unpark_page_show_content(&self->page);
}

/* ---- Loading ---------------------------------------------------------------------------- */

static gpointer measure(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkScopeRequest *request = data;
  UnparkLatencySpec *spec = request->what;
  spec->from_ns = request->from_ns;
  spec->to_ns = request->to_ns;
  spec->goroutines = request->ids;
  spec->n_goroutines = request->n_ids;
  return unpark_latency_new(request->store, spec, cancellable, error);
}

static void on_measured(gpointer owner, gpointer data, gpointer result, const GError *error) {
  show_latency(owner, result);
}

static UnparkLatencyMeasure chosen_measure(UnparkLatencyView *self) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measures));
  return i < self->n_offered ? self->offered[i] : UNPARK_LATENCY_SCHED;
}

/* What the trace has anything of. It may become more while an import runs. */
static void offer_measures(UnparkLatencyView *self) {
  UnparkStore *store = unpark_session_get_store(self->page.session);
  UnparkLatencyMeasure chosen = chosen_measure(self);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint select = 0, before = self->n_offered;
  self->n_offered = 0;
  for (guint i = 0; i < UNPARK_N_LATENCIES; i++) {
    if (!unpark_latency_applies(store, i))
      continue;
    if (i == chosen)
      select = self->n_offered;
    self->offered[self->n_offered++] = i;
    gtk_string_list_append(names, unpark_latency_measure_title(i));
  }
  if (self->n_offered == before)
    return;
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->measures), G_LIST_MODEL(names));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measures), select);
  self->filling = FALSE;
}

static void load(UnparkPage *page) {
  static const UnparkWork measuring = {measure, on_measured, unpark_scope_request_free,
                                       (GDestroyNotify)unpark_latency_unref};
  UnparkLatencyView *self = UNPARK_LATENCY_VIEW(page);
  if (self->filling)
    return;
  offer_measures(self);
  UnparkLatencySpec spec = {.measure = chosen_measure(self),
                            .grouping =
                                gtk_drop_down_get_selected(GTK_DROP_DOWN(self->grouping)) == 1
                                    ? UNPARK_LATENCY_BY_ENTRY
                                    : UNPARK_LATENCY_BY_NAME};
  unpark_page_run_scoped(page, &measuring, g_memdup2(&spec, sizeof spec));
}

/* ---- To the timeline -------------------------------------------------------------------- */

static void on_range_picked(UnparkLatencyChart *chart, gint64 from, gint64 to,
                            UnparkLatencyView *self) {
  unpark_latency_case_list_pick(&self->list, from, to);
}

static void on_unpick(UnparkLatencyView *self) {
  unpark_latency_chart_clear_range(UNPARK_LATENCY_CHART(self->chart));
  unpark_latency_case_list_pick(&self->list, 0, 0);
  gtk_widget_grab_focus(self->chart);
}

static void on_to_timeline(UnparkLatencyView *self) {
  unpark_session_go_to_view(self->page.session, "timeline");
}

static void on_time_activated(UnparkLatencyChart *chart, gint64 from, gint64 to,
                              UnparkLatencyView *self) {
  UnparkPick pick = {.type = UNPARK_PICK_NONE, .start_ns = from, .end_ns = to};
  unpark_session_go_to(self->page.session, &pick, "timeline");
}

/* ---- Widget ----------------------------------------------------------------------------- */

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

static void begin(UnparkPage *page) {
  UnparkLatencyView *self = UNPARK_LATENCY_VIEW(page);
  unpark_page_use_scope(page, NULL);
  self->series_selection =
      unpark_data_table_fill(self->series, unpark_latency_series_columns,
                             g_object_ref(G_LIST_MODEL(self->series_items)), FALSE);
  g_signal_connect_object(self->series_selection, "notify::selected-item", G_CALLBACK(on_selected),
                          self, G_CONNECT_SWAPPED);
}

static void unpark_latency_view_dispose(GObject *object) {
  UnparkLatencyView *self = UNPARK_LATENCY_VIEW(object);
  if (self->chart)
    unpark_latency_chart_show(UNPARK_LATENCY_CHART(self->chart), NULL, NULL, 0, NULL);
  unpark_latency_case_list_clear(&self->list);
  G_OBJECT_CLASS(unpark_latency_view_parent_class)->dispose(object);
}

static void unpark_latency_view_finalize(GObject *object) {
  UnparkLatencyView *self = UNPARK_LATENCY_VIEW(object);
  g_clear_object(&self->series_selection);
  g_clear_object(&self->series_items);
  g_clear_pointer(&self->latency, unpark_latency_unref);
  G_OBJECT_CLASS(unpark_latency_view_parent_class)->finalize(object);
}

static void unpark_latency_view_class_init(UnparkLatencyViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_latency_view_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_latency_view_finalize;
  class->parent_class.begin = begin;
  class->parent_class.load = load;
  g_type_ensure(UNPARK_TYPE_LATENCY_CHART);
  unpark_page_class_set_template(class, "latency/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkLatencyView, measures);
  gtk_widget_class_bind_template_child(widget_class, UnparkLatencyView, grouping);
  gtk_widget_class_bind_template_child(widget_class, UnparkLatencyView, log_counts);
  gtk_widget_class_bind_template_child(widget_class, UnparkLatencyView, over_time);
  gtk_widget_class_bind_template_child(widget_class, UnparkLatencyView, chart);
  gtk_widget_class_bind_template_child(widget_class, UnparkLatencyView, paned);
  gtk_widget_class_bind_template_child(widget_class, UnparkLatencyView, lists);
  gtk_widget_class_bind_template_child(widget_class, UnparkLatencyView, series);
  gtk_widget_class_bind_template_child_full(widget_class, "cases", FALSE,
                                            G_STRUCT_OFFSET(UnparkLatencyView, list.view));
  gtk_widget_class_bind_template_child_full(widget_class, "heading", FALSE,
                                            G_STRUCT_OFFSET(UnparkLatencyView, list.heading));
  gtk_widget_class_bind_template_child_full(widget_class, "words", FALSE,
                                            G_STRUCT_OFFSET(UnparkLatencyView, list.words));
  gtk_widget_class_bind_template_callback(widget_class, unpark_page_reload);
  gtk_widget_class_bind_template_callback(widget_class, on_log_counts);
  gtk_widget_class_bind_template_callback(widget_class, on_over_time);
  gtk_widget_class_bind_template_callback(widget_class, on_range_picked);
  gtk_widget_class_bind_template_callback(widget_class, on_unpick);
  gtk_widget_class_bind_template_callback(widget_class, on_to_timeline);
  gtk_widget_class_bind_template_callback(widget_class, on_time_activated);
}

static void unpark_latency_view_init(UnparkLatencyView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->series_items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  unpark_latency_case_list_init(&self->list, &self->page);
  self->page.first = self->chart;
  unpark_accessible_name(self->measures, _("Measure"));
  unpark_accessible_name(self->grouping, _("Group by"));
  unpark_divider_remember(GTK_PANED(self->lists), "latency.series-width", DEFAULT_SERIES_WIDTH);
  unpark_divider_remember(GTK_PANED(self->paned), "latency.chart-height", DEFAULT_CHART_HEIGHT);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->log_counts),
                               unpark_settings_get_bool("latency.log-counts", FALSE));
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_LATENCY_VIEW, session);
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

const UnparkView unpark_latency_view = {
    .name = "latency",
    .title = N_("Latency"),
    .icon = "unpark-latency-symbolic",
    .applies = applies,
    .create = create,
    .picture = picture,
    .focus = unpark_page_focus,
};
