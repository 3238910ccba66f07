/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines in numbers, by the function they started in: the view and its descriptor. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_goroutine_view;
