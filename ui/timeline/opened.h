/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which sections, groups and lanes somebody opened or closed; remembered from run to run. Main
 * thread only. */
#pragma once

#include "ui/lanes/timeline-rows.h"

typedef struct {
  GHashTable *names; /* of what is not as by default: unpark_open_name() */
  gboolean all;      /* groups are open by default */
} UnparkOpenedRowsRows;

/* As it was in the last run. */
void unpark_opened_recall(UnparkOpenedRowsRows *self);
void unpark_opened_clear(UnparkOpenedRowsRows *self);
/* What is open is closed, and the other way round. `name`: of groups. */
void unpark_opened_flip(UnparkOpenedRowsRows *self, UnparkRowType type, UnparkSection section,
                        gint64 id, const char *name);
/* FALSE: it was open already. */
gboolean unpark_opened_open(UnparkOpenedRowsRows *self, UnparkRowType type, UnparkSection section,
                            gint64 id, const char *name);
/* Opens or closes all groups. */
void unpark_opened_set_all(UnparkOpenedRowsRows *self, gboolean open);
/* A copy for unpark_rows_build(). */
GHashTable *unpark_opened_copy_names(const UnparkOpenedRowsRows *self);
