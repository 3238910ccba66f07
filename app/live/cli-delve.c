/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/live/cli-delve.h"

#include <glib/gi18n.h>

#include "app/cli-progress.h"
#include "live/delve/delve.h"

static char *progress_line(gpointer data) {
  const UnparkCaptureProgress *progress = data;
  g_autofree char *size = g_format_size(__atomic_load_n(&progress->bytes, __ATOMIC_RELAXED));

  return g_strdup_printf(_("Reading goroutines: %s"), size);
}

/* Also of a reading that failed. */
static void warn(const UnparkDelveResult *result) {
  if (result->was_killed)
    cli_complain(_("Delve ended with the connection, and the program that it launched with it. "
                   "With --accept-multiclient both stay"));
  else if (result->was_ended)
    cli_complain(_("Delve ended with the connection. With --accept-multiclient it stays"));
}

int cli_delve_capture(const UnparkAddress *address, const char *path, gboolean may_halt,
                      CliContext *context) {
  UnparkCaptureProgress progress = {0};
  g_autofree char *name = unpark_capture_file_name("goroutine", FALSE);
  g_autofree char *file =
      g_file_test(path, G_FILE_TEST_IS_DIR) ? g_build_filename(path, name, NULL) : g_strdup(path);
  const UnparkDelve delve = {
      .address = address, .may_halt = may_halt, .path = file, .progress = &progress};
  g_autoptr(GError) error = NULL;
  CliProgress *display = cli_progress_start_line(progress_line, &progress);
  UnparkDelveResult result;
  gboolean ok = unpark_delve_capture(&delve, &result, context->cancellable, &error);

  cli_progress_stop(display);
  warn(&result);
  return ok ? CLI_OK : cli_fail(error);
}
