/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong with a source that is alive, one code for each thing that a user does something
 * different about. The message is a translated sentence that names the address and what helps.
 * Cancellation is G_IO_ERROR_CANCELLED; faults of the file written keep their own domain. */
#pragma once

#include <glib.h>

#define UNPARK_LIVE_ERROR (unpark_live_error_quark())
GQuark unpark_live_error_quark(void);

typedef enum {
  UNPARK_LIVE_ERROR_ADDRESS,       /* not an address */
  UNPARK_LIVE_ERROR_REFUSED,       /* nothing listens there, or it cannot be reached */
  UNPARK_LIVE_ERROR_HOST,          /* the name of the host is not known */
  UNPARK_LIVE_ERROR_TLS,           /* a certificate, or TLS against a server without it */
  UNPARK_LIVE_ERROR_AUTH,          /* 401 or 403 */
  UNPARK_LIVE_ERROR_NOT_FOUND,     /* 404 */
  UNPARK_LIVE_ERROR_NOT_GO,        /* answers, but not as net/http/pprof does */
  UNPARK_LIVE_ERROR_BUSY,          /* another recording of the kind is going on */
  UNPARK_LIVE_ERROR_WRITE_TIMEOUT, /* the server's WriteTimeout is shorter than the recording */
  UNPARK_LIVE_ERROR_CUT,           /* the answer ended half-way */
  UNPARK_LIVE_ERROR_TOO_LARGE,     /* more than the caller allowed */
  UNPARK_LIVE_ERROR_TIMEOUT,       /* silent, or not done in the time allowed */
  UNPARK_LIVE_ERROR_REDIRECT,      /* to somewhere it would not be safe to follow */
  UNPARK_LIVE_ERROR_SERVER,        /* any other answer than success */
  UNPARK_LIVE_ERROR_PROTOCOL,      /* a debugger that does not answer as Delve does */
  UNPARK_LIVE_ERROR_NEEDS_HALT,    /* the target runs, and would have to be stopped */
} UnparkLiveErrorCode;
