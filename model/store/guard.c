/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/guard.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/error.h"
#include "model/store/schema.h"

/* The largest value: a block of strings, which is rarely over 256 KiB but holds a single string of
 * any length. SQLite itself does not believe a length that is larger than the file. */
#define MAX_VALUE_BYTES (160 << 20)
#define MAX_SQL_BYTES (1 << 20)
/* A row of the index takes about 12 steps, and a file of 100 GB has some ten million rows. */
#define MAX_STEPS 500000000
#define HEAD_BYTES 100
/* Tables of any schema version. */
#define MAX_TABLES 16

static gboolean refuse(GError **error, const char *path, const char *what) {
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_STORE, _("“%s” cannot be opened as a store: %s"),
              path, what);
  return FALSE;
}

/* ---- the head of the file ----------------------------------------------------------------- */

static guint32 big_endian(const guint8 *p) {
  guint32 value;
  memcpy(&value, p, 4);
  return GUINT32_FROM_BE(value);
}

/* SQLite's own: closing another descriptor of the file would drop its locks. */
static sqlite3_file *file_of(sqlite3 *db) {
  sqlite3_file *file = NULL;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return code == SQLITE_OK && file && file->pMethods ? file : NULL;
}

guint64 unpark_guard_file_size(sqlite3 *db) {
  sqlite3_file *file = file_of(db);
  sqlite3_int64 size = 0;
  return file && file->pMethods->xFileSize(file, &size) == SQLITE_OK && size > 0 ? (guint64)size
                                                                                 : 0;
}

static gboolean read_head(sqlite3 *db, guint8 head[HEAD_BYTES]) {
  sqlite3_file *file = file_of(db);
  return file && file->pMethods->xRead(file, head, HEAD_BYTES, 0) == SQLITE_OK &&
         memcmp(head, "SQLite format 3", 16) == 0;
}

static guint schema_of(const guint8 head[HEAD_BYTES]) {
  return big_endian(head + 60);
}

int unpark_guard_schema(sqlite3 *db) {
  guint8 head[HEAD_BYTES];
  return read_head(db, head) ? (int)schema_of(head) : 0;
}

static gboolean check_head(sqlite3 *db, const char *path, GError **error) {
  guint8 head[HEAD_BYTES];
  if (!read_head(db, head))
    return refuse(error, path, _("it is not a database, or it is cut off"));
  guint version = schema_of(head);
  if (big_endian(head + 68) != UNPARK_APPLICATION_ID)
    return refuse(error, path, _("it is a database of another program"));
  if (!unpark_schema_tables(version)) {
    g_autofree char *what = g_strdup_printf(
        _("it was written by another version of this program (schema %u; this one reads %d to "
          "%d); open the original file instead"),
        version, UNPARK_SCHEMA_OLDEST, UNPARK_SCHEMA_VERSION);
    return refuse(error, path, what);
  }
  if (head[18] != 1 || head[19] != 1)
    return refuse(error, path, _("it is in write-ahead mode, which this program never uses"));
  if (big_endian(head + 56) != 1)
    return refuse(error, path, _("its text is not UTF-8"));
  return TRUE;
}

/* ---- the schema ------------------------------------------------------------------------------ */

/* Whether the row is the table of this statement, which is not followed by a semicolon. */
static gboolean is_table(sqlite3_stmt *row, const char *statement, gsize size) {
  static const char create[] = "CREATE TABLE ";
  const char *type = (const char *)sqlite3_column_text(row, 0);
  const char *name = (const char *)sqlite3_column_text(row, 1);
  const char *table = (const char *)sqlite3_column_text(row, 2);
  const char *sql = (const char *)sqlite3_column_text(row, 3);
  const char *its_name = statement + strlen(create);
  gsize name_size = strcspn(its_name, "(");
  return type && name && table && sql && strcmp(type, "table") == 0 && strcmp(name, table) == 0 &&
         strlen(name) == name_size && memcmp(name, its_name, name_size) == 0 &&
         strlen(sql) == size && memcmp(sql, statement, size) == 0;
}

/* The number of the row's table among the statements from this one on; -1: not one of them. */
static int table_number(sqlite3_stmt *row, const char *statement) {
  for (int i = 0; *statement; i++) {
    gsize size = strcspn(statement, ";");
    if (is_table(row, statement, size))
      return i;
    statement += size + (statement[size] == ';');
  }
  return -1;
}

static guint count_tables(const char *statements) {
  guint n = 0;
  for (const char *p = statements; *p; p++)
    n += *p == ';';
  return n;
}

