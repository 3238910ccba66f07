/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli report: well-formed HTML that loads nothing, the same bytes each time, numbers that
 * are those of the other commands, and names that stay text. */
#include <glib/gstdio.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

#define MOST_BYTES (2 << 20)

static char *dir;

static char *data_path(const char *file) {
  return g_build_filename(UNPARK_TEST_DATA, file, NULL);
}

/* What the report of the file is; free with g_free(). */
static char *report(const char *path, const char *out, const char *first, const char *second,
                    const char *third, const char *fourth) {
  g_autofree char *target = g_build_filename(dir, out, NULL);
  g_auto(TestRun) run = {0};
  char *text = NULL;
  run.status = test_run_cli(NULL, &run.out, &run.err, "report", path, "-o", target, first, second,
                            third, fourth, NULL);
  ck_assert_msg(run.status == 0, "%s: %s", path, run.err);
  ck_assert_msg(*run.err == '\0', "%s: %s", path, run.err);
  ck_assert(g_file_get_contents(target, &text, NULL, NULL));
  return text;
}

/* ---- HTML ----------------------------------------------------------------------------------- */

/* The value of an attribute in a tag's text; NULL: it has none. Free with g_free(). */
static char *attribute(const char *tag, const char *name) {
  g_autofree char *wanted = g_strdup_printf(" %s=\"", name);
  const char *at = strstr(tag, wanted);
  return at ? g_strndup(at + strlen(wanted), strcspn(at + strlen(wanted), "\"")) : NULL;
}

static void check_tag(const char *tag, GHashTable *ids) {
  static const char *const refused[] = {
      " src=",   " srcset=", " data=", " action=", " xlink:href=", " onload=", "<script", "<link",
      "<iframe", "<object",  "<embed", "<img",     "<base",        "<use",     "<image"};
  g_autofree char *href = attribute(tag, "href");
  char *id = attribute(tag, "id");
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++)
    ck_assert_msg(!strstr(tag, refused[i]), "%s", tag);
  ck_assert_msg(!href || *href == '#', "%s", tag);
  if (id)
    ck_assert_msg(g_hash_table_add(ids, id), "%s twice", id);
}

/* Every element is closed, in order; nothing is loaded; no address is there twice. */
static void check_html(const char *html) {
  g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  ck_assert(g_str_has_prefix(html, "<!DOCTYPE html>\n"));
  ck_assert_uint_lt(strlen(html), MOST_BYTES);
  ck_assert(g_utf8_validate(html, -1, NULL));
  ck_assert_ptr_null(strstr(html, "url("));
  ck_assert_ptr_null(strstr(html, "@import"));
  for (const char *p = strchr(html + 2, '<'); p; p = strchr(p, '<')) {
    const char *end = strchr(p, '>');
    ck_assert_ptr_nonnull(end);
    g_autofree char *tag = g_strndup(p, (gsize)(end - p));
    g_autofree char *name = g_strndup(p + 1, strcspn(p + 1, " >/\n"));
    check_tag(tag, ids);
    if (p[1] == '/') {
      ck_assert_uint_gt(open->len, 0);
      ck_assert_str_eq(p[1] == '/' ? tag + 2 : tag, open->pdata[open->len - 1]);
      g_ptr_array_set_size(open, (int)open->len - 1);
    } else if (end[-1] != '/' && strcmp(name, "meta") != 0) {
      g_ptr_array_add(open, g_strdup(name));
    }
    p = end;
  }
  ck_assert_uint_eq(open->len, 0);
  ck_assert_ptr_nonnull(strstr(html, "<th scope=\"col\""));
  ck_assert_ptr_nonnull(strstr(html, "prefers-color-scheme:dark"));
  ck_assert_ptr_nonnull(strstr(html, "@media print"));
}

