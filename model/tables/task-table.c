/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/task-table.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/tables/task-private.h"

/* A goroutine that took part in a task that another one began. */
typedef struct {
  guint32 row;
  gint64 goroutine;
} Member;

typedef struct {
  UnparkTaskTable *table;
  const UnparkTaskSpec *spec;
  GArray *rows, *children; /* UnparkTaskRow; kind is the string id of the name */
  GArray *members;         /* Member */
  GHashTable *regions;     /* (name of the task, name) -> UnparkTaskRegion, both as string ids */
} Build;

gboolean unpark_tasks_apply(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE &&
         unpark_store_count(store, UNPARK_TABLE_TASK) > 0;
}

gboolean unpark_task_row_finished(const UnparkTaskRow *row) {
  return row->start_ns != UNPARK_NONE && row->end_ns != UNPARK_NONE;
}

/* ---- reading ---------------------------------------------------------------------------- */

static gboolean take_task(gint64 number, const gint64 *v, gpointer data) {
  Build *b = data;
  gint64 from, to;
  gboolean finished = unpark_task_time(b->table->store, v[TASK_START], v[TASK_END], &from, &to);
  UnparkTaskRow row = {.id = v[TASK_ID],
                       .parent = v[TASK_PARENT],
                       .goroutine = v[TASK_GOROUTINE],
                       .start_ns = v[TASK_START] == UNPARK_NONE ? UNPARK_NONE : from,
                       .end_ns =
                           finished || (v[TASK_START] == UNPARK_NONE && v[TASK_END] != UNPARK_NONE)
                               ? to
                               : UNPARK_NONE,
                       .length_ns = to - from,
                       .number = (guint32)number,
                       .kind = v[TASK_NAME] > 0 ? (guint32)v[TASK_NAME] : 0};
  if (row.parent != UNPARK_NONE)
    g_array_append_val(b->children, row);
  if (from <= b->spec->to_ns && to >= b->spec->from_ns &&
      unpark_ids_contain(b->spec->tasks, b->spec->n_tasks, row.id))
    g_array_append_val(b->rows, row);
  return b->rows->len < G_MAXUINT32 / 2;
}

static int compare_ids(const UnparkTaskRow *rows, guint32 a, guint32 b) {
  if (rows[a].id != rows[b].id)
    return rows[a].id < rows[b].id ? -1 : 1;
  return rows[a].number < rows[b].number ? -1 : rows[a].number > rows[b].number;
}

static int by_id(gconstpointer a, gconstpointer b, gpointer rows) {
  return compare_ids(rows, *(const guint32 *)a, *(const guint32 *)b);
}

static void index_ids(UnparkTaskTable *table) {
  g_free(table->by_id);
  table->by_id = g_new(guint32, (gsize)table->n_rows + 1);
  for (guint32 i = 0; i < table->n_rows; i++)
    table->by_id[i] = i;
  g_qsort_with_data(table->by_id, (gint)table->n_rows, sizeof *table->by_id, by_id, table->rows);
}

