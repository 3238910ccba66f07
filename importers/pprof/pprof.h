/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pprof profiles in protobuf form, as runtime/pprof, net/http/pprof and the tools of other
 * languages write them (gzip was taken off by importers/input/input).
 *
 * Source of format facts: proto/profile.proto of google/pprof; the reader of reference is
 * github.com/google/pprof/profile (encode.go) in the Go tree. What we do as it does:
 *   - every sample stays one row, those with all values 0 too; equal ones are not merged;
 *   - a label with a string is text, else one with a number or unit is a number, else it is none;
 *   - locations expand to one frame a line, innermost first.
 * What it refuses and we read, with a counted note: wrong numbers of values, unknown or repeated
 * ids, string numbers outside the table, files cut off.
 *
 * Fields come in any order (Go writes the string table last), so reading has two passes: the
 * first keeps tables in memory (tables.h) and samples as their own bytes in a spool (spool.h),
 * the second turns the spool into rows. Memory: the tables, at most
 * UNPARK_PPROF_TABLES_MAX; the spool lies in an unlinked file when it is large. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_pprof;
