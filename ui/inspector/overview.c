/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is picked, or the lane of all goroutines: what the whole trace, or the selected time,
 * says by itself, of the goroutines that pass the filter. Each line leads to where it was so. */
#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "model/base/times.h"
#include "model/findings/words.h"
#include "model/tables/goroutine-table.h"
#include "ui/inspector/pages.h"
#include "ui/inspector/parts.h"
#include "ui/lanes/series.h"
#include "ui/text/words.h"

#define FINDINGS_SHOWN 4
#define WAITS_SHOWN 5
#define RUNNERS_SHOWN 5

static const UnparkAsk ask_findings, ask_goroutines, ask_collector;

static const gint64 *ids_of(const UnparkQuestion *q) {
  return q->filtered ? q->filtered->goroutines.ids : NULL;
}

static guint n_ids_of(const UnparkQuestion *q) {
  return q->filtered ? q->filtered->goroutines.n : 0;
}

/* Leaks are told of the whole trace only, which its ends do not stand for. */
static void asked_time(const UnparkQuestion *q, gint64 *from_ns, gint64 *to_ns) {
  *from_ns = q->selected ? q->from_ns : G_MININT64 + 1;
  *to_ns = q->selected ? q->to_ns : G_MAXINT64;
}

/* ---- the head: known at once ----------------------------------------------------------------- */

typedef struct {
  guint n_goroutines;
  gint64 total_ns[UNPARK_N_STATES];
} Head;

static gpointer find_head(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  g_autofree Head *head = g_new0(Head, 1);
  return unpark_filter_totals(q->store, q->filtered, &head->n_goroutines, head->total_ns, error)
             ? g_steal_pointer(&head)
             : NULL;
}

