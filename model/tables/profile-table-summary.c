/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What profiles a store has and what their numbers are. */
#include <string.h>

#include "model/tables/profile-table.h"
#include "model/writer/writer.h"

enum { P_ID, P_KIND, P_PERIOD, P_PERIOD_TYPE, P_PERIOD_UNIT, P_TIME, P_DURATION, P_DEFAULT };
enum { T_PROFILE, T_INDEX, T_TYPE, T_UNIT };

gboolean unpark_profile_exists(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_PROFILE ||
         unpark_store_count(store, UNPARK_TABLE_PROFILE) > 0;
}

static const char *text(UnparkStore *store, gint64 id) {
  return id > 0 && id <= G_MAXUINT32 ? unpark_store_string(store, (guint32)id) : "";
}

static gboolean read_profiles(UnparkProfileSummary *summary, UnparkStore *store,
                              GCancellable *cancellable, GError **error) {
  guint n, width;
  GError *failure = NULL;
  g_autofree gint64 *rows = unpark_store_rows(store, UNPARK_TABLE_PROFILE, G_MININT64 + 1,
                                              G_MAXINT64, &n, &width, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  summary->profiles = g_new0(UnparkProfileInfo, MAX(n, 1));
  summary->n_profiles = n;
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * width;
    summary->profiles[i] = (UnparkProfileInfo){.id = row[P_ID],
                                               .kind = text(store, row[P_KIND]),
                                               .default_type = text(store, row[P_DEFAULT]),
                                               .period_type = text(store, row[P_PERIOD_TYPE]),
                                               .period_unit = text(store, row[P_PERIOD_UNIT]),
                                               .period = row[P_PERIOD],
                                               .time_wall_ns = row[P_TIME],
                                               .duration_ns = row[P_DURATION]};
  }
  return TRUE;
}

static const char *default_type(const UnparkProfileSummary *summary, gint64 profile) {
  for (guint i = 0; i < summary->n_profiles; i++)
    if (summary->profiles[i].id == profile)
      return summary->profiles[i].default_type;
  return "";
}

static int compare_types(const void *a, const void *b) {
  const UnparkProfileType *x = a, *y = b;
  if (x->profile != y->profile)
    return x->profile < y->profile ? -1 : 1;
  if (x->is_default != y->is_default)
    return x->is_default ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

/* pprof's own choice where the file makes none, or one that is not there: the last. */
static void choose_defaults(UnparkProfileSummary *summary) {
  for (guint p = 0; p < summary->n_profiles; p++) {
    UnparkProfileType *last = NULL;
    gboolean found = FALSE;
    for (guint i = 0; i < summary->n_types; i++) {
      UnparkProfileType *type = &summary->types[i];
      if (type->profile != summary->profiles[p].id)
        continue;
      found |= type->is_default;
      if (!last || type->index > last->index)
        last = type;
    }
    if (last && !found)
      last->is_default = TRUE;
  }
}

static gboolean read_types(UnparkProfileSummary *summary, UnparkStore *store,
                           GCancellable *cancellable, GError **error) {
  guint n, width;
  GError *failure = NULL;
  g_autofree gint64 *rows = unpark_store_rows(store, UNPARK_TABLE_SAMPLE_TYPE, G_MININT64 + 1,
                                              G_MAXINT64, &n, &width, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  summary->types = g_new0(UnparkProfileType, MAX(n, 1));
  summary->n_types = n;
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * width;
    UnparkProfileType *type = &summary->types[i];
    type->profile = row[T_PROFILE];
    type->index = row[T_INDEX];
    type->type = text(store, row[T_TYPE]);
    type->unit = text(store, row[T_UNIT]);
    type->is_default = *type->type && strcmp(type->type, default_type(summary, type->profile)) == 0;
  }
  choose_defaults(summary);
  if (n > 1)
    qsort(summary->types, n, sizeof *summary->types, compare_types);
  return TRUE;
}

UnparkProfileSummary *unpark_profile_summary_new(UnparkStore *store, GCancellable *cancellable,
                                                 GError **error) {
  g_autoptr(UnparkProfileSummary) summary = g_new0(UnparkProfileSummary, 1);
  if (!read_profiles(summary, store, cancellable, error) ||
      !read_types(summary, store, cancellable, error))
    return NULL;
  return g_steal_pointer(&summary);
}

void unpark_profile_summary_free(UnparkProfileSummary *summary) {
  if (!summary)
    return;
  g_free(summary->profiles);
  g_free(summary->types);
  g_free(summary);
}
