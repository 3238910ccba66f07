/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores that were damaged, or made to do harm: opening one and asking it everything gives rows
 * or an error.
 *
 * The bytes are a store file if they begin as one does; else they are changes of a good one: each
 * three bytes of an offset and one that is xor-ed. */
#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>

#include "model/store/facts.h"
#include "model/sql/query.h"
#include "model/writer/writer.h"
#include "model/store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS_MAX 20000
#define SECONDS_MAX 2.0

static char *path;
static guint8 *good;
static gsize good_size;

static guint32 text(UnparkWriter *w, const char *s) {
  return unpark_writer_string(w, s, strlen(s));
}

static void add_rows(UnparkWriter *w, guint32 stack, gint64 i) {
  const gint64 metric[] = {text(w, "heap"), i, i * i};
  const gint64 range[] = {text(w, "GC"), UNPARK_SCOPE_GLOBAL, UNPARK_NONE, i, i + 5, stack};
  const gint64 task[] = {i, UNPARK_NONE, text(w, "task"), i % 20, i, i + 9};
  const gint64 region[] = {i, i % 20, text(w, "region"), i, i + 3, 0};
  const gint64 log[] = {i, i % 20, i, text(w, "category"), text(w, "message")};
  const gint64 cpu[] = {i, i % 20, 1, 2, stack};
  const gint64 sample[] = {i + 1, 1, stack};
  const gint64 value[] = {i + 1, 0, i};
  const gint64 dump[] = {i, text(w, "select"), 3, 0, stack, stack, 1, 1};
  const gint64 race[] = {i + 1, text(w, "write"), 4096, 1, stack, text(w, "read"), 2, stack, stack,
                         stack};

  unpark_writer_append(w, UNPARK_TABLE_METRIC, metric);
  unpark_writer_append(w, UNPARK_TABLE_RANGE, range);
  unpark_writer_append(w, UNPARK_TABLE_TASK, task);
  unpark_writer_append(w, UNPARK_TABLE_REGION, region);
  unpark_writer_append(w, UNPARK_TABLE_LOG, log);
  unpark_writer_append(w, UNPARK_TABLE_CPU_SAMPLE, cpu);
  unpark_writer_append(w, UNPARK_TABLE_SAMPLE, sample);
  unpark_writer_append(w, UNPARK_TABLE_SAMPLE_VALUE, value);
  unpark_writer_append(w, UNPARK_TABLE_DUMP_GOROUTINE, dump);
  unpark_writer_append(w, UNPARK_TABLE_RACE, race);
}

static void make_good(void) {
  g_autofree char *shm = g_strdup("/dev/shm/unpark-fuzz-XXXXXX");
  g_autofree char *dir = g_mkdtemp(shm) ? g_strdup(shm) : g_dir_make_tmp(NULL, NULL);
  g_autoptr(UnparkWriter) w = NULL;
  UnparkLane *lanes[20];

  path = g_build_filename(dir, "store.unpark", NULL);
  w = unpark_writer_new(path, FALSE, NULL);
  unpark_writer_set_source(w, UNPARK_SOURCE_TRACE, "gotrace", "go 1.26 trace", "go1.26", 1000);
  for (guint i = 0; i < G_N_ELEMENTS(lanes); i++)
    lanes[i] = unpark_writer_lane_new(w, i, i, UNPARK_NONE, 0);
  for (guint i = 0; i < 400; i++) {
    g_autofree char *name = g_strdup_printf("main.f%u", i % 30);
    guint32 frames[2] = {unpark_writer_frame(w, text(w, name), text(w, "a.go"), i % 90, FALSE),
                         unpark_writer_frame(w, text(w, "main.main"), text(w, "a.go"), 7, FALSE)};
    guint32 stack = unpark_writer_stack(w, frames, 2);
    UnparkState state = (UnparkState)(i % UNPARK_N_STATES);
    guint16 kind = unpark_writer_kind(w, state, i % 3 ? text(w, "select") : 0, UNPARK_CAUSE_NONE);

    unpark_lane_switch(w, lanes[i * 7 % 20], 100 + i * 10, kind, stack,
                       unpark_writer_place(w, i % 4, i % 9), i % 5, stack);
    add_rows(w, stack, i);
  }
  unpark_writer_note(w, UNPARK_NOTE_WARNING, "name", 3, "detail");
  if (!unpark_writer_finish(w, 5000, FALSE, NULL) ||
      !g_file_get_contents(path, (char **)&good, &good_size, NULL))
    g_error("no store could be made");
}

