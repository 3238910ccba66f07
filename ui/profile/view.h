/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of a profile: the view and its descriptor. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_profile_view;
