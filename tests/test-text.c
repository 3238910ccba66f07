/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text sources: lines, stacks, head lines, labels, numbers; and that every fixture is read by the
 * importer it is for. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "importers/registry/registry.h"
#include "importers/text/debug1-head.h"
#include "importers/text/dump-header.h"
#include "importers/text/labels.h"
#include "importers/text/lines.h"
#include "importers/text/perf-line.h"
#include "importers/text/stack.h"
#include "model/base/error.h"
#include "tests/support.h"

static const char *data_dir;

static UnparkText text(const char *s) {
  return (UnparkText){s, strlen(s)};
}

static char *copy(UnparkText t) {
  return g_strndup(t.len ? t.text : "", t.len);
}

#define assert_text(got, expected)                                                                 \
  G_STMT_START {                                                                                   \
    g_autofree char *got_ = copy(got);                                                             \
    ck_assert_str_eq(got_, expected);                                                              \
  }                                                                                                \
  G_STMT_END

/* ---- Lines -------------------------------------------------------------------------------- */

typedef struct {
  char *dir;
  UnparkWriter *writer;
} Scratch;

static Scratch scratch_new(void) {
  Scratch s = {.dir = g_dir_make_tmp("unpark-text-XXXXXX", NULL)};
  g_autofree char *path = g_build_filename(s.dir, "store", NULL);

  s.writer = unpark_writer_new(path, FALSE, NULL);
  ck_assert_ptr_nonnull(s.writer);
  return s;
}

static void scratch_clear(Scratch *s) {
  unpark_writer_free(s->writer);
  test_remove_tree(s->dir);
  g_free(s->dir);
}

START_TEST(lines_of_every_kind) {
  static const char bytes[] = "one\r\ntwo\n\nfo\0ur\r\r\nlast";
  static const struct {
    const char *text;
    gsize len;
  } expected[] = {{"one", 3}, {"two", 3}, {"", 0}, {"fo\0ur\r", 6}, {"last", 4}};
  g_autoptr(UnparkInput) in = unpark_input_from_memory((const guint8 *)bytes, sizeof bytes - 1);
  Scratch s = scratch_new();
  UnparkLines lines;
  UnparkText line;
  g_autoptr(GError) error = NULL;

  unpark_lines_init(&lines, in, s.writer, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
    ck_assert(unpark_lines_next(&lines, &line, &error));
    ck_assert_uint_eq(line.len, expected[i].len);
    ck_assert_int_eq(memcmp(line.text, expected[i].text, line.len), 0);
    ck_assert_uint_eq(lines.number, i + 1);
    if (i == 1) { /* once more */
      unpark_lines_again(&lines);
      ck_assert(unpark_lines_next(&lines, &line, &error));
      assert_text(line, "two");
    }
  }
  ck_assert(!unpark_lines_next(&lines, &line, &error));
  ck_assert_ptr_null(error);
  ck_assert(unpark_lines_note(&lines));
  scratch_clear(&s);
}
END_TEST

/* 100 MB without an end, between two short lines. */
START_TEST(line_without_end) {
  const gsize size = 100u << 20;
  char *bytes = g_malloc(size);
  g_autoptr(UnparkInput) in = unpark_input_from_memory((const guint8 *)bytes, size);
  Scratch s = scratch_new();
  UnparkLines lines;
  UnparkText line;

  memset(bytes, 'x', size);
  memcpy(bytes, "first\n", 6);
  memcpy(bytes + size - 6, "\nlast\n", 6);
  unpark_lines_init(&lines, in, s.writer, NULL);
  ck_assert(unpark_lines_next(&lines, &line, NULL));
  assert_text(line, "first");
  ck_assert(unpark_lines_next(&lines, &line, NULL));
  ck_assert_uint_eq(line.len, UNPARK_LINE_MAX);
  ck_assert(unpark_lines_next(&lines, &line, NULL));
  assert_text(line, "last");
  ck_assert(!unpark_lines_next(&lines, &line, NULL));
  ck_assert(!unpark_lines_note(&lines));
  scratch_clear(&s);
  g_free(bytes);
}
END_TEST

