/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Durations as people write them. */
#include <check.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/base/duration.h"

static void parses(const char *text, gint64 refused_ns, gint64 bare_ns) {
  gint64 ns = -1;
  ck_assert_msg(unpark_duration_parse(text, UNPARK_BARE_REFUSED, &ns) == (refused_ns >= 0), "“%s”",
                text);
  ck_assert_msg(ns == refused_ns, "“%s”: %" G_GINT64_FORMAT, text, ns);
  ns = -1;
  ck_assert_msg(unpark_duration_parse(text, UNPARK_BARE_NS, &ns) == (bare_ns >= 0), "“%s”", text);
  ck_assert_msg(ns == bare_ns, "“%s”: %" G_GINT64_FORMAT, text, ns);
}

START_TEST(every_unit) {
  static const struct {
    const char *text;
    gint64 ns;
  } cases[] = {{"7ns", 7},
               {"15us", 15000},
               {"15µs", 15000},
               {"15μs", 15000},
               {"120ms", 120000000},
               {"1.203s", 1203000000},
               {"2m", 120000000000},
               {"2min", 120000000000},
               {"1.5h", 5400000000000},
               {" 1.203 s ", 1203000000},
               {".5ms", 500000},
               {"5.ms", 5000000},
               {"0 ns", 0},
               {"3e-3s", 3000000},
               {"1E3ms", 1000000000},
               {"0.0006us", 1},
               {"9223372036854775806ns", G_MAXINT64 - 1}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    parses(cases[i].text, cases[i].ns, cases[i].ns);
}
END_TEST

START_TEST(numbers_without_unit) {
  parses("900", -1, 900);
  parses(" 900 ", -1, 900);
  parses("9007199254740993", -1, 9007199254740993);
  parses("1.6", -1, 2);
}
END_TEST

START_TEST(what_is_none) {
  static const char *const cases[] = {"",       " ",        "s",     "-1s",
                                      "+1s",    "1e400s",   "inf s", "nan",
                                      "0x10ns", "1.2.3s",   "1,5ms", "5 m s",
                                      "5S",     "5sec",     "5 d",   ".s",
                                      ".",      "3000000h", "1e",    "9223372036854775807",
                                      "ms5",    "5ms5"};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    parses(cases[i], -1, -1);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("duration");
  TCase *tests = tcase_create("duration");
  tcase_add_test(tests, every_unit);
  tcase_add_test(tests, numbers_without_unit);
  tcase_add_test(tests, what_is_none);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
