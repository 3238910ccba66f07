/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of distributed traces: every format of the same spans gives the same, whatever is wrong in
 * a file is said and costs nothing else, and what follows from all spans is right. */
#include <check.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/error.h"
#include "tests/support.h"

/* ---- The same spans in every format ------------------------------------------------------- */

/* What the microseconds of Jaeger and Zipkin leave out does not count. */
static const char counts[] =
    "SELECT count(*), count(DISTINCT trace_id), sum(status = 'error'), sum(parent_span_id IS "
    "NULL), "
    "sum(parent IS NULL AND parent_span_id IS NOT NULL), (SELECT count(*) FROM trace_span_event), "
    "(SELECT group_concat(service || ' ' || name || ' ' || n || ' ' || kinds) FROM (SELECT "
    "service, "
    "name, count(*) AS n, group_concat(DISTINCT kind) AS kinds FROM trace_span GROUP BY 1, 2)), "
    "(SELECT group_concat(coalesce(caller, '') || '>' || coalesce(callee, '') || ' ' || name || ' "
    "' "
    "|| calls || ' ' || joined || ' ' || lost || ' ' || orphans) FROM service_hop) FROM trace_span";

static const char shop_counts[] =
    "35\t5\t2\t5\t0\t7\t"
    "gateway GET /order 3 client,gateway POST /buy 3 server,order GET /reserve 6 client,"
    "order order 3 server,order price 3 internal,stock SELECT stock 5 client,"
    "stock lock 6 internal,stock reserve 6 server\t"
    "gateway>order GET /order 3 3 0 0,order>stock GET /reserve 6 4 2 0,stock> SELECT stock 5 0 0 "
    "0\n";

static const char *const shop_files[] = {"shop.otlp.json", "shop.tempo.json", "shop.jaeger.json",
                                         "shop.zipkin.json", "shop.spans.json"};

static TestStore *import(const char *name) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, "spans", name, NULL);
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import(path, &error);

  ck_assert_msg(store != NULL, "%s: %s", path, error ? error->message : "");
  return store;
}

static char *ask(TestStore *store, const char *sql) {
  g_autoptr(GError) error = NULL;
  GString *rows = test_query(store->store, sql, &error);

  ck_assert_msg(rows != NULL, "%s: %s", sql, error ? error->message : "");
  return g_string_free(rows, FALSE);
}

START_TEST(formats_agree) {
  g_autoptr(TestStore) store = import(shop_files[_i]);
  g_autofree char *rows = ask(store, counts);

  ck_assert_str_eq(rows, shop_counts);
  ck_assert(unpark_store_source(store->store)->complete);
  /* Only the program itself says how many children there were. */
  ck_assert_int_eq(
      test_value(store, "SELECT sum(max(children_made - children, 0)) FROM trace_span"),
      _i == 4 ? 1 : 0);
}
END_TEST

/* Every table, of the JavaScript serializers' files. */
static char *whole(TestStore *store) {
  static const char *const tables[] = {
      "SELECT trace_id, span_id, parent_span_id, service, host, process, name, kind, start_ns, "
      "end_ns, self_ns, critical_ns, status, message FROM trace_span ORDER BY 1, 2",
      "SELECT span_id, scope, item, key, text, number FROM trace_span JOIN trace_span_attribute ON "
      "span = id ORDER BY 1, 2, 3, 4",
      "SELECT span_id, time_ns, e.name FROM trace_span JOIN trace_span_event e ON span = id ORDER "
      "BY "
      "1, 2",
      "SELECT s.span_id, l.trace_id, l.span_id FROM trace_span s JOIN trace_span_link l ON span = "
      "id "
      "ORDER BY 1, 2, 3"};
  GString *all = g_string_new(NULL);

  for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autofree char *rows = ask(store, tables[i]);
    g_string_append(all, rows);
  }
  return g_string_free(all, FALSE);
}

START_TEST(serializers_agree) {
  static const char *const files[] = {"js.otlp.pb", "js.otlp.framed.pb"};
  g_autoptr(TestStore) json = import("js.otlp.json");
  g_autoptr(TestStore) other = import(files[_i]);
  g_autofree char *expected = whole(json), *got = whole(other);
  g_autofree char *difference = test_compare_lines(expected, got);

  ck_assert_msg(difference == NULL, "%s: %s", files[_i], difference);
}
END_TEST

