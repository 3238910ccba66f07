/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dumps and race reports as loggers, containers and build servers hand them on: the same rows as
 * without what they put around each line. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "importers/text/log-line.h"
#include "tests/support.h"

/* ---- What is put around a line ------------------------------------------------------------ */

typedef void (*Wrap)(GString *to, const char *line, guint number);

static void wrap_crlf(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "%s\r\n", line);
}

static void wrap_cri(GString *to, const char *line, guint number) {
  /* As many digits as are needed: the prefix is not always as long. */
  g_string_append_printf(to, "2026-11-25T15:14:34.%uZ stderr F %s\n", number * 7919 % 1000003,
                         line);
}

static void wrap_docker(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "2026-11-25T15:14:34.%09uZ %s\n", number, line);
}

static void wrap_compose(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "web-1  | %s\n", line);
}

static void wrap_kubectl(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "[pod/web-7d9f/app] %s\n", line);
}

static void wrap_journal(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "Nov %2u 15:14:34 myhost shop[1717]: %s\n", 1 + number % 28, line);
}

static void wrap_journal_iso(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "2026-11-25T15:14:34+0000 myhost shop[1717]: %s\n", line);
}

static void wrap_rsyslog(GString *to, const char *line, guint number) {
  g_auto(GStrv) parts = g_strsplit(line, "\t", -1);
  g_autofree char *escaped = g_strjoinv("#011", parts);
  g_string_append_printf(to, "Nov 25 15:14:34 myhost shop[17]: %s\n", escaped);
}

static void wrap_go_log(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "2026/11/25 15:14:34.123456 %s\n", line);
}

static void wrap_heroku(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "2026-11-25T15:14:34.%06u+00:00 app[web.1]: %s\n", number, line);
}

static void wrap_gitlab(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "2026-11-25T15:14:34.123456Z 01O \033[0;31m%s\033[0m\n", line);
}

static void wrap_colours(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "\033_bk;t=17\a\033[1;38;5;9m%s\033[0K\033[m\n", line);
}

static void append_json(GString *to, const char *text) {
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      g_string_append_printf(to, "\\%c", *text);
    else if (*text == '\n')
      g_string_append(to, "\\n");
    else if (*text == '\t')
      g_string_append(to, "\\t");
    else if (*text == '<' || *text == '>')
      g_string_append_printf(to, "\\u%04x", (guint)*text);
    else
      g_string_append_c(to, *text);
  }
}

static void wrap_docker_json(GString *to, const char *line, guint number) {
  g_string_append(to, "{\"log\":\"");
  append_json(to, line);
  g_string_append(to, "\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-25T15:14:34Z\"}\n");
}

static void wrap_go_test(GString *to, const char *line, guint number) {
  if (number == 0)
    g_string_append(to, "{\"Time\":\"2026\",\"Action\":\"start\",\"Package\":\"x\"}\n");
  g_string_append(to, "{\"Time\":\"2026\",\"Action\":\"output\",\"Package\":\"x\",\"Output\":\"");
  append_json(to, line);
  g_string_append(to, "\\n\"}\n");
}

static void wrap_compose_json(GString *to, const char *line, guint number) {
  g_string_append(
      to, "web-1 | {\"level\": \"error\", \"n\": [{\"a\": \"]}\"}, 1.5, null], \"msg\": \"");
  append_json(to, line);
  g_string_append(to, "\"}\n");
}

/* Lines of the program's own log between those of the dump. */
static void wrap_between(GString *to, const char *line, guint number) {
  g_string_append_printf(to, "%s\n", line);
  if (*line == '\t')
    g_string_append(to, "2026/11/25 15:14:34 served(12)\n");
}

static void wrap_trimmed(GString *to, const char *line, guint number) {
  g_autofree char *stripped = g_strstrip(g_strdup(line));
  g_string_append_printf(to, "2026-11-25T15:14:34Z stdout F %s\n", stripped);
}

static const struct {
  const char *name;
  Wrap wrap;
} wraps[] = {
    {"CRLF", wrap_crlf},
    {"CRI", wrap_cri},
    {"docker logs -t", wrap_docker},
    {"docker compose", wrap_compose},
    {"kubectl", wrap_kubectl},
    {"journal", wrap_journal},
    {"journal, ISO", wrap_journal_iso},
    {"rsyslog", wrap_rsyslog},
    {"Go's log", wrap_go_log},
    {"Heroku", wrap_heroku},
    {"GitLab", wrap_gitlab},
    {"colours", wrap_colours},
    {"docker's JSON", wrap_docker_json},
    {"go test -json", wrap_go_test},
    {"JSON behind compose", wrap_compose_json},
    {"log between", wrap_between},
    {"trimmed", wrap_trimmed},
};

/* ---- Tests ---------------------------------------------------------------------------------- */

static const char dump_sql[] =
    "SELECT id, state, wait_minutes, locked_to_thread, creator, count,"
    " (SELECT group_concat(function || file || line) FROM stack_frame f WHERE f.stack = d.stack),"
    " (SELECT group_concat(function || file || line) FROM stack_frame f"
    "  WHERE f.stack = d.create_stack) FROM dump_goroutine d";
