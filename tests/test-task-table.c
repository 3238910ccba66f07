/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks in numbers, states and trees: in traces made by hand whose answer is known, and in recorded
 * ones by SQL. */
#include <stdlib.h>

#include "tests/support.h"
#include "model/tables/task-table.h"
#include "model/tables/task-trace.h"
#include "tests/why/script.h"

static const UnparkTaskSpec everything = {.from_ns = G_MININT64 + 1, .to_ns = G_MAXINT64};

static UnparkTaskTable *table_of(UnparkStore *store, const UnparkTaskSpec *spec) {
  g_autoptr(GError) error = NULL;
  UnparkTaskTable *table = unpark_task_table_new(store, spec, NULL, &error);
  ck_assert_msg(table && unpark_task_table_count(table, NULL, &error), "%s",
                error ? error->message : "");
  return table;
}

/* ---- by hand ---------------------------------------------------------------------------- */

static void add_task(Made *m, gint64 id, gint64 parent, const char *name, gint64 goroutine,
                     gint64 start, gint64 end) {
  const gint64 row[] = {id, parent, *name ? made_string(m, name) : 0, goroutine, start, end};
  unpark_writer_append(m->w, UNPARK_TABLE_TASK, row);
}

static void add_region(Made *m, gint64 task, gint64 goroutine, const char *name, gint64 start,
                       gint64 end, gint64 depth) {
  const gint64 row[] = {task, goroutine, made_string(m, name), start, end, depth};
  unpark_writer_append(m->w, UNPARK_TABLE_REGION, row);
}

static void add_log(Made *m, gint64 task, gint64 goroutine, gint64 time, const char *message) {
  const gint64 row[] = {task, goroutine, time, made_string(m, "note"), made_string(m, message)};
  unpark_writer_append(m->w, UNPARK_TABLE_LOG, row);
}

/* G 1 runs 0-100, waits for the network 100-400, runs 400-1000. G 2 waits for a lock 0-500, runs
 * 500-800, is in a system call 800-1000. */
static Made begin_made(void) {
  static const char *const lines[] = {"0 1 begin", "0 1 run",   "100 1 wait network",
                                      "400 1 run", "0 2 begin", "0 2 wait sync",
                                      "500 2 run", "800 2 call"};
  Made m = made_new();
  gint64 stop;
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    made_line(&m, lines[i], &stop);
  return m;
}

static void expect_tally(const UnparkTaskTable *table, gint64 id, gint64 running, gint64 network,
                         gint64 sync, gint64 syscall) {
  const UnparkTaskRow *row = unpark_task_table_find(table, id);
  UnparkTally tally;
  ck_assert_ptr_nonnull(row);
  unpark_task_row_tally(table, (guint32)(row - table->rows), &tally);
  ck_assert_int_eq(tally.state_ns[UNPARK_STATE_RUNNING], running);
  ck_assert_int_eq(tally.wait_ns[UNPARK_WAIT_NETWORK], network);
  ck_assert_int_eq(tally.wait_ns[UNPARK_WAIT_SYNC], sync);
  ck_assert_int_eq(tally.state_ns[UNPARK_STATE_WAITING], network + sync);
  ck_assert_int_eq(tally.state_ns[UNPARK_STATE_SYSCALL], syscall);
}