START_TEST(numbers) {
  gint64 value;
  guint64 hex;
  UnparkText t = text("9223372036854775808x");

  ck_assert(unpark_text_take_number(&t, FALSE, &value));
  ck_assert_int_eq(value, G_MAXINT64);
  assert_text(t, "x");
  t = text("-12");
  ck_assert(!unpark_text_take_number(&t, FALSE, &value));
  ck_assert(unpark_text_take_number(&t, TRUE, &value));
  ck_assert_int_eq(value, -12);
  t = text("0xFFFFffffFFFFffff ");
  ck_assert(unpark_text_take_hex(&t, &hex));
  ck_assert_uint_eq(hex, G_MAXUINT64);
  t = text("0x1ffffffffffffffff");
  ck_assert(!unpark_text_take_hex(&t, &hex));
  t = text("0x");
  ck_assert(!unpark_text_take_hex(&t, &hex));
}
END_TEST

/* ---- Stacks -------------------------------------------------------------------------------- */

static const struct {
  const char *line, *name;
  gboolean has_arguments, inlined;
} functions[] = {
    {"main.main()", "main.main", TRUE, FALSE},
    {"  main.main.func1()", "main.main.func1", TRUE, FALSE},
    {"main.(*ledger).post(0xc000012345?, {0x1, 0x2})", "main.(*ledger).post", TRUE, FALSE},
    {"sync.(*Mutex).Lock(...)", "sync.(*Mutex).Lock", TRUE, TRUE},
    {"main.f({{0x0?, 0x0}, (0x1)})", "main.f", TRUE, FALSE},
    {"main.(*T[...]).M(...)", "main.(*T[...]).M", TRUE, TRUE},
    {"panic({0x1?, 0x2?})", "panic", TRUE, FALSE},
    {"c_callback", "c_callback", FALSE, FALSE},
    {"()", "()", FALSE, FALSE},
    {"a)", "a)", FALSE, FALSE},
};

START_TEST(function_lines) {
  gboolean has_arguments, inlined;
  UnparkText name = unpark_go_function(text(functions[_i].line), &has_arguments, &inlined);

  assert_text(name, functions[_i].name);
  ck_assert_int_eq(has_arguments, functions[_i].has_arguments);
  ck_assert_int_eq(inlined, functions[_i].inlined);
}
END_TEST

static const struct {
  const char *line, *file; /* NULL: none */
  guint32 number;
  gboolean is_c;
} positions[] = {
    {"\t/home/me/a.go:12 +0x25", "/home/me/a.go", 12, FALSE},
    {"\t/home/me/with blank/a.go:12", "/home/me/with blank/a.go", 12, FALSE},
    {"\tC:/src/a.go:7 +0x25 fp=0xc0 sp=0xc1 pc=0xc2", "C:/src/a.go", 7, FALSE},
    {"      racy/main.go:21 +0x6b", "racy/main.go", 21, FALSE},
    {"\t<autogenerated>:1 +0x5", "<autogenerated>", 1, FALSE},
    {"\t/src/c.c:12 pc=0x7f00", "/src/c.c", 12, TRUE},
    {"\tpc=0x7f00", "", 0, TRUE},
    {"\ta.go:99999999999999999999", "a.go", G_MAXINT32, FALSE},
    {"a.go:12 +0x25", "a.go", 12, FALSE}, /* a logger took the tab away */
    {"C:/src/a.go:12", "C:/src/a.go", 12, FALSE},
    {"main.go(12)", NULL, 0, FALSE},
    {"localhost:8080", NULL, 0, FALSE},
    {"\ta.go:x", NULL, 0, FALSE},
    {"\ta.go:12x", NULL, 0, FALSE},
    {"\t:12", NULL, 0, FALSE},
    {"\t", NULL, 0, FALSE},
};

START_TEST(position_lines) {
  UnparkGoPosition position;

  if (!positions[_i].file) {
    ck_assert(!unpark_go_position(text(positions[_i].line), &position));
    return;
  }
  ck_assert(unpark_go_position(text(positions[_i].line), &position));
  assert_text(position.file, positions[_i].file);
  ck_assert_uint_eq(position.line, positions[_i].number);
  ck_assert_int_eq(position.is_c, positions[_i].is_c);
}
END_TEST

