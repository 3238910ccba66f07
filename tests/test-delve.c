/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli capture of a debugger: a conversation recorded with Delve 1.20.2, shortened and with a
 * label added, and servers that are no Delve. The real one is in tests/live. */
#include <check.h>
#include <string.h>

#include "live/delve/dump.h"
#include "live/delve/json.h"
#include "live/delve/reasons.h"
#include "tests/double.h"
#include "tests/support.h"

/* ---- Pure ----------------------------------------------------------------------------------- */

START_TEST(test_json) {
  static const char *const wrong[] = {"",         "{",          "[1,",       "{\"a\"}",
                                      "{\"a\":}", "\"x",        "\"\\u12\"", "\"\\q\"",
                                      "[1] 2",    "{\"a\":1,}", "[1 2]"};
  static const char good[] = " {\"a\":[1,-2.5e3,true,null,[]],\"b\":\"x\\n\\u00e9\\ud83d\\ude00\","
                             "\"c\":{\"d\":12345678901},\"e\":true}\n";
  g_autoptr(UnparkJsonTree) tree = unpark_json_tree_parse(good, strlen(good));
  g_autoptr(GString) deep = g_string_new(NULL);

  ck_assert_ptr_nonnull(tree);
  ck_assert_str_eq(unpark_json_tree_text(tree, "b"), "x\né😀");
  ck_assert_int_eq(unpark_json_tree_number(unpark_json_tree_get(tree, "c"), "d"), 12345678901);
  ck_assert(unpark_json_tree_flag(tree, "e"));
  ck_assert_int_eq(unpark_json_tree_number(tree, "nothing"), 0);
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    ck_assert_msg(!unpark_json_tree_parse(wrong[i], strlen(wrong[i])), "%s", wrong[i]);
  for (guint i = 0; i < 100000; i++)
    g_string_append_c(deep, '[');
  ck_assert_ptr_null(unpark_json_tree_parse(deep->str, deep->len));
}
END_TEST

START_TEST(test_reasons) {
  static const struct {
    const char *version;
    gint64 number;
    const char *reason;
  } table[] = {
      {"go1.18.1", 18, "semacquire"},
      {"Go cmd/compile go1.19.8", 14, "chan receive"},
      {"go1.20", 21, "sync.Mutex.Lock"},
      {"go1.23.4", 36, "coroutine"},
      {"go1.24", 24, "sync.WaitGroup.Wait"},
      {"go1.25.1", 46, "cleanup wait"},
      {"go1.26", 18, "select"},
      {"go1.31 X:what", 19, "chan receive"},
      {"go1.19", 99, NULL},
      {"go1.11", 1, NULL},
      {"", 1, NULL},
      {"devel", -1, NULL},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
    const char *reason = unpark_delve_reason(table[i].version, table[i].number);
    ck_assert_msg(g_strcmp0(reason, table[i].reason) == 0, "%s %d: %s", table[i].version,
                  (int)table[i].number, reason);
  }
}
END_TEST

/* Three minutes on a clock that is known; a line stays one whatever names hold. */
START_TEST(test_head) {
  static const char text[] = "{\"id\":7,\"status\":4100,\"waitReason\":14,\"waitSince\":1000000000,"
                             "\"labels\":{\"a\\nb\":\"c\\nd\"}}";
  g_autoptr(UnparkJsonTree) g = unpark_json_tree_parse(text, strlen(text));
  g_autoptr(GString) head = g_string_new(NULL);
  UnparkDelveClock clock = {"go1.19", 200 * G_GINT64_CONSTANT(1000000000)};

  unpark_delve_dump_head(head, g, &clock);
  ck_assert_str_eq(head->str,
                   "goroutine 7 [chan receive, 3 minutes] {a\357\277\275b: \"c\\nd\"}:\n");
  clock.now_ns = 0;
  g_string_truncate(head, 0);
  unpark_delve_dump_head(head, g, &clock);
  ck_assert_ptr_null(strstr(head->str, "minutes"));
}
END_TEST

/* ---- A recorded conversation ---------------------------------------------------------------- */

static char *conversation;
static TestDouble *server;
static char *folder, *at;
static gboolean halted;

