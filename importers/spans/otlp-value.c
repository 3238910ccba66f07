/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/otlp-value.h"

#include <string.h>

#include "model/base/json.h"

static const char *const value_keys[] = {"stringValue", "intValue",    "boolValue",  "doubleValue",
                                         "arrayValue",  "kvlistValue", "bytesValue", NULL};
enum { STRING, INT, BOOL, DOUBLE, ARRAY, KVLIST, BYTES };

static const char *const list_keys[] = {"values", NULL};
static const char *const pair_keys[] = {"key", "value", NULL};

static double take_double(UnparkSpansJson *s, UnparkJsonToken value) {
  char *end;
  double d = 0;

  if (value != UNPARK_JSON_STRING && value != UNPARK_JSON_NUMBER) {
    unpark_spans_json_bad(s, value);
    return 0;
  }
  d = g_ascii_strtod(s->json.text->str, &end); /* "NaN" and "Infinity", too */
  if (end == s->json.text->str || *end != '\0')
    unpark_spans_json_bad(s, value);
  return d;
}

/* ---- Arrays and lists, as plain JSON ------------------------------------------------------ */

static void copy_value(UnparkSpansJson *s, UnparkJsonToken token, GString *to);

static void copy_array(UnparkSpansJson *s, UnparkJsonToken token, GString *to) {
  UnparkJsonToken item;
  guint n = 0;

  g_string_append_c(to, '[');
  if (token != UNPARK_JSON_ARRAY)
    unpark_spans_json_bad(s, token);
  while (token == UNPARK_JSON_ARRAY && unpark_spans_json_item(s, &item)) {
    if (n++ > 0)
      g_string_append_c(to, ',');
    copy_value(s, item, to);
  }
  g_string_append_c(to, ']');
}

static void copy_pair(UnparkSpansJson *s, GString *to) {
  gsize start = to->len;
  gboolean has_key = FALSE, has_value = FALSE;
  UnparkJsonToken value;
  gint key;

  while ((key = unpark_spans_json_key(s, pair_keys, &value)) >= 0) {
    if (key == 0 && value == UNPARK_JSON_STRING && !has_key && !has_value) {
      unpark_json_append(to, s->json.text->str, (gssize)s->json.text->len);
      g_string_append_c(to, ':');
      has_key = TRUE;
    } else if (key == 1 && has_key && !has_value) {
      copy_value(s, value, to);
      has_value = TRUE;
    } else {
      unpark_spans_json_skip(s, value);
    }
  }
  if (!has_value) /* or its key comes behind it, which nobody writes */
    g_string_truncate(to, start);
}

static void copy_list(UnparkSpansJson *s, UnparkJsonToken token, GString *to) {
  UnparkJsonToken item;

  g_string_append_c(to, '{');
  if (token != UNPARK_JSON_ARRAY)
    unpark_spans_json_bad(s, token);
  while (token == UNPARK_JSON_ARRAY && unpark_spans_json_item(s, &item)) {
    gsize before = to->len;
    if (item != UNPARK_JSON_OBJECT) {
      unpark_spans_json_bad(s, item);
      continue;
    }
    if (before > 0 && to->str[before - 1] != '{')
      g_string_append_c(to, ',');
    gsize start = to->len;
    copy_pair(s, to);
    if (to->len == start)
      g_string_truncate(to, before);
  }
  g_string_append_c(to, '}');
}

/* "values" of an arrayValue or a kvlistValue. */
static void copy_values(UnparkSpansJson *s, UnparkJsonToken token, gboolean is_list, GString *to) {
  UnparkJsonToken value;
  gboolean found = FALSE;
  gint key;

  if (token != UNPARK_JSON_OBJECT)
    unpark_spans_json_bad(s, token);
  while (token == UNPARK_JSON_OBJECT && (key = unpark_spans_json_key(s, list_keys, &value)) >= 0) {
    if (key == 0 && !found) {
      found = TRUE;
      if (is_list)
        copy_list(s, value, to);
      else
        copy_array(s, value, to);
    } else {
      unpark_spans_json_skip(s, value);
    }
  }
  if (!found)
    g_string_append(to, is_list ? "{}" : "[]");
}

