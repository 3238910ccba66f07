#include "app/gui-opener.h"

#include "app/open.h"
#include "ui/memory.h"

typedef struct {
  char *path;
  UnparkProgress progress;
  UnparkOpened *opened; /* written by run()'s worker, read after it returned */
} GuiOpening;

static gpointer gui_begin(const char *path) {
  GuiOpening *opening = g_new0(GuiOpening, 1);
  opening->path = g_strdup(path);
  return opening;
}

static UnparkStore *gui_run(gpointer data, GCancellable *cancellable, GError **error) {
  static const UnparkOpenOptions options = {.live = TRUE};
  GuiOpening *opening = data;
  opening->opened = unpark_open(opening->path, &options, &opening->progress, cancellable, error);
  unpark_memory_trim(); /* of an import's */
  if (!opening->opened)
    return NULL;
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