START_TEST(whose_time_counts) {
  Made m = begin_made();
  /* 1: its goroutine all the time, and another in a region; 2: handed on; 3: nobody has regions;
   * 4: regions that overlap count once; 5, 6: of two that overlap in one goroutine each counts. */
  add_task(&m, 1, UNPARK_NONE, "kept", 1, 50, 450);
  add_region(&m, 1, 1, "own", 60, 70, 0);
  add_region(&m, 1, 2, "other", 450, 600, 0);
  add_task(&m, 2, UNPARK_NONE, "handed on", 1, 50, 950);
  add_region(&m, 2, 2, "work", 700, 900, 0);
  add_task(&m, 3, UNPARK_NONE, "alone", 2, 400, 900);
  add_task(&m, 4, UNPARK_NONE, "nested", 1, 0, 10);
  add_region(&m, 4, 2, "outer", 400, 900, 0);
  add_region(&m, 4, 2, "inner", 450, 700, 1);
  add_task(&m, 5, UNPARK_NONE, "long", 1, 0, 1000);
  add_task(&m, 6, 5, "short", 1, 90, 110);
  add_region(&m, 99, 1, "of no task", 0, 1000, 0);
  g_autoptr(TestStore) made = made_finish(&m, 1000);
  g_autoptr(UnparkTaskTable) table = table_of(made->store, &everything);
  expect_tally(table, 1, 50 + 50 + 100, 300, 50, 0);
  expect_tally(table, 2, 100, 0, 0, 100);
  expect_tally(table, 3, 300, 0, 100, 100);
  expect_tally(table, 4, 300, 0, 100, 100);
  expect_tally(table, 5, 700, 300, 0, 0);
  expect_tally(table, 6, 10, 10, 0, 0);
  ck_assert_uint_eq(unpark_task_table_find(table, 1)->n_goroutines, 2);
  ck_assert_uint_eq(unpark_task_table_find(table, 4)->n_regions, 2);
}
END_TEST

/* Ten tasks of 100 to 1000: the fifth in the middle, and the slowest. */
START_TEST(typical) {
  Made m = begin_made();
  for (gint64 i = 1; i <= 10; i++)
    add_task(&m, i, UNPARK_NONE, "a", 1, 0, i * 100);
  g_autoptr(TestStore) made = made_finish(&m, 1100);
  g_autoptr(UnparkTaskTable) table = table_of(made->store, &everything);
  UnparkTaskMean mean;
  unpark_task_mean_of(table, 0, 0.4, 0.6, &mean);
  ck_assert_uint_eq(mean.n, 2);
  ck_assert_int_eq(mean.length_ns, 550);
  unpark_task_mean_of(table, 0, 0, 0.05, &mean);
  ck_assert_uint_eq(mean.n, 1);
  ck_assert_int_eq(mean.length_ns, 1000);
}
END_TEST

/* Without an end, without a begin, with neither, and the wrong way round. */
START_TEST(unfinished) {
  Made m = begin_made();
  add_task(&m, 1, UNPARK_NONE, "a", 1, 200, UNPARK_NONE);
  add_task(&m, 2, UNPARK_NONE, "a", 1, UNPARK_NONE, 300);
  add_task(&m, 3, UNPARK_NONE, "a", 1, 100, 200);
  add_task(&m, 4, UNPARK_NONE, "a", UNPARK_NONE, UNPARK_NONE, UNPARK_NONE);
  add_task(&m, 5, UNPARK_NONE, "a", 1, 900, 800);
  add_task(&m, 6, UNPARK_NONE, "", 1, 0, 5);
  g_autoptr(TestStore) made = made_finish(&m, 1000);
  g_autoptr(UnparkTaskTable) table = table_of(made->store, &everything);
  ck_assert_uint_eq(table->n_kinds, 2);
  const UnparkTaskKind *kind = &table->kinds[0];
  ck_assert_str_eq(kind->name, "a");
  ck_assert_str_eq(table->kinds[1].name, "");
  ck_assert_uint_eq(kind->count, 5);
  ck_assert_uint_eq(kind->n_unfinished, 4);
  ck_assert_int_eq(kind->total_ns, 100);
  ck_assert_int_eq(kind->p50_ns, 100);
  ck_assert_int_eq(kind->longest_ns, 100);
  /* As far as it is known they are ordered by length, too. */
  const gint64 ids[] = {4, 1, 2, 3, 5};
  const gint64 lengths[] = {1000, 800, 300, 100, 100};
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
    const UnparkTaskRow *row = &table->rows[kind->first + i];
    ck_assert_int_eq(row->length_ns, lengths[i]);
    ck_assert_int_eq(unpark_task_row_finished(row), row->id == 3);
    ck_assert(row->id == ids[i]);
  }
  expect_tally(table, 1, 600, 200, 0, 0);
  expect_tally(table, 2, 100, 200, 0, 0);
  expect_tally(table, 4, 0, 0, 0, 0);
}
END_TEST

