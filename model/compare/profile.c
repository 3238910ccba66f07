/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles by function and measure, dumps by stack and state. */
#include <math.h>
#include <string.h>

#include "model/base/go-name.h"
#include "model/base/times.h"
#include "model/compare/private.h"
#include "model/tables/dump-groups.h"
#include "model/tables/profile-table.h"

static UnparkCompareEntry *counted(UnparkCompareWork *work, const char *name, const char *stack,
                                   const char *kind, const char *measure, const char *unit) {
  g_autofree char *key = g_strdup_printf("%s\n%s\n%s\n%s", kind, measure, name, stack);
  UnparkCompareEntry *entry = unpark_compare_entry(work, key, name, stack, kind);
  if (!entry->values_a) {
    entry->values_a = g_new0(double, (gsize)work->spec->n_a + 1);
    entry->values_b = g_new0(double, (gsize)work->spec->n_b + 1);
    entry->measure = g_intern_string(measure);
    entry->unit = g_intern_string(unit);
  }
  return entry;
}

static void add(UnparkCompareEntry *entry, gboolean is_b, guint file, double value, double cases) {
  *(is_b ? &entry->values_b[file] : &entry->values_a[file]) += value;
  *(is_b ? &entry->cases_b : &entry->cases_a) += cases;
}

/* ---- profiles ------------------------------------------------------------------------------- */

typedef struct {
  UnparkCompareWork *work;
  UnparkStore *store;
  gboolean is_b;
  guint file;
  UnparkProfileSummary *summary;
} Profile;

static const UnparkProfileInfo *info_of(const Profile *p, const UnparkProfileType *type) {
  for (guint i = 0; i < p->summary->n_profiles; i++)
    if (p->summary->profiles[i].id == type->profile)
      return &p->summary->profiles[i];
  return NULL;
}

/* How many samples a value stands for: of a count itself, of others by the period. */
static double cases_of(const UnparkProfileInfo *info, const UnparkProfileType *type, double value,
                       const UnparkProfileTable *table) {
  double mean = table->n_samples ? (double)table->magnitude / (double)table->n_samples : 1;
  value = fabs(value);
  if (info && info->period > 1 && strcmp(info->period_unit, type->unit) == 0)
    return value / (double)info->period;
  if (strcmp(type->unit, "count") == 0 && (!info || strcmp(info->period_unit, "bytes") != 0))
    return value;
  return value / MAX(mean, 1);
}

static gboolean take_type(const Profile *p, const UnparkProfileType *type,
                          GCancellable *cancellable, GError **error) {
  const UnparkProfileInfo *info = info_of(p, type);
  gboolean rate = info && info->duration_ns > 0 && strcmp(info->kind, "cpu") == 0;
  double seconds = rate ? (double)info->duration_ns / 1e9 : 1;
  g_autofree char *flat = g_strdup_printf("%s_flat%s", type->type, rate ? "_per_second" : "");
  g_autofree char *cumulative = g_strdup_printf("%s_cum%s", type->type, rate ? "_per_second" : "");
  g_autoptr(UnparkProfileTable) table =
      unpark_profile_table_new(p->store, type->profile, type->index, cancellable, error);
  if (!table)
    return FALSE;
  for (guint i = 0; i < table->n_rows; i++) {
    const UnparkProfileRow *row = &table->rows[i];
    g_autofree char *name = unpark_compare_function(row->function);
    const char *unit = strcmp(type->unit, "nanoseconds") == 0 ? "ns" : type->unit;
    if (row->flat != 0)
      add(counted(p->work, name, "", "profile", flat, unit), p->is_b, p->file,
          (double)row->flat / seconds, cases_of(info, type, (double)row->flat, table));
    if (row->cumulative != 0)
      add(counted(p->work, name, "", "profile", cumulative, unit), p->is_b, p->file,
          (double)row->cumulative / seconds, cases_of(info, type, (double)row->cumulative, table));
  }
  return TRUE;
}

gboolean unpark_compare_profile(UnparkCompareWork *work, UnparkStore *store, gboolean is_b,
                                guint file, GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkProfileSummary) summary = unpark_profile_summary_new(store, cancellable, error);
  Profile p = {work, store, is_b, file, summary};
  UnparkCompareSide *side = is_b ? &work->result->b : &work->result->a;
  if (!summary)
    return FALSE;
  for (guint i = 0; i < summary->n_types; i++)
    if (!take_type(&p, &summary->types[i], cancellable, error))
      return FALSE;
  for (guint i = 0; i < summary->n_profiles; i++)
    unpark_time_sum(&side->duration_ns, MAX(summary->profiles[i].duration_ns, 0));
  return TRUE;
}

/* ---- dumps ---------------------------------------------------------------------------------- */

static gboolean is_own(const char *function) {
  return !unpark_go_is_standard(function);
}

gboolean unpark_compare_dump(UnparkCompareWork *work, UnparkStore *store, gboolean is_b, guint file,
                             GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkDumpGroups) groups = unpark_dump_groups_new(store, is_own, cancellable, error);
  UnparkCompareSide *side = is_b ? &work->result->b : &work->result->a;
  if (!groups)
    return FALSE;
  for (guint i = 0; i < groups->n_groups; i++) {
    const UnparkDumpGroup *group = &groups->groups[i];
    g_autofree char *name = NULL, *stack = NULL;
    unpark_compare_place(store, group->stack, group->state,
                         work->spec->by == UNPARK_COMPARE_FUNCTION, &name, &stack);
    add(counted(work, name, stack, "dump", "goroutines", "count"), is_b, file, (double)group->count,
        (double)group->count);
  }
  if (!work->spec->series || !is_b || file == 0)
    side->n_goroutines += groups->n_goroutines;
  return TRUE;
}
