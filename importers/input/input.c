/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/input/input.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/input/private.h"
#include "model/base/format.h"

/* Packings one in the other; what is packed more often is up to no good. */
#define PACKINGS_MAX 3
/* Zeros before a file's first byte. */
#define ZEROS_MAX ((guint64)256 * 1024 * 1024)
#define WANT_MAX ((gsize)256 * 1024 * 1024)
#define TICK_BYTES ((guint64)512 * 1024)
/* What comes in pieces up to this is gathered in one block: a block may be held for long. */
#define SMALL_PIECE ((gsize)256 * 1024)

struct _UnparkInput {
  UnparkInputSource source;
  const char *packing; /* the outermost; NULL: none */
  UnparkInputOrigin origin;
  UnparkUnpacker *unpacker;
  UnparkInputReader *reader; /* NULL: none yet; then source and unpacker are its */
  gboolean begun;            /* packing was looked for */
  UnparkInputBlock *block;   /* where the window is; NULL: in plain memory, or nowhere yet */
  const guint8 *start;       /* the window: bytes that are there and not consumed */
  gsize size;
  gboolean ended;
  GError *failure; /* sticky */
  guint64 offset, done;
  guint64 got, got_at_tick; /* unpacked bytes made available; same at the last tick */
  UnparkInputTick tick;
  gpointer tick_data;
  GCancellable *cancellable; /* the user's */
  gulong cancel_handler;
};

UnparkInput *unpark_input_open(const char *path, GError **error) {
  UnparkInput *in = g_new0(UnparkInput, 1);

  if (!unpark_input_source_open(&in->source, path, error)) {
    g_free(in);
    return NULL;
  }
  in->source.cancellable = g_cancellable_new();
  return in;
}

UnparkInput *unpark_input_from_memory(const guint8 *data, gsize size) {
  UnparkInput *in = g_new0(UnparkInput, 1);

  in->source.fd = -1;
  in->source.name = g_strdup(_("memory"));
  in->source.data = data;
  in->source.size = size;
  in->source.cancellable = g_cancellable_new();
  return in;
}

void unpark_input_free(UnparkInput *in) {
  if (!in)
    return;
  unpark_input_set_cancellable(in, NULL);
  unpark_input_reader_free(in->reader);
  unpark_unpacker_free(in->unpacker);
  unpark_input_source_clear(&in->source);
  g_clear_error(&in->failure);
  unpark_input_block_free(in->block);
  g_free(in);
}

/* ---- blocks ----------------------------------------------------------------------- */

UnparkInputBlock *unpark_input_hold(UnparkInput *in) {
  if (in->block)
    in->block->refs++;
  return in->block;
}

void unpark_input_release(UnparkInput *in, UnparkInputBlock *block) {
  if (!block || --block->refs > 0)
    return;
  if (in->reader && block->capacity == UNPARK_INPUT_HEADROOM + UNPARK_INPUT_BLOCK_SIZE)
    unpark_input_reader_give(in->reader, block);
  else
    unpark_input_block_free(block);
}

/* The window goes on in `block`, of which `start` and `size` are set. */
static void move_to(UnparkInput *in, UnparkInputBlock *block) {
  unpark_input_release(in, in->block);
  in->block = block;
  in->start = block->data + block->start;
}

static gsize room_behind(const UnparkInput *in) {
  return in->block ? in->block->capacity - in->block->start - in->block->size : 0;
}

/* Room for `more` bytes behind the window. Blocks double with what has really come: a
 * hostile `want` costs nothing. */
static void make_room(UnparkInput *in, gsize more) {
  if (room_behind(in) >= more)
    return;
  gsize capacity = UNPARK_INPUT_HEADROOM + MAX(UNPARK_INPUT_BLOCK_SIZE, 2 * in->size);
  UnparkInputBlock *block = unpark_input_block_new(MAX(capacity, in->size + more));
  block->start = in->size <= UNPARK_INPUT_HEADROOM ? UNPARK_INPUT_HEADROOM - in->size : 0;
  block->size = in->size;
  if (in->size > 0)
    memcpy(block->data + block->start, in->start, in->size);
  move_to(in, block);
}

static void append(UnparkInput *in, const UnparkInputBlock *piece) {
  make_room(in, piece->size);
  UnparkInputBlock *block = in->block;
  memcpy(block->data + block->start + block->size, piece->data + piece->start, piece->size);
  block->size += piece->size;
}

