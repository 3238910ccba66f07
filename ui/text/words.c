/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/text/words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/go-name.h"
#include "model/why/words.h"
#include "ui/text/format.h"

/* Which primitive of package sync stands in the stack. */
static const char *sync_words(const UnparkFrame *frames, guint n) {
  static const struct {
    const char *function, *words;
  } table[] = {
      {"sync.(*RWMutex).RLock", N_("waiting to acquire a read lock for %s")},
      {"sync.(*RWMutex).Lock", N_("waiting to acquire a write lock for %s")},
      {"sync.(*Mutex).Lock", N_("waiting to acquire a mutex for %s")},
      {"sync.(*WaitGroup).Wait", N_("waiting for a wait group for %s")},
      {"sync.(*Cond).Wait", N_("waiting on a condition variable for %s")},
      {"sync.(*Once).", N_("waiting for a sync.Once for %s")},
      {"sync.(*Pool).", N_("waiting for a sync.Pool for %s")},
  };
  /* The outermost frame of package sync is the one that was called. */
  for (guint i = n; i-- > 0;)
    for (guint k = 0; k < G_N_ELEMENTS(table); k++)
      if (g_str_has_prefix(frames[i].function, table[k].function))
        return table[k].words;
  return unpark_words_is_collector(frames, n) ? N_("waiting for the garbage collector for %s")
                                              : N_("waiting for a lock for %s");
}

static const char *waiting_words(const UnparkKind *kind, const UnparkFrame *frames, guint n) {
  switch (kind->wait) {
  case UNPARK_WAIT_SYNC:
    return sync_words(frames, n);
  case UNPARK_WAIT_CHANNEL:
    return strstr(kind->reason, "send") ? N_("waiting to send on a channel for %s")
                                        : N_("waiting to receive from a channel for %s");
  case UNPARK_WAIT_SELECT:
    return N_("waiting in a select, none of its channels ready, for %s");
  case UNPARK_WAIT_NETWORK:
    return unpark_words_is_file(frames, n) ? N_("waiting for a file or pipe for %s")
                                           : N_("waiting for the network for %s");
  case UNPARK_WAIT_SLEEP:
    return N_("sleeping for %s");
  case UNPARK_WAIT_SYSCALL:
    return N_("waiting in a system call for %s");
  case UNPARK_WAIT_GC:
    return N_("waiting for the garbage collector for %s");
  case UNPARK_WAIT_SYSTEM:
    return N_("a runtime goroutine, idle for %s");
  case UNPARK_WAIT_FOREVER:
    return N_("waiting forever, nothing can wake it: %s so far");
  case UNPARK_WAIT_OTHER:
  case UNPARK_N_WAITS:
  default:
    return N_("waiting for %s");
  }
}

static const char *runnable_words(const UnparkKind *kind) {
  switch (kind->cause) {
  case UNPARK_CAUSE_CREATED:
    return N_("created, then waiting for a processor for %s");
  case UNPARK_CAUSE_WOKEN:
    return N_("woken, then waiting for a processor for %s");
  case UNPARK_CAUSE_PREEMPTED:
    return N_("preempted, then waiting for a processor for %s");
  case UNPARK_CAUSE_SYSCALL:
    return N_("back from a system call, then waiting for a processor for %s");
  case UNPARK_CAUSE_YIELD:
    return N_("yielded, then waiting for a processor for %s");
  case UNPARK_CAUSE_NONE:
  case UNPARK_N_CAUSES:
  default:
    return N_("runnable, waiting for a processor for %s");
  }
}

/* Puts the duration where the translated words want it. */
static char *fill(const char *words, const char *duration) {
  const char *hole = strstr(words, "%s");
  if (!hole)
    return g_strdup(words);
  return g_strdup_printf("%.*s%s%s", (int)(hole - words), words, duration, hole + 2);
}