START_TEST(percentiles) {
  Made m = begin_made();
  for (gint64 i = 1; i <= 200; i++)
    add_task(&m, i, UNPARK_NONE, "t", 1, 0, i);
  g_autoptr(TestStore) made = made_finish(&m, 1000);
  g_autoptr(UnparkTaskTable) table = table_of(made->store, &everything);
  const UnparkTaskKind *kind = &table->kinds[0];
  ck_assert_int_eq(kind->total_ns, 200 * 201 / 2);
  ck_assert_int_eq(kind->p50_ns, 100);
  ck_assert_int_eq(kind->p95_ns, 190);
  ck_assert_int_eq(kind->p99_ns, 198);
  ck_assert_int_eq(kind->longest_ns, 200);
}
END_TEST

START_TEST(some) {
  Made m = begin_made();
  const gint64 goroutines[] = {2}, tasks[] = {1, 3};
  add_task(&m, 1, UNPARK_NONE, "a", 1, 0, 100);
  add_region(&m, 1, 1, "r", 10, 20, 0);
  add_task(&m, 2, UNPARK_NONE, "a", 1, 200, 300);
  add_region(&m, 2, 2, "r", 210, 230, 0);
  add_task(&m, 3, UNPARK_NONE, "b", 1, 400, 500);
  add_log(&m, 3, 2, 450, "x");
  add_task(&m, 4, 3, "b", 1, 600, UNPARK_NONE);
  g_autoptr(TestStore) made = made_finish(&m, 1000);
  UnparkTaskSpec spec = everything;
  spec.goroutines = goroutines;
  spec.n_goroutines = 1;
  g_autoptr(UnparkTaskTable) of_goroutine = table_of(made->store, &spec);
  ck_assert_uint_eq(of_goroutine->n_rows, 2);
  ck_assert_ptr_nonnull(unpark_task_table_find(of_goroutine, 2));
  ck_assert_ptr_nonnull(unpark_task_table_find(of_goroutine, 3));
  ck_assert_uint_eq(of_goroutine->n_regions, 1);
  ck_assert_int_eq(of_goroutine->regions[0].total_ns, 20);
  spec = everything;
  spec.tasks = tasks;
  spec.n_tasks = 2;
  g_autoptr(UnparkTaskTable) of_tasks = table_of(made->store, &spec);
  ck_assert_uint_eq(of_tasks->n_rows, 2);
  ck_assert_ptr_null(unpark_task_table_find(of_tasks, 2));
  spec = (UnparkTaskSpec){.from_ns = 250, .to_ns = 420};
  g_autoptr(UnparkTaskTable) of_time = table_of(made->store, &spec);
  ck_assert_uint_eq(of_time->n_rows, 2);
  ck_assert_int_eq(unpark_task_table_find(of_time, 2)->length_ns, 100);
  /* Its child begins later, and belongs to its tree nevertheless. */
  g_autoptr(UnparkTaskTrace) trace = unpark_task_trace_new(
      of_time, (guint32)(unpark_task_table_find(of_time, 3) - of_time->rows), NULL, NULL);
  ck_assert_uint_eq(trace->n_lines, 3);
  ck_assert_int_eq(trace->lines[2].task, 4);
}
END_TEST

/* ---- trees ------------------------------------------------------------------------------ */

