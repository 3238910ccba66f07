/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile as a table of functions: what each spent itself (flat) and with all it called
 * (cumulative), and who called it.
 *
 * The stacks of a store are one tree: the values of samples are summed by node, cumulated from
 * the leaves up and gathered by function, so the cost is that of one walk over the tree and one
 * reading of the values, whatever the depth of stacks. As in `go tool pprof -top`: functions are
 * told apart by name, a function that is many times in a stack counts once, samples whose value
 * is 0 do not count, and shares are shares of the sum of magnitudes (differences have negative
 * values). Sums stop at the ends of gint64.
 */
#pragma once

#include "model/store/store.h"

typedef struct {
  gint64 id;
  const char *kind; /* "cpu", "heap" ... "custom" */
  const char *default_type;
  const char *period_type, *period_unit;
  gint64 period;       /* UNPARK_NONE */
  gint64 time_wall_ns; /* Unix time; UNPARK_NONE */
  gint64 duration_ns;  /* UNPARK_NONE */
} UnparkProfileInfo;

/* One number of each sample. */
typedef struct {
  gint64 profile;      /* id of its profile */
  gint64 index;        /* sample_type.idx */
  const char *type;    /* "inuse_space" */
  const char *unit;    /* "bytes", "nanoseconds", "count" ... */
  gboolean is_default; /* the one to show first */
} UnparkProfileType;

/* Texts belong to the store. */
typedef struct {
  UnparkProfileInfo *profiles;
  guint n_profiles;
  UnparkProfileType *types; /* by profile; in each the default one first */
  guint n_types;
} UnparkProfileSummary;

/* Any thread. Whether there is anything to make a table of. */
gboolean unpark_profile_exists(UnparkStore *store);

/* Worker. NULL with an error. */
UnparkProfileSummary *unpark_profile_summary_new(UnparkStore *store, GCancellable *cancellable,
                                                 GError **error);
void unpark_profile_summary_free(UnparkProfileSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkProfileSummary, unpark_profile_summary_free)

typedef struct {
  const char *function; /* "" if the profile does not know; belongs to the store */
  const char *file;     /* of one of its frames; "" if not known */
  gint64 flat, cumulative;
} UnparkProfileRow;

/* Immutable; atomically reference-counted; keeps the store alive. Any thread. */
typedef struct {
  UnparkProfileRow *rows; /* largest flat first, then cumulative, then by name */
  guint n_rows;
  gint64 total;      /* sum of all values */
  gint64 magnitude;  /* sum of their magnitudes: the whole of all shares */
  guint64 n_samples; /* with a value other than 0 */
  gpointer tree;     /* private */
} UnparkProfileTable;

/* Worker. `profile` and `index` as in UnparkProfileType. NULL with an error: what reading the
 * store says, G_IO_ERROR_CANCELLED. */
UnparkProfileTable *unpark_profile_table_new(UnparkStore *store, gint64 profile, gint64 index,
                                             GCancellable *cancellable, GError **error);

/* What of an execution trace is summed up by the stacks at which it happened. */
typedef enum {
  UNPARK_TRACE_WAITING, /* nanoseconds, as the next two */
  UNPARK_TRACE_RUNNABLE,
  UNPARK_TRACE_SYSCALL,
  UNPARK_TRACE_CPU /* CPU samples */
} UnparkTraceMeasure;

/* Worker. The same of a trace. */
UnparkProfileTable *unpark_profile_table_of_trace(UnparkStore *store, UnparkTraceMeasure measure,
                                                  GCancellable *cancellable, GError **error);

UnparkProfileTable *unpark_profile_table_ref(UnparkProfileTable *table);
void unpark_profile_table_unref(UnparkProfileTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkProfileTable, unpark_profile_table_unref)

/* Samples in which one function directly calls the other. */
typedef struct {
  guint32 row; /* the other function, of the table */
  gint64 value;
} UnparkProfileEdge;

typedef struct {
  gint64 value;
  char **functions; /* innermost first, NULL-terminated */
  guint n_functions;
  guint n_omitted; /* outermost ones that are left out of very deep stacks */
} UnparkProfileStack;

typedef struct {
  guint32 row;
  UnparkProfileEdge *callers, *callees; /* largest magnitude first */
  guint n_callers, n_callees;
  UnparkProfileStack *stacks; /* through the function, heaviest first */
  guint n_stacks;
} UnparkProfilePeek;

#define UNPARK_PROFILE_PEEK_STACKS 50

/* Worker. What goes through the function of a row; NULL only when cancelled. */
UnparkProfilePeek *unpark_profile_table_peek(UnparkProfileTable *table, guint32 row,
                                             GCancellable *cancellable, GError **error);
void unpark_profile_peek_free(UnparkProfilePeek *peek);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkProfilePeek, unpark_profile_peek_free)
