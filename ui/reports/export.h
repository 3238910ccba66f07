/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dumps and races as files: the file extension of `name` chooses CSV, JSON or Markdown; another one
 * gives plain text, as Go prints it. Worker. Free with g_free(). */
#pragma once

#include "model/tables/dump-groups.h"
#include "model/tables/race-list.h"

/* A group of goroutines is a row. */
char *unpark_export_dump(const UnparkDumpGroups *groups, const char *name);
/* A race is a row. */
char *unpark_export_races(const UnparkRaceList *races, const char *name);
