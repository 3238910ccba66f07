/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines as Delve describes them, written as the runtime dumps them. Pure; any thread. */
#pragma once

#include "live/delve/json.h"

/* What is said of all of them. */
typedef struct {
  const char *go_version; /* of the target */
  gint64 now_ns;          /* on its monotonic clock; 0: not known */
} UnparkDelveClock;

/* "goroutine 18 [chan receive, 3 minutes] {job: "x"}:" and a line feed. */
void unpark_delve_dump_head(GString *to, const UnparkJsonTree *goroutine,
                            const UnparkDelveClock *clock);
/* Frames of "Locations", without those in which the runtime waits; then what created it.
 * `locations` NULL: the places that the goroutine has by itself, and a mark that the rest is not
 * there. */
void unpark_delve_dump_stack(GString *to, const UnparkJsonTree *goroutine,
                             const UnparkJsonTree *locations);

/* Equal for goroutines that are in the same state at the same places. Free with g_free(). */
char *unpark_delve_dump_group(const UnparkJsonTree *goroutine);
