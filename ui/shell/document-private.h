/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The widget of a tab, for document.c and document-files.c; nobody else includes this. */
#pragma once

#include "ui/shell/document.h"

typedef enum {
  UNPARK_DOCUMENT_TITLE_CHANGED,
  UNPARK_DOCUMENT_OPENED,
  UNPARK_DOCUMENT_FAILED,
  UNPARK_DOCUMENT_VIEW_CHANGED,
  UNPARK_DOCUMENT_SESSION_CHANGED,
  UNPARK_DOCUMENT_N_SIGNALS
} UnparkDocumentSignal;

/* While the first file is read. */
typedef struct {
  GCancellable *cancellable;
  gboolean running; /* run() has not returned */
  guint poll_source;
  guint seen_generation;
  gboolean snapshot_running;
  gint64 started_us;
} UnparkDocumentReading;

struct _UnparkDocument {
  GtkWidget parent_instance;

  GFile *file;
  UnparkSession *session; /* of the file that views of a single one show */
  UnparkBundle *bundle;   /* NULL before the first store is complete */
  GPtrArray *pending;     /* GFile: to be added then; NULL: none */
  UnparkOpening *opening; /* as long as the store is used */
  UnparkDocumentReading reading;
  gboolean enter_pending; /* it was opened in the background, and never looked at */

  GtkWidget *box;
  GtkWidget *progress_bar; /* GtkRevealer */
  GtkWidget *progress_label, *progress;
  GtkWidget *notes;
  GtkWidget *above;      /* the views: the place of the source bar, */
  GtkWidget *source_bar; /* NULL before the bundle */
  GtkWidget *stack;      /* "busy", "views", "failed" */
  GtkWidget *failed, *busy;
  GtkWidget *switcher, *switcher_bar; /* above the views, */
  GtkWidget *bottom;                  /* or below them, where there is no room for all names */
  gboolean narrow;
  guint folding; /* a frame callback: the other of them takes over */
  AdwViewStack *views;
  gboolean adding; /* views: which of them is shown is not settled */
};

/* document.c */
void unpark_document_emit(UnparkDocument *self, UnparkDocumentSignal which);
/* Shows the views that there are data for in any of the files. */
void unpark_document_add_views(UnparkDocument *self);
/* The switcher says how many findings the file has. */
void unpark_document_update_badge(UnparkDocument *self);
/* A session's "reveal". */
void unpark_document_on_reveal(UnparkSession *session, const char *view, UnparkDocument *self);
/* The session has something to compare with, or another. */
void unpark_document_on_other(UnparkDocument *self);

/* document-files.c */
guint unpark_document_n_files(UnparkDocument *self);
/* Whether the file has data for the view. */
gboolean unpark_document_applies_to(UnparkDocument *self, const UnparkView *view, guint i);
/* The widget of the view on screen: made when it is first looked at. */
void unpark_document_create_view(UnparkDocument *self);
void unpark_document_follow_session(UnparkDocument *self, UnparkSession *session);
/* The first store is complete: there can be others beside it. */
void unpark_document_make_bundle(UnparkDocument *self);
