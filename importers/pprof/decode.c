/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/decode.h"

#include <glib/gi18n-lib.h>

#include "importers/pprof/wire.h"
#include "model/base/error.h"

#define WINDOW ((gsize)1024 * 1024)
#define SPOOL_MAX ((guint64)4 * 1024 * 1024 * 1024)
/* A field's number, type and length. */
#define FIELD_HEAD_MAX 20
/* Comments that are shown. */
#define COMMENTS_MAX 32

typedef struct {
  UnparkInput *input;
  UnparkWriter *writer;
  UnparkPprofTables *tables;
  UnparkSpool *spool;
  guint64 spooled;
} Decoder;

static guint32 string_number(guint64 value) {
  return value < UNPARK_PPROF_NO_STRING ? (guint32)value : UNPARK_PPROF_NO_STRING;
}

/* ---- Messages: each FALSE if it is damaged ------------------------------------------ */

static gboolean decode_value_type(UnparkWire w, UnparkPprofValueType *type) {
  UnparkWireField f;
  gboolean bad = FALSE;

  *type = (UnparkPprofValueType){0};
  while (unpark_wire_next(&w, &f, &bad)) {
    if (f.number > 2)
      continue;
    if (f.type != UNPARK_WIRE_VARINT)
      return FALSE;
    if (f.number == 1)
      type->type = string_number(f.value);
    else if (f.number == 2)
      type->unit = string_number(f.value);
  }
  return !bad;
}

static gboolean decode_mapping(UnparkWire w, UnparkPprofMapping *m) {
  UnparkWireField f;
  gboolean bad = FALSE;

  *m = (UnparkPprofMapping){0};
  while (unpark_wire_next(&w, &f, &bad)) {
    if (f.number > 6)
      continue;
    if (f.type != UNPARK_WIRE_VARINT)
      return FALSE;
    switch (f.number) {
    case 1:
      m->id = f.value;
      break;
    case 2:
      m->start = f.value;
      break;
    case 3:
      m->limit = f.value;
      break;
    case 4:
      m->offset = f.value;
      break;
    case 5:
      m->file = string_number(f.value);
      break;
    case 6:
      m->build_id = string_number(f.value);
      break;
    default:
      break;
    }
  }
  return !bad;
}

static gboolean decode_function(UnparkWire w, UnparkPprofFunction *function) {
  UnparkWireField f;
  gboolean bad = FALSE;

  *function = (UnparkPprofFunction){0};
  while (unpark_wire_next(&w, &f, &bad)) {
    if (f.number > 4)
      continue;
    if (f.type != UNPARK_WIRE_VARINT)
      return FALSE;
    switch (f.number) {
    case 1:
      function->id = f.value;
      break;
    case 2:
      function->name = string_number(f.value);
      break;
    case 3:
      function->system_name = string_number(f.value);
      break;
    case 4:
      function->file = string_number(f.value);
      break;
    default:
      break;
    }
  }
  return !bad;
}

static gboolean decode_line(UnparkWire w, UnparkPprofLine *line) {
  UnparkWireField f;
  gboolean bad = FALSE;

  *line = (UnparkPprofLine){0};
  while (unpark_wire_next(&w, &f, &bad)) {
    if (f.number > 2)
      continue;
    if (f.type != UNPARK_WIRE_VARINT)
      return FALSE;
    if (f.number == 1)
      line->function = f.value;
    else if (f.number == 2) /* negative and absurd lines are not known */
      line->line = f.value <= G_MAXINT32 ? (guint32)f.value : 0;
  }
  return !bad;
}

/* Adds the lines to the tables at once; the caller takes them back if this fails. */
static gboolean decode_location(Decoder *d, UnparkWire w, UnparkPprofLocation *location) {
  UnparkWireField f;
  UnparkPprofLine line;
  gboolean bad = FALSE;

  *location = (UnparkPprofLocation){.first_line = d->tables->lines->len};
  while (unpark_wire_next(&w, &f, &bad)) {
    if (f.number == 4) {
      if (f.type != UNPARK_WIRE_BYTES || !decode_line(f.bytes, &line))
        return FALSE;
      if (unpark_pprof_tables_grow(d->tables, sizeof line)) {
        g_array_append_val(d->tables->lines, line);
        location->n_lines++;
      }
      continue;
    }
    if (f.number > 3)
      continue;
    if (f.type != UNPARK_WIRE_VARINT)
      return FALSE;
    if (f.number == 1)
      location->id = f.value;
    else if (f.number == 2)
      location->mapping = f.value;
    else if (f.number == 3)
      location->address = f.value;
  }
  return !bad;
}

