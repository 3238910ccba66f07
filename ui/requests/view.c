/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/requests/view.h"

#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "model/spans/requests.h"
#include "ui/kit/accessible.h"
#include "ui/kit/data-table.h"
#include "ui/kit/row-list.h"
#include "ui/kit/settings.h"
#include "ui/page/divider.h"
#include "ui/page/page.h"
#include "ui/page/table-menu.h"
#include "ui/requests/columns.h"
#include "ui/requests/legend.h"
#include "ui/requests/side.h"
#include "ui/requests/waterfall.h"
#include "ui/text/format.h"

#define DEFAULT_TABLES_HEIGHT 200
#define DEFAULT_KINDS_WIDTH 760
#define DEFAULT_WATERFALL_WIDTH 940
/* More of them than a person looks through: those with most time. */
#define MAX_SHOWN 10000

#define UNPARK_TYPE_REQUESTS_VIEW (unpark_requests_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkRequestsView, unpark_requests_view, UNPARK, REQUESTS_VIEW, UnparkPage)

struct _UnparkRequestsView {
  UnparkPage page;

  UnparkRequests *requests;
  UnparkWorker drawing; /* makes the waterfall */
  gint32 drawn;         /* the top span of the request that is shown or being made; -1 */
  gboolean filling;

  GtkWidget *status, *paned, *tables, *kinds, *rows, *heading, *legend, *chart, *no_match;
  GtkWidget *halves, *side, *side_button;
  UnparkRowList *kind_list, *row_list;
  GtkSelectionModel *kind_selection, *row_selection;
};

G_DEFINE_FINAL_TYPE(UnparkRequestsView, unpark_requests_view, UNPARK_TYPE_PAGE)

static const char *search_of(UnparkRequestsView *self) {
  return gtk_editable_get_text(GTK_EDITABLE(self->page.search));
}

/* ---- The waterfall ------------------------------------------------------------------------ */

typedef struct {
  UnparkRequests *requests;
  gint32 span;
  char *search;
} Wanted;

static void wanted_free(gpointer data) {
  Wanted *wanted = data;
  unpark_requests_unref(wanted->requests);
  g_free(wanted->search);
  g_free(wanted);
}

static gpointer make_waterfall(gpointer data, GCancellable *cancellable, GError **error) {
  Wanted *wanted = data;
  return unpark_waterfall_new(wanted->requests->sources, wanted->span, wanted->search, cancellable,
                              error);
}

/* "gateway  POST /buy · 12.3 ms · 35 spans · 2 errors" */
static char *heading_of(const UnparkWaterfall *w) {
  const UnparkTraceSpan *top = &w->traces->spans[w->top];
  const char *service =
      unpark_traces_text(w->traces, unpark_traces_resource(w->traces, top)->service);
  char length[UNPARK_FORMAT_SIZE], spans[UNPARK_FORMAT_SIZE], errors[UNPARK_FORMAT_SIZE];
  guint32 n_errors = w->nodes[w->n_nodes].errors;
  unpark_format_duration(top->end_ns - top->start_ns, length);
  unpark_format_count(w->n_spans, spans);
  unpark_format_count(n_errors, errors);
  g_autofree char *count = g_strdup_printf(ngettext("%s span", "%s spans", w->n_spans), spans);
  g_autofree char *failed = g_strdup_printf(ngettext("%s error", "%s errors", n_errors), errors);
  return g_strdup_printf("%s  %s  ·  %s  ·  %s%s%s", service,
                         unpark_traces_text(w->traces, top->name), length, count,
                         n_errors > 0 ? "  ·  " : "", n_errors > 0 ? failed : "");
}

static void set_heading(UnparkRequestsView *self, const char *text) {
  gtk_label_set_text(GTK_LABEL(self->heading), text);
  gtk_widget_set_tooltip_text(self->heading, *text ? text : NULL);
}

static void on_waterfall(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkRequestsView *self = owner;
  const Wanted *wanted = data;
  unpark_page_set_busy(&self->page, unpark_worker_is_running(&self->page.worker));
  self->filling = TRUE; /* only what a person goes to is picked */
  unpark_waterfall_chart_show(UNPARK_WATERFALL_CHART(self->chart), result, wanted->span);
  self->filling = FALSE;
  unpark_requests_legend_fill(UNPARK_WRAP_BOX(self->legend), result);
  g_autofree char *text = result ? heading_of(result) : g_strdup(error->message);
  set_heading(self, text);
}