/* Each table once and nothing else, each with pages of its own. */
static gboolean check_schema(sqlite3 *db, const char *path, GError **error) {
  sqlite3_stmt *s = NULL;
  gint64 roots[MAX_TABLES] = {0};
  const char *tables = unpark_schema_tables((guint)unpark_guard_schema(db));
  guint n = 0, expected = tables ? count_tables(tables) : 0;
  gboolean good = tables != NULL;
  int step = SQLITE_ERROR;
  if (sqlite3_prepare_v2(db, "SELECT type, name, tbl_name, sql, rootpage FROM sqlite_schema", -1,
                         &s, NULL) == SQLITE_OK)
    while ((step = sqlite3_step(s)) == SQLITE_ROW && good) {
      int number = table_number(s, tables);
      gint64 root = sqlite3_column_int64(s, 4);
      good = number >= 0 && number < MAX_TABLES && roots[number] == 0 && root > 1;
      for (guint i = 0; good && i < MAX_TABLES; i++)
        good = roots[i] != root;
      if (good)
        roots[number] = root;
      n++;
    }
  g_autofree char *why = g_strdup(sqlite3_errmsg(db));
  sqlite3_finalize(s);
  if (step != SQLITE_DONE && step != SQLITE_ROW)
    return refuse(error, path, why);
  if (!good)
    return refuse(error, path, _("it has tables, views or triggers that no store has"));
  return n == expected || refuse(error, path, _("it is not complete"));
}

/* ---- connections --------------------------------------------------------------------------------
 */

static int always_stop(void *data) {
  (void)data;
  return 1;
}

static gboolean is_known_table(const char *name) {
  static const char *const names[] = {"source", "import_note", "block", "block_data", "bookmark"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_strcmp0(name, names[i]) == 0)
      return TRUE;
  return FALSE;
}

static int authorize(void *data, int action, const char *a, const char *b, const char *c,
                     const char *d) {
  gboolean writes = GPOINTER_TO_INT(data) == UNPARK_GUARD_WRITE;
  (void)b;
  (void)c;
  switch (action) {
  case SQLITE_SELECT:
    return SQLITE_OK;
  case SQLITE_READ:
    return is_known_table(a) && !d ? SQLITE_OK : SQLITE_DENY;
  case SQLITE_INSERT:
  case SQLITE_DELETE:
  case SQLITE_UPDATE:
    return writes && g_strcmp0(a, "bookmark") == 0 && !d ? SQLITE_OK : SQLITE_DENY;
  case SQLITE_TRANSACTION:
    return writes ? SQLITE_OK : SQLITE_DENY;
  default:
    return SQLITE_DENY;
  }
}

static void harden(sqlite3 *db) {
  static const struct {
    int limit, value;
  } limits[] = {{SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES},  {SQLITE_LIMIT_SQL_LENGTH, MAX_SQL_BYTES},
                {SQLITE_LIMIT_FUNCTION_ARG, 100},        {SQLITE_LIMIT_ATTACHED, 0},
                {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256}, {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
                {SQLITE_LIMIT_TRIGGER_DEPTH, 1},         {SQLITE_LIMIT_WORKER_THREADS, 0}};
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(limits); i++)
    sqlite3_limit(db, limits[i].limit, limits[i].value);
  /* The handler is first called after so many steps of one statement, and ends it. */
  sqlite3_progress_handler(db, MAX_STEPS, always_stop, NULL);
}

sqlite3 *unpark_guard_open(const char *path, UnparkGuardUse use, int busy_ms, GError **error) {
  int mode = use == UNPARK_GUARD_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  sqlite3 *db = NULL;
  int code = sqlite3_open_v2(path, &db, mode | SQLITE_OPEN_NOMUTEX, NULL);
  gboolean ok = code == SQLITE_OK;
  if (ok) {
    sqlite3_busy_timeout(db, busy_ms);
    harden(db);
    ok = check_head(db, path, error) && check_schema(db, path, error);
  } else {
    refuse(error, path, db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  }
  if (ok) {
    /* A page that is damaged says so instead of being taken apart. */
    sqlite3_exec(db, "PRAGMA cell_size_check=ON", NULL, NULL, NULL);
    if (use != UNPARK_GUARD_QUERY)
      sqlite3_set_authorizer(db, authorize, GINT_TO_POINTER(use));
    return db;
  }
  sqlite3_close(db);
  return NULL;
}

sqlite3 *unpark_guard_open_empty(GError **error) {
  sqlite3 *db = NULL;
  int code = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code == SQLITE_OK) {
    harden(db);
    return db;
  }
  refuse(error, ":memory:", db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  sqlite3_close(db);
  return NULL;
}

void unpark_guard_rearm(sqlite3_stmt *statement) {
  sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
}
