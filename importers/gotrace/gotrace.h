/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Go execution traces of format v2: headers go 1.22, 1.23, 1.25 and 1.26, which Go 1.22 and later
 * write. */
#pragma once

#include "importers/input/importer.h"

extern const UnparkImporter unpark_importer_gotrace;
