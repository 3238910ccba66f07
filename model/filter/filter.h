/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter language: which goroutines pass. The section FILTERS of unpark-cli(1) is what users
 * read about it.
 *
 *   text            function it started in, or number: "handleOrder", "41", "G 41"
 *   state:waiting   has such a span          reason:mutex    a span's reason holds the text
 *   dur>5ms dur<1s  a span so long           woken-by:41     a wait ended by G 41
 *   fn:handle       a frame of any stack     task:checkout   takes part in such a task
 *   label:db        has such a label         range:assist    the runtime had it do that
 *   and, or, not, ( ) join them; side by side is "and". What stands side by side about spans
 *   (state, reason, dur, woken-by, fn) is asked of one and the same span. Text with : < > or = in
 *   it is written in quotation marks: what comes before the sign has to be one of the keys.
 *
 * No GTK. Parsing is pure; running is for workers.
 */
#pragma once

#include "model/base/id-set.h"
#include "model/lanes/tracks.h"
#include "model/store/span-match.h"
#include "model/store/store.h"

typedef struct _UnparkFilter UnparkFilter;

/* NULL with `error` (UNPARK_ERROR_SQL) if it cannot be understood; the message says where, and
 * *position (may be NULL) is the character, from 0. */
UnparkFilter *unpark_filter_parse(const char *text, int *position, GError **error);
void unpark_filter_free(UnparkFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFilter, unpark_filter_free)
/* "fn:main.handle": what asks for stacks with that function; quoted where it has to be. Free with
 * g_free(). */
char *unpark_filter_of_function(const char *function);
/* The word in quotation marks, after a key such as "task:", or "" for where goroutines started.
 * Free with g_free(); NULL for an empty word, which cannot be asked for. */
char *unpark_filter_of_word(const char *key, const char *word);
/* As it was understood: "(and (text handle) (span state=waiting dur>=5000001))"; for tests. Free
 * with g_free(). */
char *unpark_filter_describe(const UnparkFilter *filter);

/* Spans that pass are remembered if they are not more than so many. */
#define UNPARK_FILTER_MAX_MATCHES 1000000

/* What passes. It never changes; any thread. */
typedef struct {
  gatomicrefcount refs;
  char *text;             /* the filter, without spaces around it */
  UnparkIdSet goroutines; /* `ids` is never NULL, which would mean all to other queries */
  /* Tasks that pass: a goroutine that takes part in the task passes, and what is asked of tasks is
   * true of this one. Only if an index of tasks was given. */
  UnparkIdSet tasks;
  gboolean has_tasks;
  /* What is asked of spans: one of them has to be true. */
  UnparkSpanTest *tests;
  guint n_tests;
  /* Spans of these goroutines that pass one of the tests. */
  GArray *by_lane; /* UnparkSpanMatch, ascending by goroutine, then start */
  GArray *by_time; /* guint32: places in by_lane, ascending by start, then goroutine */
  guint64 n_spans;
  gboolean has_spans; /* it asks for spans */
  gboolean cut; /* more than are remembered: by_time and by_lane are empty, n_spans is of all */
  /* To tell about an item without looking it up: kinds that may pass, by kind id. */
  guint8 *kinds;
  guint n_kinds;
  gint64 min_ns, max_ns;
  gboolean exact; /* kinds and lengths are all that is asked for */
} UnparkFilterResult;

/* Worker. NULL with `error`. `tracks` may be NULL: nobody wants to know which tasks pass. */
UnparkFilterResult *unpark_filter_apply(UnparkStore *store, const char *text,
                                        const UnparkTrackIndex *tracks, GCancellable *cancellable,
                                        GError **error);
UnparkFilterResult *unpark_filter_result_ref(UnparkFilterResult *result);
void unpark_filter_result_unref(UnparkFilterResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFilterResult, unpark_filter_result_unref)
/* Worker. How many goroutines pass, and how long they were in each state in the whole trace; of all
 * where `result` is NULL. FALSE: *error. */
gboolean unpark_filter_totals(UnparkStore *store, const UnparkFilterResult *result, guint *n,
                              gint64 total_ns[UNPARK_N_STATES], GError **error);
/* Whether what is drawn there is asked for: TRUE for anything if no spans are. */
gboolean unpark_filter_result_has(const UnparkFilterResult *result, gint64 goroutine,
                                  const UnparkItem *item);
/* The same of what a processor or a thread did: TRUE if it ran for a goroutine that passes. Where
 * many executions share an item, the longest of them tells: zoomed-out rows keep how long the
 * processor was busy and its longest execution, not who the others were. Their mix would take a
 * row for each goroutine in each bucket, in a busy trace as many as there are executions, read
 * anew for each filter; zoomed in, where executions stand apart, each is told by itself. */
gboolean unpark_filter_result_has_work(const UnparkFilterResult *result, const UnparkItem *item);
/* The match that begins after (or, with direction -1, before) this span; NULL if there is none.
 * Valid as long as the result. */
const UnparkSpanMatch *unpark_filter_result_next(const UnparkFilterResult *result, gint64 start_ns,
                                                 gint64 goroutine, int direction);

/* Worker. The same, found by looking through all spans of the store that the result is of: for a
 * result that was cut, or to check one. FALSE without *error: there is none. */
gboolean unpark_filter_find_match(UnparkStore *store, const UnparkFilterResult *result,
                                  gint64 start_ns, gint64 goroutine, int direction,
                                  UnparkSpanMatch *match, GCancellable *cancellable,
                                  GError **error);
