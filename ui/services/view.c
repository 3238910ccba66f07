/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/services/view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/spans/findings.h"
#include "model/spans/services.h"
#include "ui/kit/data-table.h"
#include "ui/kit/profile-item.h"
#include "ui/page/divider.h"
#include "ui/page/page.h"
#include "ui/page/table-menu.h"
#include "ui/services/columns.h"
#include "ui/services/findings.h"
#include "ui/services/graph.h"
#include "ui/text/format.h"

#define DEFAULT_GRAPH_HEIGHT 340
#define DEFAULT_GRAPH_WIDTH 780

#define UNPARK_TYPE_SERVICES_VIEW (unpark_services_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkServicesView, unpark_services_view, UNPARK, SERVICES_VIEW, UnparkPage)

struct _UnparkServicesView {
  UnparkPage page;

  UnparkServices *services;
  GtkWidget *paned, *halves, *graph, *findings, *calls;
  GListStore *items;
  GtkSelectionModel *selection;
};

G_DEFINE_FINAL_TYPE(UnparkServicesView, unpark_services_view, UNPARK_TYPE_PAGE)

/* ---- What is shown ------------------------------------------------------------------------ */

static gboolean has_text(UnparkServicesView *self, guint32 text, const char *word) {
  g_autofree char *folded = g_utf8_casefold(unpark_traces_text(self->services->traces, text), -1);
  return strstr(folded, word) != NULL;
}

/* Of the picked service, and with the text that is searched for. */
static gboolean passes(UnparkServicesView *self, const UnparkServiceCall *call, int picked,
                       const char *word) {
  const UnparkServiceHop *hop = &self->services->traces->hops[call->hop];
  return (picked < 0 || call->caller == picked || call->callee == picked) &&
         (!*word || has_text(self, hop->caller, word) || has_text(self, hop->callee, word) ||
          has_text(self, hop->name, word));
}

static void show_calls(UnparkServicesView *self) {
  int picked = unpark_services_graph_get_picked(UNPARK_SERVICES_GRAPH(self->graph));
  g_autoptr(GPtrArray) all = unpark_profile_items_new(self->services, self->services->n_calls,
                                                      (gpointer(*)(gpointer))unpark_services_ref,
                                                      (GDestroyNotify)unpark_services_unref);
  g_autoptr(GPtrArray) some = g_ptr_array_new();
  g_autofree char *word =
      g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(self->page.search)), -1);
  char n[UNPARK_FORMAT_SIZE], of[UNPARK_FORMAT_SIZE];
  for (guint i = 0; i < all->len; i++)
    if (passes(self, &self->services->calls[unpark_profile_item_get_row(all->pdata[i])], picked,
               word))
      g_ptr_array_add(some, all->pdata[i]);
  unpark_profile_store_replace(self->items, some);
  g_autofree char *shown =
      some->len == all->len
          ? g_strdup("")
          : g_strdup_printf(ngettext("%s of %s operation", "%s of %s operations", all->len),
                            unpark_format_count(some->len, n), unpark_format_count(all->len, of));
  unpark_page_set_shown(&self->page, shown);
}

static void on_picked(UnparkServicesView *self) {
  if (self->services)
    show_calls(self);
}

static void search(UnparkPage *page, const char *text) {
  on_picked(UNPARK_SERVICES_VIEW(page));
}

static void show_facts(UnparkServicesView *self, guint n_findings) {
  const UnparkServices *s = self->services;
  char services[UNPARK_FORMAT_SIZE], calls[UNPARK_FORMAT_SIZE], findings[UNPARK_FORMAT_SIZE];
  unpark_format_count(s->n_services, services);
  unpark_format_count(s->n_calls, calls);
  unpark_format_count(n_findings, findings);
  g_autofree char *a =
      g_strdup_printf(ngettext("%s service", "%s services", s->n_services), services);
  g_autofree char *b = g_strdup_printf(
      ngettext("%s operation between them", "%s operations between them", s->n_calls), calls);
  g_autofree char *c = g_strdup_printf(ngettext("%s finding", "%s findings", n_findings), findings);
  g_autofree char *facts = g_strdup_printf("%s · %s · %s", a, b, c);
  unpark_page_set_facts(&self->page, NULL, facts);
}

/* ---- Loading ------------------------------------------------------------------------------ */

typedef struct {
  UnparkServices *services;
  GPtrArray *findings;
} Found;

static void found_free(gpointer data) {
  Found *found = data;
  unpark_services_unref(found->services);
  g_ptr_array_unref(found->findings);
  g_free(found);
}

