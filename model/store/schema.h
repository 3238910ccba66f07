/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite file: what is plain tables and what is blocks. */
#pragma once

#include "model/store/store.h"

/* "UnPk": in the header of every store, so that files can be told by their first bytes. */
#define UNPARK_APPLICATION_ID 0x556e506b

/* Tables of a new store. */
extern const char unpark_schema_sql[];
/* INSERT with id, fact, count, lane_min, lane_max, time_min, time_max; and with id, data. */
extern const char unpark_schema_insert_block[];
extern const char unpark_schema_insert_data[];