static const char *const files[] = {
    "sample.trace",           "truth/convoy.trace.zst",
    "truth/dead.trace",       "gotrace1/cgo-go1.19.trace",
    "damaged/nostop.trace",   "profiles/go1.27/webshop/cpu.pprof",
    "perf/difference.folded", "dumps/everything.txt",
    "races/race-go1.27.txt",
};

START_TEST(files_of_every_kind) {
  g_autofree char *path = data_path(files[_i]);
  g_autofree char *html = report(path, "a.html", NULL, NULL, NULL, NULL);
  g_autofree char *again = report(path, "a.html", NULL, NULL, NULL, NULL);
  g_autofree char *markdown = report(path, "a.md", "--title", "A *title* `here`", NULL, NULL);
  g_autofree char *json = report(path, "a.json", NULL, NULL, NULL, NULL);
  check_html(html);
  ck_assert_str_eq(html, again);
  ck_assert(g_str_has_prefix(markdown, "# A \\*title\\* \\`here\\`\n"));
  struct json_object *root = json_tokener_parse(json);
  ck_assert_ptr_nonnull(root);
  json_object_put(root);
}
END_TEST

/* No heading without anything below it. */
START_TEST(questions_of_its_kind) {
  g_autofree char *spans = data_path("spans/shop.otlp.json"), *trace = data_path("sample.trace");
  g_autofree char *without = report(spans, "a.md", NULL, NULL, NULL, NULL);
  g_autofree char *with = report(trace, "a.md", NULL, NULL, NULL, NULL);
  ck_assert_ptr_null(strstr(without, "## Usual Questions"));
  ck_assert_ptr_nonnull(strstr(with, "## Usual Questions"));
}
END_TEST

/* ---- Numbers -------------------------------------------------------------------------------- */

static struct json_object *parse(char *text) {
  struct json_object *root = json_tokener_parse(text);
  ck_assert_ptr_nonnull(root);
  g_free(text);
  return root;
}

static struct json_object *ask(const char *path, const char *command, const char *option,
                               const char *value) {
  g_auto(TestRun) run = {0};
  run.status = test_run_cli(NULL, &run.out, &run.err, command, path, "--format", "json", option,
                            value, NULL);
  ck_assert_msg(run.status == 0, "%s", run.err);
  return parse(g_steal_pointer(&run.out));
}

/* The first section of the name, at any depth; NULL: there is none. */
static struct json_object *section(struct json_object *in, const char *name) {
  struct json_object *sections = json_object_object_get(in, "sections");
  for (gsize i = 0; i < json_object_array_length(sections); i++) {
    struct json_object *one = json_object_array_get_idx(sections, i);
    if (strcmp(json_object_get_string(json_object_object_get(one, "name")), name) == 0)
      return one;
    struct json_object *inner = section(one, name);
    if (inner)
      return inner;
  }
  return NULL;
}

/* The first block of a section that has the member. */
static struct json_object *block(struct json_object *section, const char *member) {
  struct json_object *blocks = json_object_object_get(section, "blocks"), *found;
  for (gsize i = 0; i < json_object_array_length(blocks); i++)
    if (json_object_object_get_ex(json_object_array_get_idx(blocks, i), member, &found))
      return json_object_array_get_idx(blocks, i);
  ck_abort_msg("no %s", member);
}

static void expect_same(struct json_object *a, struct json_object *b, const char *what) {
  gboolean numbers =
      json_object_is_type(a, json_type_double) || json_object_is_type(b, json_type_double);
  ck_assert_msg(numbers ? !(fabs(json_object_get_double(a) - json_object_get_double(b)) > 0)
                        : json_object_equal(a, b),
                "%s: %s, not %s", what, json_object_get_string(a), json_object_get_string(b));
}

/* Members of an object, and a row of a table of the report, by the names of columns that both
 * have. At least `least` of them. */
