/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before and after: two sides of traces, profiles or dumps, row by row, with how certain each
 * change is.
 *
 * Places are matched by function and reason along the stack, without lines, without the arguments
 * of generic functions, closures as the function they are in; goroutines by the function they
 * started in, tasks and regions by name. What belongs to the runtime's own goroutines is left out.
 *
 * How certain: a trace is divided into blocks of time, which are drawn anew (bootstrap), because
 * what happens close together depends on each other; a profile and a dump have counts, whose noise
 * is that of counts (Poisson). Two runs of a program differ by some percent without a cause: that
 * is added, and if most rows of a table differ by more than chance allows, all are trusted less.
 * With four or more files on both sides the files themselves are the sample (Mann-Whitney over
 * them). Over all rows at most one in twenty verdicts may be wrong (Benjamini-Hochberg). What takes
 * less than 0.1 % of the time or is in fewer than 5 blocks gets no verdict, nor do changes under 3
 * %.
 */
#pragma once

#include "model/base/id-set.h"
#include "model/store/store.h"

typedef enum {
  UNPARK_COMPARE_PLACE, /* waits and system calls by stack; running by function; tasks, regions */
  UNPARK_COMPARE_FUNCTION, /* the innermost function of the program's own */
  UNPARK_COMPARE_TASK,     /* tasks and regions only */
  UNPARK_COMPARE_REASON,
  UNPARK_COMPARE_STATE,
} UnparkCompareBy;

/* What amounts are divided by. */
typedef enum {
  UNPARK_COMPARE_PER_SECOND,
  UNPARK_COMPARE_PER_TASK,
  UNPARK_COMPARE_PER_GOROUTINE,
} UnparkComparePer;

typedef enum { UNPARK_VERDICT_UNCLEAR, UNPARK_VERDICT_MORE, UNPARK_VERDICT_LESS } UnparkVerdict;

/* "unclear", "more", "less". */
const char *unpark_verdict_name(UnparkVerdict verdict);

typedef struct {
  char *name;       /* "main.(*store).get (sync)" */
  char *stack;      /* functions, innermost first, a line each; "": none */
  const char *kind; /* wait, syscall, running, runnable, cpu, goroutine, task, region, gc, state,
                       profile, dump; static */
  char *measure;    /* time_per_second, p99_ns, cpu_flat ... */
  const char *unit; /* "ns", "count", "bytes" or as the profile says; of the store or static */
  double a, b;      /* per file, in that unit */
  double change;    /* b / a - 1; NAN: a is 0 */
  double low, high; /* 95 % interval of it; NAN: not known */
  double certainty; /* how many standard errors the change is from 0 */
  UnparkVerdict verdict;
  guint64 n_a, n_b; /* cases */
  guint place;      /* rows of one place have the same number */
  double *series;   /* of a series: the figure of each file in the order of time; NULL */
} UnparkCompareRow;

/* How long things took at one place: quantiles of both sides with their 95 % bands. Those of a
 * side that has too few cases for them are NAN. */
#define UNPARK_COMPARE_SHARES 30
extern const double unpark_compare_shares[UNPARK_COMPARE_SHARES]; /* ascending, in (0, 1) */
typedef struct {
  double ns, low, high;
} UnparkCompareQuantile;
typedef struct {
  UnparkCompareQuantile a[UNPARK_COMPARE_SHARES], b[UNPARK_COMPARE_SHARES];
} UnparkCompareCurve;

/* A side, summed up. */
typedef struct {
  guint n_files;
  gint64 duration_ns; /* of all files */
  gint64 procs;       /* the most processors that ran; 0: not a trace */
  gint64 n_lost;      /* notes of lost or contradicting events */
  gint64 n_cut;       /* waits cut by the ends of the traces: in no length */
  gint64 n_goroutines, n_tasks;
} UnparkCompareSide;

/* Immutable. */
typedef struct {
  UnparkSourceKind kind;
  UnparkCompareSide a, b;
  UnparkCompareRow *rows; /* certain changes first, the largest of them first */
  guint n_rows;
  guint n_certain;
  /* Places, those with a verdict on any figure, and on which side: some on both. */
  guint n_places, n_changed, n_more, n_less;
  guint n_curves;              /* of all places, also those without a figure */
  UnparkCompareCurve **curves; /* by place; NULL: nothing with a length, or too little */
} UnparkComparison;

/* The part of a trace that counts. */
typedef struct {
  gint64 from_ns, to_ns;         /* spans are cut at both; [G_MININT64 + 1, G_MAXINT64]: all */
  const UnparkIdSet *goroutines; /* NULL: all */
  const UnparkIdSet *tasks;      /* where goroutines are given; NULL: none */
} UnparkComparePart;

typedef struct {
  UnparkStore *const *a, *const *b; /* must outlive the comparison */
  guint n_a, n_b;
  UnparkCompareBy by;
  UnparkComparePer per;
  const UnparkComparePart *parts_a, *parts_b; /* by file, of traces; NULL: everything */
  /* A series of dumps in the order of time: A is the first, B the last and then those between.
   * Only what goes one way for most of the series is certain: a leak grows. */
  gboolean series;
} UnparkCompareSpec;

/* Worker. NULL with *error: UNPARK_ERROR_STORE, G_IO_ERROR_CANCELLED, or
 * G_IO_ERROR_NOT_SUPPORTED: the files are not of one kind, or have nothing to compare. */
UnparkComparison *unpark_compare_new(const UnparkCompareSpec *spec, GCancellable *cancellable,
                                     GError **error);
void unpark_compare_free(UnparkComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkComparison, unpark_compare_free)

/* The name by which functions are matched: without generic arguments, closures as their outer
 * function. Free with g_free(). */
char *unpark_compare_function(const char *function);
