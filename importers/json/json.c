/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/json/json.h"

#include <string.h>

#define WINDOW ((gsize)256 * 1024)

void unpark_json_init(UnparkJson *json, UnparkInput *input, UnparkWriter *writer,
                      GCancellable *cancellable) {
  *json = (UnparkJson){
      .input = input, .writer = writer, .cancellable = cancellable, .text = g_string_new(NULL)};
}

void unpark_json_clear(UnparkJson *json) {
  g_string_free(json->text, TRUE);
  json->text = NULL;
  g_clear_error(&json->failure);
}

gboolean unpark_json_is(const UnparkJson *json, const char *text) {
  return strcmp(json->text->str, text) == 0;
}

guint64 unpark_json_offset(const UnparkJson *json) {
  return unpark_input_offset(json->input) + json->at;
}

/* ---- Bytes -------------------------------------------------------------------------- */

static gboolean refill(UnparkJson *json, GError **error) {
  g_autoptr(GError) damage = NULL;

  if (g_cancellable_set_error_if_cancelled(json->cancellable, error) ||
      !unpark_writer_check(json->writer, error))
    return FALSE;
  unpark_input_consume(json->input, json->at);
  json->at = 0;
  json->window = unpark_input_window(json->input, WINDOW, &json->have, &damage);
  json->last = !json->window || json->have < WINDOW;
  if (json->window)
    return TRUE;
  json->window = unpark_input_window(json->input, 0, &json->have, NULL);
  if (!json->window || g_error_matches(damage, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      unpark_input_offset(json->input) + json->have == 0) {
    json->have = 0;
    g_propagate_error(error, g_steal_pointer(&damage));
    return FALSE;
  }
  json->unreadable = TRUE;
  unpark_writer_note(json->writer, UNPARK_NOTE_ERROR, "damaged-packing", 1, "%s", damage->message);
  return TRUE;
}

/* The next byte, which stays; -1 at the end, and with an error. */
static inline int peek(UnparkJson *json, GError **error) {
  if (G_UNLIKELY(json->at == json->have) &&
      (json->last || !refill(json, error) || json->at == json->have))
    return -1;
  return json->window[json->at];
}

/* ---- Texts -------------------------------------------------------------------------- */

static void append(UnparkJson *json, const char *bytes, gsize n) {
  gsize room = UNPARK_JSON_TEXT_MAX - json->text->len;

  g_string_append_len(json->text, bytes, (gssize)MIN(n, room));
  if (n > room && !json->is_cut)
    json->n_cut++;
  json->is_cut = json->is_cut || n > room;
}

static void begin_text(UnparkJson *json) {
  g_string_truncate(json->text, 0);
  json->is_cut = FALSE;
}

static void append_unichar(UnparkJson *json, gunichar c) {
  char bytes[6];

  if (c == 0 || !g_unichar_validate(c))
    c = 0xfffd;
  append(json, bytes, (gsize)g_unichar_to_utf8(c, bytes));
}

/* FALSE: what follows is no four digits. */
static gboolean take_unit(UnparkJson *json, gunichar *unit, GError **error) {
  *unit = 0;
  for (guint i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value((char)MAX(peek(json, error), 0));
    if (digit < 0)
      return FALSE;
    *unit = *unit * 16 + (gunichar)digit;
    json->at++;
  }
  return TRUE;
}

/* Behind a backslash. `*high`: the first half of a pair that came before; 0: none. */
static gboolean take_escape(UnparkJson *json, gunichar *high, GError **error) {
  static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  int c = peek(json, error);
  const char *name;
  gunichar unit, first = *high;

  *high = 0;
  if (c <= 0)
    return FALSE;
  json->at++;
  if (c != 'u') {
    name = strchr(names, c);
    if (name)
      append(json, meant + (name - names), 1);
    return name != NULL;
  }
  if (!take_unit(json, &unit, error))
    return FALSE;
  if (unit >= 0xd800 && unit < 0xdc00)
    *high = unit;
  else if (first && unit >= 0xdc00 && unit < 0xe000)
    append_unichar(json, 0x10000 + ((first - 0xd800) << 10) + (unit - 0xdc00));
  else
    append_unichar(json, unit);
  return TRUE;
}

static void end_text(UnparkJson *json) {
  if (!g_utf8_validate(json->text->str, (gssize)json->text->len, NULL)) {
    char *valid = g_utf8_make_valid(json->text->str, (gssize)json->text->len);
    g_string_assign(json->text, valid);
    g_free(valid);
  }
}

static inline gboolean ends_run(guint8 c) {
  return c == '"' || c == '\\' || c == '\n';
}

#define EACH(byte) (G_GUINT64_CONSTANT(0x0101010101010101) * (byte))

/* Whether one of 8 bytes is zero. */
static inline guint64 zeros(guint64 word) {
  return (word - EACH(0x01)) & ~word & EACH(0x80);
}

/* The length of the run of plain characters from `p` on; *wide is set if not all are ASCII. */
static inline gsize run_length(const guint8 *p, gsize n, gboolean *wide) {
  gsize i = 0;

  for (; i + 8 <= n; i += 8) {
    guint64 word;
    memcpy(&word, p + i, sizeof word);
    if (zeros(word ^ EACH('"')) | zeros(word ^ EACH('\\')) | zeros(word ^ EACH('\n')) |
        zeros(word) | (word & EACH(0x80)))
      break;
  }
  for (; i < n && !ends_run(p[i]); i++)
    *wide |= p[i] == 0 || p[i] >= 0x80;
  return i;
}

/* A text without escapes that lies in the window as a whole, as most do. FALSE: it is another. */
static gboolean take_plain(UnparkJson *json) {
  const guint8 *p = json->window + json->at;
  gboolean wide = FALSE;
  gsize n = run_length(p, json->have - json->at, &wide);

  if (json->at + n >= json->have || p[n] != '"' || n > UNPARK_JSON_TEXT_MAX)
    return FALSE;
  if (n >= json->text->allocated_len)
    g_string_set_size(json->text, n);
  memcpy(json->text->str, p, n);
  json->text->str[n] = '\0';
  json->text->len = n;
  json->at += n + 1;
  if (wide)
    end_text(json);
  return TRUE;
}

/* At the quotation mark. */
static gboolean take_string(UnparkJson *json, GError **error) {
  gunichar high = 0;
  int c;

  json->at++;
  begin_text(json);
  if (take_plain(json))
    return TRUE;
  while ((c = peek(json, error)) >= 0 && c != '"') {
    gboolean wide;
    gsize n;
    if (c == '\n') /* never in a text: the line was cut off */
      return FALSE;
    if (c == '\\') {
      json->at++;
      if (!take_escape(json, &high, error))
        return FALSE;
      continue;
    }
    high = 0;
    n = run_length(json->window + json->at, json->have - json->at, &wide);
    append(json, (const char *)json->window + json->at, n);
    json->at += n;
  }
  if (c < 0)
    return FALSE;
  json->at++;
  end_text(json);
  return TRUE;
}

static inline gboolean is_of_word(int c) {
  return g_ascii_isalnum(c) || c == '-' || c == '+' || c == '.';
}

static gboolean take_word(UnparkJson *json, GError **error) {
  int c;

  begin_text(json);
  while ((c = peek(json, error)) >= 0 && is_of_word(c)) {
    gsize from = json->at;
    while (json->at < json->have && is_of_word(json->window[json->at]))
      json->at++;
    append(json, (const char *)json->window + from, json->at - from);
  }
  return json->text->len > 0;
}

/* ---- Tokens ------------------------------------------------------------------------- */

static int skip_blanks(UnparkJson *json, GError **error) {
  int c;

  while ((c = peek(json, error)) == ' ' || c == '\t' || c == '\n' || c == '\r' ||
         (c == ',' && json->depth > 0 && !json->has_key)) {
    if (c == '\n' && json->depth > 0) {
      if (json->lines)
        return 0; /* no value begins with it */
      json->has_lines = TRUE;
    }
    json->at++;
  }
  return c;
}

static UnparkJsonToken open_value(UnparkJson *json, gboolean is_object) {
  if (json->depth == UNPARK_JSON_DEPTH_MAX)
    return UNPARK_JSON_DAMAGED;
  json->is_object[json->depth++] = is_object;
  json->at++;
  return is_object ? UNPARK_JSON_OBJECT : UNPARK_JSON_ARRAY;
}

static UnparkJsonToken take_key(UnparkJson *json, GError **error) {
  if (!take_string(json, error) || skip_blanks(json, error) != ':')
    return UNPARK_JSON_DAMAGED;
  json->at++;
  json->has_key = TRUE;
  return UNPARK_JSON_KEY;
}

static UnparkJsonToken take_token(UnparkJson *json, GError **error) {
  int c = skip_blanks(json, error);
  gboolean in_object = json->depth > 0 && json->is_object[json->depth - 1];
  gboolean wants_key = in_object && !json->has_key;

  if (c < 0)
    return json->depth > 0 ? UNPARK_JSON_DAMAGED : UNPARK_JSON_END;
  if (json->depth > 0 && !json->has_key && c == (in_object ? '}' : ']')) {
    json->depth--;
    json->at++;
    return UNPARK_JSON_CLOSE;
  }
  if (wants_key)
    return c == '"' ? take_key(json, error) : UNPARK_JSON_DAMAGED;
  json->has_key = FALSE;
  if (c == '{' || c == '[')
    return open_value(json, c == '{');
  if (c == '"')
    return take_string(json, error) ? UNPARK_JSON_STRING : UNPARK_JSON_DAMAGED;
  return take_word(json, error) ? UNPARK_JSON_NUMBER : UNPARK_JSON_DAMAGED;
}

UnparkJsonToken unpark_json_next(UnparkJson *json, GError **error) {
  GError *failure = NULL;
  UnparkJsonToken token = json->stopped ? UNPARK_JSON_END : take_token(json, &failure);

  json->stopped = json->stopped || failure || token == UNPARK_JSON_DAMAGED;
  if (!failure)
    return token;
  g_propagate_error(error, failure);
  return UNPARK_JSON_END;
}

gboolean unpark_json_skip(UnparkJson *json, UnparkJsonToken token, GError **error) {
  guint depth = json->depth;

  if (token != UNPARK_JSON_OBJECT && token != UNPARK_JSON_ARRAY)
    return token != UNPARK_JSON_END && token != UNPARK_JSON_DAMAGED;
  while (json->depth >= depth) {
    token = unpark_json_next(json, error);
    if (token == UNPARK_JSON_END || token == UNPARK_JSON_DAMAGED)
      return FALSE;
  }
  return TRUE;
}

gboolean unpark_json_resync(UnparkJson *json, GError **error) {
  GError *failure = NULL;
  int c = json->at > 0 && json->window ? json->window[json->at - 1] : 0, before;

  if (json->unreadable)
    return FALSE;
  do {
    before = c;
    c = peek(json, &failure);
    if (c >= 0 && before == '\n' && (c == '{' || c == '['))
      break;
    json->at++;
  } while (c >= 0);
  if (failure)
    g_propagate_error(error, failure);
  if (c < 0) {
    json->at = json->have;
    return FALSE;
  }
  json->depth = 0;
  json->has_key = FALSE;
  json->stopped = FALSE;
  return TRUE;
}
