/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of strangers as it may be shown. */
#include <check.h>
#include <string.h>

#include "model/base/printable.h"
#include "tests/support.h"

static const struct {
  const char *text, *line, *lines;
} cases[] = {
    {"webshop.trace", "webshop.trace", "webshop.trace"},
    {"\xe5\x8d\x8f\xe7\xa8\x8b 1.trace", "\xe5\x8d\x8f\xe7\xa8\x8b 1.trace",
     "\xe5\x8d\x8f\xe7\xa8\x8b 1.trace"},
    {"a\nb", "a\xef\xbf\xbd\x62", "a\nb"},
    {"a\x1b[1m\r\x7f", "a\xef\xbf\xbd[1m\xef\xbf\xbd\xef\xbf\xbd",
     "a\xef\xbf\xbd[1m\xef\xbf\xbd\xef\xbf\xbd"},
    {"x\xc2\x9b\xe2\x80\xae"
     "ecart",
     "x\xef\xbf\xbd\xef\xbf\xbd"
     "ecart",
     "x\xef\xbf\xbd\xef\xbf\xbd"
     "ecart"},
    {"\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\xa8\xe2\x80\xa9",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
};

START_TEST(texts) {
  g_autofree char *line = unpark_printable_dup(cases[_i].text);
  g_autofree char *lines = unpark_printable_dup_lines(cases[_i].text);
  g_autofree char *name = unpark_printable_file_name(cases[_i].text);

  ck_assert_str_eq(line, cases[_i].line);
  ck_assert_str_eq(lines, cases[_i].lines);
  ck_assert_str_eq(name, cases[_i].line);
}
END_TEST

/* Names of files are bytes. */
START_TEST(names_that_are_not_utf8) {
  g_autofree char *name = unpark_printable_file_name("a\xff\x1b.trace");

  ck_assert(g_utf8_validate(name, -1, NULL));
  ck_assert(g_str_has_prefix(name, "a") && g_str_has_suffix(name, ".trace"));
  ck_assert_ptr_null(strchr(name, '\x1b'));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("printable");
  TCase *tcase = tcase_create("printable");

  tcase_add_loop_test(tcase, texts, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tcase, names_that_are_not_utf8);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
