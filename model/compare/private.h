/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of a comparison share. */
#pragma once

#include "model/compare/compare.h"

#define UNPARK_COMPARE_BLOCKS 128 /* of time, in each trace */
#define UNPARK_COMPARE_ENTRIES 20000
#define UNPARK_COMPARE_VALUES 20000 /* lengths kept of a series of a file */

/* A length, and the block in which it began. */
typedef struct {
  gint64 ns;
  guint32 block;
} UnparkCompareValue;

/* One row in one file. */
typedef struct {
  double total[UNPARK_COMPARE_BLOCKS];  /* ns within each block, cut ones included */
  double done[UNPARK_COMPARE_BLOCKS];   /* ns of those that began and ended in the trace */
  guint32 count[UNPARK_COMPARE_BLOCKS]; /* of them */
  GArray *values;                       /* UnparkCompareValue; each `stride`th of them */
  guint stride, skipped;
} UnparkCompareSeries;

typedef struct {
  guint number;
  char *key; /* kind and place: what is matched */
  char *name, *stack;
  const char *kind;
  GPtrArray *a, *b; /* UnparkCompareSeries by file; NULL: not in that file */
  /* Of profiles and dumps: */
  const char *measure, *unit;
  double *values_a, *values_b; /* by file */
  double cases_a, cases_b;     /* samples or goroutines that they stand for */
} UnparkCompareEntry;

typedef struct {
  double p;     /* probability of such a difference without a cause; NAN: no verdict */
  double error; /* standard error of the change's logarithm */
} UnparkCompareChance;

typedef struct {
  const UnparkCompareSpec *spec;
  UnparkComparison *result;
  GHashTable *by_key;
  GPtrArray *entries; /* UnparkCompareEntry */
  /* By file: what amounts are divided by, in each block. */
  double (*per_a)[UNPARK_COMPARE_BLOCKS], (*per_b)[UNPARK_COMPARE_BLOCKS];
  GArray *rows;    /* UnparkCompareRow */
  GArray *chances; /* UnparkCompareChance, by row */
} UnparkCompareWork;

/* ---- compare.c ---- */

/* The entry of that key, a new one if need be. */
UnparkCompareEntry *unpark_compare_entry(UnparkCompareWork *work, const char *key, const char *name,
                                         const char *stack, const char *kind);

/* ---- series.c: `start_ns`, `end_ns`: the time that is divided into blocks ---- */

UnparkCompareSeries *unpark_compare_series(UnparkCompareEntry *entry, gboolean is_b, guint file);
guint unpark_compare_block(gint64 start_ns, gint64 end_ns, gint64 ns);
/* A length that began in that block. */
void unpark_compare_series_keep(UnparkCompareSeries *series, gint64 ns, guint block);
/* What took [from, to]. `whole`: it began and ended in that time. */
void unpark_compare_series_take(UnparkCompareSeries *series, gint64 start_ns, gint64 end_ns,
                                gint64 from, gint64 to, gboolean whole);

/* ---- trace.c, profile.c, spans.c: file number `file` of a side into the entries. FALSE: *error.
 * ---- */

typedef gboolean (*UnparkCompareRead)(UnparkCompareWork *work, UnparkStore *store, gboolean is_b,
                                      guint file, GCancellable *cancellable, GError **error);
gboolean unpark_compare_trace(UnparkCompareWork *work, UnparkStore *store, gboolean is_b,
                              guint file, GCancellable *cancellable, GError **error);
gboolean unpark_compare_profile(UnparkCompareWork *work, UnparkStore *store, gboolean is_b,
                                guint file, GCancellable *cancellable, GError **error);
gboolean unpark_compare_dump(UnparkCompareWork *work, UnparkStore *store, gboolean is_b, guint file,
                             GCancellable *cancellable, GError **error);
gboolean unpark_compare_spans(UnparkCompareWork *work, UnparkStore *store, gboolean is_b,
                              guint file, GCancellable *cancellable, GError **error);

/* ---- judge.c: rows from entries, and verdicts ---- */

void unpark_compare_judge_series(UnparkCompareWork *work, UnparkCompareEntry *entry);
void unpark_compare_judge_counts(UnparkCompareWork *work, UnparkCompareEntry *entry);
void unpark_compare_decide(UnparkCompareWork *work);

/* ---- names.c ---- */

/* *name: the place to show, `reason` with it if there is one; *stack: what is matched, functions by
 * line. `own`: only the innermost function of the program's own. Both free with g_free(). */
void unpark_compare_place(UnparkStore *store, guint32 stack_id, const char *reason, gboolean own,
                          char **name, char **stack);