/* ---- What is recorded beside the project -------------------------------------------------- */

static gint64 number_at(struct json_object *object, const char *key) {
  return json_object_get_int64(json_object_object_get(object, key));
}

static void check_names(TestStore *store, struct json_object *names, gint64 rounding) {
  json_object_object_foreach(names, key, expected) {
    g_autofree char *total = g_strdup_printf(
        "SELECT sum(duration_ns) FROM trace_span WHERE service || ' ' || name = '%s'", key);
    gint64 n = test_value(
        store, "SELECT count(*) FROM trace_span WHERE service || ' ' || name = '%s'", key);
    ck_assert_int_eq(n, number_at(expected, "count"));
    ck_assert_int_le(ABS(test_value(store, "%s", total) - number_at(expected, "total_ns")),
                     rounding * n);
  }
}

static void check_hops(TestStore *store, struct json_object *hops) {
  json_object_object_foreach(hops, key, expected) {
    ck_assert_int_eq(
        test_value(store, "SELECT calls FROM service_hop WHERE caller || ' ' || name = '%s'", key),
        number_at(expected, "calls"));
    ck_assert_int_eq(
        test_value(store, "SELECT joined FROM service_hop WHERE caller || ' ' || name = '%s'", key),
        number_at(expected, "joined"));
  }
}

/* What the service says it did to the context. */
static gint64 did(const char *folder, const char *service, const char *what) {
  g_autofree char *name = g_strconcat(service, ".did.json", NULL);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  struct json_object *object = json_object_from_file(path);
  gint64 n = number_at(object, what);

  json_object_put(object);
  return n;
}

START_TEST(recorded_spans) {
  static const char *const files[] = {"all.otlp.json", "all.otlp.jsonl", "all.tempo.json",
                                      "all.jaeger.json", "all.zipkin.json"};
  g_autofree char *folder = test_shared_path("spans/shop");
  g_autofree char *truth = test_shared_path("expected-spans/shop.json");
  g_autofree char *path = folder ? g_build_filename(folder, files[_i], NULL) : NULL;
  struct json_object *expected = truth ? json_object_from_file(truth) : NULL;
  g_autoptr(TestStore) store = NULL;

  if (!expected || !g_file_test(path, G_FILE_TEST_EXISTS))
    return;
  store = test_import(path, NULL);
  ck_assert(store != NULL);
  ck_assert_int_eq(test_value(store, "SELECT count(*) FROM trace_span"),
                   number_at(expected, "spans"));
  ck_assert_int_eq(test_value(store, "SELECT count(DISTINCT trace_id) FROM trace_span"),
                   number_at(expected, "traces"));
  ck_assert_int_eq(test_value(store, "SELECT count(*) FROM trace_span WHERE status = 'error'"),
                   number_at(expected, "errors"));
  ck_assert_int_eq(test_value(store, "SELECT count(*) FROM trace_span_event"),
                   number_at(expected, "events"));
  ck_assert_int_eq(test_value(store, "SELECT sum(lost) FROM service_hop"),
                   did(folder, "order", "Lost") + did(folder, "gateway", "Lost"));
  check_names(store, json_object_object_get(expected, "names"), _i >= 3 ? 1000 : 0);
  check_hops(store, json_object_object_get(expected, "client_spans_with_a_server_below"));
  json_object_put(expected);
}
END_TEST

START_TEST(recorded_lines_are_one_trace) {
  g_autofree char *folder = test_shared_path("spans/shop");
  g_autofree char *gateway = g_build_filename(folder ? folder : "", "gateway.spans.json", NULL);
  g_autofree char *order = g_build_filename(folder ? folder : "", "order.spans.json", NULL);
  g_autofree char *stock = g_build_filename(folder ? folder : "", "stock.spans.json", NULL);
  g_autofree char *out = NULL, *err = NULL, *expected = NULL;

  if (!g_file_test(stock, G_FILE_TEST_EXISTS))
    return;
  ck_assert_int_eq(
      test_run_cli(NULL, &out, &err, "query", gateway, order, stock,
                   "SELECT count(*), sum(max(children_made - children, 0)), sum(parent "
                   "IS NULL), (SELECT sum(lost) FROM service_hop) FROM trace_span",
                   NULL),
      0);
  expected = g_strdup_printf("1939\t%" G_GINT64_FORMAT "\t260\t%" G_GINT64_FORMAT "\n",
                             did(folder, "stock", "Dropped"), did(folder, "order", "Lost"));
  ck_assert_str_eq(out, expected);
}
END_TEST

