/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of the table of calls between services: items are rows of UnparkServices.calls. Main
 * thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/spans/services.h"

void unpark_services_call_columns(GtkColumnView *view);
