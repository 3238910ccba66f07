/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One tab: a file that is being opened, or is open, or could not be opened.
 *
 * While an import runs, the views already show what it has written; a bar tells the progress and
 * offers to stop. Main thread only.
 */
#pragma once

#include <adwaita.h>

#include "ui/session/session.h"
#include "ui/session/opener.h"
#include "ui/session/view.h"

#define UNPARK_TYPE_DOCUMENT (unpark_document_get_type())
G_DECLARE_FINAL_TYPE(UnparkDocument, unpark_document, UNPARK, DOCUMENT, GtkWidget)

/* Signals: "title-changed"; "opened" (the store is complete); "failed"; "view-changed" (another
 * view is on screen). Begins to open at once. `opener` has to outlive the widget. */
GtkWidget *unpark_document_new(const UnparkOpener *opener, GFile *file);

GFile *unpark_document_get_file(UnparkDocument *self);
UnparkSession *unpark_document_get_session(UnparkDocument *self);
gboolean unpark_document_is_busy(UnparkDocument *self);
/* "webshop.trace – 25 s"; free with g_free(). */
char *unpark_document_dup_title(UnparkDocument *self);

/* Stops an opening that still runs. */
void unpark_document_cancel(UnparkDocument *self);

/* Puts the keyboard focus where keys begin in the view on screen. */
void unpark_document_enter(UnparkDocument *self);
/* It is on screen now: as above, if it never was. */
void unpark_document_look_at(UnparkDocument *self);

/* The n-th view that is shown, from 0; FALSE if there is none. */
gboolean unpark_document_show_view(UnparkDocument *self, guint n);
/* The view on screen and its widget; NULL before the first. */
const UnparkView *unpark_document_get_view(UnparkDocument *self, GtkWidget **widget);
