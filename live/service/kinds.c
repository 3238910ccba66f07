/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/service/kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const UnparkServiceKindFacts kinds[] = {
    {"trace", N_("Execution trace"),
     N_("What every goroutine did and waited for. 5 seconds are usually enough."), "trace", 5},
    {"profile", N_("CPU profile"), N_("Where processor time goes. 30 seconds are usual."), "pprof",
     30},
    {"goroutine", N_("Goroutines"),
     N_("A dump: every goroutine with its state, its wait and its stack."), "txt", 0},
    {"heap", N_("Heap"), N_("What is in memory, by the place that allocated it."), "pprof", 0},
    {"allocs", N_("Allocations"), N_("All that was allocated since the program began."), "pprof",
     0},
    {"mutex", N_("Mutex contention"),
     N_("Holders of contended locks. Empty unless the program calls SetMutexProfileFraction."),
     "pprof", 0},
    {"block", N_("Blocking"),
     N_("Waits for locks and channels. Empty unless the program calls SetBlockProfileRate."),
     "pprof", 0},
    {"threadcreate", N_("Thread creation"), N_("Stacks that made the program start a thread."),
     "pprof", 0},
    {"goroutineleak", N_("Leaked goroutines"),
     N_("Goroutines that nothing can wake any more (Go 1.26 with the experiment, Go 1.27)."),
     "pprof", 0},
};

const UnparkServiceKindFacts *unpark_service_kind_facts(const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (strcmp(kinds[i].name, name) == 0)
      return &kinds[i];
  return NULL;
}

const UnparkServiceKindFacts *unpark_service_kind_nth(guint n) {
  return n < G_N_ELEMENTS(kinds) ? &kinds[n] : NULL;
}

gboolean unpark_service_kind_is_name(const char *name) {
  gsize n = strlen(name);

  if (n == 0 || n > 128 || strstr(name, "..") || name[0] == '/' || name[0] == '.')
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum(name[i]) && !strchr("-_./", name[i]))
      return FALSE;
  return TRUE;
}
