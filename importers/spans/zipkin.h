/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zipkin's second JSON format: an array of spans, or of traces, which are arrays of spans. Times
 * are microseconds, tags are texts; with "shared" a server's half has its client's id.
 *
 * https://zipkin.io/zipkin-api/zipkin2-api.yaml. OpenTelemetry's exporters put the resource among
 * the tags; what can only be of it goes back to it. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_zipkin;
