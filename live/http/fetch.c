/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/http/fetch.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "live/http/error.h"
#include "live/http/words.h"
#include "model/base/format.h"
#include "model/base/printable.h"

#define REDIRECTS_MAX 5
#define PIECE ((gsize)64 * 1024)
/* Of an answer that is not a success. */
#define TEXT_MAX ((gsize)4096)

void unpark_fetched_clear(UnparkFetched *fetched) {
  g_clear_pointer(&fetched->type, g_free);
  g_clear_pointer(&fetched->text, g_free);
  g_clear_pointer(&fetched->url, g_free);
  g_clear_pointer(&fetched->website, g_free);
}

void unpark_fetched_take_title(UnparkFetched *fetched, const char *page) {
  const char *from = strstr(page, "<title>");
  const char *to = from ? strstr(from, "</title>") : NULL;
  g_autofree char *title = to ? g_strndup(from + 7, MIN((gsize)(to - from - 7), 80)) : NULL;
  g_autofree char *valid = title ? g_utf8_make_valid(g_strstrip(title), -1) : NULL;

  g_free(fetched->website);
  fetched->website = valid ? unpark_printable_dup(valid) : NULL;
}

/* One transfer: what the functions below share. */
typedef struct {
  const UnparkFetch *fetch;
  UnparkFetchSink sink;
  gpointer data;
  UnparkFetched *fetched;
  GCancellable *cancellable;
  SoupSession *session;
  GUri *first; /* the URL that was asked for */
  gint64 end_us;
} Transfer;

/* ---- Session -------------------------------------------------------------------------------- */

static SoupSession *session_new(const UnparkFetch *fetch, GError **error) {
  g_autoptr(SoupSession) session = NULL;
  g_autoptr(GSocketAddress) socket = NULL;
  g_autoptr(GTlsDatabase) database = NULL;

  if (fetch->reach.unix_path)
    socket = g_unix_socket_address_new(fetch->reach.unix_path);
  if (fetch->reach.ca_file) {
    g_autofree char *full = g_canonicalize_filename(fetch->reach.ca_file, NULL);
    database = g_tls_file_database_new(full, error);
    if (!database) {
      g_prefix_error(error, "%s: ", fetch->reach.ca_file);
      return NULL;
    }
  }
  session =
      soup_session_new_with_options("timeout", fetch->silence_s, "user-agent",
                                    "Unpark/" UNPARK_VERSION, "remote-connectable", socket, NULL);
  if (database)
    soup_session_set_tls_database(session, database);
  /* It would ask again, on another connection; what is sent to whom is decided here. */
  soup_session_remove_feature_by_type(session, SOUP_TYPE_AUTH_MANAGER);
  return g_steal_pointer(&session);
}

static gboolean same_origin(GUri *a, GUri *b) {
  int of_a = g_uri_get_port(a), of_b = g_uri_get_port(b);
  gboolean is_tls = strcmp(g_uri_get_scheme(a), "https") == 0;

  return strcmp(g_uri_get_scheme(a), g_uri_get_scheme(b)) == 0 &&
         g_ascii_strcasecmp(g_uri_get_host(a), g_uri_get_host(b)) == 0 &&
         (of_a > 0 ? of_a
          : is_tls ? 443
                   : 80) == (of_b > 0 ? of_b
                             : is_tls ? 443
                                      : 80);
}

