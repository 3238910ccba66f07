/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The redacted copy: blocks of numbers as they are, those of texts anew, and some not at all. It is
 * a file of its own, so that nothing of what was left out remains in unused pages. */
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "model/base/error.h"
#include "model/redact/private.h"
#include "model/store/decode.h"
#include "model/store/guard.h"
#include "model/store/schema.h"

#define BUSY_MS 20000
#define PROFILE_TIME_WALL 5

typedef struct {
  UnparkStore *store;
  UnparkRedactTexts *texts;
  sqlite3 *from, *to;
  GCancellable *cancellable;
} Copy;

static gboolean fail(sqlite3 *db, GError **error) {
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE,
              _("The redacted store cannot be written: %s"), sqlite3_errmsg(db));
  return FALSE;
}

/* ---- Blocks made anew ----------------------------------------------------------------------- */

/* As the writer makes them (model/store/blocks.h), with nothing outside of the frame. Takes
 * nothing; the bytes are to be cleared. */
static void seal(UnparkBytes *to, const guint8 *data, gsize size) {
  guint64 sum = GUINT64_TO_LE(unpark_checksum(data, 0));
  size_t room = ZSTD_compressBound(size), packed;
  g_autofree guint8 *frame = g_malloc(room);
  ZSTD_CCtx *zstd = ZSTD_createCCtx();

  if (!zstd)
    g_error("zstd: out of memory");
  ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
  packed = ZSTD_compress2(zstd, frame, room, data, size);
  ZSTD_freeCCtx(zstd);
  if (ZSTD_isError(packed))
    g_error("zstd: %s", ZSTD_getErrorName(packed)); /* only out of memory can fail here */
  unpark_bytes_reserve(to, 18 + packed);
  guint8 *p = unpark_put_varint(to->data, 0);
  memcpy(p, &sum, 8);
  memcpy(p + 8, frame, packed);
  to->size = (gsize)(p + 8 + packed - to->data);
}

static void make_strings(const Copy *c, const UnparkBlockInfo *info, UnparkBytes *to) {
  g_autoptr(GByteArray) bytes = g_byte_array_new();

  for (gint64 id = info->lane_min; id <= info->lane_max; id++) {
    const char *text = unpark_redact_texts_get(c->texts, id);
    guint8 head[10];

    g_byte_array_append(bytes, head, (guint)(unpark_put_varint(head, strlen(text)) - head));
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
  }
  seal(to, bytes->data, bytes->len);
}

/* Profiles without the time of day. */
static gboolean make_profiles(const Copy *c, const UnparkBlockInfo *info, UnparkBytes *to,
                              GError **error) {
  const UnparkFactSpec *spec = &unpark_facts[UNPARK_TABLE_PROFILE];
  g_autoptr(UnparkDecoded) d = unpark_store_decode(c->store, (UnparkFact)UNPARK_TABLE_PROFILE, info,
                                                   UNPARK_ALL_COLUMNS, error);
  UnparkBytes bytes = {0};

  if (!d)
    return FALSE;
  g_autofree gint64 *none = g_new(gint64, d->n + 1);
  for (guint i = 0; i < d->n; i++)
    none[i] = UNPARK_NONE;
  for (guint i = 0; i < spec->n_columns; i++)
    unpark_codec_pack(&bytes, spec->columns[i].codec, i == PROFILE_TIME_WALL ? none : d->columns[i],
                      d->n, NULL, NULL);
  seal(to, bytes.data, bytes.size);
  unpark_bytes_clear(&bytes);
  return TRUE;
}

/* ---- Copying -------------------------------------------------------------------------------- */

static gboolean is_left_out(gint64 fact) {
  switch (fact) {
  case UNPARK_TABLE_LOG:
  case UNPARK_TABLE_LABEL:
  case UNPARK_TABLE_SAMPLE_LABEL:
  case UNPARK_TABLE_MAPPING:
  case UNPARK_TABLE_CLOCK:
  case UNPARK_FACT_GOROUTINE_OPEN:
    return TRUE;
  default:
    /* A fact that is not known here might hold anything. */
    return fact < 0 || fact >= UNPARK_N_FACTS;
  }
}

