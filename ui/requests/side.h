/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector beside the waterfall. Every file has a session and what is picked in it; so there
 * is an inspector for each, made when it is first needed. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

/* Shows that of the session; `stack` is filled by this alone. */
void unpark_requests_side_show(GtkStack *stack, UnparkSession *session);
/* Other files are open: takes all away. */
void unpark_requests_side_clear(GtkStack *stack);
