/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests: kinds of them with their percentiles, the slowest of a kind, and each as a waterfall
 * of its spans across services. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_requests_view;
