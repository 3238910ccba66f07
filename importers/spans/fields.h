/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of spans in JSON: the walk through objects and arrays, and values that are checked. */
#pragma once

#include "importers/json/json.h"
#include "importers/spans/rows.h"

typedef struct {
  UnparkJson json;
  UnparkSpans spans;
  GArray *set;      /* of the resource or scope at hand */
  GString *text;    /* scratch */
  guint64 n_broken; /* objects that are no JSON, behind which it went on */
  guint32 key;      /* string id of the attribute at hand */
} UnparkSpansJson;

void unpark_spans_json_init(UnparkSpansJson *s, UnparkInput *input, UnparkWriter *writer,
                            GCancellable *cancellable);
void unpark_spans_json_clear(UnparkSpansJson *s);

/* Hands the top-level values to `read`, one after another and those of top-level arrays singly,
 * with the token that they begin with; goes on behind what is damaged. FALSE: `error`. */
gboolean unpark_spans_json_each(UnparkSpansJson *s,
                                void (*read)(UnparkSpansJson *, UnparkJsonToken), GError **error);
/* unpark_spans_finish(), and notes of what was no JSON. */
gboolean unpark_spans_json_finish(UnparkSpansJson *s, const char *importer, const char *format,
                                  gint64 *duration_ns, gboolean *complete, GError **error);

/* Of an object: the number of the next key in `keys`, which ends with NULL; their number for one
 * that is not among them; -1 at the end, also of the file. The value's token is in *value. */
gint unpark_spans_json_key(UnparkSpansJson *s, const char *const *keys, UnparkJsonToken *value);
/* Of an array: FALSE at the end. */
gboolean unpark_spans_json_item(UnparkSpansJson *s, UnparkJsonToken *value);
/* Hands each object of an array to `take`, behind its brace. */
void unpark_spans_json_objects(UnparkSpansJson *s, UnparkJsonToken value,
                               void (*take)(UnparkSpansJson *));
/* Passes over a value. */
void unpark_spans_json_skip(UnparkSpansJson *s, UnparkJsonToken value);
/* Passes over a value that is not what its place needs, and counts it, unless it is null. */
void unpark_spans_json_bad(UnparkSpansJson *s, UnparkJsonToken value);
gboolean unpark_spans_json_is_null(const UnparkSpansJson *s, UnparkJsonToken value);

/* Each of these takes the value; one of another kind is counted as bad. */
guint32 unpark_spans_json_string(UnparkSpansJson *s, UnparkJsonToken value); /* string id */
guint64 unpark_spans_json_u64(UnparkSpansJson *s, UnparkJsonToken value);    /* number or text */
/* Microseconds as ns. */
guint64 unpark_spans_json_us(UnparkSpansJson *s, UnparkJsonToken value);
gint64 unpark_spans_json_i64(UnparkSpansJson *s, UnparkJsonToken value);
gboolean unpark_spans_json_bool(UnparkSpansJson *s, UnparkJsonToken value);
/* Id of a trace, a span. FALSE: it is none; "" and zeros are one: 0. *is_short: 64 bits, of a
 * trace's id. */
gboolean unpark_spans_json_trace_id(UnparkSpansJson *s, UnparkJsonToken value,
                                    UnparkSpansTrace *trace, gboolean *is_short);
gboolean unpark_spans_json_span_id(UnparkSpansJson *s, UnparkJsonToken value, guint64 *id);
/* Those of the span itself: what begins the keys of a span in each format. */
typedef enum { UNPARK_SPANS_ID_TRACE, UNPARK_SPANS_ID_SPAN, UNPARK_SPANS_ID_PARENT } UnparkSpansId;
/* Takes one of them; a span without the first two is bad, a bad parent is a fault. */
void unpark_spans_json_own_id(UnparkSpansJson *s, UnparkSpansId which, UnparkJsonToken value);
/* "2026-11-30T05:30:15.025417705Z" as Unix time in ns. */
guint64 unpark_spans_json_time(UnparkSpansJson *s, UnparkJsonToken value);

/* A plain JSON value (text, number, true, or JSON) as an attribute's. FALSE: null. */
gboolean unpark_spans_json_plain(UnparkSpansJson *s, UnparkJsonToken value,
                                 UnparkSpansValue *result);
/* Appends a value as compact JSON. */
void unpark_spans_json_copy(UnparkSpansJson *s, UnparkJsonToken value, GString *to);

/* ---- Sniffing ----------------------------------------------------------------------------- */

/* A set of keys seen in objects at most `depth` deep, as bits in the order of `keys`, which ends
 * with NULL. *first: the first byte that is not blank. */
guint32 unpark_spans_json_sniff(const guint8 *head, gsize size, guint depth,
                                const char *const *keys, char *first);
