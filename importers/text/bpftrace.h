/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps as bpftrace prints them when it ends, with stacks as keys:
 *
 *   @[
 *       vfs_read+1
 *       main.read+70
 *   , app]: 42                innermost first; what follows the stack goes outermost
 *   @calls[main;work]: 7      on one line: outermost first, as folded stacks
 *
 * Each map is a measure of its own.
 *
 * Source of format facts: bpftrace's output.cpp; stackcollapse-bpftrace.pl of FlameGraph. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_bpftrace;
