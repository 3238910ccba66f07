/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a goroutine waits for, by the number that the runtime keeps: it means something else in each
 * version of Go. Pure; any thread. */
#pragma once

#include <glib.h>

/* The words of a goroutine dump: "chan receive". `go_version`: "go1.22.3", also as Delve has it,
 * "Go cmd/compile go1.22.3"; versions after the newest known are taken for it. NULL: not known. */
const char *unpark_delve_reason(const char *go_version, gint64 number);
