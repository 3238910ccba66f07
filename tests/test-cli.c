/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli as a person meets it: statuses, output, errors, the cache, pipes and signals. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support.h"

static char *dir;
static char *trace; /* a small good one */

typedef struct {
  int status; /* exit status; -1: ended by `signal` */
  int signal;
  char *out, *err;
} Run;

static const char *data_dir(void) {
  return g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
}

static const char *program(void) {
  const char *path = g_getenv("UNPARK_CLI");

  ck_assert_msg(path != NULL, "UNPARK_CLI is not set: it names the program to test");
  return path;
}

static void setup(void) {
  dir = g_dir_make_tmp("unpark-cli-XXXXXX", NULL);
  ck_assert_ptr_nonnull(dir);
  trace = g_build_filename(data_dir(), "expected", "go1.27", "annotations.trace", NULL);
}

static void teardown(void) {
  test_remove_tree(dir);
  g_clear_pointer(&dir, g_free);
  g_clear_pointer(&trace, g_free);
}

static char *in_dir(const char *name) {
  return g_build_filename(dir, name, NULL);
}

static GSubprocess *launch(GSubprocessFlags flags, const char *const *env,
                           const char *const *args) {
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(flags);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv(launcher, "XDG_CACHE_HOME", dir, TRUE);
  for (gsize i = 0; env && env[i]; i += 2)
    g_subprocess_launcher_setenv(launcher, env[i], env[i + 1], TRUE);
  g_ptr_array_add(argv, (gpointer)program());
  for (gsize i = 0; args[i]; i++)
    g_ptr_array_add(argv, (gpointer)args[i]);
  g_ptr_array_add(argv, NULL);
  process = g_subprocess_launcher_spawnv(launcher, (const char *const *)argv->pdata, &error);
  ck_assert_msg(process != NULL, "%s", error ? error->message : "");
  return process;
}

static char *take_text(GBytes *bytes) {
  gsize size = bytes ? g_bytes_get_size(bytes) : 0;

  return size > 0 ? g_strndup(g_bytes_get_data(bytes, NULL), size) : g_strdup("");
}

static Run finish(GSubprocess *process, const void *input, gsize size) {
  g_autoptr(GBytes) in = input ? g_bytes_new_static(input, size) : NULL;
  g_autoptr(GBytes) out = NULL, err = NULL;
  g_autoptr(GError) error = NULL;
  Run run = {0};

  g_subprocess_communicate(process, in, NULL, &out, &err, &error);
  run.out = take_text(out);
  run.err = take_text(err);
  run.status = g_subprocess_get_if_exited(process) ? g_subprocess_get_exit_status(process) : -1;
  run.signal = run.status < 0 ? g_subprocess_get_term_sig(process) : 0;
  g_object_unref(process);
  return run;
}

#define PIPES (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE)

