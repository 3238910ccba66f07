/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services: a graph of the calls between them, a table of these with what they took on both sides,
 * and what is wrong with the spans: contexts that were lost, spans that are missing. */
#pragma once

#include "ui/session/view.h"

extern const UnparkView unpark_services_view;
