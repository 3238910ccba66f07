/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a service for one kind and writes what comes to a file. Blocks; any thread but the main. */
#pragma once

#include "live/service/service.h"

/* Shared with the thread that shows it; read and written atomically. Zero-initialise. */
typedef struct {
  guint64 bytes;     /* arrived */
  gint64 started_us; /* monotonic; 0: not yet */
} UnparkCaptureProgress;

typedef struct {
  const UnparkService *service; /* NULL: `url` is asked for */
  const char *kind;
  const char *url;
  UnparkReach reach;
  guint seconds;       /* of a trace, a CPU profile, or a difference */
  gboolean difference; /* of a kind that is a snapshot: what changed within `seconds` */
  const char *path;    /* of the file; on success, and with `kept`, replaced as a whole */
  guint64 max_bytes;   /* 0: UNPARK_CAPTURE_MAX */
  UnparkCaptureProgress *progress; /* may be NULL */
} UnparkCapture;

#define UNPARK_CAPTURE_MAX ((guint64)8 << 30)

/* The file is written under a temporary name beside it. If it is not complete, because the user
 * cancelled, the service ended, or a limit was reached, what arrived is still put under its name
 * and *kept is its size; else *kept is 0 and the file is as it was. */
gboolean unpark_capture_run(const UnparkCapture *capture, guint64 *kept, GCancellable *cancellable,
                            GError **error);

/* "trace.trace", "goroutine.txt": what to call a file in a folder. Free with g_free(). */
char *unpark_capture_file_name(const char *kind, gboolean difference);

/* The same file by way of another source, which calls `write` with its pieces. */
typedef struct _UnparkCaptureFile UnparkCaptureFile;
UnparkCaptureFile *unpark_capture_file_new(const char *path, GError **error);
gboolean unpark_capture_file_write(UnparkCaptureFile *file, const void *bytes, gsize size,
                                   GError **error);
/* Puts it under its name. Frees `file`. */
gboolean unpark_capture_file_finish(UnparkCaptureFile *file, GError **error);
/* Removes it. Frees `file`. */
void unpark_capture_file_drop(UnparkCaptureFile *file);
