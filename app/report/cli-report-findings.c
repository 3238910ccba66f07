/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands out, each with its size, place, picture and advice. */
#include <glib/gi18n.h>
#include <string.h>

#include "app/cli-why.h"
#include "app/report/cli-report-private.h"
#include "model/base/format.h"
#include "model/base/go-name.h"
#include "model/findings/words.h"

#define MOST_LANES 5
#define MOST_FINDINGS 40 /* told at length; the table has all */
#define LINKS 24         /* of a wait chain */

static UnparkReportStyle style_of(UnparkFindingLevel level) {
  return level == UNPARK_FINDING_SEVERE    ? UNPARK_REPORT_SEVERE
         : level == UNPARK_FINDING_NOTABLE ? UNPARK_REPORT_NOTABLE
                                           : UNPARK_REPORT_MINOR;
}

/* ---- Stacks --------------------------------------------------------------------------------- */

char *cli_report_stack(UnparkStore *store, guint32 stack, gboolean own) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, stack, 0, &n);
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < n; i++) {
    if (own && unpark_go_kind(frames[i].function) != UNPARK_GO_USER)
      continue;
    g_string_append(text, *frames[i].function ? frames[i].function : "?");
    if (*frames[i].file)
      g_string_append_printf(text, "\n    %s:%u", frames[i].file, frames[i].line);
    g_string_append_c(text, '\n');
  }
  if (text->len > 0)
    return g_string_free(text, FALSE);
  g_string_free(text, TRUE);
  return NULL;
}

void cli_report_add_stack(const CliReportJob *job, guint32 stack, const char *title) {
  g_autofree char *own = cli_report_stack(job->store, stack, TRUE);
  g_autofree char *all = cli_report_stack(job->store, stack, FALSE);

  if (own)
    unpark_report_code(job->report, "own-frames", title, FALSE, own);
  if (all && (!own || strcmp(own, all) != 0))
    unpark_report_code(job->report, "stack", own ? _("All frames") : title, own != NULL, all);
}

/* ---- Pictures ------------------------------------------------------------------------------- */

static gboolean has_when(const UnparkFinding *f) {
  for (guint i = 0; i < UNPARK_FINDING_BUCKETS; i++)
    if (f->when_ns[i] > 0)
      return TRUE;
  return FALSE;
}

static void add_when(const CliReportJob *job, const UnparkFindings *all, const UnparkFinding *f) {
  char from[UNPARK_FORMAT_SIZE], to[UNPARK_FORMAT_SIZE];
  double heights[UNPARK_FINDING_BUCKETS];
  const char *caption = _("When time was lost, over the whole time");

  if (!has_when(f))
    return;
  for (guint i = 0; i < UNPARK_FINDING_BUCKETS; i++)
    heights[i] = (double)f->when_ns[i];
  const CliReportBars bars = {.heights = heights,
                              .n = UNPARK_FINDING_BUCKETS,
                              .left = unpark_format_time(all->from_ns, 1000000, from),
                              .right = unpark_format_time(all->to_ns, 1000000, to),
                              .label = caption};
  g_autofree char *svg = cli_report_svg_bars(&bars);
  unpark_report_figure(job->report, "when", caption, svg);
}

/* The goroutine, and those that explain most of its wait. */
static guint choose_lanes(const UnparkFinding *f, const UnparkChain *chain, gint64 *ids) {
  guint n = 0;

  ids[n++] = f->goroutine;
  for (guint i = 0; chain && i < chain->n_sums && n < MOST_LANES; i++) {
    gboolean known = chain->sums[i].goroutine == UNPARK_NONE;

    for (guint k = 0; k < n && !known; k++)
      known = ids[k] == chain->sums[i].goroutine;
    if (!known)
      ids[n++] = chain->sums[i].goroutine;
  }
  return n;
}

static gboolean add_lanes(const CliReportJob *job, const UnparkFinding *f, const UnparkChain *chain,
                          GError **error) {
  const UnparkSource *source = unpark_store_source(job->store);
  const char *caption = _("The longest, framed, and the goroutines that explain most of it");
  gint64 ids[MOST_LANES], margin = (f->end_ns - f->start_ns) / 6 + 1;
  const CliReportLanes lanes = {.store = job->store,
                                .goroutines = ids,
                                .n = choose_lanes(f, chain, ids),
                                .from_ns = MAX(f->start_ns - margin, source->start_ns),
                                .to_ns = MIN(f->end_ns + margin, source->end_ns),
                                .mark_from_ns = f->start_ns,
                                .mark_to_ns = f->end_ns,
                                .label = caption};
  g_autofree char *svg = cli_report_svg_lanes(&lanes, job->cancellable, error);

  if (!svg)
    return FALSE;
  unpark_report_figure(job->report, "lanes", caption, svg);
  return TRUE;
}

/* ---- One finding ---------------------------------------------------------------------------- */

