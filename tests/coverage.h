/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a test's list has something for every importer, so that a new format is not forgotten. */
#pragma once

#include <glib.h>

typedef struct _TestCoverage TestCoverage;
TestCoverage *test_coverage_new(void);
/* A file that begins so: its importer has something. */
void test_coverage_add(TestCoverage *coverage, const void *head, gsize size);
/* Fails the test unless it is every importer of the program; frees. `list`: where to add one. */
void test_coverage_finish(TestCoverage *coverage, const char *list);
