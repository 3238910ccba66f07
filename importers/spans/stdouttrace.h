/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the exporter stdouttrace of OpenTelemetry's Go SDK prints: an object a span, indented or one
 * a line.
 *
 * https://github.com/open-telemetry/opentelemetry-go (sdk/trace/tracetest/span.go, SpanStub). */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_stdouttrace;
