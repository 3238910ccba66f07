/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/store.h"

#include <glib/gi18n.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/free-later.h"
#include "model/base/printable.h"
#include "model/base/times.h"
#include "model/store/guard.h"
#include "model/store/private.h"
#include "model/store/schema.h"

#define BUSY_MS 20000
/* No importer has as many names of notes. */
#define MAX_NOTES 1000
/* Unix time: the year 2116. */
#define MAX_WALL_NS ((gint64)1 << 62)

/* ---- opening ---------------------------------------------------------------------- */

/* Offsets of SQLite's header: user version (60) and application id (68), big endian. */
gboolean unpark_store_is_store_file(const char *path) {
  guint8 head[100];
  guint32 id;
  FILE *file = fopen(path, "rb");
  if (!file)
    return FALSE;
  gsize n = fread(head, 1, sizeof head, file);
  fclose(file);
  memcpy(&id, head + 68, 4);
  return n == sizeof head && memcmp(head, "SQLite format 3", 16) == 0 &&
         GUINT32_FROM_BE(id) == UNPARK_APPLICATION_ID;
}

static gboolean fail(GError **error, const char *path, const char *what) {
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE, "“%s” cannot be opened as a store: %s", path,
              what);
  return FALSE;
}

static char *column_text(sqlite3_stmt *s, int column) {
  const char *text = (const char *)sqlite3_column_text(s, column);
  char *valid = g_utf8_make_valid(text ? text : "", -1);
  unpark_printable_clean(valid, strlen(valid));
  return valid;
}

static void take_source(UnparkStore *store, sqlite3_stmt *s) {
  UnparkSource *source = &store->source;
  for (int i = 0; i < 4; i++)
    store->source_texts[i] = column_text(s, i);
  source->path = store->source_texts[0];
  source->importer = store->source_texts[1];
  source->format = store->source_texts[2];
  source->go_version = store->source_texts[3];
  source->start_wall_ns = sqlite3_column_type(s, 4) == SQLITE_NULL
                              ? UNPARK_NONE
                              : CLAMP(sqlite3_column_int64(s, 4), 0, MAX_WALL_NS);
  source->duration_ns = CLAMP(sqlite3_column_int64(s, 5), 0, UNPARK_TIME_MAX);
  source->byte_count = MAX(sqlite3_column_int64(s, 6), 0);
  source->event_count = MAX(sqlite3_column_int64(s, 7), 0);
  source->complete = sqlite3_column_int(s, 8) != 0;
  source->kind = (UnparkSourceKind)CLAMP(sqlite3_column_int64(s, 9), 0, UNPARK_N_SOURCES - 1);
}

static void take_note(GArray *notes, sqlite3_stmt *s) {
  UnparkNote note = {
      .name = column_text(s, 1), .count = sqlite3_column_int64(s, 2), .detail = column_text(s, 3)};
  const char *severity = (const char *)sqlite3_column_text(s, 0);
  note.severity = g_strcmp0(severity, "error") == 0     ? UNPARK_NOTE_ERROR
                  : g_strcmp0(severity, "warning") == 0 ? UNPARK_NOTE_WARNING
                                                        : UNPARK_NOTE_INFO;
  g_array_append_val(notes, note);
}

static gboolean read_plain(UnparkStore *store, sqlite3 *db, GError **error) {
  sqlite3_stmt *s = NULL;
  GArray *notes = g_array_new(FALSE, FALSE, sizeof(UnparkNote));
  gboolean found = FALSE;
  if (sqlite3_prepare_v2(db, "SELECT * FROM source", -1, &s, NULL) == SQLITE_OK &&
      sqlite3_column_count(s) == 10 && sqlite3_step(s) == SQLITE_ROW) {
    take_source(store, s);
    found = TRUE;
  }
  sqlite3_finalize(s);
  if (found && sqlite3_prepare_v2(db, "SELECT severity, name, count, detail FROM import_note", -1,
                                  &s, NULL) == SQLITE_OK) {
    while (notes->len < MAX_NOTES && sqlite3_step(s) == SQLITE_ROW)
      take_note(notes, s);
    sqlite3_finalize(s);
  }
  store->n_notes = notes->len;
  store->notes = (UnparkNote *)g_array_free(notes, FALSE);
  return found || fail(error, store->path, "it is not complete");
}

/* Calls `row` for every row of a small fact. */
typedef void (*RowFunc)(UnparkStore *store, gint64 *const *columns, guint i, gint64 id);

static gboolean each_row(UnparkStore *store, UnparkFact fact, RowFunc row, GError **error) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, fact);
  for (guint b = 0; b < list->n; b++) {
    g_autoptr(UnparkDecoded) d =
        unpark_blocks_get(store->blocks, fact, &list->blocks[b], UNPARK_ALL_COLUMNS, error);
    if (!d)
      return FALSE;
    for (guint i = 0; i < d->n; i++)
      row(store, d->columns, i, list->blocks[b].lane_min + i);
  }
  return TRUE;
}

