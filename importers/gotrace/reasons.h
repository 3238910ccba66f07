/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reasons that the runtime gives numbers at the start of every generation, before all else:
 * their texts are written at its end, which a trace that was cut off does not have.
 *
 * Source: runtime/traceruntime.go, traceRegisterLabelsAndReasons (Go 1.22 to 1.27).
 */
#pragma once

#include <glib.h>

/* `version` as in the header; `stops`: the reason of a GoStop, else of a GoBlock. NULL: none has
 * this number. */
const char *gotrace_usual_reason(guint version, guint64 id, gboolean stops);
