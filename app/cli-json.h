/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON of what is no query's rows: members of an object, each with its comma. */
#pragma once

#include "model/store/store.h"

/* `text` is UTF-8. */
void cli_json_text(GString *to, const char *name, const char *text);
/* UNPARK_NONE is null. */
void cli_json_number(GString *to, const char *name, gint64 n);
/* What is not finite is null. */
void cli_json_real(GString *to, const char *name, double n);
void cli_json_flag(GString *to, const char *name, gboolean flag);
/* An array of frames, innermost first. */
void cli_json_stack(GString *to, UnparkStore *store, const char *name, guint32 stack);
/* Ends an object or array that may have a comma before its end. */
void cli_json_close(GString *to, const char *end);
