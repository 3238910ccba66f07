/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a function is, by its package. */
#include <check.h>
#include <string.h>

#include "tests/support.h"
#include "model/base/go-name.h"

static void is(const char *function, const char *package, UnparkGoKind kind) {
  gsize length = unpark_go_package_length(function);
  ck_assert_msg(length == strlen(package) && memcmp(function, package, length) == 0,
                "%s: package of %" G_GSIZE_FORMAT " bytes", function, length);
  ck_assert_msg(unpark_go_kind(function) == kind, "%s: kind %d", function,
                unpark_go_kind(function));
  ck_assert(unpark_go_kind_of_package(package) == kind);
  ck_assert(unpark_go_is_runtime(function) == (kind == UNPARK_GO_RUNTIME));
  ck_assert(unpark_go_is_standard(function) == (kind != UNPARK_GO_USER));
}

START_TEST(runtime) {
  is("runtime.gopark", "runtime", UNPARK_GO_RUNTIME);
  is("internal/runtime/maps.(*Map).grow", "internal/runtime/maps", UNPARK_GO_RUNTIME);
  is("runtime/internal/atomic.Load", "runtime/internal/atomic", UNPARK_GO_RUNTIME);
  is("internal/poll.(*FD).Read", "internal/poll", UNPARK_GO_RUNTIME);
}
END_TEST

START_TEST(standard) {
  is("sync.(*Mutex).Lock", "sync", UNPARK_GO_STANDARD);
  is("net/http.(*conn).serve", "net/http", UNPARK_GO_STANDARD);
  is("runtime/trace.WithRegion", "runtime/trace", UNPARK_GO_STANDARD);
  is("internal/runtimes.F", "internal/runtimes", UNPARK_GO_STANDARD);
  is("slices.SortFunc[go.shape.[]example.com/x.T]", "slices", UNPARK_GO_STANDARD);
}
END_TEST

START_TEST(user) {
  is("main.main", "main", UNPARK_GO_USER);
  is("runtimex.F", "runtimex", UNPARK_GO_USER);
  is("net.example.org/x.F", "net.example.org/x", UNPARK_GO_USER);
  is("example.com/net/http.(*Server).Serve", "example.com/net/http", UNPARK_GO_USER);
  is("gopkg.in/yaml%2ev2.Unmarshal", "gopkg.in/yaml%2ev2", UNPARK_GO_USER);
  is("x.Map[net/http.Header]", "x", UNPARK_GO_USER);
  is("pthread_cond_wait", "", UNPARK_GO_USER);
  is("operator(std.x)", "", UNPARK_GO_USER);
  is("", "", UNPARK_GO_USER);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("go-name");
  TCase *tests = tcase_create("go-name");
  tcase_add_test(tests, runtime);
  tcase_add_test(tests, standard);
  tcase_add_test(tests, user);
  suite_add_tcase(suite, tests);
  return test_run(suite);
}
