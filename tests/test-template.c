/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates of the command line: each that comes with the program, on a fixture whose rows are
 * known, and the user's own. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/template/template.h"
#include "tests/support.h"

static const struct {
  const char *name, *file, *parameters[2], *rows;
} shipped[] = {
    {"blocked-syscalls",
     "sample.trace",
     {"limit=2"},
     "net.(*netFD).Write\tnet/fd_posix.go\t109\t49\t13945793\t965312\n"
     "net.(*netFD).connect\tnet/fd_unix.go\t47\t16\t3532160\t647936\n"},
    {"dump-leaks",
     "dumps/leak-go1.27.txt.zst",
     {"limit=2"},
     "40\tsync.Mutex.Lock\t\tmain.leakMutex\tworkloads/sched.go\t151\n"
     "40\tchan receive (nil chan)\t\tmain.leakNilChan\tworkloads/sched.go\t149\n"},
    {"dump-oldest",
     "dumps/everything.txt",
     {"minutes=5"},
     "1\tchan receive\t12\tmain.deep[...]\t/home/me/deep.go\t9\n"},
    {"gc-assists",
     "sample.trace",
     {"limit=2"},
     "bufio.NewReaderSize\tbufio/bufio.go\t57\t3\t1756160\t1168384\n"
     "net.(*conn).Read\tnet/net.go\t198\t1\t663296\t663296\n"},
    {"goroutine-growth",
     "expected/go1.27/leak.trace",
     {"limit=2"},
     "main.leakMutex\t40\t0\t40\t40\n"
     "main.leakNilChan\t40\t0\t40\t40\n"},
    {"heaviest-callers",
     "profiles/go1.27/webshop/cpu.pprof",
     {"limit=2"},
     "net/http.(*conn).serve\tcpu\tnanoseconds\t160000000\n"
     "main.(*shop).handleOrder\tcpu\tnanoseconds\t130000000\n"},
    {"heaviest-functions",
     "profiles/go1.27/webshop/cpu.pprof",
     {"limit=2"},
     "internal/runtime/syscall/linux.Syscall6\tcpu\tnanoseconds\t90000000\t0.2308\n"
     "runtime.futex\tcpu\tnanoseconds\t40000000\t0.1026\n"},
    {"longest-waits",
     "sample.trace",
     {"least_ns=200ms"},
     "runtime/trace.(*traceMultiplexer).startLocked.func1\truntime/trace/subscribe.go\t167\tsystem "
     "goroutine wait\t1\t205418689\t205418689\n"
     "main.webshop\tworkloads/webshop.go\t63\tsync\t1\t205311168\t205311168\n"},
    {"mutex-convoy",
     "truth/convoy.trace.zst",
     {"limit=2"},
     "main.step\tconvoy/main.go\t16\t48\t351130432\t12654336\t4.882\n"},
    {"processors-by-function",
     "sample.trace",
     {"limit=2"},
     "net/http.(*conn).serve\t9\t1484\t88792066\t1378368\t0.5228\n"
     "main.serveDatabase.func1\t294\t635\t21954689\t1034432\t0.1293\n"},
    {"races-by-place",
     "races/race-go1.27.txt",
     {"limit=2"},
     "1\tread\tmain.increment\tracy/main.go\t21\twrite\tmain.increment\tracy/main.go\t21\n"
     "1\tread\tmain.main.func2\tracy/main.go\t43\twrite\tmain.main.func2\tracy/main.go\t43\n"},
    {"scheduling-latency",
     "sample.trace",
     {"limit=2"},
     "net/http.(*conn).serve\t1483\t25564914\t17238\t2347776\n"
     "net/http.(*connReader).backgroundRead\t759\t25406716\t33473\t422592\n"},
    {"slow-tasks",
     "sample.trace",
     {"limit=2"},
     "POST /order\t294\t5147913\t11192960\t2.17\n"
     "GET /stock\t148\t22116\t228992\t10.35\n"},
    {"stop-the-world",
     "sample.trace",
     {"from_ns=100ms", "to_ns=200ms"},
     "stop-the-world (GC sweep termination)\t160273984\t1021184\n"
     "stop-the-world (GC mark termination)\t161643904\t137408\n"},
    {"wakers",
     "sample.trace",
     {"limit=2"},
     "main.webshop.func1\tnet/http.(*persistConn).readLoop\tselect\t442\t1577554370\t11270784\n"
     "net/http.(*persistConn).writeLoop\tmain.webshop.func1\tselect\t433\t1543822531\t11328704\n"},
};

static char *data_path(const char *file) {
  return g_build_filename(UNPARK_TEST_DATA, file, NULL);
}

START_TEST(answers_are_known) {
  g_autofree char *path = data_path(shipped[_i].file);
  g_autofree char *first = g_strconcat("--param=", shipped[_i].parameters[0], NULL);
  g_autofree char *second = g_strconcat("--param=", shipped[_i].parameters[1], NULL);
  g_auto(TestRun) run = {0};
  run.status = test_run_cli(NULL, &run.out, &run.err, "query", path, "--template", shipped[_i].name,
                            first, shipped[_i].parameters[1] ? second : NULL, NULL);
  ck_assert_msg(run.status == 0, "%s: %s", shipped[_i].name, run.err);
  g_autofree char *difference = test_compare_lines(shipped[_i].rows, run.out);
  ck_assert_msg(!difference, "%s: %s", shipped[_i].name, difference);
}
END_TEST

/* Each has its row above, texts in both languages, and a threshold that is about one of its
 * columns. */
