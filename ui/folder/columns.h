/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the table of files. Its items' data is an UnparkSummary in a g_atomic_rc_box. Main
 * thread only. */
#pragma once

#include "model/summary/summary.h"
#include "ui/kit/profile-item.h"

void unpark_folder_columns(GtkColumnView *view);
const UnparkSummary *unpark_folder_summary(UnparkProfileItem *item);
