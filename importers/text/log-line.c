/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/log-line.h"

#include <string.h>

#define ESCAPE '\033'
#define BELL '\a'

void unpark_log_lines_init(UnparkLogLines *log, UnparkLines *lines) {
  *log =
      (UnparkLogLines){.lines = lines, .scratch = g_string_new(NULL), .plain = g_string_new(NULL)};
}

void unpark_log_lines_clear(UnparkLogLines *log) {
  g_string_free(log->scratch, TRUE);
  g_string_free(log->plain, TRUE);
}

/* ---- JSON ------------------------------------------------------------------------------ */

static guint32 take_hex4(UnparkText *t) {
  guint32 code = 0;

  for (guint i = 0; i < 4; i++) {
    if (t->len == 0 || !g_ascii_isxdigit(t->text[0]))
      return 0xfffd;
    code = code << 4 | (guint32)g_ascii_xdigit_value(t->text[0]);
    *t = unpark_text_from(*t, 1);
  }
  return code;
}

static void take_unicode(UnparkText *t, GString *to) {
  guint32 code = take_hex4(t), low;
  UnparkText next = *t;

  if (code >= 0xd800 && code < 0xdc00 && unpark_text_take(&next, UNPARK_TEXT("\\u"))) {
    low = take_hex4(&next);
    if (low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      *t = next;
    }
  }
  g_string_append_unichar(to, g_unichar_validate(code) ? code : 0xfffd);
}

/* A string of JSON, its opening quote taken already. */
static gboolean take_string(UnparkText *t, GString *to) {
  static const char letters[] = "bfnrt", means[] = "\b\f\n\r\t";

  while (t->len > 0 && t->text[0] != '"') {
    const char *found;
    char c = t->text[0];
    *t = unpark_text_from(*t, 1);
    if (c != '\\') {
      g_string_append_c(to, c);
      continue;
    }
    if (t->len == 0)
      return FALSE;
    c = t->text[0];
    *t = unpark_text_from(*t, 1);
    found = c ? strchr(letters, c) : NULL;
    if (c == 'u')
      take_unicode(t, to);
    else
      g_string_append_c(to, found ? means[found - letters] : c);
  }
  return unpark_text_take(t, UNPARK_TEXT("\""));
}

/* Any value but a string, whole: objects and lists up to their end. */
static gboolean skip_value(UnparkText *t, GString *unused) {
  guint depth = 0;

  for (; t->len > 0; *t = unpark_text_from(*t, 1)) {
    char c = t->text[0];
    if (c == '"') {
      *t = unpark_text_from(*t, 1);
      if (!take_string(t, unused))
        return FALSE;
      g_string_truncate(unused, 0);
      if (t->len == 0)
        return FALSE;
      c = t->text[0];
    }
    if (depth == 0 && (c == ',' || c == '}'))
      return TRUE;
    depth += c == '{' || c == '[';
    if (c == '}' || c == ']') {
      if (depth == 0)
        return FALSE;
      depth--;
    }
  }
  return FALSE;
}

/* How much a member is wanted; 0: not at all. A stack's own member goes before the message. */
static guint rank_of(const GString *key, const GString *value) {
  static const char *const stacks[] = {"stack", "stacktrace", "stack_trace", "error.stack",
                                       "exception.stacktrace"};
  static const char *const texts[] = {"log",     "Output",  "message", "msg",
                                      "MESSAGE", "content", "text",    "textPayload"};

  for (gsize i = 0; i < G_N_ELEMENTS(stacks); i++)
    if (strcmp(key->str, stacks[i]) == 0)
      return strstr(value->str, "goroutine ") ? 2 : 0;
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    if (strcmp(key->str, texts[i]) == 0)
      return 1;
  return 0;
}

/* "key": "value" or another value; then a comma or the end. FALSE: it is not JSON, or over. */
static gboolean take_member(UnparkText *t, GString *key, GString *value, gboolean *is_string) {
  g_string_truncate(key, 0);
  g_string_truncate(value, 0);
  unpark_text_take_blanks(t);
  if (!unpark_text_take(t, UNPARK_TEXT("\"")) || !take_string(t, key))
    return FALSE;
  unpark_text_take_blanks(t);
  if (!unpark_text_take(t, UNPARK_TEXT(":")))
    return FALSE;
  unpark_text_take_blanks(t);
  *is_string = unpark_text_take(t, UNPARK_TEXT("\""));
  return *is_string ? take_string(t, value) : skip_value(t, value);
}

