/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stacks of all threads of a C++ program: "--- threadz 1 ---". */
#pragma once

#include "importers/legacy/legacy.h"
#include "importers/text/lines.h"

/* *line: the head; afterwards the line that ended the threads, valid as of unpark_lines_next(). */
gboolean unpark_threads_read(UnparkLegacy *legacy, UnparkLines *lines, UnparkText *line,
                             GError **error);
