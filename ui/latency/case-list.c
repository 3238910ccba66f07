/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/latency/case-list.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/data-table.h"
#include "ui/kit/profile-item.h"
#include "ui/session/marked.h"
#include "ui/session/scope-request.h"
#include "ui/text/format.h"

/* ---- Looking ---------------------------------------------------------------------------- */

typedef struct {
  UnparkScopeRequest *request;
  UnparkLatency *latency;
  UnparkLatencySpec spec;
  guint32 row;
  gint64 from_ns, to_ns;
} Wanted;

typedef struct {
  UnparkLatencyList *list;
  UnparkMarked *marked;
  GPtrArray *items;
} Found;

static void wanted_free(gpointer data) {
  Wanted *wanted = data;
  unpark_scope_request_free(wanted->request);
  unpark_latency_unref(wanted->latency);
  g_free(wanted);
}

static void found_free(gpointer data) {
  Found *found = data;
  unpark_latency_list_unref(found->list);
  unpark_marked_unref(found->marked);
  g_clear_pointer(&found->items, g_ptr_array_unref);
  g_free(found);
}

static GPtrArray *make_items(UnparkLatencyCases *cases) {
  return unpark_profile_items_new(cases, cases->n, (gpointer(*)(gpointer))unpark_latency_cases_ref,
                                  (GDestroyNotify)unpark_latency_cases_unref);
}

static UnparkMarked *mark(const UnparkLatencyList *list) {
  g_autofree UnparkMarkedSpan *spans = g_new(UnparkMarkedSpan, (gsize)list->n + 1);
  for (guint i = 0; i < list->n; i++)
    spans[i] = (UnparkMarkedSpan){list->cases[i].goroutine, list->cases[i].start_ns,
                                  list->cases[i].end_ns};
  return unpark_marked_new(spans, list->n);
}

static gpointer look(gpointer data, GCancellable *cancellable, GError **error) {
  Wanted *wanted = data;
  wanted->spec.from_ns = wanted->request->from_ns;
  wanted->spec.to_ns = wanted->request->to_ns;
  wanted->spec.goroutines = wanted->request->ids;
  wanted->spec.n_goroutines = wanted->request->n_ids;
  UnparkLatencyList *list =
      unpark_latency_list_new(wanted->latency, &wanted->spec, wanted->row, wanted->from_ns,
                              wanted->to_ns, cancellable, error);
  if (!list)
    return NULL;
  Found *found = g_new0(Found, 1);
  UnparkLatencyCases *cases = unpark_latency_cases_of_list(list);
  found->list = list;
  found->marked = mark(list);
  found->items = make_items(cases);
  unpark_latency_cases_unref(cases);
  return found;
}

/* ---- Showing ---------------------------------------------------------------------------- */

/* "1,204 spans from 1 ms to 2 ms" */
static char *describe(const UnparkLatencyList *list) {
  char count[UNPARK_FORMAT_SIZE], shown[UNPARK_FORMAT_SIZE], from[UNPARK_FORMAT_SIZE],
      to[UNPARK_FORMAT_SIZE];
  unpark_format_count((gint64)list->n_all, count);
  unpark_format_duration(list->from_ns, from);
  unpark_format_duration(list->to_ns, to);
  g_autofree char *all =
      list->to_ns == G_MAXINT64
          ? g_strdup_printf(ngettext("%s from %s on", "%s from %s on", (gulong)list->n_all), count,
                            from)
          : g_strdup_printf(ngettext("%s from %s to %s", "%s from %s to %s", (gulong)list->n_all),
                            count, from, to);
  if (list->n == list->n_all)
    return g_steal_pointer(&all);
  unpark_format_count(list->n, shown);
  /* Translators: of "200,000 from 1 ms to 2 ms" */
  return g_strdup_printf(_("the longest %s of %s"), shown, all);
}

