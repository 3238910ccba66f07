/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-why.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-filter.h"
#include "app/cli-output.h"
#include "app/cli-sources.h"
#include "app/cli-units.h"
#include "model/base/duration.h"
#include "model/why/goroutine.h"

typedef struct {
  gint64 goroutine, at_ns; /* UNPARK_NONE: of the filter; the longest wait */
  gboolean json;
  guint64 limit;
} WhyOptions;

static gboolean parse_options(const CliArgs *args, WhyOptions *options, char **message) {
  const char *format = cli_args_value(args, "format"), *at = cli_args_value(args, "at");
  const char *id = cli_args_value(args, "goroutine");

  options->goroutine = options->at_ns = UNPARK_NONE;
  options->json = format && strcmp(format, "json") == 0;
  if (cli_args_value(args, "span") && (id || at || cli_filter_given(args)))
    *message = g_strdup(_("--span goes without --goroutine, --at and --filter"));
  else if (id && cli_filter_given(args))
    *message = g_strdup(_("--goroutine and --filter cannot be used together"));
  else if (!id && !cli_filter_given(args) && !cli_args_value(args, "span"))
    *message = g_strdup(_("No goroutine: name one with --goroutine N, or several with --filter"));
  else if (!id && at)
    *message = g_strdup(_("--at needs --goroutine"));
  else if (id && !cli_args_goroutine(id, &options->goroutine))
    *message = g_strdup_printf(_("--goroutine: invalid goroutine number “%s”"), id);
  else if (at && !unpark_duration_parse(at, UNPARK_BARE_NS, &options->at_ns))
    *message = g_strdup_printf(
        _("--at: invalid time “%s”: expected something like 1.203s, 120ms, or nanoseconds"), at);
  else if (format && !options->json && strcmp(format, "text") != 0)
    *message = g_strdup_printf(_("--format: unknown format “%s”; expected text or json"), format);
  else
    return cli_args_count(args, "limit", &options->limit, message) &&
           cli_filter_check(args, message);
  return FALSE;
}

/* ---- asking --------------------------------------------------------------------------- */

/* The start of the longest system call, or else of the longest time it was runnable; UNPARK_NONE:
 * neither. */
static gint64 longest_other(UnparkStore *store, const UnparkGoroutineSummary *summary) {
  gint64 at_ns = UNPARK_NONE, longest_ns = -1;
  UnparkState best = UNPARK_STATE_RUNNABLE;

  for (guint i = 0; i < summary->n_kinds; i++) {
    const UnparkKindTotal *total = &summary->kinds[i];
    const UnparkKind *kind = unpark_store_kind(store, total->kind);

    if (!kind || (kind->state != UNPARK_STATE_SYSCALL && kind->state != UNPARK_STATE_RUNNABLE) ||
        (best == UNPARK_STATE_SYSCALL && kind->state != best) ||
        (kind->state == best && total->longest_ns <= longest_ns))
      continue;
    best = kind->state;
    longest_ns = total->longest_ns;
    at_ns = total->longest_start_ns;
  }
  return at_ns;
}

/* The start of the goroutine's longest wait, or what it did instead. UNPARK_NONE: it only ran. */
static gboolean find_longest(UnparkStore *store, gint64 goroutine, gint64 *at_ns,
                             GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkGoroutineSummary) summary =
      unpark_goroutine_summary(store, goroutine, 1, cancellable, error);

  if (!summary)
    return FALSE;
  *at_ns = summary->n_waits > 0 ? summary->waits[0].start_ns : longest_other(store, summary);
  return TRUE;
}

typedef struct {
  UnparkStore *store;
  const UnparkFilterResult *filtered;
  UnparkSpanMatch best;
  UnparkState state; /* of best */
  gboolean found;
} Longest;

/* A wait is better than a span in which it was ready to run, of which there is something to tell,
 * too; then the longest, then the first. */
