/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/types.h"

#include <glib/gi18n.h>
#include <string.h>

static const char *const state_names[UNPARK_N_STATES] = {"running", "runnable", "waiting",
                                                         "syscall"};

static const char *const cause_names[UNPARK_N_CAUSES] = {"",          "created", "woken",
                                                         "preempted", "syscall", "yield"};

static const char *const wait_names[UNPARK_N_WAITS] = {
    "other", "sync", "channel", "select", "network", "sleep", "syscall", "gc", "system", "forever",
};

static const char *const wait_words[UNPARK_N_WAITS] = {
    [UNPARK_WAIT_OTHER] = N_("waiting"),
    [UNPARK_WAIT_SYNC] = N_("waiting for a lock"),
    [UNPARK_WAIT_CHANNEL] = N_("waiting for a channel"),
    [UNPARK_WAIT_SELECT] = N_("waiting in select"),
    [UNPARK_WAIT_NETWORK] = N_("waiting for the network"),
    [UNPARK_WAIT_SLEEP] = N_("sleeping"),
    [UNPARK_WAIT_SYSCALL] = N_("waiting for a system call"),
    [UNPARK_WAIT_GC] = N_("waiting for the GC"),
    [UNPARK_WAIT_SYSTEM] = N_("waiting, runtime"),
    [UNPARK_WAIT_FOREVER] = N_("waiting forever"),
};

static const char *const severity_names[] = {"info", "warning", "error"};

static const char *const scope_names[] = {"global", "goroutine", "proc"};

const char *unpark_state_name(UnparkState state) {
  return (guint)state < G_N_ELEMENTS(state_names) ? state_names[state] : "";
}

static const char *const trace_kinds[UNPARK_N_TRACE_KINDS] = {
    "unspecified", "internal", "server", "client", "producer", "consumer"};
static const char *const trace_statuses[UNPARK_N_TRACE_STATUSES] = {"unset", "ok", "error"};
static const char *const trace_scopes[UNPARK_N_TRACE_SCOPES] = {"span", "resource", "library",
                                                                "event", "link"};

const char *unpark_trace_kind_name(UnparkTraceKind kind) {
  return (guint)kind < G_N_ELEMENTS(trace_kinds) ? trace_kinds[kind] : trace_kinds[0];
}

const char *unpark_trace_status_name(UnparkTraceStatus status) {
  return (guint)status < G_N_ELEMENTS(trace_statuses) ? trace_statuses[status] : trace_statuses[0];
}

const char *unpark_trace_scope_name(UnparkTraceScope scope) {
  return (guint)scope < G_N_ELEMENTS(trace_scopes) ? trace_scopes[scope] : trace_scopes[0];
}

const char *unpark_cause_name(UnparkCause cause) {
  return (guint)cause < G_N_ELEMENTS(cause_names) ? cause_names[cause] : "";
}

const char *unpark_wait_name(UnparkWait wait) {
  return (guint)wait < G_N_ELEMENTS(wait_names) ? wait_names[wait] : "other";
}

const char *unpark_wait_words(UnparkWait wait) {
  return (guint)wait < G_N_ELEMENTS(wait_words) ? wait_words[wait] : wait_words[UNPARK_WAIT_OTHER];
}

const char *unpark_severity_name(UnparkSeverity severity) {
  return (guint)severity < G_N_ELEMENTS(severity_names) ? severity_names[severity] : "";
}

const char *unpark_scope_name(UnparkScope scope) {
  return (guint)scope < G_N_ELEMENTS(scope_names) ? scope_names[scope] : "";
}

/* Every reason and state word that Go 1.11 to 1.27 writes and that a prefix does not
 * tell. Traces: runtime/traceruntime.go, internal/trace/tracev1.go. Dumps:
 * waitReasonStrings in runtime/runtime2.go, and its older versions. */