static gpointer find(gpointer sources, GCancellable *cancellable, GError **error) {
  UnparkServices *services = unpark_services_new(sources, cancellable, error);
  if (!services)
    return NULL;
  Found *found = g_new(Found, 1);
  *found = (Found){services, unpark_trace_findings(services->traces)};
  return found;
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkServicesView *self = owner;
  Found *found = result;
  g_clear_pointer(&self->services, unpark_services_unref);
  self->services = unpark_services_ref(found->services);
  unpark_services_graph_show(UNPARK_SERVICES_GRAPH(self->graph), self->services);
  unpark_services_findings_fill(GTK_LIST_BOX(self->findings), self->page.session,
                                self->services->traces, found->findings);
  show_calls(self);
  show_facts(self, found->findings->len);
  unpark_page_show_content(&self->page);
  found_free(found);
}

static void load(UnparkPage *page) {
  static const UnparkWork finding = {find, on_found, (GDestroyNotify)unpark_sources_unref,
                                     found_free};
  unpark_page_run(page, &finding, unpark_sources_ref(unpark_session_get_sources(page->session)));
}

/* ---- To the requests, copying ------------------------------------------------------------- */

static void on_call(GtkColumnView *view, guint position, UnparkServicesView *self) {
  g_autoptr(UnparkProfileItem) item =
      g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(view)), position);
  if (!item)
    return;
  const UnparkServices *services = unpark_profile_item_get_data(item);
  const UnparkServiceCall *call = &services->calls[unpark_profile_item_get_row(item)];
  if (call->slowest >= 0)
    unpark_services_go_to_span(self->page.session, services->traces, call->slowest);
}

static void copy(UnparkPage *page) {
  UnparkServicesView *self = UNPARK_SERVICES_VIEW(page);
  g_autofree char *text = unpark_table_text(GTK_COLUMN_VIEW(self->calls), -1, UNPARK_TABLE_TABS);
  gtk_widget_activate_action(GTK_WIDGET(page), "win.copy", "s", text);
}

/* ---- Widget ------------------------------------------------------------------------------- */

static void begin(UnparkPage *page) {
  UnparkServicesView *self = UNPARK_SERVICES_VIEW(page);
  unpark_page_use_search(page, _("Search calls"), _("Search calls"));
  gtk_search_entry_set_key_capture_widget(GTK_SEARCH_ENTRY(page->search), NULL);
  self->selection = unpark_data_table_fill(self->calls, unpark_services_call_columns,
                                           g_object_ref(G_LIST_MODEL(self->items)), FALSE);
  g_signal_connect_object(page->session, "sources-changed", G_CALLBACK(unpark_page_reload), self,
                          G_CONNECT_SWAPPED);
}

static void unpark_services_view_finalize(GObject *object) {
  UnparkServicesView *self = UNPARK_SERVICES_VIEW(object);
  g_clear_object(&self->selection);
  g_clear_object(&self->items);
  g_clear_pointer(&self->services, unpark_services_unref);
  G_OBJECT_CLASS(unpark_services_view_parent_class)->finalize(object);
}

static void unpark_services_view_class_init(UnparkServicesViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = unpark_services_view_finalize;
  class->parent_class.begin = begin;
  class->parent_class.load = load;
  class->parent_class.copy = copy;
  class->parent_class.find = search;
  g_type_ensure(UNPARK_TYPE_SERVICES_GRAPH);
  unpark_page_class_set_template(class, "services/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkServicesView, paned);
  gtk_widget_class_bind_template_child(widget_class, UnparkServicesView, halves);
  gtk_widget_class_bind_template_child(widget_class, UnparkServicesView, graph);
  gtk_widget_class_bind_template_child(widget_class, UnparkServicesView, findings);
  gtk_widget_class_bind_template_child(widget_class, UnparkServicesView, calls);
  gtk_widget_class_bind_template_callback(widget_class, on_picked);
  gtk_widget_class_bind_template_callback(widget_class, on_call);
}

static void unpark_services_view_init(UnparkServicesView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->page.first = self->graph;
  unpark_divider_remember(GTK_PANED(self->paned), "services.graph-height", DEFAULT_GRAPH_HEIGHT);
  unpark_divider_remember(GTK_PANED(self->halves), "services.graph-width", DEFAULT_GRAPH_WIDTH);
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_count(store, UNPARK_TABLE_TRACE_SPAN) > 0;
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_SERVICES_VIEW, session);
}

const UnparkView unpark_services_view = {
    .name = "services",
    .title = N_("Services"),
    .icon = "unpark-services-symbolic",
    .together = TRUE,
    .applies = applies,
    .create = create,
    .focus = unpark_page_focus,
    .search = unpark_page_get_search,
};
