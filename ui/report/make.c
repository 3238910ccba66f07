/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/report/make.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>

#include "model/base/program.h"

#define NAME "unpark-cli"

typedef struct {
  GSubprocess *process;
  GCancellable *cancellable;
  gulong handler;
  UnparkReportMade made;
  gpointer data;
} Making;

char *unpark_report_make_program(void) {
  char *beside = unpark_program_beside(NAME);

  return beside ? beside : g_find_program_in_path(NAME);
}

static void on_cancelled(GCancellable *cancellable, gpointer data) {
  g_subprocess_send_signal(data, SIGTERM);
}

/* Without "unpark-cli: " before each line. */
static char *sentence_of(const char *text) {
  GString *sentence = g_string_new(text);

  g_string_replace(sentence, NAME ": ", "", 0);
  return g_strstrip(g_string_free(sentence, FALSE));
}

static void on_done(GObject *source, GAsyncResult *result, gpointer data) {
  Making *making = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *said = NULL;
  gboolean ok = g_subprocess_communicate_utf8_finish(making->process, result, NULL, &said, &error);

  g_cancellable_disconnect(making->cancellable, making->handler);
  if (g_cancellable_is_cancelled(making->cancellable)) {
    g_clear_error(&error);
    g_set_error(&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The report was canceled."));
  } else if (ok && !g_subprocess_get_successful(making->process)) {
    g_autofree char *sentence = sentence_of(said ? said : "");
    g_set_error_literal(&error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        *sentence ? sentence : _("The program for reports ended unexpectedly."));
  }
  making->made(error, making->data);
  g_object_unref(making->process);
  g_object_unref(making->cancellable);
  g_free(making);
}

void unpark_report_make(const char *const *arguments, GCancellable *cancellable,
                        UnparkReportMade made, gpointer data) {
  g_autoptr(GError) error = NULL;
  GSubprocess *process = g_subprocess_newv(
      arguments, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);

  if (!process) {
    made(error, data);
    return;
  }
  Making *making = g_new0(Making, 1);
  *making = (Making){process, g_object_ref(cancellable), 0, made, data};
  making->handler = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), process, NULL);
  g_subprocess_communicate_utf8_async(process, NULL, NULL, on_done, making);
}
