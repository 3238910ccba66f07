/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sources/opening.h"

UnparkOpening *unpark_opening_new(const UnparkOpener *opener, const char *path) {
  UnparkOpening *opening = g_atomic_rc_box_new0(UnparkOpening);
  opening->opener = opener;
  opening->handle = opener->begin(path);
  return opening;
}

UnparkOpening *unpark_opening_ref(UnparkOpening *opening) {
  return g_atomic_rc_box_acquire(opening);
}

static void clear(gpointer data) {
  UnparkOpening *opening = data;
  opening->opener->end(opening->handle);
}

void unpark_opening_unref(UnparkOpening *opening) {
  g_atomic_rc_box_release_full(opening, clear);
}
