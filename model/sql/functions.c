/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/functions.h"

#include <glib.h>
#include <string.h>

#include "model/base/times.h"

#define MAX_SET 64

typedef struct {
  const char *bytes;
  gsize size;
} Text;

/* FALSE: NULL. The pointer is valid as long as the value is not converted. */
static gboolean get_text(sqlite3_value *value, Text *text) {
  text->bytes = (const char *)sqlite3_value_text(value);
  text->size = (gsize)sqlite3_value_bytes(value);
  return text->bytes != NULL;
}

static gboolean is_blob(sqlite3_value *value) {
  return sqlite3_value_type(value) == SQLITE_BLOB;
}

static gint64 count_characters(const char *bytes, gsize size) {
  gint64 n = 0;
  for (gsize i = 0; i < size; i++)
    n += ((guint8)bytes[i] & 0xc0) != 0x80;
  return n;
}

static void sql_instr(sqlite3_context *context, int n, sqlite3_value **values) {
  Text in, what;
  gboolean blobs = is_blob(values[0]) && is_blob(values[1]);
  (void)n;
  if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL)
    return;
  if (blobs) {
    in = (Text){sqlite3_value_blob(values[0]), (gsize)sqlite3_value_bytes(values[0])};
    what = (Text){sqlite3_value_blob(values[1]), (gsize)sqlite3_value_bytes(values[1])};
  } else if (!get_text(values[0], &in) || !get_text(values[1], &what)) {
    sqlite3_result_error_nomem(context);
    return;
  }
  const char *at = what.size == 0 ? in.bytes
                   : in.size > 0  ? memmem(in.bytes, in.size, what.bytes, what.size)
                                  : NULL;
  if (!at && what.size > 0)
    sqlite3_result_int64(context, 0);
  else if (what.size == 0)
    sqlite3_result_int64(context, 1);
  else
    sqlite3_result_int64(
        context, 1 + (blobs ? at - in.bytes : count_characters(in.bytes, (gsize)(at - in.bytes))));
}

static const char *next_match(const Text *in, const char *from, const Text *what) {
  return memmem(from, in->size - (gsize)(from - in->bytes), what->bytes, what->size);
}

static void sql_replace(sqlite3_context *context, int n, sqlite3_value **values) {
  Text in, what, by;
  (void)n;
  if (!get_text(values[0], &in) || !get_text(values[1], &what) || !get_text(values[2], &by))
    return;
  if (what.size == 0) {
    sqlite3_result_value(context, values[0]);
    return;
  }
  guint64 most =
      (guint64)sqlite3_limit(sqlite3_context_db_handle(context), SQLITE_LIMIT_LENGTH, -1);
  guint64 size = in.size, end = 0;
  /* It only grows or only shrinks: beyond the limit, the rest need not be counted. */
  for (const char *at = in.bytes; size <= most && (at = next_match(&in, at, &what));
       at += what.size)
    size = size - what.size + by.size;
  if (size > most) {
    sqlite3_result_error_toobig(context);
    return;
  }
  char *out = sqlite3_malloc64(size + 1);
  if (!out) {
    sqlite3_result_error_nomem(context);
    return;
  }
  const char *from = in.bytes;
  for (const char *at; (at = next_match(&in, from, &what)); from = at + what.size) {
    memcpy(out + end, from, (gsize)(at - from));
    end += (guint64)(at - from);
    memcpy(out + end, by.bytes, by.size);
    end += by.size;
  }
  memcpy(out + end, from, in.size - (gsize)(from - in.bytes));
  sqlite3_result_text64(context, out, size, sqlite3_free, SQLITE_UTF8);
}

/* ---- trim -------------------------------------------------------------------------------- */

enum { TRIM_LEFT = 1, TRIM_RIGHT = 2 };

static gsize character_size(const char *p, gsize size) {
  gsize n = 1;
  while (n < size && ((guint8)p[n] & 0xc0) == 0x80)
    n++;
  return n;
}

/* The bytes of a character of the set that the text begins or ends with; 0: none. */
static gsize edge(const Text *text, const Text *set, gboolean left) {
  for (gsize i = 0, n; i < set->size; i += n) {
    n = character_size(set->bytes + i, set->size - i);
    const char *at = left ? text->bytes : text->bytes + text->size - n;
    if (n <= text->size && memcmp(at, set->bytes + i, n) == 0)
      return n;
  }
  return 0;
}

static void sql_trim(sqlite3_context *context, int n, sqlite3_value **values) {
  int sides = GPOINTER_TO_INT(sqlite3_user_data(context));
  Text text, set;
  gsize cut;
  (void)n;
  if (!get_text(values[0], &text) || !get_text(values[1], &set))
    return;
  if (set.size > MAX_SET) {
    sqlite3_result_error(context, "more characters to trim than trim() takes here", -1);
    return;
  }
  while (sides & TRIM_LEFT && text.size > 0 && (cut = edge(&text, &set, TRUE)) > 0)
    text = (Text){text.bytes + cut, text.size - cut};
  while (sides & TRIM_RIGHT && text.size > 0 && (cut = edge(&text, &set, FALSE)) > 0)
    text.size -= cut;
  sqlite3_result_text64(context, text.bytes, text.size, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* ---- time_sum ------------------------------------------------------------------------------ */

typedef struct {
  gint64 sum;
  gboolean any;
} TimeSum;

static void time_sum_step(sqlite3_context *context, int n, sqlite3_value **values) {
  TimeSum *sum = sqlite3_aggregate_context(context, sizeof *sum);
  (void)n;
  if (!sum || sqlite3_value_type(values[0]) == SQLITE_NULL)
    return;
  unpark_time_sum(&sum->sum, sqlite3_value_int64(values[0]));
  sum->any = TRUE;
}

static void time_sum_end(sqlite3_context *context) {
  const TimeSum *sum = sqlite3_aggregate_context(context, 0);
  if (sum && sum->any)
    sqlite3_result_int64(context, sum->sum);
}

static void sql_refuse(sqlite3_context *context, int n, sqlite3_value **values) {
  (void)n;
  (void)values;
  sqlite3_result_error(context, "json_patch() is not available here", -1);
}

int unpark_functions_register(sqlite3 *db) {
  static const struct {
    const char *name;
    int arguments, data;
    void (*run)(sqlite3_context *, int, sqlite3_value **);
  } functions[] = {{"instr", 2, 0, sql_instr},
                   {"replace", 3, 0, sql_replace},
                   {"trim", 2, TRIM_LEFT | TRIM_RIGHT, sql_trim},
                   {"ltrim", 2, TRIM_LEFT, sql_trim},
                   {"rtrim", 2, TRIM_RIGHT, sql_trim},
                   {"json_patch", 2, 0, sql_refuse}};
  int code = sqlite3_create_function_v2(db, "time_sum", 1,
                                        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                        NULL, time_sum_step, time_sum_end, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(functions) && code == SQLITE_OK; i++)
    code = sqlite3_create_function_v2(db, functions[i].name, functions[i].arguments,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                      GINT_TO_POINTER(functions[i].data), functions[i].run, NULL,
                                      NULL, NULL);
  return code;
}
