/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutine dumps: "goroutine?debug=2", what a crash or SIGQUIT prints, runtime.Stack(), with
 * other lines (logs, registers) before and between.
 *
 * Source of format facts: goroutineheader(), printcreatedby() and printAncestorTraceback() of
 * runtime/traceback.go, Go 1.0 to 1.27. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_dump;
