/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/speedscope/stacks.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/pprof/limits.h"
#include "importers/text/profile-rows.h"

#define NODES_MAX (3u * 1024 * 1024)
#define CHECK_EVERY 65536u

typedef struct {
  gint64 mantissa;
  gint32 exponent, inexact;
} Weight;

static void profile_clear(gpointer data) {
  g_free(((UnparkSpeedscopeProfile *)data)->name);
  g_free(((UnparkSpeedscopeProfile *)data)->unit);
}

void unpark_speedscope_stacks_init(UnparkSpeedscopeStacks *stacks, UnparkWriter *writer) {
  const UnparkSpeedscopeNode root = {0};

  *stacks = (UnparkSpeedscopeStacks){
      .writer = writer,
      .frames = g_array_new(FALSE, FALSE, sizeof(guint32)),
      .nodes = g_array_new(FALSE, FALSE, sizeof(UnparkSpeedscopeNode)),
      .profiles = g_array_new(FALSE, TRUE, sizeof(UnparkSpeedscopeProfile)),
      .n_table = 1024,
      .seed = g_random_int()};
  stacks->table = g_new0(guint32, stacks->n_table);
  g_array_append_val(stacks->nodes, root);
  g_array_set_clear_func(stacks->profiles, profile_clear);
  unpark_spool_init(&stacks->stacks);
  unpark_spool_init(&stacks->weights);
}

void unpark_speedscope_stacks_clear(UnparkSpeedscopeStacks *stacks) {
  g_array_unref(stacks->frames);
  g_array_unref(stacks->nodes);
  g_array_unref(stacks->profiles);
  g_free(stacks->table);
  unpark_spool_clear(&stacks->stacks);
  unpark_spool_clear(&stacks->weights);
}

UnparkSpeedscopeProfile *unpark_speedscope_stacks_profile(UnparkSpeedscopeStacks *stacks) {
  g_array_set_size(stacks->profiles, stacks->profiles->len + 1);
  return unpark_speedscope_stacks_current(stacks);
}

UnparkSpeedscopeProfile *unpark_speedscope_stacks_current(UnparkSpeedscopeStacks *stacks) {
  return &g_array_index(stacks->profiles, UnparkSpeedscopeProfile, stacks->profiles->len - 1);
}

/* ---- The tree ----------------------------------------------------------------------- */

const UnparkSpeedscopeNode *unpark_speedscope_stacks_node(const UnparkSpeedscopeStacks *stacks,
                                                          guint32 node) {
  return &g_array_index(stacks->nodes, UnparkSpeedscopeNode, node);
}

/* Where it is, or is to be put. */
static guint32 *place_of(const UnparkSpeedscopeStacks *stacks, guint32 parent, guint32 frame) {
  guint64 hash =
      (((guint64)parent << 32 | frame) ^ stacks->seed) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
  gsize at = (gsize)(hash ^ hash >> 29) & (stacks->n_table - 1);

  for (;; at = (at + 1) & (stacks->n_table - 1)) {
    const UnparkSpeedscopeNode *node = unpark_speedscope_stacks_node(stacks, stacks->table[at]);
    if (stacks->table[at] == 0 || (node->parent == parent && node->frame == frame))
      return &stacks->table[at];
  }
}

static void grow(UnparkSpeedscopeStacks *stacks) {
  g_free(stacks->table);
  stacks->n_table *= 2;
  stacks->table = g_new0(guint32, stacks->n_table);
  for (guint32 i = 1; i < stacks->nodes->len; i++) {
    const UnparkSpeedscopeNode *node = unpark_speedscope_stacks_node(stacks, i);
    *place_of(stacks, node->parent, node->frame) = i;
  }
}

guint32 unpark_speedscope_stacks_child(UnparkSpeedscopeStacks *stacks, guint32 node,
                                       guint32 frame) {
  const UnparkSpeedscopeNode child = {node, frame};
  guint32 *place = place_of(stacks, node, frame), number = stacks->nodes->len;

  if (*place != 0)
    return *place;
  if (number == NODES_MAX) {
    stacks->n_lost_frames++;
    return node;
  }
  *place = number;
  g_array_append_val(stacks->nodes, child);
  if (stacks->nodes->len > stacks->n_table / 2)
    grow(stacks);
  return number;
}

/* ---- Samples ------------------------------------------------------------------------ */

gboolean unpark_speedscope_stacks_add(UnparkSpeedscopeStacks *stacks, guint32 node,
                                      GError **error) {
  unpark_speedscope_stacks_current(stacks)->n_stacks++;
  return unpark_spool_add(&stacks->stacks, (const guint8 *)&node, sizeof node, error);
}