/* -1: nothing. */
static void draw(UnparkRequestsView *self, gint32 top, gint32 focus) {
  static const UnparkWork making = {make_waterfall, on_waterfall, wanted_free,
                                    (GDestroyNotify)unpark_waterfall_free};
  self->drawn = top;
  unpark_worker_cancel(&self->drawing);
  if (top < 0) {
    unpark_waterfall_chart_show(UNPARK_WATERFALL_CHART(self->chart), NULL, -1);
    unpark_requests_legend_fill(UNPARK_WRAP_BOX(self->legend), NULL);
    set_heading(self, "");
    return;
  }
  Wanted *wanted = g_new(Wanted, 1);
  *wanted = (Wanted){unpark_requests_ref(self->requests), focus, g_strdup(search_of(self))};
  unpark_worker_run(&self->drawing, self, &making, wanted);
  unpark_page_set_busy(&self->page, TRUE);
}

/* ---- The tables --------------------------------------------------------------------------- */

static int chosen(UnparkRequestsView *self, GtkSelectionModel *selection) {
  UnparkProfileItem *item = gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(selection));
  if (!item || !self->requests || unpark_profile_item_get_data(item) != self->requests)
    return -1;
  return (int)unpark_profile_item_get_row(item);
}

static void set_rows(UnparkRequestsView *self, UnparkRowList *list, guint32 first, guint n) {
  unpark_row_list_set(list, self->requests, first, MIN(n, MAX_SHOWN),
                      (gpointer(*)(gpointer))unpark_requests_ref,
                      (GDestroyNotify)unpark_requests_unref);
}

/* A row that is not there: the first. */
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

static void on_row(UnparkRequestsView *self) {
  int row = self->filling ? -1 : chosen(self, self->row_selection);
  if (row < 0)
    return;
  const UnparkRequest *request = &self->requests->requests[row];
  if (request->top != self->drawn)
    draw(self, request->top, request->found);
}

/* `row`: to be selected; -1: the slowest. */
static void show_kind(UnparkRequestsView *self, int number, int row) {
  const UnparkRequestKind *kind = number < 0 ? NULL : &self->requests->kinds[number];
  gboolean filling = self->filling;
  self->filling = TRUE;
  set_rows(self, self->row_list, kind ? kind->first : 0, kind ? kind->count : 0);
  select_row(self->row_selection, row);
  self->filling = filling;
  if (!kind)
    draw(self, -1, -1);
  else
    on_row(self);
}

static void on_kind(UnparkRequestsView *self) {
  if (!self->filling && self->requests)
    show_kind(self, chosen(self, self->kind_selection), -1);
}

static void on_kind_activated(UnparkRequestsView *self) {
  gtk_widget_grab_focus(self->rows);
}

static void on_row_activated(UnparkRequestsView *self) {
  gtk_widget_grab_focus(self->chart);
}

static void show_facts(UnparkRequestsView *self) {
  const UnparkRequests *r = self->requests;
  char n[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE], spans[UNPARK_FORMAT_SIZE];
  unpark_format_count(r->n_requests, n);
  unpark_format_count(r->n_all, all);
  unpark_format_count(r->traces->n_spans, spans);
  g_autofree char *count =
      r->n_requests == r->n_all
          ? g_strdup_printf(ngettext("%s request", "%s requests", r->n_all), all)
          : g_strdup_printf(ngettext("%s of %s request", "%s of %s requests", r->n_all), n, all);
  g_autofree char *of = g_strdup_printf(ngettext("%s span", "%s spans", r->traces->n_spans), spans);
  g_autofree char *facts = g_strdup_printf("%s · %s", count, of);
  unpark_page_set_facts(&self->page, NULL, facts);
}

static int find_kind(const UnparkRequests *requests, guint32 service, guint32 name, gboolean cut) {
  for (guint k = 0; k < MIN(requests->n_kinds, MAX_SHOWN); k++)
    if (requests->kinds[k].service == service && requests->kinds[k].name == name &&
        requests->kinds[k].cut == cut)
      return (int)k;
  return -1;
}

/* The row of a request, which is one of the kind's; -1. */
static int find_row(const UnparkRequests *requests, int kind, gint32 top) {
  guint first = kind < 0 ? 0 : requests->kinds[kind].first;
  guint n = kind < 0 ? 0 : MIN(requests->kinds[kind].count, MAX_SHOWN);
  for (guint i = first; i < first + n; i++)
    if (requests->requests[i].top == top)
      return (int)i;
  return -1;
}

