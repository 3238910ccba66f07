/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every trace with an expectation, span by span and figure by figure.
 *
 * data/expected/GOVERSION/NAME.trace, NAME.spans.tsv.zst, NAME.summary.json.zst always; and the
 * larger collection beside the project (../shared, or $UNPARK_SHARED) where it is: its traces/
 * and expected/ have the same layout. data/gotests: the Go project's own test cases. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/expected.h"
#include "tests/support.h"

typedef struct {
  char *trace, *spans, *summary;
} Case;

static GArray *fixtures, *collection, *go_tests;

static int compare_cases(gconstpointer a, gconstpointer b) {
  return strcmp(((const Case *)a)->trace, ((const Case *)b)->trace);
}

/* Adds every trace of `traces`/VERSION that `expected`/VERSION has spans for. */
static GArray *list_cases(const char *traces, const char *expected, gboolean flat) {
  GArray *cases = g_array_new(FALSE, FALSE, sizeof(Case));
  g_autoptr(GDir) versions = g_dir_open(flat ? "." : expected, 0, NULL);
  const char *version;

  while (versions && (version = flat ? "" : g_dir_read_name(versions))) {
    g_autofree char *from = g_build_filename(expected, version, NULL);
    g_autofree char *to = g_build_filename(traces, version, NULL);
    g_autoptr(GDir) names = g_dir_open(from, 0, NULL);
    const char *name;

    while (names && (name = g_dir_read_name(names))) {
      const char *end = strstr(name, ".spans.tsv");
      g_autofree char *base = end ? g_strndup(name, (gsize)(end - name)) : NULL;
      g_autofree char *trace_name = g_strconcat(base ? base : "", ".trace", NULL);
      g_autofree char *summary_name = g_strconcat(base ? base : "", ".summary.json", NULL);
      g_autofree char *trace = g_build_filename(to, trace_name, NULL);
      g_autofree char *summary = g_build_filename(from, summary_name, NULL);
      Case one;

      if (!base)
        continue;
      one.trace = test_find_packed(trace);
      one.summary = test_find_packed(summary);
      one.spans = g_build_filename(from, name, NULL);
      if (one.trace)
        g_array_append_val(cases, one);
    }
    if (flat)
      break;
  }
  g_array_sort(cases, compare_cases);
  return cases;
}

static const char *expected_text(const char *path, char **text) {
  g_autoptr(GError) error = NULL;

  *text = path ? test_read_file(path, NULL, &error) : NULL;
  ck_assert_msg(!error, "%s", error ? error->message : "");
  return *text;
}

/* The reference could not read it, and says so in the expectation. */
static gboolean reference_failed(const char *spans) {
  return strncmp(spans, "error", 5) == 0 || strstr(spans, "\nerror\t") != NULL;
}

static void check_case(const Case *one) {
  g_autofree char *spans = NULL, *summary = NULL, *message = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import(one->trace, &error);

  ck_assert_msg(store != NULL, "%s: %s", one->trace, error ? error->message : "");
  expected_text(one->spans, &spans);
  expected_text(one->summary, &summary);
  if (reference_failed(spans))
    return;
  message = expected_compare_spans(store->store, spans);
  ck_assert_msg(!message, "%s: spans: %s", one->trace, message);
  ck_assert_msg(unpark_store_source(store->store)->complete, "%s: not complete", one->trace);
  if (summary)
    message = expected_compare_summary(store->store, summary);
  ck_assert_msg(!message, "%s: summary:\n%s", one->trace, message);
}

/* The n-th decimal number of `text` made one larger; NULL: there are not so many. */
static char *bump_number(const char *text, guint n) {
  GString *bumped = g_string_new(NULL);

  for (const char *p = text; *p; p++) {
    gboolean number = g_ascii_isdigit(*p) && strchr(" \t\n-", p > text ? p[-1] : '\n') != NULL;

    if (number && n-- == 0) {
      char *end;

      g_string_append_printf(bumped, "%" G_GINT64_FORMAT, g_ascii_strtoll(p, &end, 10) + 1);
      g_string_append(bumped, end);
      return g_string_free(bumped, FALSE);
    }
    g_string_append_c(bumped, *p);
  }
  g_string_free(bumped, TRUE);
  return NULL;
}