/* ---- What follows from all spans ---------------------------------------------------------- */

#define CALLED(id, name, parent, kind, from, to)                                                   \
  "{\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"spanId\":\"000000000000000" id              \
  "\",\"parentSpanId\":\"" parent "\",\"name\":\"" name "\",\"kind\":" kind                        \
  ",\"startTimeUnixNano\":\"1700000000000000" from "\",\"endTimeUnixNano\":\"1700000000000000" to  \
  "\"}"
#define SPAN(id, parent, kind, from, to) CALLED(id, id, parent, kind, from, to)
#define FILE_OF(spans)                                                                             \
  "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{"       \
  "\"stringValue\":\"a\"}}]},\"scopeSpans\":[{\"spans\":[" spans "]}]}]}"

static TestStore *import_text(const char *text) {
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import_bytes(text, strlen(text), &error);

  ck_assert_msg(store != NULL, "%s: %s", text, error ? error->message : "");
  return store;
}

static const struct {
  const char *what, *text, *rows; /* name, self, critical */
} paths[] = {
    {"a child in the middle",
     FILE_OF(SPAN("1", "", "2", "000", "100") "," SPAN("2", "0000000000000001", "1", "020", "070")),
     "1 50 50,2 50 50"},
    {"two at once: the later end counts",
     FILE_OF(SPAN("1", "", "2", "000", "100") "," SPAN("2", "0000000000000001", "1", "010",
                                                       "060") "," SPAN("3", "0000000000000001", "1",
                                                                       "030", "090")),
     "1 20 40,2 50 0,3 60 60"},
    {"one behind the other",
     FILE_OF(SPAN("1", "", "2", "000", "100") "," SPAN("2", "0000000000000001", "1", "010",
                                                       "040") "," SPAN("3", "0000000000000001", "1",
                                                                       "050", "090")),
     "1 30 30,2 30 30,3 40 40"},
    {"a child that outlasts its parent is clipped",
     FILE_OF(SPAN("1", "", "2", "000", "050") "," SPAN("2", "0000000000000001", "1", "020", "090")),
     "1 20 20,2 70 30"},
    {"nobody waits for a consumer",
     FILE_OF(SPAN("1", "", "2", "000", "050") "," SPAN("2", "0000000000000001", "5", "020", "090")),
     "1 20 50,2 70 70"},
    {"parents in a circle",
     FILE_OF(SPAN("1", "0000000000000002", "1", "000", "050") "," SPAN("2", "0000000000000001", "1",
                                                                       "010", "040")),
     "1 50 30,2 0 0"},
    {"a parent of its own", FILE_OF(SPAN("1", "0000000000000001", "1", "000", "050")), "1 50 50"},
};

START_TEST(critical_path) {
  g_autoptr(TestStore) store = import_text(paths[_i].text);
  g_autofree char *rows = ask(store, "SELECT group_concat(name || ' ' || self_ns || ' ' || "
                                     "critical_ns) FROM (SELECT * FROM trace_span ORDER BY name)");

  g_strchomp(rows);
  ck_assert_msg(strcmp(rows, paths[_i].rows) == 0, "%s: %s instead of %s", paths[_i].what, rows,
                paths[_i].rows);
}
END_TEST

