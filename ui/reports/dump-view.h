/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The goroutines of a dump: the view and its descriptor. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_dump_view;