static SoupMessage *message_new(const Transfer *t, GUri *uri) {
  const UnparkReach *reach = &t->fetch->reach;
  SoupMessage *message = soup_message_new_from_uri("GET", uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers(message);

  soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
  /* Nothing is gained by packing what is packed already, and it would come in larger pieces. */
  soup_message_headers_append(headers, "Accept-Encoding", "identity");
  if (reach->secret && same_origin(uri, t->first)) {
    g_autofree char *pair = g_strdup_printf("%s:%s", reach->user ? reach->user : "", reach->secret);
    g_autofree char *base64 = g_base64_encode((const guchar *)pair, strlen(pair));
    g_autofree char *value = reach->user ? g_strdup_printf("Basic %s", base64)
                                         : g_strdup_printf("Bearer %s", reach->secret);
    soup_message_headers_append(headers, "Authorization", value);
  }
  return message;
}

/* ---- Redirects ------------------------------------------------------------------------------ */

static gboolean is_redirect(guint status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Where a redirect leads; NULL with an error where it is not followed. */
static GUri *redirect_target(const Transfer *t, SoupMessage *message, GUri *from, GError **error) {
  const UnparkReach *reach = &t->fetch->reach;
  const char *location =
      soup_message_headers_get_one(soup_message_get_response_headers(message), "Location");
  g_autoptr(GUri) to = NULL;
  const char *scheme;

  if (location)
    to = g_uri_parse_relative(from, location, SOUP_HTTP_URI_FLAGS, NULL);
  scheme = to ? g_uri_get_scheme(to) : "";
  if ((strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0) || !g_uri_get_host(to)) {
    g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_REDIRECT,
                _("%s redirects to something that is not a web address"), t->fetch->url);
    return NULL;
  }
  g_autofree char *text = g_uri_to_string_partial(to, G_URI_HIDE_PASSWORD);
  if (strcmp(scheme, "http") == 0 && strcmp(g_uri_get_scheme(from), "https") == 0 &&
      (reach->secret || reach->ca_file)) {
    g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_REDIRECT,
                _("%s redirects to %s, which is not encrypted: not followed"), t->fetch->url, text);
    return NULL;
  }
  if (reach->unix_path && !same_origin(to, t->first)) {
    g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_REDIRECT,
                _("%s redirects to %s, which is not behind the same socket: not followed"),
                t->fetch->url, text);
    return NULL;
  }
  return g_steal_pointer(&to);
}

/* ---- Body ----------------------------------------------------------------------------------- */

static gboolean too_large(const Transfer *t, GError **error) {
  char limit[UNPARK_FORMAT_SIZE];

  g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_TOO_LARGE,
              _("%s sends more than %s: stopped. Record for a shorter time"), t->fetch->url,
              unpark_format_bytes((gint64)t->fetch->max_bytes, limit));
  return FALSE;
}

static gboolean in_time(const Transfer *t, GError **error) {
  if (t->end_us == 0 || g_get_monotonic_time() < t->end_us)
    return TRUE;
  g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_TIMEOUT,
              _("%s was still sending after %u s: stopped"), t->fetch->url, t->fetch->total_s);
  return FALSE;
}

/* libsoup takes the end of a connection for the end of what a server miscounted; a recording that
 * lacks its end is one, too. */
static gboolean is_whole(const Transfer *t, goffset expected, guint64 size, GError **error) {
  char of_size[UNPARK_FORMAT_SIZE], of_all[UNPARK_FORMAT_SIZE];

  if (expected <= 0 || size >= (guint64)expected)
    return TRUE;
  g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_CUT,
              _("%s ended its answer half-way, after %s of %s"), t->fetch->url,
              unpark_format_bytes((gint64)size, of_size), unpark_format_bytes(expected, of_all));
  return FALSE;
}

/* `expected` bytes; 0: not said, or not what comes out of it. */
static gboolean read_body(Transfer *t, GInputStream *stream, goffset expected, GError **error) {
  g_autofree char *piece = g_malloc(PIECE);
  guint64 size = 0;

  for (;;) {
    gssize n = g_input_stream_read(stream, piece, PIECE, t->cancellable, error);
    if (n < 0) {
      unpark_fetch_explain(t->fetch, NULL, size > 0 ? UNPARK_FETCH_HALF_WAY : UNPARK_FETCH_BODY,
                           error);
      return FALSE;
    }
    if (n == 0)
      return is_whole(t, expected, size, error);
    size += (guint64)n;
    if (size > t->fetch->max_bytes)
      return too_large(t, error);
    if (!t->sink(piece, (gsize)n, t->data, error) || !in_time(t, error))
      return FALSE;
  }
}

