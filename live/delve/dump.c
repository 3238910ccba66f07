/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/delve/dump.h"

#include <string.h>

#include "live/delve/reasons.h"
#include "model/base/printable.h"

#define MINUTE_NS (60 * G_GINT64_CONSTANT(1000000000))
/* A wait that is longer is one of another clock. */
#define WAIT_MAX_NS (10 * 365 * 24 * 60 * MINUTE_NS)
#define SCANNED 0x1000

static const char *state_of(const UnparkJsonTree *g, const UnparkDelveClock *clock) {
  static const char *const states[] = {"idle", "runnable", "running",   "syscall",   "waiting", "",
                                       "dead", "",         "copystack", "preempted", "leaked"};
  gint64 status = unpark_json_tree_number(g, "status") & ~(gint64)SCANNED;
  const char *reason = NULL;

  if (status == 4 || status == 9 || status == 10)
    reason = unpark_delve_reason(clock->go_version, unpark_json_tree_number(g, "waitReason"));
  if (reason && *reason)
    return reason;
  return status >= 0 && status < (gint64)G_N_ELEMENTS(states) && *states[status] ? states[status]
                                                                                 : "unknown";
}

/* Names come from another program: a line is to stay one. */
static void append_clean(GString *to, const char *text) {
  g_autofree char *printable = unpark_printable_dup(text);

  g_string_append(to, printable);
}

static void append_labels(GString *to, const UnparkJsonTree *labels) {
  if (!labels || labels->type != UNPARK_JSON_TREE_OBJECT || !labels->first)
    return;
  g_string_append(to, " {");
  for (const UnparkJsonTree *label = labels->first; label; label = label->next) {
    g_autofree char *value = g_strescape(label->text ? label->text : "", NULL);

    g_string_append(to, label == labels->first ? "" : ", ");
    append_clean(to, label->key);
    g_string_append_printf(to, ": \"%s\"", value);
  }
  g_string_append_c(to, '}');
}

void unpark_delve_dump_head(GString *to, const UnparkJsonTree *g, const UnparkDelveClock *clock) {
  gint64 since = unpark_json_tree_number(g, "waitSince");
  gint64 waited = clock->now_ns > 0 && since > 0 ? clock->now_ns - since : 0;

  g_string_append_printf(to, "goroutine %" G_GINT64_FORMAT " [%s", unpark_json_tree_number(g, "id"),
                         state_of(g, clock));
  if (waited >= MINUTE_NS && waited < WAIT_MAX_NS)
    g_string_append_printf(to, ", %" G_GINT64_FORMAT " minutes", waited / MINUTE_NS);
  g_string_append_c(to, ']');
  append_labels(to, unpark_json_tree_get(g, "labels"));
  g_string_append(to, ":\n");
}

/* ---- Stacks --------------------------------------------------------------------------------- */

static const char *function_of(const UnparkJsonTree *location) {
  return unpark_json_tree_text(unpark_json_tree_get(location, "function"), "name");
}

/* "runtime.gopark", not "runtime.Gosched": what the runtime leaves out of its dumps, too. */
static gboolean is_inside(const char *function) {
  return g_str_has_prefix(function, "runtime.") && !g_ascii_isupper(function[strlen("runtime.")]);
}

static void append_frame(GString *to, const UnparkJsonTree *location, const char *prefix) {
  const char *function = function_of(location);

  g_string_append(to, prefix);
  append_clean(to, *function ? function : "?");
  g_string_append(to, *prefix ? "\n\t" : "(...)\n\t");
  append_clean(to, unpark_json_tree_text(location, "file"));
  g_string_append_printf(to, ":%" G_GINT64_FORMAT "\n", unpark_json_tree_number(location, "line"));
}

static void append_locations(GString *to, const UnparkJsonTree *locations) {
  const UnparkJsonTree *first = locations->first;

  while (first && is_inside(function_of(first)))
    first = first->next;
  /* One of the runtime's own has nothing else. */
  for (const UnparkJsonTree *at = first ? first : locations->first; at; at = at->next)
    if (strcmp(function_of(at), "runtime.goexit") != 0 &&
        (!first || strcmp(function_of(at), "runtime.main") != 0))
      append_frame(to, at, "");
}

void unpark_delve_dump_stack(GString *to, const UnparkJsonTree *g,
                             const UnparkJsonTree *locations) {
  const UnparkJsonTree *user = unpark_json_tree_get(g, "userCurrentLoc");
  const UnparkJsonTree *start = unpark_json_tree_get(g, "startLoc");
  const UnparkJsonTree *creator = unpark_json_tree_get(g, "goStatementLoc");

  if (locations && locations->first) {
    append_locations(to, locations);
  } else {
    append_frame(to, user, "");
    g_string_append(to, "...additional frames elided...\n");
    if (*function_of(start) && strcmp(function_of(start), function_of(user)) != 0)
      append_frame(to, start, "");
  }
  /* The first goroutine comes from assembler. */
  if (*function_of(creator) && strcmp(function_of(creator), "runtime.newproc") != 0 &&
      strcmp(function_of(creator), "runtime.rt0_go") != 0)
    append_frame(to, creator, "created by ");
}

static void append_place(GString *to, const UnparkJsonTree *g, const char *name) {
  const UnparkJsonTree *at = unpark_json_tree_get(g, name);

  g_string_append_printf(to, "%s:%s:%" G_GINT64_FORMAT "|", function_of(at),
                         unpark_json_tree_text(at, "file"), unpark_json_tree_number(at, "line"));
}

char *unpark_delve_dump_group(const UnparkJsonTree *g) {
  g_autoptr(GString) text = g_string_new(NULL);

  append_place(text, g, "currentLoc");
  append_place(text, g, "userCurrentLoc");
  append_place(text, g, "startLoc");
  append_place(text, g, "goStatementLoc");
  g_string_append_printf(text, "%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT,
                         unpark_json_tree_number(g, "status") & ~(gint64)SCANNED,
                         unpark_json_tree_number(g, "waitReason"));
  return g_string_free(g_steal_pointer(&text), FALSE);
}
