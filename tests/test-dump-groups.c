/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines of a dump by state and stack. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables/dump-groups.h"
#include "tests/support.h"

static gboolean is_own(const char *function) {
  return g_str_has_prefix(function, "main.");
}

static const char dump[] =
    "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:10 +0x1\n\n"
    "goroutine 7 [chan receive, 3 minutes]:\nmain.worker()\n\t/src/worker.go:20 +0x1\n"
    "created by main.start in goroutine 1\n\t/src/main.go:5 +0x1\n\n"
    "goroutine 8 [chan receive, 12 minutes]:\nmain.worker()\n\t/src/worker.go:20 +0x1\n"
    "created by main.start in goroutine 1\n\t/src/main.go:5 +0x1\n\n"
    "goroutine 9 [chan receive]:\nmain.worker()\n\t/src/worker.go:20 +0x1\n"
    "created by main.restart in goroutine 8\n\t/src/main.go:6 +0x1\n\n"
    "goroutine 10 [select]:\nmain.worker()\n\t/src/worker.go:20 +0x1\n"
    "created by main.start in goroutine 1\n\t/src/main.go:5 +0x1\n\n"
    "goroutine 11 [sync.Mutex.Lock, locked to thread]:\n"
    "sync.(*Mutex).Lock(...)\n\t/go/src/sync/mutex.go:46 +0x1\n"
    "main.(*Cache).Get(0x1)\n\t/src/cache.go:31 +0x1\n"
    "net/http.HandlerFunc.ServeHTTP(0x1)\n\t/go/src/net/http/server.go:2 +0x1\n\n"
    "goroutine 12 [syscall]:\nos/signal.signal_recv()\n\t/go/src/runtime/sigqueue.go:152 +0x1\n";

static TestStore *import_dump(void) {
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import_bytes(dump, sizeof dump - 1, &error);
  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  return store;
}

static UnparkDumpGroups *make_groups(TestStore *store) {
  g_autoptr(GError) error = NULL;
  UnparkDumpGroups *all = unpark_dump_groups_new(store->store, is_own, NULL, &error);
  ck_assert_msg(all != NULL, "%s", error ? error->message : "");
  return all;
}

START_TEST(by_state_and_stack) {
  g_autoptr(TestStore) store = import_dump();
  g_autoptr(UnparkDumpGroups) all = make_groups(store);
  const UnparkDumpGroup *g = all->groups;
  ck_assert(unpark_dump_exists(store->store));
  ck_assert_int_eq(all->n_goroutines, 7);
  ck_assert_uint_eq(all->n_groups, 5);
  ck_assert_str_eq(g->state, "chan receive");
  ck_assert_int_eq(g->count, 3);
  ck_assert_int_eq(g->wait_minutes, 12);
  ck_assert_int_eq(g->kind, UNPARK_STATE_WAITING);
  ck_assert_int_eq(g->wait, UNPARK_WAIT_CHANNEL);
  ck_assert_str_eq(g->function, "main.worker");
  ck_assert_uint_eq(g->line, 20);
  ck_assert_str_eq(g->creator_function, "main.start");
  ck_assert_uint_eq(g->n_create_stacks, 2);
  ck_assert_uint_eq(g->n, 3);
  ck_assert_int_eq(all->members[g->first].id, 8);
  ck_assert_int_eq(all->members[g->first + 1].id, 7);
  ck_assert_int_eq(all->members[g->first + 2].wait_minutes, UNPARK_NONE);
  ck_assert_int_eq(all->members[g->first + 2].creator, 8);
}
END_TEST

START_TEST(own_frames) {
  g_autoptr(TestStore) store = import_dump();
  g_autoptr(UnparkDumpGroups) all = make_groups(store);
  gboolean mutex = FALSE, call = FALSE;
  for (guint i = 0; i < all->n_groups; i++) {
    const UnparkDumpGroup *g = &all->groups[i];
    if (strcmp(g->state, "sync.Mutex.Lock") == 0) {
      mutex = TRUE;
      ck_assert_str_eq(g->function, "main.(*Cache).Get");
      ck_assert_str_eq(g->file, "/src/cache.go");
      ck_assert(g->is_own);
      ck_assert_uint_eq(g->depth, 3);
      ck_assert(all->members[g->first].locked);
      ck_assert_str_eq(g->creator_function, "");
    } else if (strcmp(g->state, "syscall") == 0) {
      call = TRUE;
      ck_assert_int_eq(g->kind, UNPARK_STATE_SYSCALL);
      ck_assert_str_eq(g->function, "os/signal.signal_recv");
      ck_assert(!g->is_own);
    }
  }
  ck_assert(mutex && call);
}
END_TEST

static const struct {
  const char *text;
  const char *states; /* of the groups found, in order */
} searches[] = {
    {"", "chan receive,running,select,sync.Mutex.Lock,syscall,"},
    {"worker", "chan receive,select,"},
    {"WORKER.GO", "chan receive,select,"},
    {"worker select", "select,"},
    {"mutex", "sync.Mutex.Lock,"},
    {"servehttp", "sync.Mutex.Lock,"},
    {"restart", "chan receive,"},
    {"start", "chan receive,select,"},
    {"12", "syscall,"},
    {"G 10", "select,"},
    {"G10", "select,"},
    {"G10 nothing", ""},
    {"nowhere", ""},
};

START_TEST(search) {
  g_autoptr(TestStore) store = import_dump();
  g_autoptr(UnparkDumpGroups) all = make_groups(store);
  g_autofree guint8 *matches = unpark_dump_groups_match(all, searches[_i].text, NULL, NULL);
  g_autoptr(GString) found = g_string_new(NULL);
  ck_assert_ptr_nonnull(matches);
  for (guint i = 0; i < all->n_groups; i++)
    if (matches[i])
      g_string_append_printf(found, "%s,", all->groups[i].state);
  ck_assert_msg(strlen(found->str) == strlen(searches[_i].states), "“%s”: %s", searches[_i].text,
                found->str);
}
END_TEST

START_TEST(shared_dump) {
  g_autofree char *path = g_build_filename(UNPARK_TEST_DATA, "dumps/leak-go1.27.txt.zst", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TestStore) store = test_import(path, &error);
  ck_assert_ptr_nonnull(store);
  g_autoptr(UnparkDumpGroups) all = make_groups(store);
  gint64 sum = 0;
  for (guint i = 0; i < all->n_groups; i++) {
    sum += all->groups[i].count;
    ck_assert(i == 0 || all->groups[i - 1].count >= all->groups[i].count);
  }
  ck_assert_int_eq(sum,
                   test_query_int(store->store, "SELECT sum(count) FROM dump_goroutine", 0, NULL));
  ck_assert_int_eq(all->n_groups,
                   test_query_int(store->store,
                                  "SELECT count(*) FROM (SELECT DISTINCT state, stack "
                                  "FROM dump_goroutine)",
                                  0, NULL));
}
END_TEST

START_TEST(cancelled) {
  g_autoptr(TestStore) store = import_dump();
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_cancellable_cancel(cancellable);
  ck_assert_ptr_null(unpark_dump_groups_new(store->store, is_own, cancellable, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("dump-groups");
  TCase *tcase = tcase_create("dump-groups");

  tcase_add_test(tcase, by_state_and_stack);
  tcase_add_test(tcase, own_frames);
  tcase_add_loop_test(tcase, search, 0, G_N_ELEMENTS(searches));
  tcase_add_test(tcase, shared_dump);
  tcase_add_test(tcase, cancelled);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