static void take_kind(UnparkStore *store, gint64 *const *c, guint i, gint64 id) {
  if (id < 1 || id >= store->n_kinds)
    return;
  UnparkKind *kind = &store->kinds[id];
  kind->state = (UnparkState)CLAMP(c[0][i], 0, UNPARK_N_STATES - 1);
  kind->reason_id = (guint32)c[1][i];
  kind->cause = (UnparkCause)CLAMP(c[2][i], 0, UNPARK_N_CAUSES - 1);
  kind->reason = unpark_store_string(store, kind->reason_id);
  if (kind->state == UNPARK_STATE_WAITING)
    kind->wait = unpark_wait_of_reason(kind->reason);
}

static void take_place(UnparkStore *store, gint64 *const *c, guint i, gint64 id) {
  if (id >= 1 && id < store->n_places)
    store->places[id] = (UnparkStorePlace){c[0][i], c[1][i]};
}

static gint compare_ids(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return x < y ? -1 : x > y;
}

static gint64 *distinct(const UnparkStore *store, gboolean threads, guint *n) {
  gint64 *ids = g_new(gint64, store->n_places + 1);
  guint count = 0, kept = 0;
  for (guint i = 1; i < store->n_places; i++) {
    gint64 id = threads ? store->places[i].thread : store->places[i].proc;
    if (id != UNPARK_NONE)
      ids[count++] = id;
  }
  if (count > 1)
    qsort(ids, count, sizeof *ids, compare_ids);
  for (guint i = 0; i < count; i++)
    if (i == 0 || ids[i] != ids[i - 1])
      ids[kept++] = ids[i];
  *n = kept;
  return ids;
}

static gboolean read_dictionaries(UnparkStore *store, GError **error) {
  const UnparkBlockList *strings = unpark_blocks_list(store->blocks, UNPARK_FACT_STRING);
  store->strings = g_new0(char **, strings->n + 1);
  /* The index has been checked: no fact has more rows than the file has bytes. */
  store->n_kinds = (guint)MIN(unpark_blocks_list(store->blocks, UNPARK_FACT_KIND)->rows + 1, 65536);
  store->n_places =
      (guint)MIN(unpark_blocks_list(store->blocks, UNPARK_FACT_PLACE)->rows + 1, G_MAXINT32);
  store->kinds = g_new0(UnparkKind, store->n_kinds);
  store->places = g_new0(UnparkStorePlace, store->n_places);
  for (guint i = 0; i < store->n_kinds; i++)
    store->kinds[i].reason = "";
  for (guint i = 0; i < store->n_places; i++)
    store->places[i] = (UnparkStorePlace){UNPARK_NONE, UNPARK_NONE};
  if (!each_row(store, UNPARK_FACT_KIND, take_kind, error) ||
      !each_row(store, UNPARK_FACT_PLACE, take_place, error))
    return FALSE;
  store->procs = distinct(store, FALSE, &store->n_procs);
  store->threads = distinct(store, TRUE, &store->n_threads);
  return TRUE;
}

/* The first time of a span may be before time 0: then the trace begins there. */
static void find_ends(UnparkStore *store) {
  const UnparkBlockList *list = unpark_blocks_list(store->blocks, UNPARK_FACT_SPAN);
  gint64 shift_ns = unpark_store_shift(store), start = shift_ns;
  if (store->source.start_wall_ns != UNPARK_NONE)
    store->source.start_wall_ns = unpark_time_subtract(store->source.start_wall_ns, shift_ns);
  for (guint i = 0; i < list->n; i++)
    start = MIN(start, list->blocks[i].time_min);
  store->source.start_ns = unpark_time_clamp(start);
  store->source.end_ns =
      unpark_time_clamp(unpark_time_add(store->source.start_ns, store->source.duration_ns));
}

static gboolean read_head(UnparkStore *store, GError **error) {
  sqlite3 *db = unpark_guard_open(store->path, UNPARK_GUARD_READ, BUSY_MS, error);
  gboolean ok = db && read_plain(store, db, error);
  sqlite3_close(db);
  return ok;
}

static UnparkStore *open_store(const char *path, gboolean live, gint64 shift_ns, GError **error) {
  UnparkStore *store = g_new0(UnparkStore, 1);
  store->ref_count = 1;
  store->path = g_strdup(path);
  store->live = live;
  g_mutex_init(&store->lock);
  g_mutex_init(&store->attaching);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    fail(error, path, "there is no such file");
  else if (read_head(store, error) &&
           (store->blocks = unpark_blocks_open(path, live, shift_ns, error)) != NULL &&
           read_dictionaries(store, error) &&
           /* What is open changes in a live store: it is read now or never. */
           (!live || unpark_store_goroutines(store, NULL, error))) {
    find_ends(store);
    return store;
  }
  unpark_store_unref(store);
  return NULL;
}

UnparkStore *unpark_store_open(const char *path, GError **error) {
  return open_store(path, FALSE, 0, error);
}