static const struct {
  const char *reason;
  UnparkWait wait;
} exact_reasons[] = {
    {"forever", UNPARK_WAIT_FOREVER},
    {"chan receive (nil chan)", UNPARK_WAIT_FOREVER},
    {"chan send (nil chan)", UNPARK_WAIT_FOREVER},
    {"select (no cases)", UNPARK_WAIT_FOREVER},
    {"network", UNPARK_WAIT_NETWORK},
    {"IO wait", UNPARK_WAIT_NETWORK},
    {"sleep", UNPARK_WAIT_SLEEP},
    {"syscall", UNPARK_WAIT_SYSCALL},
    {"semacquire", UNPARK_WAIT_SYNC},
    {"semarelease", UNPARK_WAIT_SYNC},
    {"garbage collection", UNPARK_WAIT_GC},
    {"garbage collection scan", UNPARK_WAIT_GC},
    {"wait until GC ends", UNPARK_WAIT_GC},
    {"wait for GC cycle", UNPARK_WAIT_GC},
    {"force gc (idle)", UNPARK_WAIT_GC},
    {"mark wait (idle)", UNPARK_WAIT_GC},
    {"finalizer wait", UNPARK_WAIT_GC},
    {"cleanup wait", UNPARK_WAIT_GC},
    {"concurrent mark wait", UNPARK_WAIT_GC},
    {"flushing proc caches", UNPARK_WAIT_GC},
    {"page trace flush", UNPARK_WAIT_SYSTEM},
    {"system goroutine wait", UNPARK_WAIT_SYSTEM},
    {"wait for debug call", UNPARK_WAIT_SYSTEM},
    {"debug call", UNPARK_WAIT_SYSTEM},
    {"trace reader (blocked)", UNPARK_WAIT_SYSTEM},
    {"trace goroutine status", UNPARK_WAIT_SYSTEM},
    {"trace proc status", UNPARK_WAIT_SYSTEM},
    {"timer goroutine (idle)", UNPARK_WAIT_SYSTEM},
    {"GOMAXPROCS updater (idle)", UNPARK_WAIT_SYSTEM},
    {"stopping the world", UNPARK_WAIT_SYSTEM},
    {"dumping heap", UNPARK_WAIT_SYSTEM},
    {"panicwait", UNPARK_WAIT_SYSTEM},
};

/* Families: new members and suffixes such as "(durable)" or "(leaked)" fall in by
 * themselves. Consulted after the exact words. */
static const struct {
  const char *prefix;
  UnparkWait wait;
} reason_prefixes[] = {
    {"sync", UNPARK_WAIT_SYNC},     /* sync, sync.(*Cond).Wait, sync.Mutex.Lock, synctest */
    {"chan ", UNPARK_WAIT_CHANNEL}, /* chan send, chan receive */
    {"select", UNPARK_WAIT_SELECT}, /* select, select (durable) */
    {"GC ", UNPARK_WAIT_GC},        /* GC mark assist wait for work, GC worker (idle) */
    {"sleep", UNPARK_WAIT_SLEEP},     {"semacquire", UNPARK_WAIT_SYNC},
    {"IO wait", UNPARK_WAIT_NETWORK}, {"syscall", UNPARK_WAIT_SYSCALL},
};

UnparkWait unpark_wait_of_reason(const char *reason) {
  for (gsize i = 0; i < G_N_ELEMENTS(exact_reasons); i++)
    if (strcmp(reason, exact_reasons[i].reason) == 0)
      return exact_reasons[i].wait;
  /* A leaked goroutine's dump says "chan receive (nil chan) (leaked)". */
  if (strstr(reason, "(nil chan)") || strstr(reason, "(no cases)"))
    return UNPARK_WAIT_FOREVER;
  for (gsize i = 0; i < G_N_ELEMENTS(reason_prefixes); i++)
    if (g_str_has_prefix(reason, reason_prefixes[i].prefix))
      return reason_prefixes[i].wait;
  return UNPARK_WAIT_OTHER;
}
