/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the comparison asks a worker, and what comes of it. */
#pragma once

#include "model/compare/compare.h"
#include "model/store/store.h"

/* One side: a store and the part of it that counts. */
typedef struct {
  UnparkStore *store;
  gint64 from_ns, to_ns;
} UnparkCompareAsk;

typedef struct {
  UnparkCompareAsk a, b;
  gpointer keeper; /* a GObject that lives as long as the stores are used; NULL */
  char *filter;    /* of both sides; "": none */
  UnparkCompareBy by;
  UnparkComparePer per;
} UnparkCompareRequest;

/* With references and copies of its own. Main thread: both. */
UnparkCompareRequest *unpark_compare_request_new(const UnparkCompareRequest *wanted);
void unpark_compare_request_free(gpointer request);

/* Atomically reference-counted, immutable. */
typedef struct {
  UnparkComparison *comparison;
} UnparkCompareResult;

/* Worker; `request` is an UnparkCompareRequest. */
gpointer unpark_compare_result_new(gpointer request, GCancellable *cancellable, GError **error);
UnparkCompareResult *unpark_compare_result_ref(UnparkCompareResult *result);
void unpark_compare_result_unref(UnparkCompareResult *result);
