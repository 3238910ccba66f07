/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui-opener.h"

#ifdef __linux__
#include <sys/resource.h>
#endif

#include "app/open.h"
#include "ui/kit/memory.h"
#include "ui/preferences/apply.h"

#define IMPORT_NICE 5

typedef struct {
  char *path;
  char *cache_folder; /* NULL: the default */
  UnparkOpenOptions options;
  UnparkProgress progress;
  UnparkOpened *opened; /* written by run()'s worker, read after it returned */
} GuiOpening;

static gpointer gui_begin(const char *path) {
  GuiOpening *opening = g_new0(GuiOpening, 1);
  opening->path = g_strdup(path);
  opening->cache_folder = unpark_preferences_cache_folder();
  opening->options = (UnparkOpenOptions){.live = TRUE,
                                         .cache_dir = opening->cache_folder,
                                         .cache_size = unpark_preferences_cache_size()};
  opening->options.no_cache = opening->options.cache_size == 0;
  return opening;
}

/* What one thread asks of another. */
typedef struct {
  GuiOpening *opening;
  GCancellable *cancellable;
  GError **error;
} Run;

static gpointer run_thread(gpointer data) {
  Run *run = data;
#ifdef __linux__
  /* Of this thread, and of those that it starts. */
  setpriority(PRIO_PROCESS, 0, IMPORT_NICE);
#endif
  run->opening->opened = unpark_open(run->opening->path, &run->opening->options,
                                     &run->opening->progress, run->cancellable, run->error);
  unpark_memory_trim(); /* of an import's */
  return NULL;
}

/* A thread of its own, which ends with the work: one cannot be nice and then no more. An import
 * takes all processors there are; the window, and what reads lanes for it, come first. */
static UnparkStore *gui_run(gpointer data, GCancellable *cancellable, GError **error) {
  GuiOpening *opening = data;
  Run run = {opening, cancellable, error};
  g_thread_join(g_thread_new("open", run_thread, &run));
  if (!opening->opened)
    return NULL;
  if (unpark_opened_warning(opening->opened))
    g_message("%s", unpark_opened_warning(opening->opened));
  return unpark_store_ref(unpark_opened_store(opening->opened));
}

static void gui_status(gpointer data, UnparkOpenStatus *status) {
  UnparkProgress *progress = &((GuiOpening *)data)->progress;
  status->bytes_done = __atomic_load_n(&progress->bytes_done, __ATOMIC_RELAXED);
  status->bytes_total = __atomic_load_n(&progress->bytes_total, __ATOMIC_RELAXED);
  status->generation = __atomic_load_n(&progress->generation, __ATOMIC_ACQUIRE);
}

static UnparkStore *gui_snapshot(gpointer data, GError **error) {
  GuiOpening *opening = data;
  const char *path = __atomic_load_n(&opening->progress.temp_path, __ATOMIC_ACQUIRE);
  return path ? unpark_store_open_live(path, error) : NULL;
}

static const char *gui_warning(gpointer data) {
  GuiOpening *opening = data;
  return opening->opened ? unpark_opened_warning(opening->opened) : NULL;
}

static void gui_end(gpointer data) {
  GuiOpening *opening = data;
  unpark_opened_free(opening->opened);
  g_free(opening->path);
  g_free(opening->cache_folder);
  g_free(opening);
}

const UnparkOpener unpark_gui_opener = {
    .begin = gui_begin,
    .run = gui_run,
    .status = gui_status,
    .snapshot = gui_snapshot,
    .warning = gui_warning,
    .end = gui_end,
};
