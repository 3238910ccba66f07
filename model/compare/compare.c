/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/compare/compare.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/compare/private.h"

const char *unpark_verdict_name(UnparkVerdict verdict) {
  static const char *const names[] = {"unclear", "more", "less"};
  return names[verdict];
}

/* ---- entries -------------------------------------------------------------------------------- */

static void series_free(gpointer data) {
  UnparkCompareSeries *series = data;
  if (!series)
    return;
  g_array_unref(series->values);
  g_free(series);
}

static void entry_free(gpointer data) {
  UnparkCompareEntry *entry = data;
  g_free(entry->key);
  g_free(entry->name);
  g_free(entry->stack);
  g_ptr_array_unref(entry->a);
  g_ptr_array_unref(entry->b);
  g_free(entry->values_a);
  g_free(entry->values_b);
  g_free(entry);
}

UnparkCompareEntry *unpark_compare_entry(UnparkCompareWork *work, const char *key, const char *name,
                                         const char *stack, const char *kind) {
  UnparkCompareEntry *entry = g_hash_table_lookup(work->by_key, key);
  if (entry)
    return entry;
  /* What comes when there are very many is one row. */
  if (work->entries->len >= UNPARK_COMPARE_ENTRIES && strcmp(key, kind) != 0)
    return unpark_compare_entry(work, kind, "", "", kind);
  entry = g_new0(UnparkCompareEntry, 1);
  entry->key = g_strdup(key);
  entry->name = g_strdup(name);
  entry->stack = g_strdup(stack);
  entry->kind = kind;
  entry->number = work->entries->len;
  entry->a = g_ptr_array_new_with_free_func(series_free);
  entry->b = g_ptr_array_new_with_free_func(series_free);
  g_ptr_array_set_size(entry->a, (gint)work->spec->n_a);
  g_ptr_array_set_size(entry->b, (gint)work->spec->n_b);
  g_hash_table_insert(work->by_key, entry->key, entry);
  g_ptr_array_add(work->entries, entry);
  return entry;
}

/* ---- the comparison ------------------------------------------------------------------------- */

static gboolean check_kinds(const UnparkCompareSpec *spec, UnparkSourceKind *kind, GError **error) {
  *kind = unpark_store_source(spec->a[0])->kind;
  for (guint i = 0; i < spec->n_a + spec->n_b; i++) {
    UnparkStore *store = i < spec->n_a ? spec->a[i] : spec->b[i - spec->n_a];
    if (unpark_store_source(store)->kind != *kind) {
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                  _("“%s” and “%s” are not of the same kind: compare traces with traces, profiles "
                    "with profiles, dumps with dumps, spans with spans"),
                  unpark_store_source(spec->a[0])->path, unpark_store_source(store)->path);
      return FALSE;
    }
  }
  if (spec->series && *kind != UNPARK_SOURCE_DUMP) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                _("“%s” is not a goroutine dump, of which alone a series can be compared"),
                unpark_store_source(spec->a[0])->path);
    return FALSE;
  }
  if (*kind != UNPARK_SOURCE_RACE)
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
              _("“%s” is a race report, which has nothing to compare"),
              unpark_store_source(spec->a[0])->path);
  return FALSE;
}

static UnparkCompareRead reader_of(UnparkSourceKind kind) {
  switch (kind) {
  case UNPARK_SOURCE_TRACE:
    return unpark_compare_trace;
  case UNPARK_SOURCE_PROFILE:
    return unpark_compare_profile;
  case UNPARK_SOURCE_SPANS:
    return unpark_compare_spans;
  default:
    return unpark_compare_dump;
  }
}

static gboolean read_files(UnparkCompareWork *work, GCancellable *cancellable, GError **error) {
  const UnparkCompareSpec *spec = work->spec;
  const UnparkComparison *result = work->result;
  UnparkCompareRead read = reader_of(result->kind);
  for (guint i = 0; i < spec->n_a; i++)
    if (!read(work, spec->a[i], FALSE, i, cancellable, error))
      return FALSE;
  for (guint i = 0; i < spec->n_b; i++)
    if (!read(work, spec->b[i], TRUE, i, cancellable, error))
      return FALSE;
  if (result->kind != UNPARK_SOURCE_TRACE || spec->per != UNPARK_COMPARE_PER_TASK ||
      (result->a.n_tasks > 0 && result->b.n_tasks > 0))
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
              _("There are no tasks to divide by on one of the sides"));
  return FALSE;
}

