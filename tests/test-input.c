/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window over plain, gzip and zstd bytes, from memory, files and pipes. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/support.h"
#include "importers/registry/describe.h"
#include "importers/input/input.h"

static char *dir;

static void setup(void) {
  dir = g_dir_make_tmp("unpark-input-XXXXXX", NULL);
  ck_assert_ptr_nonnull(dir);
}

static void teardown(void) {
  g_autofree char *command = g_strdup_printf("rm -rf '%s'", dir);

  ck_assert_int_eq(system(command), 0);
  g_clear_pointer(&dir, g_free);
}

/* Bytes that pack, but not to nothing. */
static GByteArray *make_bytes(gsize size) {
  GByteArray *bytes = g_byte_array_sized_new((guint)size);
  guint32 x = 12345;

  g_byte_array_set_size(bytes, (guint)size);
  for (gsize i = 0; i < size; i++) {
    x = x * 1664525 + 1013904223;
    bytes->data[i] = (guint8)("goroutine"[i % 9] + (x >> 30));
  }
  return bytes;
}

static void pack_gzip(GByteArray *to, const guint8 *data, gsize size) {
  z_stream z = {0};
  guint8 *out = g_malloc(compressBound(size) + 64);

  ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  z.next_in = (Bytef *)data;
  z.avail_in = (uInt)size;
  z.next_out = out;
  z.avail_out = (uInt)(compressBound(size) + 64);
  ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
  g_byte_array_append(to, out, (guint)z.total_out);
  deflateEnd(&z);
  g_free(out);
}

static void pack_zstd(GByteArray *to, const guint8 *data, gsize size) {
  gsize bound = ZSTD_compressBound(size);
  guint8 *out = g_malloc(bound);
  gsize n = ZSTD_compress(out, bound, data, size, 3);

  ck_assert(!ZSTD_isError(n));
  g_byte_array_append(to, out, (guint)n);
  g_free(out);
}

static void skippable_frame(GByteArray *to) {
  static const guint8 frame[] = {0x51, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};

  g_byte_array_append(to, frame, sizeof frame);
}

/* Reads all of `in` in steps of `step` bytes; on failure sets *error and returns what came. */
static GByteArray *read_all(UnparkInput *in, gsize step, GError **error) {
  GByteArray *all = g_byte_array_new();

  for (;;) {
    gsize have;
    const guint8 *p = unpark_input_window(in, step, &have, error);

    if (!p) {
      p = unpark_input_window(in, 0, &have, NULL);
      ck_assert_ptr_nonnull(p);
      g_byte_array_append(all, p, (guint)have);
      unpark_input_consume(in, have);
      break;
    }
    if (have == 0)
      break;
    g_byte_array_append(all, p, (guint)MIN(have, step));
    unpark_input_consume(in, MIN(have, step));
    ck_assert_uint_eq(unpark_input_offset(in), all->len);
  }
  return all;
}

static void assert_equal(const GByteArray *a, const GByteArray *b) {
  ck_assert_uint_eq(a->len, b->len);
  if (a->len > 0)
    ck_assert(memcmp(a->data, b->data, a->len) == 0);
}

static char *write_file(const char *name, const GByteArray *bytes) {
  char *path = g_build_filename(dir, name, NULL);

  ck_assert(g_file_set_contents(path, (const char *)bytes->data, bytes->len, NULL));
  return path;
}

/* The same bytes from memory and from a file, in small and large steps. */
static void check_reads(const GByteArray *packed, const GByteArray *plain, const char *packing) {
  static const gsize steps[] = {1, 7, 4096, 65536, 3 * 1024 * 1024};
  g_autofree char *path = write_file("file", packed);

  for (gsize i = 0; i < 2 * G_N_ELEMENTS(steps); i++) {
    gsize step = steps[i / 2];
    g_autoptr(GError) error = NULL;
    g_autoptr(UnparkInput) in = i % 2 ? unpark_input_open(path, &error)
                                      : unpark_input_from_memory(packed->data, packed->len);
    GByteArray *all;

    if (step < 4096 && plain->len > 100000)
      continue;
    ck_assert_ptr_nonnull(in);
    all = read_all(in, step, &error);
    ck_assert_msg(!error, "%s", error ? error->message : "");
    assert_equal(all, plain);
    ck_assert_str_eq(packing ? packing : "",
                     unpark_input_packing(in) ? unpark_input_packing(in) : "");
    ck_assert_uint_eq(unpark_input_packed_size(in), packed->len);
    ck_assert_uint_eq(unpark_input_packed_done(in), packed->len);
    ck_assert(!unpark_input_has_trailing_bytes(in));
    g_byte_array_unref(all);
  }
}

