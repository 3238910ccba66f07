/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spans/attributes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/tables.h"
#include "model/base/times.h"
#include "model/store/decode.h"

/* Rows of a table that ascend by span; a place in them. */
typedef struct {
  UnparkTable table;
  guint source;
  guint block, row; /* the next row */
  gint64 id;        /* of the span that the place is the beginning of; 0: it is no beginning */
  UnparkDecoded *d; /* of the block */
  guint of;         /* block that d is of */
} Place;

struct _UnparkTraceRows {
  const UnparkTraces *traces;
  Place attributes, sets, events, links;
};

UnparkTraceRows *unpark_trace_rows_new(const UnparkTraces *traces) {
  UnparkTraceRows *rows = g_new0(UnparkTraceRows, 1);

  rows->traces = traces;
  rows->attributes.table = UNPARK_TABLE_TRACE_ATTRIBUTE;
  rows->sets.table = UNPARK_TABLE_TRACE_SET;
  rows->events.table = UNPARK_TABLE_TRACE_EVENT;
  rows->links.table = UNPARK_TABLE_TRACE_LINK;
  return rows;
}

void unpark_trace_rows_free(UnparkTraceRows *rows) {
  if (!rows)
    return;
  g_clear_pointer(&rows->attributes.d, unpark_decoded_unref);
  g_clear_pointer(&rows->sets.d, unpark_decoded_unref);
  g_clear_pointer(&rows->events.d, unpark_decoded_unref);
  g_clear_pointer(&rows->links.d, unpark_decoded_unref);
  g_free(rows);
}

static UnparkStore *store_of(const UnparkTraceRows *rows, const Place *p) {
  return unpark_traces_source(rows->traces, p->source)->store;
}

/* The columns of the block of the place's row. NULL: there is none, or `error`. */
static const UnparkDecoded *open_block(UnparkTraceRows *rows, Place *p, GError **error) {
  UnparkStore *store = store_of(rows, p);
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)p->table);

  if (p->d && p->of == p->block && p->row < p->d->n)
    return p->d;
  if (p->d && p->of == p->block) {
    p->block++;
    p->row = 0;
  }
  g_clear_pointer(&p->d, unpark_decoded_unref);
  if (p->block >= list->n)
    return NULL;
  p->d = unpark_store_decode(store, (UnparkFact)p->table, &list->blocks[p->block],
                             UNPARK_ALL_COLUMNS, error);
  p->of = p->block;
  return p->d;
}

/* Moves the place to the first row of the span or set `id`, or where it would be. */
static gboolean seek(UnparkTraceRows *rows, Place *p, guint source, gint64 id, GError **error) {
  UnparkStore *store = unpark_traces_source(rows->traces, source)->store;
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)p->table);
  guint low = 0, high = list->n, last;

  if (p->source != source)
    g_clear_pointer(&p->d, unpark_decoded_unref);
  p->source = source;
  while (low < high) { /* the first block that reaches the id */
    guint middle = low + (high - low) / 2;
    if (list->blocks[middle].lane_max < id)
      low = middle + 1;
    else
      high = middle;
  }
  if (p->d && p->of != low)
    g_clear_pointer(&p->d, unpark_decoded_unref);
  p->block = low;
  p->row = 0;
  if (low >= list->n)
    return TRUE;
  if (!open_block(rows, p, error))
    return FALSE;
  unpark_rows_between(p->d->columns[0], p->d->n, id, G_MAXINT64, &p->row, &last);
  return TRUE;
}

/* The row that `*at` stands for, counted from the span's first. The usual call asks for the one
 * behind the last. */
static const UnparkDecoded *row_at(UnparkTraceRows *rows, Place *p, guint source, gint64 id,
                                   guint at, guint *row, GError **error) {
  const UnparkDecoded *d;

  if (at == 0 || p->id != id || p->source != source) {
    if (!seek(rows, p, source, id, error))
      return NULL;
    p->id = id;
    for (guint i = 0; i < at; i++) {
      if (!open_block(rows, p, error))
        return NULL;
      p->row++;
    }
  }
  d = open_block(rows, p, error);
  if (!d || d->columns[0][p->row] != id)
    return NULL;
  *row = p->row++;
  return d;
}

static const char *text_of(const UnparkTraceRows *rows, guint source, gint64 string) {
  return string > 0 && string <= G_MAXUINT32
             ? unpark_store_string(unpark_traces_source(rows->traces, source)->store,
                                   (guint32)string)
             : "";
}

static void fill(const UnparkTraceRows *rows, guint source, gint64 *const *c, guint key, guint row,
                 UnparkTraceAttribute *a) {
  a->key = text_of(rows, source, c[key][row]);
  a->type = (UnparkTraceValue)CLAMP(c[key + 1][row], 0, UNPARK_TRACE_BYTES);
  a->text = text_of(rows, source, c[key + 2][row]);
  a->number = c[key + 3][row];
}

/* `set`: of a resource or a library; *before: how many of `at` came before it. */
static gboolean shared(UnparkTraceRows *rows, guint source, gint64 set, guint at,
                       UnparkTraceAttribute *a, GError **error) {
  guint row;
  const UnparkDecoded *d = set ? row_at(rows, &rows->sets, source, set, at, &row, error) : NULL;

  if (!d)
    return FALSE;
  fill(rows, source, d->columns, SET_KEY, row, a);
  a->item = 0;
  return TRUE;
}

