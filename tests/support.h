/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What test programs share: importing into a temporary store, rows as text, packed files. */
#pragma once

#include <check.h>

#include "importers/registry/registry.h"
#include "model/sql/query.h"
#include "model/store/store.h"

/* The file's bytes, unpacked, with a NUL after them. NULL with an error. */
char *test_read_file(const char *path, gsize *size, GError **error);

/* "NAME" or "NAME.zst", whichever is there; NULL: neither. Free with g_free(). */
char *test_find_packed(const char *path);

/* Imports `path` to a store in a new temporary folder and opens it. */
typedef struct {
  char *dir, *path;
  UnparkStore *store;
} TestStore;
TestStore *test_import(const char *path, GError **error);
TestStore *test_import_bytes(const void *bytes, gsize size, GError **error);
/* tests/data/sample.trace; fails the test if it cannot be imported. */
TestStore *test_import_sample(void);
void test_store_free(TestStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestStore, test_store_free)

/* Rows as unpark-cli prints them as tsv. */
GString *test_query(UnparkStore *store, const char *sql, GError **error);
/* The first value of the first row; `fallback` if there is none or it is NULL. */
gint64 test_query_int(UnparkStore *store, const char *sql, gint64 fallback, GError **error);

/* The same for a query that has to be right; 0 for no row or NULL. */
gint64 test_value(TestStore *store, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Line for line. NULL: equal. Else a message with the first line that differs and the ones
 * around it; free with g_free(). A last line without newline counts as a line. */
char *test_compare_lines(const char *expected, const char *got);

/* The larger collection of files beside the project (../shared, or $UNPARK_SHARED), whose folder
 * `name` need not exist. The sanitizer build, where it would take minutes, has it only with
 * $UNPARK_SHARED. Free with g_free(). */
char *test_shared_path(const char *name);

/* Runs unpark-cli ($UNPARK_CLI) in `folder` (NULL: the test's own) with the arguments up to NULL
 * and waits for it. Its exit status; what it printed, which is freed with g_free(). Fails the test
 * if it cannot be run, or is ended by a signal. */
int test_run_cli(const char *folder, char **out, char **err, ...) G_GNUC_NULL_TERMINATED;

/* What came of it. */
typedef struct {
  int status;
  char *out, *err;
} TestRun;

void test_run_clear(TestRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TestRun, test_run_clear)

/* In a forked process: becomes unpark-cli ($UNPARK_CLI) with the arguments up to NULL, at most 14,
 * whose cache and temporary files are in `dir`. Status 99: it cannot be run. */
G_NORETURN void test_exec_cli(const char *dir, const char *const *args);

/* The whole suite, as $CK_VERBOSITY and so on want it; what main() returns. */
int test_run(Suite *suite);
/* The same, all tests in this process, whatever $CK_FORK says: for what does not outlive a fork. */
int test_run_unforked(Suite *suite);

/* What this process has used of the processors, with all its threads: a limit of that holds on a
 * busy machine, too. */
double test_cpu_seconds(void);

void test_remove_tree(const char *dir);
