/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a flame graph: collect, name and filter, insert, finish; and walking over it. */
#include "model/flame/graph/flame.h"

#include <string.h>

#include "model/base/times.h"
#include "model/flame/graph/private.h"

/* ---- Making -------------------------------------------------------------------------- */

typedef struct {
  UnparkFlameInput *inputs[2];
  UnparkFlameFilter filters[2];
  guint n;
} Sides;

static void sides_clear(Sides *sides) {
  for (guint i = 0; i < 2; i++) {
    g_clear_pointer(&sides->inputs[i], unpark_flame_input_free);
    unpark_flame_filter_clear(&sides->filters[i]);
  }
}

/* The base's source and scope in the shape of the other side. */
static UnparkFlameSpec base_shape(const UnparkFlameSpec *spec, const UnparkFlameSpec *base) {
  UnparkFlameSpec shape = *spec;
  if (base) {
    shape.source = base->source;
    shape.scope = base->scope;
  }
  if (shape.order == UNPARK_FLAME_BY_TIME)
    shape.order = UNPARK_FLAME_HEAVY;
  return shape;
}

static gboolean insert(Sides *sides, UnparkFlameBuilder *b, UnparkFlameNames *names,
                       const UnparkFlameSpec *spec, GCancellable *cancellable, GError **error) {
  gboolean inverted =
      (spec->invert || spec->part == UNPARK_FLAME_CALLERS) && spec->order != UNPARK_FLAME_BY_TIME;
  for (guint i = 0; i < sides->n; i++) {
    if (!unpark_flame_filter_init(&sides->filters[i], sides->inputs[i], spec, names, error))
      return FALSE;
    if (!(inverted ? unpark_flame_insert_inverted : unpark_flame_insert)(
            b, names, sides->inputs[i], &sides->filters[i], spec, i, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

static double base_scale(const UnparkFlameBuilder *b, gboolean normalise) {
  gint64 totals[2] = {0, 0};
  for (guint32 i = 0; i < b->n; i++)
    for (guint side = 0; side < 2; side++)
      totals[side] = unpark_time_add(totals[side], b->nodes[i].self[side]);
  if (!normalise || totals[0] == 0 || totals[1] == 0)
    return 1.0;
  return (double)totals[0] / (double)totals[1];
}

static UnparkFlame *make(Sides *sides, const UnparkFlameSpec *spec, GCancellable *cancellable,
                         GError **error) {
  UnparkFlameNames *names = unpark_flame_names_new();
  UnparkFlameBuilder b;
  UnparkFlame *flame;
  unpark_flame_builder_init(&b);
  if (!insert(sides, &b, names, spec, cancellable, error)) {
    unpark_flame_builder_clear(&b);
    unpark_flame_names_free(names);
    return NULL;
  }
  double scale = sides->n > 1 ? base_scale(&b, spec->normalise) : 1.0;
  flame = unpark_flame_builder_finish(&b, names, spec->order, sides->n > 1, scale);
  flame->unit = g_strdup(sides->inputs[0]->unit);
  flame->title = g_strdup(sides->inputs[0]->title);
  flame->has_delays = sides->inputs[0]->are_delays;
  flame->source_total = sides->inputs[0]->total;
  flame->inverted = spec->invert || spec->part == UNPARK_FLAME_CALLERS;
  return flame;
}

UnparkFlame *unpark_flame_new(UnparkStore *store, const UnparkFlameSpec *spec, UnparkStore *base,
                              const UnparkFlameSpec *base_spec, GCancellable *cancellable,
                              GError **error) {
  UnparkFlameSpec shape = *spec;
  Sides sides = {.n = base ? 2 : 1};
  UnparkFlame *flame = NULL;
  if (base)
    shape.order = base_shape(spec, NULL).order;
  sides.inputs[0] = unpark_flame_collect(store, &shape, cancellable, error);
  if (sides.inputs[0] && base) {
    UnparkFlameSpec other = base_shape(&shape, base_spec);
    sides.inputs[1] = unpark_flame_collect(base, &other, cancellable, error);
  }
  if (sides.inputs[0] && (!base || sides.inputs[1]))
    flame = make(&sides, &shape, cancellable, error);
  sides_clear(&sides);
  return flame;
}

/* "a;b;c 12" or "a;b;c 12 9" */
static gboolean take_line(UnparkFlameBuilder *b, UnparkFlameNames *names, const char *line,
                          gboolean *has_base) {
  g_autofree char *copy = g_strdup(line);
  gint64 values[2] = {0, 0};
  guint n = 0;
  guint32 at = 0;
  for (char *space; n < 2 && (space = strrchr(copy, ' ')) && space > copy; n++) {
    char *end;
    values[1] = values[0];
    values[0] = g_ascii_strtoll(space + 1, &end, 10);
    if (end == space + 1 || *end) {
      values[0] = values[1];
      break;
    }
    *space = 0;
  }
  if (n == 0)
    return FALSE;
  g_auto(GStrv) frames = g_strsplit(copy, ";", -1);
  for (guint i = 0; frames[i]; i++)
    at = unpark_flame_builder_child(
        b, at, unpark_flame_names_frame(names, UNPARK_FLAME_MERGE_FUNCTION, frames[i], "", 0));
  for (guint side = 0; side < n; side++)
    b->nodes[at].self[side] = unpark_time_add(b->nodes[at].self[side], values[side]);
  *has_base |= n == 2;
  return TRUE;
}

UnparkFlame *unpark_flame_new_from_text(const char *text, UnparkFlameOrder order) {
  UnparkFlameNames *names = unpark_flame_names_new();
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  gboolean has_base = FALSE;
  UnparkFlameBuilder b;
  UnparkFlame *flame;
  unpark_flame_builder_init(&b);
  for (guint i = 0; lines[i]; i++)
    if (*lines[i] && !take_line(&b, names, lines[i], &has_base)) {
      unpark_flame_builder_clear(&b);
      unpark_flame_names_free(names);
      return NULL;
    }
  flame = unpark_flame_builder_finish(&b, names, order, has_base, 1.0);
  flame->unit = g_strdup("count");
  flame->title = g_strdup("");
  flame->source_total = flame->nodes[0].total;
  return flame;
}

UnparkFlame *unpark_flame_ref(UnparkFlame *flame) {
  g_atomic_int_inc(&flame->ref_count);
  return flame;
}

void unpark_flame_unref(UnparkFlame *flame) {
  if (!flame || !g_atomic_int_dec_and_test(&flame->ref_count))
    return;
  g_free(flame->nodes);
  g_free(flame->names);
  g_free(flame->package_classes);
  g_free(flame->times);
  g_free(flame->unit);
  g_free(flame->title);
  unpark_flame_names_free(flame->texts);
  g_free(flame);
}

/* ---- Walking --------------------------------------------------------------------------- */

guint32 unpark_flame_child_towards(const UnparkFlame *flame, guint32 node, guint32 inner) {
  while (inner > node && flame->nodes[inner].parent != node)
    inner = flame->nodes[inner].parent;
  return inner;
}

guint32 unpark_flame_find_start(const UnparkFlame *flame, guint32 first, guint32 last, gint64 at) {
  while (first < last) {
    guint32 middle = first + (last - first) / 2;
    if (flame->nodes[middle].start < at)
      first = middle + 1;
    else
      last = middle;
  }
  return first;
}
