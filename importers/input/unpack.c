/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/input/private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "model/base/format.h"

#define RAW_SIZE ((gsize)256 * 1024)

struct _UnparkUnpacker {
  UnparkPacking packing;
  UnparkInputSource *source;
  UnparkUnpacker *inner; /* what is read, where a file is packed twice; NULL: the source */
  guint8 *raw;           /* read ahead */
  const guint8 *next;
  gsize available;
  gboolean raw_ended;  /* nothing follows `available` */
  gboolean in_member;  /* inside a gzip member or zstd frame */
  gboolean any_member; /* at least one was complete: other bytes may follow */
  gboolean ended, trailing;
  guint64 packed_at;  /* packed bytes used so far, for messages */
  guint64 n_replaced; /* of 16-bit text */
  z_stream z;
  ZSTD_DStream *zstd;
  size_t zstd_wants; /* packed bytes up to the end of the next block */
};

UnparkPacking unpark_packing_of(const guint8 *head, gsize size) {
  if (size >= 3 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8)
    return UNPARK_PACKING_GZIP;
  if (size >= 4 && head[1] == 0xb5 && head[2] == 0x2f && head[3] == 0xfd && head[0] == 0x28)
    return UNPARK_PACKING_ZSTD;
  /* A skippable frame may stand first (pzstd, seekable zstd). */
  if (size >= 4 && (head[0] & 0xf0) == 0x50 && head[1] == 0x2a && head[2] == 0x4d &&
      head[3] == 0x18)
    return UNPARK_PACKING_ZSTD;
  return unpark_input_utf16_of(head, size);
}

UnparkUnpacker *unpark_unpacker_new(UnparkPacking packing, UnparkInputSource *source,
                                    UnparkUnpacker *inner, const guint8 *head, gsize head_size) {
  UnparkUnpacker *u = g_new0(UnparkUnpacker, 1);

  u->packing = packing;
  u->source = source;
  u->inner = inner;
  u->raw = g_malloc(MAX(RAW_SIZE, head_size));
  if (head_size > 0)
    memcpy(u->raw, head, head_size);
  u->next = u->raw;
  u->available = head_size;
  if (packing == UNPARK_PACKING_GZIP) {
    /* 16: a gzip header and its checksum, not zlib's. */
    if (inflateInit2(&u->z, 16 + MAX_WBITS) != Z_OK)
      g_error("zlib: out of memory");
  } else if (packing == UNPARK_PACKING_ZSTD) {
    u->zstd = ZSTD_createDStream();
    if (!u->zstd)
      g_error("zstd: out of memory");
  }
  return u;
}

void unpark_unpacker_free(UnparkUnpacker *u) {
  if (!u)
    return;
  if (u->packing == UNPARK_PACKING_GZIP)
    inflateEnd(&u->z);
  ZSTD_freeDStream(u->zstd);
  unpark_unpacker_free(u->inner);
  g_free(u->raw);
  g_free(u);
}

gboolean unpark_unpacker_has_trailing_bytes(const UnparkUnpacker *u) {
  return u->trailing || (u->inner && unpark_unpacker_has_trailing_bytes(u->inner));
}

guint64 unpark_unpacker_replaced(const UnparkUnpacker *u) {
  return u->n_replaced + (u->inner ? unpark_unpacker_replaced(u->inner) : 0);
}

/* Makes at least `want` packed bytes available unless the file ends before. */
static gboolean fill_raw(UnparkUnpacker *u, gsize want, GError **error) {
  while (u->available < want && !u->raw_ended) {
    gssize n;

    memmove(u->raw, u->next, u->available);
    u->next = u->raw;
    n = u->inner
            ? unpark_unpacker_read(u->inner, u->raw + u->available, RAW_SIZE - u->available, error)
            : unpark_input_source_read(u->source, u->raw + u->available, RAW_SIZE - u->available,
                                       error);
    if (n < 0)
      return FALSE;
    u->raw_ended = n == 0;
    u->available += (gsize)n;
  }
  return TRUE;
}

static void use_raw(UnparkUnpacker *u, gsize n) {
  u->next += n;
  u->available -= n;
  u->packed_at += n;
}

