/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/why/words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/format.h"
#include "model/base/go-name.h"

const char *unpark_words_link(UnparkLinkKind link, const UnparkKind *kind) {
  static const char *const words[] = {
      N_("ran"),
      N_("was ready but had no processor"),
      N_("waited"),
      N_("was created"),
      N_("slept"),
      N_("waited for the network"),
      N_("was in a system call"),
      N_("waited for the garbage collector"),
      N_("waited until the runtime woke it"),
      N_("was still waiting when the trace ended"),
      N_("does not appear in the trace yet"),
      N_("was woken by a goroutine that was itself waiting for this: the clock of the trace is too "
         "coarse"),
      N_("is not in the trace"),
      N_("everything before: too many links"),
      N_("waited until a timer fired,"),
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(words) == UNPARK_N_LINK_KINDS);
  if (link == UNPARK_LINK_GC && kind && kind->state != UNPARK_STATE_WAITING)
    return _("worked for the garbage collector");
  return (guint)link < G_N_ELEMENTS(words) ? _(words[link]) : "";
}

/* Which kind of lock, by the outermost function of package sync: the one that was called. */
static const char *lock_words(const UnparkFrame *frames, guint n) {
  static const struct {
    const char *prefix, *words;
  } locks[] = {
      {"sync.(*RWMutex).RLock", N_("for a read lock")},
      {"sync.(*RWMutex)", N_("for a write lock")},
      {"sync.(*Mutex)", N_("for a mutex")},
      {"internal/sync.(*Mutex)", N_("for a mutex")},
      {"sync.(*WaitGroup)", N_("for a wait group")},
      {"sync.(*Cond)", N_("for a condition variable")},
      {"sync.(*Once)", N_("for a sync.Once")},
  };
  for (guint i = n; i-- > 0;)
    for (gsize k = 0; k < G_N_ELEMENTS(locks); k++)
      if (g_str_has_prefix(frames[i].function, locks[k].prefix))
        return _(locks[k].words);
  return _("for a lock");
}

static gboolean has_frame(const UnparkFrame *frames, guint n, const char *const *prefixes) {
  for (guint i = 0; i < n; i++)
    for (guint k = 0; prefixes[k]; k++)
      if (g_str_has_prefix(frames[i].function, prefixes[k]))
        return TRUE;
  return FALSE;
}

gboolean unpark_words_is_collector(const UnparkFrame *frames, guint n) {
  static const char *const names[] = {"runtime.gcMarkDone", "runtime.gcAssistAlloc",
                                      "runtime.gcStart", NULL};
  return has_frame(frames, n, names);
}

gboolean unpark_words_is_file(const UnparkFrame *frames, guint n) {
  static const char *const names[] = {"os.(*File).", NULL};
  return has_frame(frames, n, names);
}

const char *unpark_words_wait(const UnparkKind *kind, const UnparkFrame *frames, guint n) {
  switch (kind ? kind->wait : UNPARK_WAIT_OTHER) {
  case UNPARK_WAIT_SYNC:
    if (unpark_words_is_collector(frames, n))
      return _("for the garbage collector");
    return strstr(kind->reason, "Cond") ? _("for a condition variable") : lock_words(frames, n);
  case UNPARK_WAIT_CHANNEL:
    return strstr(kind->reason, "send") ? _("to send on a channel")
                                        : _("to receive from a channel");
  case UNPARK_WAIT_SELECT:
    return _("in a select");
  case UNPARK_WAIT_NETWORK:
    return unpark_words_is_file(frames, n) ? _("for a file or pipe") : _("for the network");
  case UNPARK_WAIT_SLEEP:
    return _("in a sleep");
  case UNPARK_WAIT_SYSCALL:
    return _("for a system call");
  case UNPARK_WAIT_GC:
    return _("for the garbage collector");
  case UNPARK_WAIT_SYSTEM:
    return _("as runtime goroutines do");
  case UNPARK_WAIT_FOREVER:
    return _("forever: nothing can wake it");
  case UNPARK_WAIT_OTHER:
  case UNPARK_N_WAITS:
  default:
    return kind && strcmp(kind->reason, "preempted") == 0 ? _("for its stack to be scanned") : "";
  }
}

const char *unpark_words_channel(const UnparkFrame *frames, guint n) {
  static const struct {
    const char *prefix, *words;
  } calls[] = {{"runtime.chansend", N_(", which sent")},
               {"runtime.selectnbsend", N_(", which sent")},
               {"runtime.chanrecv", N_(", which received")},
               {"runtime.selectnbrecv", N_(", which received")},
               {"runtime.closechan", N_(", which closed the channel")}};
  for (gsize i = 0; n > 0 && i < G_N_ELEMENTS(calls); i++)
    if (g_str_has_prefix(frames[0].function, calls[i].prefix))
      return _(calls[i].words);
  return "";
}

const char *unpark_words_cause(UnparkCause cause) {
  static const char *const causes[] = {
      N_("for a reason not in the trace"), N_("created"), N_("woken"), N_("preempted"),
      N_("back from a system call"),       N_("yielded")};
  G_STATIC_ASSERT(G_N_ELEMENTS(causes) == UNPARK_N_CAUSES);
  return (guint)cause < G_N_ELEMENTS(causes) ? _(causes[cause]) : "";
}

/* How the standard library does what was asked of it. */
static gboolean is_inside(const char *function) {
  return g_str_has_prefix(function, "runtime.") || g_str_has_prefix(function, "internal/") ||
         g_str_has_prefix(function, "syscall.");
}

void unpark_words_frames(const UnparkFrame *frames, guint n, guint *inner, guint *own) {
  for (*inner = 0; *inner + 1 < n; ++*inner)
    if (!g_str_has_prefix(frames[*inner].function, "runtime.") &&
        !g_str_has_prefix(frames[*inner].function, "internal/runtime/"))
      break;
  for (*own = *inner; *own < n; ++*own)
    if (!unpark_go_is_standard(frames[*own].function))
      return;
  for (*own = *inner; *own < n; ++*own)
    if (!is_inside(frames[*own].function))
      return;
  *own = *inner;
}

char *unpark_words_processors(const UnparkLate *late) {
  char procs[UNPARK_FORMAT_SIZE], last[UNPARK_FORMAT_SIZE], average[UNPARK_FORMAT_SIZE];
  unpark_format_count(late->procs, procs);
  if (late->procs == late->procs_last || late->to_ns <= late->from_ns)
    return g_strdup_printf(ngettext("Running on the %s processor meanwhile",
                                    "Running on the %s processors meanwhile", (gulong)late->procs),
                           procs);
  g_snprintf(average, sizeof average, "%.2f",
             (double)late->capacity_ns / ((double)late->to_ns - (double)late->from_ns));
  return g_strdup_printf(
      _("Running meanwhile on %s processors on average: GOMAXPROCS changed from %s to %s"), average,
      procs, unpark_format_count(late->procs_last, last));
}

char *unpark_words_stack(const UnparkFrame *frames, guint n) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < n; i++) {
    g_string_append_printf(out, "%s\n", frames[i].function);
    if (*frames[i].file)
      g_string_append_printf(out, "\t%s:%u\n", frames[i].file, frames[i].line);
  }
  return g_string_free(out, FALSE);
}