static const struct {
  const char *line, *state; /* NULL: no head line */
  gint64 id, minutes;
  gboolean locked;
  const char *labels;
} headers[] = {
    {"goroutine 1 [running]:", "running", 1, UNPARK_NONE, FALSE, ""},
    {"goroutine 7 [chan receive, 12 minutes]:", "chan receive", 7, 12, FALSE, ""},
    {"goroutine 7 [select, 1 minutes, locked to thread]:", "select", 7, 1, TRUE, ""},
    {"goroutine 0 gp=0xa1 m=0 mp=0xa2 [idle]:", "idle", 0, UNPARK_NONE, FALSE, ""},
    {"goroutine 3 [select (no cases)]:", "select (no cases)", 3, UNPARK_NONE, FALSE, ""},
    {"goroutine 3 [sleep (durable), 2 minutes, synctest bubble 4]:", "sleep (durable)", 3, 2, FALSE,
     ""},
    {"goroutine 3 [IO wait] {job: \"a ] b\", user: 7}:", "IO wait", 3, UNPARK_NONE, FALSE,
     "job: \"a ] b\", user: 7"},
    {"2026-05-01T10:00:00Z stderr F goroutine 9 [running]:", "running", 9, UNPARK_NONE, FALSE, ""},
    {"goroutine 1 [running]", NULL, 0, 0, FALSE, NULL},
    {"goroutine x [running]:", NULL, 0, 0, FALSE, NULL},
    {"goroutine 1 []:", NULL, 0, 0, FALSE, NULL},
    {"goroutine profile: total 3", NULL, 0, 0, FALSE, NULL},
    {"created by main.main in goroutine 1", NULL, 0, 0, FALSE, NULL},
    {"[originating from goroutine 1]:", NULL, 0, 0, FALSE, NULL},
    {"mygoroutine 1 [running]:", NULL, 0, 0, FALSE, NULL},
};

START_TEST(header_lines) {
  UnparkDumpHeader header;

  ck_assert_int_eq(unpark_dump_header(text(headers[_i].line), &header), headers[_i].state != NULL);
  if (!headers[_i].state)
    return;
  ck_assert_int_eq(header.id, headers[_i].id);
  assert_text(header.state, headers[_i].state);
  ck_assert_int_eq(header.wait_minutes, headers[_i].minutes);
  ck_assert_int_eq(header.locked, headers[_i].locked);
  assert_text(header.labels, headers[_i].labels);
}
END_TEST

/* ---- Profiles as text ------------------------------------------------------------------------ */

START_TEST(quoted_labels) {
  UnparkText t = text("\"a\\\"b\\n\\x41\\u4e16\\U0001F600\\ud800\":rest");
  GString *to = g_string_new(NULL);

  ck_assert(unpark_text_unquote(&t, to));
  ck_assert_str_eq(to->str, "a\"b\nA世😀\xef\xbf\xbd");
  assert_text(t, ":rest");
  t = text("\"no end");
  ck_assert(!unpark_text_unquote(&t, to));
  t = text("\"\\x4\"");
  ck_assert(!unpark_text_unquote(&t, to));
  g_string_free(to, TRUE);
}
END_TEST

START_TEST(heap_values_are_scaled) {
  UnparkDebug1Head head;
  gint64 values[UNPARK_DEBUG1_VALUES_MAX], block;
  UnparkText line = text("2: 192 [4: 384] @ 0x1");

  ck_assert(unpark_debug1_head(text("heap profile: 9: 10 [11: 12] @ heap/8192"), &head));
  ck_assert(head.has_alloc && head.scale);
  ck_assert_int_eq(head.period, 4096);
  ck_assert(unpark_debug1_values(&head, &line, values, &block));
  /* 1 / (1 - exp(-96 / 4096)) = 43.17 */
  ck_assert_int_eq(values[0], 172);
  ck_assert_int_eq(values[1], 16576);
  ck_assert_int_eq(values[2], 86);
  ck_assert_int_eq(values[3], 8288);
  ck_assert_int_eq(block, 96);
  line = text("9223372036854775807: 9223372036854775807 [1: -1] @");
  ck_assert(unpark_debug1_values(&head, &line, values, &block));
  ck_assert(unpark_debug1_head(text("heap profile: 1: 2 [1: 2] @ heap/1"), &head));
  ck_assert(!head.has_alloc);
  ck_assert(!unpark_debug1_head(text("heap profile: 1: 2 [1: 2] @ pile/1"), &head));
}
END_TEST

