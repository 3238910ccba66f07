/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report made by the command line program. Main thread only. */
#pragma once

#include <gio/gio.h>

/* The program beside our own, or the one in $PATH. Free with g_free(); NULL: there is none. */
char *unpark_report_make_program(void);

/* NULL: it is there. G_IO_ERROR_CANCELLED if it was cancelled; else what the program said. */
typedef void (*UnparkReportMade)(const GError *error, gpointer data);

/* Runs the program with the arguments, NULL-terminated, the program first. `made` is called once;
 * cancelling ends the process. */
void unpark_report_make(const char *const *arguments, GCancellable *cancellable,
                        UnparkReportMade made, gpointer data);