static const gsize sizes[] = {0, 1, 3, 4, 1000, 70000, 5 * 1024 * 1024 + 3};

START_TEST(plain) {
  g_autoptr(GByteArray) bytes = make_bytes(sizes[_i]);

  check_reads(bytes, bytes, NULL);
}
END_TEST

START_TEST(gzip) {
  g_autoptr(GByteArray) bytes = make_bytes(sizes[_i]);
  g_autoptr(GByteArray) packed = g_byte_array_new();

  pack_gzip(packed, bytes->data, bytes->len);
  check_reads(packed, bytes, "gzip");
}
END_TEST

START_TEST(zstd) {
  g_autoptr(GByteArray) bytes = make_bytes(sizes[_i]);
  g_autoptr(GByteArray) packed = g_byte_array_new();

  pack_zstd(packed, bytes->data, bytes->len);
  check_reads(packed, bytes, "zstd");
}
END_TEST

START_TEST(concatenated) {
  g_autoptr(GByteArray) bytes = make_bytes(300000);
  g_autoptr(GByteArray) gz = g_byte_array_new();
  g_autoptr(GByteArray) zst = g_byte_array_new();
  guint8 zeros[1024] = {0};

  pack_gzip(gz, bytes->data, 100000);
  pack_gzip(gz, bytes->data, 0);
  pack_gzip(gz, bytes->data + 100000, 200000);
  g_byte_array_append(gz, zeros, sizeof zeros); /* padding is no trailing garbage */
  skippable_frame(zst);
  pack_zstd(zst, bytes->data, 100000);
  skippable_frame(zst);
  pack_zstd(zst, bytes->data, 0);
  pack_zstd(zst, bytes->data + 100000, 200000);
  skippable_frame(zst);
  check_reads(zst, bytes, "zstd");
  {
    g_autoptr(UnparkInput) in = unpark_input_from_memory(gz->data, gz->len);
    g_autoptr(GByteArray) all = read_all(in, 4096, NULL);

    assert_equal(all, bytes);
    ck_assert(!unpark_input_has_trailing_bytes(in));
  }
}
END_TEST

/* Nothing is taken of nothing, with no memory behind it. */
START_TEST(empty) {
  g_autoptr(UnparkInput) in = unpark_input_from_memory(NULL, 0);
  g_autoptr(GError) error = NULL;
  gsize have = 1;

  ck_assert_ptr_nonnull(unpark_input_window(in, 16, &have, &error));
  ck_assert_uint_eq(have, 0);
  unpark_input_consume(in, 0);
  ck_assert_ptr_nonnull(unpark_input_window(in, 1, &have, &error));
  ck_assert_uint_eq(have, 0);
}
END_TEST

START_TEST(trailing_bytes) {
  g_autoptr(GByteArray) bytes = make_bytes(1000);
  g_autoptr(GByteArray) packed = g_byte_array_new();
  g_autoptr(UnparkInput) in = NULL;
  g_autoptr(GByteArray) all = NULL;
  g_autoptr(GError) error = NULL;

  (_i ? pack_zstd : pack_gzip)(packed, bytes->data, bytes->len);
  g_byte_array_append(packed, (const guint8 *)"something else", 14);
  in = unpark_input_from_memory(packed->data, packed->len);
  all = read_all(in, 100, &error);
  ck_assert_ptr_null(error);
  assert_equal(all, bytes);
  ck_assert(unpark_input_has_trailing_bytes(in));
}
END_TEST

