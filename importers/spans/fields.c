/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/fields.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/format.h"
#include "model/base/json.h"

void unpark_spans_json_init(UnparkSpansJson *s, UnparkInput *input, UnparkWriter *writer,
                            GCancellable *cancellable) {
  *s = (UnparkSpansJson){.set = unpark_spans_set_new(), .text = g_string_new(NULL)};
  unpark_json_init(&s->json, input, writer, cancellable);
  unpark_spans_init(&s->spans, writer);
}

void unpark_spans_json_clear(UnparkSpansJson *s) {
  unpark_json_clear(&s->json);
  unpark_spans_clear(&s->spans);
  g_array_unref(s->set);
  g_string_free(s->text, TRUE);
}

/* ---- The walk ----------------------------------------------------------------------------- */

/* The json keeps the failure: cancelled, or the writer's. */
static UnparkJsonToken next(UnparkSpansJson *s) {
  return unpark_json_next(&s->json, &s->json.failure);
}

gint unpark_spans_json_key(UnparkSpansJson *s, const char *const *keys, UnparkJsonToken *value) {
  const char *text;
  gint found = 0;

  if (next(s) != UNPARK_JSON_KEY)
    return -1;
  text = s->json.text->str;
  while (keys[found] && (keys[found][0] != text[0] || strcmp(keys[found], text) != 0))
    found++;
  *value = next(s);
  return found;
}

gboolean unpark_spans_json_item(UnparkSpansJson *s, UnparkJsonToken *value) {
  *value = next(s);
  return *value != UNPARK_JSON_CLOSE && *value != UNPARK_JSON_END && *value != UNPARK_JSON_DAMAGED;
}

void unpark_spans_json_skip(UnparkSpansJson *s, UnparkJsonToken value) {
  unpark_json_skip(&s->json, value, &s->json.failure);
}

gboolean unpark_spans_json_is_null(const UnparkSpansJson *s, UnparkJsonToken value) {
  return value == UNPARK_JSON_NUMBER && unpark_json_is(&s->json, "null");
}

void unpark_spans_json_bad(UnparkSpansJson *s, UnparkJsonToken value) {
  if (value == UNPARK_JSON_END || value == UNPARK_JSON_DAMAGED)
    return;
  if (!unpark_spans_json_is_null(s, value))
    unpark_spans_fault(&s->spans, UNPARK_SPANS_BAD_VALUE);
  unpark_spans_json_skip(s, value);
}

void unpark_spans_json_objects(UnparkSpansJson *s, UnparkJsonToken value,
                               void (*take)(UnparkSpansJson *)) {
  UnparkJsonToken item;

  if (value != UNPARK_JSON_ARRAY) {
    unpark_spans_json_bad(s, value);
    return;
  }
  while (unpark_spans_json_item(s, &item)) {
    if (item == UNPARK_JSON_OBJECT)
      take(s);
    else
      unpark_spans_json_bad(s, item);
  }
}

static void read_top(UnparkSpansJson *s, UnparkJsonToken token,
                     void (*read)(UnparkSpansJson *, UnparkJsonToken)) {
  UnparkJsonToken item;

  if (token != UNPARK_JSON_ARRAY) {
    read(s, token);
    return;
  }
  while (unpark_spans_json_item(s, &item))
    if (item == UNPARK_JSON_ARRAY) /* an array of arrays */
      read_top(s, item, read);
    else
      read(s, item);
}

gboolean unpark_spans_json_each(UnparkSpansJson *s,
                                void (*read)(UnparkSpansJson *, UnparkJsonToken), GError **error) {
  for (;;) {
    UnparkJsonToken token;
    s->json.has_lines = FALSE;
    token = next(s);
    if (token == UNPARK_JSON_OBJECT || token == UNPARK_JSON_ARRAY)
      read_top(s, token, read);
    else if (token != UNPARK_JSON_END && token != UNPARK_JSON_DAMAGED)
      unpark_spans_fault(&s->spans, UNPARK_SPANS_NOT_A_SPAN);
    if (s->json.failure)
      break;
    if (token == UNPARK_JSON_END && !s->json.stopped)
      return TRUE;
    /* A whole object on a line: so are those that follow. */
    s->json.lines = s->json.lines || (!s->json.stopped && token == UNPARK_JSON_OBJECT &&
                                      !s->json.has_lines && s->json.depth == 0);
    if (s->json.stopped) {
      s->n_broken++;
      if (!unpark_json_resync(&s->json, &s->json.failure))
        break;
    }
  }
  if (!s->json.failure)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&s->json.failure));
  return FALSE;
}