static gboolean is_better(const Longest *longest, const UnparkSpanMatch *match, UnparkState state) {
  const UnparkSpanMatch *best = &longest->best;
  gint64 length = match->end_ns - match->start_ns, before = best->end_ns - best->start_ns;

  if (!longest->found || state != longest->state)
    return !longest->found || state == UNPARK_STATE_WAITING;
  if (length != before || match->start_ns != best->start_ns)
    return length != before ? length > before : match->start_ns < best->start_ns;
  return match->goroutine < best->goroutine;
}

static gboolean on_match(const UnparkSpanMatch *match, gpointer data) {
  Longest *longest = data;
  const UnparkKind *kind = unpark_store_kind(longest->store, match->kind);

  if (!kind || (kind->state != UNPARK_STATE_WAITING && kind->state != UNPARK_STATE_RUNNABLE) ||
      !unpark_id_set_has(&longest->filtered->goroutines, match->goroutine) ||
      !is_better(longest, match, kind->state))
    return TRUE;
  longest->best = *match;
  longest->state = kind->state;
  longest->found = TRUE;
  return TRUE;
}

/* The longest wait of what passes: of the spans that the filter asks for, or of any. FALSE after
 * the reason was printed. */
static gboolean find_passing(UnparkStore *store, const CliArgs *args, WhyOptions *options,
                             CliContext *context, int *status) {
  static const UnparkSpanTest any = {.max_ns = G_MAXINT64, .waker = UNPARK_NONE};
  g_autoptr(UnparkFilterResult) filtered = NULL;
  g_autoptr(GError) error = NULL;
  Longest longest = {.store = store};

  if (!cli_filter_apply(args, store, FALSE, context, &filtered, status))
    return FALSE;
  longest.filtered = filtered;
  if (!unpark_store_match_spans(store, filtered->has_spans ? filtered->tests : &any,
                                filtered->has_spans ? filtered->n_tests : 1, on_match, &longest,
                                context->cancellable, &error)) {
    *status = cli_fail(error);
    return FALSE;
  }
  if (!longest.found) {
    cli_complain(_("Nothing that matches the filter waited"));
    *status = CLI_FAILED;
    return FALSE;
  }
  options->goroutine = longest.best.goroutine;
  options->at_ns = longest.best.start_ns;
  return TRUE;
}

/* How long the goroutine was runnable after the wait. */
static gboolean find_delay(CliWhy *why, GCancellable *cancellable, GError **error) {
  const UnparkSpan *wait = &why->chain->span;
  GError *local = NULL;
  guint n;
  g_autofree UnparkSpan *spans = unpark_store_spans(why->store, wait->goroutine, wait->end_ns,
                                                    wait->end_ns, 0, &n, cancellable, &local);

  why->delay_ns = UNPARK_NONE;
  for (guint i = 0; i < n; i++) {
    const UnparkKind *kind = unpark_store_kind(why->store, spans[i].kind);

    if (spans[i].start_ns == wait->end_ns && kind && kind->state == UNPARK_STATE_RUNNABLE)
      why->delay_ns = spans[i].end_ns - spans[i].start_ns;
  }
  if (local)
    g_propagate_error(error, local);
  return local == NULL;
}

/* What goes with the state of the span. */
static gboolean ask_more(CliWhy *why, GCancellable *cancellable, GError **error) {
  const UnparkSpan *span = &why->chain->span;
  const UnparkKind *kind = unpark_store_kind(why->store, span->kind);

  why->state = kind ? kind->state : UNPARK_STATE_WAITING;
  if (why->state == UNPARK_STATE_RUNNABLE) {
    why->late =
        unpark_late_of_span(why->store, span->goroutine, span->start_ns, cancellable, error);
    return why->late != NULL;
  }
  if (why->state != UNPARK_STATE_WAITING)
    return TRUE;
  why->has_place = unpark_place_stats(why->store, span, &why->place, cancellable, error);
  return why->has_place && find_delay(why, cancellable, error);
}

gboolean cli_why_ask(CliWhy *why, gint64 goroutine, gint64 at_ns, GCancellable *cancellable,
                     GError **error) {
  if (!unpark_store_goroutines(why->store, NULL, error))
    return FALSE;
  why->goroutine = unpark_store_goroutine(why->store, goroutine);
  if (!why->goroutine)
    return FALSE;
  why->chain = unpark_chain_of_wait(why->store, goroutine, at_ns, 0, cancellable, error);
  return why->chain && ask_more(why, cancellable, error);
}

