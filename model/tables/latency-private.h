/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What latency.c and latency-rows.c share; nobody else includes it. */
#pragma once

#include "model/tables/latency.h"
#include "model/store/scan.h"

/* Key of what has no place of its own. */
#define UNPARK_LATENCY_REST G_MAXUINT64

/* Of one thread. */
typedef struct {
  UnparkStore *store;
  const UnparkLatencySpec *spec;
  gint64 heat_from, heat_to;
  double columns_per_ns;
  GArray *series;     /* UnparkLatencySeries */
  GArray *keys;       /* guint64, by series */
  GHashTable *by_key; /* key -> index */
  GHashTable *names;  /* of ranges: string id -> whether the prefix fits, plus 1 */
  /* Instead of distributions, a list of what has some length; NULL: no. */
  GArray *list; /* UnparkLatencyCase */
  const UnparkLatency *of;
  guint32 row; /* of it */
  gint64 list_from_ns, list_to_ns;
  guint64 n_listed;
} UnparkLatencyScan;

/* ---- latency.c -------------------------------------------------------------------------- */

/* Index of the series of a key, a new one if need be. */
guint unpark_latency_series(UnparkLatencyScan *scan, guint64 key);
void unpark_latency_take(UnparkLatencyScan *scan, guint series, const UnparkLatencyCase *one);

/* The fact the measure is of. */
UnparkFact unpark_latency_fact(UnparkLatencyMeasure measure);
void unpark_latency_scan_init(UnparkLatencyScan *scan, UnparkStore *store,
                              const UnparkLatencySpec *spec);
void unpark_latency_scan_clear(UnparkLatencyScan *scan);
/* The longest first, with the functions they began in. */
void unpark_latency_finish_cases(UnparkStore *store, UnparkLatencyCase *cases, guint n);

/* ---- latency-list.c ------------------------------------------------------------------------ */

void unpark_latency_list_take(UnparkLatencyScan *scan, guint64 key, const UnparkLatencyCase *one);

/* ---- latency-rows.c ------------------------------------------------------------------------ */

/* The columns to decode; a mask. */
guint32 unpark_latency_columns(const UnparkLatencySpec *spec);
void unpark_latency_scan_rows(UnparkLatencyScan *scan, const UnparkDecoded *d);
/* Fills name, state and wait. */
void unpark_latency_name_series(UnparkLatencyScan *scan, guint64 key, UnparkLatencySeries *series);