gboolean unpark_spans_json_finish(UnparkSpansJson *s, const char *importer, const char *format,
                                  gint64 *duration_ns, gboolean *complete, GError **error) {
  char at[UNPARK_FORMAT_SIZE];

  *complete = TRUE;
  if (!unpark_spans_finish(&s->spans, unpark_input_name(s->json.input), importer, format,
                           duration_ns, complete, error))
    return FALSE;
  if (s->n_broken > 0 && !s->json.unreadable)
    unpark_writer_note(s->json.writer, UNPARK_NOTE_ERROR, "not-json", s->n_broken,
                       _("Part of the file ends early or is not JSON, the last of it before byte "
                         "%s; the spans before and after it were read"),
                       unpark_format_number(unpark_json_offset(&s->json), at));
  if (s->json.n_cut > 0)
    unpark_writer_note(s->json.writer, UNPARK_NOTE_WARNING, "long-text", s->json.n_cut,
                       _("A name or value is longer than 64 KiB; its end was left out"));
  if (s->n_broken > 0 || s->json.n_cut > 0 || s->json.unreadable)
    *complete = FALSE;
  return TRUE;
}

/* ---- Values ------------------------------------------------------------------------------- */

static gboolean is_scalar(UnparkJsonToken value) {
  return value == UNPARK_JSON_STRING || value == UNPARK_JSON_NUMBER;
}

static guint32 intern(UnparkSpansJson *s) {
  return unpark_writer_string(s->json.writer, s->json.text->str, s->json.text->len);
}

guint32 unpark_spans_json_string(UnparkSpansJson *s, UnparkJsonToken value) {
  if (value == UNPARK_JSON_STRING)
    return intern(s);
  unpark_spans_json_bad(s, value);
  return 0;
}

/* Digits, or a whole number as a floating-point one, which JavaScript writes for large ones. */
static gboolean parse_u64(const char *text, guint64 *number) {
  const char *p = text;
  guint64 n = 0;
  char *end;
  double d;

  for (; g_ascii_isdigit(*p); p++) {
    guint64 digit = (guint64)(*p - '0');
    n = n > (G_MAXUINT64 - digit) / 10 ? G_MAXUINT64 : n * 10 + digit;
  }
  if (p > text && *p == '\0') {
    *number = n;
    return TRUE;
  }
  if (p == text)
    return FALSE;
  d = g_ascii_strtod(text, &end);
  if (*end != '\0' || !(d >= 0))
    return FALSE;
  *number = d >= 18446744073709549568.0 ? G_MAXUINT64 : (guint64)d;
  return TRUE;
}

guint64 unpark_spans_json_u64(UnparkSpansJson *s, UnparkJsonToken value) {
  guint64 number;

  if (is_scalar(value) && parse_u64(s->json.text->str, &number))
    return number;
  unpark_spans_json_bad(s, value);
  return 0;
}

guint64 unpark_spans_json_us(UnparkSpansJson *s, UnparkJsonToken value) {
  guint64 us = unpark_spans_json_u64(s, value);

  return us > G_MAXUINT64 / 1000 ? G_MAXUINT64 : us * 1000;
}

static gboolean parse_i64(const char *text, gint64 *number) {
  gboolean minus = text[0] == '-';
  guint64 magnitude;

  if (!parse_u64(text + minus, &magnitude))
    return FALSE;
  *number = (gint64)MIN(magnitude, (guint64)G_MAXINT64);
  if (minus)
    *number = magnitude > (guint64)G_MAXINT64 ? G_MININT64 : -*number;
  return TRUE;
}

gint64 unpark_spans_json_i64(UnparkSpansJson *s, UnparkJsonToken value) {
  gint64 number;

  if (is_scalar(value) && parse_i64(s->json.text->str, &number))
    return number;
  unpark_spans_json_bad(s, value);
  return 0;
}

gboolean unpark_spans_json_bool(UnparkSpansJson *s, UnparkJsonToken value) {
  if (is_scalar(value) && unpark_json_is(&s->json, "true"))
    return TRUE;
  if (!is_scalar(value) || !unpark_json_is(&s->json, "false"))
    unpark_spans_json_bad(s, value);
  return FALSE;
}

/* ---- Ids ---------------------------------------------------------------------------------- */

/* Values of hexadecimal digits, and 1 more: 0 is none. */
static const guint8 hex_digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

/* At most 16 digits. FALSE: others. */
static gboolean parse_half(const char *text, gsize len, guint64 *half) {
  guint64 value = 0;
  gboolean ok = TRUE;

  for (gsize i = 0; i < len; i++) {
    guint8 digit = hex_digits[(guint8)text[i]];
    ok &= digit != 0;
    value = value << 4 | (guint8)(digit - 1);
  }
  *half = value;
  return ok;
}

