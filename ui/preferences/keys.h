/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where preferences are kept in the settings. */
#pragma once

#define UNPARK_KEY_SCHEME "window.color-scheme" /* "system", "light", "dark" */
#define UNPARK_KEY_COLOURS "look.colours"       /* an UnparkPalette */
#define UNPARK_KEY_NUMBERS "look.numbers"       /* the numbers of UnparkFormatStyle */
#define UNPARK_KEY_TIMES "look.times"
#define UNPARK_KEY_NAMES "look.names"
#define UNPARK_KEY_ZONE "look.zone"            /* 0: local, 1: UTC */
#define UNPARK_KEY_CACHE_FOLDER "cache.folder" /* "": the default */
#define UNPARK_KEY_CACHE_SIZE "cache.mib"      /* -1: the default */
#define UNPARK_KEY_MEMORY "cache.memory-mib"
#define UNPARK_KEY_RESTORE "session.restore" /* whether files that were open are opened again */

#define UNPARK_LEAST_MEMORY 8
#define UNPARK_MOST_MEMORY 4096
