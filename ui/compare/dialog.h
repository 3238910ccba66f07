/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Compare With": which file, or which other time, a document is compared with. Main thread only.
 */
#pragma once

#include <adwaita.h>

#include "ui/session/session.h"

/* `name`: of the session's file; `uris`: of the files in other tabs, NULL-terminated. What is
 * chosen becomes the session's other. */
void unpark_compare_dialog_show(GtkWindow *parent, UnparkSession *session, const char *name,
                                const char *const *uris);
