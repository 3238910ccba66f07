/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the debugger Delve prints for "goroutines", with or without stacks ("-t"):
 *
 *   * Goroutine 1 - User: /src/main.go:30 main.main (0x4b7d1c) (thread 4242)
 *     Goroutine 18 - User: /src/main.go:44 main.worker (0x4b7e55) [chan receive 181]
 *   	0  0x000000000043a6ce in runtime.gopark
 *   	   at /usr/lib/go/src/runtime/proc.go:398
 *   [2 goroutines]
 *
 * Source of format facts: formatGoroutine(), formatLocation() and printStack() of
 * github.com/go-delve/delve/pkg/terminal. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_delve;
