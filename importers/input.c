#include "importers/input.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "importers/input-private.h"

/* The window's buffer: read in large pieces, so that the few bytes left of a piece are
 * all that is ever moved. */
#define BUFFER_SIZE ((gsize)1024 * 1024)
#define WANT_MAX ((gsize)256 * 1024 * 1024)
/* A buffer that had to grow beyond this is given back when it has run empty. */
#define BUFFER_KEEP ((gsize)8 * 1024 * 1024)
#define TICK_BYTES ((guint64)512 * 1024)

struct _UnparkInput {
  UnparkInputSource source;
  UnparkPacking packing;
  UnparkUnpacker *unpacker;
  gboolean begun; /* packing was looked for */
  guint8 *buffer; /* NULL: the window is plain memory */
  gsize capacity;
  const guint8 *start; /* the window: bytes that are there and not consumed */
  gsize size;
  gboolean ended;
  GError *failure; /* sticky */
  guint64 offset;
  guint64 got, got_at_tick; /* unpacked bytes made available; same at the last tick */
  UnparkInputTick tick;
  gpointer tick_data;
};

UnparkInput *unpark_input_open(const char *path, GError **error) {
  UnparkInput *in = g_new0(UnparkInput, 1);

  if (!unpark_input_source_open(&in->source, path, error)) {
    g_free(in);
    return NULL;
  }
  return in;
}

UnparkInput *unpark_input_from_memory(const guint8 *data, gsize size) {
  UnparkInput *in = g_new0(UnparkInput, 1);

  in->source.fd = -1;
  in->source.name = g_strdup(_("memory"));
  in->source.data = data;
  in->source.size = size;
  return in;
}

void unpark_input_free(UnparkInput *in) {
  if (!in)
    return;
  unpark_unpacker_free(in->unpacker);
  unpark_input_source_clear(&in->source);
  g_clear_error(&in->failure);
  g_free(in->buffer);
  g_free(in);
}

/* Room for at least one more byte behind the window, for `want` bytes in the end. The
 * buffer doubles with what has really come: a hostile `want` costs nothing. */
static void make_room(UnparkInput *in, gsize want) {
  if (in->size == 0 && in->capacity > BUFFER_KEEP && want <= BUFFER_SIZE) {
    g_clear_pointer(&in->buffer, g_free);
    in->capacity = 0;
  }
  if (!in->buffer) {
    in->capacity = BUFFER_SIZE;
    in->buffer = g_malloc(in->capacity);
    in->start = in->buffer;
    return;
  }
  if (in->start != in->buffer) {
    memmove(in->buffer, in->start, in->size);
    in->start = in->buffer;
  }
  if (in->size == in->capacity) {
    in->capacity *= 2;
    in->buffer = g_realloc(in->buffer, in->capacity);
    in->start = in->buffer;
  }
}

/* Adds what one read gives to the window. */
static void refill(UnparkInput *in, gsize want) {
  guint8 *to;
  gsize room;
  gssize n;

  make_room(in, want);
  to = in->buffer + in->size;
  room = MIN(in->capacity - in->size, BUFFER_SIZE); /* ticks and cancellation stay frequent */
  if (in->unpacker && g_cancellable_set_error_if_cancelled(in->source.cancellable, &in->failure))
    return;
  n = in->unpacker ? unpark_unpacker_read(in->unpacker, to, room, &in->failure)
                   : unpark_input_source_read(&in->source, to, room, &in->failure);
  if (n == 0)
    in->ended = TRUE;
  if (n > 0) {
    in->size += (gsize)n;
    in->got += (guint64)n;
  }
}

static void tick(UnparkInput *in) {
  if (!in->tick || in->got - in->got_at_tick < TICK_BYTES)
    return;
  in->got_at_tick = in->got;
  in->tick(in, in->tick_data);
}

/* Looks at the first bytes: plain or packed? */
static void begin(UnparkInput *in) {
  in->begun = TRUE;
  if (in->source.fd < 0) {
    in->packing = unpark_packing_of(in->source.data, (gsize)in->source.size);
    if (in->packing == UNPARK_PACKING_NONE) {
      in->start = in->source.data;
      in->size = (gsize)in->source.size;
      in->ended = TRUE;
      return;
    }
  } else {
    while (in->size < UNPARK_PACKING_MAGIC_SIZE && !in->ended && !in->failure)
      refill(in, UNPARK_PACKING_MAGIC_SIZE);
    in->packing = unpark_packing_of(in->start, in->size);
  }
  if (in->packing == UNPARK_PACKING_NONE)
    return;
  in->unpacker = unpark_unpacker_new(in->packing, &in->source, in->start, in->size);
  in->size = 0;
  in->got = 0;
  in->ended = FALSE;
}

const guint8 *unpark_input_window(UnparkInput *in, gsize want, gsize *have, GError **error) {
  *have = 0;
  if (want > WANT_MAX) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                _("%s: a piece of %" G_GSIZE_FORMAT " bytes at byte %" G_GUINT64_FORMAT
                  " is larger than the %" G_GSIZE_FORMAT " bytes that can be read at once"),
                in->source.name, want, in->offset, WANT_MAX);
    return NULL;
  }
  if (want > 0 && !in->begun) {
    begin(in);
    tick(in);
  }
  while (in->size < want && !in->ended && !in->failure) {
    refill(in, want);
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
  in->start += n;
  in->size -= n;
  in->offset += n;
  if (!in->buffer) { /* plain memory: nothing is ever read, so ticks follow what is used */
    in->got += n;
    in->source.done = in->offset;
    tick(in);
  }
}

guint64 unpark_input_offset(UnparkInput *in) {
  return in->offset;
}

guint64 unpark_input_packed_done(UnparkInput *in) {
  return in->source.done;
}

guint64 unpark_input_packed_size(UnparkInput *in) {
  return in->source.size;
}

const char *unpark_input_name(UnparkInput *in) {
  return in->source.name;
}

const char *unpark_input_packing(UnparkInput *in) {
  switch (in->packing) {
  case UNPARK_PACKING_GZIP:
    return "gzip";
  case UNPARK_PACKING_ZSTD:
    return "zstd";
  case UNPARK_PACKING_NONE:
    break;
  }
  return NULL;
}

void unpark_input_set_tick(UnparkInput *in, UnparkInputTick tick_function, gpointer data) {
  in->tick = tick_function;
  in->tick_data = data;
}

void unpark_input_set_cancellable(UnparkInput *in, GCancellable *cancellable) {
  g_set_object(&in->source.cancellable, cancellable);
}

gboolean unpark_input_has_trailing_bytes(UnparkInput *in) {
  return in->unpacker && unpark_unpacker_has_trailing_bytes(in->unpacker);
}