/* The part of the summary that counts events by the reference's kinds is not compared. */
static char *without_events(const char *summary) {
  const char *events = strstr(summary, " \"events\": {");
  const char *end = events ? strstr(events, "},") : NULL;

  ck_assert_ptr_nonnull(end);
  return g_strdup_printf("%.*s%s", (int)(events - summary), summary, end + 2);
}

/* A comparison that cannot fail proves nothing: every number of an expectation, changed by one,
 * has to be noticed. */
START_TEST(notices) {
  const Case *one = &g_array_index(fixtures, Case, _i);
  g_autofree char *spans = NULL, *all = NULL, *summary = NULL;
  g_autoptr(TestStore) store = test_import(one->trace, NULL);
  guint step = 7;

  ck_assert_ptr_nonnull(store);
  expected_text(one->spans, &spans);
  expected_text(one->summary, &all);
  summary = without_events(all);
  for (guint n = 0;; n += step) {
    g_autofree char *wrong = bump_number(spans, n * 10);
    g_autofree char *message = wrong ? expected_compare_spans(store->store, wrong) : NULL;

    if (!wrong)
      break;
    ck_assert_msg(message != NULL, "number %u of the spans", n * 10);
  }
  for (guint n = 0;; n++) {
    g_autofree char *wrong = bump_number(summary, n);
    g_autofree char *message = wrong ? expected_compare_summary(store->store, wrong) : NULL;

    if (!wrong)
      break;
    ck_assert_msg(message != NULL, "number %u of the summary", n);
  }
}
END_TEST

START_TEST(fixture) {
  check_case(&g_array_index(fixtures, Case, _i));
}
END_TEST

START_TEST(shared) {
  check_case(&g_array_index(collection, Case, _i));
}
END_TEST

/* A trace that the Go reader refuses is kept up to the fault, and says that it is incomplete. */
START_TEST(go_test) {
  const Case *one = &g_array_index(go_tests, Case, _i);
  g_autofree char *base = g_strndup(one->spans, (gsize)(strstr(one->spans, ".spans") - one->spans));
  g_autofree char *verdict_path = g_strconcat(base, ".verdict", NULL);
  g_autofree char *verdict = NULL, *spans = NULL, *message = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import(one->trace, &error);
  gboolean accepted;

  expected_text(verdict_path, &verdict);
  expected_text(one->spans, &spans);
  accepted = g_str_has_prefix(verdict, "SUCCESS");
  if (!store && !accepted && !*spans)
    return; /* nothing could be read of it */
  ck_assert_msg(store != NULL, "%s: %s", one->trace, error ? error->message : "");
  if (accepted)
    message = expected_compare_spans(store->store, spans);
  ck_assert_msg(!message, "%s: %s", one->trace, message);
  ck_assert_msg(unpark_store_source(store->store)->complete == accepted,
                "%s: the reference says %s, complete is %d", one->trace, verdict, !accepted);
}
END_TEST

int main(void) {
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  g_autofree char *expected = g_build_filename(data, "expected", NULL);
  g_autofree char *gotests = g_build_filename(data, "gotests", NULL);
  g_autofree char *shared_traces = test_shared_path("traces");
  g_autofree char *shared_expected = test_shared_path("expected");
  Suite *suite = suite_create("expected");
  TCase *tcase = tcase_create("expected");
  SRunner *runner;
  int failed;

  fixtures = list_cases(expected, expected, FALSE);
  collection = list_cases(shared_traces, shared_expected, FALSE);
  go_tests = list_cases(gotests, gotests, TRUE);
  tcase_set_timeout(tcase, 120);
  tcase_add_loop_test(tcase, notices, (int)fixtures->len - 1, (int)fixtures->len);
  tcase_add_loop_test(tcase, fixture, 0, (int)fixtures->len);
  tcase_add_loop_test(tcase, go_test, 0, (int)go_tests->len);
  tcase_add_loop_test(tcase, shared, 0, (int)collection->len);
  suite_add_tcase(suite, tcase);
  if (collection->len == 0)
    g_print("No collection of traces at %s: only the fixtures are compared\n", shared_traces);
  runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  failed = srunner_ntests_failed(runner);
  if (srunner_ntests_run(runner) == 0)
    failed = 1;
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
