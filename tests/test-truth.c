/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings of programs whose answer was written down before they were recorded:
 * data/truth/README.md, which has their sources. */
#include <check.h>
#include <string.h>

#include "model/findings/findings.h"
#include "model/findings/words.h"
#include "tests/support.h"

#define HEALTHY UNPARK_N_FINDINGS

static const struct {
  const char *name;
  UnparkFindingType type;   /* the first that is found; HEALTHY: none above minor */
  UnparkFindingLevel level; /* at least */
  guint64 count;            /* at least */
  const char *function;     /* that is in its stack, or starts its goroutines */
} programs[] = {
    {"keepalive", HEALTHY, 0, 0, NULL},
    {"pool", HEALTHY, 0, 0, NULL},
    {"ticker", HEALTHY, 0, 0, NULL},
    {"batch", HEALTHY, 0, 0, NULL},
    {"pipeline", HEALTHY, 0, 0, NULL},
    {"group", HEALTHY, 0, 0, NULL},
    {"gathering", HEALTHY, 0, 0, NULL},
    {"c", HEALTHY, 0, 0, NULL},
    {"d", HEALTHY, 0, 0, NULL},
    {"k", HEALTHY, 0, 0, NULL},
    {"q", HEALTHY, 0, 0, NULL},
    {"hA", HEALTHY, 0, 0, NULL},
    {"deadlock", UNPARK_FINDING_DEADLOCK, UNPARK_FINDING_SEVERE, 3, "main.transfer"},
    {"leak", UNPARK_FINDING_LEAK, UNPARK_FINDING_SEVERE, 300, "main.watch"},
    {"lostdone", UNPARK_FINDING_LEAK, UNPARK_FINDING_NOTABLE, 1, "main.gather"},
    {"full", UNPARK_FINDING_CPU, UNPARK_FINDING_NOTABLE, 1, "main.compute"},
    {"rwsleep", UNPARK_FINDING_LOCK, UNPARK_FINDING_SEVERE, 100, "main.reader"},
    {"convoy", UNPARK_FINDING_LOCK, UNPARK_FINDING_SEVERE, 20, "main.step"},
    {"rw", UNPARK_FINDING_LOCK, UNPARK_FINDING_SEVERE, 5, "main.fastReader"},
    {"r", UNPARK_FINDING_SCHED, UNPARK_FINDING_SEVERE, 50, NULL},
};

static gboolean is_about(UnparkStore *store, const UnparkFinding *f, const char *function) {
  if (!function)
    return TRUE;
  g_autofree char *sql = g_strdup_printf(
      "SELECT count(*) FROM stack_frame WHERE stack = %u AND function = '%s'", f->stack, function);
  return strcmp(unpark_store_string(store, f->name_id), function) == 0 ||
         test_query_int(store, sql, 0, NULL) > 0;
}

START_TEST(program) {
  g_autofree char *path =
      g_strdup_printf("%s/truth/%s.trace.zst", UNPARK_TEST_DATA, programs[_i].name);
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) made = test_import(path, &error);
  gboolean found = FALSE;

  ck_assert_msg(made != NULL, "%s", error ? error->message : "");
  g_autoptr(UnparkFindings) findings =
      unpark_findings_new(made->store, G_MININT64 + 1, G_MAXINT64, NULL, 0, NULL, &error);
  ck_assert_msg(findings != NULL, "%s: %s", path, error ? error->message : "");
  for (guint i = 0; i < findings->n; i++) {
    const UnparkFinding *f = &findings->findings[i];
    if (programs[_i].type == HEALTHY)
      ck_assert_msg(f->level == UNPARK_FINDING_MINOR, "%s: a finding of type %d", path, f->type);
    found |= f->type == programs[_i].type && f->level >= programs[_i].level &&
             f->count >= programs[_i].count && is_about(made->store, f, programs[_i].function);
  }
  ck_assert_msg(found || programs[_i].type == HEALTHY, "%s: not found", path);
}
END_TEST

/* Of a lock, the goroutine that holds it is named, and what it did: reload slept, step ran. */
START_TEST(holders) {
  static const struct {
    const char *name;
    UnparkLinkKind did;
  } locks[] = {
      {"rw", UNPARK_LINK_SLEPT}, {"rwsleep", UNPARK_LINK_SLEPT}, {"convoy", UNPARK_LINK_RAN}};
  g_autofree char *path =
      g_strdup_printf("%s/truth/%s.trace.zst", UNPARK_TEST_DATA, locks[_i].name);
  g_autoptr(TestStore) made = test_import(path, NULL);

  ck_assert_ptr_nonnull(made);
  g_autoptr(UnparkFindings) findings =
      unpark_findings_new(made->store, G_MININT64 + 1, G_MAXINT64, NULL, 0, NULL, NULL);
  ck_assert_ptr_nonnull(findings);
  ck_assert_uint_gt(findings->n, 0);
  ck_assert_int_eq(findings->findings[0].type, UNPARK_FINDING_LOCK);
  ck_assert_int_ne(findings->findings[0].holder, UNPARK_NONE);
  ck_assert_int_eq(findings->findings[0].holder_did, locks[_i].did);
}
END_TEST

/* A flight recorder's trace is a window; others begin where tracing did. */
START_TEST(windows) {
  static const struct {
    const char *name;
    gint64 notes;
  } traces[] = {{"q", 1}, {"r", 0}, {"c", 0}, {"gathering", 0}};
  g_autofree char *path =
      g_strdup_printf("%s/truth/%s.trace.zst", UNPARK_TEST_DATA, traces[_i].name);
  g_autoptr(TestStore) made = test_import(path, NULL);

  ck_assert_ptr_nonnull(made);
  ck_assert_int_eq(test_query_int(made->store,
                                  "SELECT count(*) FROM import_note WHERE name = 'window'", 0,
                                  NULL),
                   traces[_i].notes);
  ck_assert(unpark_store_source(made->store)->complete);
}
END_TEST

/* What the findings say, part by part. */
START_TEST(sentences) {
  static const struct {
    const char *name, *words;
  } wanted[] = {
      {"r", "GOMAXPROCS changed meanwhile, between 1 and 4."},
      {"lostdone",
       "It waits for a wait group in main.gather until the end of the trace, for 1.50 s. "
       "All 10 goroutines that were started there have ended."},
  };
  g_autofree char *path =
      g_strdup_printf("%s/truth/%s.trace.zst", UNPARK_TEST_DATA, wanted[_i].name);
  g_autoptr(TestStore) made = test_import(path, NULL);
  UnparkFindingWords words;

  ck_assert_ptr_nonnull(made);
  g_autoptr(UnparkFindings) findings =
      unpark_findings_new(made->store, G_MININT64 + 1, G_MAXINT64, NULL, 0, NULL, NULL);
  ck_assert_uint_gt(findings->n, 0);
  unpark_finding_words(made->store, &findings->findings[0], &words);
  ck_assert_msg(strstr(words.sentence, wanted[_i].words) != NULL, "%s", words.sentence);
  unpark_finding_words_clear(&words);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("truth");
  TCase *tcase = tcase_create("truth");

  tcase_add_loop_test(tcase, program, 0, G_N_ELEMENTS(programs));
  tcase_add_loop_test(tcase, holders, 0, 3);
  tcase_add_loop_test(tcase, windows, 0, 4);
  tcase_add_loop_test(tcase, sentences, 0, 2);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
