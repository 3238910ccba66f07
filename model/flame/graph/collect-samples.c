/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles: one sample type of one profile, by label where that is asked for. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/times.h"
#include "model/flame/graph/private.h"

typedef struct {
  UnparkFlameCollector *c;
  gint64 profile, type;
  guint n_samples;
  gint64 *ids, *stacks; /* by sample, in order of the rows */
  guint32 *groups;      /* by sample; NULL: no grouping */
  guint8 *keep;         /* by sample; NULL: all */
  GHashTable *by_id;    /* id -> index + 1; NULL: ids are first_id + index */
  gint64 first_id;
} Samples;

static gint64 *load(UnparkFlameCollector *c, int table, guint *n, guint *columns, gboolean *ok) {
  GError *error = NULL;
  gint64 *rows = unpark_store_rows(c->store, table, G_MININT64 + 1, G_MAXINT64, n, columns,
                                   c->cancellable, &error);
  *ok = error == NULL;
  if (error)
    g_propagate_error(c->error, error);
  return rows;
}

/* ---- Which sample type ------------------------------------------------------------------- */

/* The profile to take when none is named, and the index of its default type. */
static gboolean choose(Samples *s) {
  const UnparkFlameSource *source = &s->c->spec->source;
  guint n, columns;
  gboolean ok, found = FALSE;
  gint64 default_type = 0;
  g_autofree gint64 *profiles = load(s->c, UNPARK_TABLE_PROFILE, &n, &columns, &ok);
  s->profile = source->profile;
  for (guint i = 0; i < n && !found; i++) {
    const gint64 *row = profiles + (gsize)i * columns;
    found = source->profile == 0 || row[0] == source->profile;
    if (found) {
      s->profile = row[0];
      default_type = row[7];
    }
  }
  if (!ok)
    return FALSE;
  g_autofree gint64 *types = load(s->c, UNPARK_TABLE_SAMPLE_TYPE, &n, &columns, &ok);
  const gint64 *chosen = NULL;
  for (guint i = 0; i < n; i++) {
    const gint64 *row = types + (gsize)i * columns;
    if (row[0] != s->profile)
      continue;
    if (source->sample_type >= 0 ? row[1] == source->sample_type
                                 : !chosen || chosen[2] != default_type)
      chosen = row; /* without a default pprof takes the last one */
  }
  if (ok && !chosen)
    g_set_error(s->c->error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT,
                _("The profile has no such sample type."));
  if (!ok || !chosen)
    return FALSE;
  s->type = chosen[1];
  s->c->input->unit = g_strdup(unpark_store_string(s->c->store, (guint32)chosen[3]));
  s->c->input->title = g_strdup(unpark_store_string(s->c->store, (guint32)chosen[2]));
  return TRUE;
}

/* ---- Samples ------------------------------------------------------------------------------ */

static gboolean load_samples(Samples *s) {
  guint n, columns;
  gboolean ok, dense = TRUE;
  g_autofree gint64 *rows = load(s->c, UNPARK_TABLE_SAMPLE, &n, &columns, &ok);
  if (!ok)
    return FALSE;
  s->ids = g_new(gint64, (gsize)n + 1);
  s->stacks = g_new(gint64, (gsize)n + 1);
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * columns;
    if (row[1] != s->profile)
      continue;
    s->ids[s->n_samples] = row[0];
    s->stacks[s->n_samples++] = row[2];
  }
  s->first_id = s->n_samples > 0 ? s->ids[0] : 0;
  for (guint i = 0; i < s->n_samples && dense; i++)
    dense = s->ids[i] - s->first_id == i;
  if (dense)
    return TRUE;
  s->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < s->n_samples; i++)
    g_hash_table_insert(s->by_id, &s->ids[i], GUINT_TO_POINTER(i + 1));
  return TRUE;
}

/* Index of a sample; n_samples if it is of another profile. */
static guint find(const Samples *s, gint64 id) {
  if (s->by_id) {
    guint index = GPOINTER_TO_UINT(g_hash_table_lookup(s->by_id, &id));
    return index ? index - 1 : s->n_samples;
  }
  if (id < s->first_id || id - s->first_id >= s->n_samples)
    return s->n_samples;
  return (guint)(id - s->first_id);
}

