/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands "capture" and "watch" of unpark-cli: another program of ours, unpark-capture, takes
 * its place. Only that one needs the libraries for the network, whose loading would cost every
 * start a third more. */
#include <errno.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/live/cli-capture.h"
#include "app/live/cli-watch.h"
#include "model/base/program.h"

#define NAME "unpark-capture"

/* Beside this program, as in a build folder; else where it is installed. Free with g_free(). */
static char *find_program(void) {
  char *beside = unpark_program_beside(NAME);

  return beside ? beside : g_build_filename(UNPARK_LIBEXECDIR, NAME, NULL);
}

/* The words of this command line. Free with g_ptr_array_unref(). */
static GPtrArray *own_words(char **text) {
  GPtrArray *words = g_ptr_array_new();
  gsize size = 0;

  if (g_file_get_contents("/proc/self/cmdline", text, &size, NULL))
    for (char *word = *text; word < *text + size; word += strlen(word) + 1)
      g_ptr_array_add(words, word);
  g_ptr_array_add(words, NULL);
  return words;
}

static int launch(void) {
  g_autofree char *program = find_program(), *text = NULL;
  g_autoptr(GPtrArray) words = own_words(&text);
  sigset_t none;

  /* What this program waits for, the other one waits for itself. */
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execv(program, (char **)words->pdata);
  cli_complain(_("Cannot run %s, which records: %s"), program, g_strerror(errno));
  return CLI_FAILED;
}

int cli_capture(const CliArgs *args, CliContext *context) {
  return launch();
}

int cli_watch(const CliArgs *args, CliContext *context) {
  return launch();
}
