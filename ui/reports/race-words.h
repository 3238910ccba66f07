/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What races say in words. No GTK; any thread. */
#pragma once

#include "model/tables/race-list.h"

/* "Write", "Previous atomic read"; for a kind that is not known, the word of the report. */
const char *unpark_race_kind(const UnparkRaceAccess *access, gboolean previous);
/* "Data race 3". Free with g_free(). */
char *unpark_race_title(const UnparkRace *race);
/* "0x00c000014178", "" if it is not told. Free with g_free(). */
char *unpark_race_address(const UnparkRace *race);
/* "by G 13", "by the main goroutine", "" if it is not told. Free with g_free(). */
char *unpark_race_by(const UnparkRaceAccess *access);
/* "main.(*Cart).Add  cart.go:50"; words for an unknown place. Free with g_free(). */
char *unpark_race_place(const UnparkRaceAccess *access);
