/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON as a stream of tokens, in bounded memory.
 *
 *   while ((token = unpark_json_next(&json, &error)) != UNPARK_JSON_END) ...;
 *
 * Values of any depth up to UNPARK_JSON_DEPTH_MAX. Lenient where nothing can be misread: commas may
 * be missing or too many, and numbers are any text without blanks. A text that ends early, or holds
 * what is no JSON, gives UNPARK_JSON_DAMAGED once and then UNPARK_JSON_END. */
#pragma once

#include "importers/input/input.h"
#include "model/writer/writer.h"

#define UNPARK_JSON_DEPTH_MAX 64
/* Bytes of a key, a string or a number; what follows is left out and counted. */
#define UNPARK_JSON_TEXT_MAX 65536

typedef enum {
  UNPARK_JSON_END,
  UNPARK_JSON_DAMAGED,
  UNPARK_JSON_OBJECT,
  UNPARK_JSON_ARRAY,
  UNPARK_JSON_CLOSE, /* of either */
  UNPARK_JSON_KEY,
  UNPARK_JSON_STRING,
  UNPARK_JSON_NUMBER, /* also true, false and null: their words */
} UnparkJsonToken;

typedef struct {
  UnparkInput *input;
  UnparkWriter *writer;
  GCancellable *cancellable;
  const guint8 *window;
  gsize have, at;
  gboolean last;       /* the window reaches to the end of the source */
  gboolean stopped;    /* damaged: nothing more comes */
  gboolean unreadable; /* the packing is damaged, which was noted */
  gboolean lines;      /* set by the caller: a line end within a value is damage */
  gboolean has_lines;  /* there was one since the caller last cleared this */
  guint depth;
  gboolean is_object[UNPARK_JSON_DEPTH_MAX];
  gboolean has_key; /* the next token is the value of a key */
  GString *text;    /* of the key, string or number that came last: valid UTF-8 */
  gboolean is_cut;  /* it was longer than UNPARK_JSON_TEXT_MAX */
  guint64 n_cut;    /* texts that were longer than UNPARK_JSON_TEXT_MAX */
  GError *failure;  /* the caller's, for walks that hand no error on; freed with the rest */
} UnparkJson;

void unpark_json_init(UnparkJson *json, UnparkInput *input, UnparkWriter *writer,
                      GCancellable *cancellable);
void unpark_json_clear(UnparkJson *json);

/* END with `error`: cancelled, the writer failed, or nothing at all could be read. */
UnparkJsonToken unpark_json_next(UnparkJson *json, GError **error);
/* Passes over the rest of a value that began with `token`. */
gboolean unpark_json_skip(UnparkJson *json, UnparkJsonToken token, GError **error);
/* Behind DAMAGED: goes on behind the next line end before a brace or bracket, where the next object
 * of many begins. FALSE: there is none, or `error`. */
gboolean unpark_json_resync(UnparkJson *json, GError **error);
/* Whether the text that came last is this. */
gboolean unpark_json_is(const UnparkJson *json, const char *text);
/* Bytes before the next token. */
guint64 unpark_json_offset(const UnparkJson *json);
