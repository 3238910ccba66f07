/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/redact/redact.h"

typedef struct {
  gint64 n;     /* highest id + 1 */
  char **by_id; /* NULL: not used for anything that is kept */
} UnparkRedactTexts;

UnparkRedactTexts *unpark_redact_texts_new(UnparkStore *store, const guint8 *key,
                                           GCancellable *cancellable, GError **error);
/* "" for what is left out. */
const char *unpark_redact_texts_get(const UnparkRedactTexts *texts, gint64 id);
void unpark_redact_texts_free(UnparkRedactTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkRedactTexts, unpark_redact_texts_free)