/* One packing in the other, up to three. */
START_TEST(nested) {
  g_autoptr(GByteArray) bytes = make_bytes(20000);
  GByteArray *packed[4] = {bytes};
  UnparkInputOrigin origin;

  for (guint i = 1; i < G_N_ELEMENTS(packed); i++) {
    g_autoptr(UnparkInput) in = NULL;
    gsize have;
    packed[i] = g_byte_array_new();
    (i == 2 ? pack_zstd : pack_gzip)(packed[i], packed[i - 1]->data, packed[i - 1]->len);
    check_reads(packed[i], bytes, i == 2 ? "zstd" : "gzip");
    in = unpark_input_from_memory(packed[i]->data, packed[i]->len);
    ck_assert_ptr_nonnull(unpark_input_window(in, 1, &have, NULL));
    unpark_input_origin(in, &origin);
    ck_assert_uint_eq(origin.n_packings, i);
  }
  {
    g_autoptr(GByteArray) four = g_byte_array_new();
    pack_gzip(four, packed[3]->data, packed[3]->len);
    check_reads(four, packed[1], "gzip");
  }
  for (guint i = 1; i < G_N_ELEMENTS(packed); i++)
    g_byte_array_unref(packed[i]);
}
END_TEST

/* ---- Encodings ------------------------------------------------------------------------- */

/* Text of every length of UTF-8, also outside of the basic plane. */
static GString *make_text(guint lines) {
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < lines; i++)
    g_string_append_printf(text, "goroutine %u [\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb9]:\r\n", i);
  return text;
}

static void append_utf16(GByteArray *to, const char *text, gboolean big_endian) {
  glong n;
  g_autofree gunichar2 *wide = g_utf8_to_utf16(text, -1, NULL, &n, NULL);

  ck_assert_ptr_nonnull(wide);
  for (glong i = 0; i < n; i++) {
    guint8 unit[2] = {(guint8)wide[i], (guint8)(wide[i] >> 8)};
    if (big_endian)
      unit[0] = (guint8)(wide[i] >> 8), unit[1] = (guint8)wide[i];
    g_byte_array_append(to, unit, 2);
  }
}

/* Both orders, with and without a mark, plain and packed. */
START_TEST(utf16) {
  g_autoptr(GString) text = make_text(_i & 4 ? 40000 : 3);
  g_autoptr(GByteArray) wide = g_byte_array_new(), packed = g_byte_array_new();
  GByteArray expected = {(guint8 *)text->str, (guint)text->len};

  if (_i & 2)
    append_utf16(wide, "\xef\xbb\xbf", _i & 1);
  append_utf16(wide, text->str, _i & 1);
  if (_i & 8) { /* behind zeros */
    guint8 zeros[1000] = {0};
    g_byte_array_prepend(wide, zeros, sizeof zeros);
  }
  check_reads(wide, &expected, NULL);
  pack_gzip(packed, wide->data, wide->len);
  check_reads(packed, &expected, "gzip");
}
END_TEST

static const struct {
  const char *bytes;
  gsize size;
  const char *text;
  guint64 n_replaced;
} broken_utf16[] = {
    {"\xff\xfe"
     "a\0b\0c",
     7, "ab\xef\xbf\xbd", 1},
    {"\xff\xfe"
     "a\0\x00\xd8"
     "b\0",
     8,
     "a\xef\xbf\xbd"
     "b",
     1},
    {"\xff\xfe"
     "a\0\x00\xdc"
     "b\0",
     8,
     "a\xef\xbf\xbd"
     "b",
     1},
    {"\xff\xfe"
     "a\0\x00\xd8",
     6, "a\xef\xbf\xbd", 1},
    {"\xfe\xff\0a\xd8\x3d\xdc\x39", 8, "a\xf0\x9f\x90\xb9", 0},
    {"\xff\xfe", 2, "", 0},
    {"\xff\xfe"
     "a\0\n\0\xff\xfe"
     "b\0",
     10, "a\nb", 0},
};

START_TEST(utf16_broken) {
  g_autoptr(UnparkInput) in =
      unpark_input_from_memory((const guint8 *)broken_utf16[_i].bytes, broken_utf16[_i].size);
  g_autoptr(GByteArray) all = read_all(in, 100, NULL);
  UnparkInputOrigin origin;

  ck_assert_uint_eq(all->len, strlen(broken_utf16[_i].text));
  ck_assert(all->len == 0 || memcmp(all->data, broken_utf16[_i].text, all->len) == 0);
  unpark_input_origin(in, &origin);
  ck_assert_str_eq(origin.encoding, broken_utf16[_i].bytes[0] == '\xfe' ? "UTF-16BE" : "UTF-16LE");
  ck_assert_uint_eq(origin.n_replaced, broken_utf16[_i].n_replaced);
}
END_TEST

