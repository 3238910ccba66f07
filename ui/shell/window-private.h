/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window, for the files that are parts of it. Main thread only. */
#pragma once

#include "ui/folder/view.h"
#include "ui/shell/document.h"
#include "ui/shell/window.h"

struct _UnparkWindow {
  AdwApplicationWindow parent_instance;

  AdwWindowTitle *title;
  AdwTabView *tabs;
  AdwTabBar *tab_bar;
  AdwToastOverlay *toasts;
  GtkStack *pages;
  GtkSearchEntry *search;
  gboolean showing_filter;
  GtkMenuButton *recent_button, *menu_button;
  GtkWidget *export_button, *history_box;

  UnparkDocument *document;               /* the selected one; not owned; NULL: none is, or */
  UnparkFolderView *folder;               /* the selected folder */
  UnparkSession *followed;                /* the document's; NULL: none */
  gulong history_handler, filter_handler; /* on it */
};

/* ---- window.c ----------------------------------------------------------------- */

/* From now on the window tells what the document, in one of its tabs, is about. */
void unpark_window_follow(UnparkWindow *self, UnparkDocument *document);
void unpark_window_on_title(UnparkDocument *document, UnparkWindow *self);

/* ---- window-files.c ----------------------------------------------------------- */

/* The name of the folder; free with g_free(). */
char *unpark_window_folder_title(UnparkFolderView *folder);
/* Those of all windows, for the next start; what could not be opened is not tried again. */
void unpark_window_remember_files(UnparkWindow *self);
/* The other files that are open, for a view that compares with one; and remembers them. */
void unpark_window_tell_files(UnparkWindow *self);
/* Ask a person. Files to add go beside what the selected document shows. */
void unpark_window_choose_files(UnparkWindow *self);
void unpark_window_choose_folder(UnparkWindow *self);
void unpark_window_choose_files_to_add(UnparkWindow *self);
/* Files dropped upon the content get tabs of their own; upon a tab, they go beside what it shows.
 */
void unpark_window_take_drops(UnparkWindow *self);
