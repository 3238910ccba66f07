/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views of a document. */
#pragma once

#include "ui/session/view.h"

/* NULL-terminated, in the order of the switcher. */
extern const UnparkView *const unpark_views[];
