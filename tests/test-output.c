/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaves the program: text from a file is shown without what changes a terminal, the order of
 * letters or the meaning of a table; and where a limit is reached, a sentence and a status come
 * out, and nothing is left behind. */
#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support.h"

static char *dir, *path;

static void setup(void) {
  dir = g_dir_make_tmp("unpark-output-XXXXXX", NULL);
  path = g_build_filename(dir, "case.folded", NULL);
  ck_assert_msg(g_getenv("UNPARK_CLI") != NULL, "UNPARK_CLI names the program to test");
}

static void teardown(void) {
  test_remove_tree(dir);
  g_clear_pointer(&dir, g_free);
  g_clear_pointer(&path, g_free);
}

/* ---- Running ------------------------------------------------------------------------ */

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

typedef struct {
  int resource; /* RLIMIT_FSIZE, RLIMIT_AS; -1: none */
  rlim_t limit;
} Limit;

static void child(const char *const *args, const Limit *limit, int out) {
  const struct rlimit r = {limit->limit, limit->limit};

  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  if (limit->resource >= 0)
    setrlimit((__rlimit_resource_t)limit->resource, &r);
  test_exec_cli(dir, args);
}

/* What it printed; the status in *status. */
static char *run_limited(const char *const *args, const Limit *limit, int *status) {
  GString *text = g_string_new(NULL);
  char bytes[4096];
  int ends[2];
  gssize n;
  pid_t pid;

  ck_assert_int_eq(pipe(ends), 0);
  pid = fork();
  if (pid == 0)
    child(args, limit, ends[1]);
  close(ends[1]);
  while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
    g_string_append_len(text, bytes, n);
  close(ends[0]);
  ck_assert_int_eq(waitpid(pid, status, 0), pid);
  return g_string_free(text, FALSE);
}

static char *run(const char *const *args) {
  const Limit none = {.resource = -1};
  int status;
  char *text = run_limited(args, &none, &status);

  ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: %d: %s", args[0], status, text);
  return text;
}

/* ---- Text --------------------------------------------------------------------------- */

/* Function names as an attacker may choose them: an escape sequence of 7 and of 8 bits, an override
 * of direction, an isolate, separators of lines and paragraphs, a carriage return, what means
 * something in Markdown and HTML, and a formula. */
#define NAMES                                                                                      \
  "main;e\x1b[31ml;\xc2\x9b"                                                                       \
  "1m;r\xe2\x80\xael;i\xe2\x81\xa7l;a\xe2\x80\xa8"                                                 \
  "b\xe2\x80\xa9"                                                                                  \
  "c;x|y*z<b>`w`;=1+1;@s 3\n"

/* NULL: none of the characters that `text` must not have. */
static const char *unsafe_in(const char *text) {
  static const char *const unsafe[] = {"\x1b",         "\xc2\x9b",     "\xe2\x80\xae",
                                       "\xe2\x81\xa7", "\xe2\x80\xa8", "\xe2\x80\xa9"};

  for (gsize i = 0; i < G_N_ELEMENTS(unsafe); i++)
    if (strstr(text, unsafe[i]))
      return unsafe[i];
  return NULL;
}

