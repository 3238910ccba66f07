/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/delve/delve.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "live/delve/dump.h"
#include "live/delve/rpc.h"
#include "live/http/error.h"
#include "model/base/printable.h"

/* Goroutines of one answer, and of all. */
#define PAGE 1000
#define GOROUTINES_MAX ((guint64)2000000)
/* Every stack takes a call, some 0.3 ms, for which the target stands still. */
#define STACKS_MAX ((guint64)2000)
#define STACKS_OF_GROUP 5
#define DEPTH 100
#define MOMENTS 2
#define MOMENT_US 150000

typedef struct {
  const UnparkDelve *delve;
  UnparkDelveRpc *rpc;
  UnparkCaptureFile *file;
  UnparkDelveResult *result;
  UnparkDelveClock clock;
  char *go_version, *version;
  GHashTable *groups; /* by unpark_delve_dump_group(): how many stacks of it were fetched */
  gboolean is_known, was_running, is_halted, is_multiclient, is_attached, is_recorded;
  GCancellable *cancellable;
} Reading;

static UnparkJsonTree *call(Reading *r, const char *method, const char *argument, GError **error) {
  return unpark_delve_rpc_call(r->rpc, method, argument, r->cancellable, error);
}

static const UnparkJsonTree *result_of(const UnparkJsonTree *answer) {
  return unpark_json_tree_get(answer, "result");
}

/* ---- The target ----------------------------------------------------------------------------- */

/* A flag that older servers may not tell: then FALSE. */
static gboolean ask_flag(Reading *r, const char *method, const char *name) {
  g_autoptr(UnparkJsonTree) answer = call(r, method, "{}", NULL);

  return answer && unpark_json_tree_flag(result_of(answer), name);
}

/* The clock of the target is this machine's if a debugger holds a process of its number here. */
static gint64 clock_of(Reading *r) {
  g_autoptr(UnparkJsonTree) answer = call(r, "ProcessPid", "{}", NULL);
  g_autofree char *path = NULL;
  g_autofree char *status = NULL;
  const char *tracer;
  gint64 pid = unpark_json_tree_number(result_of(answer), "Pid");

  path = g_strdup_printf("/proc/%" G_GINT64_FORMAT "/status", pid);
  if (r->is_recorded || pid <= 0 || !g_file_get_contents(path, &status, NULL, NULL))
    return 0;
  tracer = strstr(status, "\nTracerPid:\t");
  return tracer && tracer[strlen("\nTracerPid:\t")] != '0' ? g_get_monotonic_time() * 1000 : 0;
}

/* "Version: 1.20.2", a line feed and a build: the number alone. */
static char *one_line(const char *text) {
  const char *from = g_str_has_prefix(text, "Version: ") ? text + strlen("Version: ") : text;
  g_autofree char *line = g_strndup(from, MIN(strcspn(from, "\r\n"), 80));
  return unpark_printable_dup(line);
}

static gboolean ask_state(Reading *r, GError **error) {
  g_autoptr(UnparkJsonTree) state = call(r, "State", "{\"NonBlocking\":true}", error);
  const UnparkJsonTree *facts = unpark_json_tree_get(result_of(state), "State");

  r->was_running = unpark_json_tree_flag(facts, "Running");
  if (state && unpark_json_tree_flag(facts, "exited")) {
    g_set_error_literal(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_PROTOCOL,
                        _("The target has exited: it has no goroutines any more"));
    return FALSE;
  }
  return state != NULL;
}

static gboolean ask_version(Reading *r, GError **error) {
  g_autoptr(UnparkJsonTree) version = call(r, "GetVersion", "{}", error);

  g_free(r->version);
  g_free(r->go_version);
  r->version = one_line(unpark_json_tree_text(result_of(version), "DelveVersion"));
  r->go_version = one_line(unpark_json_tree_text(result_of(version), "TargetGoVersion"));
  r->clock.go_version = r->go_version;
  return version != NULL;
}