/* `row`: id, fact, count, lane_min, lane_max, time_min, time_max, data. */
static gboolean copy_block(const Copy *c, sqlite3_stmt *row, sqlite3_stmt *block,
                           sqlite3_stmt *data, GError **error) {
  gint64 fact = sqlite3_column_int64(row, 1);
  const UnparkBlockInfo info = {.id = sqlite3_column_int64(row, 0),
                                .count = (guint)sqlite3_column_int64(row, 2),
                                .lane_min = sqlite3_column_int64(row, 3),
                                .lane_max = sqlite3_column_int64(row, 4)};
  UnparkBytes made = {0};
  gboolean ok = TRUE;

  if (is_left_out(fact))
    return TRUE;
  for (int i = 0; i < 7; i++)
    sqlite3_bind_int64(block, i + 1, sqlite3_column_int64(row, i));
  sqlite3_bind_int64(data, 1, info.id);
  if (fact == UNPARK_FACT_STRING)
    make_strings(c, &info, &made);
  else if (fact == UNPARK_TABLE_PROFILE)
    ok = make_profiles(c, &info, &made, error);
  if (made.data)
    sqlite3_bind_blob64(data, 2, made.data, made.size, SQLITE_STATIC);
  else
    sqlite3_bind_value(data, 2, sqlite3_column_value(row, 7));
  if (ok && (sqlite3_step(block) != SQLITE_DONE || sqlite3_step(data) != SQLITE_DONE))
    ok = fail(c->to, error);
  sqlite3_reset(block);
  sqlite3_reset(data);
  sqlite3_clear_bindings(data);
  unpark_bytes_clear(&made);
  return ok;
}

