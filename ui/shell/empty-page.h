/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an empty window shows: what can be opened, and how to record it. Main thread only. */
#pragma once

#include <adwaita.h>

#define UNPARK_TYPE_EMPTY_PAGE (unpark_empty_page_get_type())
G_DECLARE_FINAL_TYPE(UnparkEmptyPage, unpark_empty_page, UNPARK, EMPTY_PAGE, GtkWidget)