/* What the reader has read next becomes part of the window. */
static void take(UnparkInput *in) {
  if (g_cancellable_set_error_if_cancelled(in->cancellable, &in->failure))
    return;
  UnparkInputBlock *piece = unpark_input_reader_take(in->reader);
  gsize size = piece->size;
  in->failure = g_steal_pointer(&piece->failure);
  in->ended = piece->ended;
  in->done = piece->done;
  if (size == 0 || in->size > piece->start || (size <= SMALL_PIECE && size <= room_behind(in))) {
    if (size > 0)
      append(in, piece);
    unpark_input_release(in, piece);
  } else {
    if (in->size > 0)
      memcpy(piece->data + piece->start - in->size, in->start, in->size);
    piece->start -= in->size;
    piece->size += in->size;
    move_to(in, piece);
  }
  in->size += size;
  in->got += size;
}

/* Adds what one read gives to the window. */
static void refill(UnparkInput *in) {
  if (!in->reader && in->got >= UNPARK_INPUT_BLOCK_SIZE)
    in->reader = unpark_input_reader_new(&in->source, in->unpacker);
  if (in->reader) {
    take(in);
    return;
  }
  make_room(in, UNPARK_UTF8_MAX);
  UnparkInputBlock *block = in->block;
  gsize before = block->size;
  unpark_input_block_fill(block, MIN(room_behind(in), UNPARK_INPUT_BLOCK_SIZE), &in->source,
                          in->unpacker);
  in->failure = g_steal_pointer(&block->failure);
  in->ended = block->ended;
  in->done = block->done;
  in->size += block->size - before;
  in->got += block->size - before;
}

static void tick(UnparkInput *in) {
  if (!in->tick || in->got - in->got_at_tick < TICK_BYTES)
    return;
  in->got_at_tick = in->got;
  in->tick(in, in->tick_data);
}

/* ---- The beginning ------------------------------------------------------------------ */

static void gather(UnparkInput *in, gsize want) {
  while (in->size < want && !in->ended && !in->failure)
    refill(in);
}

static void drop(UnparkInput *in, gsize n) {
  in->start += n;
  in->size -= n;
}

/* What may stand behind zeros that are no part of a file: text, or a packing. */
static gboolean may_begin(guint8 byte) {
  return g_ascii_isprint((char)byte) || g_ascii_isspace((char)byte) || byte == 0x1f || byte >= 0xef;
}

/* A log that is cut to nothing while its program writes on begins with zeros. */
static void skip_zeros(UnparkInput *in) {
  for (;;) {
    gsize n = 0;
    gather(in, UNPARK_PACKING_HEAD_SIZE);
    while (n < in->size && in->start[n] == 0)
      n++;
    if (n == in->size && (in->ended || in->failure || in->origin.zeros > ZEROS_MAX))
      return;
    /* The last one may be the first half of a unit of 16 bits. */
    if (n > 0 && n < in->size &&
        unpark_input_utf16_of(in->start + n - 1, in->size - n + 1) == UNPARK_PACKING_UTF16BE)
      n--;
    /* A binary head may begin with a few. */
    if (n == 0 || (n < UNPARK_PACKING_HEAD_SIZE && !may_begin(in->start[n])))
      return;
    drop(in, n);
    in->origin.zeros += n;
    in->got = 0; /* nothing is read ahead before it is known what this is */
  }
}

static void skip_mark(UnparkInput *in) {
  static const guint8 mark[] = {0xef, 0xbb, 0xbf};

  while (in->size >= sizeof mark && memcmp(in->start, mark, sizeof mark) == 0) {
    drop(in, sizeof mark);
    gather(in, UNPARK_PACKING_HEAD_SIZE);
  }
}

/* From here on the window is what `packing` holds. */
static void unpack(UnparkInput *in, UnparkPacking packing) {
  if (in->source.fd < 0 && !in->unpacker) /* memory: read like a file */
    in->source.done = in->source.size;
  in->unpacker = unpark_unpacker_new(packing, &in->source, in->unpacker, in->start, in->size);
  if (in->block)
    in->block->size = 0;
  in->start = in->block ? in->block->data + in->block->start : NULL;
  in->size = 0;
  in->got = 0;
  in->ended = FALSE;
  g_clear_error(&in->failure); /* the unpacker meets it again */
  switch (packing) {
  case UNPARK_PACKING_UTF16LE:
    in->origin.encoding = "UTF-16LE";
    break;
  case UNPARK_PACKING_UTF16BE:
    in->origin.encoding = "UTF-16BE";
    break;
  default:
    in->origin.n_packings++;
    if (!in->packing)
      in->packing = packing == UNPARK_PACKING_GZIP ? "gzip" : "zstd";
    break;
  }
}