static Run run_cli(const void *input, gsize size, const char *const *env, const char *const *args) {
  return finish(launch(PIPES | (input ? G_SUBPROCESS_FLAGS_STDIN_PIPE : 0), env, args), input,
                size);
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define run(...) run_cli(NULL, 0, NULL, ARGS(__VA_ARGS__))

static void run_clear(Run *r) {
  g_free(r->out);
  g_free(r->err);
}

/* `text` has to be in the standard error; the last run is cleared. */
static void expect_error(Run r, int status, const char *text) {
  ck_assert_msg(r.status == status, "status %d, signal %d: %s", r.status, r.signal, r.err);
  ck_assert_msg(strstr(r.err, text) != NULL, "“%s” is not in: %s", text, r.err);
  run_clear(&r);
}

static void expect_output(Run r, const char *out) {
  ck_assert_msg(r.status == 0, "status %d, signal %d: %s", r.status, r.signal, r.err);
  ck_assert_str_eq(r.out, out);
  ck_assert_str_eq(r.err, "");
  run_clear(&r);
}

/* Files below the cache that are a store (or its lock). */
static guint count_cached(const char *suffix) {
  g_autofree char *stores = g_build_filename(dir, "unpark", "stores", NULL);
  g_autoptr(GDir) listing = g_dir_open(stores, 0, NULL);
  const char *name;
  guint n = 0;

  while (listing && (name = g_dir_read_name(listing)))
    n += g_str_has_suffix(name, suffix);
  return n;
}

/* ---- The command line ----------------------------------------------------------------- */

START_TEST(usage) {
  Run r;

  expect_error(run_cli(NULL, 0, NULL, ARGS(NULL)), 2, "No command");
  expect_error(run("frobnicate"), 2, "frobnicate");
  expect_error(run("info"), 2, "info");
  expect_error(run("query", trace), 2, "query");
  expect_error(run("query", trace, "SELECT 1", "more"), 2, "more");
  expect_error(run("query", trace, "SELECT 1", "--colour"), 2, "--colour");
  expect_error(run("query", trace, "SELECT 1", "--format"), 2, "--format");
  expect_error(run("query", trace, "SELECT 1", "--format", "xml"), 2, "xml");
  expect_error(run("query", trace, "SELECT 1", "--header=yes"), 2, "--header");
  expect_error(run("query", trace, "SELECT 1", "--timeout", "soon"), 2, "soon");
  expect_error(run("query", trace, "SELECT 1", "--limit", "0"), 2, "--limit");
  expect_error(run("import", trace), 2, "-o");
  expect_error(run("query", trace, "SELECT 1", "--limit", "1.5"), 2, "whole");
  expect_error(run("import", trace, "-o", trace), 2, "overwrite");
  expect_error(run("import", trace, "-o", "-"), 2, "standard output");
  expect_error(run("flamegraph", trace, "-o", "x.svg", "--label", "key"), 2, "KEY=REGEX");
  expect_error(run("flamegraph", trace, "-o", "x.svg", "--from", "2ms", "--to", "1ms"), 2, "later");
  expect_error(run("flamegraph", trace, "-o", "x.svg", "--focus", "("), 2, "(");
  r = run("--version");
  ck_assert(g_str_has_prefix(r.out, "unpark-cli "));
  ck_assert_int_eq(r.status, 0);
  run_clear(&r);
  r = run("--help");
  ck_assert(strstr(r.out, "query") && strstr(r.out, "import") && strstr(r.out, "info"));
  run_clear(&r);
  r = run("help", "why");
  ck_assert(strstr(r.out, "--goroutine"));
  run_clear(&r);
  r = run("query", "--help");
  ck_assert_int_eq(r.status, 0);
  ck_assert(strstr(r.out, "--timeout") && strstr(r.out, "--format"));
  run_clear(&r);
}
END_TEST

/* Every command and every option of it is in the manual. */
START_TEST(manual) {
  static const char *const commands[] = {"info",     "import",     "query",   "why",
                                         "findings", "flamegraph", "latency", "goroutines",
                                         "tasks",    "compare",    "list"};
  g_autofree char *path =
      g_build_filename(data_dir(), "..", "..", "resources", "unpark-cli.1", NULL);
  g_autofree char *page = NULL;
  g_autoptr(GRegex) option = g_regex_new("--[a-z-]+", 0, 0, NULL);
  Run all = run("--help");

  ck_assert(g_file_get_contents(path, &page, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
    Run r = run(commands[i], "--help");
    g_autoptr(GMatchInfo) match = NULL;

    ck_assert_ptr_nonnull(strstr(all.out, commands[i]));
    ck_assert_ptr_nonnull(strstr(page, commands[i]));
    for (g_regex_match(option, r.out, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
      g_autofree char *name = g_match_info_fetch(match, 0);
      g_auto(GStrv) parts = g_strsplit(name, "-", -1);
      g_autofree char *escaped = g_strjoinv("\\-", parts);

      ck_assert_msg(strstr(page, escaped) != NULL, "%s %s is not in the manual", commands[i], name);
    }
    run_clear(&r);
  }
  run_clear(&all);
}
END_TEST

START_TEST(options_anywhere) {
  g_autofree char *dashed = in_dir("-dashed.trace");
  g_autofree char *bytes = NULL;
  gsize size;

  expect_output(run("query", "--format=csv", trace, "--header", "SELECT 1 AS a, 'x' AS b"),
                "a,b\n1,x\n");
  expect_output(run("query", "-fcsv", trace, "SELECT 1 AS a"), "1\n");
  bytes = test_read_file(trace, &size, NULL);
  ck_assert(g_file_set_contents(dashed, bytes, (gssize)size, NULL));
  expect_output(run("query", "--", dashed, "SELECT 2"), "2\n");
}
END_TEST

/* ---- Formats --------------------------------------------------------------------------- */

#define AWKWARD                                                                                    \
  "SELECT NULL AS n, -9223372036854775807 - 1 AS i, 0.1 AS r, 3.0 AS w, "                          \
  "'a' || char(9) || 'b' || char(10) || 'c\\d' AS t, 'say \"hi\", ok' AS q, x'00ff' AS b"

START_TEST(tsv) {
  expect_output(run("query", trace, AWKWARD),
                "\t-9223372036854775808\t0.1\t3.0\ta\\tb\\nc\\\\d\tsay \"hi\", ok\t00ff\n");
  expect_output(run("query", "--format", "tsv", "--header", trace, "SELECT 1 AS a, 2 AS b"),
                "a\tb\n1\t2\n");
}
END_TEST

START_TEST(csv) {
  expect_output(run("query", "--format", "csv", trace, AWKWARD),
                ",-9223372036854775808,0.1,3.0,\"a\tb\nc\\d\",\"say \"\"hi\"\", ok\",00ff\n");
}
END_TEST

START_TEST(json) {
  Run r = run("query", "--format", "json", trace, AWKWARD " UNION ALL " AWKWARD);
  struct json_object *rows = json_tokener_parse(r.out), *row, *value;

  ck_assert_int_eq(r.status, 0);
  ck_assert_ptr_nonnull(rows);
  ck_assert_uint_eq(json_object_array_length(rows), 2);
  row = json_object_array_get_idx(rows, 1);
  ck_assert(json_object_object_get_ex(row, "n", &value) && value == NULL);
  ck_assert(json_object_object_get_ex(row, "i", &value));
  ck_assert_int_eq(json_object_get_int64(value), G_MININT64);
  ck_assert(json_object_object_get_ex(row, "t", &value));
  ck_assert_str_eq(json_object_get_string(value), "a\tb\nc\\d");
  ck_assert(json_object_object_get_ex(row, "q", &value));
  ck_assert_str_eq(json_object_get_string(value), "say \"hi\", ok");
  json_object_put(rows);
  run_clear(&r);
  expect_output(run("query", "--format", "json", trace, "SELECT 1 AS a WHERE 0"), "[]\n");
  expect_output(
      run("query", "--format", "json", trace, "SELECT 9e999 AS a, char(27) AS \"b\"\"c\""),
      "[\n{\"a\":null,\"b\\\"c\":\"\\u001b\"}\n]\n");
}
END_TEST

/* Widths are those of a terminal; what a file holds cannot command it. */
START_TEST(table) {
  expect_output(run("query", "--format", "table", trace,
                    "SELECT 'α' AS name, 5 AS n UNION ALL SELECT '漢字', 12345 "
                    "UNION ALL SELECT char(27) || '[2J', NULL"),
                "name         n\n"
                "-------  -----\n"
                "α            5\n"
                "漢字     12345\n"
                "\\x1b[2J  \n");
}
END_TEST

START_TEST(many_rows) {
  static const char sql[] = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c "
                            "WHERE i < 300000) SELECT i, 'x' || i FROM c";
  static const char *const formats[] = {"tsv", "csv", "json", "table"};

  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
    Run r = run("query", "--format", formats[i], trace, sql);
    guint lines = 0;

    for (const char *p = r.out; *p; p++)
      lines += *p == '\n';
    ck_assert_int_eq(r.status, 0);
    ck_assert_uint_eq(lines, 300000 + (i >= 2 ? 2 : 0));
    ck_assert_ptr_nonnull(strstr(r.out, "x300000"));
    run_clear(&r);
  }
}
END_TEST

START_TEST(limit) {
  Run r = run("query", "--limit", "3", trace, "SELECT id FROM goroutine ORDER BY id");

  ck_assert_int_eq(r.status, 0);
  ck_assert_str_eq(r.out, "1\n2\n3\n");
  ck_assert_ptr_nonnull(strstr(r.err, "--limit"));
  run_clear(&r);
  expect_output(run("query", "--limit", "3", trace, "SELECT 1"), "1\n");
}
END_TEST

/* ---- Failures ---------------------------------------------------------------------------- */

START_TEST(comment_first) {
  expect_output(run("query", trace, "-- the answer\nSELECT 42"), "42\n");
}
END_TEST

START_TEST(schema) {
  Run r = run("query", trace, ".schema", "--format", "csv", "--header");

  ck_assert_int_eq(r.status, 0);
  ck_assert(g_str_has_prefix(r.out, "table,columns\n"));
  ck_assert_ptr_nonnull(strstr(r.out, "\nspan,\"goroutine, start_ns, "));
  ck_assert_ptr_null(strstr(r.out, "\nrace,")); /* of other files */
  run_clear(&r);
}
END_TEST

START_TEST(sql_errors) {
  expect_error(run("query", trace, "SELEC 1"), 1, "SELEC");
  expect_error(run("query", trace, "SELECT * FROM nothing"), 1, "nothing");
  expect_error(run("query", trace, ""), 1, "");
  expect_error(run("query", trace, "DELETE FROM span"), 1, "");
  expect_error(run("query", trace, "ATTACH 'x.db' AS x"), 1, "");
  expect_error(run("query", trace, "CREATE TABLE x(a)"), 1, "");
  expect_error(run("query", trace, "PRAGMA writable_schema = 1"), 1, "");
  expect_error(run("query", trace, "SELECT load_extension('x')"), 1, "");
}
END_TEST

START_TEST(timeout) {
  gint64 begun = g_get_monotonic_time();

  expect_error(run("query", "--timeout", "0.3", trace,
                   "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) "
                   "SELECT count(*) FROM c"),
               1, "");
  ck_assert_int_lt(g_get_monotonic_time() - begun, 20 * G_USEC_PER_SEC);
}
END_TEST

START_TEST(not_readable) {
  static const struct {
    const char *name, *bytes, *looks;
    gssize size;
  } files[] = {
      {"empty", "", "empty", 0},
      {"elf", "\177ELF\2\1\1", "ELF", 7},
      {"text", "hello\n", "hello", 6},
      {"escape", "\x1b]0;pwned\a", "text", 10},
      {"page.html", "<!DOCTYPE html>", "HTML", 15},
      {"future", "go 1.99 trace\0\0\0", "1.99", 16},
  };

  g_autofree char *empty = in_dir("empty-folder");

  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = in_dir(files[i].name);
    Run r;

    ck_assert(g_file_set_contents(path, files[i].bytes, files[i].size, NULL));
    r = run("info", path);
    ck_assert_ptr_nonnull(strstr(r.err, files[i].name));
    ck_assert_ptr_null(strchr(r.err, 27));
    ck_assert_str_eq(r.out, "");
    expect_error(r, 3, files[i].looks);
  }
  expect_error(run("info", "/nonexistent.trace"), 1, "/nonexistent.trace");
  expect_error(run("info", dir), 3, "page.html");
  ck_assert_int_eq(g_mkdir(empty, 0700), 0);
  expect_error(run("info", empty), 1, "folder");
  ck_assert_uint_eq(count_cached(""), 0);
}
END_TEST

/* What lies beside recordings is named, and passed over. */
START_TEST(folder) {
  g_autofree char *path = in_dir("sample.trace"), *notes = in_dir("notes.txt"), *bytes = NULL;
  g_autofree char *sample = g_build_filename(data_dir(), "sample.trace", NULL);
  gsize size;
  Run r;

  bytes = test_read_file(sample, &size, NULL);
  ck_assert(g_file_set_contents(path, bytes, (gssize)size, NULL));
  ck_assert(g_file_set_contents(notes, "Read me first.\n", -1, NULL));
  r = run("query", dir, "SELECT count(*) > 1000 FROM span");
  ck_assert_msg(r.status == 0, "status %d: %s", r.status, r.err);
  ck_assert_str_eq(r.out, "1\n");
  ck_assert_ptr_nonnull(strstr(r.err, "notes.txt cannot be read"));
  run_clear(&r);
  r = run("findings", dir, "--format", "json");
  ck_assert_msg(r.status == 0, "status %d: %s", r.status, r.err);
  run_clear(&r);
}
END_TEST

/* Cut off: what can be read is shown, with a warning, and the status is 0. */
START_TEST(damaged) {
  g_autofree char *bytes = NULL, *path = in_dir("cut.trace");
  g_autofree char *whole =
      g_build_filename(data_dir(), "expected", "go1.27", "leak-3s.trace", NULL);
  gsize size;
  Run r;

  bytes = test_read_file(whole, &size, NULL);
  ck_assert(g_file_set_contents(path, bytes, (gssize)(size * 2 / 3), NULL));
  r = run("query", path, "SELECT complete, (SELECT count(*) > 10 FROM span) FROM source");
  ck_assert_int_eq(r.status, 0);
  ck_assert_str_eq(r.out, "0\t1\n");
  ck_assert_msg(strstr(r.err, "warning") || strstr(r.err, "error"), "%s", r.err);
  run_clear(&r);
  r = run("info", path);
  ck_assert_int_eq(r.status, 0);
  ck_assert_ptr_nonnull(strstr(r.out, "no: parts"));
  ck_assert_ptr_nonnull(strstr(r.out, "Notes"));
  run_clear(&r);
}
END_TEST

START_TEST(full_output) {
  int fd = open("/dev/full", O_WRONLY);
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GSubprocess) process = NULL;

  if (fd < 0)
    return;
  launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv(launcher, "XDG_CACHE_HOME", dir, TRUE);
  g_subprocess_launcher_take_stdout_fd(launcher, fd);
  process = g_subprocess_launcher_spawn(launcher, NULL, program(), "info", trace, NULL);
  expect_error(finish(g_steal_pointer(&process), NULL, 0), 1, "standard output");
}
END_TEST

