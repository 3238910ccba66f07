/* SPDX-License-Identifier: GPL-3.0-or-later */
/* [ and ]: along the wait chain, from anywhere in `widget`. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

void unpark_chain_keys_attach(GtkWidget *widget, UnparkSession *session);