/* ---- Fields of the profile -------------------------------------------------------------- */

#define ADD(tables, array, element)                                                                \
  G_STMT_START {                                                                                   \
    if (unpark_pprof_tables_grow((tables), sizeof(element)))                                       \
      g_array_append_val((array), (element));                                                      \
  }                                                                                                \
  G_STMT_END

static gboolean add_sample(Decoder *d, UnparkWire w, GError **error) {
  gsize size = (gsize)(w.end - w.p);

  if (d->spooled + size > SPOOL_MAX) {
    d->tables->faults[UNPARK_PPROF_FAULT_SAMPLE_LIMIT]++;
    return TRUE;
  }
  d->spooled += size;
  return unpark_spool_add(d->spool, w.p, (guint32)size, error);
}

static void add_string(Decoder *d, UnparkWire w) {
  guint32 id;

  if (!unpark_pprof_tables_grow(d->tables, sizeof id))
    return;
  id = unpark_writer_string(d->writer, (const char *)w.p, (gsize)(w.end - w.p));
  g_array_append_val(d->tables->strings, id);
}

static void add_location(Decoder *d, UnparkWire w) {
  UnparkPprofTables *t = d->tables;
  UnparkPprofLocation location;
  guint n_lines = t->lines->len;

  if (decode_location(d, w, &location)) {
    ADD(t, t->locations, location);
    return;
  }
  t->bytes -= (t->lines->len - n_lines) * sizeof(UnparkPprofLine);
  g_array_set_size(t->lines, n_lines);
  t->faults[UNPARK_PPROF_FAULT_DAMAGED_MESSAGE]++;
}

/* Tables that a profile has few entries of, and functions. FALSE if the message is damaged. */
static gboolean add_entry(Decoder *d, guint64 number, UnparkWire w) {
  UnparkPprofTables *t = d->tables;
  UnparkPprofValueType type;
  UnparkPprofMapping mapping;
  UnparkPprofFunction function;

  switch (number) {
  case 1:
    if (!decode_value_type(w, &type))
      return FALSE;
    ADD(t, t->types, type);
    return TRUE;
  case 3:
    if (!decode_mapping(w, &mapping))
      return FALSE;
    ADD(t, t->mappings, mapping);
    return TRUE;
  case 5:
    if (!decode_function(w, &function))
      return FALSE;
    ADD(t, t->functions, function);
    return TRUE;
  default: /* 11 */
    return decode_value_type(w, &t->period_type);
  }
}

static gboolean take_number(Decoder *d, const UnparkWireField *f, GError **error) {
  UnparkPprofTables *t = d->tables;

  switch (f->number) {
  case 7:
    t->faults[UNPARK_PPROF_FAULT_DROP_FRAMES] += f->value != 0;
    break;
  case 9:
    if (t->time_ns != 0) {
      g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
                  _("%s holds several concatenated profiles, which cannot be told apart; open them "
                    "one by one or merge them with “go tool pprof -proto”"),
                  unpark_input_name(d->input));
      return FALSE;
    }
    t->time_ns = (gint64)f->value;
    break;
  case 10:
    t->duration_ns = (gint64)f->value;
    break;
  case 12:
    t->period = (gint64)f->value;
    break;
  case 14:
    t->default_type = string_number(f->value);
    break;
  default: /* 8, 13, 15: frames to keep, comments, a link */
    break;
  }
  return TRUE;
}

static void add_comment(UnparkPprofTables *t, guint64 string) {
  guint32 number = string_number(string);

  if (t->comments->len < COMMENTS_MAX)
    g_array_append_val(t->comments, number);
}

/* Numbers of strings, packed or not. */
static gboolean take_comments(Decoder *d, const UnparkWireField *f) {
  UnparkWire w = f->bytes;
  guint64 string;

  if (f->type == UNPARK_WIRE_VARINT)
    add_comment(d->tables, f->value);
  while (f->type == UNPARK_WIRE_BYTES && w.p < w.end &&
         unpark_wire_varint(&w, &string) == UNPARK_WIRE_OK)
    add_comment(d->tables, string);
  return TRUE;
}

