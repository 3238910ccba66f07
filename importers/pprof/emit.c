/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/emit.h"

#include <glib/gi18n-lib.h>

#include "importers/pprof/limits.h"
#include "importers/pprof/resolve.h"
#include "importers/pprof/wire.h"

#define PROFILE_ID 1
/* Innermost locations of which one may be in the function that gave a lock back. */
#define INNERMOST 3
/* Samples and frames between two looks at the cancellable. */
#define CHECK_EVERY (128 * 1024)
/* Bytes of a note that lists texts of the profile. */
#define COMMENT_MAX 2048

typedef struct {
  UnparkPprofTables *tables;
  UnparkWriter *writer;
  UnparkPprofWords *words;
  UnparkPprofFrames frames;
  guint32 *stack; /* frame ids of the sample at hand */
  gsize n_stack, stack_capacity;
  GArray *values; /* gint64 */
  guint64 frames_left, n_frames;
  gint64 sample;
  guint8 *any;       /* by value type: a sample has a value that is not 0 */
  guint n_locations; /* of the sample at hand */
  gboolean cut;      /* its outer frames are left out */
  gboolean unlock;   /* one of its innermost locations gives a lock back */
} Emitter;

typedef struct {
  guint64 key, text, number, unit; /* string numbers but `number` */
} Label;

static inline void push_frames(Emitter *e, const guint32 *frames, guint32 n) {
  if (e->n_stack + n > e->stack_capacity) {
    e->stack_capacity = MAX(e->stack_capacity * 2, e->n_stack + n);
    e->stack = g_renew(guint32, e->stack, e->stack_capacity);
  }
  for (guint32 i = 0; i < n; i++)
    e->stack[e->n_stack + i] = frames[i];
  e->n_stack += n;
}

static guint32 unknown_frame(Emitter *e) {
  e->tables->faults[UNPARK_PPROF_FAULT_UNKNOWN_LOCATION]++;
  return unpark_writer_frame(e->writer, 0, 0, 0, FALSE);
}

static inline void push_location(Emitter *e, guint64 id) {
  guint32 i = unpark_id_map_find(&e->frames.map, id), n = 1, unknown;

  if (i != UNPARK_ID_MISSING)
    n = e->frames.first[i + 1] - e->frames.first[i];
  if (e->cut || n > e->frames_left || e->n_stack + n > UNPARK_PPROF_STACK_MAX) {
    e->cut = TRUE;
    return;
  }
  e->frames_left -= n;
  e->n_frames += n;
  if (i == UNPARK_ID_MISSING) {
    unknown = unknown_frame(e);
    push_frames(e, &unknown, 1);
    return;
  }
  if (e->n_locations++ < INNERMOST)
    e->unlock = e->unlock || e->frames.unlocks[i];
  push_frames(e, e->frames.frames + e->frames.first[i], n);
}

static inline void take_number(Emitter *e, guint64 field, guint64 value) {
  if (field == 1)
    push_location(e, value);
  else
    g_array_append_val(e->values, value);
}

/* A repeated number, packed or not. FALSE if it is damaged. */
static gboolean take_numbers(Emitter *e, const UnparkWireField *f) {
  UnparkWire w = f->bytes;
  guint64 value = f->value;

  if (f->type == UNPARK_WIRE_VARINT) {
    take_number(e, f->number, value);
    return TRUE;
  }
  if (f->type != UNPARK_WIRE_BYTES)
    return FALSE;
  while (w.p < w.end) {
    if (unpark_wire_varint(&w, &value) != UNPARK_WIRE_OK)
      return FALSE;
    take_number(e, f->number, value);
  }
  return TRUE;
}

static gboolean decode_label(UnparkWire w, Label *label) {
  UnparkWireField f;
  gboolean bad = FALSE;

  *label = (Label){0};
  while (unpark_wire_next(&w, &f, &bad)) {
    if (f.number > 4)
      continue;
    if (f.type != UNPARK_WIRE_VARINT)
      return FALSE;
    if (f.number == 1)
      label->key = f.value;
    else if (f.number == 2)
      label->text = f.value;
    else if (f.number == 3)
      label->number = f.value;
    else if (f.number == 4)
      label->unit = f.value;
  }
  return !bad;
}

static gint64 string_of(Emitter *e, guint64 number) {
  return unpark_pprof_string(e->tables, (guint32)MIN(number, UNPARK_PPROF_NO_STRING));
}