START_TEST(readable_labels) {
  static const char *const pairs[][2] = {
      {"user: ann", "user: ann"},
      {"\"user\": \"ann\", \"a b\": \"c\"", "user: ann, \"a b\": c"},
      {"\"\\u043a\": \"x \\\"y\\\"\"", "\u043a: \"x \\\"y\\\"\""},
      {"\"cut", "\"cut"},
      {"", ""},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
    g_autoptr(GString) got = unpark_text_readable(text(pairs[i][0]));
    ck_assert_str_eq(got->str, pairs[i][1]);
  }
}
END_TEST

START_TEST(perf_lines) {
  UnparkPerfHead head;
  UnparkPerfFrame frame;

  ck_assert(unpark_perf_head(text("  kworker/0:1 H  4711/4713  [002]  81.456789:   250000 "
                                  "cpu-clock:pppH: "),
                             &head));
  assert_text(head.comm, "kworker/0:1 H");
  ck_assert_int_eq(head.pid, 4711);
  ck_assert_int_eq(head.tid, 4713);
  ck_assert_int_eq(head.cpu, 2);
  ck_assert_int_eq(head.time_ns, 81456789000);
  ck_assert_int_eq(head.period, 250000);
  assert_text(head.event, "cpu-clock:pppH");
  ck_assert(unpark_perf_head(text("swapper 0 [001] 8.000000001: cycles: "), &head));
  ck_assert_int_eq(head.pid, UNPARK_NONE);
  ck_assert_int_eq(head.period, UNPARK_NONE);
  ck_assert_int_eq(head.time_ns, 8000000001);
  ck_assert(!unpark_perf_head(text("99999999999999999999 1 9999999999999999999.1: x: "), &head));
  ck_assert(unpark_perf_frame(text("\t4f52 main.(*l).post+0x46 (/usr/bin/a b)"), &frame));
  ck_assert_uint_eq(frame.address, 0x4f52);
  assert_text(frame.function, "main.(*l).post");
  assert_text(frame.dso, "/usr/bin/a b");
  ck_assert(unpark_perf_frame(text("\t add (inlined)"), &frame));
  ck_assert(frame.inlined && frame.address == 0);
  assert_text(frame.function, "add");
  ck_assert(unpark_perf_frame(text("\t 7f00 [unknown] (libc.so)"), &frame));
  ck_assert_uint_eq(frame.function.len, 0);
  ck_assert(unpark_perf_frame(text("\t 0 [unknown] ([unknown])"), &frame));
  ck_assert_uint_eq(frame.address, 0);
  ck_assert_uint_eq(frame.function.len, 0);
  /* A symbol whose name is empty. */
  ck_assert(unpark_perf_frame(text("\t 7f1e2215d0c0  (/lib/libc-2.15.so)"), &frame));
  ck_assert_uint_eq(frame.address, 0x7f1e2215d0c0);
  ck_assert_uint_eq(frame.function.len, 0);
  assert_text(frame.dso, "/lib/libc-2.15.so");
  ck_assert(!unpark_perf_frame(text("\t foo"), &frame));
  ck_assert(unpark_perf_frame(text("\t 7f00 main.f (/memfd:x (deleted))"), &frame));
  assert_text(frame.function, "main.f");
  assert_text(frame.dso, "/memfd:x (deleted)");
  ck_assert(unpark_perf_bare_frame(text("\t4f52 main.f+0x1"), &frame));
  ck_assert_uint_eq(frame.address, 0x4f52);
  assert_text(frame.function, "main.f");
  ck_assert(unpark_perf_bare_frame(text("\tadd"), &frame));
  assert_text(frame.function, "add");
  ck_assert(!unpark_perf_bare_frame(text("some text"), &frame));
}
END_TEST

