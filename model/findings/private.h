/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of findings share; nobody else includes this. All functions: worker. */
#pragma once

#include "model/findings/findings.h"
#include "model/findings/places.h"

typedef struct {
  UnparkStore *store;
  GCancellable *cancellable;
  gint64 from_ns, to_ns;
  double length_ns; /* of the asked time */
  UnparkPlaceSums sums;
  double capacity_ns; /* what the processors could have run: GOMAXPROCS over the asked time */
  double procs;       /* GOMAXPROCS on average */
  double busy;        /* part of capacity_ns in which something ran */
  GArray *found;      /* UnparkFinding */
  /* Part of the tasks' time in which they were ready but did not run; negative: too few tasks. */
  double tasks_runnable;
  GError *failure; /* the first of stuck.c, which reports it */
} UnparkFindingSearch;

/* findings.c */
gboolean unpark_finding_is_lock(const UnparkFrame *frames, guint n);
/* The program's own function of a stack (string id; 0: not known), and whether it locks. */
guint32 unpark_finding_own_function(UnparkStore *store, guint32 stack, gboolean *lock);
UnparkFindingLevel unpark_finding_level_of(double value, double notable, double severe);
UnparkFinding unpark_finding_from_sum(UnparkFindingType type, const UnparkPlaceSum *sum);

/* stuck.c: leaks and deadlocks, from the waits that last until the trace ends. FALSE: *error. */
gboolean unpark_findings_stuck(UnparkFindingSearch *s, GError **error);

/* requests.c: slow tasks; fills tasks_runnable. FALSE: *error. */
gboolean unpark_findings_tasks(UnparkFindingSearch *s, const gint64 *ids, guint n_ids,
                               GError **error);

/* load.c. measure_load() fills capacity_ns, procs and busy; FALSE: *error. */
gboolean unpark_findings_measure_load(UnparkFindingSearch *s, GError **error);
void unpark_findings_cpu(UnparkFindingSearch *s);
void unpark_findings_growth(UnparkFindingSearch *s, const gint64 *ids, guint n_ids);
