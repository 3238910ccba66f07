/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of every string of a store, by what it is used for. */
#include <string.h>

#include "model/redact/private.h"
#include "model/store/decode.h"

typedef struct {
  UnparkStore *store;
  const guint8 *key;
  UnparkRedactTexts *texts;
  GCancellable *cancellable;
} Walk;

/* Takes `text`. What a string is used for first decides. */
static void put(Walk *w, gint64 id, char *text) {
  if (id > 0 && id < w->texts->n && !w->texts->by_id[id])
    w->texts->by_id[id] = text;
  else
    g_free(text);
}

static gboolean is_done(const Walk *w, gint64 id) {
  return id <= 0 || id >= w->texts->n || w->texts->by_id[id] != NULL;
}

/* ---- Uses ----------------------------------------------------------------------------------- */

typedef void (*Use)(Walk *w, gint64 id, const char *text);

static void keep(Walk *w, gint64 id, const char *text) {
  put(w, id, g_strdup(text));
}

static void use_function(Walk *w, gint64 id, const char *text) {
  put(w, id, unpark_redact_function(w->key, text));
}

static void use_task(Walk *w, gint64 id, const char *text) {
  put(w, id, unpark_redact_word(w->key, "task", text));
}

static void use_region(Walk *w, gint64 id, const char *text) {
  put(w, id, unpark_redact_word(w->key, "region", text));
}

