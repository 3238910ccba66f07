/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the Latency view: distributions by series, and the longest of one. Main thread
 * only. */
#pragma once

#include <gtk/gtk.h>

#include "model/tables/latency.h"

/* What a row is called, for a person; free with g_free(). */
char *unpark_latency_row_title(const UnparkLatency *latency, guint32 row);
/* The class of ui/kit/palette.h whose colour a row has. */
guint unpark_latency_row_class(const UnparkLatency *latency, guint32 row);
/* "Waiting for a processor"; translated. */
const char *unpark_latency_measure_title(UnparkLatencyMeasure measure);

/* The cases of one series, for the items of the second table; reference-counted. Any thread. */
typedef struct {
  UnparkLatency *latency;
  UnparkLatencyList *list; /* NULL: the longest */
  const UnparkLatencyCase *cases;
  guint n;
} UnparkLatencyCases;

/* The longest of a row. */
UnparkLatencyCases *unpark_latency_cases_new(UnparkLatency *latency, guint32 row);
/* All of a list. */
UnparkLatencyCases *unpark_latency_cases_of_list(UnparkLatencyList *list);
UnparkLatencyCases *unpark_latency_cases_ref(UnparkLatencyCases *cases);
void unpark_latency_cases_unref(UnparkLatencyCases *cases);

/* Items have an UnparkLatency, or UnparkLatencyCases, as data. */
void unpark_latency_series_columns(GtkColumnView *view);
void unpark_latency_case_columns(GtkColumnView *view);
