/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which importer a file is for, and what to say where there is none. */
#pragma once

#include "importers/input/importer.h"

/* The first of `importers` (NULL-terminated) whose sniff says yes. Where none does, but a trace or
 * packed data begin behind some text, that text is left out of the input
 * (UnparkInputOrigin.left_out). NULL: UNPARK_ERROR_UNKNOWN_FORMAT, or why nothing could be read. */
const UnparkImporter *unpark_find_importer(UnparkInput *input,
                                           const UnparkImporter *const *importers, GError **error);
