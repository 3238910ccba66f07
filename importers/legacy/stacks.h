/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples of addresses, kept until the memory map (or the list of names) that stands behind them
 * tells what the addresses are.
 *
 * Bounded: after UNPARK_LEGACY_WORDS_MAX words the samples so far are written with what is known
 * of their addresses then. */
#pragma once

#include "importers/legacy/maps.h"
#include "model/writer/writer.h"

#define UNPARK_LEGACY_WORDS_MAX (8u * 1024 * 1024)
#define UNPARK_LEGACY_VALUES_MAX 4
/* Addresses of one stack; those further out are left out and counted. */
#define UNPARK_LEGACY_DEPTH_MAX 65536

typedef struct {
  UnparkWriter *writer;
  UnparkMaps *maps;
  GHashTable *names; /* address (guint64 *) -> frame id; NULL where addresses have no names */
  guint n_values;
  guint n_words; /* before a sample's block size: its values, and its thread if they have one */
  gboolean strip_handler; /* see unpark_legacy_stacks_flush() */
  gboolean strip_leaf;
  GArray *words;   /* guint64: per sample its values, block size, addresses, innermost first */
  GArray *samples; /* gsize: where each begins in words */
  gint64 n_written;
  guint64 n_early; /* written before the map had come */
  guint64 n_deep;  /* stacks that were cut */
} UnparkLegacyStacks;

/* `maps` and `writer` have to outlive it. */
void unpark_legacy_stacks_init(UnparkLegacyStacks *stacks, UnparkWriter *writer, UnparkMaps *maps,
                               guint n_values);
/* Behind the values of every sample stands its thread, for the label "thread" (UNPARK_NONE: none).
 * Before the first sample. */
void unpark_legacy_stacks_threads(UnparkLegacyStacks *stacks);
void unpark_legacy_stacks_clear(UnparkLegacyStacks *stacks);

/* Begins a sample; its addresses follow. `block_size`: label "bytes", or UNPARK_NONE. */
void unpark_legacy_stacks_sample(UnparkLegacyStacks *stacks, const gint64 *values,
                                 gint64 block_size);
void unpark_legacy_stacks_address(UnparkLegacyStacks *stacks, guint64 address);
/* Number of addresses of the sample at hand. */
gsize unpark_legacy_stacks_depth(const UnparkLegacyStacks *stacks);
/* One more like the last: its first value grows by one. FALSE if there is none. */
gboolean unpark_legacy_stacks_repeat(UnparkLegacyStacks *stacks);

/* Writes everything. What the profiler itself put on the stacks is left out, as pprof does:
 * strip_handler: the second innermost address, up to twice, where nearly all samples share it (a
 * signal handler's frame); strip_leaf: an innermost address told twice. */
void unpark_legacy_stacks_flush(UnparkLegacyStacks *stacks);