/* With "shared" the server's half has the client's id, and is its child. */
START_TEST(zipkin_halves) {
  g_autoptr(TestStore) store = import_text(
      "[[{\"traceId\":\"1\",\"id\":\"a\",\"name\":\"root\",\"kind\":\"SERVER\",\"timestamp\":"
      "1700000000000000,\"duration\":90,\"localEndpoint\":{\"serviceName\":\"front\"}},"
      "{\"traceId\":\"1\",\"id\":\"b\",\"parentId\":\"a\",\"name\":\"call\",\"kind\":\"CLIENT\","
      "\"timestamp\":1700000000000010,\"duration\":50,\"localEndpoint\":{\"serviceName\":\"front\"}"
      "},"
      "{\"traceId\":\"1\",\"id\":\"b\",\"parentId\":\"a\",\"name\":\"serve\",\"kind\":\"SERVER\","
      "\"shared\":true,\"timestamp\":1700000000000020,\"duration\":30,\"localEndpoint\":{"
      "\"serviceName\":\"back\"}},{\"traceId\":\"1\",\"id\":\"c\",\"parentId\":\"b\",\"name\":"
      "\"work\",\"timestamp\":1700000000000030,\"duration\":10,\"localEndpoint\":{\"serviceName\":"
      "\"back\"}}]]");
  g_autofree char *rows = ask(
      store, "SELECT group_concat(s.name || '<' || coalesce(p.name, '')) FROM trace_span s LEFT "
             "JOIN trace_span p ON p.id = s.parent");
  g_autofree char *hop =
      ask(store, "SELECT caller, callee, calls, joined, trace_id FROM service_hop, "
                 "(SELECT trace_id FROM trace_span LIMIT 1)");

  ck_assert_str_eq(rows, "root<,call<root,serve<call,work<serve\n");
  ck_assert_str_eq(hop, "front\tback\t1\t1\t0000000000000001\n");
}
END_TEST

/* Jaeger's processes stand behind the spans; ids have no leading zeros; types mend values. */
START_TEST(jaeger_details) {
  g_autoptr(TestStore) store = import_text(
      "{\"data\":[{\"traceID\":\"abc\",\"spans\":[{\"traceID\":\"abc\",\"spanID\":\"1\","
      "\"operationName\":\"old\",\"parentSpanID\":\"9\",\"startTime\":1700000000000000,"
      "\"duration\":5,"
      "\"tags\":[{\"key\":\"n\",\"type\":\"int64\",\"value\":\"42\"},{\"key\":\"error\",\"type\":"
      "\"string\",\"value\":\"true\"}],\"logs\":[{\"timestamp\":1700000000000001,\"fields\":[{"
      "\"key\":"
      "\"event\",\"value\":\"retry\"},{\"key\":\"n\",\"type\":\"int64\",\"value\":2}]}],"
      "\"processID\":"
      "\"p1\"},{\"traceID\":\"abc\",\"spanID\":\"2\",\"operationName\":\"new\",\"references\":["
      "{\"refType\":\"FOLLOWS_FROM\",\"traceID\":\"abc\",\"spanID\":\"7\"},{\"refType\":\"CHILD_"
      "OF\","
      "\"traceID\":\"abc\",\"spanID\":\"1\"}],\"startTime\":1700000000000001,\"duration\":2,"
      "\"processID\":\"p1\"}],\"processes\":{\"p1\":{\"serviceName\":\"late\",\"tags\":[{\"key\":"
      "\"hostname\",\"value\":\"h\"},{\"key\":\"process.pid\",\"type\":\"int64\",\"value\":7}]}}}]"
      "}");
  g_autofree char *rows =
      ask(store, "SELECT span_id, parent_span_id, parent, service, host, process, "
                 "status, kind FROM trace_span");
  g_autofree char *attributes = ask(
      store, "SELECT scope, key, text, number, item FROM trace_span_attribute WHERE span = 1 AND "
             "scope <> 'resource'");
  g_autofree char *link = ask(store, "SELECT span, span_id FROM trace_span_link");

  ck_assert_str_eq(rows, "0000000000000001\t0000000000000009\t\tlate\th\t7\terror\tunspecified\n"
                         "0000000000000002\t0000000000000001\t1\tlate\th\t7\tunset\tunspecified\n");
  ck_assert_str_eq(attributes, "span\tn\t42\t42\t\nevent\tn\t2\t2\t1\n");
  ck_assert_str_eq(link, "2\t0000000000000007\n");
}
END_TEST

/* ---- What is wrong in a file -------------------------------------------------------------- */

#define GOOD SPAN("1", "", "2", "000", "100")
#define LINE(id) FILE_OF(SPAN(id, "", "2", "000", "100")) "\n"

