/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast a trace's clock ran, when the file was cut off before it says so.
 *
 * On x86 the trace counts every 64th tick of a counter that runs at the processor's nominal
 * speed, a multiple of 100 MHz; elsewhere every 16th nanosecond, which is one of the same
 * speeds. Which one it was shows in the program's sleeps: people write round milliseconds,
 * and timers are a little late, never early. */
#pragma once

#include "importers/gotrace1/index.h"

/* Ticks a second; never 0. Without enough sleeps, a common speed. Reads the file once. */
guint64 unpark_v1_frequency_guess(const UnparkV1Index *index);

/* The same from the sleeps alone, in ticks. */
guint64 unpark_v1_frequency_of_sleeps(const gint64 *sleeps, gsize n);
