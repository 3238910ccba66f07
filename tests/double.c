/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/double.h"

#include <check.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#define HEAD_MAX ((gsize)16384)

struct _TestDouble {
  GSocket *socket;
  GCancellable *end;
  GThread *thread;
  GPtrArray *clients; /* of GThread; of `thread` */
  TestAnswer answer;
  gpointer data;
  GTlsCertificate *certificate;
  guint16 port;
  gboolean of_lines;
  GMutex lock;
  GString *requests;
};

typedef struct {
  TestDouble *owner;
  GIOStream *stream;
} Client;

/* Up to the blank line; NULL: the client went before it, or speaks TLS to a server without. */
static char *read_head(GInputStream *in) {
  g_autoptr(GString) head = g_string_new(NULL);
  char c;

  while (head->len < HEAD_MAX && g_input_stream_read(in, &c, 1, NULL, NULL) == 1) {
    if (head->len == 0 && !g_ascii_isalpha(c))
      return NULL;
    g_string_append_c(head, c);
    if (g_str_has_suffix(head->str, "\r\n\r\n"))
      return g_string_free(g_steal_pointer(&head), FALSE);
  }
  return NULL;
}

static void note(TestDouble *self, const char *text) {
  g_mutex_lock(&self->lock);
  g_string_append(self->requests, text);
  g_mutex_unlock(&self->lock);
}

static void serve_lines(TestDouble *self, GIOStream *stream) {
  g_autoptr(GDataInputStream) in = g_data_input_stream_new(g_io_stream_get_input_stream(stream));
  char *line;

  while ((line = g_data_input_stream_read_line(in, NULL, NULL, NULL))) {
    note(self, line);
    self->answer(line, g_io_stream_get_output_stream(stream), self->data);
    g_free(line);
  }
}

/* NULL: TLS cannot be begun. */
static GIOStream *secure(TestDouble *self, GIOStream *stream) {
  GIOStream *safe = self->certificate ? g_tls_server_connection_new(stream, self->certificate, NULL)
                                      : g_object_ref(stream);

  g_object_unref(stream);
  return safe;
}

static void serve_head(TestDouble *self, GIOStream *stream) {
  g_autofree char *head = read_head(g_io_stream_get_input_stream(stream));
  GOutputStream *out = g_io_stream_get_output_stream(stream);

  if (!head) {
    test_answer(out, "HTTP/1.0 400 Bad Request\r\n\r\n");
    return;
  }
  note(self, head);
  self->answer(head, out, self->data);
}

/* On a thread of its own: an answer may block. */
static gpointer serve(gpointer data) {
  Client *client = data;
  TestDouble *self = client->owner;
  GIOStream *stream = secure(self, client->stream);

  if (stream && self->of_lines)
    serve_lines(self, stream);
  else if (stream)
    serve_head(self, stream);
  if (stream)
    g_io_stream_close(stream, NULL, NULL);
  g_clear_object(&stream);
  g_free(client);
  return NULL;
}

/* No pool of threads: one that idles when the test ends is taken for a leak. */
static gpointer run(gpointer data) {
  TestDouble *self = data;
  GSocket *socket;

  while ((socket = g_socket_accept(self->socket, self->end, NULL))) {
    Client *client = g_new(Client, 1);

    client->owner = self;
    client->stream = G_IO_STREAM(g_socket_connection_factory_create_connection(socket));
    g_object_unref(socket);
    g_ptr_array_add(self->clients, g_thread_new("client", serve, client));
  }
  for (guint i = 0; i < self->clients->len; i++)
    g_thread_join(self->clients->pdata[i]);
  return NULL;
}

static void listen_at(TestDouble *self, const char *path, GError **error) {
  g_autoptr(GSocketAddress) wanted = NULL;
  g_autoptr(GSocketAddress) address = NULL;

  if (path)
    wanted = g_unix_socket_address_new(path);
  else
    wanted = g_inet_socket_address_new_from_string("127.0.0.1", 0);
  self->socket = g_socket_new(g_socket_address_get_family(wanted), G_SOCKET_TYPE_STREAM,
                              G_SOCKET_PROTOCOL_DEFAULT, error);
  if (!self->socket || !g_socket_bind(self->socket, wanted, TRUE, error) ||
      !g_socket_listen(self->socket, error))
    return;
  address = g_socket_get_local_address(self->socket, error);
  if (address && !path)
    self->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
}

static TestDouble *make(TestAnswer answer, gpointer data, const char *pem, const char *socket,
                        gboolean of_lines) {
  TestDouble *self = g_new0(TestDouble, 1);
  GError *error = NULL;

  self->answer = answer;
  self->data = data;
  self->of_lines = of_lines;
  self->requests = g_string_new(NULL);
  self->clients = g_ptr_array_new();
  self->end = g_cancellable_new();
  g_mutex_init(&self->lock);
  /* TLS does its work in GLib's. */
  g_thread_pool_set_max_unused_threads(0);
  if (pem)
    self->certificate = g_tls_certificate_new_from_file(pem, &error);
  ck_assert_msg(!error, "%s", error ? error->message : "");
  listen_at(self, socket, &error);
  ck_assert_msg(!error, "%s", error ? error->message : "");
  self->thread = g_thread_new("double", run, self);
  return self;
}

TestDouble *test_double_new(TestAnswer answer, gpointer data, const char *pem, const char *socket) {
  return make(answer, data, pem, socket, FALSE);
}

TestDouble *test_double_new_lines(TestAnswer answer, gpointer data) {
  return make(answer, data, NULL, NULL, TRUE);
}

void test_double_free(TestDouble *self) {
  g_cancellable_cancel(self->end);
  g_thread_join(self->thread);
  g_object_unref(self->socket);
  g_object_unref(self->end);
  g_ptr_array_unref(self->clients);
  g_clear_object(&self->certificate);
  g_string_free(self->requests, TRUE);
  g_mutex_clear(&self->lock);
  g_free(self);
}

guint16 test_double_port(const TestDouble *self) {
  return self->port;
}

char *test_double_requests(TestDouble *self) {
  char *copy;

  g_mutex_lock(&self->lock);
  copy = g_strdup(self->requests->str);
  g_mutex_unlock(&self->lock);
  return copy;
}

void test_answer(GOutputStream *out, const char *format, ...) {
  g_autofree char *text = NULL;
  va_list list;

  va_start(list, format);
  text = g_strdup_vprintf(format, list);
  va_end(list);
  g_output_stream_write_all(out, text, strlen(text), NULL, NULL, NULL);
}
