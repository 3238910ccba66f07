/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/kind.h"

#include <string.h>

static const char *const kind_names[UNPARK_N_PROFILES] = {
    [UNPARK_PROFILE_CUSTOM] = "custom",
    [UNPARK_PROFILE_CPU] = "cpu",
    [UNPARK_PROFILE_HEAP] = "heap",
    [UNPARK_PROFILE_ALLOCS] = "allocs",
    [UNPARK_PROFILE_GOROUTINE] = "goroutine",
    [UNPARK_PROFILE_GOROUTINELEAK] = "goroutineleak",
    [UNPARK_PROFILE_MUTEX] = "mutex",
    [UNPARK_PROFILE_BLOCK] = "block",
    [UNPARK_PROFILE_THREADCREATE] = "threadcreate",
};

/* Where runtime/pprof's mutex profiles end; the names of Go 1.8 to 1.27. */
static const char *const unlock_names[UNPARK_PPROF_N_UNLOCKS] = {
    "sync.(*Mutex).Unlock",   "internal/sync.(*Mutex).Unlock",
    "sync.(*RWMutex).Unlock", "sync.(*RWMutex).RUnlock",
    "runtime.unlock",         "runtime._LostContendedRuntimeLock",
};

const char *unpark_profile_kind_name(UnparkProfileKind kind) {
  return kind_names[kind];
}

UnparkProfileKind unpark_profile_kind_of_name(const char *name, gsize len) {
  for (UnparkProfileKind kind = UNPARK_PROFILE_CPU; kind < UNPARK_N_PROFILES; kind++)
    if (strlen(kind_names[kind]) == len && memcmp(kind_names[kind], name, len) == 0)
      return kind;
  return UNPARK_PROFILE_CUSTOM;
}

UnparkProfileKind unpark_profile_kind_of_file(const char *path) {
  const char *base = path ? strrchr(path, '/') : NULL;
  UnparkProfileKind found = UNPARK_PROFILE_CUSTOM;
  gsize longest = 0;

  base = base ? base + 1 : path;
  for (UnparkProfileKind kind = UNPARK_PROFILE_CPU; base && kind < UNPARK_N_PROFILES; kind++) {
    gsize len = strlen(kind_names[kind]);
    if (len > longest && strstr(base, kind_names[kind])) {
      found = kind; /* "goroutineleak" is longer than "goroutine" */
      longest = len;
    }
  }
  return found;
}

static guint32 word(UnparkWriter *writer, const char *text) {
  return unpark_writer_string(writer, text, strlen(text));
}

void unpark_pprof_words_init(UnparkPprofWords *words, UnparkWriter *writer) {
  *words = (UnparkPprofWords){
      .writer = writer,
      .cpu = word(writer, "cpu"),
      .samples = word(writer, "samples"),
      .alloc_space = word(writer, "alloc_space"),
      .alloc_objects = word(writer, "alloc_objects"),
      .inuse_space = word(writer, "inuse_space"),
      .inuse_objects = word(writer, "inuse_objects"),
      .objects = word(writer, "objects"),
      .space = word(writer, "space"),
      .contentions = word(writer, "contentions"),
      .delay = word(writer, "delay"),
  };
  for (guint i = 0; i < UNPARK_N_PROFILES; i++)
    words->kinds[i] = word(writer, kind_names[i]);
  for (guint i = 0; i < UNPARK_PPROF_N_UNLOCKS; i++)
    words->unlocks[i] = word(writer, unlock_names[i]);
}

gboolean unpark_pprof_is_unlock(const UnparkPprofWords *words, guint32 function) {
  for (guint i = 0; i < UNPARK_PPROF_N_UNLOCKS; i++)
    if (function == words->unlocks[i])
      return TRUE;
  return FALSE;
}

static gboolean has_type(UnparkPprofTables *tables, guint32 type) {
  for (guint i = 0; i < tables->types->len; i++) {
    guint32 number = g_array_index(tables->types, UnparkPprofValueType, i).type;
    if (number < tables->strings->len && g_array_index(tables->strings, guint32, number) == type)
      return TRUE;
  }
  return FALSE;
}

static UnparkProfileKind heap_kind(const UnparkPprofWords *words, UnparkPprofTables *tables) {
  guint32 shown = unpark_pprof_string(tables, tables->default_type);

  if (shown == words->alloc_space || shown == words->alloc_objects)
    return UNPARK_PROFILE_ALLOCS;
  if (!has_type(tables, words->inuse_space) && !has_type(tables, words->space))
    return UNPARK_PROFILE_ALLOCS;
  return UNPARK_PROFILE_HEAP;
}

static UnparkProfileKind contention_kind(const UnparkPprofWords *words, const char *path) {
  UnparkProfileKind hint;

  if (words->n_unlocks != words->n_others)
    return words->n_unlocks > words->n_others ? UNPARK_PROFILE_MUTEX : UNPARK_PROFILE_BLOCK;
  hint = unpark_profile_kind_of_file(path);
  return hint == UNPARK_PROFILE_MUTEX ? UNPARK_PROFILE_MUTEX : UNPARK_PROFILE_BLOCK;
}

UnparkProfileKind unpark_pprof_kind(const UnparkPprofWords *words, UnparkPprofTables *tables,
                                    const char *path) {
  guint32 period = unpark_pprof_string(tables, tables->period_type.type);

  if (has_type(tables, words->contentions) && has_type(tables, words->delay))
    return contention_kind(words, path);
  if (has_type(tables, words->inuse_space) || has_type(tables, words->alloc_space) ||
      (has_type(tables, words->objects) && has_type(tables, words->space)))
    return heap_kind(words, tables);
  if (has_type(tables, words->cpu) || period == words->cpu)
    return UNPARK_PROFILE_CPU;
  for (UnparkProfileKind kind = UNPARK_PROFILE_GOROUTINE; kind < UNPARK_N_PROFILES; kind++)
    if (has_type(tables, words->kinds[kind]))
      return kind;
  return UNPARK_PROFILE_CUSTOM;
}