static void set_words(UnparkLatencyCaseList *self, const char *words) {
  gtk_label_set_text(GTK_LABEL(self->words), words ? words : "");
  gtk_widget_set_tooltip_text(self->words, words);
  gtk_widget_set_visible(self->heading, words != NULL);
  unpark_accessible_name(self->view, words ? _("Picked Spans") : _("Longest Spans"));
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkLatencyCaseList *self = owner;
  unpark_page_set_busy(self->page, unpark_worker_is_running(&self->page->worker));
  if (error) {
    set_words(self, error->message);
    return;
  }
  Found *found = result;
  g_autofree char *words = describe(found->list);
  unpark_profile_store_replace(self->items, found->items);
  set_words(self, words);
  unpark_marked_show(self->page->session, found->marked);
  found_free(found);
}

static void show_longest(UnparkLatencyCaseList *self) {
  UnparkLatencyCases *cases = unpark_latency_cases_new(self->latency, self->row);
  g_autoptr(GPtrArray) items = make_items(cases);
  unpark_profile_store_replace(self->items, items);
  unpark_latency_cases_unref(cases);
  set_words(self, NULL);
  unpark_marked_show(self->page->session, NULL);
}

static void update(UnparkLatencyCaseList *self) {
  static const UnparkWork work = {look, on_found, wanted_free, found_free};
  UnparkPage *page = self->page;
  unpark_worker_cancel(&self->worker);
  if (!self->latency)
    return;
  if (self->to_ns <= self->from_ns) {
    show_longest(self);
    return;
  }
  /* What passes the filter is being looked for: the page then shows another distribution. */
  if (unpark_session_is_filtering(page->session) || unpark_session_get_filter_error(page->session))
    return;
  Wanted *wanted = g_new(Wanted, 1);
  *wanted = (Wanted){unpark_scope_request_new(page->session, UNPARK_TIME_SCOPE(page->scope), NULL),
                     unpark_latency_ref(self->latency),
                     self->spec,
                     self->row,
                     self->from_ns,
                     self->to_ns};
  unpark_worker_run(&self->worker, self, &work, wanted);
  unpark_page_set_busy(page, TRUE);
}

void unpark_latency_case_list_show(UnparkLatencyCaseList *self, UnparkLatency *latency,
                                   guint32 row) {
  if (self->latency != latency) {
    g_clear_pointer(&self->latency, unpark_latency_unref);
    self->latency = unpark_latency_ref(latency);
  }
  self->row = row;
  self->spec.measure = latency->measure;
  self->spec.grouping = latency->grouping;
  update(self);
}

void unpark_latency_case_list_pick(UnparkLatencyCaseList *self, gint64 from_ns, gint64 to_ns) {
  self->from_ns = from_ns;
  self->to_ns = to_ns;
  update(self);
}

/* ---- To the timeline -------------------------------------------------------------------- */

static void on_activate(GtkColumnView *view, guint position, UnparkLatencyCaseList *self) {
  g_autoptr(UnparkProfileItem) item =
      g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(view)), position);
  if (!item)
    return;
  const UnparkLatencyCases *cases = unpark_profile_item_get_data(item);
  const UnparkLatencyCase *one = &cases->cases[unpark_profile_item_get_row(item)];
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
  unpark_session_go_to(self->page->session, &pick, "timeline");
}

void unpark_latency_case_list_init(UnparkLatencyCaseList *self, UnparkPage *page) {
  self->page = page;
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  /* Bit by bit: of a picked range there may be very many. */
  g_object_unref(unpark_data_table_fill(self->view, unpark_latency_case_columns,
                                        g_object_ref(G_LIST_MODEL(self->items)), TRUE));
  g_signal_connect(self->view, "activate", G_CALLBACK(on_activate), self);
}

void unpark_latency_case_list_clear(UnparkLatencyCaseList *self) {
  unpark_worker_cancel(&self->worker);
  g_clear_pointer(&self->latency, unpark_latency_unref);
  g_clear_object(&self->items);
}