/* *at: which of the three is at hand in the high bits, and the number within it. */
#define PART_BITS 28
#define PART_MASK ((1u << PART_BITS) - 1)

static gint64 library_of(UnparkTraceRows *rows, const UnparkTraceSpan *span, GError **error) {
  UnparkStore *store = unpark_traces_source(rows->traces, span->source)->store;
  const UnparkBlockList *list = unpark_store_blocks(store, (UnparkFact)UNPARK_TABLE_TRACE_SPAN);
  guint row = span->row;

  for (guint b = 0; b < list->n; row -= list->blocks[b++].count)
    if (row < list->blocks[b].count) {
      g_autoptr(UnparkDecoded) d = unpark_store_decode(
          store, (UnparkFact)UNPARK_TABLE_TRACE_SPAN, &list->blocks[b], 1u << TRACE_LIBRARY, error);
      return d ? d->columns[TRACE_LIBRARY][row] : 0;
    }
  return 0;
}

gboolean unpark_trace_rows_attribute(UnparkTraceRows *rows, guint number, guint *at,
                                     UnparkTraceAttribute *a, GError **error) {
  const UnparkTraceSpan *span = &rows->traces->spans[number];
  guint part = *at >> PART_BITS, n = *at & PART_MASK, row;
  GError *failure = NULL;

  if (part == 0) {
    const UnparkDecoded *d =
        row_at(rows, &rows->attributes, span->source, (gint64)span->row + 1, n, &row, &failure);
    if (d) {
      fill(rows, span->source, d->columns, ATTR_KEY, row, a);
      a->scope = (UnparkTraceScope)CLAMP(d->columns[ATTR_SCOPE][row], 0, UNPARK_N_TRACE_SCOPES - 1);
      a->item = d->columns[ATTR_ITEM][row];
      (*at)++;
      return TRUE;
    }
    part = 1;
    n = 0;
  }
  for (; part <= 2 && !failure; part++, n = 0) {
    gint64 set =
        part == 1 ? rows->traces->resources[span->resource].set : library_of(rows, span, &failure);
    if (failure || !shared(rows, span->source, set, n, a, &failure))
      continue;
    a->scope = part == 1 ? UNPARK_TRACE_OF_RESOURCE : UNPARK_TRACE_OF_LIBRARY;
    *at = part << PART_BITS | (n + 1);
    return TRUE;
  }
  if (failure)
    g_propagate_error(error, failure);
  return FALSE;
}

gboolean unpark_trace_rows_event(UnparkTraceRows *rows, guint number, guint *at,
                                 UnparkTraceEvent *event, GError **error) {
  const UnparkTraceSpan *span = &rows->traces->spans[number];
  guint row;
  const UnparkDecoded *d =
      row_at(rows, &rows->events, span->source, (gint64)span->row + 1, *at, &row, error);

  if (!d)
    return FALSE;
  event->time_ns = unpark_time_clamp(unpark_time_add(
      d->columns[1][row], unpark_traces_source(rows->traces, span->source)->shift_ns));
  event->name = text_of(rows, span->source, d->columns[2][row]);
  (*at)++;
  return TRUE;
}

gboolean unpark_trace_rows_link(UnparkTraceRows *rows, guint number, guint *at, UnparkTraceIds *ids,
                                GError **error) {
  const UnparkTraceSpan *span = &rows->traces->spans[number];
  guint row;
  const UnparkDecoded *d =
      row_at(rows, &rows->links, span->source, (gint64)span->row + 1, *at, &row, error);

  if (!d)
    return FALSE;
  *ids = (UnparkTraceIds){(guint64)d->columns[1][row], (guint64)d->columns[2][row],
                          (guint64)d->columns[3][row], 0};
  (*at)++;
  return TRUE;
}

/* The shortest digits that are read back as the same number. */
static const char *double_text(double value, char buffer[UNPARK_TRACE_VALUE_SIZE]) {
  static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};

  for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_ascii_formatd(buffer, UNPARK_TRACE_VALUE_SIZE, formats[i], value);
    if (g_ascii_strtod(buffer, NULL) == value)
      break;
  }
  return buffer;
}

const char *unpark_trace_value_text(const UnparkTraceAttribute *attribute,
                                    char buffer[UNPARK_TRACE_VALUE_SIZE]) {
  double value;

  switch (attribute->type) {
  case UNPARK_TRACE_INT:
    snprintf(buffer, UNPARK_TRACE_VALUE_SIZE, "%" G_GINT64_FORMAT, attribute->number);
    return buffer;
  case UNPARK_TRACE_DOUBLE:
    memcpy(&value, &attribute->number, sizeof value);
    return double_text(value, buffer);
  case UNPARK_TRACE_BOOL:
    return attribute->number ? "true" : "false";
  default:
    return attribute->text;
  }
}

const char *unpark_trace_id_text(const UnparkTraceIds *ids, gboolean is_short,
                                 char buffer[UNPARK_TRACE_ID_SIZE]) {
  if (is_short && ids->high == 0)
    snprintf(buffer, UNPARK_TRACE_ID_SIZE, "%016" G_GINT64_MODIFIER "x", ids->low);
  else
    snprintf(buffer, UNPARK_TRACE_ID_SIZE, "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x",
             ids->high, ids->low);
  return buffer;
}
