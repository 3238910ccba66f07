/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything, or the selected time: what part of a trace a view is about. Main thread only.
 *
 * Follows the session: when time is selected the choice turns to it, for a selection is made to
 * look at it; when it is no longer selected, back to everything. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

#define UNPARK_TYPE_TIME_SCOPE (unpark_time_scope_get_type())
G_DECLARE_FINAL_TYPE(UnparkTimeScope, unpark_time_scope, UNPARK, TIME_SCOPE, GtkWidget)

/* Signal "changed": another part of the trace. */
GtkWidget *unpark_time_scope_new(UnparkSession *session);
/* Why there is nothing to choose where no time is selected; static, translated. */
const char *unpark_time_scope_hint(void);
/* [G_MININT64 + 1, G_MAXINT64] for everything. */
void unpark_time_scope_get(UnparkTimeScope *self, gint64 *from_ns, gint64 *to_ns);