static gboolean take_row(const UnparkValue *values, guint n, gpointer data) {
  gsize *sum = data;

  for (guint i = 0; i < n; i++)
    if (values[i].type == UNPARK_VALUE_TEXT || values[i].type == UNPARK_VALUE_BLOB)
      for (gsize k = 0; k < values[i].size; k++)
        *sum += (guint8)values[i].text[k];
  return TRUE;
}

static gboolean take_spans(const UnparkSpan *spans, guint n, gpointer data) {
  gsize *sum = data;

  for (guint i = 0; i < n; i++)
    *sum += (gsize)spans[i].start_ns;
  return (*sum & 0xff) != 0xff;
}

static void ask_sql(UnparkStore *store, gsize *sum) {
  static const char *const statements[] = {
      "SELECT * FROM source",
      "SELECT * FROM import_note",
      "SELECT * FROM goroutine",
      "SELECT * FROM span ORDER BY goroutine, start_ns",
      "SELECT state, reason, count(*), sum(duration_ns) FROM span GROUP BY state, reason",
      "SELECT * FROM span WHERE goroutine = 3 AND start_ns > 1000",
      "SELECT * FROM sched_latency",
      "SELECT * FROM proc_span",
      "SELECT * FROM thread_span",
      "SELECT * FROM range",
      "SELECT * FROM metric",
      "SELECT * FROM task",
      "SELECT * FROM region",
      "SELECT * FROM log",
      "SELECT * FROM cpu_sample",
      "SELECT * FROM goroutine_label",
      "SELECT * FROM stack",
      "SELECT * FROM stack_frame",
      "SELECT * FROM profile",
      "SELECT * FROM sample",
      "SELECT * FROM sample_value",
      "SELECT * FROM dump_goroutine",
      "SELECT * FROM race",
  };
  static const UnparkQuery query = {.row = take_row, .timeout_s = SECONDS_MAX, .limit = ROWS_MAX};

  for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
    g_autoptr(GError) error = NULL;

    if (unpark_store_query(store, statements[i], &query, sum, NULL, NULL, &error) ==
        (error != NULL))
      g_error("%s: result and error disagree", statements[i]);
  }
}

static void ask_lanes(UnparkStore *store) {
  static const UnparkLaneKey keys[] = {{UNPARK_LANE_ALL, 0},
                                       {UNPARK_LANE_GOROUTINE, 3},
                                       {UNPARK_LANE_PROC, 1},
                                       {UNPARK_LANE_THREAD, 2},
                                       {UNPARK_LANE_GROUP, 5}};
  const guint n = G_N_ELEMENTS(keys);

  for (gint64 resolution = 1; resolution < 1000; resolution += 400)
    unpark_lane_items_free(unpark_store_lanes(store, keys, n, 0, 5000, resolution, NULL, NULL), n);
}

static void ask(UnparkStore *store) {
  gsize sum = 0;
  guint n;

  g_free(unpark_store_stack(store, 3, 100, &n));
  g_free(unpark_store_spans(store, 3, 0, 5000, 100, &n, NULL, NULL));
  unpark_store_goroutines(store, &n, NULL);
  unpark_store_goroutine(store, 3);
  unpark_store_procs(store, &n);
  unpark_store_threads(store, &n);
  unpark_store_notes(store, &n);
  for (guint kind = 0; kind < unpark_store_n_kinds(store); kind++)
    unpark_store_kind(store, (guint16)kind);
  unpark_store_visit_spans(store, 0, 5000, take_spans, &sum, NULL, NULL);
  ask_lanes(store);
  ask_sql(store, &sum);
}

static GByteArray *changed(const uint8_t *data, size_t size) {
  GByteArray *bytes = g_byte_array_new();

  if (size >= 6 && memcmp(data, "SQLite", 6) == 0)
    return g_byte_array_append(bytes, data, (guint)size);
  g_byte_array_append(bytes, good, (guint)good_size);
  for (size_t i = 0; i + 4 <= size; i += 4)
    bytes->data[((gsize)data[i] << 16 | (gsize)data[i + 1] << 8 | data[i + 2]) % bytes->len] ^=
        data[i + 3];
  return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(GByteArray) bytes = NULL;
  g_autoptr(UnparkStore) store = NULL;
  g_autoptr(GError) error = NULL;

  if (!good)
    make_good();
  bytes = changed(data, size);
  g_file_set_contents(path, (const char *)bytes->data, bytes->len, NULL);
  store = unpark_store_open(path, &error);
  if (!store != (error != NULL))
    g_error("store and error disagree");
  if (store)
    ask(store);
  g_unlink(path);
  return 0;
}
