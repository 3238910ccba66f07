/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening files for the window: app/open.h behind the table that ui/ knows. */
#pragma once

#include "ui/session/opener.h"

extern const UnparkOpener unpark_gui_opener;
