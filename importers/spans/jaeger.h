/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Jaeger's query service and its window's "download JSON" give: {"data": [trace, ...]}, or a
 * trace by itself. Times are microseconds; kind and status are tags.
 *
 * https://github.com/jaegertracing/jaeger (model/json/model.go, in later versions
 * internal/uimodel/model.go). */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_jaeger;
