/* The goroutines of a dump: the view and its descriptor. */
#pragma once

#include "ui/view.h"

extern const UnparkView unpark_dump_view;
