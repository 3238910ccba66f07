/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of completions below the word that is written. GtkSourceView has one of its own, which
 * complains on GTK 4.8 and which assistive technology does not see. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/base/types.h"

typedef struct _UnparkSqlPopup UnparkSqlPopup;

/* `view` allocates it: with unpark_sql_popup_present() in its "size_allocate"; and frees it before
 * it goes. */
UnparkSqlPopup *unpark_sql_popup_new(GtkTextView *view);
void unpark_sql_popup_free(UnparkSqlPopup *popup);
void unpark_sql_popup_present(UnparkSqlPopup *popup);

/* Proposes the tables that a file of that kind has. */
void unpark_sql_popup_set_kind(UnparkSqlPopup *popup, UnparkSourceKind kind);
/* What fits where the cursor is; goes away if there is nothing. `asked`: also where nothing is
 * begun. */
void unpark_sql_popup_update(UnparkSqlPopup *popup, gboolean asked);
void unpark_sql_popup_hide(UnparkSqlPopup *popup);
/* A key pressed in the view; TRUE if it was for the list. */
gboolean unpark_sql_popup_key(UnparkSqlPopup *popup, guint keyval, GdkModifierType state);
