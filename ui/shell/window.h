/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window: header bar, tabs of documents, the empty page. Main thread only. */
#pragma once

#include "ui/shell/application.h"

#define UNPARK_TYPE_WINDOW (unpark_window_get_type())
G_DECLARE_FINAL_TYPE(UnparkWindow, unpark_window, UNPARK, WINDOW, AdwApplicationWindow)

UnparkWindow *unpark_window_new(UnparkApplication *application);

/* In a new tab; a file that is already open gets its tab shown. */
void unpark_window_open(UnparkWindow *self, GFile *file);
/* In one tab, on one axis of time: files, and those in folders. */
void unpark_window_open_together(UnparkWindow *self, GFile *const *files, guint n);

/* Texts and colours are written in another way from now on. */
void unpark_window_show_again(UnparkWindow *self);
