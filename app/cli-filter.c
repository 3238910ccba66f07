/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-filter.h"

/* NULL: nothing is filtered. Free with g_free(). */
static char *expression(const CliArgs *args) {
  const char *text = cli_args_value(args, "filter");
  char *utf8 = text ? g_locale_to_utf8(text, -1, NULL, NULL, NULL) : NULL;

  if (utf8 && *g_strstrip(utf8) == '\0')
    g_clear_pointer(&utf8, g_free);
  return utf8;
}

gboolean cli_filter_check(const CliArgs *args, char **message) {
  const char *text = cli_args_value(args, "filter");
  g_autofree char *utf8 = text ? g_locale_to_utf8(text, -1, NULL, NULL, NULL) : NULL;
  g_autofree char *wanted = expression(args);
  g_autoptr(UnparkFilter) filter = NULL;
  g_autoptr(GError) error = NULL;

  if (text && !utf8) {
    *message = g_strdup(_("The filter is not valid text in this locale's character encoding"));
    return FALSE;
  }
  if (!wanted)
    return TRUE;
  filter = unpark_filter_parse(wanted, NULL, &error);
  if (!filter)
    *message = g_strdup_printf("--filter %s: %s", wanted, error->message);
  return filter != NULL;
}

gboolean cli_filter_given(const CliArgs *args) {
  g_autofree char *wanted = expression(args);

  return wanted != NULL;
}

gboolean cli_filter_apply(const CliArgs *args, UnparkStore *store, gboolean tasks,
                          CliContext *context, UnparkFilterResult **result, int *status) {
  g_autofree char *wanted = expression(args);
  g_autoptr(UnparkTrackIndex) tracks = NULL;
  g_autoptr(GError) error = NULL;

  *result = NULL;
  if (!wanted)
    return TRUE;
  if (unpark_store_source(store)->kind != UNPARK_SOURCE_TRACE) {
    cli_complain(_("Not an execution trace: --filter works only on execution traces"));
    *status = CLI_FAILED;
    return FALSE;
  }
  if (tasks)
    tracks = unpark_track_index_read(store, context->cancellable, &error);
  if (!error)
    *result = unpark_filter_apply(store, wanted, tracks, context->cancellable, &error);
  if (!*result)
    *status = cli_fail(error);
  return *result != NULL;
}