static gboolean take_field(Decoder *d, const UnparkWireField *f, GError **error) {
  gboolean is_message = f->type == UNPARK_WIRE_BYTES;

  switch (f->number) {
  case 1:
  case 2:
  case 3:
  case 4:
  case 5:
  case 6:
  case 11:
    if (!is_message) {
      d->tables->faults[UNPARK_PPROF_FAULT_DAMAGED_MESSAGE]++;
      return TRUE;
    }
    if (f->number == 2)
      return add_sample(d, f->bytes, error);
    if (f->number == 4)
      add_location(d, f->bytes);
    else if (f->number == 6)
      add_string(d, f->bytes);
    else if (!add_entry(d, f->number, f->bytes))
      d->tables->faults[UNPARK_PPROF_FAULT_DAMAGED_MESSAGE]++;
    return TRUE;
  default:
    if (f->number == 13)
      return take_comments(d, f);
    return f->type == UNPARK_WIRE_VARINT ? take_number(d, f, error) : TRUE;
  }
}

/* A message too large to hold: passes over it. A string keeps its number. */
static gboolean skip_field(Decoder *d, UnparkWireField f, gsize head, GError **error) {
  guint64 left = f.value;
  gsize have;

  d->tables->faults[UNPARK_PPROF_FAULT_OVERSIZED_MESSAGE]++;
  if (f.number == 6)
    add_string(d, (UnparkWire){NULL, NULL});
  unpark_input_consume(d->input, head);
  while (left > 0) {
    g_autoptr(GError) damage = NULL;

    if (!unpark_input_window(d->input, WINDOW, &have, &damage)) {
      if (g_error_matches(damage, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&damage));
        return FALSE;
      }
      return TRUE; /* the next window meets the same damage */
    }
    if (have == 0) {
      d->tables->faults[UNPARK_PPROF_FAULT_CUT_OFF]++;
      return TRUE;
    }
    have = (gsize)MIN(have, left);
    unpark_input_consume(d->input, have);
    left -= have;
  }
  return TRUE;
}

static gboolean is_padding(UnparkWire w) {
  while (w.p < w.end && *w.p == 0)
    w.p++;
  return w.p == w.end;
}

/* Takes the whole fields of a window. *want: what the next window must hold, 0 when the profile
 * ends here. */
static gboolean take_window(Decoder *d, const guint8 *bytes, gsize have, gboolean last, gsize *want,
                            GError **error) {
  UnparkWire w = {bytes, bytes + have};
  UnparkWireField f;
  UnparkWireStatus status = UNPARK_WIRE_OK;

  while (w.p < w.end && (status = unpark_wire_field(&w, &f)) == UNPARK_WIRE_OK)
    if (!take_field(d, &f, error))
      return FALSE;
  if (w.p > bytes)
    unpark_input_consume(d->input, (gsize)(w.p - bytes));
  *want = WINDOW;
  if (status != UNPARK_WIRE_OK && last && is_padding(w)) {
    *want = 0;
  } else if (status == UNPARK_WIRE_BAD) {
    d->tables->faults[UNPARK_PPROF_FAULT_DAMAGED_FIELD]++;
    *want = 0;
  } else if (status == UNPARK_WIRE_MORE && f.bytes.p && f.value > UNPARK_PPROF_MESSAGE_MAX) {
    return skip_field(d, f, (gsize)(f.bytes.p - w.p), error);
  } else if (last) {
    d->tables->faults[UNPARK_PPROF_FAULT_CUT_OFF] += status == UNPARK_WIRE_MORE;
    *want = 0;
  } else if (status == UNPARK_WIRE_MORE && f.bytes.p) {
    *want = MAX(WINDOW, (gsize)f.value + FIELD_HEAD_MAX);
  }
  return TRUE;
}

gboolean unpark_pprof_decode(UnparkInput *input, UnparkWriter *writer, UnparkPprofTables *tables,
                             UnparkSpool *spool, GCancellable *cancellable, GError **error) {
  Decoder d = {.input = input, .writer = writer, .tables = tables, .spool = spool};
  gsize want = WINDOW, have;

  while (want > 0) {
    g_autoptr(GError) damage = NULL;
    const guint8 *bytes;
    gboolean last;

    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !unpark_writer_check(writer, error))
      return FALSE;
    bytes = unpark_input_window(input, want, &have, &damage);
    last = bytes && have < want;
    if (!bytes) {
      /* Damaged packing: what was unpacked before still counts. */
      bytes = unpark_input_window(input, 0, &have, NULL);
      if (g_error_matches(damage, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !bytes ||
          unpark_input_offset(input) + have == 0) {
        g_propagate_error(error, g_steal_pointer(&damage));
        return FALSE;
      }
      last = TRUE;
      unpark_writer_note(writer, UNPARK_NOTE_ERROR, "damaged-packing", 1, "%s", damage->message);
      tables->faults[UNPARK_PPROF_FAULT_CUT_OFF]++;
    }
    if (!take_window(&d, bytes, have, last, &want, error))
      return FALSE;
  }
  return TRUE;
}