const UnparkTaskRow *unpark_task_table_find(const UnparkTaskTable *table, gint64 id) {
  guint low = 0, high = table->n_rows;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (table->rows[table->by_id[middle]].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  const UnparkTaskRow *row = low < table->n_rows ? &table->rows[table->by_id[low]] : NULL;
  return row && row->id == id ? row : NULL;
}

static void add_member(Build *b, const UnparkTaskRow *row, gint64 goroutine) {
  const Member member = {(guint32)(row - b->table->rows), goroutine};
  if (goroutine != UNPARK_NONE && goroutine != row->goroutine)
    g_array_append_val(b->members, member);
}

static guint region_hash(gconstpointer key) {
  const UnparkTaskRegion *region = key;
  return region->kind * 31 + region->name_id;
}

static gboolean region_equal(gconstpointer a, gconstpointer b) {
  const UnparkTaskRegion *x = a, *y = b;
  return x->kind == y->kind && x->name_id == y->name_id;
}

static void add_region(Build *b, const UnparkTaskRow *row, gint64 number, const gint64 *v) {
  const UnparkTaskRegion key = {.name_id = v[REGION_NAME] > 0 ? (guint32)v[REGION_NAME] : 0,
                                .kind = row->kind,
                                .longest_ns = -1,
                                .longest_number = UNPARK_NONE,
                                .longest_goroutine = UNPARK_NONE};
  UnparkTaskRegion *region = g_hash_table_lookup(b->regions, &key);
  if (!region)
    g_hash_table_add(b->regions, region = g_memdup2(&key, sizeof key));
  gint64 from, to;
  if (!unpark_task_time(b->table->store, v[REGION_START], v[REGION_END], &from, &to)) {
    region->n_unfinished++;
    return;
  }
  region->count++;
  region->total_ns = unpark_time_add(region->total_ns, to - from);
  if (to - from > region->longest_ns) {
    region->longest_ns = to - from;
    region->longest_start_ns = from;
    region->longest_end_ns = to;
    region->longest_goroutine = v[REGION_GOROUTINE];
    region->longest_number = number;
  }
}

static gboolean take_region(gint64 number, const gint64 *v, gpointer data) {
  Build *b = data;
  UnparkTaskRow *row = (UnparkTaskRow *)(gsize)unpark_task_table_find(b->table, v[REGION_TASK]);
  if (!row)
    return TRUE;
  row->n_regions++;
  add_member(b, row, v[REGION_GOROUTINE]);
  if (!b->spec->goroutines)
    add_region(b, row, number, v);
  return TRUE;
}

/* Which tasks count depends on who took part: when that is known. */
static gboolean take_region_time(gint64 number, const gint64 *v, gpointer data) {
  Build *b = data;
  const UnparkTaskRow *row = unpark_task_table_find(b->table, v[REGION_TASK]);
  if (row)
    add_region(b, row, number, v);
  return TRUE;
}

static gboolean take_log(gint64 number, const gint64 *v, gpointer data) {
  Build *b = data;
  UnparkTaskRow *row = (UnparkTaskRow *)(gsize)unpark_task_table_find(b->table, v[LOG_TASK]);
  if (!row)
    return TRUE;
  row->n_logs++;
  add_member(b, row, v[LOG_GOROUTINE]);
  return TRUE;
}

/* ---- who took part ---------------------------------------------------------------------- */

static int compare_members(gconstpointer a, gconstpointer b) {
  const Member *x = a, *y = b;
  if (x->row != y->row)
    return x->row < y->row ? -1 : 1;
  return (x->goroutine > y->goroutine) - (x->goroutine < y->goroutine);
}

/* Counts them, and leaves only tasks in which somebody took part who passes. */
static void settle_members(Build *b) {
  const UnparkTaskSpec *spec = b->spec;
  UnparkTaskTable *table = b->table;
  guint kept = 0, at = 0;
  g_array_sort(b->members, compare_members);
  for (guint32 i = 0; i < table->n_rows; i++) {
    UnparkTaskRow *row = &table->rows[i];
    gint64 last = UNPARK_NONE;
    gboolean passes = unpark_ids_contain(spec->goroutines, spec->n_goroutines, row->goroutine);
    row->n_goroutines = row->goroutine != UNPARK_NONE;
    for (; at < b->members->len && g_array_index(b->members, Member, at).row == i; at++) {
      gint64 goroutine = g_array_index(b->members, Member, at).goroutine;
      if (goroutine == last)
        continue;
      row->n_goroutines++;
      passes = passes || unpark_ids_contain(spec->goroutines, spec->n_goroutines, goroutine);
      last = goroutine;
    }
    if (passes)
      table->rows[kept++] = *row;
  }
  if (kept != table->n_rows) {
    table->n_rows = kept;
    index_ids(table);
  }
}

/* ---- kinds ------------------------------------------------------------------------------ */

static int longest_first(const void *a, const void *b) {
  const UnparkTaskRow *x = a, *y = b;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  if (x->length_ns != y->length_ns)
    return x->length_ns > y->length_ns ? -1 : 1;
  return x->number < y->number ? -1 : x->number > y->number;
}

static int greatest_first(const void *a, const void *b) {
  const UnparkTaskKind *x = a, *y = b;
  if (x->total_ns != y->total_ns)
    return x->total_ns > y->total_ns ? -1 : 1;
  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return strcmp(x->name, y->name);
}

/* The length that `percent` of all n are not above; they are in `lengths`, the longest first. */
static gint64 percentile(const gint64 *lengths, guint n, guint percent) {
  guint64 rank = ((guint64)n * percent + 99) / 100;
  return n ? lengths[n - MAX(rank, 1)] : 0;
}

static void measure_kind(const UnparkTaskTable *table, UnparkTaskKind *kind, gint64 *lengths) {
  guint n = 0;
  for (guint32 i = kind->first; i < kind->first + kind->count; i++) {
    if (!unpark_task_row_finished(&table->rows[i]))
      continue;
    lengths[n++] = table->rows[i].length_ns;
    kind->total_ns = unpark_time_add(kind->total_ns, table->rows[i].length_ns);
  }
  kind->n_unfinished = kind->count - n;
  kind->p50_ns = percentile(lengths, n, 50);
  kind->p95_ns = percentile(lengths, n, 95);
  kind->p99_ns = percentile(lengths, n, 99);
  kind->longest_ns = percentile(lengths, n, 100);
}

/* By name and length; by_id follows them by their numbers. */
static void sort_rows(UnparkTaskTable *table) {
  guint32 most = 0;
  for (guint32 i = 0; i < table->n_rows; i++)
    most = MAX(most, table->rows[i].number);
  g_autofree guint32 *places = g_new(guint32, (gsize)most + 1);
  for (guint32 i = 0; i < table->n_rows; i++)
    table->by_id[i] = table->rows[table->by_id[i]].number;
  if (table->n_rows > 1)
    qsort(table->rows, table->n_rows, sizeof *table->rows, longest_first);
  for (guint32 i = 0; i < table->n_rows; i++)
    places[table->rows[i].number] = i;
  for (guint32 i = 0; i < table->n_rows; i++)
    table->by_id[i] = places[table->by_id[i]];
}

static void make_kinds(UnparkTaskTable *table) {
  GArray *kinds = g_array_new(FALSE, FALSE, sizeof(UnparkTaskKind));
  g_autofree gint64 *lengths = g_new(gint64, (gsize)table->n_rows + 1);
  sort_rows(table);
  for (guint32 i = 0; i < table->n_rows;) {
    UnparkTaskKind kind = {.name = unpark_store_string(table->store, table->rows[i].kind),
                           .name_id = table->rows[i].kind,
                           .first = i};
    for (; i < table->n_rows && table->rows[i].kind == kind.name_id; i++)
      kind.count++;
    measure_kind(table, &kind, lengths);
    g_array_append_val(kinds, kind);
  }
  table->n_kinds = kinds->len;
  table->kinds = (UnparkTaskKind *)(void *)g_array_free(kinds, FALSE);
  if (table->n_kinds > 1)
    qsort(table->kinds, table->n_kinds, sizeof *table->kinds, greatest_first);
}

static int by_kind(const void *a, const void *b) {
  const UnparkTaskRegion *x = a, *y = b;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  if (x->total_ns != y->total_ns)
    return x->total_ns > y->total_ns ? -1 : 1;
  return strcmp(x->name, y->name);
}

/* Names become places in the table of kinds. */
static void make_regions(Build *b) {
  UnparkTaskTable *table = b->table;
  g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
  GHashTableIter iter;
  gpointer value;
  for (guint32 k = 0; k < table->n_kinds; k++) {
    const UnparkTaskKind *kind = &table->kinds[k];
    g_hash_table_insert(places, GUINT_TO_POINTER(kind->name_id), GUINT_TO_POINTER(k));
    for (guint32 i = kind->first; i < kind->first + kind->count; i++)
      table->rows[i].kind = k;
  }
  table->regions = g_new(UnparkTaskRegion, (gsize)g_hash_table_size(b->regions) + 1);
  g_hash_table_iter_init(&iter, b->regions);
  while (g_hash_table_iter_next(&iter, &value, NULL)) {
    UnparkTaskRegion *region = &table->regions[table->n_regions++];
    *region = *(const UnparkTaskRegion *)value;
    region->name = unpark_store_string(table->store, region->name_id);
    region->longest_ns = MAX(region->longest_ns, 0);
    region->kind = GPOINTER_TO_UINT(g_hash_table_lookup(places, GUINT_TO_POINTER(region->kind)));
  }
  if (table->n_regions > 1)
    qsort(table->regions, table->n_regions, sizeof *table->regions, by_kind);
  for (guint32 r = 0; r < table->n_regions; r++) {
    UnparkTaskKind *kind = &table->kinds[table->regions[r].kind];
    if (kind->n_regions++ == 0)
      kind->first_region = r;
  }
}

/* ---- the table -------------------------------------------------------------------------- */

static int by_parent(gconstpointer a, gconstpointer b) {
  const UnparkTaskRow *x = a, *y = b;
  if (x->parent != y->parent)
    return x->parent < y->parent ? -1 : 1;
  return x->number < y->number ? -1 : x->number > y->number;
}

static gboolean read_all(Build *b, GCancellable *cancellable, GError **error) {
  const gint64 from = G_MININT64 + 1, to = G_MAXINT64;
  UnparkTaskTable *table = b->table;
  UnparkStore *store = table->store;
  if (!unpark_store_visit_rows(store, UNPARK_TABLE_TASK, UNPARK_NONE, from, to, take_task, b,
                               cancellable, error))
    return FALSE;
  g_array_sort(b->children, by_parent);
  table->n_children = b->children->len;
  table->children = (UnparkTaskRow *)(void *)g_array_free(g_steal_pointer(&b->children), FALSE);
  table->n_rows = b->rows->len;
  table->rows = (UnparkTaskRow *)(void *)g_array_free(g_steal_pointer(&b->rows), FALSE);
  index_ids(table);
  if (!unpark_store_visit_rows(store, UNPARK_TABLE_REGION, UNPARK_NONE, from, to, take_region, b,
                               cancellable, error) ||
      !unpark_store_visit_rows(store, UNPARK_TABLE_LOG, UNPARK_NONE, from, to, take_log, b,
                               cancellable, error))
    return FALSE;
  settle_members(b);
  if (b->spec->goroutines && !unpark_store_visit_rows(store, UNPARK_TABLE_REGION, UNPARK_NONE, from,
                                                      to, take_region_time, b, cancellable, error))
    return FALSE;
  make_kinds(table);
  make_regions(b);
  return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

UnparkTaskTable *unpark_task_table_new(UnparkStore *store, const UnparkTaskSpec *spec,
                                       GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkTaskTable) table = g_atomic_rc_box_new0(UnparkTaskTable);
  table->store = unpark_store_ref(store);
  table->from_ns = spec->from_ns;
  table->to_ns = spec->to_ns;
  Build b = {.table = table,
             .spec = spec,
             .rows = g_array_new(FALSE, FALSE, sizeof(UnparkTaskRow)),
             .children = g_array_new(FALSE, FALSE, sizeof(UnparkTaskRow)),
             .members = g_array_new(FALSE, FALSE, sizeof(Member)),
             .regions = g_hash_table_new_full(region_hash, region_equal, g_free, NULL)};
  gboolean ok = read_all(&b, cancellable, error);
  g_clear_pointer(&b.rows, g_array_unref);
  g_clear_pointer(&b.children, g_array_unref);
  g_array_unref(b.members);
  g_hash_table_unref(b.regions);
  return ok ? g_steal_pointer(&table) : NULL;
}

UnparkTaskTable *unpark_task_table_ref(UnparkTaskTable *table) {
  return g_atomic_rc_box_acquire(table);
}

static void table_clear(gpointer box) {
  UnparkTaskTable *table = box;
  unpark_task_states_free(table->states);
  g_free(table->rows);
  g_free(table->kinds);
  g_free(table->regions);
  g_free(table->by_id);
  g_free(table->children);
  unpark_store_unref(table->store);
}

void unpark_task_table_unref(UnparkTaskTable *table) {
  g_atomic_rc_box_release_full(table, table_clear);
}