/* Marks and zeros before the first byte; a binary head may begin with a few zeros. */
START_TEST(before_the_first_byte) {
  static const guint8 mark[] = {0xef, 0xbb, 0xbf}, cpu[] = {0, 0, 0, 0, 0, 0, 0, 0, 3, 0};
  g_autoptr(GByteArray) bytes = make_bytes(1000), packed = g_byte_array_new(),
                        all = g_byte_array_new();
  guint n_zeros = _i == 1 ? 5 : 3000000;
  UnparkInputOrigin origin;
  gsize have;

  if (_i > 0) {
    g_byte_array_set_size(all, n_zeros);
    memset(all->data, 0, n_zeros);
  }
  pack_gzip(packed, bytes->data, bytes->len);
  if (_i < 2)
    g_byte_array_append(all, mark, sizeof mark);
  g_byte_array_append(all, _i == 3 ? packed->data : bytes->data,
                      _i == 3 ? packed->len : bytes->len);
  check_reads(all, bytes, _i == 3 ? "gzip" : NULL);
  {
    g_autoptr(UnparkInput) in = unpark_input_from_memory(all->data, all->len);
    ck_assert_ptr_nonnull(unpark_input_window(in, 1, &have, NULL));
    unpark_input_origin(in, &origin);
    ck_assert_uint_eq(origin.zeros, _i > 0 ? n_zeros : 0);
  }
  {
    g_autoptr(GByteArray) head = g_byte_array_new();
    g_byte_array_append(head, cpu, sizeof cpu);
    check_reads(head, head, NULL);
  }
}
END_TEST

START_TEST(leaving_out) {
  g_autoptr(GByteArray) bytes = make_bytes(3000000), packed = g_byte_array_new();
  g_autofree char *path = NULL;

  g_byte_array_append(packed, (const guint8 *)"hello\n", 6);
  if (_i % 2)
    pack_gzip(packed, bytes->data, bytes->len);
  else
    g_byte_array_append(packed, bytes->data, bytes->len);
  path = write_file("behind", packed);
  {
    g_autoptr(UnparkInput) in = _i < 2 ? unpark_input_open(path, NULL)
                                       : unpark_input_from_memory(packed->data, packed->len);
    g_autoptr(GByteArray) all = NULL;
    UnparkInputOrigin origin;
    gsize have;
    ck_assert_ptr_nonnull(unpark_input_window(in, 6, &have, NULL));
    unpark_input_leave_out(in, 6);
    all = read_all(in, 70000, NULL);
    assert_equal(all, bytes);
    unpark_input_origin(in, &origin);
    ck_assert_uint_eq(origin.left_out, 6);
    ck_assert_uint_eq(unpark_input_packed_done(in), packed->len);
  }
}
END_TEST

/* Cut off anywhere: an error, and every byte that could be unpacked before it. */
START_TEST(cut_off) {
  g_autoptr(GByteArray) bytes = make_bytes(_i < 2 ? 600000 : 3000000);
  g_autoptr(GByteArray) packed = g_byte_array_new();
  gsize least = 0;

  (_i % 2 ? pack_zstd : pack_gzip)(packed, bytes->data, bytes->len);
  for (gsize cut = 4; cut < packed->len; cut += packed->len / 50) {
    g_autoptr(UnparkInput) in = unpark_input_from_memory(packed->data, cut);
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) all = read_all(in, 1000, &error);
    g_autoptr(GError) again = NULL;
    gsize have;

    ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT));
    if (all->len > 0)
      ck_assert(memcmp(all->data, bytes->data, all->len) == 0);
    ck_assert_uint_ge(all->len, least);
    least = all->len;
    ck_assert_ptr_null(unpark_input_window(in, 1, &have, &again)); /* sticky */
    ck_assert_ptr_nonnull(again);
  }
  ck_assert_uint_gt(least, 300000);
}
END_TEST

START_TEST(damaged) {
  g_autoptr(GByteArray) bytes = make_bytes(600000);
  g_autoptr(GByteArray) packed = g_byte_array_new();

  (_i ? pack_zstd : pack_gzip)(packed, bytes->data, bytes->len);
  memset(packed->data + packed->len * 3 / 4, 0xff, 64);
  {
    g_autoptr(UnparkInput) in = unpark_input_from_memory(packed->data, packed->len);
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) all = read_all(in, 1000, &error);

    ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA));
    ck_assert_uint_gt(all->len, 200000);
    ck_assert(memcmp(all->data, bytes->data, 200000) == 0);
  }
}
END_TEST