void cli_why_clear(CliWhy *why) {
  g_clear_pointer(&why->chain, unpark_chain_unref);
  g_clear_pointer(&why->late, unpark_late_free);
}

static int nothing_there(const CliWhy *why, gint64 at_ns) {
  const UnparkGoroutine *g = why->goroutine;
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, g->id);
  g_autofree char *at = cli_format_duration(at_ns);
  g_autofree char *from = cli_format_duration(g->create_ns);
  g_autofree char *to = cli_format_duration(
      g->end_ns == UNPARK_NONE ? unpark_store_source(why->store)->end_ns : g->end_ns);

  cli_complain(_("Nothing is recorded for G %s at %s; it appears from %s to %s"), id, at, from, to);
  return CLI_FAILED;
}

static int print(const CliWhy *why, gboolean json) {
  g_autoptr(GString) text = g_string_new(NULL);
  CliOutput output;

  if (json)
    cli_why_json(why, text);
  else
    cli_why_text(why, text);
  cli_output_init(&output, STDOUT_FILENO);
  cli_output_bytes(&output, text->str, text->len);
  return cli_output_finish(&output) ? CLI_OK : cli_output_failed(output.failure);
}

static int answer(CliWhy *why, const WhyOptions *options, CliContext *context) {
  g_autoptr(GError) error = NULL;
  gint64 at_ns = options->at_ns;
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, options->goroutine);

  if (!unpark_store_goroutines(why->store, NULL, &error))
    return cli_fail(error);
  why->goroutine = unpark_store_goroutine(why->store, options->goroutine);
  if (!why->goroutine) {
    cli_complain(_("This trace has no goroutine %s"), id);
    return CLI_FAILED;
  }
  if (at_ns == UNPARK_NONE &&
      !find_longest(why->store, options->goroutine, &at_ns, context->cancellable, &error))
    return cli_fail(error);
  if (at_ns == UNPARK_NONE) {
    cli_complain(_("G %s never waited; use --at TIME to ask about anything else it did"), id);
    return CLI_FAILED;
  }
  if (!cli_why_ask(why, options->goroutine, at_ns, context->cancellable, &error))
    return error ? cli_fail(error) : nothing_there(why, at_ns);
  return print(why, options->json);
}

/* What only a trace can tell, of the goroutine or of what passes. */
static int find_and_answer(CliWhy *why, WhyOptions *options, const CliArgs *args,
                           CliContext *context) {
  int status;

  if (unpark_store_source(why->store)->kind != UNPARK_SOURCE_TRACE) {
    cli_complain(_("Not an execution trace: only execution traces show why goroutines waited"));
    return CLI_FAILED;
  }
  if (options->goroutine == UNPARK_NONE &&
      !find_passing(why->store, args, options, context, &status))
    return status;
  return answer(why, options, context);
}

/* FALSE with a sentence in *message. */
static gboolean check_files(const CliArgs *args, char **message) {
  if (args->n_operands == 1 || cli_args_value(args, "span"))
    return TRUE;
  *message = g_strdup(_("Several files need --span: a goroutine is of one file"));
  return FALSE;
}

int cli_why(const CliArgs *args, CliContext *context) {
  WhyOptions options = {0};
  g_auto(CliSources) sources = {0};
  g_auto(CliWhy) why = {0};
  g_autofree char *message = NULL;
  const char *span = cli_args_value(args, "span");
  guint n;
  int status;

  if (!check_files(args, &message) || !parse_options(args, &options, &message)) {
    cli_complain("%s", message);
    return CLI_USAGE;
  }
  if (!cli_sources_open(&sources, args, args->n_operands, FALSE, context, &status))
    return status;
  why.store = unpark_sources_entries(sources.sources, &n)->store;
  why.limit = (guint)MIN(options.limit, 1000000000);
  if (span && !cli_why_find_span(sources.sources, span, &why.store, &options.goroutine,
                                 &options.at_ns, context, &status))
    return status;
  return find_and_answer(&why, &options, args, context);
}
