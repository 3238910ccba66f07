/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many spans one that was sampled stands for. Pure; any thread. */
#pragma once

#include <glib.h>

/* Of a W3C tracestate: 2^56 / (2^56 - T) for OpenTelemetry's "ot=th:T", of which digits to the
 * right may be missing; 2^N for its older "ot=p:N". 0: it does not say, or the span should not be
 * here.
 *
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/ */
double unpark_sampling_count(const char *tracestate);
