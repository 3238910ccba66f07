/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of an input: a source of packed bytes, and an unpacker between it and
 * the window. Only for importers/input/input*.c. */
#pragma once

#include <gio/gio.h>

#include "importers/input/input.h"

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
 * one byte. */
gssize unpark_input_source_read(UnparkInputSource *source, guint8 *to, gsize size, GError **error);

/* ---- Unpacker ---------------------------------------------------------------- */

/* Text in 16-bit units is unpacked like what is compressed: to UTF-8. */
typedef enum {
  UNPARK_PACKING_NONE,
  UNPARK_PACKING_GZIP,
  UNPARK_PACKING_ZSTD,
  UNPARK_PACKING_UTF16LE,
  UNPARK_PACKING_UTF16BE
} UnparkPacking;

/* Bytes that unpark_packing_of() needs to be sure: of a member that follows, and of a file's head,
 * where text in 16-bit units may have no mark. */
#define UNPARK_PACKING_MAGIC_SIZE 4
#define UNPARK_PACKING_HEAD_SIZE 64

UnparkPacking unpark_packing_of(const guint8 *head, gsize size);
/* Whether bytes are text in 16-bit units, of which order; NONE if not. */
UnparkPacking unpark_input_utf16_of(const guint8 *head, gsize size);

/* Decodes as many whole characters of `from` as fit into `to`, of at least UNPARK_UTF8_MAX bytes.
 * `last`: nothing follows. Returns the bytes written; *used: those read; *n_replaced grows with
 * what is no character and became U+FFFD. 0 with *used 0: more bytes are needed. */
#define UNPARK_UTF8_MAX 4
gsize unpark_input_utf16_decode(gboolean big_endian, const guint8 *from, gsize available,
                                gboolean last, guint8 *to, gsize size, gsize *used,
                                guint64 *n_replaced);

typedef struct _UnparkUnpacker UnparkUnpacker;

/* Packed bytes come from `inner`, which it takes over, or from `source` if that is NULL, after the
 * `head_size` bytes at `head` (copied). */
UnparkUnpacker *unpark_unpacker_new(UnparkPacking packing, UnparkInputSource *source,
                                    UnparkUnpacker *inner, const guint8 *head, gsize head_size);
void unpark_unpacker_free(UnparkUnpacker *unpacker);

/* Unpacks at most `size` (at least UNPARK_UTF8_MAX) bytes to `to`; 0 at the end of the stream. -1
 * with an error (I/O, damaged or cut off packing): bytes given before are good. */
gssize unpark_unpacker_read(UnparkUnpacker *unpacker, guint8 *to, gsize size, GError **error);

/* TRUE if the stream ended but the file goes on with something else. */
gboolean unpark_unpacker_has_trailing_bytes(const UnparkUnpacker *unpacker);
/* Units of 16-bit text so far that were no character. */
guint64 unpark_unpacker_replaced(const UnparkUnpacker *unpacker);

/* ---- Blocks: pieces of the unpacked stream ------------------------------------ */

/* Room in front of what is read into a block, for the rest of the block before it: a window that
 * spans two blocks costs a copy of that rest only. */
#define UNPARK_INPUT_HEADROOM ((gsize)128 * 1024)
#define UNPARK_INPUT_BLOCK_SIZE ((gsize)1024 * 1024)

struct _UnparkInputBlock {
  int refs;       /* of the window's side; a block that is being filled has one */
  gsize capacity; /* of data */
  gsize start;    /* of the bytes in data */
  gsize size;
  guint64 done; /* packed bytes read when these bytes were there */
  GError *failure;
  gboolean ended; /* nothing follows */
  guint8 data[];
};

/* ---- Reader: fills blocks ahead of the window, on a thread of its own ------------- */

typedef struct _UnparkInputReader UnparkInputReader;

/* From now on source and unpacker (NULL: plain) are the reader's. */
UnparkInputReader *unpark_input_reader_new(UnparkInputSource *source, UnparkUnpacker *unpacker);
/* Ends the thread, which stops waiting because the source's cancellable is cancelled. */
void unpark_input_reader_free(UnparkInputReader *reader);
/* The next block; waits for it. After one with `ended` or `failure` there is none. */
UnparkInputBlock *unpark_input_reader_take(UnparkInputReader *reader);
/* Gives an empty block of UNPARK_INPUT_BLOCK_SIZE behind the headroom back for use. */
void unpark_input_reader_give(UnparkInputReader *reader, UnparkInputBlock *block);

UnparkInputBlock *unpark_input_block_new(gsize capacity);
void unpark_input_block_free(UnparkInputBlock *block);
/* One read into the room behind the block's bytes; sets ended or failure. */
void unpark_input_block_fill(UnparkInputBlock *block, gsize room, UnparkInputSource *source,
                             UnparkUnpacker *unpacker);
