/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services of a waterfall with their colours, and their shares of the critical path. Main
 * thread only. */
#pragma once

#include "ui/kit/wrap-box.h"
#include "ui/requests/layout.h"

/* Fills `box`; NULL: empties it. */
void unpark_requests_legend_fill(UnparkWrapBox *box, const UnparkWaterfall *waterfall);