/* Nothing is written into whatever has the number of a closed standard output. */
START_TEST(closed_output) {
  g_autofree char *command = g_strdup_printf("'%s' info '%s' >&-", program(), trace);
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE);

  g_subprocess_launcher_setenv(launcher, "XDG_CACHE_HOME", dir, TRUE);
  expect_error(
      finish(g_subprocess_launcher_spawn(launcher, NULL, "sh", "-c", command, NULL), NULL, 0), 1,
      "standard output");
}
END_TEST

/* A reader that goes early, as head does: no message, and no endless run. */
START_TEST(broken_pipe) {
  g_autofree char *command =
      g_strdup_printf("{ '%s' query '%s' \"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL "
                      "SELECT i + 1 FROM c) SELECT i FROM c\"; echo $? >&2; } | head -n 1",
                      program(), trace);
  g_autofree char *out = NULL, *err = NULL;
  const char *argv[] = {"sh", "-c", command, NULL};
  g_auto(GStrv) env = g_environ_setenv(g_get_environ(), "XDG_CACHE_HOME", dir, TRUE);

  ck_assert(g_spawn_sync(NULL, (char **)argv, env, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                         NULL, NULL));
  ck_assert_str_eq(out, "1\n");
  ck_assert_str_eq(err, "141\n");
}
END_TEST