/* Looks at the first bytes: plain or packed? Which encoding? */
static void begin(UnparkInput *in) {
  in->begun = TRUE;
  if (in->source.fd < 0 && !in->start) {
    in->start = in->source.data;
    in->size = (gsize)in->source.size;
    in->ended = TRUE;
  }
  for (;;) {
    UnparkPacking packing;
    skip_zeros(in);
    skip_mark(in);
    packing = unpark_packing_of(in->start, in->size);
    if (packing == UNPARK_PACKING_NONE || in->origin.n_packings == PACKINGS_MAX ||
        (packing >= UNPARK_PACKING_UTF16LE && in->origin.encoding))
      return;
    unpack(in, packing);
  }
}

void unpark_input_leave_out(UnparkInput *in, gsize n) {
  g_return_if_fail(n <= in->size && in->offset == 0 && !in->reader);
  drop(in, n);
  in->origin.left_out += n;
  begin(in);
}

void unpark_input_origin(UnparkInput *in, UnparkInputOrigin *origin) {
  *origin = in->origin;
  /* Before the end the unpacker may be at work in the reader's thread. */
  if (in->ended && in->unpacker)
    origin->n_replaced = unpark_unpacker_replaced(in->unpacker);
}

const guint8 *unpark_input_window(UnparkInput *in, gsize want, gsize *have, GError **error) {
  *have = 0;
  if (want > WANT_MAX) {
    char size[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE], most[UNPARK_FORMAT_SIZE];
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                _("%s: a piece of %s bytes at byte %s is larger than the %s bytes that can be read "
                  "at once"),
                in->source.name, unpark_format_number(want, size),
                unpark_format_number(in->offset, at), unpark_format_number(WANT_MAX, most));
    return NULL;
  }
  if (want > 0 && !in->begun) {
    begin(in);
    tick(in);
  }
  while (in->size < want && !in->ended && !in->failure) {
    refill(in);
    tick(in);
  }
  if (in->size < want && in->failure) {
    if (error)
      *error = g_error_copy(in->failure);
    return NULL;
  }
  *have = in->size;
  /* Never NULL without an error, not even at the end of an empty file. */
  return in->start ? in->start : (const guint8 *)"";
}

void unpark_input_consume(UnparkInput *in, gsize n) {
  g_return_if_fail(n <= in->size);
  if (n == 0) /* nor is there memory at the end of an empty file */
    return;
  in->start += n;
  in->size -= n;
  in->offset += n;
  if (!in->block) { /* plain memory: nothing is ever read, so ticks follow what is used */
    in->got += n;
    in->done = (guint64)(in->start - in->source.data);
    tick(in);
  }
}

guint64 unpark_input_offset(UnparkInput *in) {
  return in->offset;
}

guint64 unpark_input_packed_done(UnparkInput *in) {
  return in->done;
}

guint64 unpark_input_packed_size(UnparkInput *in) {
  return in->source.size;
}

const char *unpark_input_name(UnparkInput *in) {
  return in->source.name;
}

const char *unpark_input_packing(UnparkInput *in) {
  return in->packing;
}

void unpark_input_set_tick(UnparkInput *in, UnparkInputTick tick_function, gpointer data) {
  in->tick = tick_function;
  in->tick_data = data;
}

static void cancel_source(GCancellable *user, gpointer source) {
  (void)user;
  g_cancellable_cancel(source);
}

void unpark_input_set_cancellable(UnparkInput *in, GCancellable *cancellable) {
  if (in->cancel_handler)
    g_cancellable_disconnect(in->cancellable, in->cancel_handler);
  g_set_object(&in->cancellable, cancellable);
  in->cancel_handler =
      cancellable ? g_cancellable_connect(cancellable, G_CALLBACK(cancel_source),
                                          g_object_ref(in->source.cancellable), g_object_unref)
                  : 0;
}

gboolean unpark_input_has_trailing_bytes(UnparkInput *in) {
  /* Before its end the unpacker may be at work in the reader's thread. */
  return in->ended && in->unpacker && unpark_unpacker_has_trailing_bytes(in->unpacker);
}
