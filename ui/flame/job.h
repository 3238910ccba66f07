/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the flame graph view computes in workers, and what came of it. Main thread only. */
#pragma once

#include "ui/flame/query.h"
#include "ui/kit/worker.h"

/* What a store has to choose from. */
typedef struct {
  UnparkStore *store;
  GPtrArray *offers; /* UnparkFlameOffer */
  guint first;       /* of `offers`: what is shown first */
  char **label_keys;
} UnparkFlameStock;

typedef struct {
  UnparkFlameStock *stock;   /* NULL: not known yet */
  UnparkFlameResult *result; /* NULL: nothing has been made yet */
  char *scope_text, *hint;   /* of the result's scope; why it is not the wanted one, or NULL */
  gboolean waiting;          /* for the window's filter, before it can begin */
  /* The graph itself is made by the page's worker. */
  UnparkWorker searching, copying, looking;
  GCancellable *opening;
} UnparkFlameJob;

/* Nothing of the owner is touched by a worker after that. */
void unpark_flame_job_cancel(UnparkFlameJob *job);
void unpark_flame_job_clear(UnparkFlameJob *job);
/* 0 where nothing is known. */
guint unpark_flame_job_n_label_keys(const UnparkFlameJob *job);