/* An AnyValue within another. */
static void copy_value(UnparkSpansJson *s, UnparkJsonToken token, GString *to) {
  gsize start = to->len;
  UnparkJsonToken value;
  gint key;

  if (token != UNPARK_JSON_OBJECT)
    unpark_spans_json_bad(s, token);
  while (token == UNPARK_JSON_OBJECT && (key = unpark_spans_json_key(s, value_keys, &value)) >= 0) {
    if (to->len > start)
      unpark_spans_json_skip(s, value);
    else if (key == ARRAY || key == KVLIST)
      copy_values(s, value, key == KVLIST, to);
    else if (key == INT || key == BOOL || key == DOUBLE)
      g_string_append(to, s->json.text->str); /* a word, or a number in quotes */
    else if (key == STRING || key == BYTES)
      unpark_spans_json_copy(s, value, to);
    else
      unpark_spans_json_skip(s, value);
  }
  if (to->len == start)
    g_string_append(to, "null");
}

/* ---- Attributes --------------------------------------------------------------------------- */

static gboolean take_nested(UnparkSpansJson *s, UnparkJsonToken token, gboolean is_list,
                            UnparkSpansValue *result) {
  g_string_truncate(s->text, 0);
  copy_values(s, token, is_list, s->text);
  result->type = UNPARK_TRACE_JSON;
  result->text = unpark_writer_string(s->json.writer, s->text->str, s->text->len);
  return TRUE;
}

static gboolean take_scalar(UnparkSpansJson *s, gint key, UnparkJsonToken token,
                            UnparkSpansValue *result) {
  double d;

  switch (key) {
  case STRING:
  case BYTES:
    result->type = key == STRING ? UNPARK_TRACE_TEXT : UNPARK_TRACE_BYTES;
    result->text = unpark_spans_json_string(s, token);
    return token == UNPARK_JSON_STRING;
  case INT:
    result->type = UNPARK_TRACE_INT;
    result->number = unpark_spans_json_i64(s, token);
    return TRUE;
  case BOOL:
    result->type = UNPARK_TRACE_BOOL;
    result->number = unpark_spans_json_bool(s, token);
    return TRUE;
  default:
    result->type = UNPARK_TRACE_DOUBLE;
    d = take_double(s, token);
    memcpy(&result->number, &d, sizeof d);
    return TRUE;
  }
}

/* FALSE: it has no value; an attribute without one is left out. */
static gboolean take_value(UnparkSpansJson *s, UnparkJsonToken token, UnparkSpansValue *result) {
  gboolean found = FALSE;
  UnparkJsonToken value;
  gint key;

  *result = (UnparkSpansValue){UNPARK_TRACE_TEXT, 0, 0};
  if (token != UNPARK_JSON_OBJECT) {
    unpark_spans_json_bad(s, token);
    return FALSE;
  }
  while ((key = unpark_spans_json_key(s, value_keys, &value)) >= 0) {
    if (found || key > BYTES || unpark_spans_json_is_null(s, value))
      unpark_spans_json_skip(s, value);
    else if (key == ARRAY || key == KVLIST)
      found = take_nested(s, value, key == KVLIST, result);
    else
      found = take_scalar(s, key, value, result);
  }
  return found;
}

static void take_attribute(UnparkSpansJson *s, UnparkTraceScope scope, guint item, GArray *to) {
  gboolean has_key = FALSE, has_value = FALSE;
  UnparkSpansValue result;
  UnparkJsonToken value;
  guint32 name = 0;
  gint key;

  while ((key = unpark_spans_json_key(s, pair_keys, &value)) >= 0) {
    if (key == 0) {
      name = unpark_spans_json_string(s, value);
      has_key = value == UNPARK_JSON_STRING;
    } else if (key == 1) {
      has_value = take_value(s, value, &result);
    } else {
      unpark_spans_json_skip(s, value);
    }
  }
  if (!has_key || !has_value || s->json.stopped)
    return;
  if (to)
    unpark_spans_set_add(&s->spans, to, name, &result);
  else
    unpark_spans_attribute(&s->spans, scope, item, name, &result);
}

void unpark_spans_otlp_attributes(UnparkSpansJson *s, UnparkJsonToken value, UnparkTraceScope scope,
                                  guint item, GArray *to) {
  UnparkJsonToken token;

  if (value != UNPARK_JSON_ARRAY) {
    unpark_spans_json_bad(s, value);
    return;
  }
  while (unpark_spans_json_item(s, &token)) {
    if (token == UNPARK_JSON_OBJECT)
      take_attribute(s, scope, item, to);
    else
      unpark_spans_json_bad(s, token);
  }
}
