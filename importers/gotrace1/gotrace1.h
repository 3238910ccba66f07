/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Go execution traces of the first format: what Go 1.11 to 1.21 wrote, with the headers
 * "go 1.11 trace" (Go 1.11 to 1.18), "go 1.19 trace" (1.19, 1.20) and "go 1.21 trace".
 * Headers 1.5 to 1.10 are recognised and refused with the version in the message.
 *
 * The file is a row of batches, one a processor's buffer of up to 64 KiB; the strings lie
 * anywhere, the stacks and the clock's frequency at the end. So there are two passes:
 *
 *   spool.h      the unpacked bytes, in memory or in an unlinked temporary file, mapped
 *   index.h      first pass: where the batches are; strings, stacks, CPU samples
 *   cursor.h     second pass: the events of one processor, in their order
 *   order.h      all processors merged into one order that goroutine states allow
 *   clock.h      ticks to nanoseconds, strictly increasing
 *   replay.h     ordered events to the store's spans, ranges, tasks, ...
 *
 * Memory holds the tables, a few bytes a batch, the CPU samples and 24 bytes a syscall that
 * blocked; event bytes are given back to the system as they are read.
 *
 * Source of all format facts: the Go project's reader, internal/trace/internal/tracev1
 * (wire, order, checks) and internal/trace/tracev1.go (how these events are expressed in
 * the terms of the second format), and runtime/trace.go of Go 1.19 and 1.21, which wrote
 * them.
 */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_gotrace1;
