/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as JSON: a parser reads back what went in. */
#include <check.h>
#include <json-c/json.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/base/json.h"

static const struct {
  const char *text;
  gssize size;
  const char *json;
} cases[] = {
    {"", -1, "\"\""},
    {"main.main", -1, "\"main.main\""},
    {"a \"quoted\" C:\\path", -1, "\"a \\\"quoted\\\" C:\\\\path\""},
    {"line\nnext\tcolumn", -1, "\"line\\nnext\\tcolumn\""},
    {"\x01\r\x1b\x7f", -1, "\"\\u0001\\u000d\\u001b\\u007f\""},
    {"\xe5\x8d\x8f\xe7\xa8\x8b", -1, "\"\xe5\x8d\x8f\xe7\xa8\x8b\""},
    {"right\xe2\x80\xaeleft\xc2\x9b", -1, "\"right\\u202eleft\\u009b\""},
    {"cut here", 3, "\"cut\""},
    {"a\0b", 3,
     "\"a\xef\xbf\xbd"
     "b\""},
    {"\xff!\xc3", -1, "\"\xef\xbf\xbd!\xef\xbf\xbd\""},
};

START_TEST(texts) {
  g_autoptr(GString) json = g_string_new(NULL);

  unpark_json_append(json, cases[_i].text, cases[_i].size);
  ck_assert_str_eq(json->str, cases[_i].json);
}
END_TEST

START_TEST(every_character_comes_back) {
  for (guint c = 1; c < 0x3000; c++) {
    g_autoptr(GString) text = g_string_new("<"), json = g_string_new(NULL);
    json_object *read;

    g_string_append_unichar(text, c);
    unpark_json_append(json, text->str, (gssize)text->len);
    read = json_tokener_parse(json->str);
    ck_assert_msg(read != NULL, "U+%04X: %s", c, json->str);
    ck_assert_str_eq(json_object_get_string(read), text->str);
    json_object_put(read);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("json");
  TCase *tcase = tcase_create("json");

  tcase_add_loop_test(tcase, texts, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tcase, every_character_comes_back);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
