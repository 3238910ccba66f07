/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli: what a Go program recorded about itself, without a display. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-filter.h"
#include "app/cli-findings.h"
#include "app/cli-flamegraph.h"
#include "app/cli-sources.h"
#include "app/cli.h"
#include "app/fleet/cli-export.h"
#include "app/fleet/cli-summary.h"
#include "app/live/cli-capture.h"
#include "app/live/cli-watch.h"
#include "app/query/cli-query.h"
#include "app/redact/cli-redact.h"
#include "app/report/cli-report.h"
#include "app/tables/cli-compare.h"
#include "app/tables/cli-goroutines.h"
#include "app/tables/cli-latency.h"
#include "app/tables/cli-list.h"
#include "app/tables/cli-spans.h"
#include "model/base/error.h"
#include "model/base/printable.h"

/* How long a cancelled command may take to clean up. */
#define PATIENCE_S 2

typedef struct {
  CliCommand command;
  int (*run)(const CliArgs *args, CliContext *context);
} Command;

#define NO_CACHE_OPTION                                                                            \
  { "no-cache", 0, NULL, N_("Import the file again and do not use the cache") }

static const Command commands[] = {
    {{"info",
      N_("FILE..."),
      N_("Summarize FILE: an execution trace, profile, goroutine dump, race report or store; “-” "
         "is standard input."),
      1,
      {CLI_OFFSET_OPTION, NO_CACHE_OPTION},
      .more = TRUE},
     cli_info},
    {{"import",
      N_("FILE -o STORE"),
      N_("Import FILE into STORE, a self-contained file that opens at once."),
      1,
      {{"output", 'o', N_("STORE"), N_("The store to write, usually NAME.unpark")}}},
     cli_import},
    {{"query",
      N_("FILE... SQL"),
      N_("Run one SQL statement, or a template with --template, on FILE, a store, or several that "
         "are read as one, and print the rows; the statement “.schema” lists tables and columns."),
      0,
      {{"format", 'f', N_("FORMAT"),
        N_("table, tsv, csv, json or parquet (default: table on a terminal, otherwise tsv)")},
       {"header", 0, NULL, N_("Print a header line (tsv and csv)")},
       {"timeout", 0, N_("SECONDS"), N_("Stop after this time")},
       {"limit", 0, N_("N"), N_("Print at most N rows")},
       {"template", 't', N_("NAME"),
        N_("Instead of SQL: a question that comes with the program, or one of your own by its name "
           "or path; “list” shows them all")},
       {"param", 'p', N_("NAME=VALUE"), N_("Set a parameter of the template; may be repeated")},
       CLI_FILTER_OPTION,
       CLI_OFFSET_OPTION,
       NO_CACHE_OPTION},
      .more = TRUE},
     cli_query},
    {{"why",
      N_("FILE... --goroutine N"),
      N_("Show why a goroutine waited: what it waited for, who ended the wait, and what delayed "
         "them."),
      1,
      {{"goroutine", 'g', N_("N"), N_("The goroutine ID")},
       {"at", 0, N_("TIME"),
        N_("Time from the start of the trace: 1.203s, 120ms, or nanoseconds (default: its longest "
           "wait)")},
       {"format", 'f', N_("FORMAT"), N_("text or json (default: text)")},
       {"limit", 0, N_("N"), N_("Print at most N links of the chain")},
       {"filter", 0, N_("EXPRESSION"),
        N_("Instead of --goroutine: explain the longest wait that matches this filter")},
       {"span", 0, N_("ID"),
        N_("Instead of --goroutine: explain the longest wait of this span of a distributed trace; "
           "with the execution traces and the spans as files")},
       CLI_OFFSET_OPTION,
       NO_CACHE_OPTION},
      .more = TRUE},
     cli_why},
    CLI_COMPARE_COMMAND,
    CLI_FINDINGS_COMMAND,
    CLI_FLAMEGRAPH_COMMAND,
    CLI_GOROUTINES_COMMAND,
    CLI_LATENCY_COMMAND,
    CLI_LIST_COMMAND,
    CLI_SPANS_COMMAND,
    CLI_TASKS_COMMAND,
    CLI_CAPTURE_COMMAND,
    CLI_WATCH_COMMAND,
    CLI_REDACT_COMMAND,
    CLI_REPORT_COMMAND,
    CLI_EXPORT_COMMAND,
    CLI_SUMMARY_COMMAND,
};

static int stop_signal;      /* atomic: the signal that ended us, 0: none */
static gboolean pipe_closed; /* the reader of our output has gone */

void cli_complain(const char *format, ...) {
  g_autofree char *text = NULL;
  va_list list;

  va_start(list, format);
  text = g_strdup_vprintf(format, list);
  va_end(list);
  /* File names and messages may hold anything; a terminal must not obey it. */
  for (char *p = text; *p; p++)
    if (*p == '\n')
      *p = ' ';
  g_autofree char *printable = unpark_printable_dup(text);
  g_printerr("unpark-cli: %s\n", printable);
}

int cli_fail(const GError *error) {
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CLI_FAILED;
  cli_complain("%s", error->message);
  if (error->domain == G_REGEX_ERROR)
    return CLI_USAGE;
  if (g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT) ||
      g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_UNSUPPORTED_VERSION) ||
      g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT) ||
      g_error_matches(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
      g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    return CLI_UNKNOWN;
  return CLI_FAILED;
}

int cli_output_failed(int code) {
  if (code == EPIPE)
    pipe_closed = TRUE;
  else
    cli_complain(_("Cannot write to standard output: %s"), g_strerror(code));
  return CLI_FAILED;
}

/* ---- Signals ------------------------------------------------------------------------- */

