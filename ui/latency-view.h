/* Distributions of latencies: the view and its descriptor. */
#pragma once

#include "ui/view.h"

extern const UnparkView unpark_latency_view;
