/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles of Java agents: "--- heapz 1 ---" and "--- contentionz 1 ---" with "format = java",
 * and the names behind the samples, which binary CPU profiles have, too:
 *
 *    0x00000003 com.example.Shop.pay (Shop.java:103)
 *    0x00000009 memcpy (/usr/lib/libc.so)
 *
 * Source of format facts: legacy_java_profile.go of github.com/google/pprof/profile. */
#pragma once

#include "importers/legacy/legacy.h"
#include "importers/text/lines.h"

/* The second line of a profile that a Java agent wrote. */
gboolean unpark_java_format(UnparkText line);

/* After the head and the line of the format. */
gboolean unpark_java_text_read(UnparkLegacy *legacy, UnparkLines *lines, gboolean heap,
                               GError **error);
/* Names up to the end of the source. */
gboolean unpark_java_names_read(UnparkLegacy *legacy, UnparkLines *lines, GError **error);
