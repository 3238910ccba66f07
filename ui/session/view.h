/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a view of a document is; ui/shell/views.c lists them.
 *
 * A view plugs in with a descriptor; the document shows it if the store has data for it. Its
 * widget gets the session and nothing else: views do not know each other.
 */
#pragma once

#include <gtk/gtk.h>

#include "ui/session/session.h"

typedef struct {
  const char *name;  /* "timeline": for settings, history and "reveal" */
  const char *title; /* translatable */
  const char *icon;
  /* The view is about all files that are open together (unpark_session_get_sources()): there is
   * one of it. Else there is one for each file that it applies to. */
  gboolean together;
  /* Main thread; only looks at what is immediate. */
  gboolean (*applies)(UnparkStore *store);
  GtkWidget *(*create)(UnparkSession *session);
  /* May be NULL. The picture the view shows, for Export: free with gsk_render_node_unref(). */
  GskRenderNode *(*picture)(GtkWidget *widget, double *width, double *height);
  /* May be NULL. The view's own way to export, instead of the picture. */
  void (*export)(GtkWidget *widget);
  /* May be NULL. Puts the keyboard focus where one goes on after filtering. */
  void (*focus)(GtkWidget *widget);
  /* May be NULL: as focus(). Puts the keyboard focus where keys begin in a view one comes to, and
   * changes nothing else. */
  void (*enter)(GtkWidget *widget);
  /* May be NULL: the view follows the session's filter, which the window's field sets. Else the
   * field of its own that the view searches with: there the window's has no meaning. */
  GtkWidget *(*search)(GtkWidget *widget);
  /* May be NULL. On to the next (1) or previous (-1) of what is searched or filtered for. */
  void (*match)(GtkWidget *widget, int direction);
} UnparkView;
