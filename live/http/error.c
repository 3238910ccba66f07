/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/http/error.h"

/* It would take the hyphens for operators. */
/* clang-format off */
G_DEFINE_QUARK(unpark-live-error-quark, unpark_live_error)
/* clang-format on */
