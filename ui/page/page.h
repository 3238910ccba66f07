/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every view is built on: a bar above, and below it the view's content, or a sentence that
 * says why there is none. The page knows the session, asks again when what it shows has changed,
 * but not before it is seen, runs its questions in a worker, and shows that it is busy.
 *
 * A view is a subclass with a template beside its source: the child of its <template> is the
 * content; children of type "start" come first in the bar, those of type "text" above its facts,
 * those of type "bar" before the search field, those of type "end" last; those of type "above" and
 * "below" stand between bar and content, and under it; one of type "frame" holds everything: the
 * view puts `box` into it. The action "page.filter" sets the session's filter. Main thread only.
 * Subclasses free what is theirs in finalize: until then the session and the widgets live.
 */
#pragma once

#include <gtk/gtk.h>

#include "ui/kit/worker.h"
#include "ui/session/session.h"

#define UNPARK_TYPE_PAGE (unpark_page_get_type())
#define UNPARK_PAGE(object) (G_TYPE_CHECK_INSTANCE_CAST((object), UNPARK_TYPE_PAGE, UnparkPage))
#define UNPARK_PAGE_GET_CLASS(object)                                                              \
  (G_TYPE_INSTANCE_GET_CLASS((object), UNPARK_TYPE_PAGE, UnparkPageClass))

/* For subclasses; they set `first`, and leave the rest to the functions below. */
typedef struct {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkWorker worker;
  guint spinner_source;
  gboolean goes_on; /* it was busy when it was told last */
  gboolean stale;   /* what is shown is not what would be shown now, but nobody sees it */

  GtkWidget *box; /* bar and pages */
  GtkWidget *bar, *texts, *title, *facts, *shown, *spinner, *search, *copy;
  GtkWidget *pages, *empty; /* GtkStack, AdwStatusPage */
  GtkWidget *scope;         /* UnparkTimeScope; NULL: the view is about all of the file */
  GtkWidget *first;         /* where the keys begin */
} UnparkPage;

/* All may be NULL. */
typedef struct {
  GtkWidgetClass parent_class;

  /* Once, when the session is there. */
  void (*begin)(UnparkPage *self);
  /* Asks for what is to be shown; there is a store, and the page is seen. */
  void (*load)(UnparkPage *self);
  /* Ctrl+C, and the button of unpark_page_use_scope(). */
  void (*copy)(UnparkPage *self);
  /* The view's own way to export. */
  void (*export)(UnparkPage *self);
  /* Another text in the field of unpark_page_use_search(). */
  void (*find)(UnparkPage *self, const char *text);
} UnparkPageClass;

GType unpark_page_get_type(void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkPage, g_object_unref)

/* A view of that class. */
GtkWidget *unpark_page_new(GType type, UnparkSession *session);
/* The template stands in ui/ROOM/NAME.ui: `path` is "ROOM/NAME.ui". For class_init. */
void unpark_page_class_set_template(gpointer page_class, const char *path);

/* Parts of the bar; for init and begin(). A field that searches: */
void unpark_page_use_search(UnparkPage *self, const char *placeholder, const char *name);
/* The choice of a part of the time, which the page follows, as it then does the filter; and with
 * `copy` a button that copies, called so. For begin(). */
void unpark_page_use_scope(UnparkPage *self, const char *copy);
/* The bar's texts; `title` may be NULL: there is none. */
void unpark_page_set_facts(UnparkPage *self, const char *title, const char *facts);
/* How much of everything is shown; "" for all. */
void unpark_page_set_shown(UnparkPage *self, const char *shown);

/* Asks anew: at once if the page is seen, or else when it will be. */
void unpark_page_reload(UnparkPage *self);
/* Runs `work`, whose owner is the page; what ran before is cancelled. The page is busy meanwhile
 * and says why if it fails: done() gets results only. */
void unpark_page_run(UnparkPage *self, const UnparkWork *work, gpointer data);
/* The same with an UnparkScopeRequest as data, for a page that uses a scope; `what` is freed with
 * g_free(). */
void unpark_page_run_scoped(UnparkPage *self, const UnparkWork *work, gpointer what);

/* What unpark_page_run() does by itself: soon a spinner turns in the bar, while it is seen. A
 * done() that goes on to wait for something else says so with TRUE. */
void unpark_page_set_busy(UnparkPage *self, gboolean busy);

void unpark_page_show_content(UnparkPage *self);
/* In place of the content. `text` is plain. */
void unpark_page_say(UnparkPage *self, const char *title, const char *text);

/* For an UnparkView: the keys go to `first`; the field that searches; the class's export(). */
void unpark_page_focus(GtkWidget *widget);
GtkWidget *unpark_page_get_search(GtkWidget *widget);
void unpark_page_export(GtkWidget *widget);
