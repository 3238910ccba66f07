/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/query.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "model/sql/query.h"

/* ---- Queries ------------------------------------------------------------------------- */

void unpark_flame_side_clear(UnparkFlameSide *side) {
  g_clear_pointer(&side->store, unpark_store_unref);
  g_clear_object(&side->keeper);
  g_clear_pointer(&side->filtered, unpark_filter_result_unref);
}

void unpark_flame_side_copy(UnparkFlameSide *to, const UnparkFlameSide *from) {
  *to = *from;
  to->store = from->store ? unpark_store_ref(from->store) : NULL;
  to->keeper = from->keeper ? g_object_ref(from->keeper) : NULL;
  to->filtered = from->filtered ? unpark_filter_result_ref(from->filtered) : NULL;
}

void unpark_flame_query_clear(UnparkFlameQuery *query) {
  unpark_flame_side_clear(&query->side);
  unpark_flame_side_clear(&query->base);
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    g_clear_pointer(&query->patterns[i], g_free);
  g_clear_pointer(&query->source, g_free);
  g_clear_pointer(&query->source_name, g_free);
  g_clear_pointer(&query->label_key, g_free);
  g_clear_pointer(&query->function, g_free);
}

UnparkFlameQuery *unpark_flame_query_copy(const UnparkFlameQuery *query) {
  UnparkFlameQuery *copy = g_memdup2(query, sizeof *query);
  unpark_flame_side_copy(&copy->side, &query->side);
  unpark_flame_side_copy(&copy->base, &query->base);
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    copy->patterns[i] = g_strdup(query->patterns[i]);
  copy->source = g_strdup(query->source);
  copy->source_name = g_strdup(query->source_name);
  copy->label_key = g_strdup(query->label_key);
  copy->function = g_strdup(query->function);
  return copy;
}

void unpark_flame_query_free(UnparkFlameQuery *query) {
  unpark_flame_query_clear(query);
  g_free(query);
}

/* ---- Results ---------------------------------------------------------------------------- */

UnparkFlameResult *unpark_flame_result_ref(UnparkFlameResult *result) {
  return g_atomic_rc_box_acquire(result);
}

static void result_clear(gpointer data) {
  UnparkFlameResult *result = data;
  unpark_flame_unref(result->flame);
  unpark_flame_unref(result->callers);
  unpark_flame_unref(result->whole);
  for (guint i = 0; i < G_N_ELEMENTS(result->legends); i++)
    g_clear_pointer(&result->legends[i], g_ptr_array_unref);
  g_free(result->rows);
}

void unpark_flame_result_unref(UnparkFlameResult *result) {
  if (result)
    g_atomic_rc_box_release_full(result, result_clear);
}

/* ---- Running ------------------------------------------------------------------------------- */

static gboolean find_source(UnparkStore *store, const UnparkFlameQuery *query,
                            UnparkFlameSource *source, GCancellable *cancellable, GError **error) {
  guint first;
  g_autoptr(GPtrArray) offers = unpark_flame_offers(store, &first, cancellable, error);
  if (!offers)
    return FALSE;
  const UnparkFlameOffer *found = NULL;
  for (guint i = 0; i < offers->len; i++) {
    const UnparkFlameOffer *offer = g_ptr_array_index(offers, i);
    gboolean named = query->source_name && strcmp(offer->name, query->source_name) == 0;
    if (query->source ? strcmp(offer->title, query->source) == 0 : i == first)
      found = offer;
    else if (!found && named)
      found = offer; /* of another file, with other profiles beside it */
  }
  if (found) {
    *source = found->source;
    source->count = query->count;
    source->no_idle = query->no_idle;
    return TRUE;
  }
  /* A part of a trace may have nothing of the kind: then the graph is empty. */
  if (query->source_name && unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE &&
      unpark_flame_source_parse(query->source_name, source))
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("No “%s” in %s"),
              query->source ? query->source : "", unpark_store_source(store)->path);
  return FALSE;
}

static const char *entry_of(const UnparkFlameSide *side) {
  const UnparkGoroutine *g = unpark_store_goroutine(side->store, side->goroutine);
  guint32 id = side->name_id ? side->name_id : g ? g->name_id : 0;
  return unpark_store_string(side->store, id);
}

/* What it points to is of `side`. */
static void make_scope(const UnparkFlameSide *side, UnparkFlameScope *scope) {
  *scope = (UnparkFlameScope){.from_ns = side->from_ns, .to_ns = side->to_ns, .task = UNPARK_NONE};
  if (unpark_store_source(side->store)->kind != UNPARK_SOURCE_TRACE)
    return;
  switch (side->who) {
  case UNPARK_FLAME_WHO_FILTER:
    scope->no_system = side->no_system;
    if (side->filtered) {
      scope->goroutines = side->filtered->goroutines.ids;
      scope->n_goroutines = side->filtered->goroutines.n;
      scope->no_system = FALSE;
    }
    break;
  case UNPARK_FLAME_WHO_GOROUTINE:
    scope->goroutines = &side->goroutine;
    scope->n_goroutines = 1;
    break;
  case UNPARK_FLAME_WHO_ENTRY:
    scope->entry = entry_of(side);
    break;
  case UNPARK_FLAME_WHO_TASK:
    scope->task = side->task;
    break;
  case UNPARK_FLAME_WHO_ALL:
  case UNPARK_FLAME_N_WHO:
  default:
    scope->no_system = side->no_system;
    break;
  }
}

