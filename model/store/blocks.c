/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/blocks.h"

#include <glib/gi18n.h>
#include <sqlite3.h>
#include <string.h>
#include <zstd.h>

#include "model/base/error.h"
#include "model/base/times.h"
#include "model/store/guard.h"
#include "model/store/span-codec.h"

/* Decoded blocks that are kept. A store that grows is read a few times and replaced by the next. */
#define LIVE_CACHE_BYTES ((gsize)16 << 20)
/* No block that the writer makes is larger unpacked: columns of 8 to 20 bytes a row, or strings. */
#define MAX_BLOCK_BYTES ((gsize)128 << 20)

/* A columns' worth of a row in no codec takes more. */
#define MAX_VALUE_BYTES 32
/* Row ids of SQL are made of these. */
#define MAX_BLOCK_ID ((gint64)1 << 40)

typedef struct {
  gint64 id;
  guint32 columns;
  UnparkDecoded *decoded;
  GList link; /* in `recent` */
} Entry;

struct _UnparkBlocks {
  UnparkBlockList lists[UNPARK_N_FACTS];
  char *path;
  int schema;      /* UNPARK_SCHEMA_VERSION of its writer */
  gint64 shift_ns; /* is added to all times */
  guint64 file_bytes;
  gint damaged; /* atomic */
  GMutex disk;  /* the connection */
  sqlite3 *db;
  sqlite3_stmt *read;
  GMutex lock;         /* the cache */
  GHashTable *entries; /* id -> Entry */
  GQueue recent;       /* head: last used */
  gsize bytes;
  gboolean live;
};

static gsize budget = UNPARK_BLOCKS_BUDGET; /* atomic */

void unpark_blocks_set_budget(gsize bytes) {
  __atomic_store_n(&budget, bytes, __ATOMIC_RELAXED);
}

static gsize max_bytes(const UnparkBlocks *b) {
  gsize all = __atomic_load_n(&budget, __ATOMIC_RELAXED);
  return b->live ? MIN(all, LIVE_CACHE_BYTES) : all;
}

static void set_store_error(UnparkBlocks *b, GError **error, const char *what) {
  g_atomic_int_set(&b->damaged, TRUE);
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE, _("The store “%s” cannot be read: %s"),
              b->path, what);
}

/* ---- opening ---------------------------------------------------------------------- */

/* Facts whose rows have numbers, one after another from 1 on. */
static gboolean is_numbered(UnparkFact fact) {
  return fact == UNPARK_FACT_STACK || fact == UNPARK_FACT_NODE || fact == UNPARK_FACT_FRAME ||
         fact == UNPARK_FACT_KIND || fact == UNPARK_FACT_PLACE || fact == UNPARK_FACT_STRING;
}

/* How many rows of a fact that is loaded as a whole a byte of the file can stand for: more are a
 * lie that would cost much memory. Deep stacks that repeat pack very well; other rows take a byte
 * and more each. 0: any number. */
static guint64 rows_per_byte(UnparkFact fact) {
  switch ((guint)fact) {
  case UNPARK_FACT_STACK:
  case UNPARK_FACT_NODE:
  case UNPARK_FACT_FRAME:
  case UNPARK_FACT_STRING:
  case UNPARK_TABLE_TRACE_SET:
    return 64;
  case UNPARK_FACT_KIND:
  case UNPARK_FACT_PLACE:
  case UNPARK_FACT_GOROUTINE:
  case UNPARK_FACT_GOROUTINE_OPEN:
  case UNPARK_TABLE_TRACE_SPAN:
    return 1;
  default:
    return 0;
  }
}

/* Whether the block can be the next of its list. */
static gboolean fits(const UnparkBlocks *b, UnparkFact fact, const UnparkBlockInfo *info) {
  const UnparkFactSpec *spec = &unpark_facts[fact];
  guint64 rows = b->lists[fact].rows;
  if (info->count == 0 || info->lane_min > info->lane_max)
    return FALSE;
  if (is_numbered(fact) &&
      (info->lane_min != (gint64)rows + 1 || info->lane_max - info->lane_min + 1 != info->count ||
       info->lane_max > G_MAXUINT32))
    return FALSE;
  if (rows_per_byte(fact) > 0 && rows + info->count > b->file_bytes * rows_per_byte(fact))
    return FALSE;
  if (spec->start < 0)
    return TRUE;
  /* Ends that are not known are endless, where rows have ends of their own. */
  gboolean open = spec->duration < 0;
  return info->time_min <= info->time_max &&
         (unpark_time_is_valid(info->time_min) || (open && info->time_min == UNPARK_NONE)) &&
         (unpark_time_is_valid(info->time_max) ||
          (open && (info->time_max == G_MAXINT64 || info->time_max == UNPARK_NONE)));
}

