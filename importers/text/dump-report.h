/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports in which other programs print goroutines.
 *
 * uber-go/goleak, when a test leaves goroutines behind:
 *
 *   [Goroutine 21 in state chan receive, with main.(*Pool).loop on top of the stack:
 *
 * sasha-s/go-deadlock, when a lock cannot be had:
 *
 *   Previous place where the lock was grabbed
 *   goroutine 240 lock 0xc820160440
 *   inmem.go:799 bttest.(*table).gc { t.mu.RLock() } <<<<<
 *
 * Source of format facts: stack.String() of goleak/internal/stack; lock(), preLock() and
 * printStack() of go-deadlock. */
#pragma once

#include "importers/text/dump-header.h"

gboolean unpark_report_goleak(UnparkText line, UnparkDumpHeader *header);

/* A line that tells what the stacks that follow have to do with a lock: "holds lock", "waits for
 * lock". NULL for others. *anonymous: a stack follows at once, without a line for its goroutine. */
const char *unpark_report_deadlock_heading(UnparkText line, gboolean *anonymous);
/* "goroutine 240 lock 0xc820160440" */
gboolean unpark_report_deadlock_header(UnparkText line, gint64 *id, UnparkText *lock);

typedef struct {
  UnparkText file, function;
  guint32 line;
} UnparkReportDeadlockFrame;

gboolean unpark_report_deadlock_frame(UnparkText line, UnparkReportDeadlockFrame *frame);