gboolean unpark_speedscope_stacks_weigh(UnparkSpeedscopeStacks *stacks, const UnparkDecimal *weight,
                                        GError **error) {
  const Weight spooled = {weight->mantissa, weight->exponent, weight->inexact};

  unpark_speedscope_stacks_current(stacks)->n_weights++;
  return unpark_spool_add(&stacks->weights, (const guint8 *)&spooled, sizeof spooled, error);
}

/* ---- Rows --------------------------------------------------------------------------- */

typedef struct {
  UnparkSpeedscopeStacks *stacks;
  guint32 *stack_of; /* by node: the writer's stack + 1 */
  GArray *frames;    /* guint32: of the stack at hand */
  guint64 frames_left;
  guint32 unknown;
  gint64 profile, sample;
  gint32 shift; /* from the profile's unit to the one shown */
  UnparkTextValues values;
} Emitter;

static guint32 frame_of(Emitter *e, guint32 number) {
  if (number < e->stacks->frames->len)
    return g_array_index(e->stacks->frames, guint32, number);
  e->stacks->n_unknown_frames++;
  return e->unknown;
}

static guint32 stack_of(Emitter *e, guint32 node) {
  UnparkSpeedscopeStacks *s = e->stacks;
  guint32 known = e->stack_of[node];

  if (known != 0)
    return known - 1;
  g_array_set_size(e->frames, 0);
  for (guint32 at = node; at != UNPARK_SPEEDSCOPE_ROOT;
       at = unpark_speedscope_stacks_node(s, at)->parent) {
    guint32 frame;
    if (e->frames->len == UNPARK_PPROF_STACK_MAX || e->frames_left == 0) {
      s->n_lost_frames++;
      break;
    }
    e->frames_left--;
    frame = frame_of(e, unpark_speedscope_stacks_node(s, at)->frame);
    g_array_append_val(e->frames, frame);
  }
  known = unpark_writer_stack(s->writer, (const guint32 *)(const void *)e->frames->data,
                              e->frames->len);
  e->stack_of[node] = known + 1;
  return known;
}

static void emit_sample(Emitter *e, guint32 node, const Weight *weight) {
  const gint64 row[] = {++e->sample, e->profile, stack_of(e, node)};
  const UnparkDecimal value = {weight->mantissa,
                               weight->mantissa == 0 ? 0 : weight->exponent + e->shift,
                               weight->inexact != 0};

  unpark_writer_append(e->stacks->writer, UNPARK_TABLE_SAMPLE, row);
  unpark_text_values_add(&e->values, e->sample, 0, &value);
}

static gboolean take(UnparkSpool *spool, gpointer to, gsize size, GError **error) {
  guint32 have;
  const guint8 *bytes = unpark_spool_next(spool, &have, error);

  if (!bytes)
    return FALSE;
  memcpy(to, bytes, MIN(size, have));
  return TRUE;
}

static gboolean emit_samples(Emitter *e, const UnparkSpeedscopeProfile *profile,
                             GCancellable *cancellable, GError **error) {
  UnparkSpeedscopeStacks *s = e->stacks;
  gboolean weighted = profile->n_weights > 0;
  guint64 n = MAX(profile->n_stacks, profile->n_weights);

  for (guint64 i = 0; i < n; i++) {
    gboolean has_stack = i < profile->n_stacks, has_weight = i < profile->n_weights;
    Weight weight = {.mantissa = 1, .exponent = -e->shift};
    guint32 node = 0;

    if ((has_stack && !take(&s->stacks, &node, sizeof node, error)) ||
        (has_weight && !take(&s->weights, &weight, sizeof weight, error)))
      return FALSE;
    if (has_stack && (has_weight || !weighted))
      emit_sample(e, node, &weight);
    else
      s->n_unpaired++;
    if (i % CHECK_EVERY == 0 && (g_cancellable_set_error_if_cancelled(cancellable, error) ||
                                 !unpark_writer_check(s->writer, error)))
      return FALSE;
  }
  if (!weighted)
    s->n_unweighted += profile->n_stacks;
  return TRUE;
}

/* Times are shown as nanoseconds, whatever the file counts them in. */
static const struct {
  const char *unit, *shown, *type;
  gint32 shift;
} units[] = {
    {"nanoseconds", "nanoseconds", "time", 0},
    {"microseconds", "nanoseconds", "time", 3},
    {"milliseconds", "nanoseconds", "time", 6},
    {"seconds", "nanoseconds", "time", 9},
    {"bytes", "bytes", "space", 0},
    {"none", "count", "samples", 0},
};

