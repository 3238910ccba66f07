/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OTLP in JSON: what OpenTelemetry's collectors and SDKs write (an object, one a line, or an array
 * of them), and what Grafana Tempo answers ("batches", "trace"; ids in base64, enums by name).
 *
 * https://github.com/open-telemetry/opentelemetry-proto (opentelemetry/proto/trace/v1/trace.proto);
 * of its JSON https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_otlp_json;