static gint64 optional_string_of(Emitter *e, guint64 number) {
  return number ? string_of(e, number) : UNPARK_NONE;
}

static gboolean emit_label(Emitter *e, const UnparkWireField *f) {
  Label label;

  if (f->type != UNPARK_WIRE_BYTES || !decode_label(f->bytes, &label))
    return FALSE;
  if (label.text) {
    const gint64 row[] = {e->sample, string_of(e, label.key), string_of(e, label.text), UNPARK_NONE,
                          UNPARK_NONE};
    unpark_writer_append(e->writer, UNPARK_TABLE_SAMPLE_LABEL, row);
  } else if (label.number || label.unit) {
    const gint64 row[] = {e->sample, string_of(e, label.key), UNPARK_NONE, (gint64)label.number,
                          optional_string_of(e, label.unit)};
    unpark_writer_append(e->writer, UNPARK_TABLE_SAMPLE_LABEL, row);
  }
  return TRUE;
}

static void emit_values(Emitter *e) {
  guint n = MIN(e->values->len, e->tables->types->len);

  if (e->values->len != e->tables->types->len)
    e->tables->faults[UNPARK_PPROF_FAULT_VALUE_COUNT]++;
  for (guint i = 0; i < n; i++) {
    const gint64 row[] = {e->sample, i, g_array_index(e->values, gint64, i)};
    e->any[i] |= row[2] != 0;
    unpark_writer_append(e->writer, UNPARK_TABLE_SAMPLE_VALUE, row);
  }
}

/* Each sample is there even if a part of it is damaged. */
static void emit_sample(Emitter *e, UnparkWire w) {
  UnparkWireField f;
  gboolean bad = FALSE;

  e->sample++;
  e->n_locations = 0;
  e->unlock = e->cut = FALSE;
  e->n_stack = 0;
  g_array_set_size(e->values, 0);
  while (unpark_wire_next(&w, &f, &bad)) {
    if (f.number == 3)
      bad = !emit_label(e, &f) || bad;
    else if (f.number == 1 || f.number == 2)
      bad = !take_numbers(e, &f) || bad;
  }
  e->tables->faults[UNPARK_PPROF_FAULT_DAMAGED_MESSAGE] += bad;
  e->tables->faults[UNPARK_PPROF_FAULT_STACK_LIMIT] += e->cut;
  const gint64 row[] = {e->sample, PROFILE_ID,
                        unpark_writer_stack(e->writer, e->stack, e->n_stack)};
  unpark_writer_append(e->writer, UNPARK_TABLE_SAMPLE, row);
  emit_values(e);
  if (e->unlock)
    e->words->n_unlocks++;
  else
    e->words->n_others++;
}

static const char *text_of(Emitter *e, guint32 number) {
  return unpark_writer_text(e->writer, (guint32)string_of(e, number));
}

void unpark_pprof_note_zero(UnparkWriter *writer, const char *zero, const char *shown,
                            const char *others) {
  unpark_writer_note(writer, UNPARK_NOTE_INFO, "zero-measure", 1,
                     /* Translators: names of measures, the last a list of them */
                     _("The measure that the profile shows first, %s, is 0 in every sample, so %s "
                       "is shown instead. Measures that are not 0: %s"),
                     zero, shown, others);
}

static void note_zero(Emitter *e, const UnparkPprofValueType *zero,
                      const UnparkPprofValueType *instead) {
  g_autofree char *zero_name = g_strdup(text_of(e, zero->type));
  g_autofree char *name = g_strdup(text_of(e, instead->type));
  g_autoptr(GString) others = g_string_new(NULL);

  for (guint i = 0; i < e->tables->types->len && others->len < COMMENT_MAX; i++)
    if (e->any[i])
      g_string_append_printf(
          others, "%s%s", others->len > 0 ? ", " : "",
          text_of(e, g_array_index(e->tables->types, UnparkPprofValueType, i).type));
  unpark_pprof_note_zero(e->writer, zero_name, name, others->str);
}

/* The measure to show first: what the profile says (without that pprof takes the last one), or,
 * where that is 0 in every sample, the last one that is not, of the same unit if there is one. */
