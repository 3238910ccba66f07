/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/go-name.h"

#include <string.h>

/* First elements of the paths of the standard library's packages. */
static const char *const standard[] = {
    "archive", "arena",   "bufio",    "builtin", "bytes",   "cmp",      "compress", "container",
    "context", "crypto",  "database", "debug",   "embed",   "encoding", "errors",   "expvar",
    "flag",    "fmt",     "go",       "hash",    "html",    "image",    "index",    "internal",
    "io",      "iter",    "log",      "maps",    "math",    "mime",     "net",      "os",
    "path",    "plugin",  "reflect",  "regexp",  "runtime", "slices",   "sort",     "strconv",
    "strings", "structs", "sync",     "syscall", "testing", "text",     "time",     "unicode",
    "unique",  "unsafe",  "vendor",   "weak",
};

static const char *const runtime[] = {"runtime", "internal/poll", "internal/bytealg"};
static const char *const runtime_trees[] = {"internal/runtime/", "runtime/internal/"};

static gboolean is_text(const char *text, gsize length, const char *wanted) {
  return strlen(wanted) == length && memcmp(text, wanted, length) == 0;
}

/* The dot after the package is the first one behind the last slash, and generic types and
 * receivers, which may hold both, come later. */
gsize unpark_go_package_length(const char *function) {
  gsize end = strcspn(function, "([ ");
  const char *from = function, *slash;
  while ((slash = memchr(from, '/', (gsize)(function + end - from))))
    from = slash + 1;
  const char *dot = memchr(from, '.', (gsize)(function + end - from));
  return dot ? (gsize)(dot - function) : 0;
}

static UnparkGoKind kind_of(const char *package, gsize length) {
  for (guint i = 0; i < G_N_ELEMENTS(runtime); i++)
    if (is_text(package, length, runtime[i]))
      return UNPARK_GO_RUNTIME;
  for (guint i = 0; i < G_N_ELEMENTS(runtime_trees); i++)
    if (length > strlen(runtime_trees[i]) && g_str_has_prefix(package, runtime_trees[i]))
      return UNPARK_GO_RUNTIME;
  const char *slash = memchr(package, '/', length);
  gsize first = slash ? (gsize)(slash - package) : length;
  for (guint i = 0; i < G_N_ELEMENTS(standard); i++)
    if (is_text(package, first, standard[i]))
      return UNPARK_GO_STANDARD;
  return UNPARK_GO_USER;
}

UnparkGoKind unpark_go_kind_of_package(const char *package) {
  return kind_of(package, strlen(package));
}

UnparkGoKind unpark_go_kind(const char *function) {
  return kind_of(function, unpark_go_package_length(function));
}

gboolean unpark_go_is_standard(const char *function) {
  return unpark_go_kind(function) != UNPARK_GO_USER;
}

gboolean unpark_go_is_runtime(const char *function) {
  return unpark_go_kind(function) == UNPARK_GO_RUNTIME;
}