static gsize unit_of(const UnparkSpeedscopeProfile *profile) {
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
    if (g_strcmp0(profile->unit, units[i].unit) == 0)
      return i;
  return G_N_ELEMENTS(units) - 1;
}

static gint64 string_of(UnparkWriter *writer, const char *text) {
  return unpark_writer_string(writer, text, strlen(text));
}

/* One measure a profile; where there are several, they are called by their names. */
static gboolean emit_profile(Emitter *e, guint i, gboolean *complete, GCancellable *cancellable,
                             GError **error) {
  UnparkSpeedscopeStacks *s = e->stacks;
  UnparkWriter *w = s->writer;
  const UnparkSpeedscopeProfile *profile = &g_array_index(s->profiles, UnparkSpeedscopeProfile, i);
  gsize unit = unit_of(profile);
  g_autofree char *shown = NULL;
  gboolean ok;

  e->profile = i + 1;
  e->shift = units[unit].shift;
  unpark_text_values_init(&e->values, w);
  ok = emit_samples(e, profile, cancellable, error);
  unpark_text_values_end(&e->values);
  if (ok) {
    shown = unpark_text_values_unit(&e->values, 0, units[unit].shown);
    const gint64 row[] = {e->profile, 0, string_of(w, units[unit].type), string_of(w, shown)};
    unpark_writer_append(w, UNPARK_TABLE_SAMPLE_TYPE, row);
    *complete = unpark_text_values_note(&e->values) && *complete;
  }
  unpark_text_values_clear(&e->values);
  return ok;
}

/* The first row is the profile that is shown first. */
static void emit_heads(const UnparkSpeedscopeStacks *s) {
  UnparkWriter *w = s->writer;
  guint n = s->profiles->len, first = s->active > 0 && s->active < n ? (guint)s->active : 0;

  for (guint k = 0; k < n; k++) {
    guint i = k == 0 ? first : k <= first ? k - 1 : k;
    const char *name = g_array_index(s->profiles, UnparkSpeedscopeProfile, i).name;
    const gint64 row[] = {i + 1,
                          string_of(w, n > 1 && name && *name ? name : "custom"),
                          1,
                          string_of(w, ""),
                          string_of(w, ""),
                          UNPARK_NONE,
                          UNPARK_NONE,
                          UNPARK_NONE};
    unpark_writer_append(w, UNPARK_TABLE_PROFILE, row);
  }
}

void unpark_speedscope_note(UnparkWriter *writer, const char *name, guint64 count, const char *what,
                            gboolean *complete) {
  if (count == 0)
    return;
  unpark_writer_note(writer, UNPARK_NOTE_WARNING, name, count, "%s", what);
  *complete = FALSE;
}

gboolean unpark_speedscope_stacks_emit(UnparkSpeedscopeStacks *s, guint64 n_bytes,
                                       gboolean *complete, GCancellable *cancellable,
                                       GError **error) {
  Emitter e = {.stacks = s,
               .stack_of = g_new0(guint32, s->nodes->len),
               .frames = g_array_new(FALSE, FALSE, sizeof(guint32)),
               .frames_left =
                   MIN(UNPARK_PPROF_FRAMES_FLOOR + n_bytes * UNPARK_PPROF_FRAMES_PER_BYTE,
                       UNPARK_PPROF_FRAMES_MAX),
               .unknown = unpark_writer_frame(s->writer, 0, 0, 0, FALSE)};
  gboolean ok = unpark_spool_rewind(&s->stacks, error) && unpark_spool_rewind(&s->weights, error);

  for (guint i = 0; ok && i < s->profiles->len; i++)
    ok = emit_profile(&e, i, complete, cancellable, error);
  if (ok)
    emit_heads(s);
  s->n_samples = (guint64)e.sample;
  unpark_speedscope_note(
      s->writer, "stack-limit", s->n_lost_frames,
      _("A stack has more than 65,536 frames, or all stacks together have implausibly many; some "
        "frames were left out"),
      complete);
  unpark_speedscope_note(
      s->writer, "unknown-frame", s->n_unknown_frames,
      _("A stack refers to a frame that is not in the file; it is shown without a name"), complete);
  unpark_speedscope_note(
      s->writer, "missing-weight", s->n_unpaired,
      _("A profile has more samples than weights or more weights than samples; the rest of the "
        "longer list was left out"),
      complete);
  unpark_speedscope_note(s->writer, "no-weights", s->n_unweighted,
                         _("A sampled profile has no weights; each of its samples counts 1"),
                         complete);
  g_free(e.stack_of);
  g_array_unref(e.frames);
  return ok;
}
