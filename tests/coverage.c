/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/coverage.h"

#include <check.h>

#include "importers/registry/registry.h"

struct _TestCoverage {
  GHashTable *found; /* UnparkImporter */
};

TestCoverage *test_coverage_new(void) {
  TestCoverage *coverage = g_new0(TestCoverage, 1);

  coverage->found = g_hash_table_new(NULL, NULL);
  return coverage;
}

void test_coverage_add(TestCoverage *coverage, const void *head, gsize size) {
  for (guint i = 0; unpark_importers[i]; i++)
    if (unpark_importers[i]->sniff(head, MIN(size, UNPARK_SNIFF_SIZE))) {
      g_hash_table_add(coverage->found, (gpointer)unpark_importers[i]);
      return;
    }
}

void test_coverage_finish(TestCoverage *coverage, const char *list) {
  for (guint i = 0; unpark_importers[i]; i++)
    ck_assert_msg(g_hash_table_contains(coverage->found, unpark_importers[i]),
                  "%s has nothing for the importer %s", list, unpark_importers[i]->name);
  g_hash_table_unref(coverage->found);
  g_free(coverage);
}
