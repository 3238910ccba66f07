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
  gint64 procs_least, procs_most;
  double busy;   /* part of capacity_ns in which something ran */
  GArray *found; /* UnparkFinding */
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

/* gather.c: who started whom, and is alive. */
typedef struct _UnparkFindingFamilies UnparkFindingFamilies;
/* *error: the goroutines cannot be read, and it knows of none. */
UnparkFindingFamilies *unpark_finding_families_new(UnparkFindingSearch *s, GError **error);
void unpark_finding_families_free(UnparkFindingFamilies *families);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFindingFamilies, unpark_finding_families_free)
/* Does the stack wait for a sync.WaitGroup? */
gboolean unpark_finding_is_gather(UnparkStore *store, guint32 stack);
/* How many goroutines `g`, which has waited since `wait_ns`, started, if all of them and theirs
 * have ended, the last after that; else 0. */
guint unpark_finding_ended_children(const UnparkFindingFamilies *families, const UnparkGoroutine *g,
                                    gint64 wait_ns);

/* requests.c: slow tasks; fills tasks_runnable. FALSE: *error. */
gboolean unpark_findings_tasks(UnparkFindingSearch *s, const gint64 *ids, guint n_ids,
                               GError **error);

/* load.c. measure_load() fills capacity_ns, procs and busy; FALSE: *error. */
gboolean unpark_findings_measure_load(UnparkFindingSearch *s, GError **error);
void unpark_findings_cpu(UnparkFindingSearch *s);
void unpark_findings_growth(UnparkFindingSearch *s, const gint64 *ids, guint n_ids);
