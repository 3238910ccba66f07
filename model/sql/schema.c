/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/schema.h"

#include <glib/gi18n.h>

#define COLUMNS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* tests/test-sql-schema.c holds that these are the tables and columns that there are. */
static const UnparkSqlTableInfo tables[] = {
    {"source",
     COLUMNS("path", "importer", "format", "go_version", "start_wall_ns", "duration_ns",
             "byte_count", "event_count", "complete", "kind"),
     UNPARK_SOURCE_TRACE, TRUE},
    {"import_note", COLUMNS("severity", "name", "count", "detail"), UNPARK_SOURCE_TRACE, TRUE},
    {"process_source", COLUMNS("id", "path", "host", "pid", "offset_ns", "certainty"),
     UNPARK_SOURCE_TRACE, TRUE, TRUE},
    {"goroutine",
     COLUMNS("id", "name", "parent", "create_stack", "create_ns", "start_ns", "end_ns",
             "running_ns", "runnable_ns", "waiting_ns", "syscall_ns", "span_count", "system",
             "longest_wait_ns"),
     UNPARK_SOURCE_TRACE, FALSE},
    {"span",
     COLUMNS("goroutine", "start_ns", "end_ns", "duration_ns", "state", "reason", "stack", "proc",
             "thread", "waker", "waker_stack"),
     UNPARK_SOURCE_TRACE, FALSE},
    {"sched_latency", COLUMNS("goroutine", "start_ns", "duration_ns", "cause", "proc", "waker"),
     UNPARK_SOURCE_TRACE, FALSE},
    {"proc_span", COLUMNS("proc", "start_ns", "end_ns", "duration_ns", "goroutine", "thread"),
     UNPARK_SOURCE_TRACE, FALSE},
    {"thread_span", COLUMNS("thread", "start_ns", "end_ns", "duration_ns", "goroutine", "proc"),
     UNPARK_SOURCE_TRACE, FALSE},
    {"range", COLUMNS("name", "scope", "scope_id", "start_ns", "end_ns", "duration_ns", "stack"),
     UNPARK_SOURCE_TRACE, FALSE},
    {"metric", COLUMNS("name", "time_ns", "value"), UNPARK_SOURCE_TRACE, FALSE},
    {"task", COLUMNS("id", "parent", "name", "goroutine", "start_ns", "end_ns"),
     UNPARK_SOURCE_TRACE, FALSE},
    {"region", COLUMNS("task", "goroutine", "name", "start_ns", "end_ns", "depth"),
     UNPARK_SOURCE_TRACE, FALSE},
    {"log", COLUMNS("task", "goroutine", "time_ns", "category", "message"), UNPARK_SOURCE_TRACE,
     FALSE},
    {"cpu_sample", COLUMNS("time_ns", "goroutine", "proc", "thread", "stack"), UNPARK_SOURCE_TRACE,
     FALSE},
    {"goroutine_label", COLUMNS("goroutine", "time_ns", "label"), UNPARK_SOURCE_TRACE, FALSE},
    {"clock_snapshot", COLUMNS("time_ns", "mono_ns", "wall_ns"), UNPARK_SOURCE_TRACE, FALSE},
    {"profile",
     COLUMNS("id", "kind", "period", "period_type", "period_unit", "time_wall_ns", "duration_ns",
             "default_type"),
     UNPARK_SOURCE_PROFILE, FALSE},
    {"sample_type", COLUMNS("profile", "idx", "type", "unit"), UNPARK_SOURCE_PROFILE, FALSE},
    {"sample", COLUMNS("id", "profile", "stack"), UNPARK_SOURCE_PROFILE, FALSE},
    {"sample_value", COLUMNS("sample", "idx", "value"), UNPARK_SOURCE_PROFILE, FALSE},
    {"sample_label", COLUMNS("sample", "key", "text", "number", "unit"), UNPARK_SOURCE_PROFILE,
     FALSE},
    {"mapping", COLUMNS("profile", "id", "start", "limit", "offset", "file", "build_id"),
     UNPARK_SOURCE_PROFILE, FALSE},
    {"dump_goroutine",
     COLUMNS("id", "state", "wait_minutes", "locked_to_thread", "stack", "create_stack", "creator",
             "count"),
     UNPARK_SOURCE_DUMP, FALSE},
    {"race",
     COLUMNS("id", "kind", "address", "goroutine", "stack", "previous_kind", "previous_goroutine",
             "previous_stack", "goroutine_create_stack", "previous_create_stack"),
     UNPARK_SOURCE_RACE, FALSE},
    {"trace_span",
     COLUMNS("id", "trace_id", "span_id", "parent_span_id", "parent", "service", "host", "process",
             "name", "kind", "start_ns", "end_ns", "duration_ns", "self_ns", "critical_ns",
             "status", "message", "goroutine", "task", "certainty", "children", "children_made",
             "goroutine_source", "trace_state", "adjusted_count"),
     UNPARK_SOURCE_SPANS, FALSE},
    {"trace_span_attribute", COLUMNS("span", "scope", "key", "text", "number", "item"),
     UNPARK_SOURCE_SPANS, FALSE},
    {"trace_span_event", COLUMNS("span", "time_ns", "name"), UNPARK_SOURCE_SPANS, FALSE},
    {"trace_span_link", COLUMNS("span", "trace_id", "span_id"), UNPARK_SOURCE_SPANS, FALSE},
    {"service_hop",
     COLUMNS("caller", "callee", "name", "calls", "joined", "lost", "orphans", "low", "high"),
     UNPARK_SOURCE_SPANS, FALSE, TRUE},
    {"stack", COLUMNS("id", "depth"), UNPARK_SOURCE_TRACE, TRUE},
    {"stack_frame", COLUMNS("stack", "depth", "function", "file", "line", "inlined"),
     UNPARK_SOURCE_TRACE, TRUE},
};