static void add_size(const CliReportJob *job, const UnparkFinding *f) {
  UnparkReport *r = job->report;
  /* The longest of GC is an assist, the others are cycles. */
  gboolean spread = f->type != UNPARK_FINDING_GC && f->count > 1;

  unpark_report_fact(r, "kind", _("Kind"),
                     unpark_report_string(UNPARK_REPORT_CODE, unpark_finding_type_name(f->type)));
  unpark_report_fact(
      r, "level", _("Level"),
      unpark_report_string(UNPARK_REPORT_TEXT, unpark_finding_level_title(f->level)));
  unpark_report_fact(r, "count", _("Count"),
                     unpark_report_number(UNPARK_REPORT_COUNT, (gint64)f->count));
  unpark_report_fact(r, "total_ns", _("Time lost"),
                     unpark_report_number(UNPARK_REPORT_DURATION, f->total_ns));
  unpark_report_fact(
      r, "p50_ns", _("Median"),
      unpark_report_number(UNPARK_REPORT_DURATION, spread ? f->p50_ns : UNPARK_NONE));
  unpark_report_fact(
      r, "p99_ns", "p99",
      unpark_report_number(UNPARK_REPORT_DURATION, spread ? f->p99_ns : UNPARK_NONE));
  unpark_report_fact(r, "longest_ns", _("Longest"),
                     unpark_report_number(UNPARK_REPORT_DURATION, f->longest_ns));
  unpark_report_fact(r, "goroutine", _("Goroutine"),
                     unpark_report_number(UNPARK_REPORT_ID, f->goroutine));
  unpark_report_fact(r, "start_ns", _("Start"),
                     unpark_report_number(UNPARK_REPORT_MOMENT, f->start_ns));
}

/* The picture and the chain, of a wait or delay of one goroutine. */
static gboolean add_chain(const CliReportJob *job, const UnparkFinding *f, GError **error) {
  g_auto(CliWhy) why = {.store = job->store, .limit = LINKS};
  g_autoptr(GError) failed = NULL;
  g_autoptr(GString) text = g_string_new(NULL);

  if (f->kind == 0 || f->goroutine == UNPARK_NONE || f->start_ns == UNPARK_NONE ||
      f->type == UNPARK_FINDING_GC)
    return TRUE;
  gboolean known = cli_why_ask(&why, f->goroutine, f->start_ns, job->cancellable, &failed);
  if (failed) {
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
  }
  if (!add_lanes(job, f, known ? why.chain : NULL, error))
    return FALSE;
  if (known) {
    cli_why_text(&why, text);
    unpark_report_code(job->report, "chain", _("The longest, and why"), FALSE, text->str);
  }
  return TRUE;
}

static gboolean add_finding(const CliReportJob *job, const UnparkFindings *all,
                            const UnparkFinding *f, GError **error) {
  UnparkFindingWords words;
  gboolean ok;

  unpark_finding_words(job->store, f, &words);
  unpark_report_begin(job->report, "finding", words.title);
  unpark_report_text(job->report, style_of(f->level), words.sentence);
  unpark_report_text(job->report, UNPARK_REPORT_PLAIN, words.advice);
  add_size(job, f);
  add_when(job, all, f);
  cli_report_add_stack(job, f->stack, _("Your code, innermost first"));
  ok = add_chain(job, f, error);
  unpark_report_end(job->report);
  unpark_finding_words_clear(&words);
  return ok;
}

/* ---- All of them ---------------------------------------------------------------------------- */

static void add_table(const CliReportJob *job, const UnparkFindings *all) {
  const UnparkReportColumn columns[] = {{"title", _("What stands out"), UNPARK_REPORT_TEXT},
                                        {"level", _("Level"), UNPARK_REPORT_TEXT},
                                        {"kind", _("Kind"), UNPARK_REPORT_CODE},
                                        {"count", _("Count"), UNPARK_REPORT_COUNT},
                                        {"total_ns", _("Time lost"), UNPARK_REPORT_DURATION},
                                        {"longest_ns", _("Longest"), UNPARK_REPORT_DURATION}};

  unpark_report_table(job->report, "findings", _("Findings, the most severe first"), columns,
                      G_N_ELEMENTS(columns));
  for (guint i = 0; i < all->n; i++) {
    const UnparkFinding *f = &all->findings[i];
    UnparkFindingWords words;

    unpark_finding_words(job->store, f, &words);
    const UnparkReportValue values[] = {
        unpark_report_string(UNPARK_REPORT_TEXT, words.title),
        unpark_report_string(UNPARK_REPORT_TEXT, unpark_finding_level_title(f->level)),
        unpark_report_string(UNPARK_REPORT_CODE, unpark_finding_type_name(f->type)),
        unpark_report_number(UNPARK_REPORT_COUNT, (gint64)f->count),
        unpark_report_number(UNPARK_REPORT_DURATION, f->total_ns),
        unpark_report_number(UNPARK_REPORT_DURATION, f->longest_ns)};
    unpark_report_row(job->report, values);
    unpark_finding_words_clear(&words);
  }
}

gboolean cli_report_findings(const CliReportJob *job, GError **error) {
  g_autoptr(UnparkFindings) all = NULL;
  gboolean ok = TRUE;

  if (unpark_store_source(job->store)->kind != UNPARK_SOURCE_TRACE)
    return TRUE;
  all = unpark_findings_new(job->store, job->from_ns, job->to_ns, job->ids, job->n_ids,
                            job->cancellable, error);
  if (!all)
    return FALSE;
  unpark_report_begin(job->report, "findings", _("Findings"));
  if (all->n == 0)
    unpark_report_text(job->report, UNPARK_REPORT_GOOD, _("Nothing stands out."));
  else
    add_table(job, all);
  for (guint i = 0; i < MIN(all->n, MOST_FINDINGS) && ok; i++)
    ok = add_finding(job, all, &all->findings[i], error);
  unpark_report_end(job->report);
  return ok;
}
