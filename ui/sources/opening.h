/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One try of the program's opener to open one file, shared by those that still use its store. */
#pragma once

#include "ui/session/opener.h"

/* Counted by references: the last one, on the main thread, ends it. */
typedef struct {
  const UnparkOpener *opener;
  gpointer handle;
} UnparkOpening;

/* Main thread. */
UnparkOpening *unpark_opening_new(const UnparkOpener *opener, const char *path);
UnparkOpening *unpark_opening_ref(UnparkOpening *opening);
void unpark_opening_unref(UnparkOpening *opening);