char *unpark_words_span(const UnparkKind *kind, gint64 duration_ns, const UnparkFrame *frames,
                        guint n_frames) {
  char duration[UNPARK_FORMAT_SIZE];
  const char *words = N_("running for %s");
  unpark_format_duration(duration_ns, duration);
  if (kind && kind->state == UNPARK_STATE_WAITING)
    words = waiting_words(kind, frames, n_frames);
  else if (kind && kind->state == UNPARK_STATE_RUNNABLE)
    words = runnable_words(kind);
  else if (kind && kind->state == UNPARK_STATE_SYSCALL)
    words = N_("in a system call for %s");
  return fill(_(words), duration);
}

const char *unpark_words_state_name(UnparkState state) {
  switch (state) {
  case UNPARK_STATE_RUNNING:
    return _("running");
  case UNPARK_STATE_RUNNABLE:
    return _("runnable");
  case UNPARK_STATE_SYSCALL:
    return _("syscall");
  case UNPARK_STATE_WAITING:
  case UNPARK_N_STATES:
  default:
    return _("waiting");
  }
}

const char *unpark_words_reason(const UnparkKind *kind) {
  /* Those of go/src/runtime/traceruntime.go that are words. */
  static const char *const reasons[] = {
      N_("chan receive"),
      N_("chan send"),
      N_("forever"),
      N_("GC background sweeper wait"),
      N_("GC mark assist wait for work"),
      N_("GC weak to strong wait"),
      N_("network"),
      N_("preempted"),
      N_("select"),
      N_("sleep"),
      N_("sync"),
      N_("system goroutine wait"),
      N_("unspecified"),
      N_("wait for debug call"),
      N_("wait until GC ends"),
  };
  for (guint i = 0; i < G_N_ELEMENTS(reasons); i++)
    if (strcmp(kind->reason, reasons[i]) == 0)
      return _(reasons[i]);
  return kind->reason;
}

const char *unpark_words_range(const char *name) {
  /* Those of go/src/runtime/trace.go, and the reasons to stop the world of runtime/proc.go. */
  static const char *const ranges[] = {
      N_("all goroutines stack trace"),
      N_("GC concurrent mark phase"),
      N_("GC incremental sweep"),
      N_("GC mark assist"),
      N_("GC mark termination"),
      N_("GC sweep termination"),
      N_("goroutine profile"),
      N_("goroutine profile cleanup"),
      N_("read mem stats"),
      N_("start trace"),
      N_("stop trace"),
      N_("write heap dump"),
  };
  for (guint i = 0; i < G_N_ELEMENTS(ranges); i++)
    if (strcmp(name, ranges[i]) == 0)
      return _(ranges[i]);
  return name;
}

const char *unpark_words_stretch(const char *name, char buf[UNPARK_STRETCH_SIZE]) {
  const char *open = strchr(name, '('), *end;
  if (!open)
    return unpark_words_range(name);
  g_strlcpy(buf, open + 1, UNPARK_STRETCH_SIZE);
  buf[strcspn(buf, ")")] = 0;
  if (!g_utf8_validate(buf, -1, &end)) /* half a character at its end */
    buf[end - buf] = 0;
  return unpark_words_range(buf);
}

char *unpark_words_state(const UnparkKind *kind) {
  const char *state = kind->state == UNPARK_STATE_RUNNING    ? _("running")
                      : kind->state == UNPARK_STATE_RUNNABLE ? _("runnable")
                      : kind->state == UNPARK_STATE_SYSCALL  ? _("in a system call")
                                                             : _("waiting");
  return *kind->reason ? g_strdup_printf("%s, %s", state, unpark_words_reason(kind))
                       : g_strdup(state);
}

const char *unpark_words_place(const UnparkKind *kind) {
  if (kind && kind->state == UNPARK_STATE_SYSCALL)
    return _("Entered at");
  if (kind && kind->state == UNPARK_STATE_RUNNING)
    return _("Continued from");
  if (kind && kind->state == UNPARK_STATE_RUNNABLE && kind->cause == UNPARK_CAUSE_CREATED)
    return _("Initially");
  return _("Stopped at");
}

guint unpark_words_called(const UnparkFrame *frames, guint n) {
  guint own = 0;
  while (own < n && unpark_go_is_standard(frames[own].function))
    own++;
  return own < n && own > 0 ? own - 1 : n;
}
