/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every note that lowers a file's completeness has a sentence for the banner. */
#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "ui/shell/notes-words.h"

START_TEST(sentences) {
  static const char *const names[] = {
      "truncated",     "cut-off",          "damaged-batch",   "damaged-file",
      "damaged-table", "unknown-string",   "unknown-stack",   "missing-stack",
      "unknown-clock", "no-frequency",     "unordered-event", "inconsistent-event",
      "unknown-line",  "unreadable-input", "value-count",     "no-events",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    const char *sentence = unpark_note_sentence(names[i]);

    ck_assert_msg(sentence != NULL, "%s", names[i]);
    ck_assert_msg(strlen(sentence) > 10, "%s", names[i]);
  }
}
END_TEST

START_TEST(others) {
  ck_assert_ptr_null(unpark_note_sentence(""));
  ck_assert_ptr_null(unpark_note_sentence("crash"));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("notes");
  TCase *tcase = tcase_create("notes");

  tcase_add_test(tcase, sentences);
  tcase_add_test(tcase, others);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
