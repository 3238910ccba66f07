/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of Go's race detector, one or many, with other lines around (as "go test -race" and
 * services print them).
 *
 * Source of format facts: PrintReport(), PrintMop(), PrintThread() and PrintStack() of
 * compiler-rt's tsan_report.cpp in their Go form; runtime/race/output_test.go. The main goroutine
 * is number 1 there as in the runtime. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_race;
