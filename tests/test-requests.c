/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests, the search among their spans, and the rows of a waterfall. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/spans/requests.h"
#include "model/spans/search.h"
#include "tests/support.h"
#include "model/spans/services.h"
#include "ui/requests/layout.h"
#include "ui/services/layout.h"

typedef struct {
  TestStore *store;
  UnparkSources *sources;
  const UnparkTraces *traces;
} Opened;

static Opened opened_of(TestStore *store) {
  Opened o = {store, unpark_sources_of(store->store), NULL};
  o.traces = unpark_sources_traces(o.sources, NULL);
  ck_assert_ptr_nonnull(o.traces);
  return o;
}

static Opened open_shop(void) {
  TestStore *store = test_import(UNPARK_TEST_DATA "/spans/shop.otlp.json", NULL);
  ck_assert_ptr_nonnull(store);
  return opened_of(store);
}

static void opened_clear(Opened *o) {
  unpark_sources_unref(o->sources);
  test_store_free(o->store);
}

static UnparkRequests *requests_of(const Opened *o, const char *search,
                                   UnparkRequestStatus status) {
  const UnparkRequestSpec spec = {search, status};
  g_autoptr(GError) error = NULL;
  UnparkRequests *requests = unpark_requests_new(o->sources, &spec, NULL, &error);
  ck_assert_msg(requests != NULL, "%s", error ? error->message : "");
  return requests;
}

/* ---- Requests ----------------------------------------------------------------------------- */

START_TEST(kinds_are_counted) {
  Opened o = open_shop();
  g_autoptr(UnparkRequests) r = requests_of(&o, "", UNPARK_REQUESTS_ALL);
  guint n = 0;
  ck_assert_int_eq(r->n_all, test_value(o.store, "SELECT count(*) FROM trace_span WHERE parent IS "
                                                 "NULL"));
  ck_assert_uint_eq(r->n_requests, r->n_all);
  for (guint k = 0; k < r->n_kinds; k++) {
    const UnparkRequestKind *kind = &r->kinds[k];
    const char *service = unpark_traces_text(r->traces, kind->service);
    const char *name = unpark_traces_text(r->traces, kind->name);
    ck_assert_int_eq(kind->count, test_value(o.store,
                                             "SELECT count(*) FROM trace_span WHERE parent IS NULL "
                                             "AND service = '%s' AND name = '%s'",
                                             service, name));
    ck_assert_int_eq(kind->longest_ns, test_value(o.store,
                                                  "SELECT max(duration_ns) FROM trace_span WHERE "
                                                  "parent IS NULL AND service = '%s' AND name = "
                                                  "'%s'",
                                                  service, name));
    ck_assert(k == 0 || kind->total_ns <= r->kinds[k - 1].total_ns);
    ck_assert_int_eq(unpark_request_duration(r, kind->first), kind->longest_ns);
    for (guint i = 0; i < kind->count; i++, n++)
      ck_assert_uint_eq(r->requests[kind->first + i].kind, k);
  }
  ck_assert_uint_eq(n, r->n_requests);
  opened_clear(&o);
}
END_TEST

START_TEST(status_divides_them) {
  Opened o = open_shop();
  g_autoptr(UnparkRequests) all = requests_of(&o, "", UNPARK_REQUESTS_ALL);
  g_autoptr(UnparkRequests) failed = requests_of(&o, "", UNPARK_REQUESTS_FAILED);
  g_autoptr(UnparkRequests) fine = requests_of(&o, "", UNPARK_REQUESTS_FINE);
  guint64 errors = 0;
  for (guint i = 0; i < failed->n_requests; i++) {
    ck_assert_uint_gt(failed->requests[i].errors, 0);
    errors += failed->requests[i].errors;
  }
  ck_assert_int_eq(errors,
                   test_value(o.store, "SELECT count(*) FROM trace_span WHERE status = 'error'"));
  ck_assert_uint_gt(fine->n_requests, 0);
  ck_assert_uint_eq(failed->n_requests + fine->n_requests, all->n_requests);
  opened_clear(&o);
}
END_TEST

/* ---- The search --------------------------------------------------------------------------- */

