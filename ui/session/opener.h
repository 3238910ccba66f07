/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the window opens files: the application gives this table, ui/ knows no importer.
 *
 * One opening is one try to open one file. begin() and end() are called on the main thread;
 * run() once, in a worker; status() and snapshot() at any time between, snapshot() in another
 * worker. end() is called after run() and any snapshot() have returned and the store is no longer
 * used.
 */
#pragma once

#include "model/store/store.h"

typedef struct {
  guint64 bytes_done;
  guint64 bytes_total; /* 0: not known */
  guint generation;    /* grows when snapshot() would show more; 0: nothing yet */
} UnparkOpenStatus;

typedef struct {
  gpointer (*begin)(const char *path);
  /* The complete store, from the cache or by import. Messages of `error` are shown as they are. */
  UnparkStore *(*run)(gpointer opening, GCancellable *cancellable, GError **error);
  void (*status)(gpointer opening, UnparkOpenStatus *status);
  /* What the import has written so far. NULL without `error` if it is too early or too late. */
  UnparkStore *(*snapshot)(gpointer opening, GError **error);
  /* After run() gave a store: one sentence that a person should know about it, such as that it
   * could not be kept; NULL. Valid until end(). */
  const char *(*warning)(gpointer opening);
  void (*end)(gpointer opening);
} UnparkOpener;

/* The program's opener: set once before the first window, never NULL afterwards. Main thread. */
void unpark_opener_set(const UnparkOpener *opener);
const UnparkOpener *unpark_opener_get(void);
