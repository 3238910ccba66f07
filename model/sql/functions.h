/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQL functions whose built-in versions take time that grows with the product of their arguments'
 * lengths. SQLite asks whether to go on between steps, never within a function: these answer in
 * linear time, or refuse what they could not.
 *
 *   instr(X, Y), replace(X, Y, Z)        as SQLite's
 *   trim(X, Y), ltrim(X, Y), rtrim(X, Y)  as SQLite's; Y has at most 64 bytes
 *   json_patch(X, Y)                      an error
 *
 * And one aggregate of our own: time_sum(X), which is sum(X) of integers but stops at the ends of
 * 64 bits instead of failing.
 */
#pragma once

#include <sqlite3.h>

/* SQLite's result code. */
int unpark_functions_register(sqlite3 *db);