UnparkStore *unpark_store_open_shifted(const char *path, gint64 shift_ns, GError **error) {
  return open_store(path, FALSE, shift_ns, error);
}

gint64 unpark_store_shift(const UnparkStore *store) {
  return unpark_blocks_shift(store->blocks);
}

UnparkStore *unpark_store_open_live(const char *temp_path, GError **error) {
  /* The writer may replace what is open between the index and the rows: then once more. */
  for (guint attempts = 3;; attempts--) {
    g_autoptr(GError) failure = NULL;
    UnparkStore *store = open_store(temp_path, TRUE, 0, &failure);
    if (store)
      return store;
    if (attempts == 1 || !g_file_test(temp_path, G_FILE_TEST_EXISTS)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return NULL;
    }
  }
}

UnparkStore *unpark_store_ref(UnparkStore *store) {
  g_atomic_int_inc(&store->ref_count);
  return store;
}

static void stacks_free(UnparkStacks *stacks) {
  g_free(stacks->stack_node);
  g_free(stacks->node_parent);
  g_free(stacks->node_frame);
  g_free(stacks->node_depth);
  g_free(stacks->frames);
  g_free(stacks);
}

static void store_free(gpointer data) {
  UnparkStore *store = data;
  guint n_strings = store->blocks ? unpark_blocks_list(store->blocks, UNPARK_FACT_STRING)->n : 0;
  if (store->attached)
    store->attached_free(store->attached);
  for (guint i = 0; store->strings && i < n_strings; i++)
    g_free(store->strings[i]);
  for (guint i = 0; i < store->n_notes; i++) {
    g_free((char *)store->notes[i].name);
    g_free((char *)store->notes[i].detail);
  }
  for (guint i = 0; i < G_N_ELEMENTS(store->source_texts); i++)
    g_free(store->source_texts[i]);
  g_clear_pointer(&store->stacks, stacks_free);
  g_clear_pointer(&store->blocks, unpark_blocks_free);
  g_free(store->strings);
  g_free(store->notes);
  g_free(store->kinds);
  g_free(store->places);
  g_free(store->procs);
  g_free(store->threads);
  g_free(store->goroutines);
  g_free(store->path);
  g_mutex_clear(&store->lock);
  g_mutex_clear(&store->attaching);
  g_free(store);
}

void unpark_store_unref(UnparkStore *store) {
  if (store && g_atomic_int_dec_and_test(&store->ref_count))
    unpark_free_later(store, store_free);
}

/* ---- small things --------------------------------------------------------------------- */

const UnparkBlockList *unpark_store_blocks(UnparkStore *store, UnparkFact fact) {
  return unpark_blocks_list(store->blocks, fact);
}

UnparkDecoded *unpark_store_decode(UnparkStore *store, UnparkFact fact, const UnparkBlockInfo *info,
                                   guint32 columns, GError **error) {
  return unpark_blocks_get(store->blocks, fact, info, columns, error);
}

gpointer unpark_store_attachment(UnparkStore *store, gpointer (*make)(UnparkStore *, GError **),
                                 GDestroyNotify destroy, GError **error) {
  g_mutex_lock(&store->attaching);
  if (!store->attached) {
    store->attached = make(store, error);
    store->attached_free = destroy;
  }
  gpointer attached = store->attached;
  g_mutex_unlock(&store->attaching);
  return attached;
}

void unpark_store_set_memory(guint mib) {
  unpark_blocks_set_budget((gsize)mib << 20);
}

gboolean unpark_store_is_live(const UnparkStore *store) {
  return store->live;
}

const UnparkSource *unpark_store_source(UnparkStore *store) {
  return &store->source;
}

const char *unpark_store_path(UnparkStore *store) {
  return store->path;
}

const UnparkNote *unpark_store_notes(UnparkStore *store, guint *n) {
  *n = store->n_notes;
  return store->notes;
}

const UnparkKind *unpark_store_kind(UnparkStore *store, guint16 kind) {
  return kind > 0 && kind < store->n_kinds ? &store->kinds[kind] : NULL;
}

guint unpark_store_n_kinds(UnparkStore *store) {
  return store->n_kinds;
}

const UnparkStorePlace *unpark_store_place(const UnparkStore *store, guint32 place) {
  return &store->places[place < store->n_places ? place : 0];
}

const gint64 *unpark_store_procs(UnparkStore *store, guint *n) {
  *n = store->n_procs;
  return store->procs;
}

const gint64 *unpark_store_threads(UnparkStore *store, guint *n) {
  *n = store->n_threads;
  return store->threads;
}

guint64 unpark_store_count(UnparkStore *store, int table) {
  g_return_val_if_fail(table >= 0 && table < UNPARK_N_FACTS, 0);
  return unpark_blocks_list(store->blocks, (UnparkFact)table)->rows;
}

guint64 unpark_store_span_count(UnparkStore *store) {
  return unpark_store_count(store, UNPARK_FACT_SPAN);
}
