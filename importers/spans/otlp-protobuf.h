/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OTLP as protobuf: ExportTraceServiceRequest or TracesData, one after another; or each with its
 * length before it in 4 bytes, big-endian, as the collector's file exporter writes them with
 * "format: proto", where each message may be compressed by itself.
 *
 * https://github.com/open-telemetry/opentelemetry-proto (opentelemetry/proto/trace/v1/trace.proto).
 */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_otlp_protobuf;
