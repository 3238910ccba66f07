/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite file: what is plain tables and what is blocks. */
#pragma once

#include "model/store/store.h"

/* "UnPk": in the header of every store, so that files can be told by their first bytes. */
#define UNPARK_APPLICATION_ID 0x556e506b

/* A store says which version wrote it: UNPARK_SCHEMA_VERSION. The one before is always readable;
 * what the versions differ in is said where they are told apart, in model/store/blocks.c. */
#define UNPARK_SCHEMA_OLDEST 1

/* Tables of a new store: CREATE TABLE statements, each with a semicolon after it. */
extern const char unpark_schema_sql[];
/* Tables of a store of that version; NULL: it is not read. */
const char *unpark_schema_tables(guint version);
/* INSERT with id, fact, count, lane_min, lane_max, time_min, time_max; and with id, data. */
extern const char unpark_schema_insert_block[];
extern const char unpark_schema_insert_data[];
