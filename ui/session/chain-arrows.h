/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who created and who woke the picked goroutine, and whom it did, in the visible time: what is
 * drawn as arrows between lanes. Found out in a worker a moment after the view has come to rest;
 * the session's "marks-changed" tells when there is something new. Main thread only. */
#pragma once

#include "ui/session/session.h"

typedef struct {
  gint64 from, to; /* goroutines: who did it, to whom */
  gint64 time_ns;
  gboolean creation; /* else a wake-up */
} UnparkArrow;

/* Begins to follow the session's pick and visible time; it goes with the session. */
void unpark_arrows_attach(UnparkSession *session);
/* Those of the picked goroutine; NULL and *n 0 if there are none, or too many to be read. */
const UnparkArrow *unpark_arrows_get(UnparkSession *session, guint *n);
/* Another number for other arrows. */
guint unpark_arrows_serial(UnparkSession *session);
