/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The goroutines of a program under the debugger Delve, live or post-mortem, as a goroutine dump.
 * Blocks; any thread but the main.
 *
 * Reading stops a target that runs. It runs on afterwards if it did before and the server takes
 * more than one client; without --accept-multiclient Delve ends with the connection: a target that
 * it attached to runs on, one that it launched is killed. Before the connection this cannot be
 * known. */
#pragma once

#include "live/http/address.h"
#include "live/service/capture.h"

typedef struct {
  const UnparkAddress *address;
  gboolean may_halt;               /* the user was asked; FALSE: nothing is connected */
  const char *path;                /* replaced as a whole on success */
  UnparkCaptureProgress *progress; /* may be NULL */
} UnparkDelve;

typedef struct {
  guint64 n_goroutines;
  guint64 n_stacks;    /* of so many the whole stack is there: a few of each group */
  gboolean was_ended;  /* Delve ended with the connection */
  gboolean was_killed; /* and its target with it */
} UnparkDelveResult;

gboolean unpark_delve_capture(const UnparkDelve *delve, UnparkDelveResult *result,
                              GCancellable *cancellable, GError **error);
