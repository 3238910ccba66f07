/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-progress.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "model/base/printable.h"

#define FIRST_US ((gint64)400000)
#define STEP_US ((gint64)150000)

struct _CliProgress {
  char *(*line)(gpointer data);
  gpointer data;
  GDestroyNotify free_data;
  GThread *thread;
  GMutex lock;
  GCond wake;
  gboolean stop;
};

typedef struct {
  char *name;
  UnparkProgress *progress;
} Import;

static char *import_line(gpointer data) {
  const Import *import = data;
  guint64 done = __atomic_load_n(&import->progress->bytes_done, __ATOMIC_RELAXED);
  guint64 total = __atomic_load_n(&import->progress->bytes_total, __ATOMIC_RELAXED);
  g_autofree char *size = g_format_size(total ? total : done);

  if (total)
    return g_strdup_printf(_("Reading %s: %d %% of %s"), import->name,
                           (int)(100 * (done < total ? (double)done / (double)total : 1)), size);
  return g_strdup_printf(_("Reading %s: %s"), import->name, size);
}

static void import_free(gpointer data) {
  Import *import = data;

  g_free(import->name);
  g_free(import);
}

static void show(CliProgress *display) {
  g_autofree char *line = display->line(display->data);

  g_printerr("\r\033[K%s", line);
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

static CliProgress *start(char *(*line)(gpointer data), gpointer data, GDestroyNotify free_data) {
  CliProgress *display = g_new0(CliProgress, 1);

  display->line = line;
  display->data = data;
  display->free_data = free_data;
  g_mutex_init(&display->lock);
  g_cond_init(&display->wake);
  display->thread = g_thread_new("progress", run, display);
  return display;
}

CliProgress *cli_progress_start_line(char *(*line)(gpointer data), gpointer data) {
  return isatty(STDERR_FILENO) ? start(line, data, NULL) : NULL;
}

CliProgress *cli_progress_start(const char *path, UnparkProgress *progress) {
  g_autofree char *name = NULL;
  Import *import;

  if (!isatty(STDERR_FILENO))
    return NULL;
  name = g_filename_display_basename(path);
  import = g_new0(Import, 1);
  import->name = unpark_printable_dup(name);
  import->progress = progress;
  return start(import_line, import, import_free);
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
  if (display->free_data)
    display->free_data(display->data);
  g_free(display);
}
