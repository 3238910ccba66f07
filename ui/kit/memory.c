/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/memory.h"

#include <stdlib.h> /* tells __GLIBC__ */

#include "ui/kit/worker.h"

#define PAUSE_MS 1200

#ifdef __GLIBC__
#include <malloc.h>

#define MAX_HEAPS 2
/* What is larger has pages of its own, which are given back when it is freed: lists of hundreds of
 * thousands. The picture of a window is smaller: the renderer makes one a frame, and new pages for
 * each would take a third of the frame's time. */
#define OWN_PAGES_BYTES (20 * 1024 * 1024)
/* Free memory that a heap may keep at its end: some such pictures. */
#define SLACK_BYTES (32 * 1024 * 1024)

void unpark_memory_init(void) {
  mallopt(M_ARENA_MAX, MAX_HEAPS);
  mallopt(M_MMAP_THRESHOLD, OWN_PAGES_BYTES);
  mallopt(M_TRIM_THRESHOLD, SLACK_BYTES);
}

void unpark_memory_trim(void) {
  malloc_trim(0);
}
#else
void unpark_memory_init(void) {
}

void unpark_memory_trim(void) {
}
#endif

static gpointer trim(gpointer data, GCancellable *cancellable, GError **error) {
  unpark_memory_trim();
  return NULL;
}

static guint trim_source;

static gboolean trim_now(gpointer data) {
  static const UnparkWork trimming = {.run = trim};
  trim_source = 0;
  unpark_worker_run_once(NULL, &trimming, NULL);
  return G_SOURCE_REMOVE;
}

void unpark_memory_trim_later(void) {
  g_clear_handle_id(&trim_source, g_source_remove);
  trim_source = g_timeout_add(PAUSE_MS, trim_now, NULL);
}