/* A search, and the same in SQL. */
static const struct {
  const char *text, *where;
} searches[] = {
    {"", "1"},
    {"SELECT", "name LIKE '%select%' OR id IN (SELECT span FROM trace_span_attribute WHERE text "
               "LIKE '%select%')"},
    {"service=stock", "service = 'stock'"},
    {"service!=stock", "service <> 'stock'"},
    {"service=stock kind=server", "service = 'stock' AND kind = 'server'"},
    {"STATUS=Error", "status = 'error'"},
    {"duration>1ms", "duration_ns > 1000000"},
    {"duration<100us service~ord", "duration_ns < 100000 AND service LIKE '%ord%'"},
    {"name=\"GET /order\"", "name = 'GET /order'"},
    {"service.name=gateway", "service = 'gateway'"},
    {"nothing.of.this.name=", "0"},
    {"no-such-word-anywhere", "0"},
};

START_TEST(search_agrees_with_sql) {
  Opened o = open_shop();
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkTraceSearch) search =
      unpark_trace_search_new(o.traces, searches[_i].text, &error);
  gint64 n = 0;
  ck_assert_ptr_nonnull(search);
  ck_assert_int_eq(unpark_trace_search_is_empty(search), !*searches[_i].text);
  for (guint i = 0; i < o.traces->n_spans; i++)
    n += unpark_trace_search_fits(search, i, &error);
  ck_assert_ptr_null(error);
  gint64 expected =
      test_value(o.store, "SELECT count(*) FROM trace_span WHERE %s", searches[_i].where);
  ck_assert_msg(n == expected, "%s: %" G_GINT64_FORMAT " instead of %" G_GINT64_FORMAT,
                searches[_i].text, n, expected);
  opened_clear(&o);
}
END_TEST

/* Every attribute that a span has is found by its key, and by its key and value. */
START_TEST(attributes_are_found) {
  Opened o = open_shop();
  g_autoptr(GError) error = NULL;
  GString *keys = test_query(
      o.store->store, "SELECT DISTINCT key FROM trace_span_attribute WHERE scope = 'span'", &error);
  g_auto(GStrv) lines = g_strsplit(g_strchomp(keys->str), "\n", -1);
  ck_assert_ptr_nonnull(lines[0]);
  for (guint k = 0; lines[k]; k++) {
    g_autofree char *text = g_strdup_printf("%s=", lines[k]);
    g_autoptr(UnparkTraceSearch) search = unpark_trace_search_new(o.traces, text, &error);
    gint64 n = 0;
    for (guint i = 0; i < o.traces->n_spans; i++)
      n += unpark_trace_search_fits(search, i, &error);
    ck_assert_int_eq(n, test_value(o.store,
                                   "SELECT count(DISTINCT span) FROM trace_span_attribute WHERE "
                                   "key = '%s'",
                                   lines[k]));
  }
  g_string_free(keys, TRUE);
  opened_clear(&o);
}
END_TEST

START_TEST(wrong_numbers_are_said) {
  Opened o = open_shop();
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(unpark_trace_search_new(o.traces, "duration>fast", &error));
  ck_assert(error && strstr(error->message, "fast"));
  g_clear_error(&error);
  ck_assert_ptr_null(unpark_trace_search_new(o.traces, "http.status_code>abc", &error));
  ck_assert(error && strstr(error->message, "abc"));
  opened_clear(&o);
}
END_TEST

/* ---- The waterfall ------------------------------------------------------------------------ */

/* Of one service and trace: "id parent name from to [error]" in each line, ids and times in
 * decimal digits. */