static int certain_first(const void *a, const void *b) {
  const UnparkCompareRow *x = a, *y = b;
  gboolean p = x->verdict != UNPARK_VERDICT_UNCLEAR, q = y->verdict != UNPARK_VERDICT_UNCLEAR;
  if (p != q)
    return p ? -1 : 1;
  if (x->certainty < y->certainty || x->certainty > y->certainty)
    return x->certainty > y->certainty ? -1 : 1;
  int order = strcmp(x->name, y->name);
  return order ? order : strcmp(x->measure, y->measure);
}

/* Of places that have a figure. */
static void count_places(UnparkComparison *c) {
  g_autofree guint8 *seen = g_new0(guint8, (gsize)c->n_curves + 1);
  for (guint i = 0; i < c->n_rows; i++) {
    seen[c->rows[i].place] |= (guint8)(1 << c->rows[i].verdict);
    c->n_certain += c->rows[i].verdict != UNPARK_VERDICT_UNCLEAR;
  }
  for (guint i = 0; i < c->n_curves; i++) {
    gboolean more = (seen[i] & 1 << UNPARK_VERDICT_MORE) != 0;
    gboolean less = (seen[i] & 1 << UNPARK_VERDICT_LESS) != 0;
    c->n_places += seen[i] != 0;
    c->n_more += more;
    c->n_less += less;
    c->n_changed += more || less;
  }
}

static void make_rows(UnparkCompareWork *work, GCancellable *cancellable) {
  UnparkComparison *c = work->result;
  c->n_curves = work->entries->len;
  c->curves = g_new0(UnparkCompareCurve *, (gsize)c->n_curves + 1);
  for (guint i = 0; i < work->entries->len && !g_cancellable_is_cancelled(cancellable); i++) {
    UnparkCompareEntry *entry = work->entries->pdata[i];
    if (entry->values_a)
      unpark_compare_judge_counts(work, entry);
    else
      unpark_compare_judge_series(work, entry);
  }
  unpark_compare_decide(work);
  c->n_rows = work->rows->len;
  c->rows = (UnparkCompareRow *)(void *)g_array_free(g_steal_pointer(&work->rows), FALSE);
  if (c->n_rows > 1)
    qsort(c->rows, c->n_rows, sizeof *c->rows, certain_first);
  count_places(c);
}

UnparkComparison *unpark_compare_new(const UnparkCompareSpec *spec, GCancellable *cancellable,
                                     GError **error) {
  g_autoptr(UnparkComparison) result = g_new0(UnparkComparison, 1);
  UnparkCompareWork work = {.spec = spec, .result = result};
  if (!check_kinds(spec, &result->kind, error))
    return NULL;
  result->a.n_files = spec->n_a;
  result->b.n_files = spec->n_b;
  work.by_key = g_hash_table_new(g_str_hash, g_str_equal);
  work.entries = g_ptr_array_new_with_free_func(entry_free);
  work.rows = g_array_new(FALSE, FALSE, sizeof(UnparkCompareRow));
  work.chances = g_array_new(FALSE, FALSE, sizeof(UnparkCompareChance));
  work.per_a = g_malloc0(sizeof *work.per_a * spec->n_a);
  work.per_b = g_malloc0(sizeof *work.per_b * spec->n_b);
  gboolean ok = read_files(&work, cancellable, error);
  if (ok)
    make_rows(&work, cancellable);
  g_hash_table_unref(work.by_key);
  g_ptr_array_unref(work.entries);
  g_clear_pointer(&work.rows, g_array_unref);
  g_array_unref(work.chances);
  g_free(work.per_a);
  g_free(work.per_b);
  if (!ok || g_cancellable_set_error_if_cancelled(cancellable, error))
    return NULL;
  return g_steal_pointer(&result);
}

void unpark_compare_free(UnparkComparison *comparison) {
  if (!comparison)
    return;
  for (guint i = 0; i < comparison->n_rows; i++) {
    g_free(comparison->rows[i].name);
    g_free(comparison->rows[i].stack);
    g_free(comparison->rows[i].measure);
    g_free(comparison->rows[i].series);
  }
  for (guint i = 0; i < comparison->n_curves; i++)
    g_free(comparison->curves[i]);
  g_free(comparison->curves);
  g_free(comparison->rows);
  g_free(comparison);
}