static const struct {
  const char *text;
  gint64 spans;
  const char *note; /* NULL: none above "info", and the file is complete */
} faults[] = {
    {LINE("1") LINE("2"), 2, NULL},
    {LINE("1") "{\"resourceLogs\":[{}]}\n" LINE("2"), 2, NULL},
    {"[" FILE_OF(GOOD) ",{\"resourceMetrics\":[]}]", 1, NULL},
    {LINE("1") "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"cu\n" LINE("2"), 2,
     "not-json"},
    {LINE("1") "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[\n" LINE("2"), 2, "not-json"},
    {LINE("1") "nonsense\n" LINE("2"), 2, "not-a-span"},
    {"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" GOOD "," GOOD ",{\"na", 2, "not-json"},
    {FILE_OF(GOOD ",7"), 1, "not-a-span"},
    {FILE_OF(GOOD ",{\"traceId\":\"0\",\"spanId\":\"1\"}"), 1, "bad-span-id"},
    {FILE_OF(GOOD ",{\"traceId\":\"xy\",\"spanId\":\"1\"}"), 1, "bad-span-id"},
    {FILE_OF(GOOD ",{\"traceId\":\"1\",\"spanId\":\"1\"}"), 1, "bad-span-start"},
    {FILE_OF(GOOD
             ",{\"traceId\":\"1\",\"spanId\":\"1\",\"startTimeUnixNano\":\"1700000000000000000\"}"),
     2, "span-without-end"},
    {FILE_OF(SPAN("1", "", "2", "100", "000")), 1, "backward-span"},
    {FILE_OF(SPAN("1", "zz", "2", "000", "100")), 1, "bad-parent-id"},
    {FILE_OF(SPAN("1", "", "99", "000", "100")), 1, "bad-value"},
    {FILE_OF(SPAN("1", "", "\"SPAN_KIND_CLIENT\"", "000", "100")), 1, NULL},
    {FILE_OF("{\"traceId\":\"1\",\"spanId\":\"1\",\"startTimeUnixNano\":1,\"endTimeUnixNano\":"
             "18446744073709551615}"),
     1, "time-out-of-range"},
    {FILE_OF("{\"traceId\":\"1\",\"spanId\":\"1\",\"startTimeUnixNano\":1.7e18,\"endTimeUnixNano\":"
             "\"1700000000000000001\",\"new\":{\"field\":[1,{}]}}"),
     1, NULL},
};

START_TEST(faults_are_said) {
  g_autoptr(TestStore) store = import_text(faults[_i].text);
  g_autofree char *notes =
      ask(store, "SELECT group_concat(name) FROM import_note WHERE severity <> 'info'");

  g_strchomp(notes);
  ck_assert_msg(test_value(store, "SELECT count(*) FROM trace_span") == faults[_i].spans,
                "%s: not %d spans", faults[_i].text, (int)faults[_i].spans);
  ck_assert_msg(strcmp(notes, faults[_i].note ? faults[_i].note : "") == 0, "%s: %s",
                faults[_i].text, notes);
  ck_assert_int_eq(unpark_store_source(store->store)->complete, faults[_i].note == NULL);
}
END_TEST

START_TEST(no_spans_is_an_error) {
  static const char text[] = "{\"resourceLogs\":[]}\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import_bytes(text, sizeof text - 1, &error);

  ck_assert(store == NULL);
  ck_assert_msg(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_CORRUPT) &&
                    strstr(error->message, "no spans"),
                "%s", error->message);
}
END_TEST

/* ---- Sampling ----------------------------------------------------------------------------- */

static const struct {
  const char *state;
  double count; /* 0: not known */
} states[] = {
    {"ot=th:8", 2},
    {"ot=th:c", 4},
    {"ot=th:0", 1},
    {"ot=th:fffffffffffff0", 4503599627370496.0},
    {"vendor=a,ot=rv:123456789abcde;th:c,other=b", 4},
    {"ot=p:3;r:9", 8},
    {"ot=p:8;th:8", 2},
    {"ot=p:63", 0},
    {"ot=th:", 0},
    {"ot=th:123456789abcdef", 0},
    {"ot=th:xy", 0},
    {"got=th:8", 0},
    {"", 0},
};