static Opened made(const char *script) {
  g_auto(GStrv) lines = g_strsplit(script, "\n", -1);
  g_autoptr(GString) text = g_string_new(
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{"
      "\"stringValue\":\"a\"}}]},\"scopeSpans\":[{\"spans\":[");
  for (guint i = 0; lines[i] && *lines[i]; i++) {
    g_auto(GStrv) f = g_strsplit(lines[i], " ", -1);
    g_string_append_printf(
        text,
        "%s{\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"spanId\":\"%016x\","
        "\"parentSpanId\":\"",
        i > 0 ? "," : "", (guint)atoi(f[0]));
    if (atoi(f[1]) > 0)
      g_string_append_printf(text, "%016x", (guint)atoi(f[1]));
    g_string_append_printf(text,
                           "\",\"name\":\"%s\",\"kind\":1,\"startTimeUnixNano\":\"17000000%011d\","
                           "\"endTimeUnixNano\":\"17000000%011d\",\"status\":{\"code\":%d}}",
                           f[2], atoi(f[3]), atoi(f[4]), f[5] ? 2 : 0);
  }
  g_string_append(text, "]}]}]}");
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import_bytes(text->str, text->len, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  return opened_of(store);
}

static UnparkWaterfall *waterfall_of(const Opened *o, gint32 span, const char *search) {
  g_autoptr(GError) error = NULL;
  UnparkWaterfall *w = unpark_waterfall_new(o->sources, span, search, NULL, &error);
  ck_assert_msg(w != NULL, "%s", error ? error->message : "");
  return w;
}

/* The rows: "depth name[ xN] from-to path" with the critical path of the row and what it hides. */
static char *rows_text(const UnparkWaterfall *w) {
  GString *text = g_string_new(NULL);
  for (guint32 r = 0; r < w->n_rows; r++) {
    const UnparkWaterfallNode *n = &w->nodes[w->rows[r]];
    gint64 path = 0;
    guint32 end = w->nodes[n->open ? w->rows[r] + 1 : n->end].stretch;
    for (guint32 i = n->stretch; i < end; i++)
      path += w->path[w->by_node[i]].to_ns - w->path[w->by_node[i]].from_ns;
    g_string_append_printf(text, "%u %s", n->depth,
                           unpark_traces_text(w->traces, w->traces->spans[n->span].name));
    if (n->n > 0)
      g_string_append_printf(text, " x%u", n->n);
    g_string_append_printf(text, " %d-%d %d\n", (int)(n->start_ns - w->start_ns),
                           (int)(n->end_ns - w->start_ns), (int)path);
    ck_assert_uint_eq(w->row_of[w->rows[r]], r);
  }
  return g_string_free(text, FALSE);
}

static void check_rows(const UnparkWaterfall *w, const char *expected) {
  g_autofree char *got = rows_text(w);
  ck_assert_str_eq(got, expected);
}

static const char script[] = "1 0 root 0 100\n"
                             "2 1 query 10 20\n"
                             "3 1 other 15 60\n"
                             "4 1 query 20 30 error\n"
                             "5 1 query 30 40\n"
                             "6 1 query 60 70\n"
                             "7 3 deep 20 50\n";

START_TEST(repeats_are_one_row) {
  Opened o = made(script);
  g_autoptr(UnparkWaterfall) w = waterfall_of(&o, 0, "");
  ck_assert_uint_eq(w->n_spans, 7);
  check_rows(w, "0 root 0-100 45\n"
                "1 query x4 10-70 10\n"
                "1 other 15-60 15\n"
                "2 deep 20-50 30\n");
  ck_assert_uint_eq(unpark_waterfall_n_errors(w, w->rows[1], TRUE), 1);
  ck_assert_uint_eq(unpark_waterfall_n_errors(w, w->rows[1], FALSE), 0);
  /* The span with the error is in it, and comes out. */
  guint32 failed = unpark_waterfall_next(w, 0, 1);
  ck_assert_int_eq(w->nodes[failed].span, 3);
  ck_assert_uint_eq(w->row_of[failed], 1);
  ck_assert(unpark_waterfall_reveal(w, failed));
  check_rows(w, "0 root 0-100 45\n"
                "1 query x4 10-70 0\n"
                "2 query 10-20 0\n"
                "2 query 20-30 0\n"
                "2 query 30-40 0\n"
                "2 query 60-70 10\n"
                "1 other 15-60 15\n"
                "2 deep 20-50 30\n");
  ck_assert(!unpark_waterfall_reveal(w, failed));
  ck_assert_uint_eq(unpark_waterfall_next(w, failed, -1), failed);
  unpark_waterfall_set_open(w, 0, FALSE);
  check_rows(w, "0 root 0-100 100\n");
  unpark_waterfall_set_all_open(w, FALSE);
  ck_assert_uint_eq(w->n_rows, 4);
  unpark_waterfall_set_all_open(w, TRUE);
  ck_assert_uint_eq(w->n_rows, 8);
  opened_clear(&o);
}
END_TEST

START_TEST(path_has_no_gap) {
  Opened o = open_shop();
  for (gint32 i = 0; i < (gint32)o.traces->n_spans; i++) {
    const UnparkTraceSpan *top = &o.traces->spans[i];
    if (top->parent >= 0)
      continue;
    g_autoptr(UnparkWaterfall) w = waterfall_of(&o, i, "");
    gint64 at = top->start_ns, sum = 0;
    for (guint32 s = 0; s < w->n_path; s++) {
      ck_assert_int_eq(w->path[s].from_ns, at);
      ck_assert_int_gt(w->path[s].to_ns, at);
      at = w->path[s].to_ns;
    }
    ck_assert_int_eq(at, top->end_ns);
    for (guint32 s = 0; s < w->n_services; s++)
      sum += w->services[s].path_ns;
    ck_assert_int_eq(sum, top->end_ns - top->start_ns);
    for (guint32 n = 0; n < w->n_nodes; n++)
      if (w->nodes[n].n == 0)
        ck_assert_uint_eq(unpark_waterfall_find(w, w->nodes[n].span), n);
  }
  opened_clear(&o);
}
END_TEST

START_TEST(search_marks_spans) {
  Opened o = made(script);
  g_autoptr(UnparkWaterfall) w = waterfall_of(&o, 0, "name~qu");
  ck_assert(w->searched);
  ck_assert_uint_eq(unpark_waterfall_n_found(w, 0, TRUE), 4);
  ck_assert_uint_eq(unpark_waterfall_n_found(w, 0, FALSE), 0);
  ck_assert_int_eq(w->nodes[unpark_waterfall_next(w, 0, 1)].span, 1);
  ck_assert_int_eq(w->nodes[unpark_waterfall_next(w, 0, -1)].span, 5);
  opened_clear(&o);
}
END_TEST

/* A tree of ten to the power of five spans, of which every tenth asks the same eight times. */
static char *large_script(void) {
  GString *text = g_string_new("1 0 root 0 1000000\n");
  for (guint i = 2; i <= 100000; i++)
    g_string_append_printf(text, "%u %u %s %u %u\n", i, i < 12 ? 1 : i / 10,
                           i % 10 < 8 ? "query" : "call", i * 10 % 900000, i * 10 % 900000 + 90000);
  return g_string_free(text, FALSE);
}

START_TEST(large_traces_open_quickly) {
  g_autofree char *text = large_script();
  Opened o = made(text);
  double before = test_cpu_seconds();
  g_autoptr(UnparkWaterfall) w = waterfall_of(&o, 0, "");
  double built = test_cpu_seconds() - before;
  ck_assert_uint_eq(w->n_spans, 100000);
  before = test_cpu_seconds();
  unpark_waterfall_set_all_open(w, TRUE);
  double opened = test_cpu_seconds() - before;
  ck_assert_uint_gt(w->n_rows, 100000);
  g_print("100,000 spans: laid out in %.0f ms, all rows opened in %.1f ms\n", built * 1e3,
          opened * 1e3);
#ifdef __SANITIZE_ADDRESS__
  const double slower = 10;
#else
  const double slower = 1;
#endif
  ck_assert_msg(built < 0.25 * slower, "%.3f s", built);
  ck_assert_msg(opened < 0.02 * slower, "%.4f s", opened);
  opened_clear(&o);
}
END_TEST

/* ---- Services ----------------------------------------------------------------------------- */

START_TEST(calls_are_measured) {
  Opened o = open_shop();
  g_autoptr(UnparkServices) s = unpark_services_new(o.sources, NULL, NULL);
  guint n_joined = 0;
  ck_assert_uint_eq(s->n_services, 3);
  ck_assert_uint_eq(s->n_calls, o.traces->n_hops);
  for (guint i = 0; i < s->n_calls; i++) {
    const UnparkServiceCall *call = &s->calls[i];
    const UnparkServiceHop *hop = &o.traces->hops[call->hop];
    const char *caller = unpark_traces_text(o.traces, hop->caller);
    const char *name = unpark_traces_text(o.traces, hop->name);
#define OF "FROM trace_span WHERE kind = 'client' AND service = '%s' AND name = '%s'"
    ck_assert_int_eq(hop->calls, test_value(o.store, "SELECT count(*) " OF, caller, name));
    ck_assert_int_eq(call->errors,
                     test_value(o.store, "SELECT sum(status = 'error') " OF, caller, name));
    ck_assert_int_eq(call->client_p99_ns, /* of so few */
                     test_value(o.store, "SELECT max(duration_ns) " OF, caller, name));
    ck_assert(i == 0 || hop->calls <= o.traces->hops[s->calls[i - 1].hop].calls);
    ck_assert_int_eq(hop->joined > 0, call->server_p50_ns != UNPARK_NONE);
    n_joined += hop->joined > 0;
    /* The server is done before its client is. */
    if (hop->joined > 0)
      ck_assert(call->server_p50_ns <= call->client_p99_ns && call->network_p50_ns >= 0);
  }
  ck_assert_uint_eq(n_joined, 2);
  ck_assert_uint_eq(s->n_edges, 2);
  opened_clear(&o);
}
END_TEST

START_TEST(services_are_placed) {
  Opened o = open_shop();
  g_autoptr(UnparkServices) s = unpark_services_new(o.sources, NULL, NULL);
  UnparkServicesLayout layout = {0};
  unpark_services_layout_make(&layout, s);
  ck_assert_uint_eq(layout.n_columns, 3);
  ck_assert_uint_eq(layout.n_rows, 1);
  for (guint i = 0; i < s->n_edges; i++)
    ck_assert_double_lt(layout.places[s->edges[i].caller].x, layout.places[s->edges[i].callee].x);
  int first = -1;
  for (guint i = 0; i < s->n_services; i++) {
    const UnparkServicesPlace *p = &layout.places[i];
    ck_assert_int_eq(unpark_services_layout_find(&layout, s->n_services, p->x + 1, p->y + 1),
                     (int)i);
    if (p->column == 0)
      first = (int)i;
  }
  int second = unpark_services_layout_step(&layout, s->n_services, first, 1, 0);
  ck_assert_uint_eq(layout.places[second].column, 1);
  ck_assert_int_eq(unpark_services_layout_step(&layout, s->n_services, second, -1, 0), first);
  ck_assert_int_eq(unpark_services_layout_step(&layout, s->n_services, first, -1, 0), first);
  ck_assert_int_eq(unpark_services_layout_step(&layout, s->n_services, first, 0, 1), first);
  unpark_services_layout_clear(&layout);
  opened_clear(&o);
}
END_TEST

/* Calls that go round in a circle have places, too. */
START_TEST(circles_are_placed) {
  UnparkServiceEdge edges[] = {
      {0, 1, 1, 1, 0, 0}, {1, 2, 1, 1, 0, 0}, {2, 0, 1, 1, 0, 0}, {1, 1, 1, 1, 0, 0}};
  const UnparkServices s = {.n_services = 3, .edges = edges, .n_edges = G_N_ELEMENTS(edges)};
  UnparkServicesLayout layout = {0};
  unpark_services_layout_make(&layout, &s);
  for (guint i = 0; i < s.n_services; i++)
    for (guint k = 0; k < i; k++)
      ck_assert(layout.places[i].column != layout.places[k].column ||
                layout.places[i].row != layout.places[k].row);
  ck_assert_uint_le(layout.n_columns, 3);
  unpark_services_layout_clear(&layout);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("requests");
  TCase *tcase = tcase_create("requests");
  tcase_add_test(tcase, kinds_are_counted);
  tcase_add_test(tcase, status_divides_them);
  tcase_add_loop_test(tcase, search_agrees_with_sql, 0, G_N_ELEMENTS(searches));
  tcase_add_test(tcase, attributes_are_found);
  tcase_add_test(tcase, wrong_numbers_are_said);
  tcase_add_test(tcase, repeats_are_one_row);
  tcase_add_test(tcase, path_has_no_gap);
  tcase_add_test(tcase, search_marks_spans);
  tcase_add_test(tcase, large_traces_open_quickly);
  tcase_add_test(tcase, calls_are_measured);
  tcase_add_test(tcase, services_are_placed);
  tcase_add_test(tcase, circles_are_placed);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
