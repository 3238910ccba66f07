/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/delve/rpc.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "live/http/error.h"
#include "model/base/format.h"
#include "model/base/printable.h"

/* Of one answer: two thousand goroutines take some 3 MB. */
#define ANSWER_MAX ((gsize)64 * 1024 * 1024)
#define PIECE ((gsize)64 * 1024)
/* Stopping a busy program, or reading a large core, may take a moment. */
#define SILENCE_S 30

struct _UnparkDelveRpc {
  GSocketConnection *connection;
  GByteArray *buffer; /* what came after the last answer */
  guint id;
  char *title;
};

static UnparkLiveErrorCode code_of(const GError *error) {
  if (error->domain == G_RESOLVER_ERROR)
    return UNPARK_LIVE_ERROR_HOST;
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return UNPARK_LIVE_ERROR_TIMEOUT;
  return UNPARK_LIVE_ERROR_REFUSED;
}

/* Takes *error. */
static void explain(GError **error, const char *title) {
  g_autoptr(GError) cause = *error;

  *error = NULL;
  if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    *error = g_steal_pointer(&cause);
  else
    g_set_error(error, UNPARK_LIVE_ERROR, (gint)code_of(cause),
                _("Cannot reach Delve at %s: %s. Start it with: dlv attach PID --headless "
                  "--accept-multiclient --continue --listen 127.0.0.1:2345"),
                title, cause->message);
}

UnparkDelveRpc *unpark_delve_rpc_open(const UnparkAddress *address, GCancellable *cancellable,
                                      GError **error) {
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnectable) to = NULL;
  GSocketConnection *connection;
  UnparkDelveRpc *rpc;
  GError *failure = NULL;

  if (address->unix_path)
    to = G_SOCKET_CONNECTABLE(g_unix_socket_address_new(address->unix_path));
  else
    to = g_network_address_new(address->host, address->port);
  g_socket_client_set_enable_proxy(client, FALSE);
  g_socket_client_set_timeout(client, SILENCE_S);
  connection = g_socket_client_connect(client, to, cancellable, &failure);
  if (!connection) {
    explain(&failure, address->title);
    g_propagate_error(error, failure);
    return NULL;
  }
  rpc = g_new0(UnparkDelveRpc, 1);
  rpc->connection = connection;
  rpc->buffer = g_byte_array_new();
  rpc->title = g_strdup(address->title);
  return rpc;
}

void unpark_delve_rpc_close(UnparkDelveRpc *rpc) {
  if (!rpc)
    return;
  g_io_stream_close(G_IO_STREAM(rpc->connection), NULL, NULL);
  g_object_unref(rpc->connection);
  g_byte_array_unref(rpc->buffer);
  g_free(rpc->title);
  g_free(rpc);
}

static gboolean fail(UnparkDelveRpc *rpc, UnparkLiveErrorCode code, const char *what,
                     GError **error) {
  g_autofree char *text = unpark_printable_dup(what);

  g_set_error(error, UNPARK_LIVE_ERROR, (gint)code, _("Delve at %s: %s"), rpc->title, text);
  return FALSE;
}

gboolean unpark_delve_rpc_send(UnparkDelveRpc *rpc, const char *method, const char *argument,
                               GCancellable *cancellable, GError **error) {
  g_autofree char *text = g_strdup_printf(
      "{\"method\":\"RPCServer.%s\",\"params\":[%s],\"id\":%u}\n", method, argument, ++rpc->id);
  GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(rpc->connection));

  return g_output_stream_write_all(out, text, strlen(text), NULL, cancellable, error);
}

/* Up to the line feed that ends each answer; `size` is without it. */
static gboolean read_line(UnparkDelveRpc *rpc, gsize *size, GCancellable *cancellable,
                          GError **error) {
  GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(rpc->connection));
  gsize looked = 0;

  for (;;) {
    const guint8 *feed = rpc->buffer->len > looked
                             ? memchr(rpc->buffer->data + looked, '\n', rpc->buffer->len - looked)
                             : NULL;
    gssize n;

    if (feed) {
      *size = (gsize)(feed - rpc->buffer->data);
      return TRUE;
    }
    looked = rpc->buffer->len;
    if (looked > ANSWER_MAX)
      return fail(rpc, UNPARK_LIVE_ERROR_TOO_LARGE, _("an answer is too large"), error);
    g_byte_array_set_size(rpc->buffer, (guint)(looked + PIECE));
    n = g_input_stream_read(in, rpc->buffer->data + looked, PIECE, cancellable, error);
    g_byte_array_set_size(rpc->buffer, (guint)(looked + (gsize)MAX(n, 0)));
    if (n < 0 && error && g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
      g_clear_error(error);
      return fail(rpc, UNPARK_LIVE_ERROR_TIMEOUT, _("it says nothing"), error);
    }
    if (n < 0)
      return FALSE;
    if (n == 0)
      return fail(rpc, UNPARK_LIVE_ERROR_CUT, _("the connection ended"), error);
  }
}

UnparkJsonTree *unpark_delve_rpc_call(UnparkDelveRpc *rpc, const char *method, const char *argument,
                                      GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkJsonTree) answer = NULL;
  GError *failure = NULL;
  gsize size = 0;
  const UnparkJsonTree *words;

  if (!unpark_delve_rpc_send(rpc, method, argument, cancellable, &failure) ||
      !read_line(rpc, &size, cancellable, &failure)) {
    g_propagate_error(error, failure);
    return NULL;
  }
  answer = unpark_json_tree_parse((const char *)rpc->buffer->data, size);
  g_byte_array_remove_range(rpc->buffer, 0, (guint)(size + 1));
  if (!answer || unpark_json_tree_number(answer, "id") != rpc->id) {
    fail(rpc, UNPARK_LIVE_ERROR_PROTOCOL, _("it does not answer as Delve does"), error);
    return NULL;
  }
  words = unpark_json_tree_get(answer, "error");
  if (words && words->type == UNPARK_JSON_TREE_STRING) {
    fail(rpc, UNPARK_LIVE_ERROR_PROTOCOL, words->text, error);
    return NULL;
  }
  return g_steal_pointer(&answer);
}