static void expect_row(struct json_object *object, struct json_object *table, gsize row,
                       guint least) {
  struct json_object *columns = json_object_object_get(table, "columns");
  struct json_object *rows = json_object_object_get(table, "rows");
  guint n = 0;
  ck_assert_uint_lt(row, json_object_array_length(rows));
  for (gsize i = 0; i < json_object_array_length(columns); i++) {
    const char *name = json_object_get_string(json_object_array_get_idx(columns, i));
    struct json_object *value;
    if (!json_object_object_get_ex(object, name, &value) || strcmp(name, "level") == 0)
      continue;
    if (strcmp(name, "name") == 0 && row == 0)
      continue; /* "All" */
    expect_same(json_object_array_get_idx(json_object_array_get_idx(rows, row), i), value, name);
    n++;
  }
  ck_assert_uint_ge(n, least);
}

static void expect_findings(struct json_object *report, struct json_object *asked,
                            const char *html) {
  struct json_object *findings = json_object_object_get(asked, "findings");
  struct json_object *in_report = section(report, "findings");
  ck_assert_uint_gt(json_object_array_length(findings), 0);
  for (gsize i = 0; i < json_object_array_length(findings); i++) {
    struct json_object *one = json_object_array_get_idx(findings, i);
    expect_row(one, block(in_report, "rows"), i, 4);
    g_autofree char *exact = g_strdup_printf(
        "<data value=\"%s\">", json_object_get_string(json_object_object_get(one, "total_ns")));
    ck_assert_msg(strstr(html, exact), "%s", exact);
  }
}

START_TEST(numbers_are_those_of_the_commands) {
  g_autofree char *path = data_path("sample.trace");
  g_autofree char *html = report(path, "n.html", "--from", "20ms", "--filter", "main");
  struct json_object *r = parse(report(path, "n.json", NULL, NULL, NULL, NULL));
  struct json_object *findings = ask(path, "findings", NULL, NULL);
  struct json_object *waits = ask(path, "latency", "--what", "wait");
  struct json_object *rows = ask(path, "query", "--template", "processors-by-function");
  g_autofree char *whole = report(path, "n.html", NULL, NULL, NULL, NULL);
  expect_findings(r, findings, whole);
  struct json_object *series = json_object_object_get(waits, "rows");
  for (gsize i = 0; i < 5; i++)
    expect_row(json_object_array_get_idx(series, i), block(section(r, "wait"), "rows"), i, 7);
  /* The sixth template of a trace. */
  struct json_object *templates = json_object_object_get(section(r, "templates"), "sections");
  struct json_object *table = block(json_object_array_get_idx(templates, 5), "rows");
  for (gsize i = 0; i < json_object_array_length(rows); i++)
    expect_row(json_object_array_get_idx(rows, i), table, i + 0, 6);
  ck_assert_str_ne(html, whole);
  ck_assert_ptr_nonnull(strstr(html, "--from &#39;20ms&#39; --filter &#39;main&#39;"));
  check_html(html);
  json_object_put(r);
  json_object_put(findings);
  json_object_put(waits);
  json_object_put(rows);
}
END_TEST

START_TEST(comparison) {
  g_autofree char *before = data_path("compare/base.trace");
  g_autofree char *after = data_path("compare/lock.trace");
  g_autofree char *html = report(after, "c.html", "--compare", before, NULL, NULL);
  struct json_object *r = parse(report(after, "c.json", "--compare", before, NULL, NULL));
  g_auto(TestRun) run = {0};
  run.status =
      test_run_cli(NULL, &run.out, &run.err, "compare", before, after, "--format", "json", NULL);
  struct json_object *asked = parse(g_steal_pointer(&run.out));
  struct json_object *rows = json_object_object_get(asked, "rows");
  struct json_object *table = block(section(r, "compare"), "rows");
  check_html(html);
  for (gsize i = 0; i < 20; i++) {
    struct json_object *row = json_object_array_get_idx(json_object_object_get(table, "rows"), i);
    struct json_object *one = json_object_array_get_idx(rows, i);
    expect_same(json_object_array_get_idx(row, 2), json_object_object_get(one, "a"), "a");
    expect_same(json_object_array_get_idx(row, 3), json_object_object_get(one, "b"), "b");
  }
  json_object_put(asked);
  json_object_put(r);
}
END_TEST

