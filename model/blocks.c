#include "model/blocks.h"

#include <sqlite3.h>
#include <string.h>
#include <zstd.h>

#include "model/error.h"

#define CACHE_BYTES (64u << 20)
/* No block that the writer makes is larger unpacked: columns of 8 to 20 bytes a row, or strings. */
#define MAX_BLOCK_BYTES ((gsize)128 << 20)

typedef struct {
  gint64 id;
  guint32 columns;
  UnparkDecoded *decoded;
  GList link; /* in `recent` */
} Entry;

struct _UnparkBlocks {
  UnparkBlockList lists[UNPARK_N_FACTS];
  char *path;
  GMutex disk; /* the connection */
  sqlite3 *db;
  sqlite3_stmt *read;
  GMutex lock;         /* the cache */
  GHashTable *entries; /* id -> Entry */
  GQueue recent;       /* head: last used */
  gsize bytes;
};

static void set_store_error(UnparkBlocks *b, GError **error, const char *what) {
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE, "The store “%s” cannot be read: %s", b->path,
              what);
}

/* ---- opening ---------------------------------------------------------------------- */

static gboolean read_index(UnparkBlocks *b, GError **error) {
  sqlite3_stmt *statement = NULL;
  GArray *lists[UNPARK_N_FACTS];
  int step = SQLITE_ERROR;
  for (guint f = 0; f < UNPARK_N_FACTS; f++)
    lists[f] = g_array_new(FALSE, FALSE, sizeof(UnparkBlockInfo));
  if (sqlite3_prepare_v2(b->db,
                         "SELECT id, fact, count, lane_min, lane_max, time_min, time_max "
                         "FROM block ORDER BY id",
                         -1, &statement, NULL) == SQLITE_OK)
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
      gint64 fact = sqlite3_column_int64(statement, 1), count = sqlite3_column_int64(statement, 2);
      UnparkBlockInfo info = {.id = sqlite3_column_int64(statement, 0),
                              .count = (guint)count,
                              .lane_min = sqlite3_column_int64(statement, 3),
                              .lane_max = sqlite3_column_int64(statement, 4),
                              .time_min = sqlite3_column_int64(statement, 5),
                              .time_max = sqlite3_column_int64(statement, 6)};
      if (fact < 0 || fact >= UNPARK_N_FACTS || count < 0 || count > UNPARK_BLOCK_ROWS)
        break;
      g_array_append_val(lists[fact], info);
      b->lists[fact].rows += (guint64)count;
    }
  if (step != SQLITE_DONE)
    set_store_error(b, error, step == SQLITE_ROW ? "its index is damaged" : sqlite3_errmsg(b->db));
  sqlite3_finalize(statement);
  for (guint f = 0; f < UNPARK_N_FACTS; f++) {
    b->lists[f].n = lists[f]->len;
    b->lists[f].blocks = (UnparkBlockInfo *)g_array_free(lists[f], FALSE);
  }
  return step == SQLITE_DONE;
}

