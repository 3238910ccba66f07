/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of profiles as people read them, and tables of them as text. No GTK; any thread. */
#pragma once

#include "model/tables/profile-table.h"
#include "ui/text/format.h"

/* By its unit: "4.2 MiB", "390 ms", "12,345"; units that are not known stand behind the number.
 * Fills `buf` and returns it. */
const char *unpark_profile_format_value(gint64 value, const char *unit,
                                        char buf[UNPARK_FORMAT_SIZE]);

/* Also of negative parts: "-12 %". */
const char *unpark_profile_format_share(gint64 part, gint64 whole, char buf[UNPARK_FORMAT_SIZE]);

/* "CPU profile"; translated. */
const char *unpark_profile_kind_title(const char *kind);

/* A function's name, or words for one that is not known. */
const char *unpark_profile_function_name(const char *function);

/* TRUE for the user's functions and their modules', FALSE for the standard library and for what
 * has no package (assembly, C). */
gboolean unpark_profile_is_own(const char *function);

/* "Total 390 ms in 36 stacks · recorded over 535 ms · 23 Nov 2026, 00:13:00". `profile` may be
 * NULL. Free with g_free(). */
char *unpark_profile_facts(const UnparkProfileInfo *profile, const UnparkProfileTable *table,
                           const char *unit);

/* Rows in the given order, aligned for reading. Free with g_free(). */
char *unpark_profile_to_text(const UnparkProfileTable *table, const guint32 *rows, guint n,
                             const char *type, const char *unit);
/* RFC 4180; values as whole numbers in `unit`. Free with g_free(). */
char *unpark_profile_to_csv(const UnparkProfileTable *table, const guint32 *rows, guint n,
                            const char *type, const char *unit);
