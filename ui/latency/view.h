/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions of latencies: the view and its descriptor. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_latency_view;
