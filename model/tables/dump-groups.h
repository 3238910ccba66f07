/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The goroutines of a dump, those in the same state at the same stack together.
 *
 * Plain structs, immutable once made: any thread may read them. Texts belong to the store, which
 * the groups keep alive.
 */
#pragma once

#include "model/store/store.h"

typedef struct {
  gint64 id;           /* 0: not known (the runtime's own stacks) */
  gint64 count;        /* goroutines this row stands for, at least 1 */
  gint64 wait_minutes; /* UNPARK_NONE: not said, or less than a minute */
  gint64 creator;      /* id of the goroutine that created it; UNPARK_NONE */
  guint32 create_stack;
  gboolean locked; /* to its thread */
} UnparkDumpMember;

typedef struct {
  const char *state; /* as printed: "chan receive" */
  UnparkState kind;
  UnparkWait wait; /* of waiting ones */
  guint32 stack;
  guint32 depth;       /* frames of the stack */
  gint64 count;        /* goroutines */
  gint64 wait_minutes; /* the longest; UNPARK_NONE */
  /* The innermost frame that is the user's own; else the innermost one. "" without a stack. */
  const char *function, *file;
  guint32 line;
  gboolean is_own;
  /* Where most of them were created; "" if it is not said. */
  const char *creator_function;
  guint32 create_stack;
  guint n_create_stacks; /* different ones */
  guint first, n;        /* members; the longest waits first */
} UnparkDumpGroup;

/* Atomically reference-counted. */
typedef struct {
  UnparkStore *store;
  UnparkDumpGroup *groups; /* largest first, then the longest wait; of equal ones the
                              user's own and those that ran first, then by state */
  guint n_groups;
  UnparkDumpMember *members;
  guint n_members;
  gint64 n_goroutines;
} UnparkDumpGroups;

/* Any thread. Whether there are goroutines of a dump. */
gboolean unpark_dump_exists(UnparkStore *store);

/* Worker. `is_own`: whether a function is the user's own, neither runtime nor standard library.
 * NULL with an error. */
UnparkDumpGroups *unpark_dump_groups_new(UnparkStore *store,
                                         gboolean (*is_own)(const char *function),
                                         GCancellable *cancellable, GError **error);
UnparkDumpGroups *unpark_dump_groups_ref(UnparkDumpGroups *groups);
void unpark_dump_groups_unref(UnparkDumpGroups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkDumpGroups, unpark_dump_groups_unref)

/* Worker. By group: 1 if its state, a function or file of its stacks (also those that created
 * it) holds every word of the text, in any letter case, or if one of its goroutines has the
 * number ("41", "G 41"). Costs one look at each text and node of the store's stacks, not at each
 * frame of each group. Free with g_free(); NULL only when cancelled or the stacks cannot be
 * read. */
guint8 *unpark_dump_groups_match(UnparkDumpGroups *groups, const char *text,
                                 GCancellable *cancellable, GError **error);
