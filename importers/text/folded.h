/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folded stacks, the input of flamegraph.pl: one stack a line, outermost function first, then a
 * blank and a number (or two: difffolded.pl's before and after).
 *
 *   main;main.handle;encoding/json.Marshal 42
 *
 * Frames may hold blanks. Lines that begin with "#" are comments. Values with decimals
 * are counted in a fraction of 1. Lines that are no stacks are left out and counted. The suffix
 * "_[i]" marks an inlined function, as flamegraph.pl knows it.
 *
 * Source of format facts: flamegraph.pl and stackcollapse-*.pl of FlameGraph. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_folded;
