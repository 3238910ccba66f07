/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a store; only the files of this folder include it. */
#pragma once

#include "model/store/decode.h"

struct _UnparkStore {
  gint ref_count; /* atomic */
  char *path;
  gboolean live;
  UnparkBlocks *blocks;
  UnparkSource source;
  char *source_texts[4];
  UnparkNote *notes;
  guint n_notes;
  UnparkKind *kinds; /* by id; 0 is unused */
  guint n_kinds;
  UnparkStorePlace *places; /* by id; 0 is nowhere */
  guint n_places;
  gint64 *procs, *threads;
  guint n_procs, n_threads;

  GMutex lock; /* what is loaded at first use */
  UnparkGoroutine *goroutines;
  guint n_goroutines;
  gboolean has_goroutines;
  UnparkStacks *stacks;
  char ***strings;  /* by string block: texts; NULL: not loaded */
  GMutex attaching; /* unpark_store_attachment() */
  gpointer attached;
  GDestroyNotify attached_free;
};

/* unpark_store_string() where the lock is held. */
const char *unpark_store_string_locked(UnparkStore *store, guint32 id);