static const char race_sql[] =
    "SELECT kind, address, goroutine, previous_kind, previous_goroutine,"
    " (SELECT group_concat(function || file || line) FROM stack_frame f WHERE f.stack = r.stack),"
    " (SELECT group_concat(function || file || line) FROM stack_frame f"
    "  WHERE f.stack = r.previous_stack),"
    " (SELECT group_concat(function || file || line) FROM stack_frame f"
    "  WHERE f.stack = r.goroutine_create_stack) FROM race r ORDER BY id";

static const struct {
  const char *path, *sql;
} files[] = {
    {"dumps/sigquit-go1.19.txt", dump_sql},
    {"dumps/labels-go1.27.txt", dump_sql},
    {"races/go-test-go1.27.txt", race_sql},
};

static char *read_data(const char *name) {
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  g_autofree char *path = g_build_filename(data, name, NULL);
  gsize size;
  char *text = test_read_file(path, &size, NULL);

  ck_assert_ptr_nonnull(text);
  return text;
}

static char *rows_of(const GString *bytes, const char *sql, const char *what) {
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import_bytes(bytes->str, bytes->len, &error);
  GString *rows;

  ck_assert_msg(store != NULL, "%s: %s", what, error ? error->message : "");
  rows = test_query(store->store, sql, &error);
  ck_assert_msg(rows != NULL, "%s: %s", what, error ? error->message : "");
  return g_string_free(rows, FALSE);
}

START_TEST(wrapped) {
  g_autofree char *text = read_data(files[_i].path);
  g_autoptr(GString) plain = g_string_new(text);
  g_autofree char *expected = rows_of(plain, files[_i].sql, "plain");
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  ck_assert_uint_gt(strlen(expected), 400);
  for (gsize w = 0; w < G_N_ELEMENTS(wraps); w++) {
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autofree char *got = NULL, *difference = NULL;

    for (guint i = 0; lines[i]; i++)
      wraps[w].wrap(bytes, lines[i], i);
    got = rows_of(bytes, files[_i].sql, wraps[w].name);
    difference = test_compare_lines(expected, got);
    ck_assert_msg(!difference, "%s, %s: %s", files[_i].path, wraps[w].name, difference);
  }
}
END_TEST

/* A structured log that holds the whole dump in one member. */
START_TEST(whole_in_json) {
  g_autofree char *text = read_data(files[0].path);
  g_autoptr(GString) plain = g_string_new(text);
  g_autoptr(GString) bytes = g_string_new("{\"level\":\"info\",\"msg\":\"started\"}\n");
  g_autofree char *expected = rows_of(plain, dump_sql, "plain");
  g_autofree char *got = NULL;

  g_string_append(bytes, "{\"level\":\"error\",\"msg\":\"goroutines\",\"stack\":\"");
  append_json(bytes, text);
  g_string_append(bytes, "\"}\n{\"level\":\"info\",\"msg\":\"over\",\"stack\":\"main.f\"}\n");
  got = rows_of(bytes, dump_sql, "in JSON");
  ck_assert_str_eq(got, expected);
}
END_TEST

/* What is no prefix stays. */
START_TEST(not_prefixes) {
  static const char *const lines[] = {
      "goroutine 1 [running]:",
      "main.main()",
      "\t/home/user/main.go:12 +0x1d",
      "created by main.main in goroutine 1",
      "panic: 2026-11-25T15:14:34Z",
      "[originating from goroutine 1]:",
      "2026-11-25 was the day",
      "2026-11-25T15:14:34.x",
      "Nov 25 15:14",
      "May the source",
      "a|b",
      "[pod/",
      "12",
      "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
    UnparkText line = {lines[i], strlen(lines[i])};
    ck_assert_msg(!unpark_log_prefix(&line), "%s", lines[i]);
    ck_assert_uint_eq(line.len, strlen(lines[i]));
  }
}
END_TEST

START_TEST(json_texts) {
  static const struct {
    const char *line, *text; /* NULL: none */
  } cases[] = {
      {"{\"log\":\"a\\tb\\u00e9\\ud83d\\ude00\\/\"}", "a\tbé😀/"},
      {"{ \"msg\" : \"x\" , \"log\":\"y\"}", "x"},
      {"{\"n\":1,\"o\":{\"log\":\"inner\"},\"msg\":\"outer\"}", "outer"},
      {"{\"msg\":\"m\",\"stack\":\"goroutine 1 [running]:\"}", "goroutine 1 [running]:"},
      {"{\"msg\":\"m\",\"stack\":\"other\"}", "m"},
      {"{\"msg\":\"cut", NULL},
      {"{\"msg\":\"cut\\", NULL},
      {"{\"msg\":\"\\ud83d\"}", "\xef\xbf\xbd"},
      {"{\"a\":]}", NULL},
      {"{\"a\":[[[[", NULL},
      {"{}", NULL},
      {"{", NULL},
      {"{\"msg\":7}", NULL},
      {"text", NULL},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) got = g_string_new(NULL);
    gboolean found = unpark_log_json((UnparkText){cases[i].line, strlen(cases[i].line)}, got);
    ck_assert_msg(found == (cases[i].text != NULL), "%s", cases[i].line);
    if (found)
      ck_assert_str_eq(got->str, cases[i].text);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("log-line");
  TCase *tcase = tcase_create("log-line");

  tcase_add_loop_test(tcase, wrapped, 0, G_N_ELEMENTS(files));
  tcase_add_test(tcase, whole_in_json);
  tcase_add_test(tcase, not_prefixes);
  tcase_add_test(tcase, json_texts);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