/* The fact that a store of this version means by a number: CLOCK and the TRACE facts came with
 * version 3, before all that are no rows. -1: none. */
static gint64 fact_of(int schema, gint64 number) {
  const guint n_new = UNPARK_N_ROW_TABLES - UNPARK_TABLE_CLOCK;
  if (number < 0 || number >= UNPARK_N_FACTS)
    return -1;
  if (schema < 3 && number >= UNPARK_TABLE_CLOCK)
    number += n_new;
  return number < UNPARK_N_FACTS ? number : -1;
}

/* FALSE: not a row that the writer makes. */
static gboolean take_block(UnparkBlocks *b, GArray *const *lists, sqlite3_stmt *s, gint64 *last) {
  gint64 fact = fact_of(b->schema, sqlite3_column_int64(s, 1)), count = sqlite3_column_int64(s, 2);
  UnparkBlockInfo info = {.id = sqlite3_column_int64(s, 0),
                          .count = (guint)count,
                          .lane_min = sqlite3_column_int64(s, 3),
                          .lane_max = sqlite3_column_int64(s, 4),
                          .time_min = sqlite3_column_int64(s, 5),
                          .time_max = sqlite3_column_int64(s, 6)};
  /* In a damaged tree one number may stand for two blocks. */
  if (fact < 0 || count < 0 || count > UNPARK_BLOCK_ROWS || info.id <= *last ||
      info.id > MAX_BLOCK_ID || !fits(b, (UnparkFact)fact, &info))
    return FALSE;
  *last = info.id;
  g_array_append_val(lists[fact], info);
  b->lists[fact].rows += (guint64)count;
  return TRUE;
}

static gboolean read_index(UnparkBlocks *b, GError **error) {
  sqlite3_stmt *statement = NULL;
  GArray *lists[UNPARK_N_FACTS];
  int step = SQLITE_ERROR;
  gint64 last = 0;
  for (guint f = 0; f < UNPARK_N_FACTS; f++)
    lists[f] = g_array_new(FALSE, FALSE, sizeof(UnparkBlockInfo));
  if (sqlite3_prepare_v2(b->db,
                         "SELECT id, fact, count, lane_min, lane_max, time_min, time_max "
                         "FROM block ORDER BY id",
                         -1, &statement, NULL) == SQLITE_OK)
    while ((step = sqlite3_step(statement)) == SQLITE_ROW)
      if (!take_block(b, lists, statement, &last))
        break;
  if (step != SQLITE_DONE)
    set_store_error(b, error,
                    step == SQLITE_ROW ? _("its index is damaged") : sqlite3_errmsg(b->db));
  sqlite3_finalize(statement);
  for (guint f = 0; f < UNPARK_N_FACTS; f++) {
    b->lists[f].n = lists[f]->len;
    b->lists[f].blocks = (UnparkBlockInfo *)g_array_free(lists[f], FALSE);
  }
  return step == SQLITE_DONE;
}

/* ---- moving in time --------------------------------------------------------------------- */

static gboolean is_moved(const UnparkBlocks *b, UnparkFact fact) {
  return b->shift_ns != 0 && unpark_facts[fact].start >= 0 &&
         fact != (UnparkFact)UNPARK_TABLE_TRACE_SPAN &&
         fact != (UnparkFact)UNPARK_TABLE_TRACE_EVENT;
}

/* What is no time, such as an end that is not known, stays what it is. */
static gint64 move_time(gint64 t, gint64 by_ns) {
  return unpark_time_is_valid(t) ? unpark_time_clamp(t + by_ns) : t;
}

static void move_zone(UnparkBlockInfo *info, gint64 by_ns) {
  info->time_min = move_time(info->time_min, by_ns);
  info->time_max = move_time(info->time_max, by_ns);
}

