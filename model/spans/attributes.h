/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes, events and links of the spans of one UnparkTraces, as they stand in the stores. */
#pragma once

#include "model/spans/traces.h"

typedef struct {
  UnparkTraceScope scope;
  gint64 item; /* of an event or a link: its number within the span, from 1; else 0 */
  UnparkTraceValue type;
  const char *key, *text; /* text "" unless the type has one; they live as long as the store */
  gint64 number;          /* see UnparkTraceValue */
} UnparkTraceAttribute;

typedef struct _UnparkTraceRows UnparkTraceRows;

/* Worker; one thread at a time. `traces` must outlive it. */
UnparkTraceRows *unpark_trace_rows_new(const UnparkTraces *traces);
void unpark_trace_rows_free(UnparkTraceRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkTraceRows, unpark_trace_rows_free)

/* Attributes of a span: its own, its events' and links', then those of its resource and library.
 * TRUE and the next one, from *at on, which begins at 0; FALSE at the end, or with `error`. */
gboolean unpark_trace_rows_attribute(UnparkTraceRows *rows, guint span, guint *at,
                                     UnparkTraceAttribute *attribute, GError **error);

typedef struct {
  gint64 time_ns; /* as the spans' */
  const char *name;
} UnparkTraceEvent;
gboolean unpark_trace_rows_event(UnparkTraceRows *rows, guint span, guint *at,
                                 UnparkTraceEvent *event, GError **error);
/* ids.parent is 0. */
gboolean unpark_trace_rows_link(UnparkTraceRows *rows, guint span, guint *at, UnparkTraceIds *ids,
                                GError **error);

/* The value as text, as SQL gives it: numbers in digits, booleans as "true" and "false". `buffer`
 * is used for those. */
#define UNPARK_TRACE_VALUE_SIZE 40
const char *unpark_trace_value_text(const UnparkTraceAttribute *attribute,
                                    char buffer[UNPARK_TRACE_VALUE_SIZE]);
/* "0102…", 32 digits; 16 if `high` is 0 and `is_short`. */
#define UNPARK_TRACE_ID_SIZE 33
const char *unpark_trace_id_text(const UnparkTraceIds *ids, gboolean is_short,
                                 char buffer[UNPARK_TRACE_ID_SIZE]);
