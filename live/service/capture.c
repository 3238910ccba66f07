/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/service/capture.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "live/http/error.h"
#include "live/service/kinds.h"

/* Beyond the length of the recording: the service may be busy, which is why one looks. */
#define PATIENCE_S 60
/* A large heap over a slow line; a recording adds its own length. */
#define TOTAL_S 3600

typedef struct {
  const UnparkCapture *capture;
  UnparkCaptureFile *file;
  guint64 bytes;
} Sink;

static gboolean is_recorded(const UnparkCapture *capture) {
  return !capture->kind || strcmp(capture->kind, "trace") == 0 ||
         strcmp(capture->kind, "profile") == 0;
}

static char *url_dup(const UnparkCapture *capture) {
  if (!capture->service)
    return g_strdup(capture->url);
  if (is_recorded(capture) || capture->difference)
    return g_strdup_printf("%s%s?seconds=%u", capture->service->base, capture->kind,
                           capture->seconds);
  return g_strconcat(capture->service->base, capture->kind,
                     strcmp(capture->kind, "goroutine") == 0 ? "?debug=2" : "", NULL);
}

char *unpark_capture_file_name(const char *kind, gboolean difference) {
  const UnparkServiceKindFacts *facts = unpark_service_kind_facts(kind);
  g_autofree char *name = g_strdelimit(g_strdup(kind), "/", '-');

  if (!difference || (facts && facts->seconds > 0))
    return g_strdup_printf("%s.%s", name, facts ? facts->extension : "pprof");
  return g_strdup_printf("%s-difference.pprof", name);
}

/* A page for people instead of a recording: a login form, or another program. */
static gboolean is_web_page(const char *bytes, gsize size) {
  gsize at = 0;

  while (at < size && g_ascii_isspace(bytes[at]))
    at++;
  return at < size && bytes[at] == '<';
}

static gboolean take(const void *bytes, gsize size, gpointer data, GError **error) {
  Sink *sink = data;

  if (sink->bytes == 0 && is_web_page(bytes, size)) {
    g_set_error_literal(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_NOT_GO,
                        _("The answer is a web page, not a recording: is this a Go service with "
                          "net/http/pprof, and does it ask for a login?"));
    return FALSE;
  }
  if (!unpark_capture_file_write(sink->file, bytes, size, error))
    return FALSE;
  sink->bytes += size;
  if (sink->capture->progress)
    __atomic_store_n(&sink->capture->progress->bytes, sink->bytes, __ATOMIC_RELAXED);
  return TRUE;
}

/* "trace, heap, goroutine". */
static char *offered(const UnparkService *service) {
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < service->kinds->len; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
                           ((UnparkServiceKind *)service->kinds->pdata[i])->name);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void not_offered(const UnparkCapture *capture, GError **error) {
  g_autofree char *list = offered(capture->service);

  g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_NOT_FOUND,
              _("The service does not offer “%s” (404). It offers: %s"), capture->kind, list);
}

static gboolean judge(const UnparkCapture *capture, const UnparkFetched *fetched, const char *url,
                      guint64 bytes, GError **error) {
  if (fetched->status == 404 && capture->service && capture->service->is_indexed) {
    not_offered(capture, error);
    return FALSE;
  }
  if (fetched->status != 200) {
    unpark_fetched_fail(fetched, &capture->reach, url, error);
    return FALSE;
  }
  if (bytes == 0) {
    g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_CUT, _("%s sent nothing"), url);
    return FALSE;
  }
  return TRUE;
}

/* Whether part of a recording is better than none. */
static gboolean is_worth_keeping(const GError *error) {
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_CUT) ||
         g_error_matches(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_TIMEOUT) ||
         g_error_matches(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_TOO_LARGE);
}

static gboolean run_to(const UnparkCapture *capture, Sink *sink, GCancellable *cancellable,
                       GError **error) {
  guint length = is_recorded(capture) || capture->difference ? capture->seconds : 0;
  g_autofree char *url = url_dup(capture);
  const UnparkFetch fetch = {
      .url = url,
      .reach = capture->reach,
      .max_bytes = capture->max_bytes ? capture->max_bytes : UNPARK_CAPTURE_MAX,
      .silence_s = length + PATIENCE_S,
      .total_s = length + TOTAL_S,
  };
  g_auto(UnparkFetched) fetched = {0};

  return unpark_fetch(&fetch, take, sink, &fetched, cancellable, error) &&
         judge(capture, &fetched, url, sink->bytes, error);
}

gboolean unpark_capture_run(const UnparkCapture *capture, guint64 *kept, GCancellable *cancellable,
                            GError **error) {
  Sink sink = {.capture = capture};
  GError *failure = NULL;

  *kept = 0;
  if (capture->service && capture->service->is_indexed &&
      !unpark_service_offers(capture->service, capture->kind)) {
    not_offered(capture, error);
    return FALSE;
  }
  sink.file = unpark_capture_file_new(capture->path, error);
  if (!sink.file)
    return FALSE;
  if (capture->progress)
    __atomic_store_n(&capture->progress->started_us, g_get_monotonic_time(), __ATOMIC_RELAXED);
  if (run_to(capture, &sink, cancellable, &failure))
    return unpark_capture_file_finish(sink.file, error);
  if (sink.bytes == 0 || !is_worth_keeping(failure))
    unpark_capture_file_drop(sink.file);
  else if (unpark_capture_file_finish(sink.file, NULL))
    *kept = sink.bytes;
  g_propagate_error(error, failure);
  return FALSE;
}