static const UnparkSqlExample examples[] = {
    {N_("Longest waits and their wakers"),
     "SELECT s.goroutine, s.start_ns, s.duration_ns, s.reason, g.name, s.waker\n"
     "FROM span s JOIN goroutine g ON g.id = s.goroutine\n"
     "WHERE s.state = 'waiting' AND g.system = 0 AND s.waker IS NOT NULL\n"
     "ORDER BY s.duration_ns DESC LIMIT 100",
     UNPARK_SOURCE_TRACE},
    {N_("Time by state and reason"),
     "SELECT state, reason, count(*) AS spans, sum(duration_ns) AS total_ns,\n"
     "       max(duration_ns) AS longest_ns\n"
     "FROM span GROUP BY state, reason ORDER BY total_ns DESC",
     UNPARK_SOURCE_TRACE},
    {N_("Places with the most waiting time"),
     "SELECT f.function, f.line, s.reason, count(*) AS waits, sum(s.duration_ns) AS total_ns\n"
     "FROM span s JOIN stack_frame f ON f.stack = s.stack AND f.depth = 0\n"
     "WHERE s.state = 'waiting'\n"
     "GROUP BY f.function, f.line, s.reason ORDER BY total_ns DESC LIMIT 100",
     UNPARK_SOURCE_TRACE},
    {N_("Scheduling latency by cause"),
     "SELECT cause, count(*) AS times, avg(duration_ns) AS mean_ns, max(duration_ns) AS "
     "longest_ns\n"
     "FROM sched_latency GROUP BY cause ORDER BY longest_ns DESC",
     UNPARK_SOURCE_TRACE},
    {N_("Collections and stop-the-world"),
     "SELECT name, count(*) AS times, sum(duration_ns) AS total_ns, max(duration_ns) AS "
     "longest_ns\n"
     "FROM range GROUP BY name ORDER BY total_ns DESC",
     UNPARK_SOURCE_TRACE},
    {N_("Functions by self value"),
     "SELECT f.function, v.idx, sum(v.value) AS flat\n"
     "FROM sample s JOIN sample_value v ON v.sample = s.id\n"
     "JOIN stack_frame f ON f.stack = s.stack AND f.depth = 0\n"
     "GROUP BY f.function, v.idx ORDER BY v.idx, flat DESC LIMIT 100",
     UNPARK_SOURCE_PROFILE},
    {N_("Labels of samples"),
     "SELECT key, text, number, unit, count(*) AS samples\n"
     "FROM sample_label GROUP BY 1, 2, 3, 4 ORDER BY samples DESC",
     UNPARK_SOURCE_PROFILE},
    {N_("Goroutines by state"),
     "SELECT state, sum(count) AS goroutines, max(wait_minutes) AS longest_minutes\n"
     "FROM dump_goroutine GROUP BY state ORDER BY goroutines DESC",
     UNPARK_SOURCE_DUMP},
    {N_("Races by place"),
     "SELECT r.id, r.kind, f.function, f.file, f.line\n"
     "FROM race r JOIN stack_frame f ON f.stack = r.stack AND f.depth = 0",
     UNPARK_SOURCE_RACE},
    {N_("Slowest requests"),
     "SELECT id, trace_id, service, name, duration_ns, status\n"
     "FROM trace_span WHERE parent_span_id IS NULL\n"
     "ORDER BY duration_ns DESC LIMIT 100",
     UNPARK_SOURCE_SPANS},
    {N_("Time on the critical path by service and operation"),
     "SELECT service, name, count(*) AS spans, sum(critical_ns) AS critical_ns\n"
     "FROM trace_span GROUP BY service, name ORDER BY critical_ns DESC",
     UNPARK_SOURCE_SPANS},
    {N_("Hops between services that lose the context"),
     "SELECT caller, callee, name, calls, joined, lost, orphans\n"
     "FROM service_hop ORDER BY lost + orphans DESC",
     UNPARK_SOURCE_SPANS},
    {N_("Problems found in the file"), "SELECT severity, name, count, detail FROM import_note",
     UNPARK_SOURCE_TRACE},
};

const UnparkSqlTableInfo *unpark_sql_tables(guint *n) {
  *n = G_N_ELEMENTS(tables);
  return tables;
}

gboolean unpark_sql_table_is_of(const UnparkSqlTableInfo *table, UnparkSourceKind kind) {
  return table->always || table->kind == kind;
}

const UnparkSqlExample *unpark_sql_examples(guint *n) {
  *n = G_N_ELEMENTS(examples);
  return examples;
}
