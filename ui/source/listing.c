/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/source/listing.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/tables/line-table.h"

/* In the order of UnparkTraceMeasure. */
static const char *const trace_measures[] = {N_("Waiting"), N_("Runnable"), N_("System Calls"),
                                             N_("CPU Samples")};

void unpark_source_request_free(UnparkSourceRequest *request) {
  unpark_store_unref(request->store);
  g_free(request->function);
  g_free(request->file);
  g_array_unref(request->mappings);
  g_free(request);
}

void unpark_source_listing_free(UnparkSourceListing *listing) {
  if (!listing)
    return;
  g_free(listing->file);
  g_free(listing->path);
  g_free(listing->text);
  g_free(listing->error);
  g_strfreev(listing->measures);
  g_free(listing->unit);
  g_array_unref(listing->costs);
  g_free(listing);
}

/* ---- Measures ----------------------------------------------------------------------------- */

static UnparkProfileTable *of_trace(UnparkSourceListing *listing,
                                    const UnparkSourceRequest *request, GCancellable *cancellable,
                                    GError **error) {
  listing->measures = g_new0(char *, G_N_ELEMENTS(trace_measures) + 1);
  for (guint i = 0; i < G_N_ELEMENTS(trace_measures); i++)
    listing->measures[i] = g_strdup(_(trace_measures[i]));
  listing->measure =
      request->measure < G_N_ELEMENTS(trace_measures) ? request->measure : UNPARK_TRACE_WAITING;
  listing->unit = g_strdup(listing->measure == UNPARK_TRACE_CPU ? "count" : "nanoseconds");
  return unpark_profile_table_of_trace(request->store, (UnparkTraceMeasure)listing->measure,
                                       cancellable, error);
}

static UnparkProfileTable *of_profile(UnparkSourceListing *listing,
                                      const UnparkSourceRequest *request, GCancellable *cancellable,
                                      GError **error) {
  g_autoptr(UnparkProfileSummary) summary =
      unpark_profile_summary_new(request->store, cancellable, error);
  if (!summary)
    return NULL;
  listing->measures = g_new0(char *, (gsize)summary->n_types + 1);
  for (guint i = 0; i < summary->n_types; i++) {
    listing->measures[i] = g_strdup(summary->types[i].type);
    if (summary->types[i].is_default)
      listing->measure = i;
  }
  if (request->measure < summary->n_types)
    listing->measure = request->measure;
  if (summary->n_types == 0)
    return NULL;
  const UnparkProfileType *type = &summary->types[listing->measure];
  listing->unit = g_strdup(type->unit);
  return unpark_profile_table_new(request->store, type->profile, type->index, cancellable, error);
}

/* ---- Lines -------------------------------------------------------------------------------- */

static gboolean is_function(const char *function, const char *file, gpointer data) {
  return *file != '\0' && strcmp(function, data) == 0;
}

static gboolean is_file(const char *function, const char *file, gpointer data) {
  return strcmp(file, data) == 0;
}

/* Where the function is, and its costliest line. */
static gboolean find_file(UnparkSourceListing *listing, UnparkProfileTable *table,
                          const UnparkSourceRequest *request, GCancellable *cancellable,
                          GError **error) {
  g_autoptr(UnparkLineTable) lines = unpark_line_table_new(
      table, UNPARK_LINES_BY_FUNCTION, is_function, request->function, cancellable, error);
  const UnparkLineRow *best = NULL;
  for (guint i = 0; lines && i < lines->n_rows; i++)
    if (!best || ABS(lines->rows[i].cumulative) > ABS(best->cumulative))
      best = &lines->rows[i];
  if (best) {
    g_free(listing->file);
    listing->file = g_strdup(best->file);
    listing->line = best->line;
  }
  return lines != NULL;
}

static gboolean find_costs(UnparkSourceListing *listing, UnparkProfileTable *table,
                           GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkLineTable) lines = unpark_line_table_new(table, UNPARK_LINES_BY_FILE, is_file,
                                                           listing->file, cancellable, error);
  for (guint i = 0; lines && i < lines->n_rows; i++) {
    const UnparkLineRow *row = &lines->rows[i];
    UnparkSourceCost cost = {row->line, row->flat, row->cumulative};
    g_array_append_val(listing->costs, cost);
  }
  listing->total = table->total;
  return lines != NULL;
}

static int by_line(gconstpointer a, gconstpointer b) {
  const UnparkSourceCost *x = a, *y = b;
  return (x->line > y->line) - (x->line < y->line);
}

UnparkSourceCost unpark_source_listing_at(const UnparkSourceListing *listing, guint line) {
  UnparkSourceCost wanted = {line, 0, 0};
  guint at;
  if (g_array_binary_search(listing->costs, &wanted, by_line, &at))
    return g_array_index(listing->costs, UnparkSourceCost, at);
  return wanted;
}

/* ---- The file ----------------------------------------------------------------------------- */

static void read_file(UnparkSourceListing *listing, const UnparkSourceRequest *request) {
  const UnparkSourcePlaces places = {(const UnparkSourceMapping *)(gpointer)request->mappings->data,
                                     NULL, unpark_store_source(request->store)->go_version};
  g_autoptr(GError) error = NULL;
  listing->path = unpark_source_find(listing->file, &places);
  if (!listing->path)
    return;
  g_auto(GStrv) lines = unpark_source_read(listing->path, &error);
  if (lines)
    listing->text = g_strjoinv("\n", lines);
  else
    listing->error = g_strdup(error->message);
}

UnparkSourceListing *unpark_source_listing_new(const UnparkSourceRequest *request,
                                               GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSourceListing) listing = g_new0(UnparkSourceListing, 1);
  g_autoptr(UnparkProfileTable) table = NULL;
  UnparkSourceKind kind = unpark_store_source(request->store)->kind;
  GError *local = NULL;
  listing->file = g_strdup(request->file);
  listing->line = request->line;
  listing->costs = g_array_new(FALSE, FALSE, sizeof(UnparkSourceCost));
  if (kind == UNPARK_SOURCE_TRACE)
    table = of_trace(listing, request, cancellable, &local);
  else if (kind == UNPARK_SOURCE_PROFILE)
    table = of_profile(listing, request, cancellable, &local);
  if (!listing->measures || !listing->measures[0]) {
    g_strfreev(listing->measures);
    listing->measures = g_new0(char *, 1);
  }
  if ((table && *listing->file == '\0' &&
       !find_file(listing, table, request, cancellable, &local)) ||
      (table && !local && !find_costs(listing, table, cancellable, &local)) || local) {
    g_propagate_error(error, local);
    return NULL;
  }
  read_file(listing, request);
  return g_steal_pointer(&listing);
}
