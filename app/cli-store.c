/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-store.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-progress.h"
#include "model/sql/query.h"

void cli_print_warnings(UnparkStore *store, const char *path) {
  guint n;
  const UnparkNote *notes = unpark_store_notes(store, &n);
  g_autofree char *prefix = path ? g_strconcat(path, ": ", NULL) : g_strdup("");

  for (guint i = 0; i < n; i++) {
    const char *severity = notes[i].severity == UNPARK_NOTE_ERROR ? _("error") : _("warning");

    if (notes[i].severity == UNPARK_NOTE_INFO)
      continue;
    g_autofree char *times = g_strdup_printf("%" G_GINT64_FORMAT, notes[i].count);
    g_autofree char *text =
        notes[i].count > 1
            ? g_strdup_printf(_("%s: %s (%s, %s times)"), severity, notes[i].detail, notes[i].name,
                              times)
            : g_strdup_printf(_("%s: %s (%s)"), severity, notes[i].detail, notes[i].name);
    cli_complain("%s%s", prefix, text);
  }
}

UnparkOpened *cli_open_one(const char *path, gboolean no_cache, gboolean quiet,
                           gboolean one_of_many, CliContext *context, int *status) {
  UnparkOpenOptions options = {.no_cache = no_cache};
  UnparkProgress progress = {0};
  g_autoptr(GError) error = NULL;
  CliProgress *display;
  UnparkOpened *opened;

  if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO)) {
    cli_complain(_("Standard input is a terminal; give a file name, or pipe a file in"));
    *status = CLI_USAGE;
    return NULL;
  }
  display = cli_progress_start(path, &progress);
  opened = unpark_open(path, &options, &progress, context->cancellable, &error);
  cli_progress_stop(display);
  if (!opened) {
    *status = cli_fail(error);
    return NULL;
  }
  if (unpark_opened_warning(opened))
    cli_complain(_("warning: %s"), unpark_opened_warning(opened));
  if (!quiet)
    cli_print_warnings(unpark_opened_store(opened), one_of_many ? path : NULL);
  *status = CLI_OK;
  return opened;
}

UnparkOpened *cli_open(const char *path, gboolean no_cache, gboolean quiet, CliContext *context,
                       int *status) {
  return cli_open_one(path, no_cache, quiet, FALSE, context, status);
}

static gboolean add_type(const UnparkValue *values, guint n, gpointer data) {
  GString *names = data;

  if (n == 1 && values[0].type == UNPARK_VALUE_TEXT)
    g_string_append_printf(names, "%s%.*s", names->len > 0 ? ", " : "", (int)values[0].size,
                           values[0].text);
  return TRUE;
}

char *cli_store_types_with_values(UnparkStore *store) {
  static const UnparkQuery query = {.row = add_type, .timeout_s = 10};
  GString *names = g_string_new(NULL);

  /* Without an answer nothing is recommended. */
  unpark_store_query(store,
                     "SELECT t.type FROM (SELECT DISTINCT s.profile, v.idx FROM sample_value v "
                     "JOIN sample s ON s.id = v.sample WHERE v.value <> 0) u "
                     "JOIN sample_type t ON t.profile = u.profile AND t.idx = u.idx "
                     "GROUP BY t.type ORDER BY min(t.idx)",
                     &query, names, NULL, NULL, NULL);
  return g_string_free(names, FALSE);
}