static UnparkFlameSpec make_spec(const UnparkFlameQuery *query) {
  UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
  spec.focus = query->patterns[UNPARK_FLAME_FOCUS];
  spec.ignore = query->patterns[UNPARK_FLAME_IGNORE];
  spec.hide = query->patterns[UNPARK_FLAME_HIDE];
  spec.show = query->patterns[UNPARK_FLAME_SHOW];
  spec.show_from = query->patterns[UNPARK_FLAME_SHOW_FROM];
  spec.label_match = query->patterns[UNPARK_FLAME_LABEL];
  spec.label_key = query->label_key;
  spec.grouping = query->grouping;
  spec.merge = query->merge;
  spec.order = query->order;
  spec.invert = query->invert;
  spec.collapse = query->collapse;
  spec.normalise = query->normalise;
  return spec;
}

typedef struct {
  const UnparkFlameQuery *query;
  UnparkFlameSpec spec, base;
  GCancellable *cancellable;
  GError **error;
} Run;

static UnparkFlame *make(Run *run, UnparkFlamePart part) {
  const UnparkFlameQuery *q = run->query;
  UnparkFlameSpec spec = run->spec;
  spec.part = part;
  spec.function = part == UNPARK_FLAME_WHOLE ? NULL : q->function;
  if (part != UNPARK_FLAME_WHOLE) {
    spec.invert = FALSE;
    spec.grouping = UNPARK_FLAME_BY_NOTHING;
    if (spec.order == UNPARK_FLAME_BY_TIME)
      spec.order = UNPARK_FLAME_HEAVY;
  }
  return unpark_flame_new(q->side.store, &spec, q->has_base ? q->base.store : NULL,
                          q->has_base ? &run->base : NULL, run->cancellable, run->error);
}

static gboolean fill(Run *run, UnparkFlameResult *result) {
  gboolean sandwich = run->query->function != NULL;
  if (!(result->whole = make(run, sandwich ? UNPARK_FLAME_THROUGH : UNPARK_FLAME_WHOLE)))
    return FALSE;
  result->rows = unpark_flame_table(result->whole, &result->n_rows_all);
  result->n_rows = MIN(result->n_rows_all, UNPARK_FLAME_MAX_ROWS);
  for (guint i = 0; i < G_N_ELEMENTS(result->legends); i++)
    result->legends[i] = unpark_flame_legend(result->whole, (UnparkFlameColouring)i);
  if (!sandwich) {
    result->flame = unpark_flame_ref(result->whole);
    return TRUE;
  }
  if (!(result->flame = make(run, UNPARK_FLAME_CALLEES)) ||
      !(result->callers = make(run, UNPARK_FLAME_CALLERS)))
    return FALSE;
  /* One colour for a package above and below. */
  unpark_flame_colour_packages(result->flame, result->whole);
  unpark_flame_colour_packages(result->callers, result->whole);
  return TRUE;
}

/* Names of goroutines are asked for while counting, and must have been read. */
static gboolean prepare(const UnparkFlameSide *side, GError **error) {
  guint n;
  GError *failure = NULL;
  unpark_store_goroutines(side->store, &n, &failure);
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}

UnparkFlameResult *unpark_flame_query_run(const UnparkFlameQuery *query, GCancellable *cancellable,
                                          GError **error) {
  Run run = {.query = query,
             .spec = make_spec(query),
             .base = make_spec(query),
             .cancellable = cancellable,
             .error = error};
  if (!prepare(&query->side, error) ||
      !find_source(query->side.store, query, &run.spec.source, cancellable, error))
    return NULL;
  make_scope(&query->side, &run.spec.scope);
  if (query->has_base &&
      (!prepare(&query->base, error) ||
       !find_source(query->base.store, query, &run.base.source, cancellable, error)))
    return NULL;
  if (query->has_base)
    make_scope(&query->base, &run.base.scope);
  UnparkFlameResult *result = g_atomic_rc_box_new0(UnparkFlameResult);
  result->n_goroutines = run.spec.scope.goroutines ? run.spec.scope.n_goroutines : G_MAXUINT;
  if (fill(&run, result))
    return result;
  unpark_flame_result_unref(result);
  return NULL;
}

/* ---- Labels and patterns ---------------------------------------------------------------- */

static gboolean take_key(const UnparkValue *values, guint n, gpointer data) {
  if (values[0].type == UNPARK_VALUE_TEXT)
    g_ptr_array_add(data, g_strdup(values[0].text));
  return TRUE;
}

char **unpark_flame_label_keys(UnparkStore *store, GCancellable *cancellable, GError **error) {
  static const UnparkQuery query = {.row = take_key, .limit = 200};
  GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
  if (!unpark_store_query(store, "SELECT DISTINCT key FROM sample_label ORDER BY key", &query, keys,
                          NULL, cancellable, error)) {
    g_ptr_array_unref(keys);
    return NULL;
  }
  g_ptr_array_add(keys, NULL);
  return (char **)g_ptr_array_free(keys, FALSE);
}

char *unpark_flame_pattern_of(const UnparkFlameName *name, UnparkFlameMerge merge) {
  const char *text = merge == UNPARK_FLAME_MERGE_FILE      ? name->file
                     : merge == UNPARK_FLAME_MERGE_PACKAGE ? name->package
                                                           : name->function;
  if (name->kind >= UNPARK_NAME_GROUP)
    return NULL;
  if (!*text)
    text = name->file;
  if (!*text)
    return NULL;
  g_autofree char *escaped = g_regex_escape_string(text, -1);
  if (merge == UNPARK_FLAME_MERGE_PACKAGE && *name->package)
    return g_strdup_printf("^%s\\.[^/]*$", escaped);
  return g_strdup_printf("^%s$", escaped);
}
