/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a source: a file or standard input, plain, gzip or zstd (found by their
 * magic, concatenated members and frames included; also packed twice), unpacked as a stream with
 * bounded memory. Text comes as UTF-8 without a byte order mark: what is in 16-bit units is
 * converted, and zeros before a file's first byte are passed over.
 *
 * Reading is a window on the stream: ask for `want` contiguous bytes, look at them,
 * consume some. Not thread-safe. Of what is larger than a mebibyte a thread of the input's own
 * reads and unpacks some mebibytes ahead.
 *
 *   const guint8 *p = unpark_input_window(in, 16, &have, &error);
 *   if (!p) ...;            // I/O error, not end of file
 *   if (have < 16) ...;     // the file ends here
 *   unpark_input_consume(in, 16);
 */
#pragma once

#include <gio/gio.h>

typedef struct _UnparkInput UnparkInput;

/* "-" is standard input. Errors: G_FILE_ERROR/G_IO_ERROR with the file's name. */
UnparkInput *unpark_input_open(const char *path, GError **error);
/* For tests and fuzzing; `data` must outlive the input. Unpacks like a file. */
UnparkInput *unpark_input_from_memory(const guint8 *data, gsize size);
void unpark_input_free(UnparkInput *in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkInput, unpark_input_free)

/* At least `want` bytes from the current position unless the stream ends before
 * (then *have < want, possibly 0). The pointer is valid until the next call on `in` (but see
 * unpark_input_hold()).
 * `want` may be up to 256 MiB. NULL: error (I/O, damaged packing). After an error in the
 * packing, a call with want 0 still gives the bytes unpacked before it. */
const guint8 *unpark_input_window(UnparkInput *in, gsize want, gsize *have, GError **error);
void unpark_input_consume(UnparkInput *in, gsize n); /* n <= have of the last window */

/* The bytes of the last window (of >= 1 byte) stay where they are until the hold is released; holds
 * of neighbouring windows may be the same pointer. They are released before the input is freed.
 * NULL: the input is plain memory, which stays anyway. */
typedef struct _UnparkInputBlock UnparkInputBlock;
UnparkInputBlock *unpark_input_hold(UnparkInput *in);
void unpark_input_release(UnparkInput *in, UnparkInputBlock *hold); /* NULL: nothing */

guint64 unpark_input_offset(UnparkInput *in);      /* unpacked bytes consumed */
guint64 unpark_input_packed_done(UnparkInput *in); /* bytes of the file read */
guint64 unpark_input_packed_size(UnparkInput *in); /* 0: not known */
const char *unpark_input_name(UnparkInput *in);    /* for messages */
const char *unpark_input_packing(UnparkInput *in); /* NULL, "gzip" or "zstd" */

/* Called by unpark_input_window() at least once a mebibyte, in the importing thread. */
typedef void (*UnparkInputTick)(UnparkInput *in, gpointer data);
void unpark_input_set_tick(UnparkInput *in, UnparkInputTick tick, gpointer data);

/* Waiting for a pipe or a device ends when `cancellable` (may be NULL; referenced) is
 * cancelled: the window then fails with G_IO_ERROR_CANCELLED, as it does before each
 * refill of a file. */
void unpark_input_set_cancellable(UnparkInput *in, GCancellable *cancellable);

/* What was done to the file before the first byte that unpark_input_window() gave. */
typedef struct {
  guint64 zeros;        /* passed over at its beginning (a log that was cut while it was written) */
  guint64 left_out;     /* unpark_input_leave_out() */
  guint n_packings;     /* one in the other */
  const char *encoding; /* "UTF-16LE", "UTF-16BE"; NULL: no conversion */
  guint64 n_replaced;   /* of that: units that are no character; 0 before the end is reached */
} UnparkInputOrigin;
void unpark_input_origin(UnparkInput *in, UnparkInputOrigin *origin);

/* Passes over the first `n` bytes of the last window, which are no part of what is wanted: the file
 * begins there, and may be packed. Offsets count from there. Only before anything was consumed, and
 * n less than a mebibyte. */
void unpark_input_leave_out(UnparkInput *in, gsize n);

/* TRUE once the packed stream has ended although the file goes on with bytes that are
 * no gzip member or zstd frame: they were not read. */
gboolean unpark_input_has_trailing_bytes(UnparkInput *in);
