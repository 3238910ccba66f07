/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/live/cli-watch.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>

#include "app/live/cli-reach.h"
#include "live/service/service.h"
#include "live/watch/watch.h"
#include "model/base/format.h"

#define DEFAULT_EVERY_S 5
#define MOST_SHOWN 12
#define DAY_S ((guint64)86400)

typedef struct {
  guint64 every_s, for_s; /* for_s 0: until it is cancelled */
  const char *folder;     /* NULL: no dump is kept */
} Options;

static gboolean parse(Options *options, const CliArgs *args, char **message) {
  options->every_s = DEFAULT_EVERY_S;
  options->folder = cli_args_value(args, "output");
  if (!cli_args_count(args, "every", &options->every_s, message) ||
      !cli_args_count(args, "for", &options->for_s, message))
    return FALSE;
  if (options->every_s > DAY_S)
    *message = g_strdup_printf(_("--every: at most %u, a day"), (guint)DAY_S);
  else if (options->folder && g_mkdir_with_parents(options->folder, 0777) < 0)
    *message =
        g_strdup_printf(_("Cannot create the folder %s: %s"), options->folder, g_strerror(errno));
  return *message == NULL;
}

/* ---- A line --------------------------------------------------------------------------------- */

static void append_memory(GString *line, const UnparkWatchSample *now,
                          const UnparkWatchSample *before) {
  char heap[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];

  if (now->heap_bytes >= 0)
    g_string_append_printf(line, _("  heap %s"), unpark_format_bytes(now->heap_bytes, heap));
  if (now->gc_count < 0)
    return;
  g_string_append_printf(line, _("  GC %s"), unpark_format_count(now->gc_count, count));
  if (before && before->gc_count >= 0)
    g_string_append_printf(line, " (%+d)", (int)(now->gc_count - before->gc_count));
}

/* "14:03:27  1,204 goroutines (+12)  running 2  runnable 8  waiting 1,190 ...". */
static void print_sample(const UnparkWatch *watch) {
  guint n = watch->samples->len;
  const UnparkWatchSample *all = (const UnparkWatchSample *)(gpointer)watch->samples->data;
  const UnparkWatchSample *now = &all[n - 1], *before = n > 1 ? now - 1 : NULL;
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(now->wall_us / G_USEC_PER_SEC);
  g_autofree char *clock = g_date_time_format(when, "%H:%M:%S");
  g_autoptr(GString) line = g_string_new(clock);
  char count[UNPARK_FORMAT_SIZE], states[UNPARK_WATCH_N_STATES][UNPARK_FORMAT_SIZE];

  for (guint i = 0; i < UNPARK_WATCH_N_STATES; i++)
    unpark_format_count(now->states[i], states[i]);
  g_string_append_printf(line, _("  %s goroutines (%+d)"),
                         unpark_format_count(now->goroutines, count),
                         before ? (int)now->goroutines - (int)before->goroutines : 0);
  g_string_append_printf(line, _("  running %s  runnable %s  waiting %s  system call %s"),
                         states[UNPARK_WATCH_RUNNING], states[UNPARK_WATCH_RUNNABLE],
                         states[UNPARK_WATCH_WAITING], states[UNPARK_WATCH_SYSCALL]);
  append_memory(line, now, before);
  g_print("%s\n", line->str);
}

/* ---- The end -------------------------------------------------------------------------------- */

static void print_growth(const UnparkWatch *watch) {
  g_autoptr(GPtrArray) stacks = unpark_watch_by_growth(watch);
  guint shown = 0;

  if (watch->samples->len < 2)
    return;
  for (; shown < MIN(stacks->len, MOST_SHOWN); shown++) {
    const UnparkWatchStack *stack = stacks->pdata[shown];
    char now[UNPARK_FORMAT_SIZE];
    if (unpark_watch_growth(stack) <= 0)
      break;
    if (shown == 0)
      g_print("\n%s\n", _("Goroutines that became more:"));
    g_print(_("%+8d  %8s now  %s  %s  %s %s\n"), unpark_watch_growth(stack),
            unpark_format_count(g_array_index(stack->counts, guint, watch->samples->len - 1), now),
            stack->state, stack->function, stack->place,
            unpark_watch_only_grows(stack) ? _("(only grows)") : "");
  }
  if (shown == 0)
    g_print("\n%s\n", _("At no stack did goroutines become more."));
}

/* FALSE: the output is closed. */
static gboolean flush(int *status) {
  if (fflush(stdout) == 0)
    return TRUE;
  *status = cli_output_failed(errno);
  return FALSE;
}

/* ---- Watching ------------------------------------------------------------------------------- */

/* FALSE: it was cancelled. */
static gboolean wait_for(gint64 us, GCancellable *cancellable) {
  GPollFD fd;

  if (us <= 0 || !g_cancellable_make_pollfd(cancellable, &fd))
    return !g_cancellable_is_cancelled(cancellable);
  g_poll(&fd, 1, (int)MIN(us / 1000, (gint64)DAY_S * 1000));
  g_cancellable_release_fd(cancellable);
  return !g_cancellable_is_cancelled(cancellable);
}

static gboolean look(UnparkWatch *watch, const UnparkService *service, const UnparkReach *reach,
                     const Options *options, CliContext *context, GError **error) {
  g_autoptr(UnparkWatchAnswer) answer =
      unpark_watch_ask(service, reach, context->cancellable, error);
  g_autofree char *path = NULL;

  if (!answer)
    return FALSE;
  unpark_watch_add(watch, answer);
  print_sample(watch);
  if (options->folder)
    path = unpark_watch_keep(answer, options->folder, error);
  return !options->folder || path != NULL;
}

static int watch_service(const UnparkService *service, const CliReach *at, const Options *options,
                         CliContext *context) {
  g_autoptr(UnparkWatch) watch = unpark_watch_new();
  g_autoptr(GError) error = NULL;
  gint64 start = g_get_monotonic_time(), next = start;
  gint64 end = options->for_s ? start + (gint64)options->for_s * G_USEC_PER_SEC : G_MAXINT64;
  int status = CLI_OK;

  do {
    if (!look(watch, service, &at->reach, options, context, &error) || !flush(&status))
      break;
    next = MAX(next + (gint64)options->every_s * G_USEC_PER_SEC, g_get_monotonic_time());
  } while (next <= end && wait_for(next - g_get_monotonic_time(), context->cancellable));
  if (status == CLI_OK) {
    print_growth(watch);
    flush(&status);
  }
  if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return watch->samples->len > 0 ? (cli_fail(error), CLI_PARTIAL) : cli_fail(error);
  return status;
}

int cli_watch(const CliArgs *args, CliContext *context) {
  Options options = {0};
  g_autofree char *message = NULL;
  g_auto(CliReach) at = {0};
  g_autoptr(UnparkService) service = NULL;
  g_autoptr(GError) error = NULL;
  int status = CLI_USAGE;

  if (!parse(&options, args, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  if (!cli_reach_parse(&at, args, &status))
    return status;
  if (at.address->kind == UNPARK_ADDRESS_DELVE) {
    cli_complain(_("A debugger cannot be watched: it would stop the target again and again"));
    return CLI_USAGE;
  }
  service = unpark_service_find(at.address, &at.reach, TRUE, context->cancellable, &error);
  return service ? watch_service(service, &at, &options, context) : cli_fail(error);
}