gboolean unpark_log_json(UnparkText line, GString *text) {
  g_autoptr(GString) key = NULL, value = NULL;
  guint best = 0, rank;
  gboolean is_string;

  line = unpark_text_strip(line);
  if (!unpark_text_take(&line, UNPARK_TEXT("{")))
    return FALSE;
  key = g_string_new(NULL);
  value = g_string_new(NULL);
  while (take_member(&line, key, value, &is_string)) {
    rank = is_string ? rank_of(key, value) : 0;
    if (rank > best) {
      best = rank;
      g_string_truncate(text, 0);
      g_string_append_len(text, value->str, (gssize)value->len);
    }
    unpark_text_take_blanks(&line);
    if (!unpark_text_take(&line, UNPARK_TEXT(",")))
      break;
  }
  return best > 0;
}

/* ---- Colours --------------------------------------------------------------------------- */

/* Where a terminal's sequence ends that begins at `at`. */
static gsize end_of_escape(UnparkText line, gsize at) {
  gboolean is_csi = at + 1 < line.len && line.text[at + 1] == '[';
  gsize end = at + 2;

  if (at + 1 >= line.len)
    return line.len;
  if (is_csi)
    while (end < line.len && !(line.text[end] >= '@' && line.text[end] <= '~'))
      end++;
  else if (strchr("]_P^", line.text[at + 1])) /* title, application's own: up to a bell */
    while (end < line.len && line.text[end] != BELL)
      end++;
  else
    return end;
  return MIN(end + 1, line.len);
}

static UnparkText without_colours(UnparkText line, GString *plain) {
  const char *escape = memchr(line.text, ESCAPE, line.len);
  gsize at = 0;

  if (!escape)
    return line;
  g_string_truncate(plain, 0);
  while (escape) {
    gsize begin = (gsize)(escape - line.text);
    g_string_append_len(plain, line.text + at, (gssize)(begin - at));
    at = end_of_escape(line, begin);
    escape = memchr(line.text + at, ESCAPE, line.len - at);
  }
  g_string_append_len(plain, line.text + at, (gssize)(line.len - at));
  return (UnparkText){plain->str, plain->len};
}

/* ---- Lines ----------------------------------------------------------------------------- */

/* syslog writes tabs as "#011". */
static UnparkText with_tab(UnparkText line, GString *plain) {
  g_autofree char *rest = NULL;

  if (!unpark_text_take(&line, UNPARK_TEXT("#011")))
    return line;
  rest = g_memdup2(line.text, line.len); /* it may lie in `plain` */
  g_string_assign(plain, "\t");
  g_string_append_len(plain, rest, (gssize)line.len);
  return (UnparkText){plain->str, plain->len};
}

static UnparkText clean(UnparkLogLines *log, UnparkText line) {
  line = without_colours(line, log->plain);
  log->prefixed = unpark_log_prefix(&line) || log->prefixed;
  return with_tab(line, log->plain);
}

/* The next line of a text within JSON. */
static gboolean next_of_scratch(UnparkLogLines *log, UnparkText *line) {
  const char *start = log->scratch->str + log->at, *end;
  gsize left = log->scratch->len - log->at;

  if (left == 0)
    return FALSE;
  end = memchr(start, '\n', left);
  *line = (UnparkText){start, end ? (gsize)(end - start) : left};
  log->at += line->len + (end ? 1 : 0);
  if (line->len > 0 && line->text[line->len - 1] == '\r')
    line->len--;
  log->prefixed = TRUE;
  *line = clean(log, *line);
  return TRUE;
}

/* Of a raw line; FALSE if it holds none. */
static gboolean first_of(UnparkLogLines *log, UnparkText raw, UnparkText *line) {
  g_string_truncate(log->scratch, 0);
  log->at = 0;
  log->prefixed = FALSE;
  *line = raw;
  if (raw.len == 0)
    return TRUE;
  if (unpark_log_json(raw, log->scratch))
    return next_of_scratch(log, line);
  g_string_truncate(log->scratch, 0);
  *line = clean(log, raw);
  /* A container's time before the program's JSON. */
  if (log->prefixed && line->len > 0 && line->text[0] == '{' &&
      unpark_log_json(*line, log->scratch))
    return next_of_scratch(log, line);
  return TRUE;
}

gboolean unpark_log_lines_next(UnparkLogLines *log, UnparkText *line, GError **error) {
  UnparkText raw;

  if (next_of_scratch(log, line))
    return TRUE;
  while (unpark_lines_next(log->lines, &raw, error))
    if (first_of(log, raw, line))
      return TRUE;
  return FALSE;
}

gboolean unpark_log_lines_any(const guint8 *head, gsize size,
                              gboolean (*wanted)(UnparkText line, gpointer data), gpointer data) {
  UnparkLogLines log;
  gboolean found = FALSE;
  UnparkText raw, line;
  gsize at = 0;

  unpark_log_lines_init(&log, NULL);
  while (!found && unpark_lines_of_head(head, size, &at, &raw)) {
    gboolean more = first_of(&log, raw, &line);
    for (; more && !found; more = next_of_scratch(&log, &line))
      found = wanted(line, data);
  }
  unpark_log_lines_clear(&log);
  return found;
}
