/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/spans/stdouttrace.h"
#include "tests/fuzz/import-target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return unpark_fuzz_import(&unpark_importer_stdouttrace, data, size);
}