static gboolean is_among(const char *text, const char *const *words, guint n) {
  for (guint i = 0; i < n; i++)
    if (strcmp(text, words[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Of a dump: what the runtime prints, not what somebody else made of it. */
static void use_state(Walk *w, gint64 id, const char *text) {
  static const char *const known[] = {"running", "runnable",       "syscall",      "idle",
                                      "dead",    "waiting",        "copystack",    "preempted",
                                      "IO wait", "finalizer wait", "runtime stack"};
  gboolean kept = is_among(text, known, G_N_ELEMENTS(known)) ||
                  unpark_wait_of_reason(text) != UNPARK_WAIT_OTHER;

  put(w, id, kept ? g_strdup(text) : unpark_redact_word(w->key, "state", text));
}

static void use_access(Walk *w, gint64 id, const char *text) {
  static const char *const known[] = {"read", "write", "atomic read", "atomic write"};

  put(w, id,
      is_among(text, known, G_N_ELEMENTS(known)) ? g_strdup(text)
                                                 : unpark_redact_word(w->key, "access", text));
}

/* Kinds, measures and units of profiles. */
static void use_measure(Walk *w, gint64 id, const char *text) {
  static const char *const known[] = {
      "cpu",         "heap",         "allocs",        "goroutine",   "goroutines",    "mutex",
      "block",       "threadcreate", "goroutineleak", "custom",      "samples",       "count",
      "nanoseconds", "microseconds", "milliseconds",  "seconds",     "bytes",         "contentions",
      "contention",  "delay",        "inuse_objects", "inuse_space", "alloc_objects", "alloc_space",
      "space",       "objects",      "wall",          "growth",      "threads",       "folded",
      "perf",        "none",         "weight",        "base",        "cycles",        "events",
      "cpu-cycles",  "task-clock",   "cpu-clock"};

  put(w, id,
      is_among(text, known, G_N_ELEMENTS(known)) ? g_strdup(text)
                                                 : unpark_redact_word(w->key, "measure", text));
}

static const struct {
  int fact, column;
  Use use;
} uses[] = {{UNPARK_FACT_KIND, 1, keep}, /* reasons are the runtime's */
            {UNPARK_TABLE_METRIC, METRIC_NAME, keep},
            {UNPARK_TABLE_RANGE, RANGE_NAME, keep},
            {UNPARK_FACT_FRAME, 0, use_function},
            {UNPARK_FACT_GOROUTINE, G_NAME, use_function},
            {UNPARK_TABLE_TASK, TASK_NAME, use_task},
            {UNPARK_TABLE_REGION, REGION_NAME, use_region},
            {UNPARK_TABLE_DUMP_GOROUTINE, 1, use_state},
            {UNPARK_TABLE_RACE, 1, use_access},
            {UNPARK_TABLE_RACE, 5, use_access},
            {UNPARK_TABLE_PROFILE, 1, use_measure},
            {UNPARK_TABLE_PROFILE, 3, use_measure},
            {UNPARK_TABLE_PROFILE, 4, use_measure},
            {UNPARK_TABLE_PROFILE, 7, use_measure},
            {UNPARK_TABLE_SAMPLE_TYPE, 2, use_measure},
            {UNPARK_TABLE_SAMPLE_TYPE, 3, use_measure}};

static gboolean walk_column(Walk *w, UnparkFact fact, guint column, Use use, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(w->store, fact);

  for (guint b = 0; b < list->n; b++) {
    g_autoptr(UnparkDecoded) d =
        unpark_store_decode(w->store, fact, &list->blocks[b], 1u << column, error);

    if (!d || g_cancellable_set_error_if_cancelled(w->cancellable, error))
      return FALSE;
    for (guint i = 0; i < d->n; i++) {
      gint64 id = d->columns[column][i];

      if (!is_done(w, id))
        use(w, id, unpark_store_string(w->store, (guint32)id));
    }
  }
  return TRUE;
}

/* A file belongs to the package of the functions in it: of several to the first one that is the
 * program's, by name. */
static gboolean walk_files(Walk *w, GError **error) {
  const UnparkStacks *stacks = unpark_store_stacks(w->store, error);
  g_autofree const char **owners = g_new0(const char *, w->texts->n);

  if (!stacks)
    return FALSE;
  for (guint i = 0; i < stacks->n_frames; i++) {
    const gint64 *frame = stacks->frames + (gsize)i * 4;
    gint64 id = frame[1];

    if (id <= 0 || id >= w->texts->n)
      continue;
    const char *function = unpark_store_string(w->store, (guint32)frame[0]);
    const char *owner = owners[id];
    gboolean own = !unpark_redact_is_kept(function);
    if (!owner || (own && (unpark_redact_is_kept(owner) || strcmp(function, owner) < 0)))
      owners[id] = function;
  }
  for (gint64 id = 1; id < w->texts->n; id++)
    if (owners[id] && !is_done(w, id))
      put(w, id,
          unpark_redact_file(w->key, unpark_store_string(w->store, (guint32)id), owners[id]));
  return TRUE;
}

UnparkRedactTexts *unpark_redact_texts_new(UnparkStore *store, const guint8 *key,
                                           GCancellable *cancellable, GError **error) {
  const UnparkBlockList *list = unpark_store_blocks(store, UNPARK_FACT_STRING);
  g_autoptr(UnparkRedactTexts) texts = g_new0(UnparkRedactTexts, 1);
  Walk w = {store, key, texts, cancellable};

  texts->n = 1;
  for (guint b = 0; b < list->n; b++)
    texts->n = MAX(texts->n, list->blocks[b].lane_max + 1);
  texts->by_id = g_new0(char *, texts->n);
  for (guint i = 0; i < G_N_ELEMENTS(uses); i++)
    if (!walk_column(&w, (UnparkFact)uses[i].fact, (guint)uses[i].column, uses[i].use, error))
      return NULL;
  return walk_files(&w, error) ? g_steal_pointer(&texts) : NULL;
}

const char *unpark_redact_texts_get(const UnparkRedactTexts *texts, gint64 id) {
  const char *text = id > 0 && id < texts->n ? texts->by_id[id] : NULL;

  return text ? text : "";
}

void unpark_redact_texts_free(UnparkRedactTexts *texts) {
  for (gint64 i = 0; texts->by_id && i < texts->n; i++)
    g_free(texts->by_id[i]);
  g_free(texts->by_id);
  g_free(texts);
}
