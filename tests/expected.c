/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/expected.h"

#include <json-c/json.h>
#include <string.h>

#include "tests/support.h"

/* More are not looked at: the first ones tell. */
#define MAX_DIFFERENCES 12

typedef struct {
  UnparkStore *store;
  GString *differences;
  guint n;
} Comparison;

static void differ(Comparison *c, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void differ(Comparison *c, const char *format, ...) {
  va_list list;

  if (c->n++ >= MAX_DIFFERENCES)
    return;
  va_start(list, format);
  g_string_append(c->differences, "  ");
  g_string_append_vprintf(c->differences, format, list);
  g_string_append_c(c->differences, '\n');
  va_end(list);
}

static char *finish(Comparison *c) {
  if (c->n > MAX_DIFFERENCES)
    g_string_append_printf(c->differences, "  ... and %u more\n", c->n - MAX_DIFFERENCES);
  if (c->n > 0)
    return g_string_free(c->differences, FALSE);
  g_string_free(c->differences, TRUE);
  return NULL;
}

char *expected_compare_spans(UnparkStore *store, const char *tsv) {
  g_autoptr(GError) error = NULL;
  GString *got = test_query(store,
                            "SELECT goroutine, start_ns, end_ns, state, reason FROM span "
                            "ORDER BY goroutine, start_ns",
                            &error);
  char *message;

  if (!got)
    return g_strdup(error->message);
  message = test_compare_lines(tsv, got->str);
  g_string_free(got, TRUE);
  return message;
}

/* ---- Figures ------------------------------------------------------------------------ */

static gint64 figure(struct json_object *object, const char *name) {
  struct json_object *value;

  return json_object_object_get_ex(object, name, &value) ? json_object_get_int64(value) : 0;
}

static void compare_int(Comparison *c, const char *what, gint64 expected, const char *sql) {
  g_autoptr(GError) error = NULL;
  gint64 got = test_query_int(c->store, sql, 0, &error);

  if (error)
    differ(c, "%s: %s", what, error->message);
  else if (got != expected)
    differ(c, "%s: expected %" G_GINT64_FORMAT ", got %" G_GINT64_FORMAT, what, expected, got);
}

static gboolean take_pair(const UnparkValue *values, guint n, gpointer data) {
  g_autofree char *key = g_strndup(values[0].text ? values[0].text : "", values[0].size);

  g_hash_table_insert(data, g_steal_pointer(&key), g_memdup2(&values[1].integer, sizeof(gint64)));
  return TRUE;
}

/* `object`: {name: number}; `sql` gives rows of name and number. Names that the object gives
 * as zero may be absent from the rows. */
static void compare_map(Comparison *c, const char *what, struct json_object *object,
                        const char *sql) {
  static const UnparkQuery query = {.row = take_pair};
  g_autoptr(GHashTable) got = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) error = NULL;
  GHashTableIter iter;
  gpointer key, value;

  if (!unpark_store_query(c->store, sql, &query, got, NULL, NULL, &error)) {
    differ(c, "%s: %s", what, error->message);
    return;
  }
  json_object_object_foreach(object, name, number) {
    const gint64 *n = g_hash_table_lookup(got, name);

    if (json_object_get_int64(number) != (n ? *n : 0))
      differ(c, "%s of “%s”: expected %" G_GINT64_FORMAT ", got %" G_GINT64_FORMAT, what, name,
             json_object_get_int64(number), n ? *n : 0);
    g_hash_table_remove(got, name);
  }
  g_hash_table_iter_init(&iter, got);
  while (g_hash_table_iter_next(&iter, &key, &value))
    differ(c, "%s of “%s”: not expected, got %" G_GINT64_FORMAT, what, (const char *)key,
           *(const gint64 *)value);
}