/* perf script -F: what is not printed is not known; and what is no head. */
START_TEST(perf_fields) {
  static const char *const strangers[] = {
      "goroutine 1 [running]:", "panic 12 foo: bar",          "shop 4711",
      "shop cycles:u:",         "2026/11/25 15:14:34 hello:", "\tshop 4711 8.1: x:"};
  UnparkPerfHead head;

  ck_assert(unpark_perf_head(text("shop  8.000000001: "), &head));
  ck_assert_int_eq(head.tid, UNPARK_NONE);
  ck_assert_int_eq(head.time_ns, 8000000001);
  ck_assert_uint_eq(head.event.len, 0);
  ck_assert(unpark_perf_head(text("shop  4711/4713   cycles:u: "), &head));
  ck_assert_int_eq(head.tid, 4713);
  ck_assert_int_eq(head.time_ns, UNPARK_NONE);
  assert_text(head.event, "cycles:u");
  ck_assert(unpark_perf_head(text("shop 4711 8.000001:"), &head));
  ck_assert_int_eq(head.tid, 4711);
  for (gsize i = 0; i < G_N_ELEMENTS(strangers); i++)
    ck_assert_msg(!unpark_perf_head(text(strangers[i]), &head), "%s", strangers[i]);
}
END_TEST

/* Samples, frames and what is unknown of a file in each of the forms. */
START_TEST(perf_forms) {
  static const struct {
    const char *text;
    gint64 samples, frames;
  } forms[] = {
      {"shop  8.456789: \n\t47e841 main.f+0x21 (/a)\n\t40b2a0 main.main (/a)\n\n"
       "shop  8.457789: \n\t47e841 main.f (/a)\n\n",
       2, 3},
      {"shop 1/2 cycles:u: \n\t47e841 main.f (/a)\n\n", 1, 1},
      {"\t47e841 main.f (/a)\n\t40b2a0 main.main (/a)\n\n\t47e841 main.f (/a)\n\n", 2, 3},
      {"shop 1 8.456789: 25 cpu-clock:u: \n\t47e841 main.f+0x21\n\t40b2a0 main.main\n\n", 1, 2},
      {"shop 1 8.456789: 25 cpu-clock:u: \n\tmain.f\n\tmain.main\n\n", 1, 2},
      {"shop 1 8.456789: 25 cpu-clock:u: \n\t47e841 main.f (/a)\n  f.go:7\n\n", 1, 1},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(TestStore) store = test_import_bytes(forms[i].text, strlen(forms[i].text), &error);

    ck_assert_msg(store != NULL, "%zu: %s", i, error ? error->message : "");
    ck_assert_int_eq(test_value(store, "SELECT count(*) FROM sample"), forms[i].samples);
    ck_assert_int_eq(test_value(store, "SELECT count(*) FROM sample s JOIN stack_frame f"
                                       " ON f.stack = s.stack"),
                     forms[i].frames);
    ck_assert_int_eq(test_value(store, "SELECT importer = 'perf-script' AND complete FROM source"),
                     1);
  }
}
END_TEST

/* ---- Which importer --------------------------------------------------------------------- */

static const struct {
  const char *file, *importer;
} fixtures[] = {
    {"expected/go1.27/starvation.trace", "gotrace"},
    {"profiles/made/cpp.cpu", "pprof-legacy"},
    {"profiles/go1.27/leak/heap.pprof", "pprof"},
    {"profiles/made/wall-diff.pb", "pprof"},
    {"profiles/go1.27/leak/goroutine.debug1.txt.zst", "pprof-text"},
    {"profiles/go1.19/contention/heap.debug1.txt.zst", "pprof-text"},
    {"dumps/everything.txt", "goroutine-dump"},
    {"dumps/throw-go1.27.txt", "goroutine-dump"},
    {"races/race-go1.27.txt", "race-report"},
    {"races/go-test-go1.27.txt", "race-report"},
    {"perf/webshop.txt", "perf-script"},
    {"perf/stacks.folded", "folded"},
    {"cases/dlv.txt", "delve"},
    {"cases/bpftrace.txt", "bpftrace"},
    {"profiles/made/group.speedscope.json", "speedscope"},
    {"spans/js.otlp.json", "otlp-json"},
    {"spans/shop.tempo.json", "otlp-json"},
    {"spans/js.otlp.pb", "otlp-protobuf"},
    {"spans/js.otlp.framed.pb", "otlp-protobuf"},
    {"spans/shop.jaeger.json", "jaeger"},
    {"spans/js.zipkin.json", "zipkin"},
    {"spans/shop.spans.json", "go-stdouttrace"},
    {"profiles/made/raw.txt", "pprof-raw"},
    {"profiles/made/traces.txt", "pprof-traces"},
};

