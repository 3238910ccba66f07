/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Why?": the session's wait chain as a list, one row a link, or the sums of a long one. Picking a
 * row goes to that link; the pane is not there when there is no chain. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

#define UNPARK_TYPE_CHAIN_VIEW (unpark_chain_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkChainView, unpark_chain_view, UNPARK, CHAIN_VIEW, GtkWidget)

/* Signal "rows-changed": another chain, or it is shown otherwise; its natural height differs. */
GtkWidget *unpark_chain_view_new(UnparkSession *session);
/* The chain as lines of text, "" if there is none; free with g_free(). */
char *unpark_chain_view_text(UnparkChainView *self);
