/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a damaged generation does not have any more.
 *
 * An event waits for the ones before it (those of the same goroutine or processor whose sequence
 * numbers come first). In a trace that was cut off these may never come: waiting until all other
 * threads are through would give the event, and all of its thread behind it, a time far too late.
 * The index of a generation's sequence numbers tells at once.
 */
#pragma once

#include "importers/gotrace/order.h"

/* Of the sequence numbers in the generation being ordered. Free with g_array_unref(). */
GArray *gotrace_lost_index(const GotraceGeneration *g);

/* Whether what the event at the cursor waits for cannot come any more. o->present is the
 * generation's index. */
gboolean gotrace_is_lost(GotraceOrder *o, const GotraceCursor *c);

/* The thread that g is on; NULL. */
GotraceThread *gotrace_thread_of(GotraceOrder *o, const GotraceGo *g);
