/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands out in a trace, the worst first: the view's descriptor. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_findings_view;