UnparkBlocks *unpark_blocks_open(const char *path, gboolean live, GError **error) {
  UnparkBlocks *b = g_new0(UnparkBlocks, 1);
  b->path = g_strdup(path);
  g_mutex_init(&b->disk);
  g_mutex_init(&b->lock);
  g_queue_init(&b->recent);
  b->entries = g_hash_table_new(g_int64_hash, g_int64_equal);
  int code = sqlite3_open_v2(path, &b->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
  if (code == SQLITE_OK) {
    sqlite3_busy_timeout(b->db, live ? 20000 : 5000);
    code = sqlite3_prepare_v2(b->db, "SELECT data FROM block_data WHERE id = ?", -1, &b->read, NULL);
  }
  if (code != SQLITE_OK) {
    set_store_error(b, error, b->db ? sqlite3_errmsg(b->db) : sqlite3_errstr(code));
    g_clear_pointer(&b, unpark_blocks_free);
  } else if (!read_index(b, error)) {
    g_clear_pointer(&b, unpark_blocks_free);
  }
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

const UnparkBlockList *unpark_blocks_list(UnparkBlocks *b, UnparkFact fact) {
  return &b->lists[fact];
}

/* ---- decoding ------------------------------------------------------------------------ */

static guint8 *read_packed(UnparkBlocks *b, gint64 id, gsize *size, GError **error) {
  guint8 *copy = NULL;
  g_mutex_lock(&b->disk);
  sqlite3_bind_int64(b->read, 1, id);
  int step = sqlite3_step(b->read);
  if (step == SQLITE_ROW) {
    *size = (gsize)sqlite3_column_bytes(b->read, 0);
    copy = g_malloc(*size + 1);
    if (*size > 0)
      memcpy(copy, sqlite3_column_blob(b->read, 0), *size);
  } else {
    set_store_error(b, error,
                    step == SQLITE_DONE ? "a block of it is missing" : sqlite3_errmsg(b->db));
  }
  sqlite3_reset(b->read);
  g_mutex_unlock(&b->disk);
  return copy;
}

static void zstd_free(gpointer context) {
  ZSTD_freeDCtx(context);
}

guint8 *unpark_blocks_bytes(UnparkBlocks *b, const UnparkBlockInfo *info, gsize *size,
                            GError **error) {
  static GPrivate contexts = G_PRIVATE_INIT(zstd_free);
  gsize packed_size;
  g_autofree guint8 *packed = read_packed(b, info->id, &packed_size, error);
  if (!packed)
    return NULL;
  ZSTD_DCtx *zstd = g_private_get(&contexts);
  if (!zstd)
    g_private_set(&contexts, zstd = ZSTD_createDCtx());
  unsigned long long plain = ZSTD_getFrameContentSize(packed, packed_size);
  if (plain > MAX_BLOCK_BYTES) { /* errors and unknown sizes are huge numbers */
    set_store_error(b, error, "a block of it is damaged");
    return NULL;
  }
  guint8 *bytes = g_malloc((gsize)plain + 1);
  size_t got = ZSTD_decompressDCtx(zstd, bytes, (gsize)plain, packed, packed_size);
  if (ZSTD_isError(got) || got != plain) {
    set_store_error(b, error, "a block of it is damaged");
    g_free(bytes);
    return NULL;
  }
  *size = got;
  return bytes;
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
  d->columns[c] = g_new(gint64, MAX(d->n, 1));
  return unpark_codec_unpack(&packed[c], d->columns[c], d->n,
                             column->lane >= 0 ? d->columns[column->lane] : NULL,
                             column->duration >= 0 ? d->columns[column->duration] : NULL);
}

static UnparkDecoded *decode(UnparkBlocks *b, UnparkFact fact, const UnparkBlockInfo *info,
                             guint32 columns, GError **error) {
  const UnparkFactSpec *spec = &unpark_facts[fact];
  UnparkPacked packed[UNPARK_MAX_COLUMNS];
  gsize size;
  g_autofree guint8 *bytes = unpark_blocks_bytes(b, info, &size, error);
  if (!bytes)
    return NULL;
  UnparkDecoded *d = g_new0(UnparkDecoded, 1);
  d->ref_count = 1;
  d->n = info->count;
  gboolean ok = unpark_codec_split(bytes, size, packed, spec->n_columns);
  /* First those that refer to no other, then the rest; references are one deep, but for CHAIN's
   * lane, which refers to none. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint c = 0; ok && c < spec->n_columns; c++) {
      gboolean refers = spec->columns[c].lane >= 0 || spec->columns[c].duration >= 0;
      if ((columns & 1u << c) && refers == (pass == 1))
        ok = unpack_column(spec, packed, d, c);
    }
  if (!ok) {
    set_store_error(b, error, "a block of it is damaged");
    g_clear_pointer(&d, unpark_decoded_unref);
  }
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
  while (b->bytes > CACHE_BYTES && b->recent.tail != &entry->link)
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
