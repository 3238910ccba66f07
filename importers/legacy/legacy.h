/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles in the forms that came before profile.proto, written by gperftools and by Java agents,
 * as far as `go tool pprof` still reads them: "pprof-legacy". */
#pragma once

#include "importers/input/importer.h"
#include "importers/legacy/stacks.h"
#include "importers/text/profile-rows.h"

extern const UnparkImporter unpark_importer_legacy;

/* What the readers of the forms fill in; the rest is done by the importer. */
typedef struct {
  UnparkWriter *writer;
  UnparkInput *input;
  GCancellable *cancellable;
  UnparkMaps *maps;
  UnparkLegacyStacks stacks;
  UnparkTextProfile profile; /* its texts: literals */
  const char *types[UNPARK_LEGACY_VALUES_MAX], *units[UNPARK_LEGACY_VALUES_MAX];
  char *unit;        /* owner of a unit that the file tells; NULL */
  guint64 n_unknown; /* lines or records that were not understood */
  gboolean cut;      /* the file ends within a record */
} UnparkLegacy;