/* FALSE: some time would be further away than times can be. */
static gboolean move_index(UnparkBlocks *b, GError **error) {
  for (guint f = 0; f < UNPARK_N_FACTS; f++)
    for (guint i = 0; is_moved(b, (UnparkFact)f) && i < b->lists[f].n; i++) {
      UnparkBlockInfo *info = &b->lists[f].blocks[i], moved = *info;
      move_zone(&moved, b->shift_ns);
      move_zone(&moved, -b->shift_ns);
      if (moved.time_min != info->time_min || moved.time_max != info->time_max) {
        g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE,
                    _("“%s” cannot be moved so far in time"), b->path);
        return FALSE;
      }
      move_zone(info, b->shift_ns);
    }
  return TRUE;
}

static void move_columns(const UnparkBlocks *b, UnparkFact fact, UnparkDecoded *d) {
  const UnparkFactSpec *spec = &unpark_facts[fact];
  gboolean of_goroutines = fact == UNPARK_FACT_GOROUTINE || fact == UNPARK_FACT_GOROUTINE_OPEN;
  gint64 *const times[] = {d->columns[spec->start], spec->end >= 0 ? d->columns[spec->end] : NULL,
                           of_goroutines ? d->columns[G_START] : NULL,
                           of_goroutines ? d->columns[G_END] : NULL};
  for (guint c = 0; c < G_N_ELEMENTS(times); c++)
    for (guint i = 0; times[c] && i < d->n; i++)
      times[c][i] = move_time(times[c][i], b->shift_ns);
}

UnparkBlocks *unpark_blocks_open(const char *path, gboolean live, gint64 shift_ns, GError **error) {
  UnparkBlocks *b = g_new0(UnparkBlocks, 1);
  b->path = g_strdup(path);
  b->shift_ns = unpark_time_clamp(shift_ns);
  b->live = live;
  g_mutex_init(&b->disk);
  g_mutex_init(&b->lock);
  g_queue_init(&b->recent);
  b->entries = g_hash_table_new(g_int64_hash, g_int64_equal);
  b->db = unpark_guard_open(path, UNPARK_GUARD_READ, live ? 20000 : 5000, error);
  gboolean ok = b->db != NULL;
  if (ok) {
    b->file_bytes = unpark_guard_file_size(b->db);
    b->schema = unpark_guard_schema(b->db);
    ok = sqlite3_prepare_v2(b->db,
                            b->schema > 1 ? "SELECT data FROM block_data WHERE id = ?"
                                          : "SELECT data FROM block WHERE id = ?",
                            -1, &b->read, NULL) == SQLITE_OK;
    if (!ok)
      set_store_error(b, error, sqlite3_errmsg(b->db));
  }
  if (!ok || !read_index(b, error) || !move_index(b, error))
    g_clear_pointer(&b, unpark_blocks_free);
  return b;
}

static void entry_free(UnparkBlocks *b, Entry *entry) {
  g_queue_unlink(&b->recent, &entry->link);
  g_hash_table_remove(b->entries, &entry->id);
  b->bytes -= (gsize)entry->decoded->n * 8 * (guint)__builtin_popcount(entry->columns);
  unpark_decoded_unref(entry->decoded);
  g_free(entry);
}

void unpark_blocks_free(UnparkBlocks *b) {
  while (b->recent.tail)
    entry_free(b, b->recent.tail->data);
  g_hash_table_unref(b->entries);
  for (guint f = 0; f < UNPARK_N_FACTS; f++)
    g_free(b->lists[f].blocks);
  sqlite3_finalize(b->read);
  sqlite3_close(b->db);
  g_mutex_clear(&b->disk);
  g_mutex_clear(&b->lock);
  g_free(b->path);
  g_free(b);
}

gint64 unpark_blocks_shift(const UnparkBlocks *b) {
  return b->shift_ns;
}

const UnparkBlockList *unpark_blocks_list(UnparkBlocks *b, UnparkFact fact) {
  return &b->lists[fact];
}

/* ---- decoding ------------------------------------------------------------------------ */