START_TEST(tracestate_tells_the_count) {
  g_autofree char *text = g_strdup_printf(
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"1\",\"spanId\":\"1\","
      "\"startTimeUnixNano\":\"1700000000000000000\",\"endTimeUnixNano\":\"1700000000000000001\","
      "\"traceState\":\"%s\"}]}]}]}",
      states[_i].state);
  g_autoptr(TestStore) store = import_text(text);
  g_autofree char *known = ask(store, "SELECT adjusted_count IS NOT NULL FROM trace_span");

  ck_assert_msg((known[0] == '1') == (states[_i].count > 0), "%s", states[_i].state);
  if (states[_i].count > 0)
    ck_assert_msg(test_value(store, "SELECT CAST(adjusted_count AS INTEGER) FROM trace_span") ==
                      (gint64)states[_i].count,
                  "%s", states[_i].state);
}
END_TEST

/* ---- The command -------------------------------------------------------------------------- */

static struct json_object *run_spans(const char *file, const char *by) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, "spans", file, NULL);
  g_autofree char *out = NULL, *err = NULL;
  struct json_object *answer;

  ck_assert_int_eq(test_run_cli(NULL, &out, &err, "spans", path, "--no-cache", "--by", by,
                                "--format", "json", NULL),
                   0);
  answer = json_tokener_parse(out);
  ck_assert_msg(answer != NULL, "%s", out);
  return answer;
}

static struct json_object *at(struct json_object *answer, const char *array, guint i) {
  return json_object_array_get_idx(json_object_object_get(answer, array), i);
}

START_TEST(command_lists) {
  static const struct {
    const char *by, *text;
    const char *number;
    gint64 value;
  } first[] = {{"request", "POST /buy", "count", 3},
               {"service", "", "count", 6},
               {"operation", "GET /reserve", "count", 6},
               {"hop", "GET /order", "joined", 3}};
  struct json_object *answer = run_spans("shop.otlp.json", first[_i].by);
  struct json_object *row = at(answer, "rows", 0), *finding = at(answer, "findings", 0);

  ck_assert_str_eq(json_object_get_string(json_object_object_get(row, "name")), first[_i].text);
  ck_assert_int_eq(number_at(row, first[_i].number), first[_i].value);
  ck_assert_str_eq(json_object_get_string(json_object_object_get(finding, "kind")), "lost-context");
  ck_assert_int_eq(number_at(finding, "count"), 2);
  ck_assert_int_eq(number_at(finding, "of"), 6);
  ck_assert_int_eq(json_object_array_length(json_object_object_get(finding, "examples")), 1);
  json_object_put(answer);
}
END_TEST

/* Only the program itself says that it made more. */
START_TEST(command_finds_missing_spans) {
  struct json_object *answer = run_spans("shop.spans.json", "request");
  struct json_object *finding = at(answer, "findings", 1);

  ck_assert_str_eq(json_object_get_string(json_object_object_get(finding, "kind")),
                   "missing-children");
  ck_assert_int_eq(number_at(finding, "count"), 1);
  json_object_put(answer);
}
END_TEST

static gboolean finds(TestStore *store, const char *kind) {
  g_autofree char *out = NULL, *err = NULL;

  ck_assert_int_eq(test_run_cli(NULL, &out, &err, "spans", store->path, "--format", "json", NULL),
                   0);
  return strstr(out, kind) != NULL;
}

#define OF(service, host, spans)                                                                   \
  "{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"" service \
  "\"}},{\"key\":\"host.name\",\"value\":{\"stringValue\":\"" host                                 \
  "\"}}]},\"scopeSpans\":[{\"spans\":[" spans "]}]}"