static guint32 first_measure(Emitter *e) {
  UnparkPprofTables *t = e->tables;
  const UnparkPprofValueType *types = (const UnparkPprofValueType *)(const void *)t->types->data;
  guint shown = t->types->len, other;

  for (guint i = 0; i < t->types->len; i++)
    if (i + 1 == t->types->len || (t->default_type && types[i].type == t->default_type)) {
      shown = i;
      break;
    }
  if (shown == t->types->len || e->any[shown])
    return t->default_type;
  other = shown;
  for (guint i = 0; i < t->types->len; i++)
    if (e->any[i] && (other == shown || types[i].unit == types[shown].unit ||
                      types[other].unit != types[shown].unit))
      other = i;
  if (other == shown)
    return t->default_type;
  note_zero(e, &types[shown], &types[other]);
  return types[other].type;
}

/* What tools and people wrote beside the numbers. */
static void note_comments(Emitter *e) {
  g_autoptr(GString) all = g_string_new(NULL);

  for (guint i = 0; i < e->tables->comments->len && all->len < COMMENT_MAX; i++) {
    const char *text = text_of(e, g_array_index(e->tables->comments, guint32, i));
    g_string_append_printf(all, "%s%s", all->len > 0 && *text ? "; " : "", text);
  }
  if (all->len > 0)
    unpark_writer_note(e->writer, UNPARK_NOTE_INFO, "comment", 1,
                       _("The profile has a comment: %s"), all->str);
}

static void emit_head(Emitter *e, const char *path) {
  UnparkPprofTables *t = e->tables;
  UnparkProfileKind kind = unpark_pprof_kind(e->words, t, path);
  const gint64 row[] = {PROFILE_ID,
                        e->words->kinds[kind],
                        t->period,
                        string_of(e, t->period_type.type),
                        string_of(e, t->period_type.unit),
                        t->time_ns ? t->time_ns : UNPARK_NONE,
                        t->duration_ns ? t->duration_ns : UNPARK_NONE,
                        optional_string_of(e, first_measure(e))};

  unpark_writer_append(e->writer, UNPARK_TABLE_PROFILE, row);
  for (guint i = 0; i < t->types->len; i++) {
    const UnparkPprofValueType *type = &g_array_index(t->types, UnparkPprofValueType, i);
    const gint64 type_row[] = {PROFILE_ID, i, string_of(e, type->type), string_of(e, type->unit)};
    unpark_writer_append(e->writer, UNPARK_TABLE_SAMPLE_TYPE, type_row);
  }
  for (guint i = 0; i < t->mappings->len; i++) {
    const UnparkPprofMapping *m = &g_array_index(t->mappings, UnparkPprofMapping, i);
    const gint64 mapping_row[] = {
        PROFILE_ID,        (gint64)m->id,         (gint64)m->start,         (gint64)m->limit,
        (gint64)m->offset, string_of(e, m->file), string_of(e, m->build_id)};
    unpark_writer_append(e->writer, UNPARK_TABLE_MAPPING, mapping_row);
  }
}

static gboolean emit_samples(Emitter *e, UnparkSpool *spool, GCancellable *cancellable,
                             GError **error) {
  g_autoptr(GError) failure = NULL;
  const guint8 *bytes;
  gsize work = 0;
  guint32 size;

  if (!unpark_spool_rewind(spool, error))
    return FALSE;
  while ((bytes = unpark_spool_next(spool, &size, &failure))) {
    e->frames_left += (guint64)size * UNPARK_PPROF_FRAMES_PER_BYTE;
    e->frames_left = MIN(e->frames_left, UNPARK_PPROF_FRAMES_MAX - e->n_frames);
    emit_sample(e, (UnparkWire){bytes, bytes + size});
    work += 1 + e->n_stack;
    if (work < CHECK_EVERY)
      continue;
    work = 0;
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !unpark_writer_check(e->writer, error))
      return FALSE;
  }
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}

gboolean unpark_pprof_emit(UnparkPprofTables *tables, UnparkSpool *spool, UnparkPprofWords *words,
                           UnparkWriter *writer, const char *path, GCancellable *cancellable,
                           GError **error) {
  Emitter e = {
      .tables = tables, .writer = writer, .words = words, .frames_left = UNPARK_PPROF_FRAMES_FLOOR};
  gboolean ok;

  unpark_pprof_resolve(tables, words, &e.frames);
  e.any = g_new0(guint8, (gsize)tables->types->len + 1);
  e.values = g_array_new(FALSE, FALSE, sizeof(gint64));
  ok = emit_samples(&e, spool, cancellable, error);
  if (ok) {
    emit_head(&e, path);
    note_comments(&e);
  }
  unpark_pprof_frames_clear(&e.frames);
  g_free(e.stack);
  g_free(e.any);
  g_array_unref(e.values);
  return ok;
}