static guint8 *read_packed(UnparkBlocks *b, gint64 id, gsize *size, GError **error) {
  guint8 *copy = NULL;
  g_mutex_lock(&b->disk);
  unpark_guard_rearm(b->read);
  sqlite3_bind_int64(b->read, 1, id);
  int step = sqlite3_step(b->read);
  if (step == SQLITE_ROW) {
    *size = (gsize)sqlite3_column_bytes(b->read, 0);
    copy = g_malloc(*size + 1);
    if (*size > 0)
      memcpy(copy, sqlite3_column_blob(b->read, 0), *size);
  } else {
    set_store_error(b, error,
                    step == SQLITE_DONE ? _("a block of it is missing") : sqlite3_errmsg(b->db));
  }
  sqlite3_reset(b->read);
  g_mutex_unlock(&b->disk);
  return copy;
}

static void zstd_free(gpointer context) {
  ZSTD_freeDCtx(context);
}

/* The two parts of a block. */
typedef struct {
  guint8 *stored; /* owned */
  const guint8 *plain;
  gsize plain_size;
  guint8 *packed; /* uncompressed again; owned */
  gsize packed_size;
} Parts;

static void parts_clear(Parts *parts) {
  g_free(parts->stored);
  g_free(parts->packed);
}

/* FALSE: damaged. */
static gboolean uncompress(Parts *parts, const guint8 *frame, gsize size, gsize most) {
  static GPrivate contexts = G_PRIVATE_INIT(zstd_free);
  ZSTD_DCtx *zstd = g_private_get(&contexts);
  if (!zstd)
    g_private_set(&contexts, zstd = ZSTD_createDCtx());
  if (!zstd)
    g_error("zstd: out of memory");
  unsigned long long plain = ZSTD_getFrameContentSize(frame, size);
  if (plain > most) /* errors and unknown sizes are huge numbers */
    return FALSE;
  parts->packed = g_malloc((gsize)plain + 1);
  parts->packed_size = ZSTD_decompressDCtx(zstd, parts->packed, (gsize)plain, frame, size);
  return !ZSTD_isError(parts->packed_size) && parts->packed_size == plain;
}

static gboolean split(Parts *parts, gsize size, gsize most) {
  const guint8 *p = parts->stored, *end = p + size;
  guint64 plain, sum;
  if (!unpark_get_varint(&p, end, &plain) || end - p < 8 || plain > (guint64)(end - p) - 8)
    return FALSE;
  memcpy(&sum, p, 8);
  parts->plain = p + 8;
  parts->plain_size = (gsize)plain;
  p += 8 + plain;
  return unpark_checksum(parts->plain, parts->plain_size) == GUINT64_FROM_LE(sum) &&
         (p == end || uncompress(parts, p, (gsize)(end - p), most));
}

/* The most that a block can be unpacked. */
static gsize most_bytes(UnparkFact fact, guint count) {
  return fact == UNPARK_FACT_STRING
             ? MAX_BLOCK_BYTES
             : ((gsize)count + 1) * unpark_facts[fact].n_columns * MAX_VALUE_BYTES;
}

static gboolean read_parts(UnparkBlocks *b, UnparkFact fact, const UnparkBlockInfo *info,
                           Parts *parts, GError **error) {
  gsize size;
  *parts = (Parts){.stored = read_packed(b, info->id, &size, error)};
  if (!parts->stored)
    return FALSE;
  gsize most = most_bytes(fact, info->count);
  if (b->schema > 1 ? split(parts, size, most) : uncompress(parts, parts->stored, size, most))
    return TRUE;
  set_store_error(b, error, _("a block of it is damaged"));
  parts_clear(parts);
  return FALSE;
}

guint8 *unpark_blocks_bytes(UnparkBlocks *b, const UnparkBlockInfo *info, gsize *size,
                            GError **error) {
  Parts parts;
  if (!read_parts(b, UNPARK_FACT_STRING, info, &parts, error))
    return NULL;
  *size = parts.packed_size;
  guint8 *bytes = parts.packed ? g_steal_pointer(&parts.packed) : g_malloc(1);
  parts_clear(&parts);
  return bytes;
}

gboolean unpark_blocks_check(UnparkBlocks *b, UnparkFact fact, const UnparkBlockInfo *info,
                             GError **error) {
  Parts parts;
  if (!read_parts(b, fact, info, &parts, error))
    return FALSE;
  parts_clear(&parts);
  return TRUE;
}

gboolean unpark_blocks_is_damaged(UnparkBlocks *b) {
  return g_atomic_int_get(&b->damaged);
}