/* "task order" and below it, by two blanks a level, "region pay G 1 10-20". */
static char *tree_text(const UnparkTaskTrace *trace) {
  static const char *const types[] = {"task", "region", "log"};
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < trace->n_lines; i++) {
    const UnparkTraceLine *line = &trace->lines[i];
    g_string_append_printf(text, "%*s%s %s G %d %d-%d%s\n", (int)line->depth * 2, "",
                           types[line->type], line->name, (int)line->goroutine, (int)line->from_ns,
                           (int)line->to_ns, line->lane == UNPARK_TRACE_NOBODY ? "" : " seen");
  }
  return g_string_free(text, FALSE);
}

static void expect_tree(TestStore *made, gint64 id, const char *expected) {
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkTaskTable) table = table_of(made->store, &everything);
  const UnparkTaskRow *row = unpark_task_table_find(table, id);
  g_autoptr(UnparkTaskTrace) trace =
      unpark_task_trace_new(table, (guint32)(row - table->rows), NULL, &error);
  ck_assert_msg(trace != NULL, "%s", error ? error->message : "");
  g_autofree char *got = tree_text(trace);
  g_autofree char *difference = test_compare_lines(expected, got);
  ck_assert_msg(difference == NULL, "%s", difference);
}

START_TEST(tree) {
  Made m = begin_made();
  add_task(&m, 1, UNPARK_NONE, "order", 1, 0, 500);
  add_region(&m, 1, 1, "second", 300, 400, 0);
  add_region(&m, 1, 1, "inner", 120, 180, 1);
  add_region(&m, 1, 1, "first", 100, 200, 0);
  add_region(&m, 1, 2, "beside", 110, 190, 0);
  add_log(&m, 1, 1, 150, "in inner");
  add_log(&m, 1, 2, 195, "in none");
  add_task(&m, 2, 1, "child", 1, 130, 170);
  add_region(&m, 2, 1, "of child", 140, 160, 2);
  add_region(&m, 1, 1, "after child", 172, 175, 2);
  add_task(&m, 3, 2, "grandchild", 2, 150, UNPARK_NONE);
  add_region(&m, 3, 1, "by another", 600, 700, 0);
  add_task(&m, 4, UNPARK_NONE, "stranger", 1, 0, 900);
  add_region(&m, 4, 1, "strange", 0, 500, 0);
  g_autoptr(TestStore) made = made_finish(&m, 1000);
  expect_tree(made, 1,
              "task order G 1 0-500 seen\n"
              "  region first G 1 100-200 seen\n"
              "    region inner G 1 120-180 seen\n"
              "      task child G 1 130-170 seen\n"
              "        region of child G 1 140-160 seen\n"
              "        task grandchild G 2 150-1000\n"
              "          region by another G 1 600-700 seen\n"
              "      log in inner G 1 150-150\n"
              "      region after child G 1 172-175 seen\n"
              "  region beside G 2 110-190 seen\n"
              "  log in none G 2 195-195\n"
              "  region second G 1 300-400 seen\n");
  expect_tree(made, 4,
              "task stranger G 1 0-900 seen\n"
              "  region strange G 1 0-500 seen\n");
}
END_TEST

/* Tasks that are their own ancestors, and more regions than are shown. */
START_TEST(hostile_trees) {
  Made m = begin_made();
  add_task(&m, 1, 2, "circle", 1, 0, 500);
  add_task(&m, 2, 1, "circle", 1, 0, 600);
  add_task(&m, 3, 3, "own parent", 1, 0, 500);
  add_task(&m, 3, 3, "twice", 1, 0, 500);
  add_task(&m, 4, UNPARK_NONE, "full", 1, 0, 1000);
  for (gint64 i = 0; i < UNPARK_TRACE_LINES; i++)
    add_region(&m, 4, 1, "r", 500, 500, i);
  g_autoptr(TestStore) made = made_finish(&m, 1000);
  expect_tree(made, 1, "task circle G 1 0-500 seen\n  task circle G 1 0-600 seen\n");
  expect_tree(made, 3, "task own parent G 1 0-500 seen\n");
  g_autoptr(UnparkTaskTable) table = table_of(made->store, &everything);
  const UnparkTaskRow *row = unpark_task_table_find(table, 4);
  g_autoptr(UnparkTaskTrace) trace =
      unpark_task_trace_new(table, (guint32)(row - table->rows), NULL, NULL);
  ck_assert_uint_eq(trace->n_lines, UNPARK_TRACE_LINES);
  ck_assert_uint_eq(trace->n_left_out, 1);
}
END_TEST