START_TEST(names_are_harmless) {
  const char *const query = "SELECT function FROM stack_frame";
  const char *const *const commands[] = {
      ARGS("info", path),
      ARGS("query", "--format", "table", path, query),
      ARGS("query", "--format", "json", path, query),
      ARGS("query", "--format", "csv", path, query),
      ARGS("flamegraph", path, "-o", "-", "--format", "svg"),
  };

  ck_assert(g_file_set_contents(path, NAMES, -1, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
    g_autofree char *text = run(commands[i]);
    const char *found = unsafe_in(text);
    /* A file of values keeps them as they are but for what turns letters around: csv is one. */
    if (strcmp(commands[i][0], "query") == 0 && strcmp(commands[i][2], "csv") == 0 && found &&
        found[0] == '\x1b')
      continue;
    ck_assert_msg(!found, "%s %s prints %02x: %s", commands[i][0], commands[i][1],
                  (guint)(guint8)(found ? found[1] : 0), text);
  }
}
END_TEST

START_TEST(formulas_are_inert) {
  g_autofree char *text = NULL;

  ck_assert(g_file_set_contents(path, NAMES, -1, NULL));
  text = run(ARGS("query", "--format", "csv", path,
                  "SELECT function, '-x', '+x', -1 FROM stack_frame WHERE function GLOB '[=@]*'"));
  ck_assert_msg(strstr(text, "'=1+1,'-x,'+x,-1") && strstr(text, "'@s,'-x,'+x,-1"), "%s", text);
}
END_TEST

/* ---- Limits ------------------------------------------------------------------------- */

static guint count_files(const char *folder, const char *suffix) {
  g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (entries && (name = g_dir_read_name(entries))) {
    g_autofree char *file = g_build_filename(folder, name, NULL);
    if (g_file_test(file, G_FILE_TEST_IS_DIR))
      n += count_files(file, suffix);
    else if (g_str_has_suffix(name, suffix))
      n++;
  }
  return n;
}

static void expect_sentence(const char *what, rlim_t limit, int status, const char *text) {
  ck_assert_msg(WIFEXITED(status), "%s %lu: ended by signal %d: %s", what, (gulong)limit,
                WTERMSIG(status), text);
  ck_assert_msg(WEXITSTATUS(status) == 0 || strstr(text, "unpark-cli: ") != NULL ||
                    strstr(text, "loading shared libraries") != NULL,
                "%s %lu: status %d without a sentence: %s", what, (gulong)limit,
                WEXITSTATUS(status), text);
}

/* Files may not grow beyond a size: what was there stays, and nothing half written is left. */
START_TEST(file_size) {
  static const rlim_t limits[] = {0, 512, 4096, 20000};
  g_autofree char *svg = g_build_filename(dir, "flame.svg", NULL);
  g_autofree char *trace = g_build_filename(UNPARK_TEST_DATA, "sample.trace", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
    const Limit limit = {RLIMIT_FSIZE, limits[i]};
    g_autofree char *kept = NULL, *out = NULL, *info = NULL;
    int status;

    ck_assert(g_file_set_contents(svg, "what was there", -1, NULL));
    info = run_limited(ARGS("info", "--no-cache", trace), &limit, &status);
    expect_sentence("info, file size", limits[i], status, info);
    ck_assert_msg(WEXITSTATUS(status) == 1, "%lu: status %d: %s", (gulong)limits[i],
                  WEXITSTATUS(status), info);
    out = run_limited(ARGS("flamegraph", "--no-cache", trace, "-o", svg), &limit, &status);
    expect_sentence("flamegraph, file size", limits[i], status, out);
    ck_assert(g_file_get_contents(svg, &kept, NULL, NULL));
    ck_assert_str_eq(kept, "what was there");
    ck_assert_uint_eq(count_files(dir, ".tmp"), 0);
  }
}
END_TEST

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/* Nothing can be asked of a process whose memory ends but that it says so. */
START_TEST(memory) {
  g_autofree char *trace = g_build_filename(UNPARK_TEST_DATA, "sample.trace", NULL);
  guint n_refused = 0;

  for (rlim_t megabytes = 24; megabytes <= 88; megabytes += 4) {
    const Limit limit = {RLIMIT_AS, megabytes << 20};
    int status;
    g_autofree char *text = run_limited(ARGS("info", "--no-cache", trace), &limit, &status);

    expect_sentence("memory", megabytes, status, text);
    n_refused += WEXITSTATUS(status) != 0;
  }
  ck_assert_uint_gt(n_refused, 0);
}
END_TEST
#endif

int main(void) {
  Suite *suite = suite_create("output");
  TCase *tcase = tcase_create("output");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 120);
  tcase_add_test(tcase, names_are_harmless);
  tcase_add_test(tcase, formulas_are_inert);
  tcase_add_test(tcase, file_size);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  tcase_add_test(tcase, memory);
#endif
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
