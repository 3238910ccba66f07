/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Go execution traces of the first format (Go 1.11 to 1.21), the whole way to the store. */
#include "importers/gotrace1/gotrace1.h"
#include "tests/fuzz/import-target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return unpark_fuzz_import(&unpark_importer_gotrace1, data, size);
}
