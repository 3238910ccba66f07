/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What "go tool pprof -raw" prints: a whole profile as text, samples first, then locations and
 * mappings. Everything is as in the profile but its duration (pprof cuts that to four characters)
 * and, of labels, whether a number was one. Format: String() in github.com/google/pprof,
 * profile/profile.go. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_pprof_raw;
