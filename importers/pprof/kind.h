/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of profile it is (profile.kind). */
#pragma once

#include "importers/pprof/tables.h"

typedef enum {
  UNPARK_PROFILE_CUSTOM,
  UNPARK_PROFILE_CPU,
  UNPARK_PROFILE_HEAP,
  UNPARK_PROFILE_ALLOCS,
  UNPARK_PROFILE_GOROUTINE,
  UNPARK_PROFILE_GOROUTINELEAK,
  UNPARK_PROFILE_MUTEX,
  UNPARK_PROFILE_BLOCK,
  UNPARK_PROFILE_THREADCREATE,
  UNPARK_N_PROFILES
} UnparkProfileKind;

/* "cpu", "heap", ... "custom". */
const char *unpark_profile_kind_name(UnparkProfileKind kind);
/* The kind of that name; CUSTOM for others. */
UnparkProfileKind unpark_profile_kind_of_name(const char *name, gsize len);
/* The kind that a file name tells: "mutex.pprof", "/debug/pprof/block?debug=1",
 * "pprof.server.alloc_objects...heap.pb.gz"; CUSTOM if none. */
UnparkProfileKind unpark_profile_kind_of_file(const char *path);

/* The words that tell the kind of a profile, as the writer's string ids: to be made before other
 * strings, so that equal text surely has an equal id. Mutex and block profiles have the same value
 * types ("contentions", "delay"). They differ in where their stacks end: mutex profiles where a
 * lock is given back, block profiles where a goroutine waits. */
#define UNPARK_PPROF_N_UNLOCKS 6

typedef struct {
  UnparkWriter *writer;
  guint32 cpu, samples, alloc_space, alloc_objects, inuse_space, inuse_objects, objects, space,
      contentions, delay;
  guint32 kinds[UNPARK_N_PROFILES];        /* their names */
  guint32 unlocks[UNPARK_PPROF_N_UNLOCKS]; /* functions that give a lock back */
  guint64 n_unlocks, n_others;             /* samples that end there, and others */
} UnparkPprofWords;

void unpark_pprof_words_init(UnparkPprofWords *words, UnparkWriter *writer);
/* TRUE if this function (string id) gives a lock back. */
gboolean unpark_pprof_is_unlock(const UnparkPprofWords *words, guint32 function);
/* `words` has seen all samples. */
UnparkProfileKind unpark_pprof_kind(const UnparkPprofWords *words, UnparkPprofTables *tables,
                                    const char *path);
