/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that the window asks of a store, without the window. */
#pragma once

#include <glib.h>

#include "model/store/store.h"

/* Each question is answered or fails with an error, as its header says. NULL, or the question whose
 * result and error disagree. `rand` chooses goroutines and times. */
const char *test_ask_everything(UnparkStore *store, GRand *rand);