static gboolean look_at_target(Reading *r, GError **error) {
  g_autoptr(UnparkJsonTree) api = call(r, "SetApiVersion", "{\"APIVersion\":2}", error);

  if (!api || !ask_version(r, error) || !ask_state(r, error))
    return FALSE;
  r->is_multiclient = ask_flag(r, "IsMulticlient", "IsMulticlient");
  r->is_attached = ask_flag(r, "AttachedToExistingProcess", "Answer");
  r->is_known = TRUE;
  /* With --continue, a server that has just begun lets the target run a moment later. */
  for (guint i = 0; r->is_multiclient && !r->was_running && i < MOMENTS; i++) {
    g_usleep(MOMENT_US);
    if (!ask_state(r, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean halt(Reading *r, GError **error) {
  g_autoptr(UnparkJsonTree) answer = NULL;

  if (!r->was_running)
    return TRUE;
  r->is_halted = TRUE; /* or may be, whatever comes of the call */
  answer = call(r, "Command", "{\"name\":\"halt\"}", error);
  return answer != NULL;
}

/* As it was found. Cancellation is no reason to leave the target standing. */
static void leave(Reading *r) {
  r->result->was_ended = r->is_known && !r->is_multiclient;
  r->result->was_killed = r->result->was_ended && !r->is_attached && !r->is_recorded;
  if (r->is_halted && r->is_multiclient)
    unpark_delve_rpc_send(r->rpc, "Command", "{\"name\":\"continue\"}", NULL, NULL);
}

/* ---- Goroutines ----------------------------------------------------------------------------- */

/* A few of each group first come, first served; all while there are not many. */
static gboolean is_stack_wanted(Reading *r, const UnparkJsonTree *g) {
  char *group = unpark_delve_dump_group(g);
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(r->groups, group));

  g_hash_table_insert(r->groups, group, GUINT_TO_POINTER(n + 1));
  return n == 0 || (r->result->n_stacks < STACKS_MAX &&
                    (n < STACKS_OF_GROUP || r->result->n_stacks < STACKS_MAX / 2));
}

static gboolean write_goroutine(Reading *r, const UnparkJsonTree *g, GError **error) {
  g_autoptr(GString) text = g_string_new("\n");
  g_autoptr(UnparkJsonTree) answer = NULL;
  const char *unreadable = unpark_json_tree_text(g, "unreadable");

  unpark_delve_dump_head(text, g, &r->clock);
  if (!*unreadable && is_stack_wanted(r, g)) {
    g_autofree char *argument =
        g_strdup_printf("{\"Id\":%" G_GINT64_FORMAT
                        ",\"Depth\":%d,\"Full\":false,\"Defers\":false,\"Opts\":0,\"Cfg\":null}",
                        unpark_json_tree_number(g, "id"), DEPTH);
    GError *failure = NULL;

    answer = call(r, "Stacktrace", argument, &failure);
    /* One stack that cannot be read leaves the others. */
    if (failure && !g_error_matches(failure, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_PROTOCOL)) {
      g_propagate_error(error, failure);
      return FALSE;
    }
    g_clear_error(&failure);
    r->result->n_stacks += answer != NULL;
  }
  unpark_delve_dump_stack(text, g, unpark_json_tree_get(result_of(answer), "Locations"));
  r->result->n_goroutines++;
  if (r->delve->progress)
    __atomic_add_fetch(&r->delve->progress->bytes, text->len, __ATOMIC_RELAXED);
  return unpark_capture_file_write(r->file, text->str, text->len, error);
}

/* The goroutines of the program, or those of the runtime, page by page. */
static gboolean write_goroutines(Reading *r, gboolean of_runtime, GError **error) {
  gint64 start = 0;

  while (start >= 0) {
    g_autofree char *argument =
        g_strdup_printf("{\"Start\":%" G_GINT64_FORMAT
                        ",\"Count\":%d,\"Filters\":[{\"Kind\":7,\"Negated\":%s,\"Arg\":\"\"}]}",
                        start, PAGE, of_runtime ? "true" : "false");
    g_autoptr(UnparkJsonTree) answer = call(r, "ListGoroutines", argument, error);
    const UnparkJsonTree *list = unpark_json_tree_get(result_of(answer), "Goroutines");
    gint64 next = unpark_json_tree_number(result_of(answer), "Nextg");

    if (!answer)
      return FALSE;
    for (const UnparkJsonTree *g = list ? list->first : NULL; g; g = g->next)
      if (!write_goroutine(r, g, error))
        return FALSE;
    if (r->result->n_goroutines > GOROUTINES_MAX) {
      g_set_error_literal(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_TOO_LARGE,
                          _("Delve lists goroutines without end: stopped"));
      return FALSE;
    }
    /* It moves on, or it is not the next page. */
    start = next > start ? next : -1;
  }
  return TRUE;
}

static gboolean read_all(Reading *r, GError **error) {
  g_autofree char *head = NULL;

  if (!look_at_target(r, error) || !halt(r, error))
    return FALSE;
  /* Of a target that runs, its version is not told, and the other calls would wait. */
  if (!*r->go_version && !ask_version(r, error))
    return FALSE;
  r->is_recorded = ask_flag(r, "Recorded", "Recorded");
  r->clock.now_ns = clock_of(r);
  head = g_strdup_printf("Delve %s, target %s\n", r->version, r->go_version);
  return unpark_capture_file_write(r->file, head, strlen(head), error) &&
         write_goroutines(r, FALSE, error) && write_goroutines(r, TRUE, error);
}

gboolean unpark_delve_capture(const UnparkDelve *delve, UnparkDelveResult *result,
                              GCancellable *cancellable, GError **error) {
  Reading r = {.delve = delve, .result = result, .cancellable = cancellable};
  gboolean ok;

  *result = (UnparkDelveResult){0};
  if (!delve->may_halt) {
    g_set_error_literal(
        error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_NEEDS_HALT,
        _("Reading goroutines stops a running target for a moment, and a Delve without "
          "--accept-multiclient ends with the connection, together with a program that it "
          "launched. --halt allows that"));
    return FALSE;
  }
  r.file = unpark_capture_file_new(delve->path, error);
  if (!r.file)
    return FALSE;
  r.rpc = unpark_delve_rpc_open(delve->address, cancellable, error);
  r.groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (delve->progress)
    __atomic_store_n(&delve->progress->started_us, g_get_monotonic_time(), __ATOMIC_RELAXED);
  ok = r.rpc && read_all(&r, error);
  if (r.rpc)
    leave(&r);
  unpark_delve_rpc_close(r.rpc);
  g_hash_table_unref(r.groups);
  g_free(r.version);
  g_free(r.go_version);
  if (ok)
    return unpark_capture_file_finish(r.file, error);
  unpark_capture_file_drop(r.file);
  return FALSE;
}
