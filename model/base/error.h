/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project's GError domain.
 *
 * A message names the file, the offset or line, what was expected and what was
 * found, and what the user can do. Cancellation is always G_IO_ERROR_CANCELLED;
 * plain file errors keep the G_FILE_ERROR or G_IO_ERROR domain they came with.
 */
#pragma once

#include <glib.h>

#define UNPARK_ERROR (unpark_error_quark())
GQuark unpark_error_quark(void);

typedef enum {
  UNPARK_ERROR_UNKNOWN_FORMAT,      /* nothing this program can read (exit status 3) */
  UNPARK_ERROR_UNSUPPORTED_VERSION, /* a known format, but a version that is not read (3) */
  UNPARK_ERROR_CORRUPT,             /* a known format, but nothing in it could be used (3) */
  UNPARK_ERROR_STORE,               /* a store is damaged, of another schema, or SQLite failed */
  UNPARK_ERROR_NO_SPACE,            /* the disk is full */
  UNPARK_ERROR_SQL,                 /* the user's SQL is wrong */
  UNPARK_ERROR_READ_ONLY,           /* the user's SQL would change something */
  UNPARK_ERROR_TIMEOUT,             /* a query ran longer than the caller allowed */
} UnparkErrorCode;