/* ---- Stores, the cache, standard input --------------------------------------------------- */

START_TEST(imported_store) {
  g_autofree char *store = in_dir("kept.unpark");
  Run r;

  expect_output(run("import", trace, "-o", store), "");
  expect_output(run("import", trace, "--output", store), ""); /* over an old one */
  r = run("query", store, "SELECT count(*) > 100 FROM span");
  expect_output(r, "1\n");
  ck_assert_uint_eq(count_cached(""), 0);
  r = run("info", store);
  ck_assert_int_eq(r.status, 0);
  ck_assert_ptr_nonnull(strstr(r.out, "Goroutines"));
  run_clear(&r);
  expect_error(run("import", store, "-o", "/nonexistent/y.unpark"), 2, "already");
  expect_error(run("import", trace, "-o", "/nonexistent/x.unpark"), 1, "/nonexistent/x.unpark”");
}
END_TEST

START_TEST(cached) {
  for (int i = 0; i < 2; i++) {
    expect_output(run("query", trace, "SELECT 1"), "1\n");
    ck_assert_uint_eq(count_cached(".unpark"), 1);
  }
}
END_TEST

START_TEST(cache_bypassed) {
  expect_output(run("query", "--no-cache", trace, "SELECT 1"), "1\n");
  ck_assert_uint_eq(count_cached(""), 0);
  expect_output(run_cli(NULL, 0, ARGS("UNPARK_CACHE_SIZE", "0"), ARGS("query", trace, "SELECT 1")),
                "1\n");
  ck_assert_uint_eq(count_cached(""), 0);
}
END_TEST

