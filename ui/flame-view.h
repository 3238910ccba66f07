/* The view "Flame Graph": of traces, profiles, dumps and race reports. */
#pragma once

#include "ui/view.h"

extern const UnparkView unpark_flame_view;
