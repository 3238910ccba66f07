/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who held something, and for how long: what late.c and late-exec.c gather; nobody else includes
 * it. Worker. */
#pragma once

#include "model/why/late.h"

/* goroutine -> UnparkHolder. Free with g_hash_table_unref(). */
GHashTable *unpark_holders_new(void);
/* The goroutine held it `length_ns` longer, the last time on `proc`. */
void unpark_holders_add(GHashTable *holders, gint64 goroutine, gint64 proc, gint64 length_ns);
/* Greatest held_ns first; free with g_free(). */
UnparkHolder *unpark_holders_list(GHashTable *holders, guint *n);