static const struct {
  const char *kind, *text;
} found[] = {
    {"\"orphans\"", FILE_OF(SPAN("1", "00000000000000ff", "2", "000", "100"))},
    {"\"many-roots\"",
     FILE_OF(SPAN("1", "", "2", "000", "100") "," SPAN("2", "", "2", "000", "100"))},
    {"\"short-ids\"",
     FILE_OF(SPAN("1", "", "2", "000",
                  "100") ",{\"traceId\":\"8448eb211c80319c\",\"spanId\":"
                         "\"2\",\"startTimeUnixNano\":\"1700000000000000000\",\"endTimeUnixNano\":"
                         "\"1700000000000000001\"}")},
    {"\"skew\"", "{\"resourceSpans\":[" OF("a", "h1", SPAN("1", "", "3", "050", "100")) "," OF(
                     "b", "h2", SPAN("2", "0000000000000001", "2", "020", "070")) "]}"},
    {"\"sampling\"",
     "{\"resourceSpans\":[" OF("a", "h",
                               "{\"traceState\":\"ot=th:8\",\"traceId\":\"7\",\"spanId\":\"1\","
                               "\"startTimeUnixNano\":\"1700000000000000000\",\"endTimeUnixNano\":"
                               "\"1700000000000000009\"}") "," OF("b", "h",
                                                                  "{\"traceState\":\"ot=th:c\","
                                                                  "\"traceId\":\"7\",\"spanId\":"
                                                                  "\"2\",\"parentSpanId\":\"1\","
                                                                  "\"startTimeUnixNano\":"
                                                                  "\"1700000000000000000\","
                                                                  "\"endTimeUnixNano\":"
                                                                  "\"1700000000000000009\"}") "]}"},
    {"\"not-joined\"",
     "{\"resourceSpans\":[" OF(
         "a", "h",
         CALLED("1", "x", "", "3", "000", "100") "," CALLED(
             "3", "x", "", "3", "000",
             "100")) "," OF("b", "h", SPAN("2", "0000000000000001", "2", "020", "070")) "]}"},
};

/* Each is found where it is, and nowhere else. */
START_TEST(command_finds) {
  for (guint i = 0; i < G_N_ELEMENTS(found); i++) {
    g_autoptr(TestStore) store = import_text(found[i].text);
    ck_assert_msg(finds(store, found[_i].kind) == (i == (guint)_i || (i == 5 && _i == 1)),
                  "%s in %s", found[_i].kind, found[i].text);
  }
}
END_TEST

START_TEST(command_writes_markdown) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, "spans/shop.otlp.json", NULL);
  g_autofree char *out = NULL, *err = NULL;

  ck_assert_int_eq(
      test_run_cli(NULL, &out, &err, "spans", path, "--by", "hop", "--format", "markdown", NULL),
      0);
  ck_assert_msg(strstr(out, "\n|---|---|---|---:|") != NULL, "%s", out);
  ck_assert_msg(strstr(out, "| order | stock | GET /reserve | 6 | 4 | 2 | 0 | 67 % |") != NULL,
                "%s", out);
}
END_TEST

START_TEST(command_refuses_others) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, "perf/stacks.folded", NULL);
  g_autofree char *out = NULL, *err = NULL;

  ck_assert_int_eq(test_run_cli(NULL, &out, &err, "spans", path, NULL), 1);
  ck_assert_msg(strstr(err, "no spans of distributed traces") != NULL, "%s", err);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("spans");
  TCase *tcase = tcase_create("spans");

  tcase_add_loop_test(tcase, formats_agree, 0, G_N_ELEMENTS(shop_files));
  tcase_add_loop_test(tcase, serializers_agree, 0, 2);
  tcase_add_loop_test(tcase, recorded_spans, 0, 5);
  tcase_add_test(tcase, recorded_lines_are_one_trace);
  tcase_add_loop_test(tcase, critical_path, 0, G_N_ELEMENTS(paths));
  tcase_add_test(tcase, zipkin_halves);
  tcase_add_test(tcase, jaeger_details);
  tcase_add_loop_test(tcase, faults_are_said, 0, G_N_ELEMENTS(faults));
  tcase_add_test(tcase, no_spans_is_an_error);
  tcase_add_loop_test(tcase, tracestate_tells_the_count, 0, G_N_ELEMENTS(states));
  tcase_add_loop_test(tcase, command_lists, 0, 4);
  tcase_add_test(tcase, command_finds_missing_spans);
  tcase_add_loop_test(tcase, command_finds, 0, G_N_ELEMENTS(found));
  tcase_add_test(tcase, command_writes_markdown);
  tcase_add_test(tcase, command_refuses_others);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
