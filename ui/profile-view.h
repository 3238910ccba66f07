/* The functions of a profile: the view and its descriptor. */
#pragma once

#include "ui/view.h"

extern const UnparkView unpark_profile_view;
