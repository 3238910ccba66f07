/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running a filter: which goroutines pass, and which spans of them are asked for. */
#include <stdlib.h>
#include <string.h>

#include "model/base/free-later.h"
#include "model/sql/query.h"
#include "model/filter/private.h"

typedef struct {
  UnparkStore *store;
  GPtrArray *nodes;   /* of SPAN */
  GArray *tests;      /* UnparkSpanTest, one for each node */
  GArray *last;       /* gint64: the goroutine that was added last to a node */
  GArray *matches;    /* UnparkSpanMatch */
  guint64 *counts;    /* by node */
  gboolean *is_asked; /* by node: it is not denied */
  gboolean cut;
  /* For finding one match. */
  const UnparkFilterResult *result;
  UnparkSpanMatch from, best;
  int direction;
  gboolean found;
} Scan;

/* ---- what a node asks, in numbers of the store -------------------------------------------- */

static gboolean holds(const char *text, const char *part) {
  g_autofree char *a = g_utf8_casefold(text, -1);
  g_autofree char *b = g_utf8_casefold(part, -1);
  return strstr(a, b) != NULL;
}

static gboolean holds_all(const char *text, const GPtrArray *parts) {
  for (guint i = 0; i < parts->len; i++)
    if (!holds(text, parts->pdata[i]))
      return FALSE;
  return TRUE;
}

static guint8 *passing_kinds(UnparkStore *store, const UnparkSpanAsk *ask) {
  guint n = unpark_store_n_kinds(store);
  guint8 *kinds = g_new0(guint8, n + 1);
  for (guint k = 1; k < n; k++) {
    const UnparkKind *kind = unpark_store_kind(store, (guint16)k);
    kinds[k] = kind && (ask->states & 1u << kind->state) && holds_all(kind->reason, ask->reasons);
  }
  return kinds;
}

/* "function LIKE '%text%'", with quotes doubled and wildcards escaped. */
static char *like(const char *text) {
  GString *out = g_string_new("'%");
  for (; *text; text++) {
    if (*text == '\'')
      g_string_append_c(out, '\'');
    else if (*text == '%' || *text == '_' || *text == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *text);
  }
  g_string_append(out, "%' ESCAPE '\\'");
  return g_string_free(out, FALSE);
}

static gboolean count_stack(const UnparkValue *values, guint n, gpointer data) {
  GArray *stacks = data;
  if (values[0].integer < 0 || values[0].integer > G_MAXINT32)
    return TRUE;
  if ((guint)values[0].integer >= stacks->len)
    g_array_set_size(stacks, (guint)values[0].integer + 1);
  g_array_index(stacks, guint8, values[0].integer)++;
  return TRUE;
}

/* Stacks that hold every function; bytes by stack id. NULL on failure. */
static GArray *passing_stacks(UnparkStore *store, const UnparkSpanAsk *ask,
                              GCancellable *cancellable, GError **error) {
  g_autoptr(GArray) stacks = g_array_new(FALSE, TRUE, 1);
  const UnparkQuery query = {.row = count_stack};
  for (guint i = 0; i < ask->functions->len; i++) {
    g_autofree char *pattern = like(ask->functions->pdata[i]);
    g_autofree char *sql =
        g_strdup_printf("SELECT DISTINCT stack FROM stack_frame WHERE function LIKE %s", pattern);
    if (!unpark_store_query(store, sql, &query, stacks, NULL, cancellable, error))
      return NULL;
  }
  for (guint i = 0; i < stacks->len; i++)
    g_array_index(stacks, guint8, i) = g_array_index(stacks, guint8, i) == ask->functions->len;
  return g_steal_pointer(&stacks);
}

