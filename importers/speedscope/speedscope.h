/* SPDX-License-Identifier: GPL-3.0-or-later */
/* speedscope's own files (.speedscope.json): https://www.speedscope.app/file-format-schema.json,
 * of every version, with sampled and evented profiles, also several in one file. Each profile is
 * one with a single measure; the file's active one comes first. Samples of an evented profile are
 * the times between two events. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_speedscope;