/* ---- The picked span ---------------------------------------------------------------------- */

/* The number of the span that is picked in a session; -1: none is. */
static gint32 picked_span(UnparkRequestsView *self, UnparkSession *session) {
  const UnparkPick *pick = unpark_session_get_pick(session);
  gint64 source = unpark_session_get_source(session) - 1;
  const UnparkTraces *traces = self->requests ? self->requests->traces : NULL;
  if (!traces || pick->type != UNPARK_PICK_ROW || pick->table != UNPARK_TABLE_TRACE_SPAN ||
      source < 0 || source >= (gint64)traces->sources->len || pick->id < 0)
    return -1;
  gint64 number = (gint64)unpark_traces_source(traces, (guint)source)->first + pick->id;
  return number < traces->n_spans && traces->spans[number].source == source ? (gint32)number : -1;
}

/* Its request is shown, even if it does not match what is searched for. */
static void show_span(UnparkRequestsView *self, gint32 span) {
  const UnparkTraces *traces = self->requests->traces;
  gint32 top = span;
  while (traces->spans[top].parent >= 0)
    top = traces->spans[top].parent;
  if (self->drawn == top && unpark_waterfall_chart_focus(UNPARK_WATERFALL_CHART(self->chart), span))
    return;
  int kind = find_kind(self->requests, unpark_traces_resource(traces, &traces->spans[top])->service,
                       traces->spans[top].name, traces->spans[top].ids.parent != 0);
  int row = find_row(self->requests, kind, top);
  self->filling = TRUE;
  if (row >= 0) {
    select_row(self->kind_selection, kind);
    show_kind(self, kind, row);
  }
  self->filling = FALSE;
  draw(self, top, span);
}

static void on_pick(UnparkSession *session, UnparkRequestsView *self) {
  gint32 span = picked_span(self, session);
  if (span >= 0)
    unpark_requests_side_show(GTK_STACK(self->side), session);
  if (span >= 0 && span != unpark_waterfall_chart_get_focus(UNPARK_WATERFALL_CHART(self->chart)))
    show_span(self, span);
}

/* Every file has a session, which knows what is picked in it. */
static void follow_sessions(UnparkRequestsView *self) {
  UnparkSession *session, *first = NULL;
  for (gint64 i = 1; (session = unpark_session_of_source(self->page.session, i)); i++) {
    g_signal_handlers_disconnect_by_func(session, (gpointer)(guintptr)on_pick, self);
    g_signal_connect_object(session, "pick-changed", G_CALLBACK(on_pick), self, 0);
    if (!first &&
        unpark_store_count(unpark_session_get_store(session), UNPARK_TABLE_TRACE_SPAN) > 0)
      first = session;
  }
  if (!gtk_stack_get_visible_child(GTK_STACK(self->side)) && first)
    unpark_requests_side_show(GTK_STACK(self->side), first);
  for (gint64 i = 1; (session = unpark_session_of_source(self->page.session, i)); i++)
    on_pick(session, self);
}

/* What has the focus by keys or a click is picked. */
static void on_focus_changed(UnparkRequestsView *self) {
  gint32 number = unpark_waterfall_chart_get_focus(UNPARK_WATERFALL_CHART(self->chart));
  if (self->filling || number < 0)
    return;
  const UnparkTraceSpan *span = &self->requests->traces->spans[number];
  UnparkSession *session = unpark_session_of_source(self->page.session, span->source + 1);
  const UnparkPick pick = {.type = UNPARK_PICK_ROW,
                           .table = UNPARK_TABLE_TRACE_SPAN,
                           .id = span->row,
                           .start_ns = span->start_ns,
                           .end_ns = span->end_ns};
  if (session)
    unpark_session_set_pick(session, &pick);
}

/* A link of the inspector: source, row, start, end. */
static void on_show(GtkWidget *widget, const char *name, GVariant *parameter) {
  gint64 source;
  UnparkPick pick = {.type = UNPARK_PICK_ROW, .table = UNPARK_TABLE_TRACE_SPAN};
  g_variant_get(parameter, "(xxxx)", &source, &pick.id, &pick.start_ns, &pick.end_ns);
  UnparkSession *session = unpark_session_of_source(UNPARK_PAGE(widget)->session, source);
  if (session)
    unpark_session_go_to(session, &pick, "requests");
}

static void on_activated(UnparkRequestsView *self) {
  on_focus_changed(self);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->side_button), TRUE);
}