START_TEST(fixture_finds_its_importer) {
  g_autofree char *path = g_build_filename(data_dir, fixtures[_i].file, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import(path, &error);

  ck_assert_msg(store != NULL, "%s: %s", path, error ? error->message : "");
  ck_assert_str_eq(unpark_store_source(store->store)->importer, fixtures[_i].importer);
  ck_assert(unpark_store_source(store->store)->complete);
}
END_TEST

START_TEST(every_importer_has_a_fixture) {
  for (guint i = 0; unpark_importers[i]; i++) {
    gboolean found = FALSE;
    for (gsize f = 0; f < G_N_ELEMENTS(fixtures); f++)
      found |= g_str_equal(fixtures[f].importer, unpark_importers[i]->name);
    ck_assert_msg(found, "fixtures has nothing for the importer %s", unpark_importers[i]->name);
  }
}
END_TEST

static const char *const strangers[] = {
    "",
    "\n\n\n",
    "hello world\n",
    "2026/11/23 10:00:00 server started on port 8080\n",
    "#include <stdio.h>\nint main(void) { return 0; }\n",
    "a,b,c\n1,2,3\n",
    "{\"a\": [1, 2, 3]}\n",
    "package main\n\nfunc main() {\n\tgo f()\n}\n",
    "one 1\ntwo 2\n",
};

START_TEST(strangers_are_unknown) {
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import_bytes(strangers[_i], strlen(strangers[_i]), &error);

  ck_assert_ptr_null(store);
  ck_assert_msg(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT), "%s",
                error->message);
}
END_TEST

/* In one long line, with stacks in its texts. */
START_TEST(json_is_not_a_deep_stack) {
  g_autoptr(GString) json = g_string_new("{\"cpu\":\"");
  g_autoptr(GError) error = NULL;

  while (json->len < 2 * UNPARK_SNIFF_SIZE)
    g_string_append(json, "main;work 3\\n");
  g_string_append(json, "\"}");
  ck_assert_ptr_null(test_import_bytes(json->str, json->len, &error));
  ck_assert_msg(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_UNKNOWN_FORMAT), "%s",
                error->message);
}
END_TEST

/* A damaged or cut off packing gives what came before it, and says so. */
START_TEST(cut_off_packing) {
  g_autofree char *path = g_build_filename(data_dir, "dumps/leak-go1.27.txt.zst", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr(TestStore) store = NULL;
  gsize size;

  ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
  store = test_import_bytes(bytes, size - 4, NULL);
  if (!store) /* the frame is one block: nothing came before */
    return;
  ck_assert(!unpark_store_source(store->store)->complete);
}
END_TEST

static Suite *make_suite(void) {
  Suite *suite = suite_create("text");
  TCase *tcase = tcase_create("text");

  tcase_add_test(tcase, lines_of_every_kind);
  tcase_add_test(tcase, line_without_end);
  tcase_add_test(tcase, numbers);
  tcase_add_loop_test(tcase, function_lines, 0, G_N_ELEMENTS(functions));
  tcase_add_loop_test(tcase, position_lines, 0, G_N_ELEMENTS(positions));
  tcase_add_loop_test(tcase, header_lines, 0, G_N_ELEMENTS(headers));
  tcase_add_test(tcase, quoted_labels);
  tcase_add_test(tcase, heap_values_are_scaled);
  tcase_add_test(tcase, perf_lines);
  tcase_add_test(tcase, perf_fields);
  tcase_add_test(tcase, perf_forms);
  tcase_add_test(tcase, readable_labels);
  tcase_add_loop_test(tcase, fixture_finds_its_importer, 0, G_N_ELEMENTS(fixtures));
  tcase_add_test(tcase, every_importer_has_a_fixture);
  tcase_add_loop_test(tcase, strangers_are_unknown, 0, G_N_ELEMENTS(strangers));
  tcase_add_test(tcase, json_is_not_a_deep_stack);
  tcase_add_test(tcase, cut_off_packing);
  suite_add_tcase(suite, tcase);
  return suite;
}

int main(void) {

  data_dir = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  return test_run(make_suite());
}
