/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQL over the open file: the view and its descriptor. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_sql_view;
