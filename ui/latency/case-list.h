/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second table of the Latency view: the longest of a distribution, or all of the lengths that
 * are picked in its chart, which are then marked on the timeline as well. Main thread only; part of
 * the view, which sets the widgets. */
#pragma once

#include "ui/latency/columns.h"
#include "ui/page/page.h"

typedef struct {
  UnparkPage *page; /* the view */
  GtkWidget *view, *heading, *words;
  GListStore *items;

  UnparkLatency *latency; /* NULL: nothing */
  guint32 row;
  UnparkLatencySpec spec; /* of the latency, but for time and goroutines */
  gint64 from_ns, to_ns;  /* that are picked; equal: none */
  UnparkWorker worker;
} UnparkLatencyCaseList;

/* The widgets are there. */
void unpark_latency_case_list_init(UnparkLatencyCaseList *self, UnparkPage *page);
void unpark_latency_case_list_clear(UnparkLatencyCaseList *self);
/* Another distribution; of the same lengths, if some are picked. */
void unpark_latency_case_list_show(UnparkLatencyCaseList *self, UnparkLatency *latency,
                                   guint32 row);
/* Other lengths; both 0: the longest of all. */
void unpark_latency_case_list_pick(UnparkLatencyCaseList *self, gint64 from_ns, gint64 to_ns);
