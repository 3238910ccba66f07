/* The parts of an input: a source of packed bytes, and an unpacker between it and
 * the window. Only for importers/input*.c. */
#pragma once

#include <gio/gio.h>

/* ---- Source: the bytes as they lie on disk ---------------------------------- */

typedef struct {
  int fd;             /* -1: memory */
  gboolean own;       /* close fd */
  gboolean wait;      /* pipes and devices: wait for bytes or cancellation with poll() */
  char *name;         /* for messages */
  const guint8 *data; /* memory; not owned */
  guint64 done, size; /* bytes handed out; size 0: not known */
  GCancellable *cancellable;
} UnparkInputSource;

/* "-" is standard input. G_FILE_ERROR or G_IO_ERROR with the file's name. */
gboolean unpark_input_source_open(UnparkInputSource *source, const char *path, GError **error);
void unpark_input_source_clear(UnparkInputSource *source);

/* At most `size` bytes into `to`; 0 at the end, -1 with an error. Waits for at least
 * one byte. For files and pipes only (fd >= 0). */
gssize unpark_input_source_read(UnparkInputSource *source, guint8 *to, gsize size, GError **error);

/* ---- Unpacker ---------------------------------------------------------------- */

typedef enum { UNPARK_PACKING_NONE, UNPARK_PACKING_GZIP, UNPARK_PACKING_ZSTD } UnparkPacking;

/* Bytes that unpark_packing_of() needs to be sure. */
#define UNPARK_PACKING_MAGIC_SIZE 4

UnparkPacking unpark_packing_of(const guint8 *head, gsize size);

typedef struct _UnparkUnpacker UnparkUnpacker;

/* Packed bytes come from `source`, after the `head_size` bytes at `head` (copied). */
UnparkUnpacker *unpark_unpacker_new(UnparkPacking packing, UnparkInputSource *source,
                                    const guint8 *head, gsize head_size);
void unpark_unpacker_free(UnparkUnpacker *unpacker);

/* Unpacks at most `size` bytes to `to`; 0 at the end of the stream. -1 with an error
 * (I/O, damaged or cut off packing): bytes given before are good. */
gssize unpark_unpacker_read(UnparkUnpacker *unpacker, guint8 *to, gsize size, GError **error);

/* TRUE if the stream ended but the file goes on with something else. */
gboolean unpark_unpacker_has_trailing_bytes(const UnparkUnpacker *unpacker);
