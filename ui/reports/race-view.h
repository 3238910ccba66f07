/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The view of race reports: a list of races, and the chosen one with both accesses. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_race_view;