static char *head_title(const UnparkQuestion *q, guint n_goroutines) {
  char length[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
  unpark_format_duration(q->to_ns - q->from_ns, length);
  unpark_format_count(n_goroutines, count);
  if (q->selected)
    return g_strdup_printf(
        q->filtered ? _("Selected time, matching goroutines: %s") : _("Selected time: %s"), length);
  return g_strdup_printf(q->filtered
                             ? ngettext("Whole trace: %s, %s matching goroutine",
                                        "Whole trace: %s, %s matching goroutines", n_goroutines)
                             : ngettext("Whole trace: %s, %s goroutine",
                                        "Whole trace: %s, %s goroutines", n_goroutines),
                         length, count);
}

static void tell_head(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Head *head = answer;
  g_autofree char *title = head_title(q, head->n_goroutines);
  gboolean lane = q->pick.type == UNPARK_PICK_STATES;
  unpark_parts_sentence(p, lane ? _("Goroutines by state") : title, NULL);
  if (lane)
    unpark_parts_plain(p, title);
  unpark_parts_dim(p, lane
                          ? _("The lane shows how many goroutines were running, runnable, waiting "
                              "or in a system call at each moment.")
                          : _("Click a span, a lane or a group to see what it was doing and why."));
  if (!q->selected)
    unpark_parts_totals(p, head->total_ns);
  /* While the file is still being read, every sum would be out of date at once. */
  if (unpark_store_is_live(p->store))
    return;
  if (!lane)
    unpark_pick_page_ask(p->page, &ask_findings, NULL, NULL);
  unpark_pick_page_ask(p->page, &ask_goroutines, NULL, NULL);
  if (!lane)
    unpark_pick_page_ask(p->page, &ask_collector, NULL, NULL);
}

const UnparkAsk unpark_ask_overview = {
    .busy = N_("Reading…"), .find = find_head, .tell = tell_head, .answer_free = g_free};

/* ---- findings -------------------------------------------------------------------------------- */

typedef struct {
  UnparkFindings *findings;
  UnparkFindingWords words[FINDINGS_SHOWN];
} Found;

static void found_free(gpointer data) {
  Found *found = data;
  for (guint i = 0; i < FINDINGS_SHOWN; i++)
    unpark_finding_words_clear(&found->words[i]);
  unpark_findings_unref(found->findings);
  g_free(found);
}

static gpointer find_findings(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  gint64 from, to;
  asked_time(q, &from, &to);
  UnparkFindings *findings =
      unpark_findings_new(q->store, from, to, ids_of(q), n_ids_of(q), cancellable, error);
  if (!findings)
    return NULL;
  Found *found = g_new0(Found, 1);
  found->findings = findings;
  for (guint i = 0; i < MIN(findings->n, FINDINGS_SHOWN); i++)
    unpark_finding_words(q->store, &findings->findings[i], &found->words[i]);
  return found;
}

static void tell_finding(UnparkParts *p, const UnparkFinding *f, const UnparkFindingWords *words) {
  const UnparkPick target = unpark_pick_of_finding(f);
  if (words->where)
    unpark_parts_link(p, words->title, NULL, words->where, &target);
  else
    unpark_parts_plain(p, words->title);
  unpark_parts_dim(p, words->sentence);
}

static void tell_findings(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Found *found = answer;
  guint n = found->findings->n;
  char count[UNPARK_FORMAT_SIZE];
  unpark_parts_heading(p, _("Findings"));
  if (n == 0)
    unpark_parts_dim(p, _("Nothing stands out."));
  for (guint i = 0; i < MIN(n, FINDINGS_SHOWN); i++)
    tell_finding(p, &found->findings->findings[i], &found->words[i]);
  if (!q->selected && !q->filtered)
    unpark_session_set_finding_count(p->session, n);
  if (n == 0)
    return;
  g_autofree char *all = g_strdup_printf(ngettext("Show %s finding", "Show all %s findings", n),
                                         unpark_format_count(n, count));
  unpark_parts_view_link(p, all, "findings");
}

static const UnparkAsk ask_findings = {.busy = N_("Looking for what stands out…"),
                                       .find = find_findings,
                                       .tell = tell_findings,
                                       .answer_free = found_free};

/* ---- who waited, who ran --------------------------------------------------------------------- */

static gpointer find_goroutines(const UnparkQuestion *q, GCancellable *cancellable,
                                GError **error) {
  gint64 from, to;
  asked_time(q, &from, &to);
  return unpark_goroutine_table_new(q->store, from, to, ids_of(q), n_ids_of(q), cancellable, error);
}

/* The longest wait of the function that is whole: one from end to end of the trace is idleness. */
static const UnparkGoroutineRow *longest_wait(const UnparkGoroutineTable *table,
                                              const UnparkFunctionRow *function) {
  const UnparkGoroutineRow *longest = NULL;
  gint64 first = MAX(table->from_ns, unpark_store_source(table->store)->start_ns);
  gint64 last = MIN(table->to_ns, unpark_store_source(table->store)->end_ns);
  for (guint i = function->first; i < function->first + function->count; i++) {
    const UnparkGoroutineRow *row = &table->rows[i];
    if (row->longest_start_ns == UNPARK_NONE || row->longest_start_ns <= first ||
        row->longest_start_ns >= last - row->tally.longest_wait_ns)
      continue;
    if (!longest || row->tally.longest_wait_ns > longest->tally.longest_wait_ns)
      longest = row;
  }
  return longest;
}

static int by_longest(gconstpointer a, gconstpointer b) {
  const UnparkGoroutineRow *x = *(gconstpointer const *)a, *y = *(gconstpointer const *)b;
  return (x->tally.longest_wait_ns < y->tally.longest_wait_ns) -
         (x->tally.longest_wait_ns > y->tally.longest_wait_ns);
}

static void tell_waits(UnparkParts *p, const UnparkGoroutineTable *table) {
  g_autoptr(GPtrArray) waits = g_ptr_array_new();
  for (guint i = 0; i < table->n_functions; i++) {
    const UnparkGoroutineRow *row =
        table->functions[i].system ? NULL : longest_wait(table, &table->functions[i]);
    if (row)
      g_ptr_array_add(waits, (gpointer)row);
  }
  g_ptr_array_sort(waits, by_longest);
  if (waits->len > 0)
    unpark_parts_heading(p, _("Longest waits by function"));
  for (guint i = 0; i < MIN(waits->len, WAITS_SHOWN); i++) {
    const UnparkGoroutineRow *row = waits->pdata[i];
    char length[UNPARK_FORMAT_SIZE];
    unpark_parts_goroutine(p, row->id, row->longest_start_ns,
                           unpark_format_duration(row->tally.longest_wait_ns, length));
  }
}

static int by_running(gconstpointer a, gconstpointer b) {
  const UnparkFunctionRow *x = *(gconstpointer const *)a, *y = *(gconstpointer const *)b;
  gint64 m = x->tally.state_ns[UNPARK_STATE_RUNNING], n = y->tally.state_ns[UNPARK_STATE_RUNNING];
  return (m < n) - (m > n);
}

static void tell_runner(UnparkParts *p, const UnparkFunctionRow *row, gint64 whole_ns) {
  const UnparkPick target = {.type = UNPARK_PICK_GROUP,
                             .id = row->name_id,
                             .start_ns = UNPARK_NONE,
                             .end_ns = UNPARK_NONE};
  char length[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
  gint64 ran = row->tally.state_ns[UNPARK_STATE_RUNNING];
  g_autofree char *value =
      g_strdup_printf("%s  ·  %s", unpark_format_duration(ran, length),
                      unpark_format_share((double)ran, (double)whole_ns, share));
  unpark_parts_link(p, *row->name ? unpark_format_function(row->name, 34) : _("(unknown)"), value,
                    row->name, &target);
}

static void tell_runners(UnparkParts *p, const UnparkGoroutineTable *table) {
  g_autoptr(GPtrArray) runners = g_ptr_array_new();
  gint64 whole = 0;
  for (guint i = 0; i < table->n_functions; i++) {
    gint64 ran = table->functions[i].tally.state_ns[UNPARK_STATE_RUNNING];
    unpark_time_sum(&whole, ran);
    if (ran > 0)
      g_ptr_array_add(runners, &table->functions[i]);
  }
  g_ptr_array_sort(runners, by_running);
  if (runners->len > 0)
    unpark_parts_heading(p, _("Most running time by function"));
  for (guint i = 0; i < MIN(runners->len, RUNNERS_SHOWN); i++)
    tell_runner(p, runners->pdata[i], whole);
}

static void tell_goroutines(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const UnparkGoroutineTable *table = answer;
  if (q->selected) {
    gint64 total_ns[UNPARK_N_STATES] = {0};
    for (guint i = 0; i < table->n_functions; i++)
      for (guint s = 0; s < UNPARK_N_STATES; s++)
        unpark_time_sum(&total_ns[s], table->functions[i].tally.state_ns[s]);
    char count[UNPARK_FORMAT_SIZE];
    unpark_parts_fact(p, _("Goroutines"), unpark_format_count(table->n_rows, count));
    unpark_parts_heading(p, _("Time by state"));
    unpark_parts_totals(p, total_ns);
  }
  tell_waits(p, table);
  tell_runners(p, table);
}

static void table_free(gpointer table) {
  unpark_goroutine_table_unref(table);
}

static const UnparkAsk ask_goroutines = {.busy = N_("Adding up goroutines…"),
                                         .find = find_goroutines,
                                         .tell = tell_goroutines,
                                         .answer_free = table_free};

/* ---- the collector --------------------------------------------------------------------------- */

typedef struct {
  guint n;
  gint64 total_ns;
  UnparkStretch longest; /* of those within the asked time */
} Stretches;

typedef struct {
  Stretches gc, stw;
} Collector;

static void sum_stretches(const GArray *all, gint64 from_ns, gint64 to_ns, Stretches *sum) {
  for (guint i = 0; i < all->len; i++) {
    const UnparkStretch *one = &g_array_index(all, UnparkStretch, i);
    gint64 part = MIN(one->end_ns, to_ns) - MAX(one->start_ns, from_ns);
    if (part < 0)
      continue;
    unpark_time_sum(&sum->total_ns, part);
    if (sum->n++ == 0 || one->end_ns - one->start_ns > sum->longest.end_ns - sum->longest.start_ns)
      sum->longest = *one;
  }
}

static gpointer find_collector(const UnparkQuestion *q, GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkSeries) series = unpark_series_read(q->store, cancellable, error);
  if (!series)
    return NULL;
  Collector *c = g_new0(Collector, 1);
  sum_stretches(series->gc, q->from_ns, q->to_ns, &c->gc);
  sum_stretches(series->stw, q->from_ns, q->to_ns, &c->stw);
  return c;
}

static void tell_stretches(UnparkParts *p, const Stretches *s, gint64 whole_ns, const char *name,
                           const char *longest) {
  char length[UNPARK_FORMAT_SIZE];
  if (s->n == 0)
    return;
  unpark_parts_sum(p, name, s->n, s->total_ns, whole_ns);
  const UnparkPick target = {.type = UNPARK_PICK_ROW,
                             .table = UNPARK_TABLE_RANGE,
                             .id = s->longest.row,
                             .start_ns = s->longest.start_ns,
                             .end_ns = s->longest.end_ns};
  unpark_parts_link(p, longest,
                    unpark_format_duration(s->longest.end_ns - s->longest.start_ns, length), NULL,
                    &target);
}

static void tell_collector(UnparkParts *p, const UnparkQuestion *q, gpointer answer) {
  const Collector *c = answer;
  unpark_parts_heading(p, _("Garbage collection"));
  if (c->gc.n == 0 && c->stw.n == 0)
    unpark_parts_dim(p, q->selected ? _("No collection, no pause in this time.")
                                    : _("No collection, no pause."));
  tell_stretches(p, &c->gc, q->to_ns - q->from_ns, _("Collections"), _("Longest collection"));
  tell_stretches(p, &c->stw, q->to_ns - q->from_ns, _("Stop-the-world"), _("Longest pause"));
}

static const UnparkAsk ask_collector = {
    .busy = N_("Reading…"), .find = find_collector, .tell = tell_collector, .answer_free = g_free};
