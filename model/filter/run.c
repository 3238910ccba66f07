/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running a filter: which goroutines pass, and which spans of them are asked for. */
#include <stdlib.h>
#include <string.h>

#include "model/filter/private.h"
#include "model/sql/query.h"

typedef struct {
  UnparkStore *store;
  GPtrArray *nodes;   /* of SPAN */
  GArray *tests;      /* UnparkSpanTest, one for each node */
  GArray *last;       /* gint64: the goroutine that was added last to a node */
  GArray *matches;    /* UnparkSpanMatch */
  guint64 *counts;    /* by node */
  gboolean *is_asked; /* by node: it is not denied */
  gboolean cut;
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
  if (!scan->cut)
    g_array_append_vals(scan->matches, match, 1);
  if (scan->matches->len > UNPARK_FILTER_MAX_MATCHES) {
    scan->cut = TRUE;
    g_array_set_size(scan->matches, 0);
  }
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

static gboolean scan_spans(Scan *scan, GCancellable *cancellable, GError **error) {
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
                                  scan->tests->len, on_match, scan, cancellable, error);
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

static gboolean text_passes(const UnparkFilter *f, const Candidate *c) {
  return (f->number != UNPARK_NONE && f->number == c->id) || strstr(c->name, f->folded) != NULL;
}

static gboolean passes(const UnparkFilter *f, const Candidate *c) {
  switch (f->type) {
  case UNPARK_NODE_TEXT:
    return text_passes(f, c);
  case UNPARK_NODE_TASK:
    return c->task ? strstr(c->task, f->folded) != NULL : g_hash_table_contains(f->ids, &c->id);
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

/* One without elements has memory, too: NULL would mean any id to others. */
static GArray *new_id_array(void) {
  return g_array_sized_new(FALSE, FALSE, sizeof(gint64), 16);
}

/* A set of an array of ascending gint64, which it takes. */
static UnparkIdSet take_set(GArray *ids) {
  UnparkIdSet set = {.n = ids->len};
  set.ids = (gint64 *)(gpointer)g_array_free(ids, FALSE);
  return set;
}

static gboolean find_goroutines(UnparkFilterResult *result, const UnparkFilter *filter,
                                UnparkStore *store, GError **error) {
  guint n;
  g_autoptr(GError) failure = NULL;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  g_autoptr(GHashTable) names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  GArray *ids = new_id_array();
  for (guint i = 0; i < n; i++) {
    const Candidate c = {.id = all[i].id, .name = folded_name(names, store, all[i].name_id)};
    if (passes(filter, &c))
      g_array_append_val(ids, all[i].id);
  }
  result->goroutines = take_set(ids);
  return TRUE;
}

static gboolean asks_of_tasks(const UnparkFilter *f) {
  return f && (f->type == UNPARK_NODE_TASK || asks_of_tasks(f->left) || asks_of_tasks(f->right));
}

/* For finding out which tasks pass. */
typedef struct {
  const UnparkFilter *filter;
  UnparkStore *store;
  const UnparkIdSet *goroutines;
  GHashTable *names;
  gboolean asks_of_tasks;
} TaskScan;

static gboolean member_passes(const TaskScan *scan, const UnparkTask *task, gint64 id) {
  const UnparkGoroutine *g = id == UNPARK_NONE ? NULL : unpark_store_goroutine(scan->store, id);
  if (!scan->asks_of_tasks)
    return unpark_id_set_has(scan->goroutines, id);
  const Candidate c = {.id = id,
                       .name = g ? folded_name(scan->names, scan->store, g->name_id) : "",
                       .task = folded_name(scan->names, scan->store, task->name_id)};
  return passes(scan->filter, &c);
}

static void find_tasks(UnparkFilterResult *result, const UnparkFilter *filter, UnparkStore *store,
                       const UnparkTrackIndex *tracks) {
  g_autoptr(GHashTable) names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  const TaskScan scan = {filter, store, &result->goroutines, names, asks_of_tasks(filter)};
  GArray *ids = new_id_array();
  for (guint i = 0; i < tracks->n_tasks; i++) {
    const UnparkTask *task = &tracks->tasks[i];
    gboolean ok = member_passes(&scan, task, task->goroutine);
    for (guint m = tracks->first_member[i]; !ok && m < tracks->first_member[i + 1]; m++)
      ok = member_passes(&scan, task, tracks->members[m]);
    if (ok)
      g_array_append_val(ids, task->id);
  }
  result->tasks = take_set(ids);
  result->has_tasks = TRUE;
}

/* ---- the result ------------------------------------------------------------------------- */

static void describe_test(UnparkFilterResult *result, const UnparkSpanTest *test) {
  for (guint k = 0; k < result->n_kinds; k++)
    result->kinds[k] |= test->kinds[k];
  result->min_ns = MIN(result->min_ns, test->min_ns);
  result->max_ns = MAX(result->max_ns, test->max_ns);
  /* Alternatives that differ cannot be told from the union of what they ask for. */
  result->exact &= test->waker == UNPARK_NONE && !test->stacks && !result->has_spans;
  result->has_spans = TRUE;
}

/* The tests that are asked become the result's. */
static void take_tests(UnparkFilterResult *result, Scan *scan) {
  result->n_kinds = unpark_store_n_kinds(scan->store);
  result->kinds = g_new0(guint8, result->n_kinds + 1);
  result->min_ns = G_MAXINT64;
  result->exact = TRUE;
  result->tests = g_new0(UnparkSpanTest, scan->tests->len + 1);
  for (guint t = 0; t < scan->tests->len; t++) {
    UnparkSpanTest *test = &g_array_index(scan->tests, UnparkSpanTest, t);
    if (!scan->is_asked[t])
      continue;
    describe_test(result, test);
    result->tests[result->n_tests++] = *test;
    *test = (UnparkSpanTest){0};
  }
}

static gboolean fill_result(UnparkFilterResult *result, UnparkFilter *filter, Scan *scan,
                            const UnparkTrackIndex *tracks, GCancellable *cancellable,
                            GError **error) {
  guint n_nodes = scan->nodes->len;
  if ((n_nodes > 0 && !scan_spans(scan, cancellable, error)) ||
      !find_goroutines(result, filter, scan->store, error))
    return FALSE;
  if (tracks)
    find_tasks(result, filter, scan->store, tracks);
  take_tests(result, scan);
  unpark_filter_result_set_matches(result, scan->matches);
  result->cut = scan->cut;
  for (guint i = 0; scan->cut && i < n_nodes; i++)
    result->n_spans = MAX(result->n_spans, scan->is_asked[i] ? scan->counts[i] : 0);
  return TRUE;
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
  result->text = g_strstrip(g_strdup(text));
  gboolean ok = fill_result(result, filter, &scan, tracks, cancellable, error);
  tests_free(scan.tests);
  return ok ? g_steal_pointer(&result) : NULL;
}
