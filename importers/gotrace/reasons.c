/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/reasons.h"

/* Those of Go 1.22; 1 to 4 are the kinds of the garbage collector's workers. */
static const char *const common[] = {
    [5] = "unspecified",
    [6] = "forever",
    [7] = "network",
    [8] = "select",
    [9] = "sync.(*Cond).Wait",
    [10] = "sync",
    [11] = "chan send",
    [12] = "chan receive",
    [13] = "GC mark assist wait for work",
    [14] = "GC background sweeper wait",
    [15] = "system goroutine wait",
    [16] = "preempted",
    [17] = "wait for debug call",
    [18] = "wait until GC ends",
    [19] = "sleep",
};

const char *gotrace_usual_reason(guint version, guint64 id, gboolean stops) {
  if (id < 5)
    return NULL;
  if (id < G_N_ELEMENTS(common))
    return common[id];
  /* Go 1.23 put one more reason to block behind them, Go 1.24 (which writes the same header)
   * another; the only reason to stop among the last is the same in all. */
  if (stops)
    return id <= (version == 22 ? 20u : 22u) ? "runtime.Gosched" : NULL;
  if (version >= 23 && id == 20)
    return "GC weak to strong wait";
  return version >= 23 && id == 21 ? "synctest" : NULL;
}