static void compare_whole(Comparison *c, struct json_object *summary) {
  static const struct {
    const char *name, *sql;
  } maps[] = {
      {"state_time",
       "SELECT upper(substr(state, 1, 1)) || substr(state, 2), sum(duration_ns) FROM span "
       "GROUP BY state"},
      {"state_count",
       "SELECT upper(substr(state, 1, 1)) || substr(state, 2), count(*) FROM span GROUP BY state"},
      {"block_count", "SELECT reason, count(*) FROM span WHERE state = 'waiting' GROUP BY reason"},
      {"block_time",
       "SELECT reason, sum(duration_ns) FROM span WHERE state = 'waiting' GROUP BY reason"},
      {"block_leaf_time",
       "SELECT coalesce(f.function, ''), sum(s.duration_ns) FROM span s LEFT JOIN stack_frame f "
       "ON f.stack = s.stack AND f.depth = 0 WHERE s.state = 'waiting' GROUP BY 1"},
      {"ranges", "SELECT name, count(*) FROM range GROUP BY name"},
      /* Ranges still open at the end have no end. */
      {"range_time",
       "SELECT name, sum(duration_ns) FROM range WHERE end_ns IS NOT NULL GROUP BY name"},
      {"metrics", "SELECT name, count(*) FROM metric GROUP BY name"},
      {"metric_max", "SELECT name, max(value) FROM metric GROUP BY name"},
  };
  static const struct {
    const char *name, *sql;
  } numbers[] = {
      /* The reference counts from its zero, before which v1 traces have spans. */
      {"duration", "SELECT duration_ns + min(0, coalesce((SELECT min(start_ns) FROM span), 0)) "
                   "FROM source"},
      {"spans", "SELECT count(*) FROM span"},
      {"logs", "SELECT count(*) FROM log"},
      {"cpu_samples", "SELECT count(*) FROM cpu_sample"},
      {"task_begin", "SELECT count(*) FROM task WHERE start_ns IS NOT NULL"},
      {"task_end", "SELECT count(*) FROM task WHERE end_ns IS NOT NULL"},
      {"region_begin", "SELECT count(*) FROM region WHERE start_ns IS NOT NULL"},
      {"unblocked_by_goroutine",
       "SELECT count(*) FROM span WHERE state = 'waiting' AND waker > 0 AND waker <> goroutine"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    compare_int(c, numbers[i].name, figure(summary, numbers[i].name), numbers[i].sql);
  for (gsize i = 0; i < G_N_ELEMENTS(maps); i++) {
    struct json_object *object;

    if (json_object_object_get_ex(summary, maps[i].name, &object))
      compare_map(c, maps[i].name, object, maps[i].sql);
  }
}

/* Quantiles as the expectation takes them: the value at floor(p * (n - 1)). */
static void compare_latency(Comparison *c, struct json_object *summary) {
  static const struct {
    const char *name;
    double p;
  } quantiles[] = {{"p50", .5}, {"p90", .9}, {"p99", .99}, {"max", 1}};
  struct json_object *latency;
  gint64 n;

  if (!json_object_object_get_ex(summary, "sched_latency", &latency) || !latency)
    return;
  n = figure(latency, "n");
  compare_int(c, "sched_latency n", n, "SELECT count(*) FROM sched_latency");
  compare_int(c, "sched_latency sum", figure(latency, "sum"),
              "SELECT sum(duration_ns) FROM sched_latency");
  for (gsize i = 0; i < G_N_ELEMENTS(quantiles); i++) {
    g_autofree char *what = g_strconcat("sched_latency ", quantiles[i].name, NULL);
    g_autofree char *sql = g_strdup_printf("SELECT duration_ns FROM sched_latency ORDER BY 1 "
                                           "LIMIT 1 OFFSET %" G_GINT64_FORMAT,
                                           (gint64)(quantiles[i].p * (double)(n - 1)));

    compare_int(c, what, figure(latency, quantiles[i].name), sql);
  }
}

/* ---- Goroutines ----------------------------------------------------------------------- */

/* One goroutine. The reference starts anew when an id is created again (cgo), so its
 * figures are those of the last life; the goroutine table's are of all. A wait "forever"
 * is an end there: it counts no time, and `end` is its start. */
typedef struct {
  gboolean expected, seen;
  gint64 create, end, running, runnable, waiting, syscall; /* what the summary says */
  const char *name;
  gint64 last_life[UNPARK_N_STATES], all[UNPARK_N_STATES]; /* from the spans */
  gint64 first_start, forever_start, n_spans;
  gint64 open_syscall; /* length of the last span if it is a system call */
} Life;

typedef struct {
  Comparison *c;
  GHashTable *lives; /* id -> Life */
} LivesRun;

static Life *life_of(GHashTable *lives, gint64 id) {
  Life *life = g_hash_table_lookup(lives, &id);

  if (!life) {
    life = g_new0(Life, 1);
    life->first_start = life->forever_start = UNPARK_NONE;
    g_hash_table_insert(lives, g_memdup2(&id, sizeof id), life);
  }
  return life;
}

static void expect_lives(GHashTable *lives, struct json_object *goroutines) {
  json_object_object_foreach(goroutines, id, values) {
    Life *life = life_of(lives, g_ascii_strtoll(id, NULL, 10));
    struct json_object *block, *name;

    life->expected = TRUE;
    life->create = figure(values, "create");
    life->end = figure(values, "end");
    life->running = figure(values, "exec");
    life->runnable = figure(values, "sched_wait");
    life->syscall = figure(values, "syscall") + figure(values, "syscall_block");
    life->name =
        json_object_object_get_ex(values, "name", &name) ? json_object_get_string(name) : "";
    if (!json_object_object_get_ex(values, "block", &block))
      continue;
    json_object_object_foreach(block, reason, time) {
      (void)reason;
      life->waiting += json_object_get_int64(time);
    }
  }
}

/* goroutine, start_ns, duration_ns, state, reason */
static gboolean add_span(const UnparkValue *values, guint n, gpointer data) {
  LivesRun *run = data;
  Life *life = life_of(run->lives, values[0].integer);
  gint64 start = values[1].integer, duration = values[2].integer;
  guint state = 0;

  while (state + 1 < UNPARK_N_STATES && strcmp(unpark_state_name(state), values[3].text) != 0)
    state++;
  if (life->n_spans++ == 0)
    life->first_start = start;
  life->all[state] += duration;
  life->open_syscall = state == UNPARK_STATE_SYSCALL ? duration : 0;
  life->forever_start = UNPARK_NONE;
  if (strcmp(values[4].text, "forever") == 0) {
    life->forever_start = start;
  } else if (start >= life->create) {
    life->last_life[state] += duration;
  }
  return TRUE;
}

static void compare_figure(LivesRun *run, gint64 id, const char *what, gint64 expected,
                           gint64 got) {
  if (expected != got)
    differ(run->c,
           "goroutine %" G_GINT64_FORMAT " %s: expected %" G_GINT64_FORMAT
           ", got %" G_GINT64_FORMAT,
           id, what, expected, got);
}

static gint64 value_or(const UnparkValue *value, gint64 fallback) {
  return value->type == UNPARK_VALUE_INT ? value->integer : fallback;
}

/* id, name, create_ns, end_ns, running_ns, runnable_ns, waiting_ns, syscall_ns, span_count */
static gboolean check_goroutine(const UnparkValue *values, guint n, gpointer data) {
  LivesRun *run = data;
  gint64 id = values[0].integer;
  Life *life = life_of(run->lives, id);
  gint64 end = value_or(&values[3], -1);
  gint64 runnable = life->runnable, twice = runnable - life->last_life[UNPARK_STATE_RUNNABLE];

  /* The time without processor of a system call that is still open at the end is counted
   * twice by the reference: as system call and as waiting to be scheduled. */
  if (end == -1 && twice > 0 && twice <= life->open_syscall)
    runnable -= twice;
  life->seen = TRUE;
  if (!life->expected) {
    differ(run->c, "goroutine %" G_GINT64_FORMAT ": not expected", id);
    return TRUE;
  }
  if (strcmp(life->name, values[1].text) != 0)
    differ(run->c, "goroutine %" G_GINT64_FORMAT " name: expected %s, got %s", id, life->name,
           values[1].text);
  if (life->first_start >= life->create) /* one life */
    compare_figure(run, id, "create_ns", life->create, value_or(&values[2], UNPARK_NONE));
  if (life->end != life->forever_start || end != -1)
    compare_figure(run, id, "end_ns", life->end, end);
  compare_figure(run, id, "running", life->running, life->last_life[UNPARK_STATE_RUNNING]);
  compare_figure(run, id, "runnable", runnable, life->last_life[UNPARK_STATE_RUNNABLE]);
  compare_figure(run, id, "waiting", life->waiting, life->last_life[UNPARK_STATE_WAITING]);
  compare_figure(run, id, "syscall", life->syscall, life->last_life[UNPARK_STATE_SYSCALL]);
  compare_figure(run, id, "running_ns", life->all[UNPARK_STATE_RUNNING], values[4].integer);
  compare_figure(run, id, "runnable_ns", life->all[UNPARK_STATE_RUNNABLE], values[5].integer);
  compare_figure(run, id, "waiting_ns", life->all[UNPARK_STATE_WAITING], values[6].integer);
  compare_figure(run, id, "syscall_ns", life->all[UNPARK_STATE_SYSCALL], values[7].integer);
  compare_figure(run, id, "span_count", life->n_spans, values[8].integer);
  return TRUE;
}

static void compare_goroutines(Comparison *c, struct json_object *goroutines) {
  static const UnparkQuery spans = {.row = add_span}, rows = {.row = check_goroutine};
  g_autoptr(GHashTable) lives = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  LivesRun run = {c, lives};
  g_autoptr(GError) error = NULL;
  GHashTableIter iter;
  gpointer id, life;

  expect_lives(lives, goroutines);
  if (!unpark_store_query(c->store,
                          "SELECT goroutine, start_ns, duration_ns, state, reason FROM span "
                          "ORDER BY goroutine, start_ns",
                          &spans, &run, NULL, NULL, &error) ||
      !unpark_store_query(
          c->store,
          "SELECT id, name, create_ns, end_ns, running_ns, runnable_ns, waiting_ns, "
          "syscall_ns, span_count FROM goroutine ORDER BY id",
          &rows, &run, NULL, NULL, &error)) {
    differ(c, "goroutines: %s", error->message);
    return;
  }
  g_hash_table_iter_init(&iter, lives);
  while (g_hash_table_iter_next(&iter, &id, &life))
    if (!((Life *)life)->seen)
      differ(c, "goroutine %" G_GINT64_FORMAT ": missing", *(gint64 *)id);
}

char *expected_compare_summary(UnparkStore *store, const char *json) {
  Comparison c = {.store = store, .differences = g_string_new(NULL)};
  struct json_object *summary = json_tokener_parse(json), *goroutines;

  if (!summary) {
    differ(&c, "the expectation is not JSON");
    return finish(&c);
  }
  compare_whole(&c, summary);
  compare_latency(&c, summary);
  if (json_object_object_get_ex(summary, "goroutines", &goroutines))
    compare_goroutines(&c, goroutines);
  json_object_put(summary);
  return finish(&c);
}
