/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The view "Flame Graph": of traces, profiles, dumps and race reports. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_flame_view;
