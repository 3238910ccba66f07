/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl+G: a window where one types a time, a goroutine's number or a part of a function's name,
 * and goes to one of the places it can mean. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

void unpark_go_to_show(GtkWindow *parent, UnparkSession *session);