/* Zero bytes at the end are padding (tapes, disk blocks). */
static gboolean is_padding(const guint8 *bytes, gsize size) {
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

/* Between members: does another begin, does the file end, does something else follow? */
static gboolean next_member(UnparkUnpacker *u, GError **error) {
  if (!fill_raw(u, UNPARK_PACKING_MAGIC_SIZE, error))
    return FALSE;
  if (u->any_member && unpark_packing_of(u->next, u->available) != u->packing) {
    u->trailing = !is_padding(u->next, u->available);
    u->ended = TRUE;
    return TRUE;
  }
  if (u->packing == UNPARK_PACKING_GZIP)
    inflateReset(&u->z);
  else
    u->zstd_wants = ZSTD_initDStream(u->zstd);
  u->in_member = TRUE;
  return TRUE;
}

static void set_damaged(UnparkUnpacker *u, const char *packing, const char *why, GError **error) {
  char at[UNPARK_FORMAT_SIZE];
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
              _("%s: the %s data are damaged at packed byte %s (%s)"), u->source->name, packing,
              unpark_format_number(u->packed_at, at), why);
}

static gssize inflate_some(UnparkUnpacker *u, guint8 *to, gsize size, GError **error) {
  gsize before;
  int result;

  u->z.next_in = (Bytef *)u->next;
  u->z.avail_in = (uInt)MIN(u->available, G_MAXINT);
  before = u->z.avail_in;
  u->z.next_out = to;
  u->z.avail_out = (uInt)MIN(size, G_MAXINT);
  size = u->z.avail_out;
  result = inflate(&u->z, Z_NO_FLUSH);
  use_raw(u, before - u->z.avail_in);
  if (result == Z_STREAM_END) {
    u->in_member = FALSE;
    u->any_member = TRUE;
  } else if (result != Z_OK && result != Z_BUF_ERROR) {
    if (size == u->z.avail_out) {
      set_damaged(u, "gzip", u->z.msg ? u->z.msg : zError(result), error);
      return -1;
    }
    /* What came before the fault is good; the next call meets the fault again. */
  }
  return (gssize)(size - u->z.avail_out);
}

static gssize unzstd_some(UnparkUnpacker *u, guint8 *to, gsize size, GError **error) {
  /* One block at a time: what a damaged block's call would have given is lost. */
  ZSTD_inBuffer in = {u->next, MIN(u->available, MAX(u->zstd_wants, 1)), 0};
  ZSTD_outBuffer out = {to, size, 0};
  size_t result = ZSTD_decompressStream(u->zstd, &out, &in);

  use_raw(u, in.pos);
  if (ZSTD_isError(result)) {
    set_damaged(u, "zstd", ZSTD_getErrorName(result), error);
    return -1;
  }
  u->zstd_wants = result;
  if (result == 0) {
    u->in_member = FALSE;
    u->any_member = TRUE;
  }
  return (gssize)out.pos;
}

static gssize decode_some(UnparkUnpacker *u, guint8 *to, gsize size, GError **error) {
  gsize used, n;

  do {
    if (!fill_raw(u, 2 * sizeof(guint16), error))
      return -1;
    n = unpark_input_utf16_decode(u->packing == UNPARK_PACKING_UTF16BE, u->next, u->available,
                                  u->raw_ended, to, size, &used, &u->n_replaced);
    use_raw(u, used);
  } while (n == 0 && used > 0);
  return (gssize)n;
}

gssize unpark_unpacker_read(UnparkUnpacker *u, guint8 *to, gsize size, GError **error) {
  if (u->packing == UNPARK_PACKING_UTF16LE || u->packing == UNPARK_PACKING_UTF16BE)
    return decode_some(u, to, size, error);
  while (!u->ended) {
    gsize before;
    gssize n;

    if (!u->in_member) {
      if (!next_member(u, error))
        return -1;
      continue;
    }
    if (!fill_raw(u, 1, error))
      return -1;
    before = u->available;
    n = u->packing == UNPARK_PACKING_GZIP ? inflate_some(u, to, size, error)
                                          : unzstd_some(u, to, size, error);
    if (n != 0)
      return n;
    if (u->in_member && before == 0 && u->raw_ended) {
      char at[UNPARK_FORMAT_SIZE];
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                  _("%s: the %s data end early; the file was cut off after %s bytes"),
                  u->source->name, u->packing == UNPARK_PACKING_GZIP ? "gzip" : "zstd",
                  unpark_format_number(u->packed_at, at));
      return -1;
    }
  }
  return 0;
}