/* ---- Labels ------------------------------------------------------------------------------- */

/* sample, key, text, number, unit */
static char *label_text(UnparkStore *store, const gint64 *row) {
  const char *text = row[2] == UNPARK_NONE ? "" : unpark_store_string(store, (guint32)row[2]);
  const char *unit = row[4] == UNPARK_NONE ? "" : unpark_store_string(store, (guint32)row[4]);
  if (*text || row[3] == UNPARK_NONE)
    return g_strdup(text);
  return g_strdup_printf("%" G_GINT64_FORMAT "%s%s", row[3], *unit ? " " : "", unit);
}

static void use_label(Samples *s, guint sample, const char *key, const char *text,
                      const GRegex *match) {
  const char *wanted = s->c->spec->label_key;
  if (wanted && *wanted && strcmp(key, wanted) != 0)
    return;
  if (s->keep && g_regex_match(match, text, 0, NULL))
    s->keep[sample] = 1;
  if (s->groups && !s->groups[sample])
    s->groups[sample] = unpark_flame_group(s->c, text);
}

static gboolean load_labels(Samples *s) {
  const UnparkFlameSpec *spec = s->c->spec;
  gboolean filters = spec->label_match && *spec->label_match;
  gboolean groups = spec->grouping == UNPARK_FLAME_BY_LABEL;
  g_autoptr(GRegex) match = NULL;
  guint n, columns;
  gboolean ok;
  if (!filters && !groups)
    return TRUE;
  if (filters && !(match = g_regex_new(spec->label_match, G_REGEX_OPTIMIZE, 0, s->c->error)))
    return FALSE;
  g_autofree gint64 *rows = load(s->c, UNPARK_TABLE_SAMPLE_LABEL, &n, &columns, &ok);
  if (!ok)
    return FALSE;
  s->keep = filters ? g_new0(guint8, (gsize)s->n_samples + 1) : NULL;
  s->groups = groups ? g_new0(guint32, (gsize)s->n_samples + 1) : NULL;
  for (guint i = 0; i < n; i++) {
    const gint64 *row = rows + (gsize)i * columns;
    guint sample = find(s, row[0]);
    if (sample == s->n_samples)
      continue;
    g_autofree char *text = label_text(s->c->store, row);
    use_label(s, sample, unpark_store_string(s->c->store, (guint32)row[1]), text, match);
  }
  for (guint i = 0; groups && i < s->n_samples; i++)
    if (!s->groups[i])
      s->groups[i] = unpark_flame_group(s->c, "");
  return TRUE;
}

/* ---- Values ------------------------------------------------------------------------------- */

static gboolean count_values(Samples *s) {
  guint n, columns;
  gboolean ok;
  g_autofree gint64 *rows = load(s->c, UNPARK_TABLE_SAMPLE_VALUE, &n, &columns, &ok);
  for (guint i = 0; i < n && ok; i++) {
    const gint64 *row = rows + (gsize)i * columns;
    guint sample = row[1] == s->type ? find(s, row[0]) : s->n_samples;
    if (sample == s->n_samples)
      continue;
    if (s->keep && !s->keep[sample]) {
      s->c->input->total = unpark_time_add(s->c->input->total, row[2]);
      continue;
    }
    unpark_flame_add(s->c, s->groups ? s->groups[sample] : 0, (guint32)s->stacks[sample], row[0],
                     row[2]);
  }
  return ok;
}

gboolean unpark_flame_collect_samples(UnparkFlameCollector *c) {
  Samples s = {.c = c};
  gboolean ok = choose(&s) && load_samples(&s) && load_labels(&s) && count_values(&s);
  g_clear_pointer(&s.by_id, g_hash_table_unref);
  g_free(s.ids);
  g_free(s.stacks);
  g_free(s.groups);
  g_free(s.keep);
  return ok;
}
