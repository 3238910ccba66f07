/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches whose head says an impossible time. */
#pragma once

#include "importers/gotrace1/index.h"

/* Batches far away from all others get the time behind the batch before them, and a
 * note. In a real trace nothing is that far away: every two minutes a garbage collection
 * writes events. */
void unpark_v1_heads_repair(UnparkV1Index *index);
