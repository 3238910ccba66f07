/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar above a table or list about a part of a trace: its scope, what is shown in a few words,
 * a spinner, and a button that copies. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

typedef struct {
  GtkWidget *bar, *scope, *facts, *spinner;
} UnparkScopeBar;

/* `copy`: what the button does ("Copy the table"), and `action` its action, which Ctrl+C has, too.
 */
void unpark_scope_bar_init(UnparkScopeBar *bar, UnparkSession *session, const char *copy,
                           const char *action);