/* Megabytes of zeros in a few bytes: unpacked as they are asked for, not before. */
START_TEST(bomb) {
  gsize size = 64 * 1024 * 1024;
  guint8 *same = g_malloc(size);
  g_autoptr(GByteArray) packed = g_byte_array_new();
  g_autoptr(UnparkInput) in = NULL;
  gsize have, total = 0;

  memset(same, 'x', size);
  (_i ? pack_zstd : pack_gzip)(packed, same, size);
  g_free(same);
  in = unpark_input_from_memory(packed->data, packed->len);
  do {
    ck_assert_ptr_nonnull(unpark_input_window(in, 65536, &have, NULL));
    ck_assert_uint_le(have, 2 * 1024 * 1024);
    unpark_input_consume(in, have);
    total += have;
  } while (have > 0);
  ck_assert_uint_eq(total, size);
}
END_TEST

static void count_tick(UnparkInput *in, gpointer data) {
  guint64 *last = data;

  ck_assert_uint_ge(unpark_input_packed_done(in), last[1]);
  last[0]++;
  last[1] = unpark_input_packed_done(in);
}

START_TEST(ticks) {
  g_autoptr(GByteArray) bytes = make_bytes(8 * 1024 * 1024);
  g_autofree char *path = write_file("ticks", bytes);
  g_autoptr(UnparkInput) in = unpark_input_open(path, NULL);
  g_autoptr(GByteArray) all = NULL;
  guint64 seen[2] = {0, 0};

  unpark_input_set_tick(in, count_tick, seen);
  all = read_all(in, 1000, NULL);
  ck_assert_uint_ge(seen[0], 8);
  ck_assert_uint_gt(seen[1], bytes->len - 1024 * 1024);
}
END_TEST

START_TEST(want_too_much) {
  g_autoptr(UnparkInput) in = unpark_input_from_memory((const guint8 *)"abc", 3);
  g_autoptr(GError) error = NULL;
  gsize have;

  ck_assert_ptr_nonnull(unpark_input_window(in, 256 * 1024 * 1024, &have, NULL));
  ck_assert_uint_eq(have, 3);
  ck_assert_ptr_null(unpark_input_window(in, G_MAXSIZE, &have, &error));
  ck_assert_ptr_nonnull(error);
  ck_assert_ptr_nonnull(unpark_input_window(in, 3, &have, NULL)); /* and it goes on */
}
END_TEST

START_TEST(no_such_file) {
  g_autofree char *path = g_build_filename(dir, "missing.trace", NULL);
  g_autoptr(GError) error = NULL;

  ck_assert_ptr_null(unpark_input_open(path, &error));
  ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  ck_assert_ptr_nonnull(strstr(error->message, "missing.trace"));
}
END_TEST

START_TEST(folder) {
  g_autoptr(GError) error = NULL;

  ck_assert_ptr_null(unpark_input_open(dir, &error));
  ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR));
}
END_TEST

START_TEST(not_permitted) {
  g_autoptr(GByteArray) bytes = make_bytes(10);
  g_autofree char *path = write_file("secret", bytes);
  g_autoptr(GError) error = NULL;

  if (geteuid() == 0)
    return; /* may read everything */
  ck_assert_int_eq(g_chmod(path, 0), 0);
  ck_assert_ptr_null(unpark_input_open(path, &error));
  ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES));
}
END_TEST

START_TEST(endless) {
  g_autoptr(UnparkInput) in = unpark_input_open("/dev/zero", NULL);
  gsize have;

  ck_assert_ptr_nonnull(unpark_input_window(in, 65536, &have, NULL));
  ck_assert_uint_ge(have, 65536);
  ck_assert_uint_eq(unpark_input_packed_size(in), 0);
}
END_TEST

static gpointer write_slowly(gpointer data) {
  const GByteArray *bytes = ((gpointer *)data)[0];
  int fd = open(((gpointer *)data)[1], O_WRONLY);

  for (gsize at = 0; at < bytes->len;) {
    gssize n = write(fd, bytes->data + at, MIN(3001, bytes->len - at));

    if (n < 0)
      break;
    at += (gsize)n;
    if (at < 10000)
      g_usleep(2000);
  }
  close(fd);
  return NULL;
}