static sigset_t stop_signals;

static void die_of(int number);

/* The first signal cancels, so that temporary files go; the second ends at once, and so does time:
 * what does not look at the cancellable is not waited for. What is left behind is found by the next
 * run. */
static gpointer wait_for_signals(gpointer cancellable) {
  const struct timespec patience = {.tv_sec = PATIENCE_S};
  int number = 0;

  while (sigwait(&stop_signals, &number) != 0)
    ;
  g_atomic_int_set(&stop_signal, number);
  g_cancellable_cancel(cancellable);
  while (sigtimedwait(&stop_signals, NULL, &patience) < 0 && errno == EINTR)
    ;
  die_of(number);
  return NULL;
}

static void watch_signals(CliContext *context) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

  sigemptyset(&stop_signals);
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
    struct sigaction action;

    /* Under nohup, or in the background of a script, some are to be ignored. */
    if (sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(&stop_signals, numbers[i]);
  }
  pthread_sigmask(SIG_BLOCK, &stop_signals, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* writing fails with a reason instead */
  g_thread_unref(g_thread_new("signals", wait_for_signals, context->cancellable));
}

/* Everything is cleaned up: ends as the signal would have ended us, so that a shell knows. */
static void die_of(int number) {
  sigset_t set;

  signal(number, SIG_DFL);
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  raise(number);
}

/* GLib ends the program where memory or a thread is missing: with a sentence, not with a trap. */
static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields, gsize n,
                                  gpointer data) {
  if (level & G_LOG_LEVEL_ERROR) {
    static const char text[] = "unpark-cli: Out of memory, or of threads. Close other programs, or "
                               "raise the limit (ulimit -v, ulimit -u)\n";
    /* Nothing is allocated any more, not even for a translation. */
    for (gsize done = 0; done < sizeof text - 1;) {
      gssize size = write(STDERR_FILENO, text + done, sizeof text - 1 - done);
      if (size <= 0)
        break;
      done += (gsize)size;
    }
    _exit(CLI_FAILED);
  }
  return g_log_writer_default(level, fields, n, data);
}

/* ---- Commands --------------------------------------------------------------------------- */

/* 0, 1 and 2 are of the caller, if it closed them: what is opened next would take their numbers,
 * and our output would go there. As it is, writing to a closed standard output fails. */
static void keep_standard_files(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
      open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What g_print() left in the buffer. */
static int printed(void) {
  return fflush(stdout) == 0 ? CLI_OK : cli_output_failed(errno);
}

static int print_command_help(const CliCommand *command) {
  g_autofree char *help = cli_args_help(command);

  g_print("%s", help);
  return printed();
}

static int print_help(void) {
  g_autoptr(GString) help = g_string_new(NULL);

  g_print("%s\n\n", _("Usage: unpark-cli COMMAND [OPTION...] ARGUMENTS"));
  g_print("%s\n\n%s\n",
          _("Show why goroutines wait: Go execution traces, profiles, goroutine dumps and race "
            "reports."),
          _("Commands:"));
  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
    const CliCommand *command = &commands[i].command;
    g_autofree char *usage = g_strdup_printf("%s %s", command->name, _(command->synopsis));

    cli_args_help_line(help, usage, _(command->help));
  }
  g_string_append_c(help, '\n');
  cli_args_help_line(help, "-h, --help", _("Show this help"));
  cli_args_help_line(help, "--version", _("Show the version"));
  g_print("%s\n%s\n", help->str,
          _("Run “unpark-cli COMMAND --help” for the options of a command."));
  return printed();
}

/* "help" and "help COMMAND", as of the go command. */
static int help(int argc, char **argv) {
  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(commands); i++)
    if (strcmp(argv[1], commands[i].command.name) == 0)
      return print_command_help(&commands[i].command);
  return print_help();
}

static gboolean wants_help(int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
      return TRUE;
  return FALSE;
}

static int run_command(const Command *command, int argc, char **argv) {
  /* Static: the signal thread uses it until the very end. */
  static CliContext context;
  g_autofree char *message = NULL;
  CliArgs args;
  int status = CLI_USAGE;

  if (wants_help(argc, argv)) {
    status = print_command_help(&command->command);
  } else {
    if (cli_args_parse(&args, &command->command, argc, argv, &message)) {
      context.cancellable = g_cancellable_new();
      watch_signals(&context);
      cli_sources_expand(&args);
      status = command->run(&args, &context);
    } else {
      cli_complain("%s", message);
      g_printerr(_("See “unpark-cli %s --help”.\n"), command->command.name);
    }
    cli_args_clear(&args);
  }
  if (g_atomic_int_get(&stop_signal) && status != CLI_PARTIAL)
    die_of(g_atomic_int_get(&stop_signal));
  if (pipe_closed)
    die_of(SIGPIPE);
  return status;
}

int main(int argc, char **argv) {
  keep_standard_files();
  g_log_set_writer_func(write_log, NULL, NULL);
  setlocale(LC_ALL, "");
  bindtextdomain(GETTEXT_PACKAGE, UNPARK_LOCALEDIR);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);

  if (argc < 2) {
    cli_complain(_("No command; see “unpark-cli --help”"));
    return CLI_USAGE;
  }
  if (strcmp(argv[1], "--version") == 0) {
    g_print("unpark-cli %s\n", UNPARK_VERSION);
    return printed();
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
    return help(argc - 1, argv + 1);
  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
    if (strcmp(argv[1], commands[i].command.name) == 0)
      return run_command(&commands[i], argc - 1, argv + 1);
  cli_complain(_("Unknown command “%s”; see “unpark-cli --help”"), argv[1]);
  return CLI_USAGE;
}
