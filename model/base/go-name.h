/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a Go function is, by its package: the runtime's, the standard library's or the program's.
 *
 * Functions are named as in traces and profiles: "net/http.(*conn).serve", "main.main.func1",
 * "slices.SortFunc[go.shape.int]". Source: the packages of the Go distribution (go/src), whose
 * first path element has no dot; "main" and every other path are the user's.
 *
 * Any thread.
 */
#pragma once

#include <glib.h>

typedef enum {
  UNPARK_GO_USER,
  UNPARK_GO_STANDARD,
  /* Packages runtime, internal/runtime/..., runtime/internal/..., internal/poll and
   * internal/bytealg: what a stack is rarely read for. runtime/trace, runtime/pprof and their like
   * are called by programs and are the standard library's. */
  UNPARK_GO_RUNTIME,
} UnparkGoKind;

/* Length of the package's path at the beginning of `function`; 0 where there is none, as in
 * functions of C. */
gsize unpark_go_package_length(const char *function);

/* A function without a package is UNPARK_GO_USER. */
UnparkGoKind unpark_go_kind(const char *function);
UnparkGoKind unpark_go_kind_of_package(const char *package);

/* TRUE also for the runtime. */
gboolean unpark_go_is_standard(const char *function);
gboolean unpark_go_is_runtime(const char *function);
