/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "live/http/error.h"
#include "live/service/capture.h"
#include "live/watch/watch.h"

#define DUMP_MAX ((guint64)512 << 20)
#define HEAP_MAX ((guint64)64 << 20)
#define SILENCE_S 20
#define TOTAL_S 120

static gboolean collect(const void *bytes, gsize size, gpointer text, GError **error) {
  g_string_append_len(text, bytes, (gssize)size);
  return TRUE;
}

/* NULL with an error. */
static GString *get(const UnparkService *service, const UnparkReach *reach, const char *what,
                    guint64 max_bytes, GCancellable *cancellable, GError **error) {
  g_autofree char *url = g_strconcat(service->base, what, NULL);
  const UnparkFetch fetch = {.url = url,
                             .reach = *reach,
                             .max_bytes = max_bytes,
                             .silence_s = SILENCE_S,
                             .total_s = TOTAL_S};
  g_auto(UnparkFetched) answer = {0};
  GString *text = g_string_new(NULL);

  if (unpark_fetch(&fetch, collect, text, &answer, cancellable, error)) {
    if (answer.status == 200)
      return text;
    unpark_fetched_fail(&answer, reach, url, error);
  }
  g_string_free(text, TRUE);
  return NULL;
}

void unpark_watch_answer_free(UnparkWatchAnswer *answer) {
  if (!answer)
    return;
  if (answer->dump)
    g_string_free(answer->dump, TRUE);
  if (answer->heap)
    g_string_free(answer->heap, TRUE);
  g_free(answer);
}

UnparkWatchAnswer *unpark_watch_ask(const UnparkService *service, const UnparkReach *reach,
                                    GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkWatchAnswer) answer = g_new0(UnparkWatchAnswer, 1);
  gboolean has_heap = !service->is_indexed || unpark_service_offers(service, "heap");

  answer->wall_us = g_get_real_time();
  answer->dump = get(service, reach, "goroutine?debug=2", DUMP_MAX, cancellable, error);
  if (!answer->dump)
    return NULL;
  if (!g_str_has_prefix(answer->dump->str, "goroutine ")) {
    g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_NOT_GO,
                _("%sgoroutine does not answer with goroutines"), service->base);
    return NULL;
  }
  if (has_heap) {
    answer->heap = get(service, reach, "heap?debug=1", HEAP_MAX, cancellable, error);
    if (!answer->heap)
      return NULL;
  }
  return g_steal_pointer(&answer);
}

char *unpark_watch_keep(const UnparkWatchAnswer *answer, const char *folder, GError **error) {
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(answer->wall_us / G_USEC_PER_SEC);
  g_autofree char *stem = g_date_time_format(when, "goroutine-%Y%m%d-%H%M%S");
  g_autofree char *name = g_strdup_printf("%s.txt", stem);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  UnparkCaptureFile *file = unpark_capture_file_new(path, error);

  if (!file)
    return NULL;
  if (!unpark_capture_file_write(file, answer->dump->str, answer->dump->len, error)) {
    unpark_capture_file_drop(file);
    return NULL;
  }
  return unpark_capture_file_finish(file, error) ? g_steal_pointer(&path) : NULL;
}
