/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/double.h"

#include <check.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#define HEAD_MAX ((gsize)16384)

struct _TestDouble {
  GSocketService *service;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  TestAnswer answer;
  gpointer data;
  GTlsCertificate *certificate;
  guint16 port;
  gboolean of_lines;
  GMutex lock;
  GString *requests;
};

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

/* On a thread of the service's: an answer may block. */
static gboolean serve(GThreadedSocketService *service, GSocketConnection *connection,
                      GObject *source, gpointer data) {
  TestDouble *self = data;
  g_autoptr(GIOStream) stream = g_object_ref(G_IO_STREAM(connection));
  g_autofree char *head = NULL;

  if (self->of_lines) {
    serve_lines(self, stream);
    return TRUE;
  }
  if (self->certificate) {
    GIOStream *safe = g_tls_server_connection_new(stream, self->certificate, NULL);
    if (!safe)
      return TRUE;
    g_object_unref(stream);
    stream = safe;
  }
  head = read_head(g_io_stream_get_input_stream(stream));
  if (!head)
    test_answer(g_io_stream_get_output_stream(stream), "HTTP/1.0 400 Bad Request\r\n\r\n");
  if (head) {
    note(self, head);
    self->answer(head, g_io_stream_get_output_stream(stream), self->data);
  }
  g_io_stream_close(stream, NULL, NULL);
  return TRUE;
}

static gpointer run(gpointer data) {
  TestDouble *self = data;

  g_main_context_push_thread_default(self->context);
  g_main_loop_run(self->loop);
  g_main_context_pop_thread_default(self->context);
  return NULL;
}

static void listen_at(TestDouble *self, const char *socket, GError **error) {
  GSocketListener *listener = G_SOCKET_LISTENER(self->service);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocketAddress) effective = NULL;

  if (socket)
    address = g_unix_socket_address_new(socket);
  else
    address = g_inet_socket_address_new_from_string("127.0.0.1", 0);
  if (g_socket_listener_add_address(listener, address, G_SOCKET_TYPE_STREAM,
                                    G_SOCKET_PROTOCOL_DEFAULT, NULL, &effective, error) &&
      !socket)
    self->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(effective));
}

static TestDouble *make(TestAnswer answer, gpointer data, const char *pem, const char *socket,
                        gboolean of_lines) {
  TestDouble *self = g_new0(TestDouble, 1);
  GError *error = NULL;

  self->answer = answer;
  self->data = data;
  self->of_lines = of_lines;
  self->requests = g_string_new(NULL);
  g_mutex_init(&self->lock);
  if (pem)
    self->certificate = g_tls_certificate_new_from_file(pem, &error);
  ck_assert_msg(!error, "%s", error ? error->message : "");
  self->context = g_main_context_new();
  self->loop = g_main_loop_new(self->context, FALSE);
  g_main_context_push_thread_default(self->context);
  self->service = g_threaded_socket_service_new(16);
  g_signal_connect(self->service, "run", G_CALLBACK(serve), self);
  listen_at(self, socket, &error);
  ck_assert_msg(!error, "%s", error ? error->message : "");
  g_socket_service_start(self->service);
  g_main_context_pop_thread_default(self->context);
  self->thread = g_thread_new("double", run, self);
  return self;
}

TestDouble *test_double_new(TestAnswer answer, gpointer data, const char *pem, const char *socket) {
  return make(answer, data, pem, socket, FALSE);
}

TestDouble *test_double_new_lines(TestAnswer answer, gpointer data) {
  return make(answer, data, NULL, NULL, TRUE);
}

static gboolean quit(gpointer loop) {
  g_main_loop_quit(loop);
  return G_SOURCE_REMOVE;
}

void test_double_free(TestDouble *self) {
  g_socket_service_stop(self->service);
  g_socket_listener_close(G_SOCKET_LISTENER(self->service));
  /* From within the loop: it may not run yet. */
  g_autoptr(GSource) source = g_idle_source_new();
  g_source_set_callback(source, quit, self->loop, NULL);
  g_source_attach(source, self->context);
  g_thread_join(self->thread);
  g_object_unref(self->service);
  g_main_loop_unref(self->loop);
  g_main_context_unref(self->context);
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
