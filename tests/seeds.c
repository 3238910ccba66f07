/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/seeds.h"

#include <check.h>

#include "tests/support.h"

#define SEED_MAX ((gsize)40 * 1024)

const char *const test_seeds[] = {
    "expected/go1.19/annotations.trace",
    "expected/go1.19/selects.trace",
    "expected/go1.21/starvation.trace",
    "expected/go1.21/leak.trace",
    "expected/go1.22/selects.trace",
    "expected/go1.22/starvation.trace",
    "expected/go1.23/annotations.trace",
    "expected/go1.23/cgo.trace",
    "expected/go1.24/starvation.trace",
    "expected/go1.26/leak-3s.trace",
    "expected/go1.26/cgo.trace",
    "expected/go1.27/annotations.trace",
    "expected/go1.27/selects.trace",
    "expected/go1.27/starvation.trace",
    "gotests/go122-annotations-stress.trace",
    "gotests/go122-gc-stress.trace",
    "gotests/go122-syscall-steal-proc-ambiguous.trace",
    "gotests/go125-sync.trace",
    "gotrace1/cgo-go1.19.trace",
    "profiles/go1.27/leak/heap.pprof",
    "profiles/go1.27/webshop/cpu.pprof",
    "profiles/go1.27/webshop/mutex.pprof",
    "profiles/go1.19/contention/heap.debug1.txt",
    "profiles/go1.27/contention/mutex.debug1.txt",
    "profiles/go1.27/leak/goroutine.debug1.txt",
    "profiles/made/wall-diff.pb",
    "profiles/made/addresses.pb.gz",
    "profiles/made/cpp.contention",
    "profiles/made/cpp.cpu",
    "profiles/made/cpp.heap",
    "profiles/made/cpp.growth",
    "profiles/made/jemalloc.heap",
    "profiles/made/cpp.threads",
    "profiles/made/java.cpu",
    "profiles/made/java.heap",
    "profiles/made/java.contention",
    "profiles/made/group.speedscope.json",
    "spans/js.otlp.json",
    "spans/js.otlp.pb",
    "spans/js.otlp.framed.pb",
    "spans/shop.tempo.json",
    "spans/shop.jaeger.json",
    "spans/shop.zipkin.json",
    "spans/shop.spans.json",
    "profiles/made/raw.txt",
    "profiles/made/traces.txt",
    "dumps/everything.txt",
    "dumps/labels-go1.27.txt",
    "dumps/sigquit-go1.19.txt",
    "races/go-test-go1.27.txt",
    "perf/webshop.txt",
    "perf/stacks.folded",
    "perf/difference.folded",
    "cases/dlv.txt",
    "cases/bpftrace.txt",
    "cases/goleak.txt",
    "cases/go-deadlock.txt",
    "cases/race-utf16.txt",
    "cases/gzgz.trace.gz",
};

const gsize test_n_seeds = G_N_ELEMENTS(test_seeds);

GByteArray *test_read_seed(const char *name) {
  const char *data = g_getenv("UNPARK_TEST_DATA") ? g_getenv("UNPARK_TEST_DATA") : UNPARK_TEST_DATA;
  g_autofree char *plain = g_build_filename(data, name, NULL);
  g_autofree char *path = test_find_packed(plain);
  g_autoptr(GError) error = NULL;
  gsize size = 0;
  char *bytes = path ? test_read_file(path, &size, &error) : NULL;

  ck_assert_msg(bytes != NULL, "%s: %s", plain, error ? error->message : "not there");
  return g_byte_array_new_take((guint8 *)bytes, MIN(size, SEED_MAX));
}