/* The first lines of an answer that is not a success: what net/http/pprof says in it. */
static void read_text(Transfer *t, GInputStream *stream) {
  g_autofree char *bytes = g_malloc0(TEXT_MAX + 1);
  g_autofree char *valid = NULL;
  gsize n = 0;

  /* Its status is the answer; the text only explains it. */
  g_input_stream_read_all(stream, bytes, TEXT_MAX, &n, t->cancellable, NULL);
  bytes[n] = '\0';
  unpark_fetched_take_title(t->fetched, bytes);
  if (g_strcmp0(t->fetched->type, "text/html") == 0)
    return;
  valid = g_utf8_make_valid(bytes, -1);
  g_strdelimit(g_strstrip(valid), "\r\n\t", ' ');
  if (g_utf8_strlen(valid, -1) > 300)
    *g_utf8_offset_to_pointer(valid, 300) = '\0';
  t->fetched->text = *valid ? unpark_printable_dup(valid) : NULL;
}

static gboolean take_answer(Transfer *t, SoupMessage *message, GInputStream *stream, GUri *uri,
                            GError **error) {
  SoupMessageHeaders *headers = soup_message_get_response_headers(message);
  UnparkFetched *fetched = t->fetched;
  goffset size = soup_message_headers_get_content_length(headers);

  fetched->status = soup_message_get_status(message);
  fetched->type = g_strdup(soup_message_headers_get_content_type(headers, NULL));
  fetched->url = g_uri_to_string_partial(uri, G_URI_HIDE_PASSWORD);
  fetched->is_pprof = soup_message_headers_get_one(headers, "X-Go-Pprof") != NULL;
  if (fetched->status != 200) {
    read_text(t, stream);
    return !g_cancellable_set_error_if_cancelled(t->cancellable, error);
  }
  if (size > 0 && (guint64)size > t->fetch->max_bytes)
    return too_large(t, error);
  if (soup_message_headers_get_one(headers, "Content-Encoding"))
    size = 0;
  return read_body(t, stream, size, error);
}

/* ---- The way through ------------------------------------------------------------------------ */

static gboolean follow(Transfer *t, GError **error) {
  g_autoptr(GUri) uri = g_uri_ref(t->first);

  for (guint i = 0; i <= REDIRECTS_MAX; i++) {
    g_autoptr(SoupMessage) message = message_new(t, uri);
    g_autoptr(GInputStream) stream = soup_session_send(t->session, message, t->cancellable, error);
    GUri *next;

    if (!stream) {
      unpark_fetch_explain(t->fetch, message, UNPARK_FETCH_HEAD, error);
      return FALSE;
    }
    if (!in_time(t, error))
      return FALSE;
    if (!is_redirect(soup_message_get_status(message)))
      return take_answer(t, message, stream, uri, error);
    next = redirect_target(t, message, uri, error);
    if (!next)
      return FALSE;
    g_uri_unref(uri);
    uri = next;
  }
  g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_REDIRECT,
              _("%s redirects more than %d times"), t->fetch->url, REDIRECTS_MAX);
  return FALSE;
}

gboolean unpark_fetch(const UnparkFetch *fetch, UnparkFetchSink sink, gpointer data,
                      UnparkFetched *fetched, GCancellable *cancellable, GError **error) {
  g_autoptr(GMainContext) context = g_main_context_new();
  g_autoptr(SoupSession) session = NULL;
  g_autoptr(GUri) first = g_uri_parse(fetch->url, SOUP_HTTP_URI_FLAGS, error);
  gint64 now = g_get_monotonic_time();
  gboolean ok = FALSE;

  *fetched = (UnparkFetched){0};
  if (!first)
    return FALSE;
  /* libsoup's own timers are of the thread's context: this one, which ends with the call. */
  g_main_context_push_thread_default(context);
  session = session_new(fetch, error);
  if (session) {
    Transfer t = {.fetch = fetch,
                  .sink = sink,
                  .data = data,
                  .fetched = fetched,
                  .cancellable = cancellable,
                  .session = session,
                  .first = first,
                  .end_us = fetch->total_s ? now + fetch->total_s * G_USEC_PER_SEC : 0};
    ok = follow(&t, error);
    soup_session_abort(session);
    g_clear_object(&session);
  }
  g_main_context_pop_thread_default(context);
  return ok;
}
