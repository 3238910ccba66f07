/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/sniff.h"

#include "importers/pprof/wire.h"

/* Of a newer profile.proto than ours. */
#define NEWER_FIELD_MAX 31

/* Per field of a message: 'v' number, 'V' number or packed numbers, 's' text, 'm' message
 * of the kind in the next string, '.' anything. Position: field number - 1. */
static const char *const profile_fields = "mmmmmsvvvvmvVvv";

static const char *message_fields(guint64 number) {
  switch (number) {
  case 1: /* sample_type */
  case 11:
    return "vv";
  case 2:
    return "VVm";
  case 3:
    return "vvvvvvvvvv";
  case 4:
    return "vvvmv";
  case 5:
    return "vvvvv";
  default:
    return NULL;
  }
}

static gboolean type_fits(char kind, UnparkWireType type) {
  switch (kind) {
  case 'v':
    return type == UNPARK_WIRE_VARINT;
  case 'V':
    return type == UNPARK_WIRE_VARINT || type == UNPARK_WIRE_BYTES;
  default:
    return type == UNPARK_WIRE_BYTES;
  }
}

static gboolean message_fits(UnparkWire w, const char *fields, gsize n_fields) {
  UnparkWireField f;
  gboolean bad = FALSE;

  while (unpark_wire_next(&w, &f, &bad)) {
    if (f.number == 0 || f.number > NEWER_FIELD_MAX)
      return FALSE;
    if (f.number <= n_fields && !type_fits(fields[f.number - 1], f.type))
      return FALSE;
  }
  return !bad;
}

static gsize length_of(const char *fields) {
  gsize n = 0;

  while (fields[n])
    n++;
  return n;
}

typedef struct {
  guint good, bad; /* messages that are, and are not, of their kind */
  guint n_strings;
} Score;

/* FALSE if the field rules a profile out. */
static gboolean judge(const UnparkWireField *f, Score *score) {
  const char *fields = message_fields(f->number);

  if (f->number == 0 || f->number > NEWER_FIELD_MAX)
    return FALSE;
  if (f->number > length_of(profile_fields))
    return TRUE;
  if (!type_fits(profile_fields[f->number - 1], f->type))
    return FALSE;
  /* String 0 is empty: what tells a string table from text that begins with "2". */
  if (f->number == 6 && score->n_strings++ == 0)
    return f->value == 0;
  if (fields && f->value > 0) {
    if (message_fits(f->bytes, fields, length_of(fields)))
      score->good++;
    else
      score->bad++;
  }
  return TRUE;
}

gboolean unpark_pprof_sniff(const guint8 *head, gsize size) {
  UnparkWire w = {head, head + size};
  UnparkWireField f;
  UnparkWireStatus status = UNPARK_WIRE_OK;
  Score score = {0};

  while (w.p < w.end && (status = unpark_wire_field(&w, &f)) == UNPARK_WIRE_OK)
    if (!judge(&f, &score)) {
      status = UNPARK_WIRE_BAD;
      break;
    }
  /* Damage after a good beginning is the importer's to tell. */
  if (status == UNPARK_WIRE_BAD)
    return score.good >= 3 && score.bad * 4 <= score.good;
  return score.bad * 4 <= score.good && (score.good > 0 || score.n_strings > 3);
}
