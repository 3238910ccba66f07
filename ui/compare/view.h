/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Compare view: what changed from another file, or another time, to this one. A is before, B is
 * after; B is the document unless they are exchanged. It is shown once the session has something to
 * compare with. Main thread only. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_compare_view;