START_TEST(all_are_tried) {
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) list = unpark_template_list(complaints);
  ck_assert_uint_eq(complaints->len, 0);
  ck_assert_uint_eq(list->len, G_N_ELEMENTS(shipped));
  for (guint i = 0; i < list->len; i++) {
    const UnparkTemplate *template = list->pdata[i];
    gboolean tried = FALSE;
    for (guint k = 0; k < G_N_ELEMENTS(shipped); k++)
      tried |= strcmp(shipped[k].name, template->name) == 0;
    ck_assert_msg(tried, "%s", template->name);
    ck_assert_msg(*template->question && *template->reading, "%s", template->name);
    ck_assert_msg(!template->column == !*template->verdict, "%s", template->name);
    ck_assert_msg(!template->column || strstr(template->sql, template->column), "%s: %s",
                  template->name, template->column);
  }
}
END_TEST

static void expect_refused(const char *text, const char *wanted) {
  g_autoptr(GError) error = NULL;
  ck_assert_ptr_null(unpark_template_parse(text, "T", &error));
  ck_assert_msg(error && strstr(error->message, wanted), "%s: %s", text,
                error ? error->message : "no error");
}

START_TEST(files_that_are_wrong) {
  expect_refused("SELECT 1", "begin with");
  expect_refused("-- [Template]\nSELECT 1", "title");
  expect_refused("-- [Template]\n-- Title=A\n-- For=trace\n", "statement");
  expect_refused("-- [Template]\n-- Title=A\nSELECT 1", "For");
  expect_refused("-- [Template]\n-- Title=A\n-- For=core\nSELECT 1", "For");
  expect_refused("-- [Template]\n-- Title=A\n-- For=race\n-- Threshold=a\nSELECT 1", "threshold");
  expect_refused("-- [Template]\n-- Title=A\n-- For=race\n-- Threshold=a > x\nSELECT 1",
                 "threshold");
  expect_refused("-- [Template]\n-- no key\nSELECT 1", "no key");
  expect_refused("-- [Template]\n-- Title=A\n-- For=race\n-- [Parameters]\n-- a_ns=soon\nSELECT 1",
                 "a_ns");
  expect_refused("-- [Template]\n-- Title=\xff\n-- For=race\nSELECT 1", "UTF-8");
}
END_TEST

#define OWN                                                                                        \
  "-- [Template]\n-- Title=Mine\n-- Question=What?\n-- For=trace\n-- Reading=Read it.\n"           \
  "-- Threshold=n >= 3\n-- Verdict=It is much.\n-- [Parameters]\n-- text=none\n-- n=2\n"           \
  "SELECT :text AS text, :n AS n, typeof(:n) AS type\n"

/* Values are bound: no text is a piece of SQL. */
START_TEST(own_templates) {
  g_autofree char *dir = g_dir_make_tmp("unpark-template-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename(dir, "unpark", "templates", NULL);
  g_autofree char *path = g_build_filename(folder, "mine.sql", NULL);
  g_autofree char *broken = g_build_filename(folder, "broken.sql", NULL);
  g_autofree char *trace = data_path("sample.trace");
  g_mkdir_with_parents(folder, 0700);
  ck_assert(g_file_set_contents(path, OWN, -1, NULL));
  ck_assert(g_file_set_contents(broken, "SELECT 1", -1, NULL));
  g_setenv("XDG_DATA_HOME", dir, TRUE);
  const struct {
    int status;
    const char *out, *err;
    const char *args[7];
  } runs[] = {
      {0, "none\t2\tinteger\n", "", {"query", trace, "--template", "mine"}},
      {0,
       "'); --\t2.5\treal\n",
       "",
       {"query", trace, "--template", path, "-ptext='); --", "-pn=2.5"}},
      {0, "It is much.", "", {"query", trace, "--template", path, "-fjson", "-ftable", "-pn=3"}},
      {2,
       "",
       "“m”; the template has text, n",
       {"query", trace, "--template", path, "--param", "m=1"}},
      {2, "", "NAME=VALUE", {"query", trace, "--template", path, "--param", "m"}},
      {2, "", "--template", {"query", trace, "SELECT 1", "--param", "m=1"}},
      {2, "", "SELECT 1", {"query", trace, "SELECT 1", "--template", path}},
      {2, "", "“other”", {"query", trace, "--template", "other"}},
      {2, "", "begin with", {"query", trace, "--template", "broken"}},
      {1, "", "“dump”", {"query", trace, "--template", "dump-leaks"}},
      {0, "mine\ttrace\tMine\tWhat?\n", "broken", {"query", "--template", "list"}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(runs); i++) {
    g_auto(TestRun) run = {0};
    const char *const *a = runs[i].args;
    run.status =
        test_run_cli(NULL, &run.out, &run.err, a[0], a[1], a[2], a[3], a[4], a[5], a[6], NULL);
    ck_assert_msg(run.status == runs[i].status, "%u: %d %s", i, run.status, run.err);
    ck_assert_msg(strstr(run.out, runs[i].out), "%u: %s", i, run.out);
    ck_assert_msg(strstr(run.err, runs[i].err), "%u: %s", i, run.err);
  }
  test_remove_tree(dir);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("template");
  TCase *tcase = tcase_create("template");
  tcase_add_loop_test(tcase, answers_are_known, 0, G_N_ELEMENTS(shipped));
  tcase_add_test(tcase, all_are_tried);
  tcase_add_test(tcase, files_that_are_wrong);
  tcase_add_test(tcase, own_templates);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
