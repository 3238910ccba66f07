/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What "go tool pprof -traces" prints: one stack after another, each with its value and labels,
 * between lines of dashes. It has one measure, and values as people read them: "1.50s", "512.19kB".
 * Format: printTraces() in github.com/google/pprof, internal/report/report.go. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_pprof_traces;
