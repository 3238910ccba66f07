/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-progress.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "model/base/printable.h"

#define FIRST_US ((gint64)400000)
#define STEP_US ((gint64)150000)

struct _CliProgress {
  char *name;
  UnparkProgress *progress;
  GThread *thread;
  GMutex lock;
  GCond wake;
  gboolean stop;
};

static void show(CliProgress *display) {
  guint64 done = __atomic_load_n(&display->progress->bytes_done, __ATOMIC_RELAXED);
  guint64 total = __atomic_load_n(&display->progress->bytes_total, __ATOMIC_RELAXED);
  g_autofree char *size = g_format_size(total ? total : done);

  if (total)
    g_printerr(_("\r\033[KReading %s: %d %% of %s"), display->name,
               (int)(100 * (done < total ? (double)done / (double)total : 1)), size);
  else
    g_printerr(_("\r\033[KReading %s: %s"), display->name, size);
}

static gpointer run(gpointer data) {
  CliProgress *display = data;
  gint64 until = g_get_monotonic_time() + FIRST_US;
  gboolean shown = FALSE;

  g_mutex_lock(&display->lock);
  while (!display->stop) {
    if (g_cond_wait_until(&display->wake, &display->lock, until))
      continue;
    show(display);
    shown = TRUE;
    until = g_get_monotonic_time() + STEP_US;
  }
  g_mutex_unlock(&display->lock);
  if (shown)
    g_printerr("\r\033[K");
  return NULL;
}

CliProgress *cli_progress_start(const char *path, UnparkProgress *progress) {
  CliProgress *display;

  if (!isatty(STDERR_FILENO))
    return NULL;
  display = g_new0(CliProgress, 1);
  g_autofree char *name = g_filename_display_basename(path);
  display->name = unpark_printable_dup(name);
  display->progress = progress;
  g_mutex_init(&display->lock);
  g_cond_init(&display->wake);
  display->thread = g_thread_new("progress", run, display);
  return display;
}

void cli_progress_stop(CliProgress *display) {
  if (!display)
    return;
  g_mutex_lock(&display->lock);
  display->stop = TRUE;
  g_cond_signal(&display->wake);
  g_mutex_unlock(&display->lock);
  g_thread_join(display->thread);
  g_mutex_clear(&display->lock);
  g_cond_clear(&display->wake);
  g_free(display->name);
  g_free(display);
}