/* A store in the cache that has become unreadable is made again. */
START_TEST(cache_damaged) {
  g_autofree char *stores = g_build_filename(dir, "unpark", "stores", NULL);
  g_autoptr(GDir) listing = NULL;
  const char *name;

  expect_output(run("query", trace, "SELECT 1"), "1\n");
  listing = g_dir_open(stores, 0, NULL);
  while ((name = g_dir_read_name(listing)))
    if (g_str_has_suffix(name, ".unpark")) {
      g_autofree char *path = g_build_filename(stores, name, NULL);

      ck_assert(g_file_set_contents(path, "rubbish", -1, NULL));
    }
  expect_output(run("query", trace, "SELECT count(*) > 100 FROM span"), "1\n");
  expect_output(run("query", trace, "SELECT count(*) > 100 FROM span"), "1\n");
}
END_TEST

/* The cache folder cannot be made: it works all the same, and says so. */
START_TEST(cache_unusable) {
  g_autofree char *file = in_dir("file");
  Run r;

  ck_assert(g_file_set_contents(file, "x", 1, NULL));
  r = run_cli(NULL, 0, ARGS("XDG_CACHE_HOME", file, "TMPDIR", dir),
              ARGS("query", trace, "SELECT 1"));
  ck_assert_int_eq(r.status, 0);
  ck_assert_str_eq(r.out, "1\n");
  ck_assert_ptr_nonnull(strstr(r.err, file));
  run_clear(&r);
  r = run_cli(NULL, 0, ARGS("XDG_CACHE_HOME", file, "TMPDIR", "/nonexistent"),
              ARGS("query", trace, "SELECT 1"));
  expect_error(r, 1, "/nonexistent");
}
END_TEST

