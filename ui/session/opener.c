/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/opener.h"

static const UnparkOpener *the_opener;

void unpark_opener_set(const UnparkOpener *opener) {
  the_opener = opener;
}

const UnparkOpener *unpark_opener_get(void) {
  return the_opener;
}
