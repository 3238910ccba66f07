/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Report": what is to be in the report of a file, and where it goes. Main thread only. */
#pragma once

#include <adwaita.h>

#include "ui/session/session.h"

/* `name`: of the file, as the title of the report has it; `path`: the file, or its store. The
 * session's selected time and filter are offered. The report is made by unpark-cli, in a process of
 * its own: that can speak another language, and be ended at any time. */
void unpark_report_dialog_show(GtkWindow *parent, UnparkSession *session, const char *name,
                               const char *path);