static gboolean copy_blocks(const Copy *c, GError **error) {
  static const char select[] = "SELECT b.id, b.fact, b.count, b.lane_min, b.lane_max, b.time_min, "
                               "b.time_max, d.data FROM block b JOIN block_data d ON d.id = b.id "
                               "ORDER BY b.id";
  sqlite3_stmt *row = NULL, *block = NULL, *data = NULL;
  int step = SQLITE_ERROR;
  gboolean ok =
      sqlite3_prepare_v2(c->from, select, -1, &row, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2(c->to, unpark_schema_insert_block, -1, &block, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2(c->to, unpark_schema_insert_data, -1, &data, NULL) == SQLITE_OK;

  if (!ok)
    fail(sqlite3_errcode(c->from) ? c->from : c->to, error);
  while (ok && (step = sqlite3_step(row)) == SQLITE_ROW)
    ok = !g_cancellable_set_error_if_cancelled(c->cancellable, error) &&
         copy_block(c, row, block, data, error);
  if (ok && step != SQLITE_DONE)
    ok = fail(c->from, error);
  sqlite3_finalize(row);
  sqlite3_finalize(block);
  sqlite3_finalize(data);
  return ok;
}

/* Runs a statement with texts (NULL: NULL) and numbers. */
static gboolean insert(const Copy *c, const char *sql, const char *const *texts,
                       const gint64 *numbers, guint n, GError **error) {
  sqlite3_stmt *s = NULL;
  gboolean ok = sqlite3_prepare_v2(c->to, sql, -1, &s, NULL) == SQLITE_OK;

  for (guint i = 0; i < n && ok; i++)
    if (texts[i])
      sqlite3_bind_text(s, (int)i + 1, texts[i], -1, SQLITE_TRANSIENT);
    else if (numbers[i] != UNPARK_NONE)
      sqlite3_bind_int64(s, (int)i + 1, numbers[i]);
  ok = ok && sqlite3_step(s) == SQLITE_DONE;
  sqlite3_finalize(s);
  return ok || fail(c->to, error);
}

/* Names are the program's; details may quote the file. */
static gboolean copy_notes(const Copy *c, GError **error) {
  guint n;
  const UnparkNote *notes = unpark_store_notes(c->store, &n);

  for (guint i = 0; i < n; i++) {
    const char *const texts[] = {unpark_severity_name(notes[i].severity), notes[i].name, NULL, ""};
    const gint64 numbers[] = {0, 0, notes[i].count, 0};

    if (!insert(c, "INSERT INTO import_note VALUES(?,?,?,?)", texts, numbers, 4, error))
      return FALSE;
  }
  return TRUE;
}

/* "go1.26.1" of "go1.26.1 X:foo acme". */
static char *plain_version(const char *version) {
  const char *p = version;

  if (!g_str_has_prefix(p, "go"))
    return g_strdup("");
  p += 2 + strspn(p + 2, "0123456789.");
  if (g_str_has_prefix(p, "rc") || g_str_has_prefix(p, "beta"))
    p += (*p == 'r' ? 2 : 4) + strspn(p + (*p == 'r' ? 2 : 4), "0123456789");
  return g_strndup(version, (gsize)(p - version));
}

static gboolean copy_source(const Copy *c, GError **error) {
  const UnparkSource *s = unpark_store_source(c->store);
  g_autofree char *version = plain_version(s->go_version);
  const char *const texts[10] = {"redacted", s->importer, s->format, version};
  const gint64 numbers[10] = {
      0, 0, 0, 0, UNPARK_NONE, s->duration_ns, s->byte_count, s->event_count, s->complete, s->kind};

  return insert(c, "INSERT INTO source VALUES(?,?,?,?,?,?,?,?,?,?)", texts, numbers, 10, error);
}

/* ---- The file ------------------------------------------------------------------------------- */

static gboolean create(Copy *c, const char *path, GError **error) {
  g_autofree char *sql =
      g_strdup_printf("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id=%d; "
                      "PRAGMA user_version=%d; %s BEGIN;",
                      UNPARK_APPLICATION_ID, UNPARK_SCHEMA_VERSION, unpark_schema_sql);

  if (sqlite3_open_v2(path, &c->to,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                      NULL) != SQLITE_OK ||
      sqlite3_exec(c->to, sql, NULL, NULL, NULL) != SQLITE_OK)
    return fail(c->to, error);
  return TRUE;
}

/* The layout of blocks is that of the present version. */
static gboolean check_version(const Copy *c, GError **error) {
  sqlite3_stmt *s = NULL;
  gboolean same = sqlite3_prepare_v2(c->from, "PRAGMA user_version", -1, &s, NULL) == SQLITE_OK &&
                  sqlite3_step(s) == SQLITE_ROW &&
                  sqlite3_column_int(s, 0) == UNPARK_SCHEMA_VERSION;

  sqlite3_finalize(s);
  if (!same)
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_UNSUPPORTED_VERSION,
                _("This store was made by an older version; import the original file again"));
  return same;
}

static gboolean copy_all(Copy *c, const char *path, GError **error) {
  if (!check_version(c, error) || !create(c, path, error) || !copy_blocks(c, error) ||
      !copy_notes(c, error) || !copy_source(c, error))
    return FALSE;
  return sqlite3_exec(c->to, "COMMIT", NULL, NULL, NULL) == SQLITE_OK || fail(c->to, error);
}

static gboolean put_in_place(const char *temp, const char *path, GError **error) {
  if (g_rename(temp, path) == 0)
    return TRUE;
  int failure = errno;
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "“%s”: %s", path,
              g_strerror(failure));
  return FALSE;
}

gboolean unpark_redact_store(UnparkStore *store, const char *path,
                             const guint8 key[UNPARK_REDACT_KEY_SIZE], GCancellable *cancellable,
                             GError **error) {
  g_autofree char *temp =
      g_strdup_printf("%s.%d-%u.tmp", path, (int)getpid(), g_random_int() % 1000000);
  g_autoptr(UnparkRedactTexts) texts = NULL;
  Copy c = {.store = store, .cancellable = cancellable};

  if (unpark_store_source(store)->kind > UNPARK_SOURCE_RACE) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_UNSUPPORTED_VERSION,
                _("Spans of distributed traces cannot be redacted"));
    return FALSE;
  }
  texts = c.texts = unpark_redact_texts_new(store, key, cancellable, error);
  if (!texts)
    return FALSE;
  c.from = unpark_guard_open(unpark_store_path(store), UNPARK_GUARD_QUERY, BUSY_MS, error);
  if (!c.from)
    return FALSE;
  gboolean ok = copy_all(&c, temp, error);
  sqlite3_close(c.from);
  sqlite3_close(c.to);
  ok = ok && put_in_place(temp, path, error);
  if (!ok)
    g_unlink(temp);
  return ok;
}
