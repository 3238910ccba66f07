/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples of a program as "perf script" prints them. Each sample is a row, with the labels comm,
 * pid, tid, cpu, time (nanoseconds of perf's clock) and event. The first value counts samples;
 * the second, if periods were printed, weighs those of the first sample's event (nanoseconds for
 * clocks). A frame's file is the source file where srcline was asked for, else the binary. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_perf;
