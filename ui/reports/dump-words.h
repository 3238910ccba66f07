/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What dumps say in words. No GTK; any thread. */
#pragma once

#include "model/tables/dump-groups.h"

/* "12 min", "3 h 20 min", "–" for none. Free with g_free(). */
char *unpark_dump_wait(gint64 minutes);
/* "37 goroutines: chan receive". Free with g_free(). */
char *unpark_dump_title(const UnparkDumpGroup *group);
/* "G 41  12 min  locked to its thread  created by G 1". Free with g_free(). */
char *unpark_dump_member_text(const UnparkDumpMember *member);
/* Whether nothing can end the waits of the group: the runtime says so itself. */
gboolean unpark_dump_is_leak(const UnparkDumpGroup *group);
/* What the members have in common, to be said once: as unpark_dump_member_text() without the
 * number,
 * "" if nothing is. Free with g_free(). */
char *unpark_dump_common_text(const UnparkDumpMember *members, guint n);
/* The numbers of members that have everything in common: "G 41, G 42". NULL: they have not. Free
 * with g_free(). */
char *unpark_dump_numbers(const UnparkDumpMember *members, guint n);
/* The state for a cell: words for one that is not said. */
const char *unpark_dump_state(const UnparkDumpGroup *group);
