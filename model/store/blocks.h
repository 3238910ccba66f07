/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of a store as decoded columns, behind a cache with a byte budget.
 *
 * The bytes of a block: varint size and 8 bytes checksum of what is not compressed, and that; then
 * a zstd frame of the rest, if there is any. Both parts hold columns one after another, as
 * model/store/codec.h has them, in the order of unpark_facts; spans are laid out by
 * model/store/span-codec.h. Schema 1 has one frame of all columns, spans like any other fact.
 *
 * Thread-safe: the index never changes after opening; decoding happens outside
 * the lock, and a decoded block is immutable and reference-counted.
 */
#pragma once

#include <gio/gio.h>

#include "model/store/facts.h"

typedef struct {
  gint64 id; /* row of the table `block` */
  guint count;
  gint64 lane_min, lane_max, time_min, time_max;
} UnparkBlockInfo;

/* The blocks of one fact, in the order of writing. */
typedef struct {
  UnparkBlockInfo *blocks;
  guint n;
  guint64 rows;
} UnparkBlockList;

typedef struct _UnparkBlocks UnparkBlocks;

/* Worker. Reads the index of the store at `path`; `live`: it is still being written. Times of the
 * index and of decoded columns are later by `shift_ns` than those of the file, but for TRACE facts,
 * whose times are of a fixed epoch. */
UnparkBlocks *unpark_blocks_open(const char *path, gboolean live, gint64 shift_ns, GError **error);
gint64 unpark_blocks_shift(const UnparkBlocks *blocks);
void unpark_blocks_free(UnparkBlocks *blocks);
const UnparkBlockList *unpark_blocks_list(UnparkBlocks *blocks, UnparkFact fact);

/* Bytes of decoded blocks that each store keeps, from its next block on. Any thread. */
#define UNPARK_BLOCKS_BUDGET ((gsize)40 << 20)
void unpark_blocks_set_budget(gsize bytes);

/* Decoded columns of a block; those not asked for are NULL. */
typedef struct {
  gint ref_count; /* atomic */
  guint n;
  gint64 *columns[UNPARK_MAX_COLUMNS];
} UnparkDecoded;

#define UNPARK_ALL_COLUMNS G_MAXUINT32

/* Worker. `columns`: bit mask. NULL: damaged, or the disk failed. */
UnparkDecoded *unpark_blocks_get(UnparkBlocks *blocks, UnparkFact fact, const UnparkBlockInfo *info,
                                 guint32 columns, GError **error);
void unpark_decoded_unref(UnparkDecoded *decoded);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkDecoded, unpark_decoded_unref)

/* Worker. The unpacked bytes of a block that has no columns (strings). Free with g_free(). */
guint8 *unpark_blocks_bytes(UnparkBlocks *blocks, const UnparkBlockInfo *info, gsize *size,
                            GError **error);

/* Worker. Whether the block is there and its bytes are those that were written. */
gboolean unpark_blocks_check(UnparkBlocks *blocks, UnparkFact fact, const UnparkBlockInfo *info,
                             GError **error);

/* Any thread. Whether a block could not be read since opening. */
gboolean unpark_blocks_is_damaged(UnparkBlocks *blocks);
