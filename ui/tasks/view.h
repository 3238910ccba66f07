/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks in numbers, by name, the slowest, and one of them in full: the view and its descriptor. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_task_view;