static gboolean make_test(UnparkStore *store, const UnparkSpanAsk *ask, UnparkSpanTest *test,
                          GCancellable *cancellable, GError **error) {
  *test = (UnparkSpanTest){.min_ns = ask->min_ns, .max_ns = ask->max_ns, .waker = UNPARK_NONE};
  for (guint i = 0; i < ask->wakers->len; i++) {
    gint64 waker = g_array_index(ask->wakers, gint64, i);
    if (test->waker != UNPARK_NONE && test->waker != waker)
      test->max_ns = -1; /* nobody is two */
    test->waker = waker;
  }
  test->kinds = passing_kinds(store, ask);
  if (ask->functions->len == 0)
    return TRUE;
  GArray *stacks = passing_stacks(store, ask, cancellable, error);
  if (!stacks)
    return FALSE;
  test->n_stacks = stacks->len;
  test->stacks = (const guint8 *)g_array_free(stacks, FALSE);
  if (!test->stacks) /* an array without elements has no data, and NULL means any */
    test->stacks = g_new0(guint8, 1);
  return TRUE;
}

/* ---- one pass over the spans ---------------------------------------------------------------- */

static void collect_nodes(UnparkFilter *f, gboolean denied, GPtrArray *nodes, GArray *asked) {
  if (f->type == UNPARK_NODE_SPAN) {
    gboolean is_asked = !denied;
    g_ptr_array_add(nodes, f);
    g_array_append_val(asked, is_asked);
  }
  if (f->left)
    collect_nodes(f->left, denied != (f->type == UNPARK_NODE_NOT), nodes, asked);
  if (f->right)
    collect_nodes(f->right, denied, nodes, asked);
}

static gboolean on_match(const UnparkSpanMatch *match, gpointer data) {
  Scan *scan = data;
  UnparkFilter *node = scan->nodes->pdata[match->test];
  gint64 *last = &g_array_index(scan->last, gint64, match->test);
  scan->counts[match->test]++;
  if (*last != match->goroutine) {
    *last = match->goroutine;
    if (!g_hash_table_contains(node->ids, &match->goroutine))
      g_hash_table_add(node->ids, g_memdup2(&match->goroutine, sizeof(gint64)));
  }
  if (!scan->is_asked[match->test])
    return TRUE;
  if (scan->matches->len < UNPARK_FILTER_MAX_MATCHES)
    g_array_append_vals(scan->matches, match, 1);
  else
    scan->cut = TRUE;
  return TRUE;
}

