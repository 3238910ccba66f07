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

gboolean unpark_pprof_sniff(const guint8 *head, gsize size) {
  UnparkWire w = {head, head + size};
  UnparkWireField f;
  UnparkWireStatus status = UNPARK_WIRE_OK;
  gsize n_fields = length_of(profile_fields);
  guint n_known = 0;

  while (w.p < w.end && (status = unpark_wire_field(&w, &f)) == UNPARK_WIRE_OK) {
    const char *fields;
    if (f.number == 0 || f.number > NEWER_FIELD_MAX)
      return FALSE;
    if (f.number > n_fields)
      continue;
    if (!type_fits(profile_fields[f.number - 1], f.type))
      return FALSE;
    fields = message_fields(f.number);
    if (fields && !message_fits(f.bytes, fields, length_of(fields)))
      return FALSE;
    n_known += f.number <= 6;
  }
  if (status == UNPARK_WIRE_BAD)
    return FALSE;
  /* A first message longer than the head: a sample or string of a believable kind. */
  if (status == UNPARK_WIRE_MORE && n_known == 0)
    return FALSE;
  return n_known > 0;
}
