/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading ahead: while the importer works on one block, the next ones are read and unpacked. */
#include "importers/input/private.h"

#define BLOCKS_AHEAD 4

struct _UnparkInputReader {
  UnparkInputSource *source;
  UnparkUnpacker *unpacker;
  GThread *thread;
  GMutex lock;
  GCond changed;
  GQueue ready;     /* blocks, filled */
  GPtrArray *empty; /* blocks to fill */
  gboolean stop;
};

UnparkInputBlock *unpark_input_block_new(gsize capacity) {
  UnparkInputBlock *block = g_malloc(sizeof *block + capacity);
  *block = (UnparkInputBlock){.refs = 1, .capacity = capacity, .start = UNPARK_INPUT_HEADROOM};
  return block;
}

void unpark_input_block_free(UnparkInputBlock *block) {
  if (!block)
    return;
  g_clear_error(&block->failure);
  g_free(block);
}

void unpark_input_block_fill(UnparkInputBlock *block, gsize room, UnparkInputSource *source,
                             UnparkUnpacker *unpacker) {
  guint8 *to = block->data + block->start + block->size;
  gssize n = -1;
  if (!unpacker || !g_cancellable_set_error_if_cancelled(source->cancellable, &block->failure))
    n = unpacker ? unpark_unpacker_read(unpacker, to, room, &block->failure)
                 : unpark_input_source_read(source, to, room, &block->failure);
  block->ended = n == 0;
  block->size += n > 0 ? (gsize)n : 0;
  block->done = source->done;
}

static gpointer run(gpointer data) {
  UnparkInputReader *reader = data;
  g_mutex_lock(&reader->lock);
  for (;;) {
    while (!reader->stop && reader->ready.length >= BLOCKS_AHEAD)
      g_cond_wait(&reader->changed, &reader->lock);
    if (reader->stop)
      break;
    UnparkInputBlock *block = NULL;
    if (reader->empty->len > 0)
      block = g_ptr_array_steal_index_fast(reader->empty, reader->empty->len - 1);
    g_mutex_unlock(&reader->lock);
    if (!block)
      block = unpark_input_block_new(UNPARK_INPUT_HEADROOM + UNPARK_INPUT_BLOCK_SIZE);
    unpark_input_block_fill(block, UNPARK_INPUT_BLOCK_SIZE, reader->source, reader->unpacker);
    gboolean last = block->ended || block->failure;
    g_mutex_lock(&reader->lock);
    g_queue_push_tail(&reader->ready, block);
    g_cond_broadcast(&reader->changed);
    if (last)
      break;
  }
  g_mutex_unlock(&reader->lock);
  return NULL;
}

UnparkInputReader *unpark_input_reader_new(UnparkInputSource *source, UnparkUnpacker *unpacker) {
  UnparkInputReader *reader = g_new0(UnparkInputReader, 1);
  reader->source = source;
  reader->unpacker = unpacker;
  reader->empty = g_ptr_array_new();
  g_mutex_init(&reader->lock);
  g_cond_init(&reader->changed);
  g_queue_init(&reader->ready);
  reader->thread = g_thread_new("read", run, reader);
  return reader;
}

static void free_block(gpointer data) {
  unpark_input_block_free(data);
}

void unpark_input_reader_free(UnparkInputReader *reader) {
  if (!reader)
    return;
  g_mutex_lock(&reader->lock);
  reader->stop = TRUE;
  g_cond_broadcast(&reader->changed);
  g_mutex_unlock(&reader->lock);
  g_cancellable_cancel(reader->source->cancellable);
  g_thread_join(reader->thread);
  g_queue_clear_full(&reader->ready, free_block);
  g_ptr_array_set_free_func(reader->empty, free_block);
  g_ptr_array_unref(reader->empty);
  g_mutex_clear(&reader->lock);
  g_cond_clear(&reader->changed);
  g_free(reader);
}

UnparkInputBlock *unpark_input_reader_take(UnparkInputReader *reader) {
  g_mutex_lock(&reader->lock);
  while (reader->ready.length == 0)
    g_cond_wait(&reader->changed, &reader->lock);
  UnparkInputBlock *block = g_queue_pop_head(&reader->ready);
  g_cond_broadcast(&reader->changed);
  g_mutex_unlock(&reader->lock);
  return block;
}

void unpark_input_reader_give(UnparkInputReader *reader, UnparkInputBlock *block) {
  block->refs = 1;
  block->start = UNPARK_INPUT_HEADROOM;
  block->size = 0;
  g_mutex_lock(&reader->lock);
  g_ptr_array_add(reader->empty, block);
  g_mutex_unlock(&reader->lock);
}
