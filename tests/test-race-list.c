/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Races of a report: both accesses, searching. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables/race-list.h"
#include "tests/support.h"

static gboolean is_own(const char *function) {
  return g_str_has_prefix(function, "main.");
}

static const char report[] =
    "==================\nWARNING: DATA RACE\n"
    "Write at 0x00c00001c078 by goroutine 13:\n"
    "  sync/atomic.AddInt64()\n      /go/src/runtime/race_amd64.s:287 +0xb\n"
    "  main.(*Cart).Add()\n      /shop/cart.go:50 +0x46\n\n"
    "Previous atomic read at 0x00c00001c078 by main goroutine:\n"
    "  main.main()\n      /shop/main.go:53 +0x3e6\n\n"
    "Goroutine 13 (running) created at:\n"
    "  main.serve()\n      /shop/serve.go:49 +0x3dc\n"
    "==================\n"
    "==================\nWARNING: DATA RACE\n"
    "Read at 0x0000005db5c0 by goroutine 8:\n"
    "  strings.ToUpper()\n      /go/src/strings/strings.go:21 +0x6b\n\n"
    "Previous write at 0x0000005db5c0 by goroutine 7:\n"
    "  [failed to restore the stack]\n\n"
    "==================\nFound 2 data race(s)\n";

static UnparkRaceList *read_report(TestStore **store) {
  g_autoptr(GError) error = NULL;
  *store = test_import_bytes(report, sizeof report - 1, &error);
  ck_assert_msg(*store != NULL, "%s", error ? error->message : "");
  UnparkRaceList *list = unpark_race_list_new((*store)->store, is_own, NULL, &error);
  ck_assert_msg(list != NULL, "%s", error ? error->message : "");
  return list;
}

START_TEST(both_accesses) {
  g_autoptr(TestStore) store = NULL;
  g_autoptr(UnparkRaceList) list = read_report(&store);
  const UnparkRace *race = list->races;
  ck_assert(unpark_race_exists(store->store));
  ck_assert_uint_eq(list->n_races, 2);
  ck_assert_int_eq(race->id, 1);
  ck_assert(race->has_address);
  ck_assert_uint_eq(race->address, 0xc00001c078);
  ck_assert_str_eq(race->now.kind, "write");
  ck_assert_int_eq(race->now.goroutine, 13);
  ck_assert_str_eq(race->now.function, "main.(*Cart).Add");
  ck_assert_str_eq(race->now.file, "/shop/cart.go");
  ck_assert_uint_eq(race->now.line, 50);
  ck_assert_uint_ne(race->now.create_stack, 0);
  ck_assert_str_eq(race->previous.kind, "atomic read");
  ck_assert_int_eq(race->previous.goroutine, 1);
  ck_assert_str_eq(race->previous.function, "main.main");
  ck_assert_uint_eq(race->previous.create_stack, 0);
}
END_TEST

START_TEST(without_own_frames) {
  g_autoptr(TestStore) store = NULL;
  g_autoptr(UnparkRaceList) list = read_report(&store);
  const UnparkRace *race = list->races + 1;
  ck_assert_str_eq(race->now.function, "strings.ToUpper");
  ck_assert_uint_eq(race->now.create_stack, 0);
  ck_assert_str_eq(race->previous.kind, "write");
  ck_assert_int_eq(race->previous.goroutine, 7);
  ck_assert_uint_eq(race->previous.stack, 0);
  ck_assert_str_eq(race->previous.function, "");
}
END_TEST

static const struct {
  const char *text;
  const char *found; /* ids */
} searches[] = {
    {"", "12"},          {"cart", "1"},         {"CART.GO", "1"},      {"serve", "1"},
    {"atomic", "1"},     {"write", "12"},       {"g13", "1"},          {"13", "1"},
    {"7", "2"},          {"0xc00001c078", "1"}, {"0x5DB5C0", "2"},     {"0x00000000005db5c0", "2"},
    {"write cart", "1"}, {"cart strings", ""},  {"strings read", "2"}, {"nowhere", ""},
};

START_TEST(search) {
  g_autoptr(TestStore) store = NULL;
  g_autoptr(UnparkRaceList) list = read_report(&store);
  g_autofree guint8 *matches = unpark_race_list_match(list, searches[_i].text, NULL, NULL);
  g_autoptr(GString) found = g_string_new(NULL);
  ck_assert_ptr_nonnull(matches);
  for (guint i = 0; i < list->n_races; i++)
    if (matches[i])
      g_string_append_printf(found, "%" G_GINT64_FORMAT, list->races[i].id);
  ck_assert_msg(strcmp(found->str, searches[_i].found) == 0, "“%s”: %s", searches[_i].text,
                found->str);
}
END_TEST

START_TEST(cancelled) {
  g_autoptr(TestStore) store = NULL;
  g_autoptr(UnparkRaceList) list = read_report(&store);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_cancellable_cancel(cancellable);
  ck_assert_ptr_null(unpark_race_list_match(list, "cart", cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error(&error);
  ck_assert_ptr_null(unpark_race_list_new(store->store, is_own, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("race-list");
  TCase *all = tcase_create("all");
  tcase_add_test(all, both_accesses);
  tcase_add_test(all, without_own_frames);
  tcase_add_loop_test(all, search, 0, G_N_ELEMENTS(searches));
  tcase_add_test(all, cancelled);
  suite_add_tcase(suite, all);
  return test_run(suite);
}