/* ---- recorded --------------------------------------------------------------------------- */

static const char *const recorded[] = {"sample.trace", "expected/go1.27/annotations.trace",
                                       "expected/go1.19/annotations.trace",
                                       "gotests/go122-annotations-stress.trace"};

static TestStore *import(const char *name) {
  g_autoptr(GError) error = NULL;
  g_autofree char *plain = g_build_filename(UNPARK_TEST_DATA, name, NULL);
  g_autofree char *path = test_find_packed(plain);
  TestStore *store = test_import(path ? path : plain, &error);
  ck_assert_msg(store != NULL, "%s: %s", name, error ? error->message : "");
  return store;
}

/* The stretches that count, as model/tables/task-table.h says it. */
#define STRETCHES                                                                                  \
  "WITH d AS (SELECT duration_ns AS d FROM source), "                                              \
  "s AS (SELECT r.task, r.goroutine, coalesce(r.start_ns, 0) AS a, coalesce(r.end_ns, d) AS b "    \
  "FROM region r, d WHERE r.task IN (SELECT id FROM task) UNION ALL "                              \
  "SELECT t.id, t.goroutine, coalesce(t.start_ns, 0), coalesce(t.end_ns, d) FROM task t, d "       \
  "WHERE EXISTS (SELECT 1 FROM region r WHERE r.task = t.id AND r.goroutine = t.goroutine) "       \
  "OR NOT EXISTS (SELECT 1 FROM region r WHERE r.task = t.id)), "                                  \
  "e AS (SELECT *, max(b) OVER (PARTITION BY task, goroutine ORDER BY a, b ROWS BETWEEN "          \
  "UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM s), "                                       \
  "u AS (SELECT task, goroutine, max(a, coalesce(before, a)) AS a, b FROM e "                      \
  "WHERE before IS NULL OR b > before) "

START_TEST(equals_sql) {
  g_autoptr(TestStore) store = import(recorded[_i]);
  g_autoptr(UnparkTaskTable) table = table_of(store->store, &everything);
  static const char *const states[] = {"running", "runnable", "waiting", "syscall"};
  ck_assert_int_eq(table->n_rows, test_value(store, "SELECT count(*) FROM task"));
  ck_assert_int_eq(table->n_kinds, test_value(store, "SELECT count(DISTINCT name) FROM task"));
  for (guint k = 0; k < table->n_kinds; k++) {
    const UnparkTaskKind *kind = &table->kinds[k];
    const char *name = kind->name;
    ck_assert_int_eq(kind->count,
                     test_value(store, "SELECT count(*) FROM task WHERE name = '%s'", name));
    ck_assert_int_eq(kind->n_unfinished,
                     test_value(store,
                                "SELECT count(*) FROM task WHERE name = '%s' AND "
                                "(start_ns IS NULL OR end_ns IS NULL)",
                                name));
    ck_assert_int_eq(
        kind->total_ns,
        test_value(store, "SELECT sum(end_ns - start_ns) FROM task WHERE name = '%s'", name));
    ck_assert_int_eq(
        kind->p95_ns,
        test_value(store,
                   "WITH l AS (SELECT end_ns - start_ns AS l FROM task WHERE name = '%s' AND "
                   "end_ns - start_ns IS NOT NULL) SELECT l FROM l ORDER BY l LIMIT 1 OFFSET "
                   "(SELECT max((count(*) * 95 + 99) / 100 - 1, 0) FROM l)",
                   name));
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      ck_assert_int_eq(
          table->states->kinds[k].state_ns[s],
          test_value(store,
                     STRETCHES
                     "SELECT sum(min(p.end_ns, u.b) - max(p.start_ns, u.a)) FROM u JOIN task t ON "
                     "t.id = u.task JOIN span p ON p.goroutine = u.goroutine "
                     "WHERE t.name = '%s' AND p.state = '%s' AND p.start_ns < u.b AND "
                     "p.end_ns > u.a",
                     name, states[s]));
    for (guint r = kind->first_region; r < kind->first_region + kind->n_regions; r++)
      ck_assert_int_eq(
          table->regions[r].total_ns,
          test_value(store,
                     "SELECT sum(r.end_ns - r.start_ns) FROM region r JOIN task t ON t.id = r.task "
                     "WHERE t.name = '%s' AND r.name = '%s'",
                     name, table->regions[r].name));
  }
  for (guint i = 0; i < MIN(table->n_rows, 20); i++)
    ck_assert_int_eq(
        table->rows[i].n_goroutines,
        test_value(store,
                   "SELECT count(*) FROM (SELECT goroutine FROM task WHERE id = %ld UNION SELECT "
                   "goroutine FROM region WHERE task = %ld UNION SELECT goroutine FROM log WHERE "
                   "task = %ld)",
                   (long)table->rows[i].id, (long)table->rows[i].id, (long)table->rows[i].id));
}
END_TEST

