/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The running program: one instance, any number of windows, files by argument, by double click
 * and by second launch. Main thread only. */
#pragma once

#include <adwaita.h>

#include "ui/session/opener.h"

#define UNPARK_TYPE_APPLICATION (unpark_application_get_type())
G_DECLARE_FINAL_TYPE(UnparkApplication, unpark_application, UNPARK, APPLICATION, AdwApplication)

/* `opener` has to outlive it. */
UnparkApplication *unpark_application_new(const UnparkOpener *opener);
