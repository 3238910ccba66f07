/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wait chain as a list and as text, and what one types to go somewhere. */
#include <stdlib.h>

#include "tests/support.h"
#include "ui/chain/model.h"
#include "ui/chain/text.h"
#include "ui/shell/go-to-parse.h"
#include "tests/why/script.h"

static const char script[] =
    "0 17 begin; 0 41 begin; 1 9 begin; 0 17 run; 0 41 run; 0 41 wait sync; 1 9 run; 1 9 wait "
    "sleep;"
    "2 17 wait sync; 6 9 ready; 6 9 run; 7 17 ready by 9; 7 17 run; 10 41 ready by 17; 10 41 run;"
    "12 0 stop";

START_TEST(test_text) {
  g_autoptr(TestStore) made = made_script(script);
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(made->store, 41, 5, 0, NULL, NULL);
  g_autoptr(UnparkChainPlaces) places = unpark_chain_places_read(made->store, chain, NULL, NULL);
  g_autofree char *text = unpark_chain_text(made->store, places, chain, 0);
  ck_assert_str_eq(
      text,
      "\nWhy G 41 waited 10 ns\n"
      "50 %: G 17 main.g17 ran until wake.10 (made.go:10)\n"
      "\nStep by step, from the end back:\n"
      "                10 ns  G 41 main.g41 waited for a lock at g41.sync (made.go:10), woken "
      "by G 17 main.g17\n"
      "     30 %        3 ns    G 17 main.g17 ran until wake.10 (made.go:10)\n"
      "                 5 ns    G 17 main.g17 waited for a lock at g17.sync (made.go:10), "
      "woken by G 9 main.g9\n"
      "     10 %        1 ns      G 9 main.g9 ran until wake.7 (made.go:10)\n"
      "     40 %        4 ns      G 9 main.g9 slept at g9.sleep (made.go:10)\n"
      "     20 %        2 ns    G 17 main.g17 ran until g17.sync (made.go:10)\n");
  g_autofree char *cut = unpark_chain_text(made->store, places, chain, 2);
  ck_assert_ptr_nonnull(strstr(cut, "and 4 more links\n"));
}
END_TEST

START_TEST(test_model) {
  g_autoptr(TestStore) made = made_script(script);
  g_autoptr(UnparkChain) chain = unpark_chain_of_wait(made->store, 41, 5, 0, NULL, NULL);
  g_autoptr(UnparkChainModel) model = unpark_chain_model_new();
  GListModel *list = G_LIST_MODEL(model);
  ck_assert_uint_eq(g_list_model_get_n_items(list), 0);
  unpark_chain_model_set(model, chain, FALSE);
  ck_assert_uint_eq(g_list_model_get_n_items(list), 6);
  g_autoptr(UnparkChainItem) third = g_list_model_get_item(list, 2);
  ck_assert_ptr_eq(unpark_chain_item_link(third), &chain->links[2]);
  ck_assert_uint_eq(unpark_chain_item_index(third), 2);
  unpark_chain_model_set(model, chain, TRUE);
  ck_assert_uint_eq(g_list_model_get_n_items(list), 3);
  g_autoptr(UnparkChainItem) first = g_list_model_get_item(list, 0);
  ck_assert_ptr_eq(unpark_chain_item_sum(first), &chain->sums[0]);
  ck_assert_uint_eq(unpark_chain_item_index(first), 1); /* ran 7..10: the longest of the sum */
  ck_assert_ptr_null(g_list_model_get_item(list, 3));
  unpark_chain_model_set(model, NULL, FALSE);
  ck_assert_uint_eq(g_list_model_get_n_items(list), 0);
}
END_TEST

START_TEST(test_wall) {
  /* The suite runs in UTC: this is 23:59:50.25. */
  const gint64 second = 1000000000, start = (gint64)86390 * second + 250000000;
  gint64 ns;
  ck_assert(unpark_go_to_parse_wall("23:59:51", start, &ns));
  ck_assert_int_eq(ns, 750000000);
  ck_assert(unpark_go_to_parse_wall("23:59:51.5", start, &ns));
  ck_assert_int_eq(ns, 1250000000);
  ck_assert(unpark_go_to_parse_wall("00:00", start, &ns)); /* the next day */
  ck_assert_int_eq(ns, 9750000000);
  ck_assert(!unpark_go_to_parse_wall("24:00", start, &ns));
  ck_assert(!unpark_go_to_parse_wall("12:60", start, &ns));
  ck_assert(!unpark_go_to_parse_wall("12", start, &ns));
  ck_assert(!unpark_go_to_parse_wall("12:00:00x", start, &ns));
  ck_assert(!unpark_go_to_parse_wall("12:00", UNPARK_NONE, &ns));
}
END_TEST

START_TEST(test_ids) {
  gint64 n;
  ck_assert(unpark_go_to_parse_number("41", 'G', &n) && n == 41);
  ck_assert(unpark_go_to_parse_number("G 41", 'G', &n) && n == 41);
  ck_assert(unpark_go_to_parse_number("g41", 'G', &n) && n == 41);
  ck_assert(unpark_go_to_parse_number("p 2", 'P', &n) && n == 2);
  ck_assert(!unpark_go_to_parse_number("2", 'P', &n));
  ck_assert(!unpark_go_to_parse_number("G -1", 'G', &n));
  ck_assert(!unpark_go_to_parse_number("G", 'G', &n));
  ck_assert(!unpark_go_to_parse_number("gopark", 'G', &n));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("ui-chain");
  TCase *tests = tcase_create("chain");
  tcase_add_test(tests, test_text);
  tcase_add_test(tests, test_model);
  tcase_add_test(tests, test_wall);
  tcase_add_test(tests, test_ids);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