/* The answer recorded for `key`; NULL: there is none. */
static char *recorded(const char *key) {
  g_autofree char *begin = g_strdup_printf("\n%s ", key);
  const char *from = strstr(conversation, begin);

  if (!from)
    return NULL;
  from += strlen(begin);
  return g_strndup(from, strcspn(from, "\n"));
}

static void answer(const char *request, GOutputStream *out, gpointer data) {
  g_autoptr(UnparkJsonTree) call = unpark_json_tree_parse(request, strlen(request));
  const char *method = unpark_json_tree_text(call, "method") + strlen("RPCServer.");
  const UnparkJsonTree *params = unpark_json_tree_get(call, "params");
  int id = (int)unpark_json_tree_number(call, "id");
  g_autofree char *key = NULL;
  g_autofree char *result = NULL;

  ck_assert_ptr_nonnull(params);
  if (strcmp(method, "Stacktrace") == 0)
    key = g_strdup_printf("Stacktrace:%d", (int)unpark_json_tree_number(params->first, "Id"));
  else if (strcmp(method, "ListGoroutines") == 0)
    key = g_strdup(strstr(request, "\"Negated\":true") ? "ListGoroutines:system"
                                                       : "ListGoroutines:user");
  else if (strcmp(method, "GetVersion") == 0 && halted)
    key = g_strdup("GetVersion:halted");
  else
    key = g_strdup(method);
  if (strstr(request, "\"halt\""))
    halted = TRUE;
  if (strstr(request, "\"continue\""))
    return;
  result = recorded(key);
  if (result)
    test_answer(out, "{\"id\":%d,\"result\":%s,\"error\":null}\n", id, result);
  else
    test_answer(out, "{\"id\":%d,\"result\":null,\"error\":\"unknown method\"}\n", id);
}

static void setup(void) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, "delve", "attached-go1.19.txt", NULL);
  g_autofree char *text = NULL;

  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  conversation = g_strconcat("\n", text, NULL);
  halted = FALSE;
  folder = g_dir_make_tmp("unpark-delve-XXXXXX", NULL);
  server = test_double_new_lines(answer, NULL);
  at = g_strdup_printf("dlv://127.0.0.1:%u", test_double_port(server));
}

static void teardown(void) {
  test_double_free(server);
  test_remove_tree(folder);
  g_free(folder);
  g_free(conversation);
  g_free(at);
}

static char *file_text(void) {
  g_autofree char *path = g_build_filename(folder, "d.txt", NULL);
  char *text = NULL;

  g_file_get_contents(path, &text, NULL, NULL);
  return text;
}