static void on_side_toggled(UnparkRequestsView *self) {
  gboolean shown = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->side_button));
  gtk_widget_set_visible(self->side, shown);
  unpark_settings_set_bool("requests.inspector", shown);
}

static void on_sources(UnparkRequestsView *self) {
  unpark_requests_side_clear(GTK_STACK(self->side));
  unpark_page_reload(&self->page);
}

/* Takes it. What was looked at stays, if it is there again. */
static void show_requests(UnparkRequestsView *self, UnparkRequests *requests) {
  int kind = chosen(self, self->kind_selection);
  UnparkRequestKind before = kind < 0 ? (UnparkRequestKind){0} : self->requests->kinds[kind];
  gboolean same = self->requests && self->requests->traces == requests->traces;
  gint32 drawn = same ? self->drawn : -1;
  g_clear_pointer(&self->requests, unpark_requests_unref);
  self->requests = requests;
  kind = same && kind >= 0 ? find_kind(requests, before.service, before.name, before.cut) : -1;
  self->drawn = -1;
  self->filling = TRUE;
  set_rows(self, self->kind_list, 0, requests->n_kinds);
  select_row(self->kind_selection, kind);
  self->filling = FALSE;
  show_kind(self, chosen(self, self->kind_selection), find_row(requests, kind, drawn));
  gtk_widget_set_visible(self->no_match, requests->n_requests == 0 && requests->n_all > 0);
  show_facts(self);
  if (requests->n_all == 0)
    unpark_page_say(&self->page, _("No Requests"), _("There are no spans in these files."));
  else
    unpark_page_show_content(&self->page);
  follow_sessions(self);
}

/* ---- Loading ------------------------------------------------------------------------------ */

typedef struct {
  UnparkSources *sources;
  char *search;
  UnparkRequestStatus status;
} Question;

static void question_free(gpointer data) {
  Question *question = data;
  unpark_sources_unref(question->sources);
  g_free(question->search);
  g_free(question);
}

static gpointer find(gpointer data, GCancellable *cancellable, GError **error) {
  const Question *question = data;
  const UnparkRequestSpec spec = {question->search, question->status};
  return unpark_requests_new(question->sources, &spec, cancellable, error);
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  show_requests(owner, result);
  unpark_page_set_busy(owner, unpark_worker_is_running(&UNPARK_REQUESTS_VIEW(owner)->drawing));
}

static void load(UnparkPage *page) {
  static const UnparkWork finding = {find, on_found, question_free,
                                     (GDestroyNotify)unpark_requests_unref};
  UnparkRequestsView *self = UNPARK_REQUESTS_VIEW(page);
  Question *question = g_new(Question, 1);
  *question = (Question){
      unpark_sources_ref(unpark_session_get_sources(page->session)), g_strdup(search_of(self)),
      (UnparkRequestStatus)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->status))};
  unpark_page_run(page, &finding, question);
}

static void search(UnparkPage *page, const char *text) {
  unpark_page_reload(page);
}

/* ---- The bar ------------------------------------------------------------------------------ */

static void on_clear(UnparkRequestsView *self) {
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->status), UNPARK_REQUESTS_ALL);
  gtk_editable_set_text(GTK_EDITABLE(self->page.search), "");
}

static void on_expand(UnparkRequestsView *self) {
  unpark_waterfall_chart_set_all_open(UNPARK_WATERFALL_CHART(self->chart), TRUE);
}

static void on_collapse(UnparkRequestsView *self) {
  unpark_waterfall_chart_set_all_open(UNPARK_WATERFALL_CHART(self->chart), FALSE);
}

static void copy(UnparkPage *page) {
  UnparkRequestsView *self = UNPARK_REQUESTS_VIEW(page);
  g_autofree char *text = unpark_table_text(GTK_COLUMN_VIEW(self->kinds), -1, UNPARK_TABLE_TABS);
  gtk_widget_activate_action(GTK_WIDGET(page), "win.copy", "s", text);
}

/* ---- Widget ------------------------------------------------------------------------------- */

