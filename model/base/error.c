/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/base/error.h"

/* It would take the hyphens for operators. */
/* clang-format off */
G_DEFINE_QUARK(unpark-error-quark, unpark_error)
/* clang-format on */
