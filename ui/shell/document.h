/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One tab: a file that is being opened, or is open, or could not be opened; and others beside it on
 * one axis of time.
 *
 * While an import runs, the views already show what it has written; a bar tells the progress and
 * offers to stop. Main thread only.
 */
#pragma once

#include <adwaita.h>

#include "ui/session/opener.h"
#include "ui/session/view.h"
#include "ui/sources/bundle.h"

#define UNPARK_TYPE_DOCUMENT (unpark_document_get_type())
G_DECLARE_FINAL_TYPE(UnparkDocument, unpark_document, UNPARK, DOCUMENT, GtkWidget)

/* Signals: "title-changed"; "opened" (the store is complete); "failed"; "view-changed" (another
 * view is on screen); "session-changed" (views of a
 * single file show another one). Begins to open at once. `opener` has to outlive the widget. */
GtkWidget *unpark_document_new(const UnparkOpener *opener, GFile *file);

/* The first one. */
GFile *unpark_document_get_file(UnparkDocument *self);
/* Opens them beside those that are open; when the first one is complete, if it is not yet. */
void unpark_document_add(UnparkDocument *self, GFile *const *files, guint n);
/* NULL before the first file is complete. Owned by the document. */
UnparkBundle *unpark_document_get_bundle(UnparkDocument *self);
/* Of the file that views of a single one show. */
UnparkSession *unpark_document_get_session(UnparkDocument *self);
gboolean unpark_document_is_busy(UnparkDocument *self);
/* "webshop.trace – 25 s"; free with g_free(). */
char *unpark_document_dup_title(UnparkDocument *self);

/* Stops an opening that still runs. */
void unpark_document_cancel(UnparkDocument *self);

/* Texts and colours are written in another way from now on: makes the views anew. */
void unpark_document_show_again(UnparkDocument *self);

/* Puts the keyboard focus where keys begin in the view on screen. */
void unpark_document_enter(UnparkDocument *self);
/* It is on screen now: as above, if it never was. */
void unpark_document_look_at(UnparkDocument *self);

/* The n-th view that is shown, from 0; FALSE if there is none. */
gboolean unpark_document_show_view(UnparkDocument *self, guint n);
/* The view on screen and its widget; NULL before the first. */
const UnparkView *unpark_document_get_view(UnparkDocument *self, GtkWidget **widget);
