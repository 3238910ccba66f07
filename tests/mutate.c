/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/mutate.h"

#include <string.h>

#define HEAD_SIZE 16u

static guint pick(GRand *rand, guint below) {
  return below > 0 ? (guint)g_rand_int_range(rand, 0, (gint32)below) : 0;
}

static void insert(GByteArray *bytes, guint at, const guint8 *what, guint n) {
  g_autofree guint8 *copy = g_memdup2(what, n);
  guint rest = bytes->len - at;

  g_byte_array_set_size(bytes, bytes->len + n);
  memmove(bytes->data + at + n, bytes->data + at, rest);
  memcpy(bytes->data + at, copy, n);
}

static void mutate_once(GByteArray *bytes, GRand *rand) {
  static const guint8 huge[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01};
  static const guint8 endless[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0xff};
  static const guint8 large[] = {0x80, 0x80, 0x80, 0x80, 0x08};
  guint at = pick(rand, bytes->len), n = 1 + pick(rand, 64);

  n = MIN(n, bytes->len - at); /* MIN evaluates twice */

  switch (pick(rand, 9)) {
  case 0:
    bytes->data[at] ^= (guint8)(1 << pick(rand, 8));
    break;
  case 1:
    bytes->data[at] = (guint8)pick(rand, 256);
    break;
  case 2:
    bytes->data[at] = (guint8)(bytes->data[at] + (pick(rand, 2) ? 1 : -1));
    break;
  case 3:
    g_byte_array_remove_range(bytes, at, n);
    break;
  case 4:
    insert(bytes, pick(rand, bytes->len), bytes->data + at, n);
    break;
  case 5: /* in place: the frame around it stays whole */
    n = MIN(sizeof huge, bytes->len - at);
    memcpy(bytes->data + at, huge + sizeof huge - n, n);
    break;
  case 6:
    insert(bytes, at, endless, sizeof endless);
    break;
  case 7:
    n = MIN(sizeof large, bytes->len - at);
    memcpy(bytes->data + at, large + sizeof large - n, n);
    break;
  default:
    memset(bytes->data + at, (int)pick(rand, 256), n);
  }
}

GByteArray *test_mutate(const GByteArray *seed, guint32 number) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(number);
  GByteArray *bytes = g_byte_array_new();
  gboolean many = pick(rand, 4) == 0, keep_head = pick(rand, 2) == 0;
  guint times = 1 + pick(rand, many ? 30 : 4);

  g_byte_array_append(bytes, seed->data, seed->len);
  while (times-- > 0 && bytes->len > 0)
    mutate_once(bytes, rand);
  if (keep_head)
    memcpy(bytes->data, seed->data, MIN(HEAD_SIZE, MIN(bytes->len, seed->len)));
  return bytes;
}