void unpark_decoded_unref(UnparkDecoded *decoded) {
  if (!decoded || !g_atomic_int_dec_and_test(&decoded->ref_count))
    return;
  for (guint c = 0; c < UNPARK_MAX_COLUMNS; c++)
    g_free(decoded->columns[c]);
  g_free(decoded);
}

/* Columns that others are decoded from come along. */
static guint32 with_needed(const UnparkFactSpec *spec, guint32 columns) {
  columns &= (guint32)(((guint64)1 << spec->n_columns) - 1);
  for (guint c = 0; c < spec->n_columns; c++) {
    if (!(columns & 1u << c))
      continue;
    if (spec->columns[c].lane >= 0)
      columns |= 1u << spec->columns[c].lane;
    if (spec->columns[c].duration >= 0)
      columns |= 1u << spec->columns[c].duration;
  }
  return columns;
}

static gboolean unpack_column(const UnparkFactSpec *spec, const UnparkPacked *packed,
                              UnparkDecoded *d, guint c) {
  const UnparkFactColumn *column = &spec->columns[c];
  return unpark_codec_unpack(&packed[c], d->columns[c], d->n,
                             column->lane >= 0 ? d->columns[column->lane] : NULL,
                             column->duration >= 0 ? d->columns[column->duration] : NULL);
}

/* Finds every column in its part. */
static gboolean split_columns(const UnparkFactSpec *spec, const Parts *parts, int schema,
                              UnparkPacked *columns) {
  UnparkPacked plain[UNPARK_MAX_COLUMNS], packed[UNPARK_MAX_COLUMNS];
  guint n_plain = 0, n_packed = 0;
  if (schema == 1)
    return unpark_codec_split(parts->packed, parts->packed_size, columns, spec->n_columns);
  for (guint c = 0; c < spec->n_columns; c++)
    n_plain += spec->columns[c].plain ? 1 : 0;
  if (!unpark_codec_split(parts->plain, parts->plain_size, plain, n_plain) ||
      !unpark_codec_split(parts->packed, parts->packed_size, packed, spec->n_columns - n_plain))
    return FALSE;
  n_plain = 0;
  for (guint c = 0; c < spec->n_columns; c++)
    columns[c] = spec->columns[c].plain ? plain[n_plain++] : packed[n_packed++];
  return TRUE;
}

