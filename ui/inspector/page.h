/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of the inspector: sections, each found out by a worker of its own and shown as soon as
 * it is known, in the order in which they were asked for. A page that was left drops what its
 * workers still find. Main thread only, but for what is said to run in a worker. */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

typedef struct _UnparkPickPage UnparkPickPage;

/* A section that is being filled: widgets in `box`, the same as lines in `text`. */
typedef struct {
  UnparkPickPage *page;
  UnparkSession *session;
  UnparkStore *store;
  UnparkPick pick;
  GtkBox *box;
  GString *text;
} UnparkParts;

/* What a worker is given. */
typedef struct {
  UnparkStore *store;
  UnparkPick pick;
  gint64 from_ns, to_ns;           /* the selected time, or all */
  gboolean selected;               /* it is the selected time */
  gint64 seen_from_ns, seen_to_ns; /* the visible time, as far as there is a trace */
  UnparkFilterResult *filtered;    /* what passes the window's filter; NULL: all */
  gpointer data;                   /* given with the question */
} UnparkQuestion;

typedef struct {
  const char *busy; /* N_(): what one waits for, shown after a moment; NULL: nothing is shown */
  /* Worker. NULL without *error: there is nothing to tell, and the section does not appear. */
  gpointer (*find)(const UnparkQuestion *question, GCancellable *cancellable, GError **error);
  void (*tell)(UnparkParts *p, const UnparkQuestion *question, gpointer answer);
  GDestroyNotify answer_free;
} UnparkAsk;

/* Called when there is something to show (`complete` FALSE), and when nothing more will come. */
typedef void (*UnparkPickPageFunc)(UnparkPickPage *page, gboolean complete, gpointer data);

/* `first` asks for the section that tells what is picked. */
UnparkPickPage *unpark_pick_page_new(UnparkSession *session, const UnparkAsk *first,
                                     UnparkPickPageFunc changed, gpointer data);
/* Leaves it: nothing is called any more. */
void unpark_pick_page_leave(UnparkPickPage *page);
GtkWidget *unpark_pick_page_widget(UnparkPickPage *page);
/* The whole page as text; free with g_free(). */
char *unpark_pick_page_text(UnparkPickPage *page);

/* Adds a section; from `tell` of another one. `data` goes to the question; `data_free` may be
 * NULL. */
void unpark_pick_page_ask(UnparkPickPage *page, const UnparkAsk *ask, gpointer data,
                          GDestroyNotify data_free);
