/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First what the store has, then the graph; an answer that is not wanted any more is dropped by the
 * page's worker. */
#include "ui/flame/job.h"

#include <glib/gi18n.h>

#include "ui/flame/view-private.h"

static void stock_free(gpointer data) {
  UnparkFlameStock *stock = data;
  unpark_store_unref(stock->store);
  g_clear_pointer(&stock->offers, g_ptr_array_unref);
  g_strfreev(stock->label_keys);
  g_free(stock);
}

void unpark_flame_job_cancel(UnparkFlameJob *job) {
  unpark_worker_cancel(&job->searching);
  unpark_worker_cancel(&job->copying);
  unpark_worker_cancel(&job->looking);
  g_cancellable_cancel(job->opening);
  g_clear_object(&job->opening);
}

void unpark_flame_job_clear(UnparkFlameJob *job) {
  g_clear_pointer(&job->stock, stock_free);
  g_clear_pointer(&job->result, unpark_flame_result_unref);
  g_clear_pointer(&job->scope_text, g_free);
  g_clear_pointer(&job->hint, g_free);
}

guint unpark_flame_job_n_label_keys(const UnparkFlameJob *job) {
  return job->stock ? g_strv_length(job->stock->label_keys) : 0;
}

/* ---- The graph --------------------------------------------------------------------------- */

typedef struct {
  UnparkFlameQuery *query;
  GPtrArray *items; /* of the table, once it has run */
} Making;

static void making_free(gpointer data) {
  Making *making = data;
  unpark_flame_query_free(making->query);
  g_clear_pointer(&making->items, g_ptr_array_unref);
  g_free(making);
}

static gpointer make(gpointer data, GCancellable *cancellable, GError **error) {
  Making *making = data;
  UnparkFlameResult *result = unpark_flame_query_run(making->query, cancellable, error);
  if (result)
    making->items = unpark_flame_table_items(result);
  return result;
}

static void on_made(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkFlameView *self = owner;
  Making *making = data;
  UnparkFlameResult *old = self->job.result;
  g_free(self->job.scope_text);
  g_clear_pointer(&self->job.hint, g_free);
  self->job.scope_text =
      unpark_flame_options_describe(&self->options, self->page.session, &self->job.hint);
  self->job.result = result;
  unpark_flame_view_show_result(self, making->items);
  unpark_flame_result_unref(old);
}

static void begin(UnparkFlameView *self) {
  static const UnparkWork work = {make, on_made, making_free,
                                  (GDestroyNotify)unpark_flame_result_unref};
  UnparkPage *page = &self->page;
  unpark_flame_options_fill_side(&self->options, page->session, &self->options.query.side);
  gboolean filters = self->options.query.side.who == UNPARK_FLAME_WHO_FILTER;
  const GError *error = filters ? unpark_session_get_filter_error(page->session) : NULL;
  self->job.waiting = filters && !error && unpark_session_is_filtering(page->session);
  if (self->job.waiting || error) {
    unpark_worker_cancel(&page->worker);
    unpark_page_set_busy(page, self->job.waiting);
    if (error)
      unpark_page_say(page, _("Cannot Be Shown"), error->message);
    return;
  }
  Making *making = g_new(Making, 1);
  *making = (Making){unpark_flame_query_copy(&self->options.query), NULL};
  unpark_page_run(page, &work, making);
}

/* ---- What the store has ------------------------------------------------------------------ */

static gpointer take_stock(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkFlameStock *stock = g_new0(UnparkFlameStock, 1);
  stock->store = unpark_store_ref(data);
  stock->offers = unpark_flame_offers(stock->store, &stock->first, cancellable, error);
  if (stock->offers)
    stock->label_keys = unpark_flame_label_keys(stock->store, cancellable, error);
  if (!stock->label_keys)
    g_clear_pointer(&stock, stock_free);
  return stock;
}

/* Dumps are read by state. */
static void choose_first(UnparkFlameView *self) {
  const UnparkFlameStock *stock = self->job.stock;
  const UnparkFlameOffer *offer = g_ptr_array_index(stock->offers, stock->first);
  if (self->options.query.source)
    return;
  unpark_flame_options_set_source(&self->options, offer);
  if (offer->source.kind == UNPARK_FLAME_GOROUTINES)
    self->options.query.grouping = UNPARK_FLAME_BY_STATE;
}

static void on_stock(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkFlameView *self = owner;
  g_clear_pointer(&self->job.stock, stock_free);
  self->job.stock = result;
  if (self->job.stock->offers->len == 0) {
    unpark_page_say(&self->page, _("Cannot Be Shown"), _("This file has no stacks"));
    return;
  }
  choose_first(self);
  unpark_flame_view_fill_sources(self);
  unpark_flame_view_update_options(self);
  begin(self);
}

void unpark_flame_view_load(UnparkPage *page) {
  static const UnparkWork work = {take_stock, on_stock, (GDestroyNotify)unpark_store_unref,
                                  stock_free};
  UnparkFlameView *self = UNPARK_FLAME_VIEW(page);
  UnparkStore *store = unpark_session_get_store(page->session);
  if (!self->job.stock || self->job.stock->store != store)
    unpark_page_run(page, &work, unpark_store_ref(store));
  else if (self->job.stock->offers->len > 0)
    begin(self);
}

void unpark_flame_view_stop(UnparkFlameView *self) {
  unpark_worker_cancel(&self->page.worker);
  self->job.waiting = FALSE;
  unpark_page_set_busy(&self->page, FALSE);
  unpark_flame_view_tell(self, _("Stopped. The previous graph is still shown."));
}