static void begin(UnparkPage *page) {
  UnparkRequestsView *self = UNPARK_REQUESTS_VIEW(page);
  unpark_page_use_search(page, _("Search spans"), _("Search spans"));
  gtk_widget_set_tooltip_text(
      page->search,
      _("Requests with a span that has all of these words: part of a name, service, id or value of "
        "an attribute, or http.status_code=500, db.statement~orders, duration>10ms, "
        "status=error"));
  gtk_search_entry_set_key_capture_widget(GTK_SEARCH_ENTRY(page->search), NULL);
  self->kind_selection = unpark_data_table_fill(self->kinds, unpark_requests_kind_columns,
                                                g_object_ref(G_LIST_MODEL(self->kind_list)), FALSE);
  self->row_selection = unpark_data_table_fill(self->rows, unpark_requests_row_columns,
                                               g_object_ref(G_LIST_MODEL(self->row_list)), FALSE);
  g_signal_connect_object(self->kind_selection, "notify::selected-item", G_CALLBACK(on_kind), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->row_selection, "notify::selected-item", G_CALLBACK(on_row), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(page->session, "sources-changed", G_CALLBACK(on_sources), self,
                          G_CONNECT_SWAPPED);
}

static void unpark_requests_view_dispose(GObject *object) {
  unpark_worker_cancel(&UNPARK_REQUESTS_VIEW(object)->drawing);
  G_OBJECT_CLASS(unpark_requests_view_parent_class)->dispose(object);
}

static void unpark_requests_view_finalize(GObject *object) {
  UnparkRequestsView *self = UNPARK_REQUESTS_VIEW(object);
  g_clear_object(&self->kind_selection);
  g_clear_object(&self->row_selection);
  g_clear_object(&self->kind_list);
  g_clear_object(&self->row_list);
  g_clear_pointer(&self->requests, unpark_requests_unref);
  G_OBJECT_CLASS(unpark_requests_view_parent_class)->finalize(object);
}

static void unpark_requests_view_class_init(UnparkRequestsViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_requests_view_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_requests_view_finalize;
  class->parent_class.begin = begin;
  class->parent_class.load = load;
  class->parent_class.copy = copy;
  class->parent_class.find = search;
  g_type_ensure(UNPARK_TYPE_WATERFALL_CHART);
  g_type_ensure(UNPARK_TYPE_WRAP_BOX);
  unpark_page_class_set_template(class, "requests/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, status);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, paned);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, tables);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, kinds);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, rows);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, heading);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, legend);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, chart);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, no_match);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, side_button);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, side);
  gtk_widget_class_bind_template_child(widget_class, UnparkRequestsView, halves);
  gtk_widget_class_install_action(widget_class, "spans.show", "(xxxx)", on_show);
  gtk_widget_class_bind_template_callback(widget_class, unpark_page_reload);
  gtk_widget_class_bind_template_callback(widget_class, on_kind_activated);
  gtk_widget_class_bind_template_callback(widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback(widget_class, on_focus_changed);
  gtk_widget_class_bind_template_callback(widget_class, on_activated);
  gtk_widget_class_bind_template_callback(widget_class, on_side_toggled);
  gtk_widget_class_bind_template_callback(widget_class, on_expand);
  gtk_widget_class_bind_template_callback(widget_class, on_collapse);
  gtk_widget_class_bind_template_callback(widget_class, on_clear);
}

static void unpark_requests_view_init(UnparkRequestsView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->drawn = -1;
  self->kind_list = unpark_row_list_new();
  self->row_list = unpark_row_list_new();
  self->page.first = self->kinds;
  unpark_accessible_name(self->status, _("Status of requests"));
  unpark_divider_remember(GTK_PANED(self->paned), "requests.tables-height", DEFAULT_TABLES_HEIGHT);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->side_button),
                               unpark_settings_get_bool("requests.inspector", TRUE));
  on_side_toggled(self);
  unpark_divider_remember(GTK_PANED(self->halves), "requests.waterfall-width",
                          DEFAULT_WATERFALL_WIDTH);
  unpark_divider_remember(GTK_PANED(self->tables), "requests.kinds-width", DEFAULT_KINDS_WIDTH);
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_count(store, UNPARK_TABLE_TRACE_SPAN) > 0;
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_REQUESTS_VIEW, session);
}

static void match(GtkWidget *widget, int direction) {
  unpark_waterfall_chart_step(UNPARK_WATERFALL_CHART(UNPARK_REQUESTS_VIEW(widget)->chart),
                              direction);
}

const UnparkView unpark_requests_view = {
    .name = "requests",
    .title = N_("Requests"),
    .icon = "unpark-requests-symbolic",
    .together = TRUE,
    .applies = applies,
    .create = create,
    .focus = unpark_page_focus,
    .search = unpark_page_get_search,
    .match = match,
};