/* Up to 32 digits. FALSE: others. */
static gboolean parse_hex(const char *text, gsize len, UnparkSpansTrace *id) {
  gsize high = len > 16 ? len - 16 : 0;

  *id = (UnparkSpansTrace){0, 0};
  return len <= 32 && parse_half(text, high, &id->high) &&
         parse_half(text + high, len - high, &id->low);
}

/* `n` bytes, 16 or 8. */
static gboolean parse_base64(const char *text, gsize len, gsize n, UnparkSpansTrace *id) {
  guchar bytes[24];
  gint state = 0;
  guint save = 0;

  *id = (UnparkSpansTrace){0, 0};
  if (len != (n + 2) / 3 * 4 || text[len - 1] != '=' ||
      g_base64_decode_step(text, len, bytes, &state, &save) != n)
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    id->high = id->high << 8 | id->low >> 56;
    id->low = id->low << 8 | bytes[i];
  }
  return TRUE;
}

gboolean unpark_spans_json_trace_id(UnparkSpansJson *s, UnparkJsonToken value,
                                    UnparkSpansTrace *trace, gboolean *is_short) {
  const GString *text = s->json.text;

  *is_short = value == UNPARK_JSON_STRING && text->len <= 16;
  if (value == UNPARK_JSON_STRING &&
      (parse_hex(text->str, text->len, trace) || parse_base64(text->str, text->len, 16, trace)))
    return TRUE;
  *trace = (UnparkSpansTrace){0, 0};
  unpark_spans_json_skip(s, value);
  return FALSE;
}

gboolean unpark_spans_json_span_id(UnparkSpansJson *s, UnparkJsonToken value, guint64 *id) {
  const GString *text = s->json.text;
  UnparkSpansTrace wide;

  *id = 0;
  if (value == UNPARK_JSON_STRING && ((text->len <= 16 && parse_hex(text->str, text->len, &wide)) ||
                                      parse_base64(text->str, text->len, 8, &wide))) {
    *id = wide.low;
    return TRUE;
  }
  if (unpark_spans_json_is_null(s, value))
    return TRUE;
  unpark_spans_json_skip(s, value);
  return FALSE;
}

void unpark_spans_json_own_id(UnparkSpansJson *s, UnparkSpansId which, UnparkJsonToken value) {
  UnparkSpansSpan *span = &s->spans.span;
  gboolean is_short;

  if (which == UNPARK_SPANS_ID_TRACE) {
    if (!unpark_spans_json_trace_id(s, value, &span->trace, &is_short))
      span->bad = TRUE;
    else if (is_short)
      span->flags |= UNPARK_TRACE_SHORT_ID;
  } else if (which == UNPARK_SPANS_ID_SPAN) {
    if (!unpark_spans_json_span_id(s, value, &span->id))
      span->bad = TRUE;
  } else if (!unpark_spans_json_span_id(s, value, &span->parent)) {
    unpark_spans_fault(&s->spans, UNPARK_SPANS_BAD_PARENT);
  }
}

/* ---- Times -------------------------------------------------------------------------------- */

/* Digits of a fraction of a second as ns; *p behind them. */
static guint64 take_fraction(const char **p) {
  guint64 ns = 0, unit = 100000000;

  for (; g_ascii_isdigit(**p); (*p)++, unit /= 10)
    ns += unit * (guint64)(**p - '0');
  return ns;
}

static gboolean parse_time(const char *text, guint64 *ns) {
  g_autofree char *head = strlen(text) > 19 ? g_strndup(text, 19) : NULL;
  g_autofree char *whole = NULL;
  g_autoptr(GDateTime) time = NULL;
  const char *rest = text + 19;
  guint64 fraction = 0;

  if (!head || head[10] != 'T')
    return FALSE;
  if (*rest == '.') {
    rest++;
    fraction = take_fraction(&rest);
  }
  whole = g_strconcat(head, rest, NULL); /* with its zone */
  if (*rest == '\0' || strlen(rest) > 6)
    return FALSE;
  time = g_date_time_new_from_iso8601(whole, NULL);
  if (!time)
    return FALSE;
  /* Seconds before 1970, or after 2554, are at an end of the range. */
  gint64 seconds = g_date_time_to_unix(time);
  *ns = seconds < 0                                 ? 1
        : seconds >= G_GINT64_CONSTANT(18446744073) ? G_MAXUINT64
                                                    : (guint64)seconds * 1000000000u + fraction;
  return TRUE;
}

guint64 unpark_spans_json_time(UnparkSpansJson *s, UnparkJsonToken value) {
  guint64 ns;

  if (value == UNPARK_JSON_STRING && parse_time(s->json.text->str, &ns))
    return ns;
  unpark_spans_json_bad(s, value);
  return 0;
}

