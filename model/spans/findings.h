/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with the spans themselves: contexts that were not carried over, spans that are not
 * here. Each with a sentence, what to do, and traces to look at. */
#pragma once

#include "model/spans/traces.h"

typedef enum {
  UNPARK_TRACE_LOST_CONTEXT,    /* of a hop: the server began a trace of its own */
  UNPARK_TRACE_NOT_JOINED_CALL, /* of a hop: nothing of the server is here, though it reports */
  UNPARK_TRACE_ORPHANS,         /* of a service: the parent is not here */
  UNPARK_TRACE_MISSING,         /* of a service: children that were made are not here */
  UNPARK_TRACE_MANY_ROOTS,      /* traces with more than one root */
  UNPARK_TRACE_SHORT_IDS,       /* traces cut to the last 64 bits of their ids */
  UNPARK_TRACE_SAMPLING, /* of two services: their spans stand for different numbers of spans */
  UNPARK_TRACE_SKEW,     /* of two hosts: children begin before their parents */
  UNPARK_N_TRACE_FINDINGS
} UnparkTraceFindingKind;

/* "lost-context", "not-joined", "orphans", "missing-children", "many-roots", "short-ids",
 * "sampling", "skew".
 */
const char *unpark_trace_finding_name(UnparkTraceFindingKind kind);

#define UNPARK_TRACE_EXAMPLES 3

typedef struct {
  UnparkTraceFindingKind kind;
  gint64 count, of; /* so many of so many */
  char *sentence;
  const char *advice;                     /* translated */
  gint32 examples[UNPARK_TRACE_EXAMPLES]; /* numbers of spans */
  guint n_examples;
} UnparkTraceFinding;

/* UnparkTraceFinding; of a kind those with the greatest count first. Worker. */
GPtrArray *unpark_trace_findings(const UnparkTraces *traces);
