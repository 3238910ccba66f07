/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Timeline view: overview, ruler, lanes, inspector, status bar. Main thread only. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_timeline_view;