/* ---- Attributes --------------------------------------------------------------------------- */

static void copy_scalar(UnparkSpansJson *s, UnparkJsonToken value, GString *to) {
  if (value == UNPARK_JSON_STRING)
    unpark_json_append(to, s->json.text->str, (gssize)s->json.text->len);
  else
    g_string_append_len(to, s->json.text->str, (gssize)s->json.text->len);
}

void unpark_spans_json_copy(UnparkSpansJson *s, UnparkJsonToken value, GString *to) {
  gboolean is_object = value == UNPARK_JSON_OBJECT;
  guint n = 0;

  if (is_scalar(value)) {
    copy_scalar(s, value, to);
    return;
  }
  if (value != UNPARK_JSON_OBJECT && value != UNPARK_JSON_ARRAY)
    return;
  g_string_append_c(to, is_object ? '{' : '[');
  for (;;) {
    UnparkJsonToken token = next(s);
    if (token == UNPARK_JSON_CLOSE || token == UNPARK_JSON_END || token == UNPARK_JSON_DAMAGED)
      break;
    if (n++ > 0)
      g_string_append_c(to, ',');
    if (token == UNPARK_JSON_KEY) {
      copy_scalar(s, UNPARK_JSON_STRING, to);
      g_string_append_c(to, ':');
      token = next(s);
    }
    unpark_spans_json_copy(s, token, to);
  }
  g_string_append_c(to, is_object ? '}' : ']');
}

static void take_number(UnparkSpansJson *s, UnparkSpansValue *result) {
  const char *text = s->json.text->str;
  gint64 whole;

  if (!strpbrk(text, ".eE") && parse_i64(text, &whole)) {
    *result = (UnparkSpansValue){UNPARK_TRACE_INT, 0, whole};
  } else {
    double d = g_ascii_strtod(text, NULL);
    result->type = UNPARK_TRACE_DOUBLE;
    memcpy(&result->number, &d, sizeof d);
  }
}

gboolean unpark_spans_json_plain(UnparkSpansJson *s, UnparkJsonToken value,
                                 UnparkSpansValue *result) {
  *result = (UnparkSpansValue){UNPARK_TRACE_TEXT, 0, 0};
  if (value == UNPARK_JSON_STRING) {
    result->text = intern(s);
  } else if (value == UNPARK_JSON_NUMBER) {
    if (unpark_json_is(&s->json, "null"))
      return FALSE;
    if (unpark_json_is(&s->json, "true") || unpark_json_is(&s->json, "false"))
      *result = (UnparkSpansValue){UNPARK_TRACE_BOOL, 0, s->json.text->str[0] == 't'};
    else
      take_number(s, result);
  } else if (value == UNPARK_JSON_OBJECT || value == UNPARK_JSON_ARRAY) {
    g_string_truncate(s->text, 0);
    unpark_spans_json_copy(s, value, s->text);
    *result = (UnparkSpansValue){
        UNPARK_TRACE_JSON, unpark_writer_string(s->json.writer, s->text->str, s->text->len), 0};
  } else {
    return FALSE;
  }
  return TRUE;
}

/* ---- Sniffing ----------------------------------------------------------------------------- */

/* Behind a text that begins at `at`, at its quotation mark; `size` if it does not end. */
static gsize text_end(const guint8 *head, gsize size, gsize at) {
  for (at++; at < size && head[at] != '"'; at++)
    if (head[at] == '\\')
      at++;
  return MIN(at + 1, size);
}

static guint32 key_bit(const char *text, gsize len, const char *const *keys) {
  for (guint i = 0; keys[i]; i++)
    if (strlen(keys[i]) == len && memcmp(keys[i], text, len) == 0)
      return 1u << i;
  return 0;
}

guint32 unpark_spans_json_sniff(const guint8 *head, gsize size, guint depth,
                                const char *const *keys, char *first) {
  guint at_depth = 0;
  guint32 found = 0;
  gsize at = 0;

  *first = '\0';
  while (at < size && g_ascii_isspace(head[at]))
    at++;
  if (at == size || (head[at] != '{' && head[at] != '['))
    return 0;
  *first = (char)head[at];
  while (at < size) {
    gsize from = at, end;
    if (head[at] != '"') {
      at_depth += head[at] == '{' || head[at] == '[';
      at_depth -= at_depth > 0 && (head[at] == '}' || head[at] == ']');
      at++;
      continue;
    }
    at = end = text_end(head, size, at);
    while (at < size && g_ascii_isspace(head[at]))
      at++;
    if (at < size && head[at] == ':' && at_depth <= depth && end > from + 2)
      found |= key_bit((const char *)head + from + 1, end - from - 2, keys);
  }
  return found;
}
