/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of one kind together: requests by the operation of their root, services, operations. */
#pragma once

#include "model/spans/traces.h"

typedef enum {
  UNPARK_TRACES_BY_REQUEST,   /* roots, by service and name */
  UNPARK_TRACES_BY_SERVICE,   /* all spans, by service */
  UNPARK_TRACES_BY_OPERATION, /* all spans, by service and name */
} UnparkTracesBy;

typedef struct {
  guint32 service, name; /* texts; name 0 by service */
  gint64 count;
  gint64 errors; /* of a request: those in which a span of it failed */
  gint64 p50_ns, p90_ns, p99_ns, longest_ns;
  gint64 total_ns, self_ns, critical_ns; /* of the spans counted */
  gint64 spans;                          /* of a request with all that is below it; else as count */
  gint32 slowest;                        /* number of the longest span */
} UnparkTraceGroup;

/* By total time, most first. Free with g_free(). Worker. */
UnparkTraceGroup *unpark_traces_group(const UnparkTraces *traces, UnparkTracesBy by, guint *n);
