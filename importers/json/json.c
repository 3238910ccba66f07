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

/* At the quotation mark. */
static gboolean take_string(UnparkJson *json, GError **error) {
  gunichar high = 0;
  int c;

  json->at++;
  begin_text(json);
  while ((c = peek(json, error)) >= 0 && c != '"') {
    gsize from = json->at;
    if (c == '\n') /* never in a text: the line was cut off */
      return FALSE;
    if (c == '\\') {
      json->at++;
      if (!take_escape(json, &high, error))
        return FALSE;
      continue;
    }
    high = 0;
    while (json->at < json->have && !ends_run(json->window[json->at]))
      json->at++;
    append(json, (const char *)json->window + from, json->at - from);
  }
  if (c < 0)
    return FALSE;
  json->at++;
  end_text(json);
  return TRUE;
}

static gboolean take_word(UnparkJson *json, GError **error) {
  int c;

  begin_text(json);
  while ((c = peek(json, error)) >= 0 && (g_ascii_isalnum(c) || c == '-' || c == '+' || c == '.')) {
    const char byte = (char)c;
    append(json, &byte, 1);
    json->at++;
  }
  end_text(json);
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
