/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/base/times.h"
#include "model/writer/private.h"

/* A full (or last) buffer on its way through the sink. */
typedef struct {
  UnparkFact fact;
  guint n;
  gint64 first_id;
  gint64 *values;
} RowJob;

/* Buffers are large and used up quickly: they go from the sink's threads back to the importer's. */
static GMutex pool_lock;
static gint64 *pool[8];

static gint64 *new_values(void) {
  gint64 *values = NULL;
  g_mutex_lock(&pool_lock);
  for (guint i = 0; i < G_N_ELEMENTS(pool) && !values; i++)
    values = g_steal_pointer(&pool[i]);
  g_mutex_unlock(&pool_lock);
  return values ? values : g_new(gint64, (gsize)UNPARK_BLOCK_ROWS * UNPARK_MAX_COLUMNS);
}

void unpark_rows_free(gint64 *values) {
  g_mutex_lock(&pool_lock);
  for (guint i = 0; i < G_N_ELEMENTS(pool) && values; i++)
    if (!pool[i])
      pool[i] = g_steal_pointer(&values);
  g_mutex_unlock(&pool_lock);
  g_free(values);
}

void unpark_rows_empty_pool(void) {
  g_mutex_lock(&pool_lock);
  for (guint i = 0; i < G_N_ELEMENTS(pool); i++)
    g_clear_pointer(&pool[i], g_free);
  g_mutex_unlock(&pool_lock);
}

static void rows_job(UnparkForge *forge, gpointer data) {
  RowJob *job = data;
  guint n_columns = unpark_facts[job->fact].n_columns;
  for (guint c = 0; c < n_columns; c++)
    for (guint i = 0; i < job->n; i++)
      forge->columns[c][i] = job->values[(gsize)i * n_columns + c];
  unpark_forge_pack(forge, job->fact, job->n, job->first_id);
  unpark_rows_free(job->values);
  g_free(job);
}

static gboolean is_numbered(UnparkFact fact) {
  return fact == UNPARK_FACT_STACK || fact == UNPARK_FACT_NODE || fact == UNPARK_FACT_FRAME ||
         fact == UNPARK_FACT_KIND || fact == UNPARK_FACT_PLACE;
}

void unpark_rows_flush(UnparkWriter *w, UnparkFact fact) {
  UnparkRowBuffer *rows = &w->rows[fact];
  if (rows->n == 0)
    return;
  RowJob *job = g_new(RowJob, 1);
  job->fact = fact;
  job->n = rows->n;
  job->first_id = is_numbered(fact) ? rows->next_id + 1 : -1;
  job->values = g_steal_pointer(&rows->values);
  rows->next_id += rows->n;
  rows->n = 0;
  unpark_sink_give(w->sink, rows_job, job);
}

static void clamp(gint64 *row, gint8 column) {
  if (column >= 0 && row[column] != UNPARK_NONE)
    row[column] = unpark_time_clamp(row[column]);
}

void unpark_rows_append(UnparkWriter *w, UnparkFact fact, const gint64 *values) {
  UnparkRowBuffer *rows = &w->rows[fact];
  guint n_columns = unpark_facts[fact].n_columns;
  if (!rows->values)
    rows->values = new_values();
  gint64 *row = rows->values + (gsize)rows->n * n_columns;
  memcpy(row, values, n_columns * sizeof *values);
  clamp(row, unpark_facts[fact].start);
  clamp(row, unpark_facts[fact].end);
  if (++rows->n == UNPARK_BLOCK_ROWS)
    unpark_rows_flush(w, fact);
}

guint32 unpark_writer_message(UnparkWriter *w, const char *category, gsize category_len,
                              const char *text, gsize len) {
  static const char binary[] = "datadog.uint64_span_id";
  char digits[17];
  guint64 id;

  if (len != sizeof id || category_len != sizeof binary - 1 ||
      memcmp(category, binary, category_len) != 0)
    return unpark_writer_string(w, text, len);
  memcpy(&id, text, sizeof id);
  g_snprintf(digits, sizeof digits, "%016" G_GINT64_MODIFIER "x", GUINT64_FROM_LE(id));
  return unpark_writer_string(w, digits, sizeof digits - 1);
}
