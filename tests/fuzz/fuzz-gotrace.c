/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Go execution traces: the whole way from bytes to rows. Whatever the bytes, a store that was
 * finished opens, and its spans are in order. */
#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>

#include "importers/gotrace/gotrace.h"
#include "model/sql/query.h"
#include "model/store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory where there is such a file system: a store a run. */
static const char *store_path(void) {
  static char *path;

  if (!path) {
    g_autofree char *shm = g_strdup("/dev/shm/unpark-fuzz-XXXXXX");
    g_autofree char *dir = g_mkdtemp(shm) ? g_strdup(shm) : g_dir_make_tmp(NULL, NULL);

    path = g_build_filename(dir, "store", NULL);
  }
  return path;
}

typedef struct {
  gint64 goroutine, end;
} Last;

/* goroutine, start_ns, end_ns */
static gboolean check_order(const UnparkValue *values, guint n, gpointer data) {
  Last *last = data;

  if (values[1].integer > values[2].integer)
    g_error("goroutine %" G_GINT64_FORMAT ": a span ends before it starts", values[0].integer);
  if (values[0].integer == last->goroutine && values[1].integer < last->end)
    g_error("goroutine %" G_GINT64_FORMAT ": spans overlap", values[0].integer);
  last->goroutine = values[0].integer;
  last->end = values[2].integer;
  return TRUE;
}

static void check_store(const char *path) {
  static const UnparkQuery order = {.row = check_order};
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkStore) store = unpark_store_open(path, &error);
  Last last = {G_MININT64, 0};

  if (!store || !unpark_store_query(store,
                                    "SELECT goroutine, start_ns, end_ns FROM span "
                                    "ORDER BY goroutine, start_ns",
                                    &order, &last, NULL, NULL, &error))
    g_error("%s", error->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const UnparkImporter *importer = &unpark_importer_gotrace;
  g_autoptr(UnparkInput) input = unpark_input_from_memory(data, size);
  g_autoptr(UnparkWriter) writer = NULL;
  g_autoptr(GError) error = NULL;
  gint64 duration_ns = 0;
  gboolean complete = TRUE, ok;

  importer->sniff(data, MIN(size, UNPARK_SNIFF_SIZE));
  writer = unpark_writer_new(store_path(), FALSE, &error);
  if (!writer)
    g_error("%s", error->message);
  ok = importer->import(input, writer, &duration_ns, &complete, NULL, &error);
  if (ok != (error == NULL) || duration_ns < 0)
    g_error("result and error disagree");
  if (!ok)
    return 0;
  if (!unpark_writer_finish(writer, duration_ns, complete, &error))
    g_error("%s", error->message);
  check_store(store_path());
  g_unlink(store_path());
  return 0;
}
