/* How fast a trace's clock ran, when the file was cut off before it says so. */
#pragma once

#include "importers/gotrace1/index.h"

/* Ticks a second; never 0. */
guint64 unpark_v1_frequency_guess(const UnparkV1Index *index);