static GHashTable *new_ids(void) {
  return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void tests_free(GArray *tests) {
  for (guint i = 0; i < tests->len; i++) {
    g_free((gpointer)(gsize)g_array_index(tests, UnparkSpanTest, i).kinds);
    g_free((gpointer)(gsize)g_array_index(tests, UnparkSpanTest, i).stacks);
  }
  g_array_unref(tests);
}

static gboolean scan_spans(Scan *scan, UnparkMatchVisit visit, GCancellable *cancellable,
                           GError **error) {
  for (guint i = 0; i < scan->nodes->len; i++) {
    UnparkFilter *node = scan->nodes->pdata[i];
    UnparkSpanTest test;
    const gint64 nobody = UNPARK_NONE;
    gboolean ok = make_test(scan->store, node->span, &test, cancellable, error);
    g_array_append_val(scan->tests, test);
    g_array_append_val(scan->last, nobody);
    node->ids = new_ids();
    if (!ok)
      return FALSE;
  }
  return unpark_store_match_spans(scan->store,
                                  (const UnparkSpanTest *)(gconstpointer)scan->tests->data,
                                  scan->tests->len, visit, scan, cancellable, error);
}

/* ---- tasks ------------------------------------------------------------------------------ */

static gboolean take_id(const UnparkValue *values, guint n, gpointer data) {
  if (values[0].type == UNPARK_VALUE_INT)
    g_hash_table_add(data, g_memdup2(&values[0].integer, sizeof(gint64)));
  return TRUE;
}

/* Who took part in tasks of that name, has that label, or did that for the runtime. */
static gboolean run_tasks(UnparkFilter *f, UnparkStore *store, GCancellable *cancellable,
                          GError **error) {
  if (f->type == UNPARK_NODE_TASK || f->type == UNPARK_NODE_LABEL || f->type == UNPARK_NODE_RANGE) {
    const UnparkQuery query = {.row = take_id};
    g_autofree char *pattern = like(f->text);
    g_autofree char *sql =
        f->type == UNPARK_NODE_LABEL
            ? g_strdup_printf("SELECT DISTINCT goroutine FROM goroutine_label WHERE label LIKE %s",
                              pattern)
        : f->type == UNPARK_NODE_RANGE
            ? g_strdup_printf("SELECT DISTINCT scope_id FROM range "
                              "WHERE scope = 'goroutine' AND name LIKE %s",
                              pattern)
            : g_strdup_printf("WITH named AS (SELECT id, goroutine FROM task WHERE name LIKE %s) "
                              "SELECT goroutine FROM named UNION "
                              "SELECT goroutine FROM region WHERE task IN (SELECT id FROM named) "
                              "UNION "
                              "SELECT goroutine FROM log WHERE task IN (SELECT id FROM named)",
                              pattern);
    f->ids = new_ids();
    return unpark_store_query(store, sql, &query, f->ids, NULL, cancellable, error);
  }
  return (!f->left || run_tasks(f->left, store, cancellable, error)) &&
         (!f->right || run_tasks(f->right, store, cancellable, error));
}

/* ---- goroutines ------------------------------------------------------------------------- */

typedef struct {
  gint64 id;
  const char *name; /* folded */
  const char *task; /* folded: as one who takes part in a task of that name; NULL: for itself */
} Candidate;

static gboolean text_passes(const char *text, const Candidate *c) {
  const char *digits = text + (g_ascii_toupper(*text) == 'G' ? 1 : 0);
  char *end;
  gint64 id = g_ascii_strtoll(digits, &end, 10);
  if (end != digits && *end == 0 && id == c->id)
    return TRUE;
  g_autofree char *folded = g_utf8_casefold(text, -1);
  return strstr(c->name, folded) != NULL;
}

static gboolean passes(const UnparkFilter *f, const Candidate *c) {
  switch (f->type) {
  case UNPARK_NODE_TEXT:
    return text_passes(f->text, c);
  case UNPARK_NODE_TASK:
    if (c->task) {
      g_autofree char *folded = g_utf8_casefold(f->text, -1);
      return strstr(c->task, folded) != NULL;
    }
    return g_hash_table_contains(f->ids, &c->id);
  case UNPARK_NODE_SPAN:
  case UNPARK_NODE_LABEL:
  case UNPARK_NODE_RANGE:
    return g_hash_table_contains(f->ids, &c->id);
  case UNPARK_NODE_NOT:
    return !passes(f->left, c);
  case UNPARK_NODE_AND:
    return passes(f->left, c) && passes(f->right, c);
  case UNPARK_NODE_OR:
    return passes(f->left, c) || passes(f->right, c);
  default:
    g_assert_not_reached();
  }
}

/* Names are folded once. */
static const char *folded_name(GHashTable *names, UnparkStore *store, guint32 name_id) {
  gpointer key = GUINT_TO_POINTER(name_id);
  char *name = g_hash_table_lookup(names, key);
  if (!name) {
    name = g_utf8_casefold(unpark_store_string(store, name_id), -1);
    g_hash_table_insert(names, key, name);
  }
  return name;
}

static GHashTable *passing_ids(const UnparkFilter *filter, UnparkStore *store, GError **error) {
  guint n;
  g_autoptr(GError) failure = NULL;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  g_autoptr(GHashTable) names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  GHashTable *ids = new_ids();
  for (guint i = 0; i < n; i++) {
    Candidate c = {.id = all[i].id, .name = folded_name(names, store, all[i].name_id)};
    if (passes(filter, &c))
      g_hash_table_add(ids, g_memdup2(&all[i].id, sizeof(gint64)));
  }
  return ids;
}

static gboolean asks_of_tasks(const UnparkFilter *f) {
  return f && (f->type == UNPARK_NODE_TASK || asks_of_tasks(f->left) || asks_of_tasks(f->right));
}

/* For finding out which tasks pass. */
typedef struct {
  const UnparkFilter *filter;
  UnparkStore *store;
  GHashTable *ids, *names;
  gboolean asks_of_tasks;
} TaskScan;

static gboolean member_passes(const TaskScan *scan, const UnparkTask *task, gint64 id) {
  const UnparkGoroutine *g = id == UNPARK_NONE ? NULL : unpark_store_goroutine(scan->store, id);
  if (!scan->asks_of_tasks)
    return g_hash_table_contains(scan->ids, &id);
  const Candidate c = {.id = id,
                       .name = g ? folded_name(scan->names, scan->store, g->name_id) : "",
                       .task = folded_name(scan->names, scan->store, task->name_id)};
  return passes(scan->filter, &c);
}

static GHashTable *passing_tasks(const UnparkFilter *filter, UnparkStore *store, GHashTable *ids,
                                 const UnparkTrackIndex *tracks) {
  g_autoptr(GHashTable) names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  const TaskScan scan = {filter, store, ids, names, asks_of_tasks(filter)};
  GHashTable *passing = new_ids();
  for (guint i = 0; i < tracks->n_tasks; i++) {
    const UnparkTask *task = &tracks->tasks[i];
    gboolean ok = member_passes(&scan, task, task->goroutine);
    for (guint m = tracks->first_member[i]; !ok && m < tracks->first_member[i + 1]; m++)
      ok = member_passes(&scan, task, tracks->members[m]);
    if (ok)
      g_hash_table_add(passing, g_memdup2(&task->id, sizeof task->id));
  }
  return passing;
}

/* ---- the result ------------------------------------------------------------------------- */

static const UnparkSpanMatch *match_at(const GArray *by_lane, guint32 place) {
  return &g_array_index(by_lane, UnparkSpanMatch, place);
}

static int compare_time(const UnparkSpanMatch *x, const UnparkSpanMatch *y) {
  if (x->start_ns != y->start_ns)
    return x->start_ns < y->start_ns ? -1 : 1;
  return (x->goroutine > y->goroutine) - (x->goroutine < y->goroutine);
}

static int compare_places(gconstpointer a, gconstpointer b, gpointer by_lane) {
  return compare_time(match_at(by_lane, *(const guint32 *)a),
                      match_at(by_lane, *(const guint32 *)b));
}

static int compare_lane(gconstpointer a, gconstpointer b) {
  const UnparkSpanMatch *x = a, *y = b;
  if (x->goroutine != y->goroutine)
    return x->goroutine < y->goroutine ? -1 : 1;
  return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

/* Only spans of goroutines that pass, each once. */
static void keep_matches(UnparkFilterResult *result, const Scan *scan) {
  guint kept = 0;
  g_array_sort(scan->matches, compare_lane);
  for (guint i = 0; i < scan->matches->len; i++) {
    const UnparkSpanMatch match = g_array_index(scan->matches, UnparkSpanMatch, i);
    if (!g_hash_table_contains(result->ids, &match.goroutine) ||
        (kept > 0 &&
         compare_lane(&match, &g_array_index(scan->matches, UnparkSpanMatch, kept - 1)) == 0))
      continue;
    g_array_index(scan->matches, UnparkSpanMatch, kept++) = match;
  }
  g_array_set_size(scan->matches, kept);
  result->by_lane = g_array_ref(scan->matches);
  result->by_time = g_array_sized_new(FALSE, FALSE, sizeof(guint32), kept);
  for (guint32 i = 0; i < kept; i++)
    g_array_append_val(result->by_time, i);
  g_array_sort_with_data(result->by_time, compare_places, result->by_lane);
  result->n_spans = kept;
}

static void describe_asked(UnparkFilterResult *result, const Scan *scan) {
  result->n_kinds = unpark_store_n_kinds(scan->store);
  result->kinds = g_new0(guint8, result->n_kinds + 1);
  result->min_ns = G_MAXINT64;
  result->exact = TRUE;
  for (guint t = 0; t < scan->tests->len; t++) {
    const UnparkSpanTest *test = &g_array_index(scan->tests, UnparkSpanTest, t);
    if (!scan->is_asked[t])
      continue;
    for (guint k = 0; k < result->n_kinds; k++)
      result->kinds[k] |= test->kinds[k];
    result->min_ns = MIN(result->min_ns, test->min_ns);
    result->max_ns = MAX(result->max_ns, test->max_ns);
    /* Alternatives that differ cannot be told from the union of what they ask for. */
    result->exact &= test->waker == UNPARK_NONE && !test->stacks && !result->has_spans;
    result->has_spans = TRUE;
  }
}

UnparkFilterResult *unpark_filter_apply(UnparkStore *store, const char *text,
                                        const UnparkTrackIndex *tracks, GCancellable *cancellable,
                                        GError **error) {
  g_autoptr(UnparkFilter) filter = unpark_filter_parse(text, NULL, error);
  if (!filter || !run_tasks(filter, store, cancellable, error))
    return NULL;
  g_autoptr(GPtrArray) nodes = g_ptr_array_new();
  g_autoptr(GArray) asked = g_array_new(FALSE, FALSE, sizeof(gboolean));
  g_autoptr(GArray) last = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(UnparkSpanMatch));
  collect_nodes(filter, FALSE, nodes, asked);
  g_autofree guint64 *counts = g_new0(guint64, nodes->len + 1);
  Scan scan = {.store = store,
               .nodes = nodes,
               .tests = g_array_new(FALSE, FALSE, sizeof(UnparkSpanTest)),
               .last = last,
               .matches = matches,
               .counts = counts,
               .is_asked = (gboolean *)(gpointer)asked->data};
  g_autoptr(UnparkFilterResult) result = g_new0(UnparkFilterResult, 1);
  g_atomic_ref_count_init(&result->refs);
  gboolean ok = nodes->len == 0 || scan_spans(&scan, on_match, cancellable, error);
  if (ok && (result->ids = passing_ids(filter, store, error))) {
    if (tracks)
      result->task_ids = passing_tasks(filter, store, result->ids, tracks);
    describe_asked(result, &scan);
    keep_matches(result, &scan);
    result->cut = scan.cut;
    for (guint i = 0; scan.cut && i < nodes->len; i++)
      result->n_spans = MAX(result->n_spans, scan.is_asked[i] ? counts[i] : 0);
  }
  tests_free(scan.tests);
  return ok && result->ids ? g_steal_pointer(&result) : NULL;
}

UnparkFilterResult *unpark_filter_result_ref(UnparkFilterResult *result) {
  g_atomic_ref_count_inc(&result->refs);
  return result;
}

static void result_free(gpointer data) {
  UnparkFilterResult *result = data;
  g_clear_pointer(&result->ids, g_hash_table_unref);
  g_clear_pointer(&result->task_ids, g_hash_table_unref);
  g_clear_pointer(&result->by_lane, g_array_unref);
  g_clear_pointer(&result->by_time, g_array_unref);
  g_free(result->kinds);
  g_free(result);
}

void unpark_filter_result_unref(UnparkFilterResult *result) {
  if (g_atomic_ref_count_dec(&result->refs))
    unpark_free_later(result, result_free);
}

/* Index of the first of by_lane not before `wanted`. */
static guint lower_bound_lane(const UnparkFilterResult *result, const UnparkSpanMatch *wanted) {
  guint low = 0, high = result->by_lane->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (compare_lane(match_at(result->by_lane, middle), wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const UnparkSpanMatch *match_by_time(const UnparkFilterResult *result, guint at) {
  return match_at(result->by_lane, g_array_index(result->by_time, guint32, at));
}

static guint lower_bound_time(const UnparkFilterResult *result, const UnparkSpanMatch *wanted) {
  guint low = 0, high = result->by_time->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (compare_time(match_by_time(result, middle), wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean unpark_filter_result_has(const UnparkFilterResult *result, gint64 goroutine,
                                  const UnparkItem *item) {
  if (!result->has_spans)
    return TRUE;
  if (item->count == 1 && (result->exact || result->cut))
    return item->kind < result->n_kinds && result->kinds[item->kind] &&
           item->longest_ns >= result->min_ns && item->longest_ns <= result->max_ns;
  if (result->cut) /* not all are known */
    return TRUE;
  /* Any match that begins in the item, or before it and reaches into it. */
  const UnparkSpanMatch wanted = {.goroutine = goroutine, .start_ns = item->start_ns};
  guint at = lower_bound_lane(result, &wanted);
  const UnparkSpanMatch *match =
      at < result->by_lane->len ? &g_array_index(result->by_lane, UnparkSpanMatch, at) : NULL;
  if (match && match->goroutine == goroutine &&
      match->start_ns < MAX(item->end_ns, item->start_ns + 1))
    return TRUE;
  match = at > 0 ? &g_array_index(result->by_lane, UnparkSpanMatch, at - 1) : NULL;
  return match && match->goroutine == goroutine && match->end_ns > item->start_ns;
}

gboolean unpark_filter_result_has_work(const UnparkFilterResult *result, const UnparkItem *item) {
  return g_hash_table_contains(result->ids, &item->goroutine);
}

const UnparkSpanMatch *unpark_filter_result_next(const UnparkFilterResult *result, gint64 start_ns,
                                                 gint64 goroutine, int direction) {
  const UnparkSpanMatch wanted = {.goroutine = goroutine, .start_ns = start_ns};
  guint at = lower_bound_time(result, &wanted);
  if (direction < 0)
    return at > 0 ? match_by_time(result, at - 1) : NULL;
  while (at < result->by_time->len && compare_time(match_by_time(result, at), &wanted) <= 0)
    at++;
  return at < result->by_time->len ? match_by_time(result, at) : NULL;
}

/* ---- one match among more than are remembered ------------------------------------------- */

static gboolean on_nearer(const UnparkSpanMatch *match, gpointer data) {
  Scan *scan = data;
  if (!scan->is_asked[match->test] || compare_time(match, &scan->from) * scan->direction <= 0 ||
      (scan->found && compare_time(match, &scan->best) * scan->direction >= 0) ||
      !g_hash_table_contains(scan->result->ids, &match->goroutine))
    return TRUE;
  scan->best = *match;
  scan->found = TRUE;
  return TRUE;
}

gboolean unpark_filter_find_match(UnparkStore *store, const char *text,
                                  const UnparkFilterResult *result, gint64 start_ns,
                                  gint64 goroutine, int direction, UnparkSpanMatch *match,
                                  GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkFilter) filter = unpark_filter_parse(text, NULL, error);
  if (!filter)
    return FALSE;
  g_autoptr(GPtrArray) nodes = g_ptr_array_new();
  g_autoptr(GArray) asked = g_array_new(FALSE, FALSE, sizeof(gboolean));
  g_autoptr(GArray) last = g_array_new(FALSE, FALSE, sizeof(gint64));
  collect_nodes(filter, FALSE, nodes, asked);
  Scan scan = {.store = store,
               .nodes = nodes,
               .tests = g_array_new(FALSE, FALSE, sizeof(UnparkSpanTest)),
               .last = last,
               .is_asked = (gboolean *)(gpointer)asked->data,
               .result = result,
               .from = {.goroutine = goroutine, .start_ns = start_ns},
               .direction = direction};
  gboolean ok = scan_spans(&scan, on_nearer, cancellable, error);
  tests_free(scan.tests);
  *match = scan.best;
  return ok && scan.found;
}

GHashTable *unpark_filter_run(UnparkStore *store, const char *text, GCancellable *cancellable,
                              GError **error) {
  g_autoptr(UnparkFilterResult) result = unpark_filter_apply(store, text, NULL, cancellable, error);
  return result ? g_hash_table_ref(result->ids) : NULL;
}