/* A pipe whose writer comes late and writes in small pieces. */
START_TEST(named_pipe) {
  g_autoptr(GByteArray) bytes = make_bytes(400000);
  g_autoptr(GByteArray) packed = g_byte_array_new();
  g_autofree char *path = g_build_filename(dir, "pipe", NULL);
  g_autoptr(UnparkInput) in = NULL;
  g_autoptr(GByteArray) all = NULL;
  gpointer data[2] = {packed, path};
  GThread *thread;

  pack_gzip(packed, bytes->data, bytes->len);
  ck_assert_int_eq(mkfifo(path, 0600), 0);
  in = unpark_input_open(path, NULL);
  ck_assert_ptr_nonnull(in);
  thread = g_thread_new("writer", write_slowly, data);
  all = read_all(in, 1000, NULL);
  assert_equal(all, bytes);
  g_thread_join(thread);
}
END_TEST

static gpointer cancel_soon(gpointer cancellable) {
  g_usleep(50000);
  g_cancellable_cancel(cancellable);
  return NULL;
}

/* Nobody ever writes: only cancelling ends the wait. */
START_TEST(cancel_waiting) {
  g_autofree char *path = g_build_filename(dir, "pipe", NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(UnparkInput) in = NULL;
  g_autoptr(GError) error = NULL;
  GThread *thread;
  gsize have;

  ck_assert_int_eq(mkfifo(path, 0600), 0);
  in = unpark_input_open(path, NULL);
  unpark_input_set_cancellable(in, cancellable);
  thread = g_thread_new("cancel", cancel_soon, cancellable);
  ck_assert_ptr_null(unpark_input_window(in, 100, &have, &error));
  ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_thread_join(thread);
}
END_TEST

/* Megabytes come, then nobody writes any more: the thread that reads ahead waits, and ends. */
START_TEST(cancel_far) {
  g_autofree char *path = g_build_filename(dir, "pipe", NULL);
  g_autoptr(GByteArray) bytes = make_bytes(3 * 1024 * 1024);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(UnparkInput) in = NULL;
  g_autoptr(GError) error = NULL;
  gpointer data[2] = {bytes, path};
  gsize have;
  int keep;

  ck_assert_int_eq(mkfifo(path, 0600), 0);
  in = unpark_input_open(path, NULL);
  unpark_input_set_cancellable(in, cancellable);
  GThread *writer = g_thread_new("writer", write_slowly, data);
  keep = open(path, O_WRONLY); /* no end of file when the writer closes */
  ck_assert_int_ge(keep, 0);
  for (gsize at = 0; at < bytes->len; at += 4096) {
    const guint8 *p = unpark_input_window(in, 4096, &have, &error);
    ck_assert_ptr_nonnull(p);
    ck_assert(memcmp(p, bytes->data + at, 4096) == 0);
    unpark_input_consume(in, 4096);
  }
  g_thread_join(writer);
  GThread *thread = _i ? g_thread_new("cancel", cancel_soon, cancellable) : NULL;
  if (_i) {
    ck_assert_ptr_null(unpark_input_window(in, 1, &have, &error));
    ck_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    g_thread_join(thread);
  }
  g_clear_pointer(&in, unpark_input_free); /* does not wait for the pipe */
  close(keep);
}
END_TEST

/* Windows that are held stay as they are while reading goes on, whatever their size. */
static void check_holds(const char *path, const GByteArray *bytes) {
  g_autoptr(UnparkInput) in = unpark_input_open(path, NULL);
  g_autoptr(GPtrArray) holds = g_ptr_array_new(), starts = g_ptr_array_new();
  g_autoptr(GArray) sizes_held = g_array_new(FALSE, FALSE, sizeof(gsize));
  gsize at = 0;

  for (guint i = 0; at < bytes->len; i++) {
    gsize have, want = i % 97 == 0 ? 1500000 : i % 5 == 0 ? 200000 : 1 + i * 7919 % 66000;
    const guint8 *p = unpark_input_window(in, want, &have, NULL);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_gt(have, 0);
    want = MIN(want, have);
    g_ptr_array_add(holds, unpark_input_hold(in));
    g_ptr_array_add(starts, (gpointer)p);
    g_array_append_val(sizes_held, want);
    unpark_input_consume(in, want);
    at += want;
    if (i == 200) { /* what is given back is used again */
      for (guint h = 0; h < 100; h++)
        unpark_input_release(in, holds->pdata[h]);
      g_ptr_array_remove_range(holds, 0, 100);
    }
  }
  at = 0;
  for (guint i = 0; i < starts->len; i++) {
    gsize size = g_array_index(sizes_held, gsize, i);
    if (holds->len == starts->len || i >= 100)
      ck_assert(memcmp(starts->pdata[i], bytes->data + at, size) == 0);
    at += size;
  }
  ck_assert_uint_eq(at, bytes->len);
  for (guint h = 0; h < holds->len; h++)
    unpark_input_release(in, holds->pdata[h]);
}

START_TEST(holds) {
  g_autoptr(GByteArray) bytes = make_bytes(20 * 1024 * 1024 + 17);
  g_autoptr(GByteArray) packed = g_byte_array_new();
  g_autofree char *path = g_build_filename(dir, "pipe", NULL);
  g_autofree char *whole = write_file("whole", bytes);
  gpointer data[2] = {bytes, path};

  check_holds(whole, bytes);
  pack_gzip(packed, bytes->data, bytes->len);
  g_autofree char *small = write_file("small", packed);
  check_holds(small, bytes);
  ck_assert_int_eq(mkfifo(path, 0600), 0);
  GThread *writer = g_thread_new("writer", write_slowly, data);
  check_holds(path, bytes);
  g_thread_join(writer);
}
END_TEST

static const struct {
  const char *bytes;
  gsize size;
  const char *what;
} looks[] = {
    {"", 0, "an empty file"},
    {"\177ELF\2\1\1", 7, "an ELF program"},
    {"\x89PNG\r\n\x1a\n", 8, "a PNG image"},
    {"{\"a\": 1}", 8, "JSON"},
    {"  <!DOCTYPE html><html>", 23, "an HTML page"},
    {"// A program.\npackage main\n\nimport \"fmt\"\n", 41, "Go source"},
    {"hello\nworld", 11, "text that begins with \xe2\x80\x9chello\xe2\x80\x9d"},
    {"bad \x1b[31m escape", 16, "bad  [31m escape"},
    {"\0\0\0\0", 4, "zero bytes"},
    {"a\0b\xff\xfe", 5, "binary data"},
    {" \n\t ", 4, "white space"},
    {"mode: atomic\nx", 14, "coverage"},
};

START_TEST(describe) {
  guint8 *exact = g_memdup2(looks[_i].bytes, MAX(looks[_i].size, 1)); /* ASan guards the end */
  g_autofree char *what = unpark_describe_bytes(exact, looks[_i].size);

  ck_assert_msg(strstr(what, looks[_i].what) != NULL, "%s: %s", looks[_i].what, what);
  g_free(exact);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("input");
  TCase *tcase = tcase_create("input");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, plain, 0, G_N_ELEMENTS(sizes));
  tcase_add_test(tcase, empty);
  tcase_add_loop_test(tcase, gzip, 0, G_N_ELEMENTS(sizes));
  tcase_add_loop_test(tcase, zstd, 0, G_N_ELEMENTS(sizes));
  tcase_add_test(tcase, concatenated);
  tcase_add_loop_test(tcase, trailing_bytes, 0, 2);
  tcase_add_test(tcase, nested);
  tcase_add_loop_test(tcase, utf16, 0, 16);
  tcase_add_loop_test(tcase, utf16_broken, 0, G_N_ELEMENTS(broken_utf16));
  tcase_add_loop_test(tcase, before_the_first_byte, 0, 4);
  tcase_add_loop_test(tcase, leaving_out, 0, 4);
  tcase_add_loop_test(tcase, cut_off, 0, 4);
  tcase_add_loop_test(tcase, damaged, 0, 2);
  tcase_add_loop_test(tcase, bomb, 0, 2);
  tcase_add_test(tcase, ticks);
  tcase_add_test(tcase, want_too_much);
  tcase_add_test(tcase, no_such_file);
  tcase_add_test(tcase, folder);
  tcase_add_test(tcase, not_permitted);
  tcase_add_test(tcase, endless);
  tcase_add_test(tcase, named_pipe);
  tcase_add_test(tcase, cancel_waiting);
  tcase_add_loop_test(tcase, cancel_far, 0, 2);
  tcase_add_test(tcase, holds);
  tcase_add_loop_test(tcase, describe, 0, G_N_ELEMENTS(looks));
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