START_TEST(every_tree) {
  g_autoptr(TestStore) store = import(recorded[_i]);
  g_autoptr(UnparkTaskTable) table = table_of(store->store, &everything);
  for (guint32 i = 0; i < table->n_rows; i++) {
    g_autoptr(UnparkTaskTrace) trace = unpark_task_trace_new(table, i, NULL, NULL);
    guint regions = 0, logs = 0;
    ck_assert_ptr_nonnull(trace);
    ck_assert_int_eq(trace->lines[0].task, table->rows[i].id);
    for (guint l = 0; l < trace->n_lines; l++) {
      const UnparkTraceLine *line = &trace->lines[l];
      ck_assert_uint_le(line->depth, l == 0 ? 0 : trace->lines[l - 1].depth + 1);
      ck_assert_int_le(line->from_ns, line->to_ns);
      ck_assert(line->lane == UNPARK_TRACE_NOBODY || line->lane < trace->n_lanes);
      regions += line->type == UNPARK_TRACE_REGION && line->task == table->rows[i].id;
      logs += line->type == UNPARK_TRACE_LOG && line->task == table->rows[i].id;
    }
    ck_assert_uint_eq(regions, table->rows[i].n_regions);
    ck_assert_uint_eq(logs, table->rows[i].n_logs);
  }
}
END_TEST

START_TEST(cancelled) {
  g_autoptr(TestStore) store = import(recorded[0]);
  g_autoptr(UnparkTaskTable) table = unpark_task_table_new(store->store, &everything, NULL, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  GError *error = NULL;
  ck_assert_ptr_null(unpark_task_table_states(table));
  g_cancellable_cancel(cancellable);
  ck_assert(!unpark_task_table_count(table, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error(&error);
  ck_assert_ptr_null(unpark_task_table_new(store->store, &everything, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error(&error);
  ck_assert_ptr_null(unpark_task_trace_new(table, 0, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error(&error);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("task-table");
  TCase *tcase = tcase_create("tasks");
  tcase_add_test(tcase, whose_time_counts);
  tcase_add_test(tcase, typical);
  tcase_add_test(tcase, unfinished);
  tcase_add_test(tcase, percentiles);
  tcase_add_test(tcase, some);
  tcase_add_test(tcase, tree);
  tcase_add_test(tcase, hostile_trees);
  tcase_add_loop_test(tcase, equals_sql, 0, G_N_ELEMENTS(recorded));
  tcase_add_loop_test(tcase, every_tree, 0, G_N_ELEMENTS(recorded));
  tcase_add_test(tcase, cancelled);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