/* ---- Hostile names -------------------------------------------------------------------------- */

START_TEST(names_stay_text) {
  static const char stacks[] = "main.<script>alert(1)</script>;a.\"&'onload=x 3\n"
                               "b.</code></pre><img src=x>;c.`|**bold** 4\n"
                               "d.\xe2\x80\xae txt;e.]](http://example.com) 2\n";
  g_autofree char *path = g_build_filename(dir, "<b>\"x\" & 'y'.folded", NULL);
  ck_assert(g_file_set_contents(path, stacks, -1, NULL));
  g_autofree char *html = report(path, "h.html", "--title", "</title><script>", NULL, NULL);
  g_autofree char *markdown = report(path, "h.md", NULL, NULL, NULL, NULL);
  check_html(html);
  ck_assert_ptr_nonnull(strstr(html, "main.&lt;script&gt;"));
  ck_assert_ptr_null(strstr(html, "\xe2\x80\xae"));
  ck_assert_ptr_null(strstr(markdown, "**bold**"));
  ck_assert_ptr_null(strstr(markdown, "\xe2\x80\xae"));
}
END_TEST

/* ---- Options -------------------------------------------------------------------------------- */

START_TEST(options) {
  g_autofree char *path = data_path("truth/convoy.trace.zst");
  g_autofree char *dump = data_path("dumps/everything.txt");
  g_autofree char *chinese = report(path, "z.html", "--lang", "zh_CN", "--sections", "templates");
  const struct {
    int status;
    const char *err, *args[7];
  } runs[] = {
      {2, "-o", {"report", path}},
      {2, ".html, .md", {"report", path, "-o", "x.txt"}},
      {2, "“all”", {"report", path, "-o", "-", "-fjson", "--sections", "all"}},
      {2, "NAME=VALUE", {"report", path, "-o", "-", "-fjson", "-p", "x"}},
      {2, "“none”", {"report", path, "-o", "-", "-fjson", "-t", "none"}},
      {1, "trace", {"report", dump, "-o", "-", "-fjson", "--filter", "main"}},
      {1, "No such file", {"report", "/nowhere", "-o", "-", "-fjson"}},
      {0, "", {"report", path, dump, "-o", "-", "-fmarkdown"}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(runs); i++) {
    g_auto(TestRun) run = {0};
    const char *const *a = runs[i].args;
    run.status =
        test_run_cli(dir, &run.out, &run.err, a[0], a[1], a[2], a[3], a[4], a[5], a[6], NULL);
    ck_assert_msg(run.status == runs[i].status, "%u: %d %s", i, run.status, run.err);
    ck_assert_msg(strstr(run.err, runs[i].err), "%u: %s", i, run.err);
  }
  /* Of one template alone, with its parameter. */
  g_autofree char *one =
      report(path, "t.md", "--template=mutex-convoy", "--param=limit=1", "--sections", "templates");
  ck_assert_ptr_nonnull(strstr(one, "4.882"));
  ck_assert_ptr_null(strstr(one, "Stop-the-World"));
  ck_assert_ptr_nonnull(strstr(chinese, "锁的排队"));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("report");
  TCase *tcase = tcase_create("report");
  dir = g_dir_make_tmp("unpark-report-XXXXXX", NULL);
  tcase_add_loop_test(tcase, files_of_every_kind, 0, G_N_ELEMENTS(files));
  tcase_add_test(tcase, questions_of_its_kind);
  tcase_add_test(tcase, numbers_are_those_of_the_commands);
  tcase_add_test(tcase, comparison);
  tcase_add_test(tcase, names_stay_text);
  tcase_add_test(tcase, options);
  suite_add_tcase(suite, tcase);
  int failed = test_run(suite);
  test_remove_tree(dir);
  g_free(dir);
  return failed;
}