START_TEST(test_conversation) {
  g_auto(TestRun) run = {0};
  g_autofree char *text = NULL;
  g_autofree char *asked = NULL;
  g_autoptr(TestStore) store = NULL;
  g_autoptr(GError) error = NULL;

  run.status = test_run_cli(folder, &run.out, &run.err, "capture", at, "--kind", "goroutine",
                            "--halt", "-o", "d.txt", NULL);
  ck_assert_msg(run.status == 0, "%s", run.err);
  ck_assert_str_eq(run.err, "");
  text = file_text();
  ck_assert_msg(strstr(text, "Delve 1.20.2, target Go cmd/compile go1.19.8\n"), "%s", text);
  ck_assert_msg(strstr(text, "[semacquire] {job: \"re \\\"index\\\"\"}:\nsync."), "%s", text);
  ck_assert_ptr_null(strstr(text, "runtime.goexit"));
  ck_assert_msg(strstr(text, "created by main.main\n"), "%s", text);
  store = test_import_bytes(text, strlen(text), &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  ck_assert_int_eq(test_value(store, "SELECT count(*) FROM dump_goroutine"), 5);
  ck_assert_int_eq(
      test_value(store, "SELECT count(*) FROM dump_goroutine WHERE state = 'semacquire'"), 2);
  /* It ran, so it runs on; and nobody detached it. */
  asked = test_double_requests(server);
  ck_assert_ptr_nonnull(strstr(asked, "\"halt\""));
  ck_assert_ptr_nonnull(strstr(strstr(asked, "\"halt\""), "\"continue\""));
  ck_assert_ptr_null(strstr(asked, "Detach"));
}
END_TEST

START_TEST(test_not_asked) {
  g_auto(TestRun) run = {0};
  g_autofree char *asked = NULL;

  run.status = test_run_cli(folder, &run.out, &run.err, "capture", at, "--kind", "goroutine", "-o",
                            "d.txt", NULL);
  ck_assert_int_eq(run.status, 1);
  ck_assert_msg(strstr(run.err, "--halt"), "%s", run.err);
  asked = test_double_requests(server);
  ck_assert_str_eq(asked, "");
}
END_TEST

/* What a single client leaves behind. */
START_TEST(test_single) {
  g_auto(TestRun) run = {0};
  char *flag = strstr(conversation, "{\"IsMulticlient\":true}");

  memcpy(flag, "{\"IsMulticlient\":null}", strlen("{\"IsMulticlient\":null}"));
  flag = strstr(conversation, "{\"Answer\":true}");
  memcpy(flag, "{\"Answer\":null}", strlen("{\"Answer\":null}"));
  run.status = test_run_cli(folder, &run.out, &run.err, "capture", at, "--kind", "goroutine",
                            "--halt", "-o", "d.txt", NULL);
  ck_assert_int_eq(run.status, 0);
  ck_assert_msg(strstr(run.err, "the program that it launched"), "%s", run.err);
}
END_TEST

/* ---- No Delve ------------------------------------------------------------------------------- */

static const char *const hostile[][2] = {
    {"SSH-2.0-OpenSSH\n", "does not answer as Delve does"},
    {"{\"id\":77,\"result\":{},\"error\":null}\n", "does not answer as Delve does"},
    {"{\"id\":1,\"result\":null,\"error\":\"no \\u001b[31m\\nway\"}\n", "no \357\277\275[31m"},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", "does not answer as Delve does"},
};

static void answer_hostile(const char *request, GOutputStream *out, gpointer data) {
  test_answer(out, "%s", (const char *)data);
}

START_TEST(test_hostile) {
  g_autoptr(TestDouble) other = test_double_new_lines(answer_hostile, (gpointer)hostile[_i][0]);
  g_autofree char *to = g_strdup_printf("dlv://127.0.0.1:%u", test_double_port(other));
  g_auto(TestRun) run = {0};
  g_autofree char *text = NULL;

  run.status = test_run_cli(folder, &run.out, &run.err, "capture", to, "--kind", "goroutine",
                            "--halt", "-o", "d.txt", NULL);
  ck_assert_int_eq(run.status, 1);
  ck_assert_msg(strstr(run.err, hostile[_i][1]), "%s", run.err);
  text = file_text();
  ck_assert_ptr_null(text);
}
END_TEST

static void answer_endless(const char *request, GOutputStream *out, gpointer data) {
  g_autofree char *piece = g_strnfill(1 << 20, ' ');

  while (g_output_stream_write_all(out, piece, 1 << 20, NULL, NULL, NULL))
    ;
}

START_TEST(test_endless) {
  g_autoptr(TestDouble) other = test_double_new_lines(answer_endless, NULL);
  g_autofree char *to = g_strdup_printf("dlv://127.0.0.1:%u", test_double_port(other));
  g_auto(TestRun) run = {0};

  run.status = test_run_cli(folder, &run.out, &run.err, "capture", to, "--kind", "goroutine",
                            "--halt", "-o", "d.txt", NULL);
  ck_assert_int_eq(run.status, 1);
  ck_assert_msg(strstr(run.err, "too large"), "%s", run.err);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("delve");
  TCase *pure = tcase_create("pure");
  TCase *served = tcase_create("served");

  tcase_add_test(pure, test_json);
  tcase_add_test(pure, test_reasons);
  tcase_add_test(pure, test_head);
  suite_add_tcase(suite, pure);
  tcase_add_checked_fixture(served, setup, teardown);
  tcase_add_test(served, test_conversation);
  tcase_add_test(served, test_not_asked);
  tcase_add_test(served, test_single);
  tcase_add_loop_test(served, test_hostile, 0, G_N_ELEMENTS(hostile));
  tcase_add_test(served, test_endless);
  suite_add_tcase(suite, served);
  return test_run(suite);
}
