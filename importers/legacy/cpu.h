/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary CPU profiles of gperftools and of Java agents: words of 4 or 8 bytes in the byte order of
 * the machine that wrote them; a header 0, 3, 0 (C++) or 1 (Java), period in microseconds, 0;
 * samples of count, depth, addresses; a last one 0, 1, 0; then a memory map or names as text.
 *
 * Source of format facts: parseCPU() of github.com/google/pprof/profile. */
#pragma once

#include "importers/legacy/legacy.h"

gboolean unpark_legacy_cpu_sniff(const guint8 *head, gsize size);
gboolean unpark_legacy_cpu_read(UnparkLegacy *legacy, GError **error);