START_TEST(standard_input) {
  g_autofree char *packed_path =
      g_build_filename(data_dir(), "gotests", "go122-gc-stress.trace.zst", NULL);
  g_autofree char *bytes = NULL, *packed = NULL;
  gsize size, packed_size;
  Run r;

  bytes = test_read_file(trace, &size, NULL);
  r = run_cli(bytes, size, NULL,
              ARGS("query", "-",
                   "SELECT count(*) > 100, (SELECT byte_count "
                   "FROM source) FROM span"));
  ck_assert_int_eq(r.status, 0);
  ck_assert_int_eq(strncmp(r.out, "1\t", 2), 0);
  ck_assert_int_eq(g_ascii_strtoll(r.out + 2, NULL, 10), size);
  run_clear(&r);
  ck_assert(g_file_get_contents(packed_path, &packed, &packed_size, NULL));
  r = run_cli(packed, packed_size, NULL, ARGS("query", "-", "SELECT count(*) > 100 FROM span"));
  expect_output(r, "1\n");
  ck_assert_uint_eq(count_cached(""), 0);
  expect_error(run_cli("x", 1, NULL, ARGS("info", "-")), 3, "standard input");
}
END_TEST

/* Nothing comes: an interrupt ends it at once, as a shell expects, and leaves nothing. */
START_TEST(interrupt_waiting) {
  g_autofree char *pipe_path = in_dir("pipe");
  static const int signals[] = {SIGINT, SIGTERM};

  ck_assert_int_eq(mkfifo(pipe_path, 0600), 0);
  for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
    GSubprocess *process = launch(PIPES, NULL, ARGS("info", pipe_path));
    Run r;

    g_usleep(300000);
    g_subprocess_send_signal(process, signals[i]);
    r = finish(process, NULL, 0);
    ck_assert_int_eq(r.signal, signals[i]);
    ck_assert_str_eq(r.err, "");
    run_clear(&r);
    ck_assert_uint_eq(count_cached(""), 0);
  }
}
END_TEST