static gboolean unpack_columns(const UnparkFactSpec *spec, const Parts *parts, int schema,
                               UnparkDecoded *d) {
  UnparkPacked packed[UNPARK_MAX_COLUMNS];
  gboolean ok = split_columns(spec, parts, schema, packed);
  /* First those that refer to no other, then the rest; references are one deep, but for CHAIN's
   * lane, which refers to none. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint c = 0; ok && c < spec->n_columns; c++) {
      gboolean refers = spec->columns[c].lane >= 0 || spec->columns[c].duration >= 0;
      if (d->columns[c] && refers == (pass == 1))
        ok = unpack_column(spec, packed, d, c);
    }
  return ok;
}

/* Durations from `start` on that end by the zone's end; without starts, that could. */
static gboolean check_durations(const UnparkBlockInfo *info, const gint64 *start,
                                const gint64 *duration, guint n) {
  gboolean bad = FALSE;
  for (guint i = 0; start && i < n; i++)
    bad |= start[i] < info->time_min || start[i] > info->time_max || duration[i] < 0 ||
           duration[i] > info->time_max - start[i];
  for (guint i = 0; !start && i < n; i++)
    bad |= duration[i] < 0 || duration[i] > info->time_max - info->time_min;
  return !bad;
}

static gboolean check_column(const gint64 *times, guint n) {
  gboolean bad = FALSE;
  for (guint i = 0; times && i < n; i++)
    bad |= !unpark_time_is_valid(times[i]) && times[i] != UNPARK_NONE;
  return !bad;
}

/* Sums of durations are kept with every goroutine and zoomed-out row. */
static gboolean check_sums(UnparkFact fact, const UnparkDecoded *d) {
  guint from = fact == UNPARK_FACT_LOD ? LOD_RUNNING : G_RUNNING;
  guint to = fact == UNPARK_FACT_LOD ? LOD_LONGEST : G_LONGEST_WAIT;
  gboolean bad = FALSE;
  for (guint c = from; c <= to; c++)
    for (guint i = 0; d->columns[c] && i < d->n; i++)
      bad |= d->columns[c][i] < 0;
  return !bad;
}

/* No reader need fear that a time is outside of the zone, or that two of them overflow. */
static gboolean check_times(UnparkFact fact, const UnparkBlockInfo *info, const UnparkDecoded *d) {
  const UnparkFactSpec *spec = &unpark_facts[fact];
  gint64 *const *c = d->columns;
  gboolean of_goroutines = fact == UNPARK_FACT_GOROUTINE || fact == UNPARK_FACT_GOROUTINE_OPEN;
  if (spec->start < 0)
    return TRUE;
  if (spec->duration >= 0 && c[spec->duration] &&
      !check_durations(info, c[spec->start], c[spec->duration], d->n))
    return FALSE;
  if ((spec->duration < 0 && !check_column(c[spec->start], d->n)) ||
      (spec->end >= 0 && !check_column(c[spec->end], d->n)) ||
      (of_goroutines && (!check_column(c[G_START], d->n) || !check_column(c[G_END], d->n))))
    return FALSE;
  return (!of_goroutines && fact != UNPARK_FACT_LOD) || check_sums(fact, d);
}

static UnparkDecoded *decode(UnparkBlocks *b, UnparkFact fact, const UnparkBlockInfo *info,
                             guint32 columns, GError **error) {
  const UnparkFactSpec *spec = &unpark_facts[fact];
  Parts parts;
  if (!read_parts(b, fact, info, &parts, error))
    return NULL;
  UnparkDecoded *d = g_new0(UnparkDecoded, 1);
  d->ref_count = 1;
  d->n = info->count;
  for (guint c = 0; c < spec->n_columns; c++)
    if (columns & 1u << c)
      d->columns[c] = g_new(gint64, MAX(d->n, 1));
  gboolean ok = fact == UNPARK_FACT_SPAN && b->schema > 1
                    ? unpark_spans_unpack(parts.plain, parts.plain_size, parts.packed,
                                          parts.packed_size, d->n, d->columns)
                    : unpack_columns(spec, &parts, b->schema, d);
  UnparkBlockInfo zone = *info; /* as the file has it */
  if (is_moved(b, fact))
    move_zone(&zone, -b->shift_ns);
  if (!ok || !check_times(fact, &zone, d)) {
    set_store_error(b, error, _("a block of it is damaged"));
    g_clear_pointer(&d, unpark_decoded_unref);
  } else if (is_moved(b, fact)) {
    move_columns(b, fact, d);
  }
  parts_clear(&parts);
  return d;
}

static void remember(UnparkBlocks *b, gint64 id, guint32 columns, UnparkDecoded *d) {
  gsize bytes = (gsize)d->n * 8 * (guint)__builtin_popcount(columns);
  Entry *old = g_hash_table_lookup(b->entries, &id);
  if (old)
    entry_free(b, old);
  Entry *entry = g_new0(Entry, 1);
  entry->id = id;
  entry->columns = columns;
  entry->decoded = d;
  entry->link.data = entry;
  g_atomic_int_inc(&d->ref_count);
  g_queue_push_head_link(&b->recent, &entry->link);
  g_hash_table_insert(b->entries, &entry->id, entry);
  b->bytes += bytes;
  for (gsize most = max_bytes(b); b->bytes > most && b->recent.tail != &entry->link;)
    entry_free(b, b->recent.tail->data);
}

UnparkDecoded *unpark_blocks_get(UnparkBlocks *b, UnparkFact fact, const UnparkBlockInfo *info,
                                 guint32 columns, GError **error) {
  columns = with_needed(&unpark_facts[fact], columns);
  g_mutex_lock(&b->lock);
  Entry *entry = g_hash_table_lookup(b->entries, &info->id);
  if (entry && (entry->columns & columns) == columns) {
    UnparkDecoded *d = entry->decoded;
    g_atomic_int_inc(&d->ref_count);
    g_queue_unlink(&b->recent, &entry->link);
    g_queue_push_head_link(&b->recent, &entry->link);
    g_mutex_unlock(&b->lock);
    return d;
  }
  if (entry)
    columns |= entry->columns;
  g_mutex_unlock(&b->lock);

  UnparkDecoded *d = decode(b, fact, info, columns, error);
  if (d) {
    g_mutex_lock(&b->lock);
    remember(b, info->id, columns, d);
    g_mutex_unlock(&b->lock);
  }
  return d;
}