START_TEST(interrupt_query) {
  GSubprocess *process =
      launch(PIPES, NULL,
             ARGS("query", trace,
                  "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) "
                  "SELECT count(*) FROM c"));
  Run r;

  g_usleep(500000);
  g_subprocess_send_signal(process, SIGINT);
  r = finish(process, NULL, 0);
  ck_assert_int_eq(r.signal, SIGINT);
  run_clear(&r);
}
END_TEST

/* Several at once on one file that nobody has opened before. */
START_TEST(at_once) {
  GSubprocess *processes[6];

  for (gsize i = 0; i < G_N_ELEMENTS(processes); i++)
    processes[i] = launch(PIPES, NULL, ARGS("query", trace, "SELECT count(*) > 100 FROM span"));
  for (gsize i = 0; i < G_N_ELEMENTS(processes); i++)
    expect_output(finish(processes[i], NULL, 0), "1\n");
  ck_assert_uint_eq(count_cached(".unpark"), 1);
  ck_assert_uint_eq(count_cached(".lock"), 1);
}
END_TEST

START_TEST(info) {
  Run r = run("info", trace);

  ck_assert_int_eq(r.status, 0);
  ck_assert_str_eq(r.err, "");
  ck_assert_ptr_nonnull(strstr(r.out, "annotations.trace"));
  ck_assert_ptr_nonnull(strstr(r.out, "go 1.26 trace"));
  ck_assert_ptr_nonnull(strstr(r.out, "200.9 ms"));
  ck_assert_ptr_nonnull(strstr(r.out, "sleep"));
  run_clear(&r);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("cli");
  TCase *tcase = tcase_create("cli");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 120);
  tcase_add_test(tcase, usage);
  tcase_add_test(tcase, manual);
  tcase_add_test(tcase, options_anywhere);
  tcase_add_test(tcase, tsv);
  tcase_add_test(tcase, csv);
  tcase_add_test(tcase, json);
  tcase_add_test(tcase, table);
  tcase_add_test(tcase, many_rows);
  tcase_add_test(tcase, limit);
  tcase_add_test(tcase, comment_first);
  tcase_add_test(tcase, schema);
  tcase_add_test(tcase, sql_errors);
  tcase_add_test(tcase, timeout);
  tcase_add_test(tcase, not_readable);
  tcase_add_test(tcase, folder);
  tcase_add_test(tcase, damaged);
  tcase_add_test(tcase, full_output);
  tcase_add_test(tcase, closed_output);
  tcase_add_test(tcase, broken_pipe);
  tcase_add_test(tcase, imported_store);
  tcase_add_test(tcase, cached);
  tcase_add_test(tcase, cache_bypassed);
  tcase_add_test(tcase, cache_damaged);
  tcase_add_test(tcase, cache_unusable);
  tcase_add_test(tcase, standard_input);
  tcase_add_test(tcase, interrupt_waiting);
  tcase_add_test(tcase, interrupt_query);
  tcase_add_test(tcase, at_once);
  tcase_add_test(tcase, info);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
